import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.models.acts import at, change, claim, refuses, state, withdraw
from tests.world import DAY, QUOTE, World, make_source
from tracker.db import PROSE
from tracker.models import Cite, EntryLink, Event, Retraction
from tracker.models.retraction import Subject, find_subject, retract
from tracker.models.vocabulary import Directness, EntryLinkKind, Handling, Status


def link(world: World) -> EntryLink:
    made = EntryLink(
        from_entry=claim(world, world.red), kind=EntryLinkKind.DENIES, to_entry=claim(world, world.blue)
    )
    made.add(world.talks.session, by=world.ed)
    return made


def subject(world: World, kind: str) -> Subject:
    """Make one of the things that may be retracted."""
    made: dict[str, Subject] = {
        "status change": change(world, Status.OPEN),
        "position": state(world, world.red),
        "claim": claim(world, world.med),
        "link": link(world),
        "note": world.border.note("A remark.", by=world.ed),
        "citation": state(world, world.blue, citing=[world.cite(), Cite(world.report)]).citations[0],
    }
    world.talks.session.commit()
    return made[kind]


KINDS = ["status change", "position", "claim", "link", "note", "citation"]


@pytest.mark.parametrize("kind", KINDS)
def test_it_may_be_retracted_once_with_a_reason(world: World, session: Session, kind: str) -> None:
    row = subject(world, kind)
    with refuses("retraction_reason"):
        withdraw(world, row, reason=" \n")
    withdraw(world, row, reason=" It was wrong. ")
    session.commit()
    assert row.retraction
    assert (row.retraction.subject, row.retraction.reason) == (row, "It was wrong.")
    assert (row.retraction.recorded_by, row.retraction.replaced_by) == ("Ed", None)
    with refuses("entry"):
        withdraw(world, row)
    assert session.scalars(select(Retraction)).all() == [row.retraction]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_found_by_its_uid(world: World, session: Session, kind: str) -> None:
    row = subject(world, kind)
    assert find_subject(session, row.uid) is row
    assert find_subject(session, "no such uid") is None


def test_a_retraction_and_a_review_may_not_be_retracted(world: World, session: Session) -> None:
    withdraw(world, change(world, Status.OPEN))
    review = world.border.review(by=world.ed, on=DAY)
    session.commit()
    for row in (session.scalars(select(Retraction)).one(), review, world.article):
        with refuses("entry"):
            withdraw(world, row)  # type: ignore[arg-type]
        assert find_subject(session, row.uid) is None


def test_faults_leave_nothing_behind(world: World, session: Session) -> None:
    entered = change(world, Status.OPEN)
    session.commit()
    assert [fault.field for fault in retract(entered, reason="a" * (PROSE + 1), by=world.ed)] == [
        "retraction_reason"
    ]
    session.commit()
    assert entered.retraction is None
    assert world.border.version == 2


def test_retracting_a_status_change_moves_the_version(world: World, session: Session) -> None:
    entered = change(world, Status.OPEN)
    withdraw(world, entered)
    session.commit()
    assert world.border.version == 3
    assert world.border.status_on() is None


def test_a_citation_is_retracted_only_where_one_for_all_remains(world: World, session: Session) -> None:
    secret = make_source(session, world.talks, "Secret")
    secret.handling = Handling.AMBER
    entered = change(world, Status.OPEN, citing=[world.cite(), Cite(secret)])
    session.commit()
    with refuses("citations"):
        withdraw(world, entered.citations[0])
    withdraw(world, entered.citations[1])


def test_what_remains_must_carry_the_entry(world: World, session: Session) -> None:
    quoted = change(world, Status.OPEN, reason="", citing=[world.cite(QUOTE), Cite(world.report)])
    analysis = Cite(world.report, directness=Directness.ANALYSIS)
    stated = state(world, world.red, citing=[world.cite(), analysis])
    session.commit()
    with refuses("reason"):
        withdraw(world, quoted.citations[0])
    with refuses("citations"):
        withdraw(world, stated.citations[0])
    withdraw(world, quoted.citations[1])
    withdraw(world, stated.citations[1])


def test_an_event_may_lose_all_its_citations(world: World, session: Session) -> None:
    event = Event(negotiation=world.talks, title="Round three", starts_on=DAY)
    event.add(session, by=world.ed, citing=[world.cite()])
    session.commit()
    withdraw(world, event.citations[0])
    session.commit()
    assert event.citations[0].retraction


def test_an_import_keeps_when_it_was_retracted(world: World, session: Session) -> None:
    entered = change(world, Status.OPEN, recorded=at(0))
    withdraw(world, entered, recorded=at(1, uid="r"))
    session.commit()
    assert entered.retraction
    assert (entered.retraction.recorded_at, entered.retraction.uid) == (at(1).at, "r")
