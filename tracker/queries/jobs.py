"""Jobs: the list of those one may see, and one with what was asked and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Job, Negotiation, Source, User
from tracker.models.job import JobKind, JobState
from tracker.queries.paging import Paging, paging


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job in a list. `due_at`: while it waits, from when on it may begin."""

    id: int
    kind: str
    state: JobState
    done: int
    total: int | None
    tries: int
    error: str
    asked_by: str
    recorded_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None

    @property
    def label(self) -> str:
        """The kind in words; a kind that only another version knows is named as it is stored."""
        return JobKind(self.kind).label if self.kind in [*JobKind] else self.kind

    @property
    def is_under_way(self) -> bool:
        return self.state in (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class JobPage:
    """A job with the source it is about, where the reader may see that, and what came of it.

    `address`: an address that it found; `counts`: how many of what, in words; `filed_under`: the negotiations
    under which it filed sources; `left_out`: number, title and why of what it did not take over.
    """

    row: JobRow
    source_id: int | None
    source_title: str | None
    address: str
    counts: dict[str, int] = field(default_factory=dict)
    filed_under: Sequence[str] = ()
    left_out: Sequence[tuple[int, str, str]] = ()


@dataclass(frozen=True, slots=True)
class JobList:
    rows: list[JobRow]
    paging: Paging


_ROW: Any = [getattr(Job, name) for name in JobRow.__slots__]


def list_jobs(session: Session, user: User, page: int) -> JobList:
    """List a page of the jobs that a user may see, the last asked for first. Two SQL statements."""
    query = select(*_ROW).where(Job.visible_to(user)).order_by(Job.id.desc())
    shown = paging(session, query, page)
    found = session.execute(query.offset(shown.offset).limit(shown.size))
    return JobList([JobRow(**row._mapping) for row in found], shown)


def job_page(session: Session, id_: int, user: User) -> JobPage | None:
    """Give a job, if the user may see it."""
    query = select(*_ROW, Job.asked, Job.result).where(Job.id == id_, Job.visible_to(user))
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    *values, asked, result = found
    asked, result = asked or {}, result or {}
    id_of_source = asked.get("source")
    source = Source.find(session, id_of_source, user) if isinstance(id_of_source, int) else None
    return JobPage(
        row=JobRow(*values),
        source_id=source.id if source else None,
        source_title=source.title if source else None,
        address=str(result.get("address", "")) if source or not id_of_source else "",
        counts={str(name): int(count) for name, count in result.get("counts", {}).items()},
        filed_under=_seen(session, asked.get("filed_under", ()), user),
        left_out=[(int(number), str(title), str(why)) for number, title, why in result.get("left_out", ())],
    )


def _seen(session: Session, codes: Sequence[str], user: User) -> list[str]:
    """Leave out the negotiations that the user does not see."""
    if not codes:
        return []
    query = select(Negotiation.code).where(Negotiation.code.in_(codes), Negotiation.visible_to(user))
    return [*session.scalars(query.order_by(Negotiation.code))]
