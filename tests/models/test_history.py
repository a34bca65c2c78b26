"""A random history of entries, corrections and retractions, against a model that is plainly right."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.models.acts import at
from tests.models.living import Act, History, acts, in_force, views
from tests.world import DAY, World


def play(world: World, session: Session, history: list[Act], looks: list[tuple[date, int | None]]) -> None:
    """Live through a history, look at it, and undo it."""
    lived = History(world)
    for act in history:
        lived.do(act)
    for day, minute in looks:
        lived.check(day, minute)
    session.rollback()


def of(examples: int) -> settings:
    return settings(
        max_examples=examples, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
    )


@pytest.mark.parametrize("session", ["sqlite"], indirect=True)
@of(40)
@given(st.lists(acts, min_size=3, max_size=14), st.lists(views, min_size=4, max_size=8))
def test_any_history_reads_as_the_rule_says_on_sqlite(
    world: World, session: Session, history: list[Act], looks: list[tuple[date, int | None]]
) -> None:
    play(world, session, history, looks)


@pytest.mark.parametrize("session", ["postgresql"], indirect=True)
@of(15)
@given(st.lists(acts, min_size=3, max_size=14), st.lists(views, min_size=4, max_size=8))
def test_any_history_reads_as_the_rule_says_on_postgresql(
    world: World, session: Session, history: list[Act], looks: list[tuple[date, int | None]]
) -> None:
    play(world, session, history, looks)


def test_one_history_by_hand(world: World, session: Session) -> None:
    later = DAY + timedelta(days=1)
    lived = History(world)
    for act in (
        Act("enter", "whole", DAY, 0, 0, 0),
        Act("enter", "whole", DAY, 2, 0, 1),
        Act("correct", "", later, 1, 0, 1),
        Act("retract", "", DAY, 0, 0, 1),
    ):
        lived.do(act)
    first, second, corrected = (line.id for line in lived.lines)
    for minute, day, expected in (
        (-1, later, None),
        (0, later, first),
        (1, DAY, second),
        (2, DAY, second),
        (2, later, corrected),
        (3, DAY, None),
        (3, later, corrected),
    ):
        assert in_force(lived.lines, "whole", day, at(minute).at) == expected
        lived.check(day, minute)
    session.rollback()
