"""Random histories: what changed, and what became known, against a model that is plainly right."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.models.acts import NOON
from tests.models.living import Act, History, acts, days, in_force
from tests.queries.changing import recorded
from tests.world import DAY, World
from tracker.dates import View
from tracker.queries.changes import changes
from tracker.queries.corrections import ActKind
from tracker.queries.ladder import became_known, happened
from tracker.queries.moves import MoveKind

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
