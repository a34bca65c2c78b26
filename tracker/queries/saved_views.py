"""Saved views: the comparisons that are offered to a reader by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.models import Negotiation, SavedView, User
from tracker.queries.asking import one

VIEW, OWNER = SavedView.__table__.c, User.__table__.c


@dataclass(frozen=True, slots=True)
class SavedViewLine:
    """A saved view to print. `query`: what follows the path of Compare. `owner`: whose; "" for strangers."""

    id: int
    name: str
    query: str
    is_shared: bool
    is_own: bool
    owner: str
    recorded_at: datetime


def saved_views(session: Session, negotiation: Negotiation, user: User | None) -> list[SavedViewLine]:
    """List a user's own views by name, then those that others share, in one SQL statement.

    Strangers are offered what is shared, once published what was shared by then.
    """
    given = {"negotiation": negotiation.id, "user": user.id if user else 0}
    rows = session.execute(_OFFERED, given)
    published = negotiation.published_at if user is None else None
    found = [
        SavedViewLine(
            id=row.id,
            name=row.name,
            query=row.query,
            is_shared=row.is_shared,
            is_own=row.owner_id == given["user"],
            owner=row.owner if user else "",
            recorded_at=row.recorded_at,
        )
        for row in rows
        if published is None or row.recorded_at <= published
    ]
    return sorted(found, key=lambda line: not line.is_own)


_OFFERED = (
    select(
        VIEW.id,
        VIEW.name,
        VIEW.query,
        VIEW.is_shared,
        VIEW.owner_id,
        OWNER.name.label("owner"),
        VIEW.recorded_at,
    )
    .join(User.__table__, OWNER.id == VIEW.owner_id)
    .where(VIEW.negotiation_id == one("negotiation"), or_(VIEW.is_shared, VIEW.owner_id == one("user")))
    .order_by(VIEW.name, VIEW.id)
)
