"""Histories: all entries of a kind, withdrawn ones in their place, as rows of plain values, batch by batch.

What many rows share (issues, parties, sources) is read once; objects are made for none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from sys import intern
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Select, String, and_, func, select, type_coerce
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import (
    Clause,
    Entry,
    Event,
    Issue,
    Negotiation,
    Position,
    Proposal,
    QuoteCheck,
    Retraction,
    Source,
    StatusChange,
    StatusClaim,
    Track,
)
from tracker.models.entry import counts, known, oldest_first
from tracker.models.position import is_line
from tracker.models.quote_check import found_later
from tracker.queries.asking import many
from tracker.queries.merging import COPY, shown, with_kept
from tracker.queries.paging import batches
from tracker.queries.references import CITATION, SOURCE, SOURCE_LINE, is_withheld

ENTRY, GONE = Entry.__table__.c, Retraction.__table__.c
CHANGE, POSITION, CLAIM = StatusChange.__table__.c, Position.__table__.c, StatusClaim.__table__.c
ISSUE = Issue.__table__.c


@dataclass(frozen=True)
class HistoryFilters:
    """Which entries are wanted; empty: any. `since`, `until`: both days are within."""

    numbers: Sequence[int] = ()
    topics: Sequence[str] = ()
    parties: Sequence[int] = ()
    statuses: Sequence[str] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class IssueName:
    """What each row repeats of its issue."""

    key: str
    title: str
    topic: str
    unit: str


@dataclass(frozen=True)
class Kind:
    """A kind of entries: its name, its table, and which of its columns are read.

    `status`: the column that filters by status look at. `said`: what an entry comes after, which is told of
    the entry before it on the same `line` that counts as one of `lines`.
    """

    name: str
    table: Any
    columns: Sequence[Any]
    status: Any = None
    said: Any = None
    line: Any = None
    lines: Sequence[Any] = ()


def _plain(*columns: Any) -> list[Any]:
    """Read words as they are stored, not as members of a vocabulary."""
    return [type_coerce(column, String) for column in columns]


def _moments(*columns: Any) -> list[Any]:
    """Read moments as the driver gives them: without a zone where they are in UTC."""
    return [type_coerce(column, DateTime) for column in columns]


STATUS_CHANGES = Kind(
    "status_change",
    StatusChange.__table__,
    (*_plain(CHANGE.status, CHANGE.level), CHANGE.agreed_between, CHANGE.subject_to, CHANGE.reason),
    status=CHANGE.status,
    said=CHANGE.status,
    line=ENTRY.track_id,
)
POSITIONS = Kind(
    "position",
    Position.__table__,
    (
        POSITION.clause_id,
        *_plain(POSITION.standing, POSITION.movement, POSITION.stance, POSITION.firmness),
        POSITION.condition,
        POSITION.summary,
        POSITION.value,
        POSITION.stated_by,
    ),
    said=POSITION.stance,
    line=ENTRY.party_id,
    lines=(is_line(POSITION),),
)
CLAIMS = Kind(
    "claim",
    StatusClaim.__table__,
    (CLAIM.stated_by, *_plain(CLAIM.status), CLAIM.share, CLAIM.between, CLAIM.words),
    status=CLAIM.status,
)


class History:
    """Reads the entries of a negotiation, as far as a reader may know of them."""

    def __init__(self, session: Session, negotiation: Negotiation, view: View, *, is_stranger: bool) -> None:
        self.session, self.negotiation, self.view = session, negotiation, view
        self.is_stranger = is_stranger

    def _all(self, query: Select[Any], **given: Any) -> Sequence[Any]:
        """Ask past the mapper, in the transaction of the session."""
        return self.session.connection().execute(query, given).all()

    @cached_property
    def issues(self) -> Mapping[int | None, IssueName]:
        """The issues by id; None: an entry about the talks as a whole."""
        query = select(ISSUE.id, ISSUE.number, ISSUE.title, ISSUE.topic, ISSUE.scale_unit)
        rows = self._all(query.where(ISSUE.negotiation_id == self.negotiation.id))
        code = self.negotiation.code
        return {None: _TALKS} | {id_: IssueName(f"{code}-{number}", *rest) for id_, number, *rest in rows}

    @cached_property
    def parties(self) -> Mapping[int, tuple[str, str]]:
        """Code and name of the parties by id."""
        return {party.id: (party.code, party.label) for party in self.negotiation.parties}

    @cached_property
    def tracks(self) -> Mapping[int, str]:
        return self._titles(Track)

    @cached_property
    def events(self) -> Mapping[int, str]:
        return self._titles(Event)

    def _titles(self, model: Any) -> dict[int, str]:
        query = select(model.id, model.title).where(model.negotiation_id == self.negotiation.id)
        return dict(self._all(query))

    @cached_property
    def clauses(self) -> Mapping[int, tuple[str, str]]:
        """Number, and title of the proposal, of the clauses by id."""
        query = select(Clause.id, Clause.number, Proposal.title).join(Clause.proposal)
        rows = self._all(query.where(Proposal.negotiation_id == self.negotiation.id))
        return {id_: (number, title) for id_, number, title in rows}

    def ids(self, kind: Kind, filters: HistoryFilters = HistoryFilters()) -> Sequence[int]:
        """Find the entries that are wanted, oldest first."""
        query = self._of(kind, select(ENTRY.id)).where(*_wanted(kind, filters)).order_by(*oldest_first(ENTRY))
        return [id_ for (id_,) in self._all(query)]

    def _of(self, kind: Kind, query: Select[Any]) -> Select[Any]:
        """Narrow a statement to entries of a kind as known, withdrawn or not."""
        mine = (ENTRY.negotiation_id == self.negotiation.id, ENTRY.kind == kind.name)
        by_then = (ENTRY.effective_on <= self.view.day, *known(ENTRY, self.view.known_at))
        of_kind = query.join(kind.table, kind.table.c.id == ENTRY.id)
        return of_kind.outerjoin(Issue.__table__, ISSUE.id == ENTRY.issue_id).where(*mine, *by_then)

    def before(self, kind: Kind) -> dict[int, str]:
        """Tell what was said before each entry that counts: of the entry in force until it."""
        query = self._of(kind, select(ENTRY.id, ENTRY.issue_id, kind.line, *_plain(kind.said)))
        counting = query.where(counts(ENTRY, self.view.day, self.view.known_at), *kind.lines)
        latest: dict[tuple[int, int | None], str] = {}
        found = {}
        for id_, issue_id, line, said in self._all(counting.order_by(*oldest_first(ENTRY))):
            place, said = (issue_id, line), intern(said)
            found[id_] = latest.get(place, "")
            latest[place] = said
        return found

    def rows(self, kind: Kind, ids: Sequence[int]) -> Iterator[Any]:
        """Read entries: what all have in common, what withdrew them, and what their kind has."""
        withdrawn = and_(GONE.entry_id == ENTRY.id, *known(GONE, self.view.known_at))
        query = select(*COMMON, *kind.columns).join(kind.table, kind.table.c.id == ENTRY.id)
        query = query.outerjoin(Retraction.__table__, withdrawn).where(ENTRY.id.in_(many("ids")))
        return self._in_batches(query, ids)

    def _in_batches(self, query: Select[Any], ids: Sequence[int]) -> Iterator[Any]:
        for batch in batches(ids):
            rows = {row[0]: row for row in self._all(query, ids=batch)}
            yield [rows[id_] for id_ in batch]

    def cited(self, ids: Sequence[int], *, of_events: bool = False) -> dict[int, list[Any]]:
        """Read the citations of entries (or events), withdrawn ones among them, as they were recorded."""
        found: dict[int, list[Any]] = {id_: [] for id_ in ids}
        query = self._of_events if of_events else self._of_entries
        for row in self._all(query, ids=ids):
            found[row[0]].append(row)
        return found

    def event_uids(self) -> Sequence[Any]:
        """Give id and uid of the events, oldest first."""
        query = select(Event.id, Event.uid).where(Event.negotiation_id == self.negotiation.id)
        return self._all(query.where(*known(Event, self.view.known_at)).order_by(Event.id))

    @cached_property
    def _of_entries(self) -> Select[Any]:
        return self._citations(CITATION.entry_id)

    @cached_property
    def _of_events(self) -> Select[Any]:
        return self._citations(CITATION.event_id)

    def _citations(self, subject: Any) -> Select[Any]:
        known_at = self.view.known_at
        withdrawn = and_(GONE.citation_id == CITATION.id, *known(GONE, known_at))
        query = (
            select(
                subject,
                CITATION.uid,
                CITATION.quote,
                CITATION.translation,
                *_plain(CITATION.translated_by),
                CITATION.locator,
                *_plain(CITATION.credibility, CITATION.directness),
                func.coalesce(CITATION.offset, found_later("offset", CITATION, *known(QuoteCheck, known_at))),
                *_moments(CITATION.recorded_at),
                CITATION.recorded_by,
                *_moments(GONE.recorded_at),
                GONE.recorded_by,
                GONE.reason,
                *shown(SOURCE.id),
                SOURCE.handling,
                COPY,
            )
            .join(Source.__table__, SOURCE.id == CITATION.source_id)
            .outerjoin(Retraction.__table__, withdrawn)
            .where(subject.in_(many("ids")), *known(CITATION, known_at))
            .order_by(CITATION.id)
        )
        return with_kept(query, known_at, self.negotiation.id)

    def sources(self, ids: Sequence[int]) -> list[dict[str, Any]]:
        """Read sources by their ids, as JSON has them; who asks looked at what is withheld before."""
        return [dict(zip(SOURCE_FIELDS, row, strict=True)) for row in self._all(_SOURCES, ids=ids)]

    def is_withheld(self, handling: Any) -> bool:
        """Tell whether a source of this handling is kept from the reader."""
        return self.is_stranger and is_withheld(handling, None)


def _wanted(kind: Kind, filters: HistoryFilters) -> list[ColumnElement[bool]]:
    lists = (
        (ISSUE.number, filters.numbers),
        (ISSUE.topic, filters.topics),
        (ENTRY.party_id, filters.parties),
        (kind.status, filters.statuses),
    )
    found = [column.in_(values) for column, values in lists if values and column is not None]
    if filters.since:
        found.append(ENTRY.effective_on >= filters.since)
    if filters.until:
        found.append(ENTRY.effective_on <= filters.until)
    return found


_TALKS = IssueName("", "", "", "")
SOURCE_FIELDS = tuple(column.name for column in SOURCE_LINE)
_SOURCES = select(*SOURCE_LINE).where(SOURCE.id.in_(many("ids")))
#: What `rows` gives first.
COMMON = (
    ENTRY.id,
    ENTRY.uid,
    ENTRY.issue_id,
    ENTRY.party_id,
    ENTRY.track_id,
    ENTRY.event_id,
    ENTRY.effective_on,
    ENTRY.effective_words,
    type_coerce(ENTRY.day_basis, String),
    *_moments(ENTRY.recorded_at),
    ENTRY.recorded_by,
    *_moments(ENTRY.first_recorded_at, GONE.recorded_at),
    GONE.recorded_by,
    GONE.reason,
    GONE.replaced_by,
)
