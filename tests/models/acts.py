"""Short forms of the verbs: what is not given is such that the verb is accepted."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.world import DAY, World
from tracker.models import Dating, Issue, Party, Position, Recorded, Refused, StatusChange, StatusClaim
from tracker.models.claim import claim_status
from tracker.models.retraction import Subject, retract
from tracker.models.vocabulary import Stance, Status

#: When imported entries were recorded: minute 0 of the tests' time.
NOON = datetime(2025, 12, 10, 12, tzinfo=UTC)


def at(minute: int, **more: Any) -> Recorded:
    """Say that something was recorded by Ed so many minutes past NOON."""
    return Recorded(NOON + timedelta(minutes=minute), "Ed", **more)


@contextmanager
def refuses(*fields: str) -> Iterator[None]:
    """Hold that what is done inside is refused for faults of these fields, and of no others."""
    with pytest.raises(Refused) as caught:
        yield
    assert {fault.field for fault in caught.value.faults} == set(fields)
    assert str(caught.value)  # the message takes its values


def change(world: World, status: Status, on: date = DAY, **more: Any) -> StatusChange:
    """Change the status of the border, or of another issue."""
    issue: Issue = more.pop("issue", world.border)
    given: dict[str, Any] = {
        "citing": [world.cite()],
        "by": world.ed,
        "dating": Dating(on),
        "reason": "So it was said.",
    }
    return issue.change_status(status, **given | more)


def state(world: World, party: Party, on: date = DAY, **more: Any) -> Position:
    """State a party's position on the border, or on another issue."""
    issue: Issue = more.pop("issue", world.border)
    given: dict[str, Any] = {
        "citing": [world.cite()],
        "by": world.ed,
        "stance": Stance.SUPPORTS,
        "summary": "It is for it.",
        "dating": Dating(on),
    }
    return issue.state_position(party, **given | more)


def claim(world: World, party: Party, on: date = DAY, **more: Any) -> StatusClaim:
    """Enter what a party says of the talks as a whole, or of an issue."""
    given: dict[str, Any] = {"citing": [world.cite()], "by": world.ed, "dating": Dating(on), "share": 90}
    return claim_status(world.talks, party, **given | more)


def withdraw(world: World, subject: Subject, **more: Any) -> None:
    """Retract something, or raise what is wrong."""
    given: dict[str, Any] = {"reason": "It was wrong.", "by": world.ed} | more
    retract(subject, **given).refuse()
