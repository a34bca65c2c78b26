"""The comparison: rows issues, columns parties and tabled texts, in each cell what is held or said."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Negotiation, Party, User
from tracker.queries.baseline import StatusAgainst, against, status_changes
from tracker.queries.beside import Beside, found_beside
from tracker.queries.cells import Cell, Place, besides, cells
from tracker.queries.clauses import ClauseCell, clause_cells
from tracker.queries.columns import Column, Columns, Named, arrange
from tracker.queries.comparison_rows import RowSort, RowsWanted, comparison_rows
from tracker.queries.issue_list import ISSUE, ByTopic, Filters, IssueLine, issue_lines
from tracker.queries.paging import SIZE, Paging, batches
from tracker.queries.scale import Spread, spread_of, those_on

#: So many issues stand side by side where they are columns.
SWAPPED_SIZE = 12
#: More issues than a negotiation can have.
ALL = 10**6


@dataclass(frozen=True)
class Row:
    """An issue and what is held on it.

    cells[i] and beside[i] belong to columns[i]; None = not stated by then (a tabled text: not addressed by
    it), and nothing beside it. `status_changes`: since the baseline day, by the code of the track. `spread`:
    of the values of the parties shown, where the issue has a scale and one of them is coded.
    """

    issue: IssueLine
    cells: Sequence[Cell | ClauseCell | None]
    beside: Sequence[Beside | None]
    status_changes: Mapping[str, StatusAgainst] = field(default_factory=dict)
    spread: Spread | None = None


@dataclass(frozen=True)
class Line:
    """A line of the table as printed: an issue's, or, swapped, a column's; `places` as the heads stand."""

    row: Row | None
    column: Column | None
    places: Iterator[tuple[Row, Column, Cell | ClauseCell | None, Beside | None]]


@dataclass(frozen=True)
class Arrangement:
    """How the table is laid out. `folds`: codes of blocs whose members stand in the bloc's column."""

    sort: RowSort = RowSort.ORDER
    differences: bool = False
    is_swapped: bool = False
    folds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """One page of rows. `topics`: all of the negotiation's, in its order, whether shown or not.

    `blocs`: the codes of those that have members on the day, and can be folded.
    """

    columns: Sequence[Column]
    rows: Sequence[Row]
    topics: Sequence[str]
    paging: Paging
    baseline: date | None = None
    arrangement: Arrangement = Arrangement()
    blocs: Sequence[str] = ()

    @property
    def of_parties(self) -> list[tuple[Cell | ClauseCell | None, Beside | None]]:
        """Every place on this page of a party that takes part on the day."""
        kinds = [column.kind == "party" and column.is_there for column in self.columns]
        return [
            (cell, beside)
            for row in self.rows
            for is_party, cell, beside in zip(kinds, row.cells, row.beside, strict=True)
            if is_party
        ]

    @property
    def total(self) -> int:
        """How many cells of parties this page has."""
        return len(self.of_parties)

    @property
    def stated(self) -> int:
        """In how many of them the party has a line of its own."""
        return sum(cell is not None for cell, _ in self.of_parties)

    @property
    def through(self) -> int:
        """In how many of the others a bloc speaks for the party."""
        return sum(bool(beside and beside.through) for _, beside in self.of_parties)

    @property
    def changed(self) -> int:
        """How many cells of this page changed since the baseline day."""
        return sum(bool(cell and cell.changed) for row in self.rows for cell in row.cells)

    @property
    def has_texts(self) -> bool:
        """Tell whether clauses stand beside the cells of parties."""
        return any(column.kind == "proposal" for column in self.columns)

    @property
    def is_measured(self) -> bool:
        """Tell whether on this page there is a distance between any two of the parties shown."""
        return any(row.spread and row.spread.spread is not None for row in self.rows)

    @property
    def changed_statuses(self) -> int:
        """How many issues of this page have another status than on the baseline day."""
        return sum(bool(row.status_changes) for row in self.rows)

    @property
    def bands(self) -> Iterator[tuple[str | None, list[Line]]]:
        """Give the lines as they are printed, under their topic where the issues stand in their own order."""
        if self.arrangement.is_swapped:
            yield None, [self._across(index) for index in range(len(self.columns))]
            return
        found: dict[str | None, list[Line]] = {}
        for row in self.rows:
            topic = row.issue.topic if self.is_by_topic else None
            found.setdefault(topic, []).append(self._along(row))
        yield from found.items()

    @property
    def is_by_topic(self) -> bool:
        return self.arrangement.sort is RowSort.ORDER and not self.arrangement.is_swapped

    def _along(self, row: Row) -> Line:
        places = zip(self.columns, row.cells, row.beside, strict=True)
        return Line(row, None, ((row, *place) for place in places))

    def _across(self, index: int) -> Line:
        column = self.columns[index]
        return Line(None, column, ((row, column, row.cells[index], row.beside[index]) for row in self.rows))


