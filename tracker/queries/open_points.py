"""Open points: what is still to be agreed, with the line of each party that takes part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.dates import View, lasts
from tracker.models import Negotiation, User
from tracker.queries.cells import Cell
from tracker.queries.comparison import Row, compare
from tracker.queries.issue_list import Filters, IssueLine
from tracker.queries.ladder import IssueName


@dataclass(frozen=True)
class HeldOnPoint:
    """A party's line in force on an open point; None: `through` names the blocs that speak for it."""

    party: str
    cell: Cell | None
    through: Sequence[str]


@dataclass(frozen=True)
class Point:
    """An open point and the line of each party that takes part, in column order."""

    issue: IssueLine
    held: Sequence[HeldOnPoint]


def open_points(
    session: Session,
    negotiation: Negotiation,
    view: View,
    user: User | None,
    issues: Mapping[int, IssueName],
) -> list[Point]:
    """Set the lines of the parties on some issues out, in the order of these: fifty at most."""
    if not issues:
        return []
    there = [party for party in negotiation.parties if lasts(party.from_on, party.until_on, view.day)]
    numbers = tuple(int(name.key.rpartition("-")[2]) for name in issues.values())
    filters = Filters(numbers=numbers)
    found = compare(session, negotiation, columns=there, filters=filters, view=view, user=user)
    rows = {row.issue.id: row for row in found.rows}
    return [_point(rows[id_], [party.label for party in there]) for id_ in issues]


def _point(row: Row, parties: Sequence[str]) -> Point:
    held = []
    for party, cell, beside in zip(parties, row.cells, row.beside, strict=True):
        through = [bloc for bloc, _line in beside.through] if beside else []
        held.append(HeldOnPoint(party, cell if isinstance(cell, Cell) else None, through))
    return Point(row.issue, held)
