"""What the tests of comparing share."""

from datetime import date, timedelta
from typing import Any

from tests.world import DAY, World
from tracker.dates import View
from tracker.models import Clause, ClauseIssue, Dating, Party, Proposal, Source, User
from tracker.models.vocabulary import Stance
from tracker.queries.cells import Cell
from tracker.queries.clauses import ClauseCell, ProposalLine, proposals_on
from tracker.queries.comparison import Arrangement, Comparison, compare
from tracker.queries.issue_list import Filters

NOW = View()
LATER = DAY + timedelta(days=10)


def table(world: World, *parties: Party, user: User | None = None, **asked: Any) -> Comparison:
    """Compare as a signed-in user sees it, or as asked."""
    given: dict[str, Any] = {"filters": Filters(), "view": NOW, "page": 1} | asked
    arranged = {
        name: given.pop(name) for name in ("sort", "differences", "is_swapped", "folds") if name in given
    }
    given["arrangement"] = Arrangement(**arranged)
    session = world.talks.session
    session.flush()
    given.setdefault("columns", parties or world.talks.parties)
    return compare(session, world.talks, user=user or world.vera, **given)


def cell(world: World, party: Party, view: View = NOW, **asked: Any) -> Cell | None:
    """Give the cell of the water and a party."""
    return lines(table(world, party, view=view, **asked))[0]


def lines(found: Comparison, row: int = 0) -> list[Cell | None]:
    """Give the cells of a row in a table without tabled texts."""
    cells = found.rows[row].cells
    assert not any(isinstance(each, ClauseCell) for each in cells)
    return [each if isinstance(each, Cell) else None for each in cells]


def keys(found: Comparison) -> list[str]:
    """Give the keys of the rows."""
    return [row.issue.key for row in found.rows]


def state(world: World, party: Party, summary: str, on: date = LATER, **more: Any) -> Any:
    """State a position on the water."""
    given: dict[str, Any] = {"stance": Stance.PROPOSES, "citing": [world.cite()]} | more
    issue = given.pop("issue", world.water)
    return issue.state_position(party, summary=summary, dating=Dating(on), by=world.ed, **given)


def propose(
    world: World, title: str = "Plan", on: date | None = DAY, source: Source | None = None, **more: Any
) -> Proposal:
    """Table a text of Red with two clauses on the water, or with other clauses: number, text, issues."""
    given: dict[str, Any] = {
        "clauses": [("1", "Red pays.", [world.water]), ("2", "In gold.", [world.water])]
    } | more
    proposal = Proposal(negotiation=world.talks, title=title, tabled_by=["red"], tabled_on=on, source=source)
    for number, text, issues in given["clauses"]:
        clause = Clause(number=number, text=text, locator=f"point {number}")
        clause.touches = [ClauseIssue(issue=issue) for issue in issues]
        proposal.clauses.append(clause)
    proposal.add(world.talks.session, by=world.ed)
    world.talks.session.flush()
    return proposal


def texts(world: World, view: View = NOW, user: User | None = None) -> list[ProposalLine]:
    """Give the texts on the table, as columns."""
    return proposals_on(world.talks.session, world.talks, view, user)
