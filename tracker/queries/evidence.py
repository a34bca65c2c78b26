"""Evidence: what the entries of a record rest on, and how firmly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from tracker.models.vocabulary import Credibility, Directness, EntryLinkKind, Handling, Reliability, Word
from tracker.queries.asking import At, asked, one
from tracker.queries.entries import EntryLine, entries_named
from tracker.queries.merging import shown, with_kept
from tracker.queries.paging import Paging
from tracker.queries.speaking import Spoken, spoken_against, spoken_of

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


@dataclass(frozen=True)
class EvidenceFilters:
    """Which entries are asked for: all that count, or those in force; with all of these traits.

    With a grade: those with one citation that has it at least, in both respects.
    """

    every: bool = False
    reliability: Reliability | None = None
    credibility: Credibility | None = None
    traits: tuple[Trait, ...] = ()


@dataclass(frozen=True, slots=True)
class Grade:
    """How reliable a source is and how credible its information, as far as somebody judged."""

    reliability: Reliability
    credibility: Credibility

    @property
    def code(self) -> str:
        return f"{self.reliability}{self.credibility}"

    @property
    def is_judged(self) -> bool:
        return (self.reliability, self.credibility) != (Reliability.F, Credibility.NOT_JUDGED)


@dataclass(frozen=True, slots=True)
class Founded:
    """An entry and what it rests on. `independent`: sources, those that reprint one agency counted once.

    `best`: the grade of the most credible information of its most reliable source; None: all are withheld.
    """

    entry: EntryLine
    independent: int
    best: Grade | None
    spoken: Sequence[Spoken]


@dataclass(frozen=True)
class Evidence:
    """A page of entries with what they rest on. `single`: of `total` entries, those on one source alone."""

    total: int
    single: int
    rows: Sequence[Founded]
    paging: Paging


@dataclass(frozen=True, slots=True)
class _Weighed:
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

    def has(self, filters: EvidenceFilters) -> bool:
        least = (filters.reliability or Reliability.F, filters.credibility or Credibility.NOT_JUDGED)
        is_graded = any(grade[0] <= least[0] and grade[1] <= least[1] for grade in self.grades)
        asks = filters.reliability or filters.credibility
        return (is_graded or not asks) and all(_HAS[trait](self) for trait in filters.traits)


def evidence(
    session: Session,
    negotiation: Negotiation,
    view: View,
    user: User | None,
    filters: EvidenceFilters,
    page: int = 1,
) -> Evidence:
    """Tell what the entries of a negotiation rest on, issue by issue, in six SQL statements."""
    every = _weigh(session, negotiation, view, user, is_every=filters.every)
    wanted = [each for each in every if each.has(filters)]
    paging = Paging(page, len(wanted))
    here = wanted[paging.offset : paging.offset + paging.size]
    ids = [each.id for each in here]
    lines, links = entries_named(session, ids, view, user), spoken_of(session, ids, view)
    founded = [
        Founded(lines[each.id], len(each.origins), _grade(each.best), links.get(each.id, ())) for each in here
    ]
    return Evidence(len(every), sum(each.is_single for each in every), founded, paging)


def _weigh(
    session: Session, negotiation: Negotiation, view: View, user: User | None, *, is_every: bool
) -> list[_Weighed]:
    """Weigh each entry by its standing citations; grades of what is withheld are withheld too.

    The database gives the citations one by one: to fold the names of publishers is faster here.
    """
    sources = _sources(session, negotiation, view, user)
    spoken = spoken_against(session, negotiation, view)
    ask = _of_all if is_every else _of_those_in_force
    found = []
    for id_, cited in groupby(ask(session, view, negotiation=negotiation.id), key=itemgetter(0)):
        rows = [row[1:] for row in cited]
        found.append(
            _Weighed(
                id_,
                frozenset(sources[source].origin for source, *_rest in rows),
                [f"{sources[row[0]].reliability}{row[1]}" for row in rows if sources[row[0]].is_seen],
                frozenset(row[2] for row in rows),
                any(row[3] and sources[row[0]].is_seen for row in rows),
                spoken.get(id_, frozenset()),
            )
        )
    return found


def _grade(code: str | None) -> Grade | None:
    return Grade(Reliability(code[0]), Credibility(code[1])) if code else None


_HAS: dict[Trait, Callable[[_Weighed], bool]] = {
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


def _sources(session: Session, negotiation: Negotiation, view: View, user: User | None) -> dict[int, _Origin]:
    """Tell of each source whose words it has; of a copy, those of the source that is shown in its place."""
    return {
        id_: _Origin(
            origin.strip().casefold() or publisher.strip().casefold() or f"#{shown_id}",
            reliability,
            user is not None or handling == Handling.CLEAR,
        )
        for id_, shown_id, origin, publisher, reliability, handling in _filed(
            session, view, negotiation=negotiation.id
        )
    }


@asked
def _filed(at: At) -> Select[Any]:
    filing = Filing.__table__.c
    shown_id, origin, publisher, reliability = shown(
        SOURCE.id, SOURCE.origin, SOURCE.publisher, SOURCE.reliability
    )
    words = (origin, publisher, type_coerce(reliability, String), type_coerce(SOURCE.handling, String))
    query = select(SOURCE.id, shown_id, *words).join(Filing.__table__, filing.source_id == SOURCE.id)
    query = query.where(filing.negotiation_id == one("negotiation"))
    return with_kept(query, at.known_at, filing.negotiation_id)


@asked
def _of_all(at: At) -> Select[Any]:
    return _citations(at, _counting(at))


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
