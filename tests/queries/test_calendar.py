"""The calendar: all events, and when each was last written."""

from datetime import timedelta

from tests.models.acts import NOON, at
from tests.world import DAY, World
from tracker.dates import View
from tracker.models import Event, Negotiation
from tracker.models.vocabulary import EventState
from tracker.queries.calendar import Dated, dated_events
from tracker.queries.happenings import EventFilters


def dated(world: World, view: View | None = None) -> list[Dated]:
    world.talks.session.flush()
    return dated_events(world.talks.session, world.talks, view or View(), EventFilters())


def add(world: World, title: str, **more: object) -> Event:
    session = world.talks.session
    event = Event(negotiation=world.talks, title=title, starts_on=DAY, **more)
    event.add(session, by=world.ed, recorded=at(0))
    session.commit()  # so that the log tells of it
    return event


def test_an_event_tells_when_it_was_last_written_and_how_often_since_it_was_new(world: World) -> None:
    event, other = add(world, "Round"), add(world, "Visit")
    new = {each.uid: each for each in dated(world)}
    assert {each.edits for each in new.values()} == {0}
    event.edit({"state": EventState.CANCELLED}, by=world.ed)
    world.talks.session.commit()
    later = {each.uid: each for each in dated(world)}
    assert (later[event.uid].edits, later[event.uid].state) == (1, EventState.CANCELLED)
    assert later[event.uid].written_at > new[event.uid].written_at
    assert later[other.uid] == new[other.uid]


def test_what_was_written_later_is_not_told_to_those_who_look_from_before(world: World) -> None:
    event = add(world, "Round")
    assert dated(world, View(known_at=NOON - timedelta(minutes=1))) == []
    (known,) = dated(world, View(known_at=NOON))  # imported: the log is younger than the event
    assert (known.written_at, known.edits) == (event.recorded_at, 0)


def test_events_come_in_the_order_of_their_days_and_of_one_negotiation(world: World) -> None:
    session = world.talks.session
    other = Negotiation(code="OT", title="Other talks", recorded_at=world.talks.recorded_at)
    session.add(other)
    Event(negotiation=other, title="Elsewhere", starts_on=DAY).add(session, by=world.ed)
    late = add(world, "Late")
    early = add(world, "Early", ends_on=DAY + timedelta(days=2), track=world.shuttle)
    early.edit({"starts_on": DAY - timedelta(days=1)}, by=world.ed)
    session.commit()
    found = dated(world)
    assert [each.uid for each in found] == [early.uid, late.uid]
    assert [each.track for each in found] == ["Shuttle of the mediator", None]
