"""What changed between two days."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.models.acts import NOON, at, change, claim, state, withdraw
from tests.queries.changing import LAST, LATER, agree, between, recorded
from tests.world import DAY, World, make_source
from tracker.models import Proposal
from tracker.models.step import Step
from tracker.models.vocabulary import Handling, Movement, Stance, Standing, Status
from tracker.queries.changes import Changes
from tracker.queries.moves import MoveKind
from tracker.queries.steps import StatusStep


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


def test_a_slip_on_the_way_is_never_denied(world: World) -> None:
    change(world, Status.OPEN, DAY)
    agree(world, LATER)
    change(world, Status.BLOCKED, LAST)
    change(world, Status.CLARIFICATION, LAST, issue=world.water)
    found = between(world)
    assert [(each.issue.key, each.kind, each.slips) for each in found.slipped] == [
        ("TK-2", Step.SIDELINED, 1)
    ]
    assert (found.net_slips, found.on_the_way) == (0, 1)
    assert [each.issue.key for each in found.steps] == ["TK-2", "TK-1"]
    assert [kind for kind, _steps in found.by_kind] == [Step.CHANGED]


def test_another_word_on_the_same_rung_or_other_parties_is_a_change(world: World) -> None:
    change(world, Status.OPEN, DAY)
    change(world, Status.OPEN, LATER, subject_to="ratification")
    assert only(between(world)).kind is Step.CHANGED


def test_steps_on_a_track_stand_beside_those_of_the_whole(world: World) -> None:
    change(world, Status.OPEN, LATER)
    change(world, Status.BLOCKED, LAST, track=world.shuttle)
    steps = between(world).steps
    assert [(each.track and each.track.title, each.kind) for each in steps] == [
        (None, Step.OPENED),
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
