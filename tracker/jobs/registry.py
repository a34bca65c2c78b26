"""Which work there is, by kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from sqlalchemy.orm import Session

from tracker.intake.web import Web
from tracker.models import Job


class Progress(Protocol):
    """What a work calls to tell how far it is: `progress(done, total)`."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """Commit what was done so far together with how far that is, and end the transaction.

        Raises: Stopped where the worker is to stop; models.job.Lost where another one has the job by now.
        """


@dataclass(frozen=True)
class Means:
    """What works may use, by the settings. `archive`: the pattern of an archive's address; empty: none.

    `check_links`: the days between two looks at an address; 0: none is looked at.
    """

    web: Web = field(default_factory=Web)
    archive: str = ""
    check_links: int = 0

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Means:
        return cls(Web.of(settings["FETCH"]), settings["ARCHIVE"], settings["CHECK_LINKS"])


def means_of(session: Session) -> Means:
    """Give what a work in this session may use."""
    means: Means = session.info["means"]
    return means


Work: TypeAlias = Callable[[Session, Job, Progress], dict[str, Any] | None]
WORKS: dict[str, Work] = {}


class Stopped(Exception):
    """The worker is to stop: the job goes on elsewhere, or later, from what its progress has kept."""


class Later(Exception):
    """It cannot be done now but may be in a while; its text is a sentence fit to show."""


def work(kind: str) -> Callable[[Work], Work]:
    """Register what is done for jobs of a kind: `f(session, job, progress) -> result`.

    The session's first use begins a transaction, on SQLite with the lock that keeps all others from
    writing; `progress` commits and ends it. So a work that waits for the network does that behind
    `progress`, before it touches the session again; `job.asked` stays readable there. What `progress` has
    not kept is committed at the end, with the result, or not at all. A work may be done a second time from
    where its progress stood: it begins at `job.done`. It calls `progress` within models.job.LEASE, else it
    is held to be lost.

    The job's page shows of what was asked {"source": id}, and of a result {"address": "https://...",
    "counts": {"Added": 475}}.

    Refused makes the job fail at once, Later and any other exception after some more tries.
    """

    def register(function: Work) -> Work:
        WORKS[kind] = function
        return function

    return register
