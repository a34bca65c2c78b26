"""Weighing: what the standing citations of entries tell together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, exists, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.db import past_index
from tracker.models import (
    Citation,
    Entry,
    Filing,
    Issue,
    Negotiation,
    Position,
    QuoteCheck,
    Retraction,
    Source,
    User,
)
from tracker.models.entry import counts, known, latest_first
from tracker.models.position import is_line
from tracker.models.quote_check import found_later
from tracker.models.refused import N_
from tracker.models.vocabulary import Directness, EntryLinkKind, Handling, Word
from tracker.queries.asking import At, asked, many, one
from tracker.queries.merging import shown, with_kept
from tracker.queries.speaking import spoken_against

ENTRY, POSITION, ISSUE = Entry.__table__.c, Position.__table__.c, Issue.__table__.c
CITATION, SOURCE, GONE = Citation.__table__.c, Source.__table__.c, Retraction.__table__.c


class Trait(Word):
    """What may be asked of how an entry is founded."""

    SINGLE = "single", N_("On one source alone")
    REPORTED = "reported", N_("Reported or anonymous alone")
    ANONYMOUS = "anonymous", N_("Anonymous alone")
    UNCHECKED = "unchecked", N_("A quote unchecked")
    CONTRADICTED = "contradicted", N_("Contradicted")
    DENIED = "denied", N_("Denied")
    CONFIRMED = "confirmed", N_("Confirmed")


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the citations of an entry tell together. `grades`: as B2, of the sources that the reader sees."""

    id: int
    origins: frozenset[str]
    grades: Sequence[str]
    directness: frozenset[str]
    is_unchecked: bool
    spoken: frozenset[EntryLinkKind]

    @property
    def is_single(self) -> bool:
        return len(self.origins) == 1

    @property
    def best(self) -> str | None:
        return min(self.grades, default=None)

    def has(self, trait: Trait) -> bool:
        return _HAS[trait](self)


def weigh(
    session: Session,
    negotiation: Negotiation,
    view: View,
    user: User | None,
    *,
    is_every: bool = False,
    ids: Sequence[int] | None = None,
) -> list[Weighed]:
    """Weigh each entry by its standing citations; grades of what is withheld are withheld too.

    Those in force, all that count, or those named by `ids`; three SQL statements. The database gives the
    citations one by one: to fold the names of publishers is faster here.
    """
    about = {"negotiation": negotiation.id} | ({} if ids is None else {"ids": ids})
    sources = _sources((_filed if ids is None else _cited)(session, view, **about), user)
    spoken = spoken_against(session, negotiation, view)
    ask = _of_named if ids is not None else _of_all if is_every else _of_those_in_force
    found = []
    for id_, cited in groupby(ask(session, view, **about), key=itemgetter(0)):
        rows = [row[1:] for row in cited]
        found.append(
            Weighed(
                id_,
                frozenset(sources[source].origin for source, *_rest in rows),
                [f"{sources[row[0]].reliability}{row[1]}" for row in rows if sources[row[0]].is_seen],
                frozenset(row[2] for row in rows),
                any(row[3] and sources[row[0]].is_seen for row in rows),
                spoken.get(id_, frozenset()),
            )
        )
    return found


_HAS: dict[Trait, Callable[[Weighed], bool]] = {
    Trait.SINGLE: lambda each: each.is_single,
    Trait.REPORTED: lambda each: each.directness <= {Directness.REPORTED, Directness.ANONYMOUS},
    Trait.ANONYMOUS: lambda each: each.directness <= {Directness.ANONYMOUS},
    Trait.UNCHECKED: lambda each: each.is_unchecked,
    Trait.CONTRADICTED: lambda each: EntryLinkKind.CONTRADICTS in each.spoken,
    Trait.DENIED: lambda each: EntryLinkKind.DENIES in each.spoken,
    Trait.CONFIRMED: lambda each: EntryLinkKind.CONFIRMS in each.spoken,
}


@dataclass(frozen=True, slots=True)
class _Origin:
    """Whose words a source has: the agency's that is reprinted, its publisher's, or its own."""

    origin: str
    reliability: str
    is_seen: bool


