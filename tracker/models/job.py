"""Jobs: work that is done behind the pages, each with what was asked, how far it is and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, Select, delete, select, true
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column

from tracker.db import NEVER_REUSED, PROSE, Base, Code, Id, Moment, Prose, Title, now
from tracker.models.guard import FIXED
from tracker.models.refused import N_, Fault, Refused
from tracker.models.user import User
from tracker.models.vocabulary import Role, Word, choice

#: A running job of which nothing was heard for so long is held to be lost: its worker died.
LEASE = timedelta(minutes=5)
MOST_TRIES = 5
KEPT = timedelta(days=30)
_FIRST_PAUSE, _GROWS_BY = timedelta(seconds=15), 4
LOST = N_("The worker stopped in the middle of it.")


class JobState(Word):
    WAITING = "waiting", N_("Waiting")
    RUNNING = "running", N_("Running")
    DONE = "done", N_("Done")
    FAILED = "failed", N_("Failed")


class JobKind(Word):
    """The kinds of work there are, in words; what is done for each is registered in tracker/jobs/."""

    ARCHIVE = "archive", N_("Archived copy of a source")
    LINKS = "links", N_("Check of links")
    REFERENCES = "references", N_("Add a list of references")


class Lost(Exception):
    """A job was given to another worker while this one worked on it: nothing of this one may be kept."""


class Job(Base):
    """One piece of work: written with the request that asks for it, and so asked for only if that is saved.

    `due_at`: while it waits, the moment from which it may begin; while it runs, the moment from which it is
    held to be lost; None: it has ended. `done` of `total` is kept in the transaction of the work itself.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_due_at", "due_at"),
        Index("ix_jobs_user", "user_id"),
        NEVER_REUSED,
    )
    is_audited = False
    id: Mapped[Id]
    kind: Mapped[Code] = mapped_column(info=FIXED)
    state: Mapped[JobState] = mapped_column(choice(JobState), default=JobState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[Prose] = mapped_column(default="")
    asked: Mapped[dict[str, Any]] = deferred(mapped_column(JSON, nullable=False, info=FIXED))
    result: Mapped[dict[str, Any] | None] = deferred(mapped_column(JSON(none_as_null=True), nullable=True))
    asked_by: Mapped[Title] = mapped_column(info=FIXED)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), info=FIXED)
    recorded_at: Mapped[Moment] = mapped_column(info=FIXED)
    started_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    due_at: Mapped[Moment | None]

    @classmethod
    def add(cls, session: Session, kind: str, asked: Mapping[str, Any], *, by: User | str) -> Self:
        """Ask for work in the transaction at hand; a worker takes it up when that is committed.

        Raises: Refused where what is asked could not be stored.
        """
        try:
            json.dumps(asked, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise Refused(Fault("", N_("This text holds half a character (a lone surrogate)."))) from None
        moment = now()
        job = cls(kind=kind, asked=dict(asked), recorded_at=moment, due_at=moment)
        job.asked_by, job.user_id = (by, None) if isinstance(by, str) else (by.name, by.id)
        session.add(job)
        return job

    @classmethod
    def visible_to(cls, user: User) -> ColumnElement[bool]:
        """Say in SQL which jobs a user sees: one's own, administrators all."""
        return true() if user.may(Role.ADMIN) else cls.user_id == user.id

    @classmethod
    def find(cls, session: Session, id_: int, user: User) -> Self | None:
        """Find a job by its id, if the user sees it."""
        found: Self | None = session.scalar(select(cls).where(cls.id == id_, cls.visible_to(user)))
        return found

    @classmethod
    def is_under_way(cls, session: Session, kind: str) -> bool:
        """Tell whether a job of this kind waits or runs."""
        query = select(cls.id).where(cls.kind == kind, cls.due_at.is_not(None)).limit(1)
        return session.scalar(query) is not None

    @classmethod
    def next_due(cls, moment: datetime) -> Select[Any]:
        """Ask for the job that comes next, the one due longest first, for the worker that shall have it."""
        query = select(cls).where(cls.due_at <= moment).order_by(cls.due_at, cls.id).limit(1)
        return query.with_for_update(skip_locked=True)

    @classmethod
    def take(cls, session: Session) -> Self | None:
        """Take the next job that is due, in a transaction of its own, so that no other worker has it too.

        One that was lost is taken again, or has failed when it was tried too often.
        """
        moment = now()
        job: Self | None
        while (job := session.scalar(cls.next_due(moment))) is not None and job.tries >= MOST_TRIES:
            job.fail(LOST)
            session.flush()
        if job is not None:
            job.state, job.tries = JobState.RUNNING, job.tries + 1
            job.started_at, job.due_at = moment, moment + LEASE
        return job

    def hold(self, tries: int) -> None:
        """Hold that this job is still in the hands of the worker that took it for the nth try; lock it.

        Raises: Lost.
        """
        query = select(Job.state, Job.tries).where(Job.id == self.id).with_for_update()
        if self.session.execute(query).one_or_none() != (JobState.RUNNING, tries):
            raise Lost

    def tell(self, done: int, total: int | None) -> None:
        """Note how far it is, which also says that its worker lives."""
        self.done, self.total, self.due_at = done, total, now() + LEASE

    def finish(self, result: Mapping[str, Any] | None) -> None:
        self.state, self.error, self.result = JobState.DONE, "", dict(result) if result is not None else None
        self.ended_at, self.due_at = now(), None

    def fail(self, error: str, *, again: bool = False) -> None:
        """Note why it failed; `again`: try once more after a pause that grows, unless it was tried enough."""
        self.error = error[:PROSE]
        if again and self.tries < MOST_TRIES:
            self.state = JobState.WAITING
            self.due_at = now() + _FIRST_PAUSE * _GROWS_BY ** (self.tries - 1)
        else:
            self.state, self.ended_at, self.due_at = JobState.FAILED, now(), None

    def give_back(self) -> None:
        """Let another worker take it at once: this one stops, which is no failure of the job."""
        self.state, self.tries, self.due_at = JobState.WAITING, self.tries - 1, now()

    def try_again(self) -> None:
        """Begin anew with a failed job; what it has kept already stays done.

        Raises: Refused.
        """
        if self.state is not JobState.FAILED:
            raise Refused(Fault("", N_("Only a job that failed can be tried again.")))
        self.state, self.tries, self.error = JobState.WAITING, 0, ""
        self.ended_at, self.due_at = None, now()

    @classmethod
    def forget_old(cls, session: Session) -> None:
        """Delete what ended long ago."""
        session.execute(delete(cls).where(cls.ended_at < now() - KEPT))
