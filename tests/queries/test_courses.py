"""Courses: what an issue's status as a whole was, from which day on, until which."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.models.acts import at
from tests.models.living import Act, History, acts, in_force, views
from tests.queries.test_comparison import counting
from tests.world import DAY, World
from tracker.dates import View
from tracker.models import Correction, Dating, Issue, StatusChange
from tracker.models.retraction import retract
from tracker.models.vocabulary import Status
from tracker.queries.courses import course, courses
from tracker.queries.timeline import status_steps

NOW = View()


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def change(world: World, status: Status, on: date, issue: Issue | None = None, **more: Any) -> StatusChange:
    """Change a status, of the border where no issue is named."""
    given: dict[str, Any] = {"reason": "So it was said.", "citing": [world.cite()]} | more
    return (issue or world.border).change_status(
        status, dating=Dating(on, given.pop("words", None)), by=world.ed, **given
    )


def told(session: Session, world: World, view: View = NOW) -> list[tuple[Status, date, date | None]]:
    """Tell the course of the border."""
    session.flush()
    found = courses(session, [world.border.id], view).get(world.border.id, [])
    return [(span.status, span.since, span.until) for span in found]


def test_each_span_lasts_until_the_next_change(session: Session, world: World) -> None:
    change(world, Status.OPEN, DAY)
    change(world, Status.BLOCKED, after(14))
    assert told(session, world) == [(Status.OPEN, DAY, after(14)), (Status.BLOCKED, after(14), None)]
    assert told(session, world, View(after(13))) == [(Status.OPEN, DAY, None)]
    assert told(session, world, View(after(-1))) == []


def test_of_one_day_the_last_change_counts(session: Session, world: World) -> None:
    change(world, Status.OPEN, DAY)
    change(world, Status.PARKED, DAY)
    assert told(session, world) == [(Status.PARKED, DAY, None)]


def test_a_change_that_leaves_the_status_begins_no_span(session: Session, world: World) -> None:
    change(world, Status.PARKED, DAY, words="early December")
    change(world, Status.PARKED, after(3), subject_to="the price")
    [span] = courses(session, [world.border.id], NOW)[world.border.id]
    assert (span.since, span.since_words) == (DAY, "early December")


def test_a_track_has_no_part_in_the_course(session: Session, world: World) -> None:
    change(world, Status.OPEN, DAY, track=world.shuttle)
    assert told(session, world) == []


def test_a_correction_takes_the_place_of_what_it_corrects(session: Session, world: World) -> None:
    wrong = change(world, Status.OPEN, DAY)
    session.commit()
    change(world, Status.BLOCKED, DAY)
    session.commit()
    change(world, Status.PARKED, DAY, corrects=Correction(wrong, "It was parked."))
    assert told(session, world) == [(Status.BLOCKED, DAY, None)]


def test_what_was_withdrawn_or_not_yet_known_is_no_part(session: Session, world: World) -> None:
    change(world, Status.OPEN, DAY)
    slip = change(world, Status.BLOCKED, after(4))
    session.flush()
    assert len(told(session, world)) == 2
    retract(slip, reason="Nobody said so.", by=world.ed)
    assert told(session, world) == [(Status.OPEN, DAY, None)]
    assert told(session, world, View(known_at=datetime(2020, 1, 1, tzinfo=UTC))) == []


def test_many_issues_take_one_statement(session: Session, world: World) -> None:
    change(world, Status.OPEN, DAY)
    session.flush()
    with counting(session) as seen:
        found = courses(session, [world.water.id, world.border.id, world.prisoners.id], NOW)
    assert [*found] == [world.water.id, world.border.id]
    assert len(seen) == 1


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from([*Status])), max_size=12))
def test_a_course_says_for_each_day_what_was_in_force(changes: list[tuple[int, Status]]) -> None:
    changes.sort(key=lambda change: change[0])
    spans = course([(str(number), status, after(day), "") for number, (day, status) in enumerate(changes)])
    for day in range(-1, 12):
        in_force = [status for on, status in changes if on <= day]
        here = [span.status for span in spans if span.since <= after(day) < (span.until or date.max)]
        assert here == in_force[-1:]
    assert all(one.status is not two.status for one, two in pairwise(spans))


@pytest.mark.parametrize("session", ["sqlite"], indirect=True)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(acts, min_size=3, max_size=14), st.lists(views, min_size=3, max_size=5))
def test_any_history_has_the_course_and_the_steps_of_the_rule(
    world: World, session: Session, history: list[Act], looks: list[tuple[date, int | None]]
) -> None:
    lived = History(world)
    for act in history:
        lived.do(act)
    status = {entry.id: entry.status for entry in lived.entries if isinstance(entry, StatusChange)}
    cells = {line.id: line.cell for line in lived.lines}
    for day, minute in looks:
        known = None if minute is None else at(minute).at
        view = View(day, known)
        spans = courses(session, [world.border.id], view).get(world.border.id, [])
        for each in (DAY + timedelta(days=passed) for passed in range(-1, (day - DAY).days + 1)):
            expected = in_force(lived.lines, "whole", each, known)
            here = [span.status for span in spans if span.since <= each < (span.until or date.max)]
            assert here == ([status[expected]] if expected else [])
        counted = {
            id_: [line for line in lived.lines if line.id != id_ and cells[line.id] == cells[id_]]
            for id_ in status
            if in_force([line for line in lived.lines if line.id == id_], cells[id_], day, known)
        }
        steps = status_steps(session, [*counted], view)
        for id_, others in counted.items():
            [mine] = [line for line in lived.lines if line.id == id_]
            place = (mine.day, mine.first_recorded, mine.id)
            earlier = [line for line in others if (line.day, line.first_recorded, line.id) < place]
            before = in_force(earlier, cells[id_], day, known)
            assert steps[id_].before == (status[before] if before else None)
    session.rollback()
