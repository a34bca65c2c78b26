"""The rows of a round: what is in force, what was recorded at it, and at what cost."""

from dataclasses import asdict
from datetime import timedelta

from sqlalchemy.orm import Session

from tests.models.acts import change
from tests.models.test_event import hold
from tests.queries.test_comparison import counting
from tests.world import DAY, World
from tracker.models import Dating, Issue
from tracker.models.retraction import retract
from tracker.models.vocabulary import Status
from tracker.queries.issue_list import Filters
from tracker.queries.rounds import LaterStatus, round_of, round_rows


def test_a_row_tells_what_is_in_force_and_what_was_recorded_here(world: World, session: Session) -> None:
    event = hold(world, ends_on=DAY + timedelta(days=1))
    session.flush()
    change(world, Status.PARKED, issue=world.water, dating=Dating(DAY, event=event))
    gone = change(world, Status.OPEN, dating=Dating(DAY, event=event))
    world.border.review(by=world.ed, on=event.last_day)
    world.prisoners.review(by=world.ed, on=DAY)
    session.flush()
    retract(gone, reason="No.", by=world.ed)
    found = round_of(session, world.talks, event, Filters(), 1)
    rows = {row.issue.key: row for row in found.rows}
    assert [each.status for each in rows["TK-1"].recorded] == [Status.PARKED]
    assert rows["TK-1"].issue.status
    assert rows["TK-1"].version == world.water.version
    checked = rows["TK-2"].checked
    assert checked
    assert (rows["TK-2"].recorded, checked.by, checked.is_before) == ([], "Ed", False)
    assert rows["TK-3"].checked is None  # on another day than the last
    assert asdict(found)


def test_a_row_tells_what_was_in_force_on_the_day_and_what_came_later(world: World, session: Session) -> None:
    event = hold(world, ends_on=DAY + timedelta(days=1))
    session.flush()
    change(world, Status.PARKED, dating=Dating(event.last_day))
    assert round_rows(session, world.talks, event, [world.border.id])[0].later == []
    for status, days in ((Status.OPEN, 5), (Status.BLOCKED, 3)):
        change(world, status, dating=Dating(DAY + timedelta(days=days), "about then"))
    change(world, Status.OPEN, track=world.shuttle, dating=Dating(DAY + timedelta(days=4)))
    gone = change(world, Status.DROPPED, dating=Dating(DAY + timedelta(days=6)))
    session.flush()
    retract(gone, reason="No.", by=world.ed)
    row = round_rows(session, world.talks, event, [world.border.id])[0]
    assert [each.status for each in row.issue.statuses] == [Status.PARKED]
    assert row.later == [
        LaterStatus("", Status.OPEN, DAY + timedelta(days=5), "about then"),
        LaterStatus(world.shuttle.title, Status.OPEN, DAY + timedelta(days=4), ""),
    ]


def test_a_check_tells_whether_something_was_recorded_after_it(world: World, session: Session) -> None:
    event = hold(world)
    session.commit()
    world.border.review(by=world.ann, on=DAY)
    world.border.review(by=world.ed, on=DAY)
    session.commit()
    change(world, Status.OPEN, dating=Dating(DAY, event=event))
    session.commit()
    checked = round_rows(session, world.talks, event, [world.border.id])[0].checked
    assert checked
    assert (checked.by, checked.is_before) == ("Ed", True)
    world.border.review(by=world.ann, on=DAY)
    session.commit()
    checked = round_rows(session, world.talks, event, [world.border.id])[0].checked
    assert checked
    assert (checked.by, checked.is_before) == ("Ann", False)


def test_rows_are_narrowed_by_topic_and_paged(world: World, session: Session) -> None:
    event = hold(world)
    for number in range(10, 70):
        Issue(negotiation=world.talks, number=number, title=f"No {number}", topic="Many").add(session)
    session.flush()
    assert [
        row.issue.key for row in round_of(session, world.talks, event, Filters(topics=("People",)), 1).rows
    ] == ["TK-3"]
    first, second = (
        round_of(session, world.talks, event, Filters(topics=("Many",)), page) for page in (1, 2)
    )
    assert (len(first.rows), len(second.rows), first.paging.total) == (50, 10, 60)


def test_statements_stay_as_many_for_many_issues(world: World, session: Session) -> None:
    event = hold(world)
    session.flush()
    with counting(session) as few:
        round_of(session, world.talks, event, Filters(), 1)
    for number in range(10, 60):
        issue = Issue(negotiation=world.talks, number=number, title=f"No {number}")
        issue.add(session)
        session.flush()
        change(world, Status.OPEN, issue=issue, dating=Dating(DAY, event=event))
    session.flush()
    with counting(session) as many:
        round_of(session, world.talks, event, Filters(), 1)
    assert len(many) == len(few) <= 8
    assert round_rows(session, world.talks, event, []) == []
