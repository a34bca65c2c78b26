"""Events and proposals: what happened or is to happen, and the texts that were put on the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.dates import View
from tracker.models import Clause, ClauseIssue, Event, Negotiation, Proposal, Source, User
from tracker.models.entry import known
from tracker.models.vocabulary import EventKind, EventState
from tracker.queries.clauses import tabled
from tracker.queries.events import EventLine, events_named
from tracker.queries.merging import KEPT, with_kept
from tracker.queries.paging import Paging, batches, paging
from tracker.queries.references import is_withheld

COMING_SHOWN = 10
_over_on = func.coalesce(Event.ends_on, Event.starts_on)


class When(StrEnum):
    """The times that a list of events may be narrowed to."""

    PAST = "past"
    COMING = "coming"


@dataclass(frozen=True)
class EventFilters:
    """Which events are wanted; of no kinds: any."""

    when: When | None = None
    kinds: tuple[EventKind, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.when or self.kinds)


@dataclass(frozen=True)
class EventList:
    """A page of events: the newest first, or of those to come the next."""

    events: list[EventLine]
    paging: Paging


@dataclass(frozen=True)
class ProposalRecord:
    """A proposal with its clauses. `is_withheld`: its source is kept from the reader, and `source` None."""

    proposal: Proposal
    clauses: list[Clause]
    source: Source | None
    is_withheld: bool


@dataclass(frozen=True)
class ProposalList:
    """A page of proposals, newest first."""

    records: list[ProposalRecord]
    paging: Paging


def list_events(
    session: Session,
    negotiation: Negotiation,
    view: View,
    user: User | None,
    filters: EventFilters = EventFilters(),
    *,
    page: int = 1,
) -> EventList:
    """List the events known, those ahead among them, in four SQL statements."""
    query = events_wanted(negotiation, view, filters)
    shown = paging(session, query, page)
    ordered = query.order_by(*_order(filters))
    ids = session.scalars(ordered.limit(shown.size).offset(shown.offset)).all()
    return EventList([*events_named(session, ids, view, user).values()], shown)


def every_event(
    session: Session, negotiation: Negotiation, view: View, user: User | None, filters: EventFilters
) -> Iterator[EventLine]:
    """List all of them, batch by batch."""
    query = events_wanted(negotiation, view, filters).order_by(*_order(filters))
    for ids in batches(session.scalars(query).all()):
        yield from events_named(session, ids, view, user).values()


def _order(filters: EventFilters) -> tuple[Any, ...]:
    is_coming = filters.when is When.COMING
    return (Event.starts_on, Event.id) if is_coming else (Event.starts_on.desc(), Event.id.desc())


def events_wanted(negotiation: Negotiation, view: View, filters: EventFilters) -> Select[int]:
    """Say in SQL which events are wanted of those known, by id."""
    query = select(Event.id).where(Event.negotiation_id == negotiation.id, *known(Event, view.known_at))
    if filters.kinds:
        query = query.where(Event.kind.in_(filters.kinds))
    if filters.when:
        query = query.where(_comes(view) if filters.when is When.COMING else _over_on < view.today)
    return query


def _comes(view: View) -> ColumnElement[bool]:
    """Say in SQL that an event is planned and not over, or lay ahead on the day asked for."""
    planned = and_(Event.state == EventState.PLANNED, _over_on >= view.today)
    return and_(Event.state != EventState.CANCELLED, or_(Event.starts_on > view.day, planned))


def list_proposals(
    session: Session, negotiation: Negotiation, view: View, user: User | None, *, page: int = 1
) -> ProposalList:
    """List the proposals tabled by the day asked for, clauses and the issues they touch with them."""
    query = select(Proposal).where(Proposal.negotiation_id == negotiation.id, *tabled(view))
    shown = paging(session, query, page, 10)
    touches = selectinload(Proposal.clauses).selectinload(Clause.touches).selectinload(ClauseIssue.issue)
    rows = query.options(joinedload(Proposal.track), joinedload(Proposal.source), touches)
    rows = rows.order_by(Proposal.tabled_on.desc().nulls_last(), Proposal.id.desc())
    found = []
    rows = rows.outerjoin(Source.__table__, Source.__table__.c.id == Proposal.source_id)
    kept_too: Select[Any] = with_kept(rows, view.known_at, negotiation.id).add_columns(KEPT)
    for proposal, kept in session.execute(kept_too.limit(shown.size).offset(shown.offset)):
        source = kept or proposal.source
        withheld = is_withheld(source.handling if source else None, user)
        known_by = view.known_at
        clauses = [each for each in proposal.clauses if known_by is None or each.recorded_at <= known_by]
        found.append(ProposalRecord(proposal, clauses, None if withheld else source, withheld))
    return ProposalList(found, shown)


@dataclass(frozen=True, slots=True)
class EventDay:
    """An event to choose a day by: its last day."""

    on: date
    title: str


def event_days(session: Session, negotiation: Negotiation, view: View, limit: int = 100) -> list[EventDay]:
    """List the latest events that are over, newest first, in one SQL statement."""
    query = select(_over_on, Event.title).where(
        Event.negotiation_id == negotiation.id,
        Event.state != EventState.CANCELLED,
        _over_on <= view.day,
        *known(Event, view.known_at),
    )
    rows = session.execute(query.order_by(_over_on.desc(), Event.id.desc()).limit(limit))
    return [EventDay(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Coming:
    """An event that is planned or lies ahead. `days`: until it begins; below 0 it has begun.

    `recorded_on`: after the day that is looked from, nobody knew on that day that it lay ahead.
    """

    days: int
    id: int
    kind: EventKind
    state: EventState
    title: str
    starts_on: date
    ends_on: date | None
    place: str
    recorded_at: datetime

    @property
    def recorded_on(self) -> date:
        return self.recorded_at.astimezone(UTC).date()


def coming(session: Session, negotiation: Negotiation, view: View) -> list[Coming]:
    """List what is planned and not over, and what lay ahead on the day asked for."""
    told = (Event.kind, Event.state, Event.title, Event.starts_on, Event.ends_on, Event.place)
    query = (
        select(Event.id, *told, Event.recorded_at)
        .where(Event.negotiation_id == negotiation.id, _comes(view), *known(Event, view.known_at))
        .order_by(Event.starts_on, Event.id)
        .limit(COMING_SHOWN)
    )
    return [Coming((row.starts_on - view.today).days, *row) for row in session.execute(query)]
