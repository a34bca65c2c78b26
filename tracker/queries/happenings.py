"""Events and proposals: what happened or is to happen, and the texts that were put on the table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.dates import View
from tracker.models import Clause, ClauseIssue, Event, Negotiation, Proposal, Source, User
from tracker.models.entry import known
from tracker.models.vocabulary import EventKind, EventState
from tracker.queries.clauses import tabled
from tracker.queries.merging import KEPT, with_kept
from tracker.queries.paging import Paging, paging
from tracker.queries.references import Reference, is_withheld, references

COMING_SHOWN = 10


@dataclass(frozen=True)
class EventRecord:
    """An event with the sources it rests on."""

    event: Event
    references: list[Reference]


@dataclass(frozen=True)
class EventList:
    """A page of events, newest first."""

    records: list[EventRecord]
    paging: Paging


@dataclass(frozen=True)
class ProposalRecord:
    """A proposal with its clauses. `is_withheld`: its source is kept from the reader, and `source` None."""

    proposal: Proposal
    source: Source | None
    is_withheld: bool


@dataclass(frozen=True)
class ProposalList:
    """A page of proposals, newest first."""

    records: list[ProposalRecord]
    paging: Paging


def list_events(
    session: Session, negotiation: Negotiation, view: View, user: User | None, *, page: int = 1
) -> EventList:
    """List the events known, those ahead among them, in three SQL statements."""
    query = select(Event).where(Event.negotiation_id == negotiation.id, *known(Event, view.known_at))
    shown = paging(session, query, page)
    rows = query.options(joinedload(Event.track)).order_by(Event.starts_on.desc(), Event.id.desc())
    events = session.scalars(rows.limit(shown.size).offset(shown.offset)).all()
    cited = references(session, (event.id for event in events), user, view.known_at, of_events=True)
    return EventList([EventRecord(event, cited[event.id]) for event in events], shown)


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
    kept_too: Select[Any] = with_kept(rows, view.known_at).add_columns(KEPT)
    for proposal, kept in session.execute(kept_too.limit(shown.size).offset(shown.offset)):
        source = kept or proposal.source
        withheld = is_withheld(source.handling if source else None, user)
        found.append(ProposalRecord(proposal, None if withheld else source, withheld))
    return ProposalList(found, shown)


@dataclass(frozen=True, slots=True)
class EventDay:
    """An event to choose a day by: its last day."""

    on: date
    title: str


def event_days(session: Session, negotiation: Negotiation, view: View, limit: int = 100) -> list[EventDay]:
    """List the latest events that are over, newest first, in one SQL statement."""
    last = func.coalesce(Event.ends_on, Event.starts_on)
    query = select(last, Event.title).where(
        Event.negotiation_id == negotiation.id,
        Event.state != EventState.CANCELLED,
        last <= view.day,
        *known(Event, view.known_at),
    )
    return [
        EventDay(*row) for row in session.execute(query.order_by(last.desc(), Event.id.desc()).limit(limit))
    ]


@dataclass(frozen=True, slots=True)
class Coming:
    """An event that is planned or lies ahead."""

    kind: EventKind
    state: EventState
    title: str
    starts_on: date
    ends_on: date | None
    place: str


def coming(session: Session, negotiation: Negotiation, view: View) -> list[Coming]:
    """List what is planned and not over, and what lay ahead on the day asked for."""
    last = func.coalesce(Event.ends_on, Event.starts_on)
    ahead = Event.starts_on > view.day
    planned = and_(Event.state == EventState.PLANNED, last >= view.day)
    query = (
        select(Event.kind, Event.state, Event.title, Event.starts_on, Event.ends_on, Event.place)
        .where(
            Event.negotiation_id == negotiation.id,
            Event.state != EventState.CANCELLED,
            or_(ahead, planned),
            *known(Event, view.known_at),
        )
        .order_by(Event.starts_on, Event.id)
        .limit(COMING_SHOWN)
    )
    return [Coming(*row) for row in session.execute(query)]
