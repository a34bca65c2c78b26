"""Histories: all entries of a kind, withdrawn ones in their place, as rows of plain values, batch by batch.

What many rows share (issues, parties, sources) is read once; objects are made for none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress
from sys import intern
from typing import Any, TypeAlias

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
from tracker.models.vocabulary import Handling
from tracker.queries.asking import many
from tracker.queries.history_kinds import (
    ENTRY,
    GONE,
    ISSUE,
    HistoryFilters,
    Kind,
    lines,
    moments,
    plain,
    wanted,
)
from tracker.queries.merging import COPY, shown, with_kept
from tracker.queries.paging import BATCH
from tracker.queries.references import CITATION, SOURCE, SOURCE_LINE, is_withheld

#: The values of so many rows, column by column.
Columns: TypeAlias = Sequence[Sequence[Any]]


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

    def entries(self, kind: Kind, filters: HistoryFilters) -> Iterator[Columns]:
        """Read the entries that are wanted, oldest first: COMMON, what their kind has, what was said before.

        That is told of each that counts, by the entry in force until it: "" for the first.
        """
        stands = and_(GONE.id.is_(None), *kind.lines)
        said = (kind.line, *plain(kind.said), stands) if kind.said is not None else (null(),) * 3
        query = select(*COMMON, *kind.columns, and_(true(), *wanted(kind, filters)), *said)
        query = query.join(kind.table, kind.table.c.id == ENTRY.id)
        if filters.numbers or filters.topics:
            query = query.join(Issue.__table__, ISSUE.id == ENTRY.issue_id)
        query = query.outerjoin(Retraction.__table__, self._withdrawn(GONE.entry_id == ENTRY.id))
        mine = (ENTRY.negotiation_id == self.negotiation.id, ENTRY.kind == kind.name)
        by_then = (ENTRY.effective_on <= self.view.day, *known(ENTRY, self.view.known_at))
        query = query.where(*mine, *by_then, *lines(filters)).order_by(*oldest_first(ENTRY))
        latest: dict[tuple[int, int | None], str] = {}
        for *columns, are_wanted, places, words, count in self._columns(query):
            before = [*_before(latest, zip(columns[2], places, strict=True), words, count)]
            yield [[*compress(values, are_wanted)] for values in (*columns, before)]

    def _columns(self, query: Any, **given: Any) -> Iterator[Columns]:
        """Read so many rows at once, past the objects that a mapper or a result makes for each of them.

        What the driver gives is read by the types of the columns, a whole column at once.
        """
        connection = self.session.connection()
        dialect = connection.dialect
        options = {} if given else {"yield_per": BATCH}  # what asks by ids asks for few
        with connection.execute(query, given, execution_options=options) as result:
            cursor: Any = result.cursor
            types = [column.type.dialect_impl(dialect) for column in query.selected_columns]
            reads = [
                each.result_processor(dialect, told[1])
                for each, told in zip(types, cursor.description, strict=True)
            ]
            while rows := result.cursor_strategy.fetchmany(result, cursor, BATCH):
                columns = zip(reads, zip(*rows, strict=True), strict=True)
                yield [values if read is None else [*map(read, values)] for read, values in columns]

    def cited(self, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        """Read what entries rest on, but for what was withdrawn."""
        for columns in self._columns(self._standing, ids=ids):
            yield from zip(*columns, strict=True)

    def citations(self, ids: Sequence[int], *, of_events: bool = False) -> dict[int, list[Any]]:
        """Read the citations of entries (or events), withdrawn ones among them, as they were recorded.

        Of one whose source is withheld from the reader: no more than that it is there, how it was judged,
        and by whom and when it was recorded and withdrawn.
        """
        found: dict[int, list[Any]] = {id_: [] for id_ in ids}
        query = self._of_events if of_events else self._of_entries
        for columns in self._columns(query, ids=ids):
            for row in zip(*columns, strict=True):
                found[row[0]].append(_blank(row) if self.is_withheld(row[2]) else row)
        return found

    def event_uids(self) -> Sequence[Any]:
        """Give id and uid of the events, oldest first."""
        query = select(Event.id, Event.uid).where(Event.negotiation_id == self.negotiation.id)
        return self._all(query.where(*known(Event, self.view.known_at)).order_by(Event.id))

    @cached_property
    def _of_entries(self) -> Select[Any]:
        return self._citations(CITATION.entry_id, *CITED, *TOLD)

    @cached_property
    def _of_events(self) -> Select[Any]:
        return self._citations(CITATION.event_id, *CITED, *TOLD)

    @cached_property
    def _standing(self) -> Select[Any]:
        return self._citations(CITATION.entry_id, *CITED).where(GONE.id.is_(None))

    def _citations(self, subject: Any, *columns: Any) -> Select[Any]:
        known_at = self.view.known_at
        later = found_later("offset", CITATION, *known(QuoteCheck, known_at))
        found = case((CITATION.quote != "", func.coalesce(CITATION.offset, later)))
        source, copy = shown(SOURCE.id), COPY
        if not self._are_merged:
            source, copy = (SOURCE.id,), null()
        query = (
            select(subject, *source, *plain(SOURCE.handling), copy, found, *columns)
            .join(Source.__table__, SOURCE.id == CITATION.source_id)
            .outerjoin(Retraction.__table__, self._withdrawn(GONE.citation_id == CITATION.id))
            .where(subject.in_(many("ids")), *known(CITATION, known_at))
            .order_by(CITATION.id)
        )
        return with_kept(query, known_at, self.negotiation.id) if self._are_merged else query

    def _withdrawn(self, what: Any) -> Any:
        return and_(what, *known(GONE, self.view.known_at))

    @cached_property
    def _are_merged(self) -> bool:
        """Tell whether any source was ever merged into another: looking for it takes long."""
        return bool(self._all(select(SourceMerge.id).limit(1)))

    def sources(self, ids: Sequence[int]) -> Iterator[dict[str, Any]]:
        """Read sources by their ids, as JSON has them; who asks looked at what is withheld before."""
        for columns in self._columns(_SOURCES, ids=ids):
            for row in zip(*columns, strict=True):
                yield dict(zip(SOURCE_FIELDS, row, strict=True))

    def is_withheld(self, handling: str) -> bool:
        """Tell whether a source of this handling is kept from the reader."""
        return self.is_stranger and is_withheld(Handling(handling), None)


def _before(
    latest: dict[Any, str], places: Iterable[Any], words: Iterable[str], count: Iterable[Any]
) -> Iterator[str | None]:
    """Give what was said last in the place of each that counts; `latest` is kept for the rows to come."""
    for place, word, counts in zip(places, words, count, strict=True):
        if counts:
            yield latest.get(place, "")
            latest[place] = intern(word)
        else:
            yield None


def _blank(row: Any) -> tuple[Any, ...]:
    """Take out of a citation all that tells of its source: also why it was withdrawn."""
    entry, _source, handling, _copy, _offset, uid, *told = row
    return (entry, None, handling, None, None, uid, *[None] * 4, *told[4:-1], None)


SOURCE_FIELDS = tuple(column.name for column in SOURCE_LINE)
_SOURCES = select(*SOURCE_LINE).where(SOURCE.id.in_(many("ids")))
#: What `entries` gives first.
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
#: What `cited` gives after the entry, the source, its handling, the copy and where the quote was found.
CITED = (
    CITATION.uid,
    CITATION.quote,
    CITATION.translation,
    *plain(CITATION.translated_by),
    CITATION.locator,
    *plain(CITATION.credibility, CITATION.directness),
)
#: What `citations` gives besides.
TOLD = (
    *moments(CITATION.recorded_at),
    CITATION.recorded_by,
    *moments(GONE.recorded_at),
    GONE.recorded_by,
    GONE.reason,
)
