"""The comparison: rows issues, columns parties, in each cell the line in force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Negotiation, Party, User
from tracker.queries.cells import Cell, Place, besides, cells
from tracker.queries.issue_list import (
    ISSUE,
    Filters,
    IssueLine,
    by_topic,
    issue_lines,
)
from tracker.queries.paging import Paging
from tracker.queries.parties import blocs_on


@dataclass(frozen=True)
class Column:
    """What a column shows: `kind` is "party". `index`: its place in the negotiation's own order."""

    kind: str
    code: str
    name: str
    label: str
    index: int

    @property
    def swatch(self) -> int:
        """Which of the twelve colours it has."""
        return self.index % 12


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a line, or in its place: lines of the party's blocs, voices and leaks."""

    through: Sequence[tuple[str, Cell]] = ()
    voices: int = 0
    leaks: int = 0


@dataclass(frozen=True)
class Row:
    """An issue and what is held on it.

    cells[i] and beside[i] belong to columns[i]; None = not stated by then, and nothing beside it.
    """

    issue: IssueLine
    cells: Sequence[Cell | None]
    beside: Sequence[Beside | None]

    def places(self, columns: Sequence[Column]) -> Iterator[tuple[Column, Cell | None, Beside | None]]:
        """Give each column with what stands in it."""
        return zip(columns, self.cells, self.beside, strict=True)


@dataclass(frozen=True)
class Comparison:
    """One page of rows. `topics`: all of the negotiation's, in its order, whether shown or not."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    topics: Sequence[str]
    paging: Paging

    @property
    def total(self) -> int:
        """How many cells this page has."""
        return len(self.rows) * len(self.columns)

    @property
    def stated(self) -> int:
        """In how many of them the party has a line of its own."""
        return sum(cell is not None for row in self.rows for cell in row.cells)

    @property
    def through(self) -> int:
        """In how many of the others a bloc speaks for the party."""
        return sum(bool(beside and beside.through) for row in self.rows for beside in row.beside)

    @property
    def groups(self) -> Iterator[tuple[str, list[Row]]]:
        """Give the rows of each topic."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.issue.topic, []).append(row)
        return iter(found.items())


def compare(
    session: Session,
    negotiation: Negotiation,
    *,
    parties: Sequence[Party],
    filters: Filters,
    view: View,
    user: User | None,
    page: int = 1,
) -> Comparison:
    """Set the lines of parties side by side, for one page of issues, in a fixed number of SQL statements."""
    found = by_topic(session, negotiation, filters, view, page)
    rows = _rows(session, negotiation, found.ids, parties, view, user)
    order = {party.id: index for index, party in enumerate(negotiation.parties)}
    columns = [Column("party", p.code, p.name, p.label, order[p.id]) for p in parties]
    return Comparison(columns, rows, [topic for topic in found.topics if topic], found.paging)


def unknown_issues(session: Session, negotiation: Negotiation, numbers: Sequence[int]) -> list[int]:
    """Tell which numbers belong to no issue of the negotiation."""
    query = select(ISSUE.number).where(ISSUE.negotiation_id == negotiation.id, ISSUE.number.in_(numbers))
    return sorted(set(numbers) - set(session.scalars(query)))


def _rows(
    session: Session,
    negotiation: Negotiation,
    issue_ids: Sequence[int],
    parties: Sequence[Party],
    view: View,
    user: User | None,
) -> list[Row]:
    columns = [party.id for party in parties]
    blocs = blocs_on(session, negotiation, view.day)
    members = {party_id: blocs[party_id] for party_id in columns if party_id in blocs}
    party_ids = sorted(set(columns).union(*members.values()))
    lines = cells(session, issue_ids, party_ids, view, user)
    voices = besides(session, issue_ids, view)
    labels = {party.id: party.label for party in negotiation.parties}
    through = _through(issue_ids, members, labels, lines)
    issues = issue_lines(session, negotiation, issue_ids, view)

    def beside(place: Place) -> Beside | None:
        if place not in through and place not in voices:
            return None
        return Beside(through.get(place, ()), *voices.get(place, (0, 0)))

    def row(issue_id: int) -> Row:
        places = [(issue_id, party_id) for party_id in columns]
        return Row(
            issues[issue_id], [lines.get(place) for place in places], [beside(place) for place in places]
        )

    return [row(issue_id) for issue_id in issue_ids]


def _through(
    issue_ids: Sequence[int],
    members: dict[int, list[int]],
    labels: dict[int, str],
    lines: dict[Place, Cell],
) -> dict[Place, list[tuple[str, Cell]]]:
    """Find the blocs that speak where a member has no line of its own."""
    found: dict[Place, list[tuple[str, Cell]]] = {}
    for party_id, bloc_ids in members.items():
        for issue_id, bloc_id in product(issue_ids, bloc_ids):
            line = lines.get((issue_id, bloc_id))
            if line and (issue_id, party_id) not in lines:
                found.setdefault((issue_id, party_id), []).append((labels[bloc_id], line))
    return found
