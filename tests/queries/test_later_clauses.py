"""A clause that was added to a proposal later is read by nobody who asks what was known before."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeAlias

import pytest
from sqlalchemy.orm import Session

from tests.queries.comparing import propose
from tests.queries.comparing import table as compared
from tests.world import DAY, World
from tracker.dates import View
from tracker.db import now
from tracker.models import Proposal, User
from tracker.models.proposal import Tabled
from tracker.queries.clauses import ClauseCell, clause_cells, proposals_on
from tracker.queries.concordance import clauses_of
from tracker.queries.connections import clauses_on
from tracker.queries.happenings import list_proposals
from tracker.queries.resting import rests_on
from tracker.queries.succession import Happening, Wanted
from tracker.queries.timeline import timeline

Reads: TypeAlias = Callable[[World, Proposal, View], Any]


@pytest.fixture
def plan(world: World, session: Session) -> Proposal:
    """Table a plan with a clause on the water."""
    plan = propose(world, source=world.article, clauses=[("1", "Red pays.", [world.water])])
    session.commit()
    return plan


@pytest.fixture
def before(plan: Proposal, world: World, session: Session) -> View:
    """Add a clause on the water and the border to the plan; gives the view known before that."""
    before = View(known_at=now())
    plan.add_clauses([Tabled("2", "In gold.", "para 4", [world.water, world.border])])
    session.commit()
    return before


def of_the_text(world: World, plan: Proposal, view: View) -> Any:
    [text] = proposals_on(plan.session, world.talks, view, None)
    found = clauses_of(plan.session, world.talks, text, view, None)
    return [(each.number, len(each.issues)) for each in found]


def on_the_issue(world: World, plan: Proposal, view: View) -> Any:
    return [(each.number, each.text) for each in clauses_on(plan.session, world.water, view, None)]


def in_the_list(world: World, plan: Proposal, view: View) -> Any:
    [record] = list_proposals(plan.session, world.talks, view, None).records
    return [clause.number for clause in record.clauses]


def in_the_cells(world: World, plan: Proposal, view: View) -> Any:
    found = clause_cells(
        plan.session,
        [world.water.id, world.border.id],
        proposals_on(plan.session, world.talks, view, None),
        view,
        None,
    )
    return {place[0]: [clause.number for clause in cell.clauses] for place, cell in found.items()}


def in_the_comparison(world: World, plan: Proposal, view: View) -> Any:
    columns = proposals_on(plan.session, world.talks, view, None)
    found = compared(world, columns=columns, view=view).rows
    return [len(cell.clauses) for row in found for cell in row.cells if isinstance(cell, ClauseCell)]


def among_the_differences(world: World, plan: Proposal, view: View) -> Any:
    columns = proposals_on(plan.session, world.talks, view, None)
    asked: dict[str, Any] = {"baseline": DAY - timedelta(days=1), "differences": True}
    return [row.issue.key for row in compared(world, columns=columns, view=view, **asked).rows]


def on_the_timeline(world: World, plan: Proposal, view: View) -> Any:
    wanted = Wanted(kinds=(Happening.PROPOSAL,))
    days = timeline(plan.session, world.talks, view, None, wanted).days
    return [[i.key for i in line.proposal.issues] for _, day in days for line in day if line.proposal]


def on_the_timeline_of_the_border(world: World, plan: Proposal, view: View) -> Any:
    wanted = Wanted(kinds=(Happening.PROPOSAL,), numbers=(2,))
    return len(timeline(plan.session, world.talks, view, None, wanted).days)


@pytest.mark.parametrize(
    ("read", "then", "since"),
    [
        (of_the_text, [("1", 1)], [("1", 1), ("2", 2)]),
        (on_the_issue, [("1", "Red pays.")], [("1", "Red pays."), ("2", "In gold.")]),
        (in_the_list, ["1"], ["1", "2"]),
        (in_the_cells, {1: ["1"]}, {1: ["1", "2"], 2: ["2"]}),
        (in_the_comparison, [1], [2, 1]),
        (among_the_differences, ["TK-1"], ["TK-1", "TK-2"]),
        (on_the_timeline, [["TK-1"]], [["TK-1", "TK-2"]]),
        (on_the_timeline_of_the_border, 0, 1),
    ],
)
def test_what_was_known_before_is_without_it(
    world: World, plan: Proposal, before: View, read: Reads, then: Any, since: Any
) -> None:
    assert read(world, plan, before) == then
    assert read(world, plan, View(known_at=now())) == since
    assert read(world, plan, View()) == since


@pytest.mark.usefixtures("before")
def test_a_source_counts_for_strangers_the_clauses_that_were_published(
    world: World, plan: Proposal, session: Session
) -> None:
    def counted(user: User | None) -> list[int]:
        return [each.clauses for each in rests_on(session, world.article, user, 1).proposals]

    assert counted(None) == counted(world.vera) == [2]
    world.talks.publish()
    session.commit()
    plan.add_clauses([Tabled("3", "In silver.")])
    session.commit()
    assert (counted(None), counted(world.vera)) == ([2], [3])
