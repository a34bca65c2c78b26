from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.models.acts import NOON, at, refuses
from tests.world import DAY, QUOTE, World, make_source
from tracker.dates import latest_day
from tracker.models import Cite, Clause, Event, Negotiation, Proposal, Track
from tracker.models.vocabulary import EventKind, EventState

COMING = latest_day() + timedelta(days=30)


def hold(world: World, **more: Any) -> Event:
    """Enter an event."""
    adding = {key: more.pop(key) for key in ("citing", "recorded") if key in more}
    event = Event(**{"negotiation": world.talks, "title": "Round three", "starts_on": DAY} | more)
    event.add(world.talks.session, by=world.ed, **adding)
    return event


def table(world: World, **more: Any) -> Proposal:
    """Enter a proposal."""
    recorded = more.pop("recorded", None)
    proposal = Proposal(**{"negotiation": world.talks, "title": "A plan"} | more)
    proposal.add(world.talks.session, by=world.ed, recorded=recorded)
    return proposal


def other_track(session: Session) -> Track:
    other = Negotiation(code="OT", title="Other talks", recorded_at=NOON)
    track = Track(negotiation=other, code="shuttle", title="Shuttle", parties=[])
    session.add(track)
    session.flush()
    return track


def test_event_is_held_on_its_days_by_its_parties(world: World, session: Session) -> None:
    event = hold(
        world, ends_on=DAY, participants=["red", "blue", "red"], track=world.shuttle, kind=EventKind.ROUND
    )
    session.commit()
    assert (event.state, event.participants, event.recorded_by) == (EventState.HELD, ["blue", "red"], "Ed")


def test_event_needs_no_citation_but_its_quotes_are_checked(world: World) -> None:
    assert hold(world, citing=[world.cite(QUOTE)]).citations[0].is_checked
    with refuses("citations-0-quote"):
        hold(world, citing=[world.cite("nobody said this")])


def test_event_cites_sources_of_its_own_talks(world: World, session: Session) -> None:
    far = make_source(session, other_track(session).negotiation, "Another")
    with refuses("citations-0-source"):
        hold(world, citing=[Cite(far)])


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"ends_on": DAY - timedelta(days=1)}, "ends_on"),
        ({"starts_on": COMING}, "state"),
        ({"participants": ["green"]}, "participants"),
    ],
)
def test_faulty_event_is_refused(world: World, values: dict[str, Any], field: str) -> None:
    with refuses(field):
        hold(world, **values)


@pytest.mark.parametrize("state", [EventState.PLANNED, EventState.CANCELLED])
def test_what_is_to_come_is_planned_or_cancelled(world: World, state: EventState) -> None:
    assert hold(world, starts_on=COMING, state=state).starts_on == COMING


def test_track_of_other_talks_is_refused(world: World, session: Session) -> None:
    track = other_track(session)
    with refuses("track"):
        hold(world, track=track)
    with refuses("track"):
        table(world, track=track)


def test_import_keeps_when_it_was_recorded(world: World, session: Session) -> None:
    event = hold(world, recorded=at(0, uid="e"), citing=[world.cite()])
    proposal = table(world, recorded=at(0, uid="p"))
    session.commit()
    assert (event.uid, event.recorded_at, event.citations[0].recorded_at) == ("e", at(0).at, at(0).at)
    assert (proposal.uid, proposal.recorded_at) == ("p", at(0).at)


def test_proposal_has_clauses_and_rests_on_its_source(world: World, session: Session) -> None:
    clauses = [Clause(number="1", text="Red pays."), Clause(number="2", text="Blue counts.")]
    proposal = table(
        world, tabled_by=["red", "med", "red"], tabled_on=DAY, source=world.article, clauses=clauses
    )
    session.commit()
    assert proposal.tabled_by == ["med", "red"]
    assert [clause.number for clause in proposal.clauses] == ["1", "2"]
    assert proposal.clauses[0].audit_chain == "TK"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"tabled_by": ["green"]}, "tabled_by"),
        ({"tabled_on": COMING}, "tabled_on"),
    ],
)
def test_faulty_proposal_is_refused(world: World, values: dict[str, Any], field: str) -> None:
    with refuses(field):
        table(world, **values)


def test_each_clause_has_a_number_and_a_text(world: World) -> None:
    with refuses("clauses[0].text", "clauses[1].number"):
        table(world, clauses=[Clause(number="1", text=""), Clause(number="", text="A dam.")])


def test_proposal_rests_on_a_source_of_its_own_talks(world: World, session: Session) -> None:
    far = make_source(session, other_track(session).negotiation, "Another")
    with refuses("source"):
        table(world, source=far)
