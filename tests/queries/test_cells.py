"""Cells: which line stands in one, through which bloc, and with which sources."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.queries.comparing import LATER, cell, lines, state, table
from tests.world import DAY, World, make_source
from tracker.dates import View
from tracker.db import now
from tracker.models import Cite, Correction, Recorded
from tracker.models.retraction import retract
from tracker.models.vocabulary import Handling, Standing
from tracker.queries.beside import Beside
from tracker.queries.comparison import compare
from tracker.queries.issue_list import Filters


def test_cell_holds_the_line_in_force_with_its_sources(world: World) -> None:
    found = cell(world, world.red)
    assert found is not None
    assert (found.stance, found.firmness, found.stated_by) == ("opposes", "firm", "Rosa Reed")
    assert found.effective_on == DAY
    assert [source and source.id for source in found.sources] == [world.article.id]


def test_a_later_line_replaces_the_one_before_from_its_day_on(world: World) -> None:
    state(world, world.red, "Red would pay a third.")
    before, after = cell(world, world.red, View(LATER - timedelta(days=1))), cell(world, world.red)
    assert before is not None
    assert after is not None
    assert (before.summary, after.summary) == ("Red does not pay for the dam.", "Red would pay a third.")


def test_nothing_is_stated_before_the_first_day(world: World) -> None:
    found = table(world, view=View(DAY - timedelta(days=1)))
    assert found.stated == 0
    assert found.rows[0].issue.status is None


def test_a_late_entry_shows_on_its_day_but_not_as_known_before(world: World) -> None:
    before = now()
    state(world, world.blue, "Blue pays nothing.", on=DAY + timedelta(days=1))
    late, known = cell(world, world.blue), cell(world, world.blue, View(None, before))
    assert late is not None
    assert known is not None
    assert (late.summary, known.summary) == ("Blue pays nothing.", "Blue would share the cost.")


def test_a_retracted_line_uncovers_the_one_before(world: World) -> None:
    later = state(world, world.red, "Red would pay a third.")
    world.talks.session.flush()
    retract(later, reason="Misread.", by=world.ed)
    found = cell(world, world.red)
    assert found is not None
    assert found.summary == "Red does not pay for the dam."


def test_a_retraction_shows_in_no_view_known_before(world: World) -> None:
    wrong = state(world, world.med, "The mediator pays.")
    world.talks.session.flush()
    known = View(None, wrong.recorded_at)
    retraction = Recorded(wrong.recorded_at + timedelta(hours=1), "Ed")
    retract(wrong, reason="Misread.", by=world.ed, recorded=retraction)
    assert cell(world, world.med) is None
    assert cell(world, world.med, known) is not None


def test_a_correction_takes_the_place_of_what_it_corrects(world: World) -> None:
    hours = [Recorded(now() - timedelta(hours=ago), "Ed") for ago in (2, 1)]
    wrong = state(world, world.red, "Red would pay half.", recorded=hours[0])
    state(world, world.red, "Red would pay a third.", recorded=hours[1])
    world.talks.session.flush()
    state(world, world.red, "Red would pay two thirds.", corrects=Correction(wrong, "Misread."))
    found = cell(world, world.red)
    assert found is not None
    assert found.summary == "Red would pay a third."


@pytest.mark.parametrize("standing", [Standing.VOICE, Standing.LEAK])
def test_voices_and_leaks_fill_no_cell_and_are_counted_beside(world: World, standing: Standing) -> None:
    state(world, world.med, "Some at the mediator's would pay.", standing=standing)
    row = table(world, world.med).rows[0]
    assert row.cells == [None]
    assert row.beside == [Beside(voices=1) if standing is Standing.VOICE else Beside(leaks=1)]
    assert table(world, world.med, view=View(DAY)).rows[0].beside == [None]


def test_member_without_a_line_is_shown_through_its_bloc_and_counted_apart(world: World) -> None:
    found = table(world, world.red, world.coast)
    assert (found.stated, found.through, found.total) == (1, 1, 6)
    beside = found.rows[0].beside[1]
    assert beside is not None
    [(bloc, line)] = beside.through
    assert bloc == "Union of the Shore"
    assert line.summary == "The Union wants Red to pay."
    assert [source and source.id for source in line.sources] == [world.report.id]


def test_a_line_of_its_own_stands_before_the_blocs(world: World) -> None:
    state(world, world.coast, "Coast wants no dam.")
    found = table(world, world.coast)
    assert (found.stated, found.through) == (1, 0)


def test_membership_counts_on_its_days_alone(world: World) -> None:
    membership = world.talks.session.execute(text("SELECT id FROM memberships")).scalar_one()
    for period, speaks in (
        (("2025-12-05", None), False),
        ((None, "2025-12-01"), False),
        ((None, None), True),
    ):
        change = text("UPDATE memberships SET from_on = :start, until_on = :end WHERE id = :id")
        days = [date.fromisoformat(day) if day else None for day in period]
        bound = {"start": days[0], "end": days[1], "id": membership}
        world.talks.session.execute(change.bindparams(**bound))
        assert table(world, world.coast, view=View(DAY)).through == int(speaks), period


def test_stranger_reads_that_a_source_is_withheld(world: World) -> None:
    memo = make_source(world.talks.session, world.talks, "A memo")
    memo.handling = Handling.AMBER
    state(world, world.blue, "Blue pays nothing.", citing=[Cite(memo), world.cite()])
    asked: dict[str, Any] = {"columns": [world.blue], "filters": Filters(), "view": View()}
    [found] = lines(compare(world.talks.session, world.talks, user=None, **asked))
    assert found is not None
    assert [source and source.id for source in found.sources] == [None, world.article.id]


def test_a_source_cited_twice_is_named_once(world: World) -> None:
    state(world, world.med, "The mediator pays.", citing=[world.cite(), Cite(world.article, locator="4")])
    found = cell(world, world.med)
    assert found is not None
    assert len(found.citations) == 2
    assert len(found.sources) == 1
