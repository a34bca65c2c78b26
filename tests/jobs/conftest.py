"""A fresh database of either kind, on which Ed asked for a job."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.intake.conftest import server
from tests.jobs.works import KIND, rename
from tests.world import make_world
from tracker.db import writing
from tracker.jobs.registry import WORKS
from tracker.models import Job

__all__ = ["server"]


@pytest.fixture(autouse=True)
def _forget_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register works for one test alone."""
    monkeypatch.setitem(WORKS, KIND, rename)
    del WORKS[KIND]


@pytest.fixture
def asked(engine: Engine) -> int:
    """Ask for a job as Ed, about the article of the world."""
    with writing(), Session(engine) as session:
        world = make_world(session)
        job = Job.add(session, KIND, {"title": "A new title"}, by=world.ed)
        session.commit()
        return job.id
