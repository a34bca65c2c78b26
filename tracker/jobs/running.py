"""Running one job: taken by one worker alone, done in transactions of its own, and never kept twice."""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tracker.db import now, writing
from tracker.jobs.registry import WORKS, Later, Means, Stopped
from tracker.models import Fault, Job, Refused, User, act_as
from tracker.models.job import Lost
from tracker.models.refused import N_
from tracker.models.vocabulary import Role

logger = logging.getLogger(__name__)
BROKEN = N_("Something went wrong that this program did not expect; the worker’s log tells what.")
CLOSED = N_("The account that asked for this may not do so any more.")
UNKNOWN = N_("This version does not know this kind of work.")


def take(engine: Engine) -> tuple[int, int] | None:
    """Take the next job that is due: its id and the number of this try; None: there is none."""
    with Session(engine) as session:  # without the lock for writing, which is for when there is something
        if session.scalar(select(Job.id).where(Job.due_at <= now()).limit(1)) is None:
            return None
    with writing(), Session(engine) as session:
        job = Job.take(session)
        taken: tuple[int, int] | None = (job.id, job.tries) if job else None
        session.commit()
        return taken


def run(
    engine: Engine,
    id_: int,
    tries: int,
    *,
    means: Means | None = None,
    is_stopping: Callable[[], bool] = bool,
) -> None:
    """Do a job that was taken, and keep what came of it."""
    with writing(), Session(engine, expire_on_commit=False, info={"means": means or Means()}) as session:
        job = session.get_one(Job, id_)
        try:
            _work(session, job, tries, is_stopping)
        except Lost:
            session.rollback()
            logger.warning("job %s was given to another worker", id_)
        except Stopped:
            _end(session, job, tries, Job.give_back)
        except Refused as refused:
            error = str(refused)
            _end(session, job, tries, lambda job: job.fail(error))
        except Later as later:
            error = str(later)
            _end(session, job, tries, lambda job: job.fail(error, again=True))
        except Exception:
            logger.exception("job %s failed", id_)
            _end(session, job, tries, lambda job: job.fail(BROKEN, again=True))


def _work(session: Session, job: Job, tries: int, is_stopping: Callable[[], bool]) -> None:
    def progress(done: int, total: int | None = None) -> None:
        job.hold(tries)
        job.tell(done, job.total if total is None else total)
        session.commit()
        if is_stopping():
            raise Stopped

    _act(session, job)
    if job.kind not in WORKS:
        raise Refused(Fault("", UNKNOWN))
    _ = job.asked  # deferred: read now, to stay readable where no transaction is open
    result = WORKS[job.kind](session, job, progress)
    job.hold(tries)
    job.finish(result)
    session.commit()


def _act(session: Session, job: Job) -> None:
    """Act as the one who asked, if they may still write the record."""
    user = session.get(User, job.user_id) if job.user_id else None
    if user and not user.may(Role.EDITOR):
        raise Refused(Fault("", CLOSED))
    act_as(session, user or job.asked_by)


def _end(session: Session, job: Job, tries: int, how: Callable[[Job], None]) -> None:
    """Undo what was not kept, and note how the job ended, unless another worker has it by now."""
    session.rollback()
    try:
        job.hold(tries)
    except Lost:
        session.rollback()
        return
    how(job)
    session.commit()
