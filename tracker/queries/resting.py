"""Resting: which entries, events and proposals rest on a source, as far as the reader may know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from tracker.models import (
    Citation,
    Clause,
    Entry,
    Event,
    Issue,
    Negotiation,
    Party,
    Position,
    Proposal,
    QuoteCheck,
    Source,
    StatusChange,
    StatusClaim,
    Track,
    User,
)
from tracker.models.proposal import added_by
from tracker.models.quote_check import found_later, was_looked_up
from tracker.models.vocabulary import EventKind, EventState, Stance, Standing, Status
from tracker.queries.asking import asked_by, many, one
from tracker.queries.cited import GONE, cited_by, known_to, still_standing
from tracker.queries.paging import SIZE, Paging


@dataclass(frozen=True, slots=True)
class Mark:
    """A standing quote in the stored text, and the entry (or event) that it carries."""

    number: int
    start: int
    end: int
    kind: str
    code: str
    issue: int | None
    uid: str
    event_id: int | None
    effective_on: date


@dataclass(frozen=True, slots=True)
class Resting:
    """One citation of a source, with what its entry or event says in a phrase.

    `kind`: status_change, position, claim or event; `number` runs through all pages of the list.
    `source_id`: the source that is cited, which may be a copy of the one asked for.
    """

    number: int
    source_id: int
    kind: str
    uid: str
    event_id: int | None
    code: str
    issue: int | None
    issue_title: str | None
    track: str | None
    party: str | None
    status: Status | None
    stance: Stance | None
    standing: Standing | None
    says: str | None
    share: int | None
    event_kind: EventKind | None
    event_state: EventState | None
    effective_on: date
    effective_words: str | None
    quote: str
    translation: str
    locator: str
    offset: int | None
    recorded_by: str
    recorded_at: datetime
    gone_reason: str | None
    gone_by: str | None
    gone_at: datetime | None

    @property
    def is_checked(self) -> bool:
        return self.offset is not None


@dataclass(frozen=True, slots=True)
class Tabled:
    """A proposal whose text this source is."""

    id: int
    title: str
    code: str
    tabled_on: date | None
    clauses: int


@dataclass(frozen=True, slots=True)
class Rests:
    """What rests on a source: every mark in its text, one page of the citations, the proposals.

    `missing`: the numbers of the quotes that were looked up in the text and do not stand in it;
    `unchecked`: how many were never looked up.
    """

    marks: list[Mark]
    missing: list[int]
    unchecked: int
    rows: list[Resting]
    paging: Paging
    proposals: list[Tabled]


_CHANGE: Any = StatusChange.__table__
_POSITION: Any = Position.__table__
_CLAIM: Any = StatusClaim.__table__


def _with_issue(query: Select[Any]) -> Select[Any]:
    return (
        query.outerjoin(_CHANGE, _CHANGE.c.id == Entry.id)
        .outerjoin(_POSITION, _POSITION.c.id == Entry.id)
        .outerjoin(_CLAIM, _CLAIM.c.id == Entry.id)
        .outerjoin(Issue, Issue.id == Entry.issue_id)
    )


def rests_on(
    session: Session,
    source: Source,
    user: User | None,
    page: int,
    size: int = SIZE,
    *,
    copies: Sequence[int] = (),
) -> Rests:
    """Tell what rests on a source, in the order of its text, what has no place there last.

    `copies`: ids of sources that it is shown in place of. Three SQL statements. Retracted rows are among
    the rows, but not among the marks, and neither is what was quoted from a copy.
    """
    sources = [source.id, *copies]
    found = _marked(session, user, source=source.id, sources=sources).all()
    numbers = {row[0]: number for number, row in enumerate(found, start=1)}
    marks = [
        Mark(numbers[id_], offset, offset + length, *subject)
        for id_, offset, length, is_standing, _, _, *subject in found
        if is_standing and offset is not None
    ]
    unfound = [row for row in found if row.has_quote and row.offset is None]
    missing = [numbers[row.id] for row in unfound if row.was_looked_up]
    shown = Paging(page, len(found), size)
    ids = [row[0] for row in found[shown.offset : shown.offset + size]]
    proposals = [Tabled(*row) for row in _proposals(session, user, sources=sources)]
    rows = _rows(session, ids, numbers, user)
    return Rests(marks, missing, len(unfound) - len(missing), rows, shown, proposals)


@asked_by
def _marked(reader: Any) -> Select[Any]:
    is_here = Citation.source_id == one("source")
    offset = case((is_here, _place("offset", reader))).label("offset")
    stands = case((and_(is_here, *still_standing()), 1), else_=0)
    looked_up = case((was_looked_up(Citation), 1), else_=0).label("was_looked_up")
    has_quote = case((and_(is_here, Citation.quote != ""), 1), else_=0).label("has_quote")
    place = (offset, _place("length", reader), stands)
    query = cited_by(reader, Citation.id, *place, looked_up, has_quote, *_SUBJECT)
    ordered = _with_issue(query).where(Citation.source_id.in_(many("sources")))
    return ordered.order_by(offset.is_(None), offset, Citation.source_id, Citation.offset, Citation.id)


def _place(name: str, reader: Any) -> ColumnElement[Any]:
    """Say in SQL where a quote stands in the text: found at once, or when the text was stored later."""
    later = found_later(name, Citation, *known_to(QuoteCheck, reader))
    return func.coalesce(getattr(Citation, name), later).label(name)


_SUBJECT: Any = (
    func.coalesce(Entry.kind, "event").label("kind"),
    Negotiation.code.label("code"),
    Issue.number.label("issue"),
    func.coalesce(Entry.uid, Event.uid).label("uid"),
    Event.id.label("event_id"),
    func.coalesce(Entry.effective_on, Event.starts_on).label("effective_on"),
)


@asked_by
def _told(reader: Any) -> Select[Any]:
    query = cited_by(
        reader,
        Citation.id,
        Citation.source_id,
        *_SUBJECT,
        Issue.title.label("issue_title"),
        Track.title.label("track"),
        func.coalesce(func.nullif(Party.short_name, ""), Party.name).label("party"),
        _CHANGE.c.status.label("changed_to"),
        _CLAIM.c.status.label("claimed"),
        _POSITION.c.stance,
        _POSITION.c.standing,
        func.coalesce(_POSITION.c.summary, _CLAIM.c.words, Event.title).label("says"),
        _CLAIM.c.share,
        Event.kind.label("event_kind"),
        Event.state.label("event_state"),
        Entry.effective_words,
        Citation.quote,
        Citation.translation,
        Citation.locator,
        _place("offset", reader),
        func.coalesce(Entry.recorded_by, Event.recorded_by).label("recorded_by"),
        func.coalesce(Entry.recorded_at, Event.recorded_at).label("recorded_at"),
        GONE["reason"].label("gone_reason"),
        GONE["recorded_by"].label("gone_by"),
        GONE["recorded_at"].label("gone_at"),
    )
    return (
        _with_issue(query)
        .outerjoin(Party, Party.id == Entry.party_id)
        .outerjoin(Track, Track.id == func.coalesce(Entry.track_id, Event.track_id))
        .where(Citation.id.in_(many("ids")))
    )


def _rows(session: Session, ids: list[int], numbers: dict[int, int], user: User | None) -> list[Resting]:
    found = []
    for row in _told(session, user, ids=ids).mappings():
        values = dict(row)
        number = numbers[values.pop("id")]
        status = values.pop("changed_to") or values.pop("claimed", None)
        values.pop("claimed", None)
        found.append(Resting(number=number, status=status, **values))
    return sorted(found, key=lambda resting: resting.number)


@asked_by
def _proposals(reader: Any) -> Select[Any]:
    until = None if reader is not None else func.coalesce(Negotiation.published_at, Clause.added_at)
    mine = (Clause.proposal_id == Proposal.id, *added_by(Clause, until))
    clauses = select(func.count(Clause.id)).where(*mine).correlate(Proposal, Negotiation).scalar_subquery()
    return (
        select(Proposal.id, Proposal.title, Negotiation.code, Proposal.tabled_on, clauses)
        .join(Negotiation, Negotiation.id == Proposal.negotiation_id)
        .where(Proposal.source_id.in_(many("sources")), Negotiation.visible_to_id(reader))
        .where(*known_to(Proposal, reader))
        .order_by(Proposal.id)
        .limit(SIZE)
    )
