"""What tests of jobs share: doing the next job, looking at one, and a work that writes to the record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tracker.db import writing
from tracker.jobs.registry import Means, Progress
from tracker.jobs.running import run, take
from tracker.models import Job, Source

KIND = "rename"


def look(engine: Engine, id_: int) -> Job:
    """Read a job as it stands."""
    with Session(engine) as session:
        job = session.get_one(Job, id_)
        _ = job.result, job.asked
        return job


def change(engine: Engine, id_: int, **values: Any) -> None:
    with writing(), Session(engine) as session:
        job = session.get_one(Job, id_)
        for name, value in values.items():
            setattr(job, name, value)
        session.commit()


def run_next(engine: Engine, means: Means | None = None) -> bool:
    """Take and do the next job that is due; False: there is none."""
    taken = take(engine)
    if taken is None:
        return False
    run(engine, *taken, means=means)
    return True


def titles(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [*session.scalars(select(Source.title).order_by(Source.id))]


def rename(session: Session, job: Job, progress: Progress) -> dict[str, Any]:
    """Do a work that writes to the record."""
    progress(0, 1)
    source = session.scalars(select(Source).order_by(Source.id)).first()
    assert source is not None
    source.edit({"title": job.asked["title"]})
    return {"source": source.id}
