"""Events: which are listed, what is to come, and what was recorded at one."""

from dataclasses import asdict
from datetime import timedelta

from sqlalchemy.orm import Session

from tests.models.acts import change, claim, state
from tests.models.test_event import hold
from tests.queries.test_comparison import counting
from tests.world import DAY, QUOTE, World, make_source
from tracker.dates import View
from tracker.models import Cite, Dating, Event
from tracker.models.retraction import retract
from tracker.models.vocabulary import EventKind, EventState, Handling, Status
from tracker.queries.events import EventFile, event_file
from tracker.queries.happenings import EventFilters, When, coming, list_events

NOW = View()


def at(world: World, event: Event, view: View = NOW, page: int = 1) -> EventFile:
    world.talks.session.flush()
    found = event_file(world.talks.session, world.talks, event.id, view, None, page=page)
    assert found
    return found


def titles(world: World, view: View = NOW, **wanted: object) -> list[str]:
    session = world.talks.session
    session.flush()
    found = list_events(session, world.talks, view, None, EventFilters(**wanted))  # type: ignore[arg-type]
    return [event.title for event in found.events]


def test_what_was_recorded_at_an_event_stands_under_its_issues(world: World, session: Session) -> None:
    round_ = hold(world, citing=[world.cite(QUOTE)])
    session.flush()
    at_round = Dating(DAY, event=round_)
    change(world, Status.OPEN, issue=world.prisoners, dating=at_round)
    gone = change(world, Status.OPEN, dating=at_round)
    state(world, world.red, dating=at_round)
    claim(world, world.blue, dating=at_round)
    state(world, world.blue)  # at no event
    session.flush()
    retract(gone, reason="No.", by=world.ed)
    found = at(world, round_)
    assert [(issue and issue.key, [entry.kind for entry in entries]) for issue, entries in found.issues] == [
        (None, ["claim"]),
        ("TK-2", ["position"]),
        ("TK-3", ["status_change"]),
    ]
    assert found.paging.total == 3
    assert found.event.references[0].quote == QUOTE
    assert asdict(found)


def test_an_event_is_as_it_was_known(world: World, session: Session) -> None:
    round_ = hold(world)
    session.flush()
    change(world, Status.OPEN, dating=Dating(DAY, event=round_))
    session.flush()
    assert at(world, round_, View(as_of=DAY - timedelta(days=1))).issues == []
    before = View(known_at=round_.recorded_at - timedelta(seconds=1))
    assert event_file(session, world.talks, round_.id, before, None) is None


def test_a_stranger_gets_a_source_withheld(world: World, session: Session) -> None:
    secret = make_source(session, world.talks, "Not for all")
    secret.handling = Handling.AMBER
    round_ = hold(world, citing=[Cite(secret, quote="The talks failed.")])
    reference = at(world, round_).event.references[0]
    assert (reference.source, reference.quote) == (None, "")


def test_events_are_narrowed_by_kind_and_time(world: World) -> None:
    today = NOW.today
    hold(world, title="Past", kind=EventKind.ROUND)
    hold(world, title="Missed", starts_on=DAY, state=EventState.PLANNED, kind=EventKind.DEADLINE)
    hold(world, title="Today", starts_on=today, state=EventState.PLANNED)
    hold(
        world,
        title="Later",
        starts_on=today + timedelta(days=9),
        state=EventState.PLANNED,
        kind=EventKind.ROUND,
    )
    hold(world, title="Off", starts_on=today + timedelta(days=5), state=EventState.CANCELLED)
    assert titles(world, when=When.COMING) == ["Today", "Later"]
    assert titles(world, when=When.PAST) == ["Missed", "Past"]
    assert titles(world, kinds=(EventKind.ROUND,)) == ["Later", "Past"]
    assert titles(world, kinds=(EventKind.ROUND,), when=When.PAST) == ["Past"]
    assert titles(world) == ["Later", "Off", "Today", "Missed", "Past"]


def test_what_is_to_come_tells_the_days_left(world: World, session: Session) -> None:
    today = NOW.today
    hold(world, title="Begun", starts_on=today - timedelta(days=1), ends_on=today, state=EventState.PLANNED)
    hold(world, title="Later", starts_on=today + timedelta(days=9), state=EventState.PLANNED)
    session.flush()
    assert [(each.title, each.days) for each in coming(session, world.talks, NOW)] == [
        ("Begun", -1),
        ("Later", 9),
    ]
    then = View(as_of=today - timedelta(days=3))
    assert [each.days for each in coming(session, world.talks, then)] == [2, 12]


def test_an_event_is_over_after_its_last_day(world: World) -> None:
    line = at(world, hold(world, ends_on=DAY + timedelta(days=2))).event
    days = [DAY + timedelta(days=number) for number in (-1, 0, 2, 3)]
    assert [(line.days_left(day), line.is_over(day)) for day in days] == [
        (1, False), (0, False), (-2, False), (-3, True),
    ]  # fmt: skip


def test_statements_stay_as_many_for_many_entries(world: World, session: Session) -> None:
    round_ = hold(world, citing=[world.cite()])
    session.flush()
    change(world, Status.OPEN, dating=Dating(DAY, event=round_))
    session.flush()
    with counting(session) as few:
        at(world, round_)
    for number in range(30):
        state(world, world.red, dating=Dating(DAY, event=round_), summary=f"No {number}.")
    session.flush()
    with counting(session) as many:
        at(world, round_)
    assert len(many) == len(few) == 5
