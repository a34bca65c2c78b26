"""What changed between two days, and what was recorded in between."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.models.acts import NOON, at, change, claim, state, withdraw
from tests.models.living import Act, History, acts, days, in_force
from tests.world import DAY, World, make_source
from tracker.dates import View
from tracker.models import Citation, Cite, Correction, Proposal
from tracker.models.step import Step
from tracker.models.vocabulary import Handling, Movement, Stance, Standing, Status
from tracker.queries.changes import Changes, changes
from tracker.queries.corrections import Act as Done
from tracker.queries.corrections import ActKind, acts_between, steps_between
from tracker.queries.moves import MoveKind
from tracker.queries.steps import StatusStep, became_known, happened

LATER, LAST = DAY + timedelta(days=5), DAY + timedelta(days=10)
NOW = View()


def between(world: World, since: date = DAY, until: date = LAST, **asked: Any) -> Changes:
    """Ask what changed, as a signed-in user."""
    session = world.talks.session
    session.flush()
    given: dict[str, Any] = {"user": world.vera, "known_at": None} | asked
    view = View(until, given.pop("known_at"))
    return changes(session, world.talks, since, view, given.pop("user"), **given)


def recorded(world: World, first: datetime, second: datetime, **asked: Any) -> list[Done]:
    """Ask what was done to the record between two moments."""
    world.talks.session.flush()
    views = (View(known_at=first), View(known_at=second))
    return [*acts_between(world.talks.session, world.talks, *views, world.vera, **asked).acts]


def agree(world: World, on: date, **more: Any) -> Any:
    return change(world, Status.AGREED, on, agreed_between=["blue", "red"], **more)


def only(found: Changes) -> StatusStep:
    assert len(found.steps) == 1
    return found.steps[0]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, Status.OPEN, Step.OPENED),
        (Status.OPEN, Status.AGREED, Step.ADVANCED),
        (Status.AGREED, Status.OPEN, Step.SLIPPED),
        (Status.AGREED, Status.BLOCKED, Step.SLIPPED),
        (Status.OPEN, Status.PARKED, Step.SIDELINED),
        (Status.PARKED, Status.OPEN, Step.RESUMED),
        (Status.OPEN, Status.DROPPED, Step.DROPPED),
        (Status.OPEN, Status.OVERTAKEN, Step.OVERTAKEN),
        (Status.OPEN, Status.CLARIFICATION, Step.CHANGED),
    ],
)
def test_a_step_says_from_where_to_where_and_of_what_kind(
    world: World, before: Status | None, after: Status, kind: Step
) -> None:
    if before is Status.AGREED:
        agree(world, DAY)
    elif before:
        change(world, before, DAY)
    if after is Status.AGREED:
        agree(world, LATER)
    else:
        change(world, after, LATER)
    found = between(world)
    taken = only(found)
    assert (taken.issue.key, taken.kind) == ("TK-2", kind)
    assert (taken.before and taken.before.status, taken.after and taken.after.status) == (before, after)
    assert [each.kind for each in taken.changes] == [kind]
    assert taken.changes[0].entry.references
    assert found.counts == [(kind, 1)]


def test_the_first_day_is_left_out_and_the_second_is_in(world: World) -> None:
    change(world, Status.OPEN, LATER)
    assert between(world, LATER, LAST).steps == []
    assert len(between(world, LATER - timedelta(days=1), LATER).steps) == 1
    assert between(world, LATER, LATER).steps == []


def test_what_came_back_to_where_it_was_is_told_with_the_slip_on_the_way(world: World) -> None:
    agree(world, DAY)
    change(world, Status.OPEN, LATER)
    agree(world, LAST)
    found = only(between(world))
    assert found.kind is None
    assert [each.kind for each in found.changes] == [Step.SLIPPED, Step.ADVANCED]


def test_another_word_on_the_same_rung_or_other_parties_is_a_change(world: World) -> None:
    change(world, Status.OPEN, DAY)
    change(world, Status.OPEN, LATER, subject_to="ratification")
    assert only(between(world)).kind is Step.CHANGED


def test_steps_on_a_track_stand_beside_those_of_the_whole(world: World) -> None:
    change(world, Status.OPEN, LATER)
    change(world, Status.BLOCKED, LAST, track=world.shuttle)
    steps = between(world).steps
    assert [(each.track, each.kind) for each in steps] == [
        ("", Step.OPENED),
        ("Shuttle of the mediator", Step.OPENED),
    ]


def test_what_slipped_back_stands_first(world: World) -> None:
    change(world, Status.CLARIFICATION, LATER, issue=world.water)
    agree(world, DAY, issue=world.prisoners)
    change(world, Status.OPEN, LATER, issue=world.prisoners)
    found = between(world)
    assert [each.issue.key for each in found.steps] == ["TK-3", "TK-1"]
    assert [each.issue.key for each in found.slipped] == ["TK-3"]
    assert [kind for kind, _steps in found.by_kind] == [Step.CHANGED]
    assert [kind for kind, _number in found.counts] == [Step.SLIPPED, Step.CHANGED]


def test_the_flow_names_who_left_and_entered_each_status(world: World) -> None:
    agree(world, LATER, issue=world.water)
    rows = {row.status: row for row in between(world).flow}
    assert (rows[Status.OPEN].at_since, rows[Status.OPEN].at_until) == (1, 0)
    assert [(each.key, each.status) for each in rows[Status.OPEN].left] == [("TK-1", Status.AGREED)]
    assert [(each.key, each.status) for each in rows[Status.AGREED].entered] == [("TK-1", Status.OPEN)]
    assert (rows[None].at_since, rows[None].at_until, rows[None].left) == (2, 2, [])


@pytest.mark.parametrize(
    ("movements", "kind"),
    [
        ([Movement.RESTATED], MoveKind.RESTATED),
        ([Movement.CLARIFIED, Movement.RESTATED], MoveKind.CLARIFIED),
        ([Movement.HARDENED, Movement.RESTATED], MoveKind.MOVED),
        ([Movement.SOFTENED], MoveKind.MOVED),
        ([Movement.CHANGED], MoveKind.MOVED),
        ([Movement.UNJUDGED], MoveKind.MOVED),
    ],
)
def test_repeating_is_not_moving(world: World, movements: list[Movement], kind: MoveKind) -> None:
    for number, movement in enumerate(movements):
        on = LATER + timedelta(days=number)
        summary = f"Red thinks of the dam anew, {number}."
        state(world, world.red, on, issue=world.water, movement=movement, summary=summary)
    found = between(world)
    assert [(move.issue.key, move.party.code, move.kind) for move in found.moves] == [("TK-1", "red", kind)]
    tally = next(each for each in found.tallies if each.party.code == "red")
    assert {
        name: getattr(tally, name)
        for name in ("moved", "first", "clarified", "restated")
        if getattr(tally, name)
    } == {kind.value: 1}
    assert next(each for each in found.tallies if each.party.code == "med").is_silent


@pytest.mark.parametrize("movement", [Movement.FIRST, Movement.UNJUDGED])
def test_a_first_statement_is_no_move_whether_judged_or_not(world: World, movement: Movement) -> None:
    state(world, world.med, LATER, issue=world.water, movement=movement)
    move = between(world).moves[0]
    assert (move.kind, move.before) == (MoveKind.FIRST, None)


def test_a_move_tells_the_line_before_and_the_new_one_word_by_word(world: World) -> None:
    state(
        world,
        world.red,
        LATER,
        issue=world.water,
        movement=Movement.SOFTENED,
        stance=Stance.CONDITIONAL,
        condition="Blue opens the sluice",
        summary="Red does pay for the dam.",
    )
    move = between(world).moves[0]
    assert move.before is not None
    assert (move.before.stance, move.before.summary) == (Stance.OPPOSES, "Red does not pay for the dam.")
    said = move.said[0]
    assert (said.stance_before, said.entry.stance) == (Stance.OPPOSES, Stance.CONDITIONAL)
    assert [(each.kind, each.words) for each in said.words] == [
        ("same", "Red does"),
        ("del", "not"),
        ("same", "pay for the dam."),
    ]
    assert said.entry.references[0].source is not None
    assert move.after is said.entry


def test_voices_and_leaks_are_no_moves(world: World) -> None:
    for standing in (Standing.VOICE, Standing.LEAK):
        state(world, world.red, LATER, issue=world.water, standing=standing, movement=Movement.CHANGED)
    found = between(world)
    assert found.moves == []
    assert all(tally.is_silent for tally in found.tallies)


def test_claims_proposals_and_sources_of_the_time_are_named(world: World, session: Session) -> None:
    claim(world, world.red, LATER)
    world.report.published_on = LATER
    Proposal(negotiation=world.talks, title="A plan", tabled_by=["red"], tabled_on=LATER).add(
        session, by=world.ed
    )
    new = between(world).novelties
    assert ([each.party for each in new.claims], new.claim_count) == (["Red"], 1)
    assert ([each.title for each in new.proposals], new.proposal_count) == (["A plan"], 1)
    assert ([each.title for each in new.sources], new.source_count) == (["A report without its text"], 1)
    earlier = between(world, LATER, LAST).novelties
    assert (earlier.claim_count, earlier.proposal_count, earlier.source_count) == (0, 0, 0)


def test_strangers_are_told_of_no_source_above_clear(world: World, session: Session) -> None:
    paper = make_source(session, world.talks, "A paper for the desk")
    paper.published_on, paper.handling = LATER, Handling.AMBER
    assert between(world, user=None).novelties.source_count == 0
    assert between(world).novelties.source_count == 1


def test_both_days_are_read_as_known_at_one_moment(world: World) -> None:
    entry = change(world, Status.OPEN, LATER, recorded=at(0))
    withdraw(world, entry, recorded=at(2))
    assert between(world).steps == []
    assert between(world, known_at=NOON - timedelta(minutes=1)).steps == []
    assert only(between(world, known_at=NOON + timedelta(minutes=1))).kind is Step.OPENED


def test_changes_are_ready_for_json(world: World) -> None:
    agree(world, LATER)
    state(world, world.red, LATER, issue=world.water, movement=Movement.HARDENED)
    claim(world, world.red, LATER)
    found = between(world)
    told = json.loads(json.dumps(asdict(found), default=date.isoformat))
    assert told["steps"][0]["kind"] == "opened"
    assert told["moves"][0]["party"]["code"] == "red"
    done = recorded(world, NOON - timedelta(days=9999), NOON + timedelta(days=9999))
    assert json.loads(json.dumps([asdict(each) for each in done], default=date.isoformat))


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_the_number_of_statements_does_not_grow(world: World, session: Session) -> None:
    def tell() -> int:
        session.flush()
        _ = world.talks.parties, world.talks.tracks
        with counted(session) as seen:
            between(world)
            recorded(world, NOON - timedelta(days=9999), NOON + timedelta(days=9999))
        return len(seen)

    change(world, Status.OPEN, LATER)
    state(world, world.red, LATER)
    claim(world, world.red, LATER)
    few = tell()
    for number in range(12):
        on = LATER + timedelta(days=number % 4)
        change(world, Status.OPEN, on, subject_to=f"annex {number}")
        state(world, world.blue, on, issue=world.prisoners, summary=f"Blue says {number}.")
        claim(world, world.red, on)
    assert tell() == few


# Recorded in between.


def test_a_late_entry_is_listed_as_recorded_in_between(world: World) -> None:
    entry = change(world, Status.OPEN, DAY, recorded=at(0))
    before, after = NOON - timedelta(days=5), NOON + timedelta(minutes=1)
    assert between(world, DAY - timedelta(days=1), DAY, known_at=before).steps == []
    done = recorded(world, before, after, unexpected=True)
    assert [(each.kind, each.entry.uid) for each in done] == [(ActKind.LATE, entry.uid)]
    assert recorded(world, after, after + timedelta(minutes=1)) == []


def test_a_correction_is_told_once_with_what_it_replaced_and_why(world: World) -> None:
    old = change(world, Status.OPEN, DAY, recorded=at(0))
    new = change(world, Status.BLOCKED, DAY, corrects=Correction(old, "Misread.", at(2)), recorded=at(2))
    done = recorded(world, NOON + timedelta(minutes=1), NOON + timedelta(minutes=3), unexpected=True)
    assert [(each.kind, each.entry.uid) for each in done] == [(ActKind.CORRECTED, new.uid)]
    replaced = done[0].replaced
    assert replaced is not None
    assert (replaced.uid, replaced.retraction and replaced.retraction.reason) == (old.uid, "Misread.")
    known = [View(known_at=NOON + timedelta(minutes=minute)) for minute in (1, 3)]
    steps = steps_between(world.talks.session, world.talks, *known).steps
    assert [(each.kind, each.issue.key) for each in steps] == [(Step.SIDELINED, "TK-2")]


def test_a_retraction_is_told_with_its_reason(world: World) -> None:
    entry = change(world, Status.OPEN, DAY, recorded=at(0))
    withdraw(world, entry, recorded=at(2), reason="Nobody said so.")
    first, second = (NOON + timedelta(minutes=minute) for minute in (1, 3))
    done = recorded(world, first, second, unexpected=True)
    assert [(each.kind, each.entry.uid, each.reason) for each in done] == [
        (ActKind.RETRACTED, entry.uid, "Nobody said so.")
    ]
    step = steps_between(world.talks.session, world.talks, View(known_at=first), View(known_at=second)).steps[
        0
    ]
    assert (step.before and step.before.status, step.after, step.kind) == (Status.OPEN, None, None)


def test_a_source_that_was_withdrawn_from_an_entry_is_told(world: World, session: Session) -> None:
    entry = change(world, Status.OPEN, DAY, citing=[world.cite(), Cite(world.report)], recorded=at(0))
    session.flush()
    citation = session.get(Citation, entry.citations[1].id)
    assert citation
    withdraw(world, citation, recorded=at(2), reason="Another report.")
    done = recorded(world, NOON + timedelta(minutes=1), NOON + timedelta(minutes=3), unexpected=True)
    assert [(each.kind, each.entry.uid) for each in done] == [(ActKind.SOURCE_WITHDRAWN, entry.uid)]


# Random histories against the model.

periods = st.lists(days, min_size=3, max_size=3).map(sorted)
moments = st.lists(st.integers(-1, 30), min_size=2, max_size=2).map(sorted)


def moment(minute: int | None) -> datetime | None:
    return None if minute is None else NOON + timedelta(minutes=minute)


def check_days(lived: History, three: list[date], minute: int | None) -> None:
    """Hold two following periods, and the whole, to the model and to one another."""
    world, known = lived.world, moment(minute)
    session, border = world.talks.session, world.border.id
    views = [View(day, known) for day in three]
    ladders = {
        (i, j): happened(session, world.talks, views[i], views[j]) for i, j in ((0, 1), (1, 2), (0, 2))
    }
    for (i, j), ladder in ladders.items():
        for cell, track in lived.tracks.items():
            ends = [in_force(lived.lines, cell, three[n], known) for n in (i, j)]
            rows = ladder.whole if track is None else ladder.tracks
            found = [
                [each.before_id, each.after_id]
                for each in rows
                if (each.issue_id, each.track_id) == (border, track and track.id)
            ]
            assert found == [ends] or (track is not None and not found and ends[0] == ends[1])
        flow = ladder.flow()
        assert sum(row.at_since for row in flow) == sum(row.at_until for row in flow) == len(ladder.names)
        for row in flow:
            assert row.at_until == row.at_since - len(row.left) + len(row.entered)
    agree_on_net_steps(ladders)
    check_moves(lived, three[0], three[2], minute)


def agree_on_net_steps(ladders: dict[tuple[int, int], Any]) -> None:
    first, second, whole = (ladders[pair] for pair in ((0, 1), (1, 2), (0, 2)))
    for one, two, both in zip(first.whole, second.whole, whole.whole, strict=True):
        assert one.after_id == two.before_id
        assert (both.before_id, both.after_id) == (one.before_id, two.after_id)

    # Statuses before and after every period, of what any of the three touches.
    def ends(ladder: Any) -> dict[Any, Any]:
        return {(each.issue_id, each.track_id): each for each in ladder.tracks}

    one_by, two_by, both_by = map(ends, (first, second, whole))
    for place in {*one_by, *two_by, *both_by}:
        parts = [by[place] for by in (one_by, two_by) if place in by]
        assert parts[0].after_id == parts[-1].before_id or len(parts) == 1
        net = (parts[0].before_id, parts[-1].after_id)
        assert (both_by[place].before_id, both_by[place].after_id) == net


def counting(lived: History, cell: str, day: date, known: datetime | None) -> list[int]:
    """Give the ids of the lines that count, one after the other."""
    found = []
    lines = [*lived.lines]
    while (last := in_force(lines, cell, day, known)) is not None:
        found.append(last)
        lines = [line for line in lines if line.id != last]
    return found


def check_moves(lived: History, since: date, until: date, minute: int | None) -> None:
    world, known = lived.world, moment(minute)
    found = changes(world.talks.session, world.talks, since, View(until, known), world.vera)
    moves = {move.party.code: move for move in found.moves if move.issue.key == world.border.key}
    by_id = {entry.id: entry for entry in lived.entries}
    for cell in lived.parties:
        before, after = (in_force(lived.lines, cell, day, known) for day in (since, until))
        move = moves.get(cell)
        if before == after:
            assert move is None
            continue
        assert move is not None
        assert move.after.id == after
        assert (move.before.uid if move.before else None) == (by_id[before].uid if before else None)
        # Nobody judged these lines: each is a move but the first of all.
        assert (move.kind is MoveKind.FIRST) == (len(counting(lived, cell, until, known)) == 1)


def check_moments(lived: History, day: date, minutes: list[int]) -> None:
    """Hold that what became known is told, and that nothing changes without being told."""
    world, session = lived.world, lived.world.talks.session
    first, second = (NOON + timedelta(minutes=minute) for minute in minutes)
    ladder = became_known(session, world.talks, View(day, first), View(day, second))
    ends = {
        cell: (in_force(lived.lines, cell, day, first), in_force(lived.lines, cell, day, second))
        for cell in lived.tracks
    }
    found = {
        (each.issue_id, each.track_id): (each.before_id, each.after_id)
        for each in (*ladder.whole, *ladder.tracks)
    }
    for cell, track in lived.tracks.items():
        assert found.get((world.border.id, track.id if track else None), (None, None)) == ends[cell] or (
            track is not None and ends[cell][0] == ends[cell][1]
        )
    done = recorded(world, first, second)
    told = [each.entry.id for each in done if each.kind is not ActKind.RETRACTED]
    withdrawn = [each.entry.id for each in done if each.kind is ActKind.RETRACTED]
    withdrawn += [each.replaced.id for each in done if each.replaced]
    assert sorted(told) == [line.id for line in lived.lines if first < line.recorded <= second]
    gone = [line.id for line in lived.lines if line.retracted and first < line.retracted <= second]
    assert sorted(withdrawn) == gone


def play(
    world: World,
    session: Session,
    history: list[Act],
    looks: list[tuple[list[date], int | None]],
    known: list[list[int]],
) -> None:
    lived = History(world)
    try:
        for act in history:
            lived.do(act)
        session.flush()
        for three, minute in looks:
            check_days(lived, three, minute)
        for minutes in known:
            check_moments(lived, DAY + timedelta(days=1), minutes)
    finally:
        session.rollback()  # the next history begins anew, whatever became of this one


def of(examples: int) -> settings:
    return settings(
        max_examples=examples, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
    )


HISTORIES = (
    st.lists(acts, min_size=3, max_size=14),
    st.lists(st.tuples(periods, st.one_of(st.none(), st.integers(-1, 30))), min_size=2, max_size=4),
    st.lists(moments, min_size=2, max_size=4),
)


@pytest.mark.parametrize("session", ["sqlite"], indirect=True)
@of(30)
@given(*HISTORIES)
def test_any_history_changes_as_the_model_says_on_sqlite(
    world: World, session: Session, history: list[Act], looks: Any, known: Any
) -> None:
    play(world, session, history, looks, known)


@pytest.mark.parametrize("session", ["postgresql"], indirect=True)
@of(12)
@given(*HISTORIES)
def test_any_history_changes_as_the_model_says_on_postgresql(
    world: World, session: Session, history: list[Act], looks: Any, known: Any
) -> None:
    play(world, session, history, looks, known)
