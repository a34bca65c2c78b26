"""What holds of every entry, whatever its kind."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.models.acts import NOON, at, change, claim, refuses, state, withdraw
from tests.world import DAY, QUOTE, World, make_source
from tracker.dates import FIRST_DAY, latest_day
from tracker.db import now
from tracker.models import (
    Cite,
    Clause,
    Correction,
    Dating,
    Entry,
    Event,
    Issue,
    Negotiation,
    Position,
    Proposal,
    StatusChange,
)
from tracker.models.entry import counts
from tracker.models.position import position_in_force
from tracker.models.status import status_in_force
from tracker.models.vocabulary import DayBasis, Handling, Stance, Standing, Status, Visibility

LATER = DAY + timedelta(days=1)
Enter = Callable[..., Entry]


def by_change(world: World, **more: Any) -> Entry:
    return change(world, Status.OPEN, **more)


def by_position(world: World, **more: Any) -> Entry:
    return state(world, world.red, **more)


def by_claim(world: World, **more: Any) -> Entry:
    more.pop("reason", None)
    return claim(world, world.red, **more)


each_kind = pytest.mark.parametrize("enter", [by_change, by_position, by_claim])


@each_kind
def test_nothing_is_recorded_without_a_source(world: World, enter: Enter) -> None:
    with refuses("citations"):
        enter(world, citing=[])
    with refuses("citations-0-source"):
        enter(world, citing=[Cite(None)])
    assert enter(world, citing=[Cite(world.report)]).citations[0].source is world.report


@each_kind
def test_nothing_is_recorded_of_the_future(world: World, enter: Enter) -> None:
    with refuses("effective_on"):
        enter(world, on=latest_day() + timedelta(days=1))
    assert enter(world, on=latest_day())  # it is that day already somewhere


@each_kind
def test_backdating_is_allowed_to_the_year_1000(world: World, enter: Enter) -> None:
    with refuses("effective_on"):
        enter(world, on=date(999, 12, 31))
    assert enter(world, on=FIRST_DAY).effective_on == FIRST_DAY


@each_kind
def test_source_of_other_talks_is_refused(world: World, session: Session, enter: Enter) -> None:
    other = Negotiation(code="OT", title="Other talks", recorded_at=NOON)
    with refuses("citations-1-source"):
        enter(world, citing=[world.cite(), Cite(make_source(session, other, "Another"))])


@each_kind
def test_in_public_one_source_at_least_is_for_all(world: World, session: Session, enter: Enter) -> None:
    secret = make_source(session, world.talks, "Secret")
    for handling in (Handling.GREEN, Handling.AMBER, Handling.AMBER_STRICT, Handling.RED):
        secret.handling = handling
        with refuses("citations"):
            enter(world, citing=[Cite(secret)])
    assert enter(world, citing=[Cite(secret), world.cite()])


@each_kind
@pytest.mark.parametrize("visibility", [Visibility.INTERNAL, Visibility.RESTRICTED])
def test_elsewhere_a_source_may_be_secret(
    world: World, session: Session, enter: Enter, visibility: Visibility
) -> None:
    world.talks.visibility = visibility
    secret = make_source(session, world.talks, "Secret")
    secret.handling = Handling.RED
    assert enter(world, citing=[Cite(secret)])


@each_kind
def test_entry_tells_who_recorded_it_and_when(world: World, session: Session, enter: Enter) -> None:
    before = now()
    entered = enter(world)
    session.commit()
    assert before <= entered.recorded_at <= now()
    assert entered.first_recorded_at == entered.recorded_at == entered.citations[0].recorded_at
    assert (entered.recorded_by, entered.recorded_by_id) == ("Ed", world.ed.id)
    assert len(entered.uid) == 36


@each_kind
def test_import_keeps_who_recorded_it_and_when(world: World, session: Session, enter: Enter) -> None:
    uid = "9f0c1a9e-0000-4000-8000-000000000001"
    entered = enter(world, recorded=at(0, uid=uid, first_at=at(-5).at))
    session.commit()
    assert (entered.uid, entered.recorded_at, entered.first_recorded_at) == (uid, at(0).at, at(-5).at)
    assert (entered.recorded_by, entered.recorded_by_id) == ("Ed", None)
    assert entered.citations[0].recorded_at == at(0).at


@each_kind
def test_nothing_is_recorded_in_the_future(world: World, enter: Enter) -> None:
    minutes = (now() - NOON) // timedelta(minutes=1)
    with refuses("recorded_at"):
        enter(world, recorded=at(minutes + 10))


@each_kind
def test_entry_may_rest_on_an_event_of_its_own_talks(world: World, session: Session, enter: Enter) -> None:
    event = Event(negotiation=world.talks, title="Round three", starts_on=DAY)
    event.add(session, by=world.ed)
    dating = Dating(DAY, basis=DayBasis.INFERRED, event=event)  # not yet flushed
    entered = enter(world, dating=dating)
    session.commit()
    assert (entered.event, entered.day_basis) == (event, DayBasis.INFERRED)
    other = Negotiation(code="OT", title="Other talks", recorded_at=NOON)
    session.add(other)
    foreign = Event(negotiation=other, title="Round", starts_on=DAY)
    foreign.add(session, by=world.ed)
    with refuses("event"):
        enter(world, dating=Dating(DAY - timedelta(days=1), event=foreign))


@each_kind
def test_refused_entry_leaves_nothing_behind(world: World, session: Session, enter: Enter) -> None:
    before = session.scalars(select(Entry.id)).all()
    with refuses("citations-0-quote"):
        enter(world, citing=[world.cite("words that nobody said")])
    session.commit()
    assert session.scalars(select(Entry.id)).all() == before


@each_kind
def test_correction_takes_the_place_of_what_it_corrects(world: World, session: Session, enter: Enter) -> None:
    wrong = enter(world)
    session.commit()
    right = enter(world, corrects=Correction(wrong, "Misread."))
    session.commit()
    assert wrong.retraction
    assert (wrong.retraction.reason, wrong.retraction.replaced_by) == ("Misread.", right.uid)
    assert wrong.retraction.recorded_at == right.recorded_at > wrong.recorded_at
    assert right.first_recorded_at == wrong.first_recorded_at == wrong.recorded_at
    again = enter(world, corrects=Correction(right, "Misread again."))
    assert again.first_recorded_at == wrong.recorded_at


def test_correction_stays_on_the_issue_and_with_the_party(world: World, session: Session) -> None:
    status, line = change(world, Status.BLOCKED), state(world, world.red)
    session.commit()
    with refuses("corrects"):
        change(world, Status.PARKED, issue=world.prisoners, corrects=Correction(status, "Misread."))
    session.rollback()
    with refuses("corrects"):
        state(world, world.blue, corrects=Correction(line, "Misread."))
    session.rollback()
    assert (status.retraction, line.retraction) == (None, None)


@each_kind
def test_correction_needs_a_reason_and_corrects_once(world: World, session: Session, enter: Enter) -> None:
    wrong = enter(world)
    session.commit()
    with refuses("retraction_reason"):
        enter(world, corrects=Correction(wrong, " "))
    session.rollback()
    enter(world, corrects=Correction(wrong, "Misread."))
    session.commit()
    with refuses("entry", *(["status"] if enter is by_change else [])):  # it repeats the correction
        enter(world, corrects=Correction(wrong, "Misread."), on=LATER)


def test_correction_is_of_the_same_kind_and_talks(world: World) -> None:
    with refuses("corrects"):
        change(world, Status.OPEN, corrects=Correction(claim(world, world.red), "Misread."))


def test_refused_correction_retracts_nothing(world: World, session: Session) -> None:
    wrong = change(world, Status.OPEN)
    session.commit()
    with refuses("citations-0-quote"):
        change(
            world, Status.BLOCKED, corrects=Correction(wrong, "Misread."), citing=[world.cite("nobody said")]
        )
    session.rollback()
    assert wrong.retraction is None
    assert world.border.status_on() is wrong


def test_correction_does_not_jump_the_queue(world: World, session: Session) -> None:
    first = change(world, Status.OPEN)
    session.commit()
    second = change(world, Status.BLOCKED)
    session.commit()
    change(world, Status.CLARIFICATION, corrects=Correction(first, "Misread."))
    session.commit()
    assert world.border.status_on() is second


def test_the_later_recorded_of_one_day_is_in_force_and_of_one_moment_the_last(
    world: World, session: Session
) -> None:
    session.info["moment"] = now() + timedelta(hours=1)
    change(world, Status.OPEN)
    second = change(world, Status.BLOCKED)
    session.commit()
    assert world.border.status_on() is second
    change(world, Status.PARKED, DAY - timedelta(days=1))
    session.commit()
    assert world.border.status_on() is second


def test_retracted_entry_stays_readable_and_counts_no_more(world: World, session: Session) -> None:
    first = change(world, Status.OPEN, recorded=at(0))
    wrong = change(world, Status.BLOCKED, recorded=at(1))
    withdraw(world, wrong, recorded=at(2))
    session.commit()
    assert world.border.status_on() is first
    assert session.get(StatusChange, wrong.id) is wrong
    assert wrong.retraction
    for minute, entry in ((0, first), (1, wrong), (2, first)):
        found = session.scalar(select(status_in_force(world.border.id, None, DAY, at(minute).at)))
        assert found == entry.id, minute
    assert session.scalar(select(status_in_force(world.border.id, None, DAY, at(-1).at))) is None


def test_entry_counts_from_its_day_and_its_recording_on(world: World, session: Session) -> None:
    entered = claim(world, world.red, LATER, recorded=at(0))
    session.flush()
    for day, minute, is_there in ((LATER, 0, True), (DAY, 0, False), (LATER, -1, False)):
        query = select(Entry).where(Entry.id == entered.id, counts(Entry, day, at(minute).at))
        assert bool(session.scalar(query)) is is_there


def test_only_the_line_is_in_force_and_no_answer_to_a_clause(world: World, session: Session) -> None:
    proposal = Proposal(negotiation=world.talks, title="Plan", clauses=[Clause(number="1", text="A dam.")])
    proposal.add(session, by=world.ed)
    line = state(world, world.red)
    state(world, world.red, LATER, standing=Standing.VOICE)
    state(world, world.red, LATER, standing=Standing.LEAK)
    state(world, world.red, LATER, clause=proposal.clauses[0])
    state(world, world.blue, LATER)
    session.flush()
    assert world.border.position_of(world.red) is line
    assert session.scalar(select(position_in_force(world.border.id, world.red.id, DAY, None))) == line.id


def test_in_force_is_asked_for_many_issues_in_one_statement(world: World, session: Session) -> None:
    change(world, Status.OPEN)
    change(world, Status.AGREED, track=world.shuttle, agreed_between=["med", "red"])
    state(world, world.red, stance=Stance.RESERVES)
    session.flush()
    whole = status_in_force(Issue.id, None, DAY, None)
    track = status_in_force(Issue.id, world.shuttle.id, DAY, None)
    line = position_in_force(Issue.id, world.red.id, DAY, None)
    rows = session.execute(select(Issue.number, whole, track, line).order_by(Issue.number)).all()
    assert [[bool(value) for value in row[1:]] for row in rows] == [
        [True, False, True],
        [True, True, True],
        [False, False, False],
    ]
    entries = {entry.id: entry for entry in session.scalars(select(Entry))}
    assert isinstance(entries[rows[1][3]], Position)
    assert entries[rows[1][2]].citations[0].quote == ""
    assert entries[rows[0][1]].citations[0].quote == QUOTE
