"""The calendar: all events of a negotiation, past and to come, with when each was last written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Event, Negotiation, Track
from tracker.models.audit import AuditEntry
from tracker.models.entry import known
from tracker.models.vocabulary import EventKind, EventState
from tracker.queries.asking import At, asked, one

EVENT, TOLD = Event.__table__.c, AuditEntry.__table__.c


@dataclass(frozen=True, slots=True)
class Dated:
    """An event for a calendar. `participants`: party codes; `track`: its title.

    `written_at`: when it was last written, as known; `edits`: how often since it was recorded.
    """

    written_at: datetime
    edits: int
    id: int
    uid: str
    kind: EventKind
    state: EventState
    title: str
    starts_on: date
    ends_on: date | None
    place: str
    participants: Sequence[str]
    track: str | None


def dated_events(session: Session, negotiation: Negotiation, view: View) -> list[Dated]:
    """List all events known by then, the earliest first, in two SQL statements."""
    given = {"negotiation": negotiation.id}
    written = {row[0]: row[1:] for row in _written(session, view, **given)}
    found = []
    for recorded_at, *event in _events(session, view, **given):
        times, at = written.get(event[0], (1, recorded_at))
        found.append(Dated(max(at, recorded_at), times - 1, *event))
    return found


@asked
def _events(at: At) -> Select[Any]:
    return (
        select(
            EVENT.recorded_at,
            EVENT.id,
            EVENT.uid,
            EVENT.kind,
            EVENT.state,
            EVENT.title,
            EVENT.starts_on,
            EVENT.ends_on,
            EVENT.place,
            EVENT.participants,
            Track.__table__.c.title,
        )
        .outerjoin(Track.__table__, Track.__table__.c.id == EVENT.track_id)
        .where(EVENT.negotiation_id == one("negotiation"), *known(EVENT, at.known_at))
        .order_by(EVENT.starts_on, EVENT.id)
    )


@asked
def _written(at: At) -> Select[Any]:
    """Count the writes of each event, as the log tells them, and find the last."""
    query = (
        select(TOLD.row_id, func.count(), func.max(TOLD.at))
        .join(Event.__table__, EVENT.id == TOLD.row_id)
        .where(TOLD.table_name == Event.__tablename__, EVENT.negotiation_id == one("negotiation"))
        .group_by(TOLD.row_id)
    )
    return query if at.known_at is None else query.where(TOLD.at <= at.known_at)
