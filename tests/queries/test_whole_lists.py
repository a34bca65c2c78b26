"""Lists read whole, for files: the same rows as the pages, one after the other."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.models.acts import change, claim, state
from tests.world import DAY, World, make_source
from tracker.dates import View
from tracker.db import now
from tracker.models import Event
from tracker.models.retraction import retract
from tracker.models.vocabulary import Handling, Status
from tracker.queries.changes import changed_between, changes
from tracker.queries.corrections import acts_between, every_act, every_known_step, steps_between
from tracker.queries.evidence import EvidenceFilters, every_founded, evidence
from tracker.queries.happenings import EventFilters, every_event, list_events
from tracker.queries.party_record import every_held, party_moves, party_record
from tracker.queries.sources import SourceFilters, every_source, list_sources, strictest
from tracker.queries.succession import Wanted
from tracker.queries.timeline import every_happening, timeline

LATER = DAY + timedelta(days=5)


@pytest.fixture
def busy(world: World, session: Session) -> World:
    """More than a page of happenings and sources."""
    for number in range(30):
        on = LATER + timedelta(days=number % 7)
        state(world, world.red, on, issue=world.border, summary=f"Line {number}.")
        claim(world, world.blue, on, words=f"Claim {number}.")
        make_source(session, world.talks, f"Paper {number}")
    for status in (Status.OPEN, Status.PARKED, Status.BLOCKED, Status.OPEN, Status.PARKED):
        change(world, status, LATER)
    Event(negotiation=world.talks, title="Round", starts_on=DAY).add(session, by=world.ed)
    session.commit()
    return world


def test_timeline_parties_and_sources_are_as_their_pages(busy: World, session: Session) -> None:
    talks, view, user = busy.talks, View(), busy.vera
    pages = [timeline(session, talks, view, user, Wanted(), page=number) for number in (1, 2)]
    lines = [line for page in pages for _day, lines in page.days for line in lines]
    assert [*every_happening(session, talks, view, user, Wanted())] == lines
    assert len(lines) > 50
    record = party_record(session, talks, busy.red, view, user)
    assert [*every_held(session, talks, busy.red, view, user)] == record.held
    assert party_moves(session, talks, busy.red, view, user) == record.moves
    listed = [row for n in (1, 2) for row in list_sources(session, user, SourceFilters(), n).rows]
    assert [row.id for row in every_source(session, user, SourceFilters())] == [row.id for row in listed]
    assert len(listed) == 32
    events = list_events(session, talks, view, user).events
    assert [*every_event(session, talks, view, user, EventFilters())] == events
    founded = evidence(session, talks, view, user, EvidenceFilters())
    assert [*every_founded(session, talks, view, user, EvidenceFilters())] == founded.rows


def test_changes_are_told_with_all_that_lies_in_between(busy: World, session: Session) -> None:
    talks, user, view = busy.talks, busy.vera, View(LATER + timedelta(days=10))
    page = changes(session, talks, DAY, view, user)
    found = changed_between(session, talks, DAY, view)
    [step] = found.every_step(session, user)
    assert (step.earlier, len(step.changes)) == (0, 5)
    assert [taken.entry.uid for taken in step.changes][-3:] == [
        taken.entry.uid for taken in page.steps[0].changes
    ]
    [move] = found.every_move(session, user)
    assert (move.earlier, len(move.said)) == (0, 30)
    assert move.said[-3:] == page.moves[0].said


def test_what_was_recorded_is_told_whole(busy: World, session: Session) -> None:
    before = View(known_at=busy.talks.recorded_at)
    retract(busy.report.entries[0], reason="Wrong.", by=busy.ed).refuse()
    session.commit()
    after = View(known_at=now())
    ends = (session, busy.talks, before, after)
    acts = [act for n in (1, 2) for act in acts_between(*ends, busy.vera, page=n).acts]
    assert [*every_act(*ends, busy.vera)] == acts
    assert len(acts) > 60
    assert [*every_known_step(*ends)] == steps_between(*ends).steps


def test_a_list_is_marked_as_the_strictest_of_what_it_shows(busy: World, session: Session) -> None:
    assert strictest(session, busy.vera, SourceFilters()) is Handling.CLEAR
    make_source(session, busy.talks, "A secret").handling = Handling.AMBER_STRICT
    session.commit()
    assert strictest(session, busy.vera, SourceFilters()) is Handling.AMBER_STRICT
    assert strictest(session, busy.vera, SourceFilters(q="lake")) is Handling.CLEAR
    assert strictest(session, None, SourceFilters()) is Handling.CLEAR
    lake = SourceFilters(q="lake", negotiation=busy.talks)
    busy.talks.handling = Handling.GREEN
    session.commit()
    assert strictest(session, busy.vera, lake) is Handling.GREEN
