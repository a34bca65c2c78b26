"""Evidence: what the entries of a record rest on, and how firmly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Negotiation, User
from tracker.models.vocabulary import Credibility, Reliability
from tracker.queries.entries import EntryLine, entries_named
from tracker.queries.paging import Paging, batches
from tracker.queries.speaking import Spoken, spoken_of
from tracker.queries.weighing import Trait, Weighed, weigh


@dataclass(frozen=True)
class EvidenceFilters:
    """Which entries are asked for: all that count, or those in force; with all of these traits.

    With a grade: those with one citation that has it at least, in both respects.
    """

    every: bool = False
    reliability: Reliability | None = None
    credibility: Credibility | None = None
    traits: tuple[Trait, ...] = ()

    def want(self, entry: Weighed) -> bool:
        """Tell whether an entry is one of them."""
        least = (self.reliability or Reliability.F, self.credibility or Credibility.NOT_JUDGED)
        is_graded = any(grade[0] <= least[0] and grade[1] <= least[1] for grade in entry.grades)
        asks = self.reliability or self.credibility
        return (is_graded or not asks) and all(entry.has(trait) for trait in self.traits)


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


def evidence(
    session: Session,
    negotiation: Negotiation,
    view: View,
    user: User | None,
    filters: EvidenceFilters,
    page: int = 1,
) -> Evidence:
    """Tell what the entries of a negotiation rest on, issue by issue, in six SQL statements."""
    every = weigh(session, negotiation, view, user, is_every=filters.every)
    wanted = [each for each in every if filters.want(each)]
    paging = Paging(page, len(wanted))
    rows = _founded(session, wanted[paging.offset : paging.offset + paging.size], view, user)
    return Evidence(len(every), sum(each.is_single for each in every), rows, paging)


def every_founded(
    session: Session, negotiation: Negotiation, view: View, user: User | None, filters: EvidenceFilters
) -> Iterator[Founded]:
    """Tell the same of all entries that are wanted, batch by batch."""
    every = weigh(session, negotiation, view, user, is_every=filters.every)
    for some in batches([each for each in every if filters.want(each)]):
        yield from _founded(session, some, view, user)


def _founded(session: Session, some: Sequence[Weighed], view: View, user: User | None) -> list[Founded]:
    ids = [each.id for each in some]
    lines, links = entries_named(session, ids, view, user), spoken_of(session, ids, view)
    return [
        Founded(lines[each.id], len(each.origins), _grade(each.best), links.get(each.id, ())) for each in some
    ]


def _grade(code: str | None) -> Grade | None:
    return Grade(Reliability(code[0]), Credibility(code[1])) if code else None
