"""The latest entries of a negotiation, in the order in which they were recorded."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.db import past_index
from tracker.models import Negotiation, User
from tracker.models.entry import counts
from tracker.queries.asking import At, asked, one
from tracker.queries.entries import ENTRY, EntryLine, entries_named

SHOWN = 10


def latest_entries(
    session: Session, negotiation: Negotiation, view: View, user: User | None, limit: int = SHOWN
) -> list[EntryLine]:
    """List the entries recorded last that count, newest first, in three SQL statements."""
    ids = _latest(session, view, negotiation=negotiation.id, limit=limit).scalars().all()
    found = entries_named(session, ids, view, user)
    return [found[id_] for id_ in ids]


@asked
def _latest(at: At) -> Select[Any]:
    """Walk the entries as they were recorded, and no further than asked."""
    return (
        select(ENTRY.id)
        .where(ENTRY.negotiation_id == one("negotiation"))
        .where(past_index(counts(ENTRY, at.day, at.known_at)))
        .order_by(ENTRY.recorded_at.desc(), ENTRY.id.desc())
        .limit(one("limit"))
    )
