"""What the tests of comparing share."""

from datetime import date, timedelta
from typing import Any

from tests.world import DAY, World
from tracker.dates import View
from tracker.models import Dating, Party, User
from tracker.models.vocabulary import Stance
from tracker.queries.cells import Cell
from tracker.queries.comparison import Comparison, compare
from tracker.queries.issue_list import Filters

NOW = View()
LATER = DAY + timedelta(days=10)


def table(world: World, *parties: Party, user: User | None = None, **asked: Any) -> Comparison:
    """Compare as a signed-in user sees it, or as asked."""
    given: dict[str, Any] = {"filters": Filters(), "view": NOW, "page": 1} | asked
    session = world.talks.session
    session.flush()
    columns = parties or world.talks.parties
    return compare(session, world.talks, parties=columns, user=user or world.vera, **given)


def cell(world: World, party: Party, view: View = NOW, **asked: Any) -> Cell | None:
    """Give the cell of the water and a party."""
    return table(world, party, view=view, **asked).rows[0].cells[0]


def state(world: World, party: Party, summary: str, on: date = LATER, **more: Any) -> Any:
    """State a position on the water."""
    given: dict[str, Any] = {"stance": Stance.PROPOSES, "citing": [world.cite()]} | more
    issue = given.pop("issue", world.water)
    return issue.state_position(party, summary=summary, dating=Dating(on), by=world.ed, **given)
