"""What the tests of changes share."""

from datetime import date, datetime, timedelta
from typing import Any

from tests.models.acts import change
from tests.world import DAY, World
from tracker.dates import View
from tracker.models.vocabulary import Status
from tracker.queries.changes import Changes, changes
from tracker.queries.corrections import Act as Done
from tracker.queries.corrections import acts_between

LATER, LAST = DAY + timedelta(days=5), DAY + timedelta(days=10)


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
