"""Visits: when a user was last at a negotiation, so that what changed since can be told."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any, Self

from sqlalchemy import ForeignKey, Select, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.db import NEVER_REUSED, Base, Id, Moment

#: Who comes back after a longer time makes a new visit.
PAUSE = timedelta(minutes=30)
_NOTED_EVERY = timedelta(minutes=1)


class Visit(Base):
    """A user's latest visit to a negotiation. `seen_at`: its last page; `before_at`: of the one before."""

    __tablename__ = "visits"
    __table_args__ = (UniqueConstraint("user_id", "negotiation_id"), NEVER_REUSED)
    is_audited = False
    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    negotiation_id: Mapped[int] = mapped_column(ForeignKey("negotiations.id"))
    seen_at: Mapped[Moment]
    before_at: Mapped[Moment | None]

    @classmethod
    def find(cls, session: Session, user_id: int, negotiation_id: int) -> Self | None:
        """Find a user's latest visit to a negotiation."""
        given = {"user": user_id, "negotiation": negotiation_id}
        found: Self | None = session.scalar(_latest(), given)
        return found


def seen_again(seen_at: datetime | None, before_at: datetime | None, moment: datetime) -> datetime | None:
    """Tell up to when a visitor who is here at a moment knew the record; None: never before."""
    if seen_at is not None and moment - seen_at > PAUSE:
        return seen_at
    return before_at


def is_due(seen_at: datetime | None, moment: datetime) -> bool:
    """Tell whether it is time to note that a visitor is here."""
    return seen_at is None or moment - seen_at > _NOTED_EVERY


@cache
def _latest() -> Select[Any]:
    """Write the statement once: every page of the reading room asks it."""
    mine = (Visit.user_id == bindparam("user"), Visit.negotiation_id == bindparam("negotiation"))
    return select(Visit).where(*mine)
