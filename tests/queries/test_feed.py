"""The feed: what became known, in the order of recording."""

from datetime import timedelta
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.models.acts import NOON, at, change, claim, state, withdraw
from tests.world import DAY, World, make_source
from tracker.dates import View
from tracker.models import Citation, Cite, Correction, User
from tracker.models.step import Step
from tracker.models.vocabulary import Handling, Movement, Standing, Status
from tracker.queries.corrections import ActKind
from tracker.queries.feed import LATEST, News, feed


def told(world: World, view: View | None = None, user: User | None = None, **about: Any) -> list[News]:
    """Ask what became known: of the border, unless it is asked for something else."""
    world.talks.session.flush()
    about = about or {"issue": world.border}
    return feed(world.talks.session, world.talks, view or View(), user, **about)


def test_what_was_recorded_last_comes_first_whatever_day_it_speaks_of(world: World) -> None:
    late = state(world, world.red, DAY - timedelta(days=30), recorded=at(2))
    first = change(world, Status.OPEN, DAY, recorded=at(0))
    second = claim(world, world.blue, issue=world.border, recorded=at(1))
    assert [(each.uid, each.at) for each in told(world)] == [
        (late.uid, late.recorded_at),
        (second.uid, second.recorded_at),
        (first.uid, first.recorded_at),
    ]


def test_a_status_is_told_with_its_step_from_what_was_known_when_it_was_recorded(world: World) -> None:
    change(world, Status.OPEN, DAY, recorded=at(0))
    second = change(world, Status.BLOCKED, DAY + timedelta(days=4), recorded=at(1))
    between = change(world, Status.CLARIFICATION, DAY + timedelta(days=2), recorded=at(2))
    steps = {each.uid: (each.before and each.before.status, each.step) for each in told(world)}
    assert steps[second.uid] == (Status.OPEN, Step.SIDELINED)
    assert steps[between.uid] == (Status.OPEN, Step.CHANGED)


def test_a_status_on_a_track_follows_that_of_the_same_track(world: World) -> None:
    change(world, Status.OPEN, DAY, recorded=at(0))
    on_track = change(world, Status.CLARIFICATION, DAY, track=world.shuttle, recorded=at(1))
    assert [(each.before, each.step) for each in told(world) if each.uid == on_track.uid] == [
        (None, Step.OPENED)
    ]


def test_a_line_is_told_with_the_line_before_it_and_a_voice_without(world: World) -> None:
    old = state(world, world.red, DAY, summary="No.", recorded=at(0))
    other = state(world, world.blue, DAY, summary="Yes.", recorded=at(1))
    voice = state(world, world.red, DAY, summary="Maybe.", standing=Standing.VOICE, recorded=at(2))
    new = state(world, world.red, DAY, summary="Yes.", movement=Movement.SOFTENED, recorded=at(3))
    before = {each.uid: each.before and each.before.uid for each in told(world)}
    assert before == {old.uid: None, other.uid: None, voice.uid: None, new.uid: old.uid}


def test_a_correction_is_an_entry_of_its_own_with_what_it_replaced_and_why(world: World) -> None:
    old = change(world, Status.OPEN, DAY, recorded=at(0))
    new = change(world, Status.BLOCKED, DAY, corrects=Correction(old, "Misread.", at(2)), recorded=at(2))
    latest, first = told(world)
    assert (latest.kind, latest.uid, latest.reason) == (ActKind.CORRECTED, new.uid, "Misread.")
    assert latest.replaced is not None
    assert (latest.replaced.uid, latest.before, latest.step) == (old.uid, None, Step.OPENED)
    assert (first.kind, first.uid, first.step) == (ActKind.ENTERED, old.uid, Step.OPENED)


def test_a_withdrawal_is_an_entry_of_its_own_by_the_uid_of_the_retraction(world: World) -> None:
    entry = change(world, Status.OPEN, DAY, recorded=at(0))
    withdraw(world, entry, recorded=at(2), reason="Nobody said so.")
    latest, first = told(world)
    world.talks.session.expire(entry)
    assert entry.retraction
    assert (latest.kind, latest.uid, latest.reason, latest.by) == (
        ActKind.RETRACTED,
        entry.retraction.uid,
        "Nobody said so.",
        "Ed",
    )
    assert first.uid == latest.entry.uid == entry.uid


def test_why_a_withheld_source_was_withdrawn_is_kept_from_strangers(world: World, session: Session) -> None:
    memo = make_source(session, world.talks, "A memo")
    memo.handling = Handling.AMBER
    entry = change(world, Status.OPEN, DAY, citing=[world.cite(), Cite(memo)], recorded=at(0))
    session.flush()
    citation = session.get(Citation, entry.citations[1].id)
    assert citation
    withdraw(world, citation, recorded=at(2), reason="Another memo.")
    latest = [told(world, user=user)[0] for user in (None, world.vera)]
    assert [each.kind for each in latest] == [ActKind.SOURCE_WITHDRAWN] * 2
    assert [each.reason for each in latest] == ["", "Another memo."]


def test_nothing_is_told_that_was_not_known_or_not_so_by_then(world: World) -> None:
    first = change(world, Status.OPEN, DAY, recorded=at(0))
    change(world, Status.BLOCKED, DAY + timedelta(days=4), recorded=at(1))
    withdraw(world, first, recorded=at(2))
    known = told(world, View(known_at=NOON))
    assert [(each.uid, each.entry.retraction) for each in known] == [(first.uid, None)]
    as_of = told(world, View(DAY))
    assert [each.entry.uid for each in as_of] == [first.uid, first.uid]


def test_a_feed_tells_of_its_own_issue_or_party_alone(world: World) -> None:
    on_border = state(world, world.red, recorded=at(0))
    whole = claim(world, world.red, recorded=at(1))
    agreed = change(world, Status.AGREED, agreed_between=["blue", "red"], recorded=at(2))
    alone = change(world, Status.OPEN, issue=world.prisoners, recorded=at(3))
    session = world.talks.session
    withdraw(world, alone, recorded=at(4))
    session.flush()
    every = {each.entry.uid for each in told(world, issue=None)}
    assert {on_border.uid, whole.uid, agreed.uid, alone.uid} < every
    assert {each.entry.uid for each in told(world)} == {on_border.uid, agreed.uid}
    of_red = told(world, party=world.red)
    assert {each.entry.uid for each in of_red if each.entry.issue != 1} == {
        on_border.uid,
        whole.uid,
        agreed.uid,
    }
    assert {each.entry.party_code for each in of_red} == {"red", None}
    assert {each.entry.kind for each in told(world, party=world.med)} == set()
    assert len(told(world, issue=world.prisoners)) == 2


def test_a_feed_ends_and_takes_as_many_statements_for_one_as_for_many(world: World, session: Session) -> None:
    counts = []
    for number in range(2):
        for nth in range(number * 60):
            state(world, world.red, summary=f"Line {nth}.", recorded=at(nth))
        seen: list[str] = []
        engine = session.get_bind()
        session.flush()

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any, into: list[str] = seen) -> None:
            into.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        found = told(world, issue=world.water if number == 0 else world.border)
        event.remove(engine, "before_cursor_execute", note)
        counts.append((len(found), len(seen)))
    assert counts == [(4, 6), (LATEST, 6)]
