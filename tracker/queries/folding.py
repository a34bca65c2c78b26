"""Folding: blocs whose members stand in the bloc's own column, each against the bloc's line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
        differs = bloc is not None and cell is not None and _held(cell) != _held(bloc)
        found.append(Member(party.code, party.name, party.label, cell, differs))
    held = [_held(member.cell) for member in found if member.cell]
    return Folded(found, len(held), sum(member.differs for member in found), len(set(held)) > 1)


def _held(cell: Cell) -> tuple[object, ...]:
    return (cell.stance, cell.value)
