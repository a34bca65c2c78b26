"""Histories: all entries of a kind, withdrawn ones in their place, as rows of plain values, batch by batch.

What many rows share (issues, parties, sources) is read once; objects are made for none of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from sys import intern
from typing import Any

from sqlalchemy import (
    Select,
    String,
    and_,
    case,
    func,
    null,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import (
    Clause,
    Event,
    Issue,
    Negotiation,
    Proposal,
    QuoteCheck,
    Retraction,
    Source,
    SourceMerge,
    Track,
)
from tracker.models.entry import known, oldest_first
from tracker.models.quote_check import found_later
from tracker.queries.asking import many
from tracker.queries.history_kinds import (
    ENTRY,
    GONE,
    ISSUE,
    HistoryFilters,
    Kind,
    moments,
    plain,
    wanted,
)
from tracker.queries.merging import COPY, shown, with_kept
from tracker.queries.paging import BATCH, batches
from tracker.queries.references import CITATION, SOURCE, SOURCE_LINE, is_withheld


class History:
    """Reads the entries of a negotiation, as far as a reader may know of them."""

    def __init__(self, session: Session, negotiation: Negotiation, view: View, *, is_stranger: bool) -> None:
        self.session, self.negotiation, self.view = session, negotiation, view
        self.is_stranger = is_stranger

    def _all(self, query: Any, **given: Any) -> Sequence[Any]:
        """Ask past the mapper, in the transaction of the session."""
        return self.session.connection().execute(query, given).all()

    @cached_property
    def issues(self) -> Sequence[Mapping[int | None, str]]:
        """Key, title, topic and unit of the issues by id; None: an entry about the talks as a whole."""
        query = select(ISSUE.id, ISSUE.number, ISSUE.title, ISSUE.topic, ISSUE.scale_unit)
        rows = self._all(query.where(ISSUE.negotiation_id == self.negotiation.id))
        ids, numbers, *fields = zip(*rows, strict=True) if rows else [()] * 5
        keys = [f"{self.negotiation.code}-{number}" for number in numbers]
        return [dict(zip(ids, field, strict=True)) for field in (keys, *fields)]

    @cached_property
    def parties(self) -> Sequence[Mapping[int, str]]:
        """Code and name of the parties by id."""
        parties = self.negotiation.parties
        return [{each.id: each.code for each in parties}, {each.id: each.label for each in parties}]

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
    def clauses(self) -> Sequence[Mapping[int, str]]:
        """Number, and title of the proposal, of the clauses by id."""
        query = select(Clause.id, Clause.number, Proposal.title).join(Clause.proposal)
        rows = self._all(query.where(Proposal.negotiation_id == self.negotiation.id))
        return [{row[0]: row[place] for row in rows} for place in (1, 2)]

    def ids(self, kind: Kind, filters: HistoryFilters) -> Sequence[int]:
        """Find the entries that are wanted, oldest first."""
        query = self._of(kind, select(ENTRY.id), filters).where(*wanted(kind, filters))
        return array("q", (id_ for (id_,) in self._each(query)))

    def order(self, kind: Kind, filters: HistoryFilters) -> tuple[Sequence[int], Mapping[int, str]]:
        """Find them, and what was said before each that counts: by the entry in force until it.

        That is "" for the first.
        """
        if kind.said is None:
            return self.ids(kind, filters), {}
        stands = and_(GONE.id.is_(None), *kind.lines)
        is_wanted = and_(true(), *wanted(kind, filters))
        said = (ENTRY.id, is_wanted, stands, ENTRY.issue_id, kind.line, *plain(kind.said))
        withdrawn = and_(GONE.entry_id == ENTRY.id, *known(GONE, self.view.known_at))
        query = self._of(kind, select(*said), filters).outerjoin(Retraction.__table__, withdrawn)
        ids, before = array("q"), {}
        latest: dict[tuple[int, int | None], str] = {}
        for id_, is_one, counts, issue_id, line, word in self._each(query):
            if is_one:
                ids.append(id_)
            if counts:
                place = (issue_id, line)
                before[id_], latest[place] = latest.get(place, ""), intern(word)
        return ids, before

    def _of(self, kind: Kind, query: Any, filters: HistoryFilters) -> Any:
        """Narrow a statement to the entries of a kind as known, withdrawn or not, oldest first."""
        query = query.join(kind.table, kind.table.c.id == ENTRY.id)
        if filters.numbers or filters.topics:
            query = query.outerjoin(Issue.__table__, ISSUE.id == ENTRY.issue_id)
        mine = (ENTRY.negotiation_id == self.negotiation.id, ENTRY.kind == kind.name)
        by_then = (ENTRY.effective_on <= self.view.day, *known(ENTRY, self.view.known_at))
        return query.where(*mine, *by_then).order_by(*oldest_first(ENTRY))

    def _each(self, query: Any) -> Iterator[Any]:
        """Read many rows, so many at once."""
        so_many = {"yield_per": BATCH}
        for rows in self.session.connection().execute(query, execution_options=so_many).partitions():
            yield from rows

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
        """Read the citations of entries (or events), withdrawn ones among them, as they were recorded.

        Of one whose source is withheld from the reader: no more than that it is there, how it was judged,
        and by whom and when it was recorded and withdrawn.
        """
        found: dict[int, list[Any]] = {id_: [] for id_ in ids}
        query = self._of_events if of_events else self._of_entries
        for row in self._all(query, ids=ids):
            found[row[0]].append(_blank(row) if self.is_withheld(row[15]) else row)
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
        later = found_later("offset", CITATION, *known(QuoteCheck, known_at))
        source = (*shown(SOURCE.id), SOURCE.handling, COPY)
        if not self._are_merged:
            source = (SOURCE.id, SOURCE.handling, null())
        query = (
            select(
                subject,
                CITATION.uid,
                CITATION.quote,
                CITATION.translation,
                *plain(CITATION.translated_by),
                CITATION.locator,
                *plain(CITATION.credibility, CITATION.directness),
                case((CITATION.quote != "", func.coalesce(CITATION.offset, later))),
                *moments(CITATION.recorded_at),
                CITATION.recorded_by,
                *moments(GONE.recorded_at),
                GONE.recorded_by,
                GONE.reason,
                *source,
            )
            .join(Source.__table__, SOURCE.id == CITATION.source_id)
            .outerjoin(Retraction.__table__, withdrawn)
            .where(subject.in_(many("ids")), *known(CITATION, known_at))
            .order_by(CITATION.id)
        )
        return with_kept(query, known_at, self.negotiation.id) if self._are_merged else query

    @cached_property
    def _are_merged(self) -> bool:
        """Tell whether any source was ever merged into another: looking for it takes long."""
        return bool(self._all(select(SourceMerge.id).limit(1)))

    def sources(self, ids: Sequence[int]) -> list[dict[str, Any]]:
        """Read sources by their ids, as JSON has them; who asks looked at what is withheld before."""
        return [dict(zip(SOURCE_FIELDS, row, strict=True)) for row in self._all(_SOURCES, ids=ids)]

    def is_withheld(self, handling: Any) -> bool:
        """Tell whether a source of this handling is kept from the reader."""
        return self.is_stranger and is_withheld(handling, None)


def _blank(row: Any) -> tuple[Any, ...]:
    """Take out of a citation all that tells of its source: also why it was withdrawn."""
    subject, uid, _quote, _translation, _by, _place, credibility, directness, _offset, *rest = row
    at, who, gone_at, gone_by, _reason, _source, handling, _copy = rest
    told = (*[None] * 4, credibility, directness, None, at, who, gone_at, gone_by)
    return (subject, uid, *told, *[None] * 2, handling, None)


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
    *moments(ENTRY.recorded_at),
    ENTRY.recorded_by,
    *moments(ENTRY.first_recorded_at, GONE.recorded_at),
    GONE.recorded_by,
    GONE.reason,
    GONE.replaced_by,
)
