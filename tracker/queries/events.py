"""Events as lines to print, and what was recorded at one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Event, Issue, Negotiation, Track, User
from tracker.models.entry import known, standing
from tracker.models.vocabulary import EventKind, EventState
from tracker.queries.asking import At, asked, many, one
from tracker.queries.entries import ENTRY, STANDING, EntryLine, entry_lines, read_entries
from tracker.queries.ladder import IssueName
from tracker.queries.paging import Paging
from tracker.queries.references import Reference, references

EVENT, ISSUE, TRACK = Event.__table__.c, Issue.__table__.c, Track.__table__.c
ENTRIES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event to print. `participants`: party codes; `track`: its title."""

    references: Sequence[Reference]
    id: int
    kind: EventKind
    state: EventState
    title: str
    starts_on: date
    ends_on: date | None
    place: str
    participants: Sequence[str]
    track: str | None

    def days_left(self, today: date) -> int:
        """Count the days until it begins; below 0 it has begun."""
        return (self.starts_on - today).days

    def is_over(self, today: date) -> bool:
        """Tell whether its last day has passed."""
        return (self.ends_on or self.starts_on) < today


@dataclass(frozen=True)
class EventFile:
    """An event, and a page of what was recorded at it by issue; None stands for the whole talks."""

    event: EventLine
    issues: Sequence[tuple[IssueName | None, Sequence[EntryLine]]]
    paging: Paging


def events_named(session: Session, ids: Sequence[int], view: View, user: User | None) -> dict[int, EventLine]:
    """Load events known by then by their ids, in two SQL statements, none where there are no ids."""
    rows = _events(session, view, ids=ids).all() if ids else []
    cited = references(session, ids, user, view.known_at, of_events=True)
    found = {row[0]: EventLine(cited[row[0]], *row) for row in rows}
    return {id_: found[id_] for id_ in ids if id_ in found}


@asked
def _events(at: At) -> Select[Any]:
    return (
        select(
            EVENT.id,
            EVENT.kind,
            EVENT.state,
            EVENT.title,
            EVENT.starts_on,
            EVENT.ends_on,
            EVENT.place,
            EVENT.participants,
            TRACK.title,
        )
        .outerjoin(Track.__table__, TRACK.id == EVENT.track_id)
        .where(EVENT.id.in_(many("ids")), *known(EVENT, at.known_at))
    )


def event_file(
    session: Session, negotiation: Negotiation, id_: int, view: View, user: User | None, *, page: int = 1
) -> EventFile | None:
    """Tell what was recorded at an event, in five SQL statements; None: it was not known by then."""
    event = events_named(session, [id_], view, user).get(id_)
    if event is None:
        return None
    shown = Paging(page, _counted(session, view, event=id_).scalar_one(), ENTRIES_SHOWN)
    rows = _recorded_at(session, view, event=id_, shown=shown.size, before=shown.offset).all()
    issues: dict[IssueName | None, list[EntryLine]] = {}
    for entry in read_entries(session, rows, view, user):
        issues.setdefault(_name(negotiation, entry), []).append(entry)
    return EventFile(event, [*issues.items()], shown)


def _name(negotiation: Negotiation, entry: EntryLine) -> IssueName | None:
    if entry.issue is None:
        return None
    return IssueName(f"{negotiation.code}-{entry.issue}", entry.issue_title or "")


@asked
def _counted(at: At) -> Select[Any]:
    query = select(func.count(ENTRY.id)).where(ENTRY.event_id == one("event"), ENTRY.effective_on <= at.day)
    return query.where(*standing(ENTRY, at.known_at))


@asked
def _recorded_at(at: At) -> Select[Any]:
    return (
        entry_lines(at)
        .where(ENTRY.event_id == one("event"), STANDING)
        .order_by(ISSUE.ordering.nulls_first(), ISSUE.number, ENTRY.effective_on, ENTRY.id)
        .limit(one("shown"))
        .offset(one("before"))
    )
