"""The worker: huey's threads, clock and signals over the rows of `jobs`, where all that waits waits."""

from __future__ import annotations

import os
import signal
from typing import Any

from huey import MemoryHuey, crontab
from huey.consumer import Consumer, ConsumerStopped
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tracker.db import make_engine, writing
from tracker.jobs import archiving, links, reference_lists
from tracker.jobs.registry import Means
from tracker.jobs.running import run, take
from tracker.models import Job

#: Jobs at once: a long one does not keep the short ones waiting.
THREADS = 2
#: So many seconds a job has to come to its next step when the worker is told to stop.
GRACE = 10.0
#: A free thread looks for work after so many seconds, at the latest.
LOOKS_EVERY = 1.0
#: Each is work only by being imported.
KNOWN = (archiving, links, reference_lists)


class _Queue(MemoryHuey):  # type: ignore[misc]
    """Huey's own queue, in which the clock puts what is periodic, and behind it the table of jobs."""

    def __init__(self, engine: Engine, means: Means) -> None:
        super().__init__("tracker", results=False)
        self.engine, self.means = engine, means
        self.consumer = _Consumer(
            self,
            workers=THREADS,
            max_delay=LOOKS_EVERY,
            shutdown_timeout=GRACE,
            graceful_signal="TERM",
        )
        self.run_job = self.task(name="run_job")(self._run)
        self.periodic_task(crontab(minute="*/10"), name="tidy")(self._tidy)

    def dequeue(self) -> Any:
        if (task := super().dequeue()) is not None:
            return task
        taken = take(self.engine)
        return taken and self.run_job.s(*taken)

    def _run(self, id_: int, tries: int) -> None:
        run(self.engine, id_, tries, means=self.means, is_stopping=self.consumer.stop_flag.is_set)

    def _tidy(self) -> None:
        tidy(self.engine, self.means)


def tidy(engine: Engine, means: Means) -> None:
    """Forget old jobs, and ask for the check of links where it is due; any number of workers may."""
    with writing(), Session(engine) as session:
        if engine.dialect.name == "postgresql":  # SQLite's writers wait for each other anyway
            session.execute(select(func.pg_advisory_xact_lock(func.hashtext("tracker.jobs.tidy"))))
        Job.forget_old(session)
        links.ask(session, means)
        session.commit()


class _Consumer(Consumer):  # type: ignore[misc]
    """Stops at SIGTERM and SIGINT, each job at its next step; and with the process that started it."""

    parent: int | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Not SIGHUP: huey would start the command anew, which in a child is another one.
        self._signal_actions = dict.fromkeys((signal.SIGTERM, signal.SIGINT), (False, True))

    def loop(self, health_check_ts: float | None = None) -> Any:
        if self.parent is not None and os.getppid() != self.parent:
            self.stop(graceful=True)
            raise ConsumerStopped
        return super().loop(health_check_ts)


def work_on(settings: dict[str, Any], *, parent: int | None = None) -> None:
    """Do jobs until told to stop, or until the process that started this one is gone (`parent`: its id)."""
    engine = make_engine(settings["SQLALCHEMY_DATABASE_URI"])
    try:
        queue = _Queue(engine, Means.of(settings))
        queue.consumer.parent = parent
        queue.consumer.run()
    finally:
        engine.dispose()
