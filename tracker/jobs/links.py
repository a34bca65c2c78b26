"""The check of links."""

from sqlalchemy.orm import Session

from tracker.jobs.registry import Means


def ask(session: Session, means: Means) -> None: ...
