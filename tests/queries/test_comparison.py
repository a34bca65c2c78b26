"""Comparing: which rows and columns, in which order, and at what cost."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.queries.comparing import LATER, lines, state, table
from tests.world import DAY, World
from tracker.dates import View
from tracker.db import now
from tracker.models import Dating, Issue, Party
from tracker.models.vocabulary import PartyKind, Stance, Status
from tracker.queries.comparison import unknown_issues
from tracker.queries.issue_list import Filters


@contextmanager
def counting(session: Session) -> Iterator[list[tuple[str, Any]]]:
    """Collect the statements that a session runs, with their parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append((statement, parameters))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(connection, "before_cursor_execute", note)


def test_columns_stand_in_the_order_asked_for(world: World) -> None:
    found = table(world, world.union, world.red)
    assert [(column.kind, column.code, column.index) for column in found.columns] == [
        ("party", "union", 3),
        ("party", "red", 0),
    ]
    stances = [line.stance for line in lines(found) if line]
    assert stances == [Stance.SUPPORTS, Stance.OPPOSES]


def test_rows_stand_by_topic_in_the_order_of_its_first_issue(world: World) -> None:
    for number, topic in ((4, ""), (5, "Economy")):
        Issue(negotiation=world.talks, number=number, title="More", topic=topic).add(world.talks.session)
    found = table(world)
    assert [row.issue.key for row in found.rows] == ["TK-1", "TK-5", "TK-2", "TK-3", "TK-4"]
    assert found.topics == ["Economy", "Territory", "People"]
    assert [(topic, len(band)) for topic, band in found.bands] == [
        ("Economy", 2),
        ("Territory", 1),
        ("People", 1),
        ("", 1),
    ]


@pytest.mark.parametrize(
    ("filters", "keys"),
    [
        (Filters(topics=("Territory", "People")), ["TK-2", "TK-3"]),
        (Filters(statuses=(Status.OPEN,)), ["TK-1"]),
        (Filters(statuses=(None,)), ["TK-2", "TK-3"]),
        (Filters(statuses=(None, Status.OPEN)), ["TK-1", "TK-2", "TK-3"]),
        (Filters(statuses=(Status.AGREED,)), []),
        (Filters(numbers=(3, 1)), ["TK-1", "TK-3"]),
        (Filters(q="dam"), ["TK-1"]),
        (Filters(q="100%"), []),
        (Filters(topics=("Economy",), statuses=(None,)), []),
    ],
)
def test_filters_choose_rows(world: World, filters: Filters, keys: list[str]) -> None:
    found = table(world, filters=filters)
    assert [row.issue.key for row in found.rows] == keys
    assert found.paging.total == len(keys)
    assert found.topics == ["Economy", "Territory", "People"]


def test_the_status_filter_asks_for_the_status_of_the_day(world: World) -> None:
    filters = Filters(statuses=(Status.OPEN,))
    assert table(world, filters=filters, view=View(DAY - timedelta(days=1))).rows == []


def test_numbers_without_an_issue_are_told(world: World) -> None:
    assert unknown_issues(world.talks.session, world.talks, [2, 9, 8]) == [8, 9]


def test_status_of_the_whole_and_of_each_track_stands_at_the_row(world: World) -> None:
    world.water.change_status(
        Status.AGREED_IN_PRINCIPLE,
        dating=Dating(LATER),
        by=world.ed,
        citing=[world.cite()],
        track=world.shuttle,
        agreed_between=["red", "med"],
        reason="Both said so.",
    )
    row = table(world).rows[0]
    assert row.issue.status is not None
    assert row.issue.status.status is Status.OPEN
    [line] = row.issue.tracks
    assert (line.track, line.status) == ("Shuttle of the mediator", Status.AGREED_IN_PRINCIPLE)
    assert (line.agreed_between, line.since) == (["med", "red"], LATER)


def add_issues(world: World, count: int, topics: int = 3) -> None:
    """Add issues 4, 5 ... under some topics, with a line of Red on each."""
    session = world.talks.session
    for number in range(4, 4 + count):
        issue = Issue(negotiation=world.talks, number=number, title="More", topic=f"Topic {number % topics}")
        issue.add(session)
        session.flush()
        state(world, world.red, f"Red on {number}.", issue=issue)
    session.flush()


def test_pages_hold_every_row_once(world: World) -> None:
    add_issues(world, 110, topics=7)
    keys: list[str] = []
    for number in (1, 2, 3):
        found = table(world, world.red, page=number)
        assert (found.paging.count, found.paging.total) == (3, 113)
        keys += [row.issue.key for row in found.rows]
    assert len(keys) == len(set(keys)) == 113
    assert table(world, world.red, page=4).rows == []


def test_statements_do_not_grow_with_rows_and_columns(world: World) -> None:
    session = world.talks.session
    with counting(session) as few:
        table(world, world.red, filters=Filters(numbers=(1,)))
    add_issues(world, 50)
    for number in range(1, 8):
        name = f"Party {number}"
        session.add(Party(negotiation=world.talks, code=f"p{number}", name=name, kind=PartyKind.STATE))
    session.flush()
    session.refresh(world.talks)
    parties = [*world.talks.parties]
    session.expire(world.talks, ["parties"])
    assert len(parties) == 12
    with counting(session) as many:
        found = table(world, *parties)
    assert len(found.rows) == 50
    assert len(many) <= len(few) + 1  # the parties are loaded once more
    assert len(many) <= 10


def test_no_table_of_the_record_is_read_from_end_to_end(world: World) -> None:
    session = world.talks.session
    with counting(session) as seen:
        asked = replace(Filters(), statuses=(Status.OPEN,), topics=("Economy",))
        table(world, filters=asked, view=View(LATER, now()))
    if session.get_bind().dialect.name == "sqlite":  # PostgreSQL reads small tables whole, and is right to
        plans = [
            row[3]
            for statement, parameters in seen
            for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
        assert plans
        assert [step for step in plans if step.startswith("SCAN")] == []
        assert not any("clause" in step for step in plans)
