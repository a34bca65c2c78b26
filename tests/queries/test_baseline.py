"""Comparing against a baseline day: what changed, what is new, what was only said again."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.queries.comparing import LATER, NOW, cell, keys, lines, propose, state, table, texts
from tests.world import DAY, World
from tracker.dates import View
from tracker.models import Dating, Position
from tracker.models.retraction import retract
from tracker.models.step import Step
from tracker.models.vocabulary import Firmness, Movement, Stance, Standing, Status
from tracker.queries.cells import Cell, Mark
from tracker.queries.clauses import ClauseCell
from tracker.text import Change

BEFORE = DAY - timedelta(days=1)


def against(world: World, **asked: Any) -> Cell:
    """Give Red's cell on the water against the world's day."""
    found = cell(world, world.red, **({"baseline": DAY} | asked))
    assert found is not None
    return found


def restate(world: World, **more: Any) -> Any:
    """Let Red say the same again."""
    same: dict[str, Any] = {"stance": Stance.OPPOSES, "firmness": Firmness.FIRM}
    return state(
        world, world.red, "Red does not pay for the dam.", **(same | {"movement": Movement.RESTATED} | more)
    )


def test_without_a_baseline_nothing_is_marked(world: World) -> None:
    state(world, world.red, "Red pays a third.")
    found = against(world, baseline=None)
    assert (found.changed, found.against) == (False, None)


def test_the_entry_of_the_baseline_day_is_unmarked(world: World) -> None:
    found = against(world)
    assert (found.changed, found.against) == (False, None)


def test_a_changed_cell_has_its_old_words_struck_out(world: World) -> None:
    state(world, world.red, "Red does pay for half the dam.", stance=Stance.ACCEPTS)
    found = against(world)
    assert found.changed
    assert found.against is not None
    assert found.against.was is not None
    assert (found.against.mark, found.against.was.stance) == (Mark.CHANGED, Stance.OPPOSES)
    assert (found.against.was.firmness, found.against.was.effective_on) == (Firmness.FIRM, DAY)
    assert found.against.summary == [
        Change("same", "Red does"),
        Change("del", "not"),
        Change("same", "pay for"),
        Change("ins", "half"),
        Change("same", "the dam."),
    ]


def test_texts_with_little_in_common_stand_whole_one_after_the_other(world: World) -> None:
    state(world, world.red, "Let the mediator build a dam, says the envoy.", stance=Stance.OPPOSES)
    found = against(world).against
    assert found is not None
    assert [change.kind for change in found.summary] == ["del", "ins"]
    assert found.summary[0].words == "Red does not pay for the dam."


@pytest.mark.parametrize(
    "more",
    [
        {"firmness": Firmness.RED_LINE},
        {"stance": Stance.RESERVES},
        {"stance": Stance.CONDITIONAL, "condition": "peace"},
    ],
)
def test_more_than_words_can_change(world: World, more: dict[str, Any]) -> None:
    restate(world, **more)
    found = against(world)
    assert found.changed
    assert found.against is not None
    assert found.against.summary == []
    assert [change.words for change in found.against.condition] == (["peace"] if "condition" in more else [])


def test_other_words_are_no_change_where_the_editor_heard_the_same(world: World) -> None:
    state(
        world,
        world.red,
        "Red will not pay for that dam, its envoy repeats.",
        stance=Stance.OPPOSES,
        firmness=Firmness.FIRM,
        movement=Movement.RESTATED,
    )
    found = against(world)
    assert not found.changed
    assert found.against is not None
    assert found.against.mark is Mark.RESTATED
    assert keys(table(world, world.red, baseline=DAY, differences=True)) == []


def test_the_same_words_that_nobody_judged_count_as_a_move(world: World) -> None:
    restate(world, movement=Movement.UNJUDGED)
    assert against(world).changed
    assert keys(table(world, world.red, baseline=DAY, differences=True)) == ["TK-1"]


def test_repeating_is_not_moving(world: World) -> None:
    restate(world)
    found = against(world)
    assert not found.changed
    assert found.against is not None
    assert (found.against.mark, found.effective_on) == (Mark.RESTATED, LATER)


def test_the_same_words_judged_to_be_a_move_are_one(world: World) -> None:
    restate(world, movement=Movement.HARDENED)
    assert against(world).changed


def test_a_line_that_came_later_is_new(world: World) -> None:
    found = against(world, baseline=BEFORE)
    assert found.changed
    assert found.against is not None
    assert (found.against.mark, found.against.was) == (Mark.NEW, None)


def test_both_days_are_known_at_the_same_moment(world: World) -> None:
    session = world.talks.session
    later = state(world, world.red, "Red pays a third.")
    session.commit()
    known = later.recorded_at
    assert retract(later, reason="A mistake", by=world.ed) == []
    session.commit()
    assert not against(world).changed  # withdrawn, as known now; what was in force then is so again
    assert against(world, view=View(known_at=known)).changed


def test_a_line_that_was_withdrawn_is_on_neither_day(world: World) -> None:
    session = world.talks.session
    [line] = session.scalars(select(Position).where(Position.party == world.red))
    assert retract(line, reason="A mistake", by=world.ed) == []
    assert cell(world, world.red, baseline=DAY) is None
    assert keys(table(world, world.red, baseline=DAY, differences=True)) == []


def change_status(world: World, status: Status, **more: Any) -> None:
    given: dict[str, Any] = {"reason": "So it is.", "dating": Dating(LATER)} | more
    world.water.change_status(status, by=world.ed, citing=[world.cite()], **given)


def test_a_status_is_marked_with_the_step_taken_since(world: World) -> None:
    change_status(world, Status.BLOCKED)
    [(track, found)] = table(world, baseline=DAY).rows[0].status_changes.items()
    assert found.was is not None
    assert (track, found.step, found.was.status) == ("", Step.SIDELINED, Status.OPEN)
    assert table(world, baseline=LATER).rows[0].status_changes == {}
    [opened] = table(world, baseline=BEFORE).rows[0].status_changes.values()
    assert (opened.step, opened.was) == (Step.OPENED, None)


def test_statuses_on_tracks_are_marked_apart(world: World) -> None:
    agreed = {"track": world.shuttle, "agreed_between": ["med", "red"]}
    change_status(world, Status.AGREED_IN_PRINCIPLE, **agreed)
    [(track, found)] = table(world, baseline=DAY).rows[0].status_changes.items()
    assert (track, found.step) == ("shuttle", Step.OPENED)


def test_a_status_that_came_back_is_not_marked(world: World) -> None:
    change_status(world, Status.BLOCKED)
    change_status(world, Status.OPEN, dating=Dating(LATER + timedelta(days=1)))
    assert table(world, baseline=DAY).rows[0].status_changes == {}
    assert keys(table(world, baseline=DAY, differences=True)) == []


def test_a_text_tabled_since_is_new_in_every_cell(world: World) -> None:
    propose(world, on=LATER)
    for baseline, changed in ((DAY, True), (LATER, False)):
        found = table(world, columns=texts(world), baseline=baseline).rows[0].cells[0]
        assert isinstance(found, ClauseCell)
        assert found.changed is changed


def test_differences_since_a_day_are_lines_statuses_and_texts(world: World) -> None:
    asked: dict[str, Any] = {"baseline": DAY, "differences": True}
    assert keys(table(world, **asked)) == []
    restate(world)
    assert keys(table(world, **asked)) == []
    state(world, world.med, "Let them talk.", issue=world.border)
    assert keys(table(world, **asked)) == ["TK-2"]
    assert keys(table(world, world.red, **asked)) == []
    change_status(world, Status.BLOCKED)
    propose(world, on=LATER, clauses=[("1", "All go free.", [world.prisoners])])
    assert keys(table(world, **asked)) == ["TK-1", "TK-2"]
    found = table(world, columns=[world.med, *texts(world)], **asked)
    assert keys(found) == ["TK-1", "TK-2", "TK-3"]
    assert (found.changed, found.changed_statuses, found.paging.total) == (2, 1, 3)
    assert keys(table(world, view=View(DAY), **asked)) == []


def test_differences_since_a_day_are_the_rows_that_are_marked(world: World) -> None:
    """Set the filter, which asks the database, beside the marks, which are made of what it gave."""
    session = world.talks.session
    stances = [Stance.OPPOSES, Stance.SUPPORTS, Stance.OPPOSES]
    for number, issue in enumerate((world.water, world.border, world.prisoners)):
        for step, party in enumerate((world.red, world.blue, world.union)):
            day = DAY + timedelta(days=(number * 3 + step * 5) % 7)
            standing = Standing.VOICE if (number + step) % 4 == 3 else Standing.LINE
            state(
                world,
                party,
                f"Says {step % 2}.",
                on=day,
                stance=stances[step],
                issue=issue,
                standing=standing,
            )
            state(world, party, "Says 0.", on=day + timedelta(days=2), stance=stances[number], issue=issue)
    session.flush()
    for days in range(-1, 10):
        asked: dict[str, Any] = {"baseline": DAY + timedelta(days=days), "view": NOW}
        every = table(world, **asked)
        marked = [
            row.issue.key
            for row in every.rows
            if row.status_changes or any(cell and cell.changed for cell in row.cells)
        ]
        assert keys(table(world, differences=True, **asked)) == marked
    assert lines(every)
