"""The rows of the comparison: differences among the columns, and the orders they may stand in."""

from datetime import timedelta
from typing import Any

import pytest

from tests.queries.comparing import LATER, keys, state, table
from tests.queries.test_comparison import add_issues, counting
from tests.world import DAY, World
from tracker.dates import View
from tracker.models import Dating, Issue
from tracker.models.vocabulary import Movement, Stance, Status
from tracker.queries.comparison_rows import RowSort
from tracker.queries.issue_list import Filters


def hold(world: World, issue: Issue, **values: float | None) -> None:
    """Let parties, by code, put values on the scale of an issue."""
    for code, value in values.items():
        party = world.talks.party(code)
        assert party is not None
        state(world, party, f"{value} it shall be.", issue=issue, value=value)


def add_scaled(world: World, number: int, low: float | None, high: float | None) -> Issue:
    """Add an issue with a scale."""
    given: dict[str, Any] = {"topic": "People", "scale_unit": "years"}
    issue = Issue(
        negotiation=world.talks, number=number, title="Years", scale_from=low, scale_to=high, **given
    )
    issue.add(world.talks.session)
    world.talks.session.flush()
    return issue


def test_differences_are_among_the_stances_of_the_columns(world: World) -> None:
    assert keys(table(world, differences=True)) == ["TK-1"]
    assert keys(table(world, world.red, differences=True)) == []
    assert keys(table(world, world.red, world.med, world.coast, differences=True)) == []  # silence is none
    assert keys(table(world, view=View(DAY - timedelta(days=1)), differences=True)) == []


def test_values_that_differ_are_a_difference(world: World) -> None:
    hold(world, world.prisoners, red=100, blue=100, med=None)
    assert keys(table(world, differences=True)) == ["TK-1"]
    hold(world, world.prisoners, med=0)
    assert keys(table(world, differences=True)) == ["TK-1", "TK-3"]
    assert keys(table(world, world.red, world.blue, differences=True)) == ["TK-1"]


def test_members_folded_in_are_compared_too(world: World) -> None:
    state(world, world.coast, "The Coast pays nothing.", stance=Stance.OPPOSES)
    asked: dict[str, Any] = {"columns": [world.union], "differences": True}
    assert keys(table(world, **asked)) == []
    assert keys(table(world, folds=("union",), **asked)) == ["TK-1"]


def test_differences_go_together_with_filters_and_pages(world: World) -> None:
    add_issues(world, 120)
    for number in range(4, 124, 2):
        [issue] = world.talks.session.query(Issue).filter_by(number=number)
        state(world, world.blue, f"Blue on {number}.", issue=issue, stance=Stance.OPPOSES)
    found = table(world, differences=True)
    assert (found.paging.total, found.paging.count, len(found.rows)) == (61, 2, 50)
    second = table(world, differences=True, page=2)
    assert not set(keys(found)) & set(keys(second))
    assert len(second.rows) == 11
    assert keys(table(world, differences=True, filters=Filters(q="TK-6"))) == ["TK-6"]
    assert keys(table(world, differences=True, filters=Filters(q="TK-7"))) == []
    open_ = Filters(statuses=(Status.OPEN,))
    assert keys(table(world, differences=True, filters=open_)) == ["TK-1"]


def test_rows_of_differences_stand_under_their_topics(world: World) -> None:
    add_issues(world, 6, topics=2)
    for number in (9, 4, 6):
        [issue] = world.talks.session.query(Issue).filter_by(number=number)
        state(world, world.blue, "No.", issue=issue, stance=Stance.OPPOSES)
    found = table(world, differences=True)
    assert [(topic, len(band)) for topic, band in found.bands] == [
        ("Economy", 1),
        ("Topic 0", 2),
        ("Topic 1", 1),
    ]


def test_rows_stand_by_status_with_those_without_last(world: World) -> None:
    given: dict[str, Any] = {"by": world.ed, "citing": [world.cite()], "reason": "So it is."}
    world.prisoners.change_status(Status.NOT_TABLED, dating=Dating(DAY), **given)
    found = table(world, sort=RowSort.STATUS)
    assert keys(found) == ["TK-3", "TK-1", "TK-2"]
    assert [topic for topic, _ in found.bands] == [None]


