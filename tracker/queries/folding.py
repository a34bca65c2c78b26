"""Folding: blocs whose members stand in the bloc's own column, each against the bloc's line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from tracker.models import Party
from tracker.queries.cells import Cell, Place


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a folded bloc, with its line; None = not stated. `differs`: from the bloc's line."""

    code: str
    name: str
    label: str
    cell: Cell | None
    differs: bool


@dataclass(frozen=True, slots=True)
class Folded:
    """The members of a folded bloc on an issue. `own`: how many have a line of their own.

    `differing`: how many of those hold another stance, or value, than the bloc; where the bloc states
    nothing, whether they differ among themselves is in `is_split`.
    """

    members: Sequence[Member]
    own: int
    differing: int
    is_split: bool


def folded(bloc: Cell | None, members: Sequence[Party], issue_id: int, lines: Mapping[Place, Cell]) -> Folded:
    """Set the members' lines on an issue against the bloc's."""
    found = []
    for party in members:
        cell = lines.get((issue_id, party.id))
        differs = bloc is not None and cell is not None and _differ(cell, bloc)
        found.append(Member(party.code, party.name, party.label, cell, differs))
    own = [member.cell for member in found if member.cell]
    is_split = any(_differ(one, other) for one, other in combinations(own, 2))
    return Folded(found, len(own), sum(member.differs for member in found), is_split)


def _differ(one: Cell, other: Cell) -> bool:
    """Tell whether two lines take other stances, or have other values; one that is not coded has none."""
    are_coded = one.value is not None and other.value is not None
    return one.stance is not other.stance or (are_coded and one.value != other.value)
