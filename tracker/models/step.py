"""Steps: what it means to go from one status in force to the next."""

from __future__ import annotations

from functools import cache

from tracker.models.refused import N_
from tracker.models.vocabulary import Status, Word


class Step(Word):
    """What it means to go from one status in force to the next."""

    OPENED = "opened", N_("Opened")
    ADVANCED = "advanced", N_("Advanced")
    SLIPPED = "slipped", N_("Slipped back")
    SIDELINED = "sidelined", N_("Sidelined")
    RESUMED = "resumed", N_("Resumed")
    DROPPED = "dropped", N_("Dropped")
    OVERTAKEN = "overtaken", N_("Overtaken")
    CHANGED = "changed", N_("Changed")


@cache
def step(before: Status | None, after: Status) -> Step:
    """Name the step from one status in force to the next of the same issue and track."""
    if before is None:
        return Step.OPENED
    if after is before:
        return Step.CHANGED
    if after in (Status.DROPPED, Status.OVERTAKEN):
        return Step.DROPPED if after is Status.DROPPED else Step.OVERTAKEN
    if after.is_standing_still:
        if before.is_standing_still:
            return Step.CHANGED
        return Step.SLIPPED if before.is_agreed else Step.SIDELINED
    if before.rank is None or after.rank is None:
        return Step.RESUMED
    if after.rank == before.rank:
        return Step.CHANGED
    return Step.ADVANCED if after.rank > before.rank else Step.SLIPPED
