"""Sources: the list with its filters, what to choose from, and what rests on one source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, select
from sqlalchemy.orm import Session

from tracker.models import Filing, Issue, LinkCheck, Negotiation, Source, User
from tracker.models.link_check import LinkState, state_of
from tracker.models.refused import N_
from tracker.models.vocabulary import Handling, Reliability, SourceKind, Word
from tracker.queries.cited import entry_counts, known_to
from tracker.queries.links import is_dead, with_checks
from tracker.queries.merging import is_copy
from tracker.queries.paging import BATCH, Paging, paging

CHOICES = 10


class SourceSort(Word):
    """In which order sources are listed."""

    NEWEST = "newest", N_("Newest first")
    TITLE = "title", N_("By title")
    RECORDED = "recorded", N_("Last added first")


@dataclass(frozen=True)
class SourceFilters:
    """Which sources are asked for, and in which order. `copies`: those merged into others, and no other."""

    q: str = ""
    negotiation: Negotiation | None = None
    kind: SourceKind | None = None
    sort: SourceSort = SourceSort.NEWEST
    copies: bool = False
    is_dead: bool = False


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source in a list. `entries`: how many standing entries rest on it.

    `failures`: the days in a row on which its address failed; None: nobody looked.
    """

    id: int
    title: str
    publisher: str
    published_on: date | None
    language: str
    kind: SourceKind
    reliability: Reliability
    handling: Handling
    url: str
    archived_url: str
    origin: str
    authors: list[str]
    accessed_on: date | None
    failures: int | None
    filed_under: tuple[Negotiation, ...] = ()
    entries: int = 0

    @property
    def link(self) -> LinkState | None:
        return None if self.failures is None else state_of(self.failures)


@dataclass(frozen=True, slots=True)
class SourceList:
    """A page of sources. `copies`: how many more would be listed if they were not merged into others."""

    rows: list[SourceRow]
    paging: Paging
    copies: int


_ROW: Any = (
    Source.id,
    Source.title,
    Source.publisher,
    Source.published_on,
    Source.language,
    Source.kind,
    Source.reliability,
    Source.handling,
    Source.url,
    Source.archived_url,
    Source.origin,
    Source.authors,
    Source.accessed_on,
    LinkCheck.failures,
)


def list_sources(session: Session, user: User | None, filters: SourceFilters, page: int) -> SourceList:
    """List a page of the sources that a user or a stranger sees. Five SQL statements."""
    query = listed(user, filters)
    shown = paging(session, query, page)
    rows = _rows(session, session.execute(query.offset(shown.offset).limit(shown.size)).all(), user)
    copies = 0 if filters.copies else paging(session, listed(user, replace(filters, copies=True)), 1).total
    return SourceList(rows, shown, copies)


def every_source(session: Session, user: User | None, filters: SourceFilters) -> Iterator[SourceRow]:
    """List all of them, batch by batch."""
    for found in session.execute(listed(user, filters)).partitions(BATCH):
        yield from _rows(session, found, user)


def _rows(session: Session, found: Sequence[Any], user: User | None) -> list[SourceRow]:
    """Make rows of sources, with where they are filed and how much rests on them, in two SQL statements."""
    ids = [row.id for row in found]
    filed, counts = filings(session, ids, user), entry_counts(session, ids, user)
    return [
        SourceRow(**row._mapping, filed_under=tuple(filed[row.id]), entries=counts.get(row.id, 0))
        for row in found
    ]


def strictest(session: Session, user: User | None, filters: SourceFilters) -> Handling:
    """Tell how far a list may be passed on: as far as each of its sources, in one SQL statement."""
    query = listed(user, filters, (Source.handling,)).order_by(None).distinct()
    own = filters.negotiation.handling if filters.negotiation else Handling.CLEAR
    found: list[Handling] = [own, *session.scalars(query)]
    return max(found, key=[*Handling].index)


def choices(session: Session, user: User | None, filters: SourceFilters) -> list[SourceRow]:
    """Give the first sources that fit what was typed, to choose one from."""
    return [SourceRow(**row._mapping) for row in session.execute(listed(user, filters).limit(CHOICES))]


def listed(user: User | None, filters: SourceFilters, columns: Any = _ROW) -> Select[Any]:
    """Select the sources of a list that a user or a stranger sees, in its order."""
    query = with_checks(select(*columns).where(Source.visible_to(user)))
    copied = is_copy(user and user.id)
    query = query.where(copied if filters.copies else ~copied)
    if filters.is_dead:
        query = query.where(is_dead())
    if filters.negotiation is not None:
        filed = exists().where(Filing.source_id == Source.id, Negotiation.id == Filing.negotiation_id)
        query = query.where(filed.where(Negotiation.id == filters.negotiation.id, *known_to(Source, user)))
    if filters.kind is not None:
        query = query.where(Source.kind == filters.kind)
    for word in filters.q.lower().split():
        query = query.where(mentions(word))
    order: dict[SourceSort, Any] = {
        SourceSort.NEWEST: Source.published_on.desc().nulls_last(),
        SourceSort.TITLE: func.lower(Source.title),
        SourceSort.RECORDED: Source.recorded_at.desc(),
    }
    return query.order_by(order[filters.sort], Source.id.desc())


def mentions(word: str) -> ColumnElement[bool]:
    """Say in SQL that a word, in whatever case, stands in title, publisher, address or an author's name."""
    names = cast(Source.authors, String)
    texts: Any = Source.title
    for text in (Source.publisher, Source.origin, Source.url, Source.archived_url, names):
        texts = texts + " " + text
    return func.lower(texts).contains(word, autoescape=True)


def filings(session: Session, ids: Sequence[int], user: User | None) -> dict[int, list[Negotiation]]:
    """Give the negotiations that each source is filed under, as far as the reader sees them."""
    query = (
        select(Filing.source_id, Negotiation)
        .join(Negotiation, Negotiation.id == Filing.negotiation_id)
        .join(Source, Source.id == Filing.source_id)
        .where(Filing.source_id.in_(ids), Negotiation.visible_to(user), *known_to(Source, user))
        .order_by(Negotiation.code)
    )
    found: dict[int, list[Negotiation]] = {id_: [] for id_ in ids}
    for source_id, negotiation in session.execute(query):
        found[source_id].append(negotiation)
    return found


def issues_of(
    session: Session, negotiations: Sequence[Negotiation], limit: int
) -> list[tuple[str, int, str]]:
    """List the issues that a source may be quoted for: code, number, title; one more than `limit` at most."""
    query = (
        select(Negotiation.code, Issue.number, Issue.title)
        .join(Negotiation, Negotiation.id == Issue.negotiation_id)
        .where(Issue.negotiation_id.in_([negotiation.id for negotiation in negotiations]))
        .order_by(Negotiation.code, Issue.number)
        .limit(limit + 1)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]
