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
from tracker.queries.rounds import round_of, round_rows


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
    assert (rows["TK-2"].recorded, rows["TK-2"].is_checked) == ([], True)
    assert not rows["TK-3"].is_checked  # on another day than the last
    assert asdict(found)


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
