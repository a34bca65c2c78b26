"""The state of play: counts, tracks, claims, evidence, coverage and what comes next."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.world import DAY, QUOTE, World
from tracker.dates import View
from tracker.models import Cite, Dating, Event, Issue, StatusClaim
from tracker.models.retraction import retract
from tracker.models.vocabulary import EventKind, EventState, Stance, Standing, Status
from tracker.queries.latest import latest_entries
from tracker.queries.state_of_play import PlayLine, StateOfPlay, Thresholds, state_of_play

NOW = View()


def play(session: Session, world: World, view: View = NOW, **asked: Any) -> StateOfPlay:
    session.flush()
    return state_of_play(session, world.talks, view, world.vera, **asked)


def line(session: Session, world: World, view: View = NOW, **asked: Any) -> PlayLine:
    """Give the line of the water."""
    return play(session, world, view, **asked).lines[0]


def claim(world: World, session: Session, on: date = DAY, **values: Any) -> StatusClaim:
    values = {"party": world.blue, "words": "Nearly done.", "between": []} | values
    made = StatusClaim(negotiation=world.talks, **values)
    made.enter(session, dating=Dating(on), by=world.ed, citing=[world.cite(QUOTE)])
    return made


def event(world: World, session: Session, title: str, on: date, state: EventState, **values: Any) -> None:
    made = Event(negotiation=world.talks, title=title, starts_on=on, state=state, **values)
    made.add(session, by=world.ed)


def test_issues_stand_by_topic_in_the_order_of_their_first(session: Session, world: World) -> None:
    Issue(negotiation=world.talks, number=4, title="Fishing", topic="Economy").add(session)
    found = play(session, world)
    assert [(topic, [each.issue.key for each in lines]) for topic, lines in found.topics] == [
        ("Economy", ["TK-1", "TK-4"]),
        ("Territory", ["TK-2"]),
        ("People", ["TK-3"]),
    ]


def test_counts_name_every_status_in_force_and_issues_without_one(session: Session, world: World) -> None:
    assert play(session, world).counts == [(Status.OPEN, 1), (None, 2)]
    assert play(session, world, View(DAY - timedelta(days=1))).counts == [(None, 3)]


def test_a_track_stands_beneath_its_issue(session: Session, world: World) -> None:
    world.water.change_status(
        Status.AGREED_IN_PRINCIPLE,
        track=world.shuttle,
        agreed_between=["med", "red"],
        subject_to="the price",
        dating=Dating(DAY),
        by=world.ed,
        citing=[world.cite(QUOTE)],
    )
    found = line(session, world)
    assert found.issue.status is not None
    assert found.issue.status.status is Status.OPEN
    [track] = found.issue.tracks
    assert track.track == "Shuttle of the mediator"
    assert (track.status, track.agreed_between) == (
        Status.AGREED_IN_PRINCIPLE,
        ["med", "red"],
    )
    assert line(session, world, View(DAY - timedelta(days=1))).issue.tracks == []


def test_the_latest_claim_of_each_party_stands_beside_the_status(session: Session, world: World) -> None:
    claim(world, session, issue=world.water, share=40)
    latest = claim(world, session, DAY + timedelta(days=1), issue=world.water, share=60)
    claim(world, session, issue=world.water, party=world.red, status=Status.BLOCKED)
    claim(world, session, share=90)
    found = play(session, world)
    beside = found.lines[0].claims
    assert [(each.party_code, each.share, each.status) for each in beside] == [
        ("blue", 60, None),
        ("red", None, Status.BLOCKED),
    ]
    assert [(each.party, each.share) for each in found.claims] == [("Blue", 90)]
    retract(latest, reason="wrong day", by=world.ed)
    assert [each.share for each in line(session, world).claims] == [None, 40]


def test_the_age_counts_from_the_latest_entry_or_review(session: Session, world: World) -> None:
    today = datetime.now(UTC).date()
    old = line(session, world)
    assert (old.checked_on, old.age) == (DAY, (today - DAY).days)
    assert old.is_stale
    world.water.review(by=world.ed, on=today - timedelta(days=2))
    fresh = line(session, world)
    assert (fresh.checked_on, fresh.age, fresh.is_stale) == (today - timedelta(days=2), 2, False)
    then = line(session, world, View(DAY + timedelta(days=30)))
    assert (then.age, then.is_stale) == (30, False)
    assert play(session, world).lines[1].age is None


def test_coverage_counts_lines_and_members_through_a_bloc_apart(session: Session, world: World) -> None:
    world.water.state_position(
        world.med,
        dating=Dating(DAY),
        by=world.ed,
        citing=[Cite(world.report)],
        stance=Stance.SUPPORTS,
        summary="A voice is not a line.",
        standing=Standing.VOICE,
    )
    found = play(session, world)
    assert (found.lines[0].stated, found.lines[0].through) == (3, 1)
    assert (found.stated, found.through, found.cells) == (3, 1, 15)


def test_a_party_that_left_is_not_counted(session: Session, world: World) -> None:
    world.red.until_on = DAY
    found = play(session, world)
    assert (len(found.parties), found.lines[0].stated) == (4, 2)
    assert [party.index for party in found.parties] == [1, 2, 3, 4]
    assert len(play(session, world, View(DAY)).parties) == 5


def test_thresholds_say_what_is_stale_and_what_is_thin(session: Session, world: World) -> None:
    then = View(DAY + timedelta(days=30))
    usual = line(session, world, then)
    assert (usual.is_stale, usual.is_thin) == (False, False)
    asked = line(session, world, then, thresholds=Thresholds(stale=29, coverage=61))
    assert (asked.is_stale, asked.is_thin) == (True, True)
    just = play(session, world, then, thresholds=Thresholds(stale=30, coverage=60))
    assert ([each.is_stale for each in just.lines], [each.is_thin for each in just.lines]) == (
        [False, False, False],
        [False, True, True],
    )
    assert (just.stale, just.thin) == (0, 2)


def test_courses_are_drawn_over_the_days_of_the_record(session: Session, world: World) -> None:
    later = DAY + timedelta(days=9)
    world.water.change_status(
        Status.BLOCKED, reason="so", dating=Dating(later), by=world.ed, citing=[world.cite(QUOTE)]
    )
    found = play(session, world)
    assert found.days is not None
    assert (found.days.first, found.days.last) == (DAY, later)
    assert [(bar.status, bar.x, bar.width) for bar in found.lines[0].bars] == [
        (Status.OPEN, 0, 90),
        (Status.BLOCKED, 90, 10),
    ]
    assert found.lines[1].bars == []


def test_issues_with_anything_recorded_since_the_last_visit_are_new(session: Session, world: World) -> None:
    def new(view: View = NOW) -> list[str]:
        return [each.issue.key for each in play(session, world, view, visit=visit).lines if each.is_new]

    session.commit()
    visit = datetime.now(UTC)
    assert [each.is_new for each in play(session, world).lines] == [False] * 3
    assert new() == []
    session.commit()
    late = claim(world, session, issue=world.border)
    session.commit()
    assert new() == ["TK-2"]
    assert new(View(DAY - timedelta(days=1))) == []
    assert new(View(known_at=visit)) == []
    visit = datetime.now(UTC)
    session.commit()
    assert new() == []
    retract(late, reason="Nobody said so.", by=world.ed)
    session.commit()
    assert new() == ["TK-2"]


def test_what_comes_next_is_planned_or_lay_ahead(session: Session, world: World) -> None:
    today = datetime.now(UTC).date()
    event(world, session, "Ratification", today + timedelta(days=9), EventState.PLANNED)
    event(world, session, "Summer", today, EventState.PLANNED, ends_on=today + timedelta(days=40))
    event(world, session, "Off", today + timedelta(days=3), EventState.CANCELLED, kind=EventKind.DEADLINE)
    event(world, session, "Forgotten", DAY, EventState.PLANNED)
    event(world, session, "Second round", DAY + timedelta(days=9), EventState.HELD)
    assert [each.title for each in play(session, world).coming] == ["Summer", "Ratification"]
    then = play(session, world, View(DAY))
    assert [each.title for each in then.coming] == [
        "Forgotten",
        "Second round",
        "Summer",
        "Ratification",
    ]


def test_nothing_is_known_before_it_was_recorded(session: Session, world: World) -> None:
    before = View(known_at=datetime(2020, 1, 1, tzinfo=UTC))
    found = play(session, world, before)
    assert (found.counts, found.stated, found.last_day) == ([(None, 3)], 0, None)
    assert latest_entries(session, world.talks, before, None) == []


def test_the_last_day_is_that_of_the_latest_entry(session: Session, world: World) -> None:
    claim(world, session, DAY + timedelta(days=4))
    assert play(session, world).last_day == DAY + timedelta(days=4)


def test_latest_entries_are_of_every_kind_and_carry_their_sources(session: Session, world: World) -> None:
    claim(world, session, share=90)
    session.flush()
    found = latest_entries(session, world.talks, NOW, world.vera)
    assert [each.kind for each in found] == ["claim", *["position"] * 3, "status_change"]
    newest, union = found[0], found[1]
    assert (newest.issue, newest.party, newest.share) == (None, "Blue", 90)
    assert (union.issue, union.stance, union.summary) == (
        1,
        Stance.SUPPORTS,
        "The Union wants Red to pay.",
    )
    assert all(each.references and each.recorded_by for each in found)
    assert len(latest_entries(session, world.talks, NOW, None, limit=2)) == 2


@pytest.mark.parametrize("many", [1, 60])
def test_the_number_of_statements_does_not_grow(session: Session, world: World, many: int) -> None:
    """Among them those that tell the courses and what is new."""
    from sqlalchemy import event as events

    for number in range(4, 4 + many):
        Issue(negotiation=world.talks, number=number, title=f"Issue {number}").add(session)
    session.flush()
    seen: list[str] = []
    connection = session.connection()
    events.listen(connection, "before_cursor_execute", lambda *args: seen.append(args[2]))
    state_of_play(session, world.talks, NOW, world.vera, visit=datetime.now(UTC))
    assert len(seen) <= 16
