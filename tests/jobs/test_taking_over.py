"""Jobs whose worker dies, sleeps or stops in the middle: taken over, and never kept twice."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.jobs.works import KIND, change, look, rename, run_next, titles
from tracker.db import now
from tracker.jobs.registry import Progress, work
from tracker.jobs.running import run, take
from tracker.models import AuditEntry, Job
from tracker.models.job import LEASE, LOST, MOST_TRIES, JobState


def test_a_job_whose_worker_died_is_taken_up_again(engine: Engine, asked: int) -> None:
    work(KIND)(rename)
    assert take(engine) == (asked, 1)  # and that worker is never heard of again
    assert not run_next(engine)
    change(engine, asked, due_at=now() - timedelta(seconds=1))
    assert run_next(engine)
    job = look(engine, asked)
    assert (job.state, job.tries) == (JobState.DONE, 2)


def test_a_job_whose_workers_died_again_and_again_has_failed(engine: Engine, asked: int) -> None:
    change(engine, asked, state=JobState.RUNNING, tries=MOST_TRIES, due_at=now() - timedelta(seconds=1))
    assert not run_next(engine)
    job = look(engine, asked)
    assert (job.state, job.error) == (JobState.FAILED, LOST)


def test_a_worker_that_comes_back_too_late_keeps_nothing(engine: Engine, asked: int) -> None:
    """It slept for longer than the lease, and another worker has done the job."""
    work(KIND)(rename)
    turns: list[int] = []

    def sleep(session: Session, job: Job, progress: Progress) -> dict[str, Any]:
        progress(0, 1)
        if not turns:
            turns.append(1)
            change(engine, asked, due_at=now() - timedelta(seconds=1))
            assert run_next(engine)
            job.asked["title"] = "Written too late"
        return rename(session, job, progress)

    work(KIND)(sleep)
    run_next(engine)
    assert titles(engine)[0] == "A new title"
    job = look(engine, asked)
    assert (job.state, job.tries) == (JobState.DONE, 2)
    with Session(engine) as session:
        assert not any("too late" in body for body in session.scalars(select(AuditEntry.body)))


def test_a_worker_that_stops_gives_its_job_back(engine: Engine, asked: int) -> None:
    work(KIND)(rename)
    taken = take(engine)
    assert taken
    run(engine, *taken, is_stopping=lambda: True)
    job = look(engine, asked)
    assert (job.state, job.tries, job.error) == (JobState.WAITING, 0, "")
    assert run_next(engine)
    assert look(engine, asked).state is JobState.DONE


def test_a_worker_killed_in_the_middle_leaves_nothing_half_done(
    engine: Engine, asked: int, database_url: str
) -> None:
    script = f"""
import os, sys
from tests.jobs.works import rename, run_next
from tracker.db import make_engine
from tracker.jobs.registry import work
@work({KIND!r})
def die(session, job, progress):
    rename(session, job, progress)
    session.flush()
    os.kill(os.getpid(), 9)
run_next(make_engine(sys.argv[1]))
"""
    before = titles(engine)
    engine.dispose()
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ended = subprocess.run([sys.executable, "-c", script, database_url], env=environment, check=False)
    assert ended.returncode == -9
    assert titles(engine) == before
    job = look(engine, asked)
    assert job.state is JobState.RUNNING
    assert job.due_at
    assert now() < job.due_at <= now() + LEASE
    change(engine, asked, due_at=now())
    work(KIND)(rename)
    assert run_next(engine)
    assert titles(engine)[0] == "A new title"
