"""What can be found by search: kept in its table in the transaction of each write.

Nobody calls for it: a listener writes it, as one writes the audit log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from sqlalchemy import event, func, inspect, select
from sqlalchemy.orm import Session, UOWTransaction, selectinload, undefer

from tracker.letters import plain_text
from tracker.models.claim import StatusClaim
from tracker.models.entry import Entry
from tracker.models.event import Event
from tracker.models.issue import Issue
from tracker.models.note import Note
from tracker.models.position import Position
from tracker.models.proposal import Clause, Proposal
from tracker.models.search_doc import (
    DOC,
    OFFSET,
    OPEN,
    SOURCE_BIT,
    Doc,
    Kind,
    add,
    clear,
    id_of,
    merge,
    negotiation_mark,
    party_mark,
    remove,
    search_doc,
    topic_mark,
)
from tracker.models.source import Source
from tracker.models.status import StatusChange
from tracker.models.vocabulary import Handling
from tracker.text import paragraphs

#: A longer paragraph is taken in pieces.
PIECE = 5_000
_BATCH = 500


@dataclass(frozen=True)
class _Indexed:
    """How rows of a table are found: their kind, the fields that it depends on, and what makes their docs."""

    kind: Kind
    fields: tuple[str, ...]
    write: Callable[[Any], Iterable[Doc]]

    def span(self, row: Any) -> tuple[int, int]:
        """Give the first and the last id that the docs of a row had before this flush."""
        if self.kind is Kind.TEXT:
            first = self.kind.ids[0] | row.id << SOURCE_BIT
            return first, first | OFFSET
        id_ = _id(self.kind, row, was=True)
        return id_, id_


#: The fields that hold the day that is shown of a kind; of a clause, that of its proposal.
_DAYS = {
    **dict.fromkeys((Kind.POSITION, Kind.STATUS, Kind.CLAIM), "effective_on"),
    **dict.fromkeys((Kind.PROPOSAL, Kind.CLAUSE), "tabled_on"),
    Kind.EVENT: "starts_on",
    Kind.SOURCE: "published_on",
}


def _id(kind: Kind, row: Any, *, was: bool = False) -> int:
    """Give the id by the day that is shown, else by that of the recording; sources of no day are the last."""
    day: date | None = None
    if field := _DAYS.get(kind):
        dated = row.proposal if kind is Kind.CLAUSE else row
        gone = inspect(dated).attrs[field].history.deleted if was else ()
        day = gone[0] if gone else getattr(dated, field)
    if day is None:
        day = date.min if kind is Kind.SOURCE else row.recorded_at.astimezone(UTC).date()
    return id_of(kind, day, row.id)


def _doc(
    kind: Kind, row: Any, of: int, title: str, *words: str, parties: Iterable[str] = (), topic: str = ""
) -> Doc:
    """Make the doc of a row of a negotiation."""
    marks = [negotiation_mark(of), *(party_mark(of, code) for code in parties)]
    marks += map(topic_mark, plain_text(topic).split())
    return Doc(_id(kind, row), plain_text(title), plain_text(*words), " ".join(marks))


def _issue(row: Issue) -> Iterator[Doc]:
    words = (row.question, row.proposition, row.description, row.topic)
    title = f"{row.key} {row.title}"
    yield _doc(Kind.ISSUE, row, row.negotiation_id, title, *words, topic=row.topic)


def _position(row: Position) -> Iterator[Doc]:
    words, parties = (row.summary, row.condition), [row.party.code]
    yield _doc(Kind.POSITION, row, row.negotiation_id, row.stated_by, *words, parties=parties)


def _status(row: StatusChange) -> Iterator[Doc]:
    words, parties = (row.reason, row.subject_to), row.agreed_between
    yield _doc(Kind.STATUS, row, row.negotiation_id, "", *words, parties=parties)


def _claim(row: StatusClaim) -> Iterator[Doc]:
    parties = [row.party.code]
    yield _doc(Kind.CLAIM, row, row.negotiation_id, row.stated_by, row.words, parties=parties)


def _proposal(row: Proposal) -> Iterator[Doc]:
    yield _doc(Kind.PROPOSAL, row, row.negotiation_id, row.title, parties=row.tabled_by)


def _clause(row: Clause) -> Iterator[Doc]:
    of = row.proposal
    yield _doc(Kind.CLAUSE, row, of.negotiation_id, "", row.text, parties=of.tabled_by)


def _event(row: Event) -> Iterator[Doc]:
    yield _doc(Kind.EVENT, row, row.negotiation_id, row.title, row.place, parties=row.participants)


def _note(row: Note) -> Iterator[Doc]:
    yield _doc(Kind.NOTE, row, row.issue.negotiation_id, "", row.text, row.owner)


def _source(row: Source) -> Iterator[Doc]:
    words = plain_text(row.publisher, row.origin, *row.authors)
    marks = _filed(row, is_open=row.handling is Handling.CLEAR)
    yield Doc(_id(Kind.SOURCE, row), plain_text(row.title), words, marks)


def _text(row: Source) -> Iterator[Doc]:
    first = Kind.TEXT.ids[0] | row.id << SOURCE_BIT
    marks = _filed(row, is_open=row.handling is Handling.CLEAR and row.is_free_to_show)
    for _, offset, words in pieces(row.text or ""):
        yield Doc(first | offset, "", plain_text(words), marks)


def _filed(row: Source, *, is_open: bool) -> str:
    """Mark a source by the negotiations that it is filed under."""
    under = sorted(filing.negotiation_id for filing in row.filings)
    return " ".join([OPEN] * is_open + [negotiation_mark(of) for of in under])


def pieces(written: str) -> Iterator[tuple[int, int, str]]:
    """Give the paragraphs of a text with number and offset, long ones cut at blanks."""
    for number, (offset, words) in enumerate(paragraphs(written), start=1):
        start = 0
        while len(words) - start > PIECE:
            end = words.rfind(" ", start, start + PIECE)
            end = start + PIECE if end <= start else end
            yield number, offset + start, words[start:end]
            start = end
        yield number, offset + start, words[start:]


_INDEXED: dict[type, Sequence[_Indexed]] = {
    Issue: [_Indexed(Kind.ISSUE, ("title", "question", "proposition", "description", "topic"), _issue)],
    Position: [_Indexed(Kind.POSITION, (), _position)],
    StatusChange: [_Indexed(Kind.STATUS, (), _status)],
    StatusClaim: [_Indexed(Kind.CLAIM, (), _claim)],
    Proposal: [_Indexed(Kind.PROPOSAL, ("title", "tabled_by", "tabled_on"), _proposal)],
    Clause: [_Indexed(Kind.CLAUSE, ("text",), _clause)],
    Event: [_Indexed(Kind.EVENT, ("title", "place", "participants", "starts_on"), _event)],
    Note: [_Indexed(Kind.NOTE, (), _note)],
    Source: [
        _Indexed(
            Kind.SOURCE,
            ("title", "publisher", "origin", "authors", "handling", "published_on", "filings"),
            _source,
        ),
        _Indexed(Kind.TEXT, ("text", "handling", "is_free_to_show", "filings"), _text),
    ],
}


@event.listens_for(Session, "after_flush")
def _keep(session: Session, _context: UOWTransaction) -> None:
    """Write what this flush changed of what can be found."""
    changed = [
        (row, each)
        for row in session.dirty
        for each in _INDEXED.get(type(row), ())
        if _has_changed(row, each)
    ]
    changed += [
        (clause, each)
        for row, part in changed
        if isinstance(row, Proposal) and part.kind is Kind.PROPOSAL
        for clause in row.clauses
        if clause not in session.new and clause not in session.deleted
        for each in _INDEXED[Clause]
    ]
    gone = [(row, each) for row in session.deleted for each in _INDEXED.get(type(row), ())]
    new = [(row, each) for row in session.new for each in _INDEXED.get(type(row), ())]
    remove(session, (each.span(row) for row, each in [*changed, *gone]))
    add(session, (doc for row, each in [*changed, *new] for doc in each.write(row)))


def _has_changed(row: Any, part: _Indexed) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[field].history.has_changes() for field in part.fields)


def lags(session: Session) -> bool:
    """Tell whether more or less is kept of some kind than there is; of texts nothing is told.

    A fill that was cut off leaves nothing, to which saves then add.
    """
    return any(
        _count(session, search_doc, DOC.rowid.between(*part.kind.ids))
        != _count(session, inspect(table).local_table)
        for table, parts in _INDEXED.items()
        for part in parts
        if part.kind is not Kind.TEXT
    )


def _count(session: Session, table: Any, *where: Any) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def rebuild(session: Session, progress: Callable[[Kind, int, int], None] = lambda *_: None) -> int:
    """Write the table anew from the record, all or nothing, and count its rows."""
    clear(session)
    total = 0
    for table, parts in _INDEXED.items():
        count = _count(session, table)
        for part in parts:
            done = 0
            for rows in _batches(session, table):
                total += add(session, (doc for row in rows for doc in part.write(row)))
                done += len(rows)
                progress(part.kind, done, count)
    merge(session)
    return total


def _batches(session: Session, table: Any) -> Iterator[Sequence[Any]]:
    """Read a table, entries in the order of their ids here: SQLite takes far longer in another."""
    order = [table.effective_on, table.id] if issubclass(table, Entry) else [table.id]
    query = select(table).order_by(*order).execution_options(yield_per=_BATCH)
    if table is Source:
        query = query.options(undefer(Source.text), selectinload(Source.filings))
    yield from session.scalars(query).partitions()
