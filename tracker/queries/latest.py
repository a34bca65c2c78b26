"""The latest entries of a negotiation, in the order in which they were recorded."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.db import past_index
from tracker.models import Negotiation, User
from tracker.models.entry import counts
from tracker.queries.asking import At, asked, many, one
from tracker.queries.entries import ENTRY, EntryLine, entry_lines, read_entries

SHOWN = 10


def latest_entries(
    session: Session, negotiation: Negotiation, view: View, user: User | None, limit: int = SHOWN
) -> list[EntryLine]:
    """List the entries recorded last that count, newest first, in three SQL statements."""
    ids = _latest(session, view, negotiation=negotiation.id, limit=limit).scalars().all()
    rows = _lines(session, view, ids=ids).all() if ids else []
    found = {entry.id: entry for entry in read_entries(session, rows, view, user)}
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


@asked
def _lines(at: At) -> Select[Any]:
    return entry_lines(at).where(ENTRY.id.in_(many("ids")))
