"""The calendar: all events of a negotiation, past and to come, with when each was last written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Event, Negotiation, Track
from tracker.models.editable import versions_of
from tracker.models.vocabulary import EventKind, EventState
from tracker.queries.happenings import EventFilters, events_wanted

EVENT = Event.__table__.c


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


def dated_events(
    session: Session, negotiation: Negotiation, view: View, filters: EventFilters, id_: int | None = None
) -> list[Dated]:
    """List the events known by then, those wanted or one, the earliest first, in two SQL statements."""
    wanted = events_wanted(negotiation, view, filters)
    if id_ is not None:
        wanted = wanted.where(EVENT.id == id_)
    written = {row[0]: row[1:] for row in session.execute(versions_of(Event, wanted, view.known_at))}
    found = []
    for recorded_at, *event in session.execute(_events(wanted)):
        times, at = written.get(event[0], (1, recorded_at))
        found.append(Dated(max(at, recorded_at), times - 1, *event))
    return found


def _events(wanted: Select[int]) -> Select[Any]:
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
        .where(EVENT.id.in_(wanted))
        .order_by(EVENT.starts_on, EVENT.id)
    )