def test_rows_stand_by_their_latest_change(world: World) -> None:
    state(world, world.med, "Let them go.", issue=world.prisoners)
    assert keys(table(world, sort=RowSort.LATEST)) == ["TK-3", "TK-1", "TK-2"]
    assert keys(table(world, world.red, sort=RowSort.LATEST)) == ["TK-1", "TK-2", "TK-3"]
    assert keys(table(world, view=View(DAY), sort=RowSort.LATEST)) == ["TK-1", "TK-2", "TK-3"]
    later = {"on": LATER + timedelta(days=1)}
    said = "Red does not pay for the dam."
    state(world, world.red, said, stance=Stance.OPPOSES, movement=Movement.RESTATED, **later)
    assert keys(table(world, sort=RowSort.LATEST)) == ["TK-3", "TK-1", "TK-2"]  # repeating is not moving
    world.water.change_status(
        Status.BLOCKED,
        dating=Dating(LATER + timedelta(days=1)),
        by=world.ed,
        citing=[world.cite()],
        reason="Nobody talks.",
    )
    assert keys(table(world, world.med, sort=RowSort.LATEST)) == ["TK-1", "TK-3", "TK-2"]


def test_rows_stand_by_distance_as_a_share_of_the_scale(world: World) -> None:
    wide, endless, alone = (
        add_scaled(world, number, *ends) for number, ends in ((4, (0, 10)), (5, (None, None)), (6, (0, 1)))
    )
    hold(world, world.prisoners, red=0, blue=200, med=100)
    hold(world, wide, red=2, blue=9)
    hold(world, endless, red=1, blue=100)
    hold(world, alone, red=1)
    assert keys(table(world, sort=RowSort.DISTANCE)) == ["TK-4", "TK-3", "TK-5", "TK-1", "TK-2", "TK-6"]
    columns = [world.red, world.med]
    assert keys(table(world, *columns, sort=RowSort.DISTANCE))[:2] == ["TK-3", "TK-1"]


def test_the_spread_stands_at_the_row_as_far_as_there_is_one(world: World) -> None:
    assert table(world).rows[2].spread is None
    hold(world, world.prisoners, red=0)
    alone = table(world).rows[2].spread
    assert alone is not None
    assert (alone.coded, alone.parties, alone.spread) == (1, 5, None)
    hold(world, world.prisoners, blue=200)
    spread = table(world, world.red, world.blue, world.med).rows[2].spread
    assert spread is not None
    assert (spread.coded, spread.parties, spread.spread) == (2, 3, 200)


def test_who_is_gone_is_not_measured(world: World) -> None:
    hold(world, world.prisoners, red=0, blue=200)
    world.blue.until_on = LATER
    later = View(LATER + timedelta(days=1))
    assert keys(table(world, sort=RowSort.DISTANCE))[0] == "TK-1"
    found = table(world, view=later)
    assert found.rows[2].spread is not None
    assert found.rows[2].spread.coded == 1
    assert keys(table(world, view=View(LATER), sort=RowSort.DISTANCE))[0] == "TK-3"


def test_a_value_left_behind_is_not_measured(world: World) -> None:
    hold(world, world.prisoners, red=0, blue=200)
    state(world, world.blue, "We shall see.", issue=world.prisoners, on=LATER + timedelta(days=1))
    assert keys(table(world, sort=RowSort.DISTANCE)) == ["TK-1", "TK-2", "TK-3"]


@pytest.mark.parametrize("sort", RowSort)
@pytest.mark.parametrize("baseline", [None, DAY])
def test_every_order_has_every_row_once_in_as_many_statements(
    world: World, sort: RowSort, baseline: Any
) -> None:
    session = world.talks.session
    asked: dict[str, Any] = {"sort": sort, "baseline": baseline}
    with counting(session) as few:
        table(world, **asked)
    add_issues(world, 70)
    pages = []
    for page in (1, 2):
        with counting(session) as many:
            pages.append(table(world, page=page, **asked))
        assert len(many) == len(few) <= 13
    found = [key for each in pages for key in keys(each)]
    assert len(found) == len(set(found)) == 73