def _sources(rows: Iterable[Any], user: User | None) -> dict[int, _Origin]:
    """Tell of each source whose words it has; of a copy, those of the source that is shown in its place."""
    return {
        id_: _Origin(
            origin.strip().casefold() or publisher.strip().casefold() or f"#{shown_id}",
            reliability,
            user is not None or handling == Handling.CLEAR,
        )
        for id_, shown_id, origin, publisher, reliability, handling in rows
    }


@asked
def _filed(at: At) -> Select[Any]:
    return _words(at)


@asked
def _cited(at: At) -> Select[Any]:
    return _words(at).where(
        SOURCE.id.in_(select(CITATION.source_id).where(CITATION.entry_id.in_(many("ids"))))
    )


def _words(at: At) -> Select[Any]:
    filing = Filing.__table__.c
    shown_id, origin, publisher, reliability = shown(
        SOURCE.id, SOURCE.origin, SOURCE.publisher, SOURCE.reliability
    )
    words = (origin, publisher, type_coerce(reliability, String), type_coerce(SOURCE.handling, String))
    query = select(SOURCE.id, shown_id, *words).join(Filing.__table__, filing.source_id == SOURCE.id)
    query = query.where(filing.negotiation_id == one("negotiation"))
    found: Select[Any] = with_kept(query, at.known_at, filing.negotiation_id)
    return found


@asked
def _of_all(at: At) -> Select[Any]:
    return _citations(at, _counting(at))


@asked
def _of_named(at: At) -> Select[Any]:
    return _citations(at, _counting(at).where(ENTRY.id.in_(many("ids"))))


@asked
def _of_those_in_force(at: At) -> Select[Any]:
    return _citations(at, _in_force(at))


def _citations(at: At, entries: Select[Any]) -> Select[Any]:
    """Select the standing citations of entries, those of one entry together."""
    entry = entries.subquery("weighed").c
    gone = exists().where(GONE.citation_id == CITATION.id, *known(GONE, at.known_at))
    later = found_later("offset", CITATION, *known(QuoteCheck, at.known_at))
    return (
        select(
            entry.id,
            CITATION.source_id,
            type_coerce(CITATION.credibility, String),
            type_coerce(CITATION.directness, String),
            and_(CITATION.quote != "", CITATION.offset.is_(None), later.is_(None)),
        )
        .join(Citation.__table__, CITATION.entry_id == entry.id)
        .where(*known(CITATION, at.known_at), ~gone)
        .order_by(*_in_order(entry))
    )


def _in_order(entry: Any) -> list[ColumnElement[Any]]:
    """Order by issue, what is on none last; statuses, then positions, then claims, newest first."""
    return [
        entry.number.is_(None),
        entry.ordering,
        entry.number,
        entry.kind.desc(),
        entry.party_id,
        *latest_first(entry),
    ]


def _counting(at: At) -> Select[Any]:
    columns = (ENTRY.id, ENTRY.kind, ENTRY.party_id, ENTRY.effective_on, ENTRY.first_recorded_at)
    return (
        select(*columns, ISSUE.ordering, ISSUE.number)
        .select_from(Entry.__table__)
        .outerjoin(Issue.__table__, ISSUE.id == ENTRY.issue_id)
        .where(ENTRY.negotiation_id == one("negotiation"), past_index(counts(ENTRY, at.day, at.known_at)))
        .where(ENTRY.kind.in_(["status_change", "position", "claim"]))
    )


def _in_force(at: At) -> Select[Any]:
    """Select the last status of each issue and track, and the last line of each party on each issue."""
    about = (ENTRY.issue_id, ENTRY.kind, ENTRY.party_id, ENTRY.track_id)
    place = func.row_number().over(partition_by=about, order_by=latest_first(ENTRY)).label("place")
    ranked = (
        _counting(at)
        .add_columns(place)
        .outerjoin(Position.__table__, POSITION.id == ENTRY.id)
        .where(ENTRY.kind != "claim", or_(POSITION.id.is_(None), is_line(POSITION)))
        .subquery("ranked")
    )
    kept = [column for column in ranked.c if column.name != "place"]
    return select(*kept).where(ranked.c.place == 1)