@dataclass(frozen=True)
class Whole:
    """A comparison with all its rows: `rows()` reads them, batch by batch, anew each time."""

    columns: Sequence[Column]
    rows: Callable[[], Iterator[Row]]
    count: int
    topics: Sequence[str]
    baseline: date | None
    arrangement: Arrangement
    blocs: Sequence[str]


def compare(
    session: Session,
    negotiation: Negotiation,
    *,
    columns: Sequence[Named],
    filters: Filters,
    view: View,
    user: User | None,
    page: int = 1,
    baseline: date | None = None,
    arrangement: Arrangement = Arrangement(),
) -> Comparison:
    """Set lines of parties and tabled texts side by side, for one page of issues.

    A fixed number of SQL statements. A fold that is no bloc with members on the day folds nothing; the
    caller finds it missing in `blocs`.
    """
    size = SWAPPED_SIZE if arrangement.is_swapped else SIZE
    across, found = _arranged(session, negotiation, columns, filters, view, baseline, arrangement, page, size)
    return Comparison(
        columns=across.heads(negotiation),
        rows=_rows(session, negotiation, found.ids, across, view, user, baseline),
        topics=[topic for topic in found.topics if topic],
        paging=found.paging,
        baseline=baseline,
        arrangement=arrangement,
        blocs=[*across.members],
    )


def compare_all(
    session: Session,
    negotiation: Negotiation,
    *,
    columns: Sequence[Named],
    filters: Filters,
    view: View,
    user: User | None,
    baseline: date | None = None,
    arrangement: Arrangement = Arrangement(),
) -> Whole:
    """Set all rows side by side, in the same order; so many SQL statements for each batch of them."""
    across, found = _arranged(session, negotiation, columns, filters, view, baseline, arrangement, 1, ALL)

    def rows() -> Iterator[Row]:
        for ids in batches(found.ids):
            yield from _rows(session, negotiation, ids, across, view, user, baseline)

    topics = [topic for topic in found.topics if topic]
    heads = across.heads(negotiation)
    return Whole(heads, rows, len(found.ids), topics, baseline, arrangement, [*across.members])


def _arranged(
    session: Session,
    negotiation: Negotiation,
    columns: Sequence[Named],
    filters: Filters,
    view: View,
    baseline: date | None,
    arrangement: Arrangement,
    page: int,
    size: int,
) -> tuple[Columns, ByTopic]:
    """Find what stands in the columns, and the issues of a page."""
    across = arrange(session, negotiation, columns, arrangement.folds, view.day)
    wanted = RowsWanted(
        filters=filters,
        sort=arrangement.sort,
        differences=arrangement.differences,
        baseline=baseline,
        party_ids=sorted(across.compared),
        present_ids=sorted(_there(across, negotiation)),
        proposal_ids=[proposal.id for proposal in across.proposals if proposal.is_since(baseline)],
    )
    return across, comparison_rows(session, negotiation, view, wanted, page, size)


def _there(across: Columns, negotiation: Negotiation) -> set[int]:
    """Give those of the parties compared who take part on the day."""
    return across.compared & those_on(negotiation.parties, across.day)


def unknown_issues(session: Session, negotiation: Negotiation, numbers: Sequence[int]) -> list[int]:
    """Tell which numbers belong to no issue of the negotiation."""
    query = select(ISSUE.number).where(ISSUE.negotiation_id == negotiation.id, ISSUE.number.in_(numbers))
    return sorted(set(numbers) - set(session.scalars(query)))


def _rows(
    session: Session,
    negotiation: Negotiation,
    ids: Sequence[int],
    across: Columns,
    view: View,
    user: User | None,
    baseline: date | None,
) -> list[Row]:
    there = _there(across, negotiation)
    party_ids = sorted(across.compared.union(*across.through.values()))
    lines = cells(session, ids, party_ids, view, user)
    issues = issue_lines(session, negotiation, ids, view)
    changes: dict[int, dict[str, StatusAgainst]] = {}
    if baseline:
        then = View(baseline, view.known_at)
        lines = against(session, ids, party_ids, lines, then, view)
        before = issue_lines(session, negotiation, ids, then)
        changes = {id_: status_changes(issues[id_], before[id_]) for id_ in ids}
    texts = clause_cells(session, ids, across.proposals, view, baseline)
    beside = found_beside(ids, across, lines, besides(session, ids, view), negotiation)

    def row(id_: int) -> Row:
        held = [(lines if isinstance(each, Party) else texts).get((id_, each.id)) for each in across.shown]
        others = [beside.get((id_, each.id)) if isinstance(each, Party) else None for each in across.shown]
        return Row(issues[id_], held, others, changes.get(id_, {}), _spread(issues[id_], there, lines))

    return [row(id_) for id_ in ids]


def _spread(issue: IssueLine, there: Collection[int], lines: Mapping[Place, Cell]) -> Spread | None:
    """Measure how far the lines of those who are there lie apart; nothing where none is coded."""
    if not issue.scale_unit:
        return None
    held = (lines.get((issue.id, party_id)) for party_id in there)
    found = spread_of([line.value if line else None for line in held])
    return found if found.coded else None
