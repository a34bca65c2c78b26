"""What stands beside a line in the comparison, or in its place: other voices, blocs that speak, members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tracker.models import Negotiation
from tracker.queries.cells import Cell, Place
from tracker.queries.columns import Columns
from tracker.queries.folding import Folded, folded


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a line, or in its place: lines of the party's blocs, voices and leaks, members."""

    through: Sequence[tuple[str, Cell]] = ()
    voices: int = 0
    leaks: int = 0
    folded: Folded | None = None


NOTHING = Beside()


def found_beside(
    ids: Sequence[int],
    across: Columns,
    lines: Mapping[Place, Cell],
    voices: Mapping[Place, tuple[int, int]],
    negotiation: Negotiation,
) -> dict[Place, Beside]:
    """Gather what stands beside the lines of the parties shown; most places have nothing there."""
    labels = {party.id: party.label for party in negotiation.parties}
    found = {place: Beside((), *counted) for place, counted in voices.items()}
    for party_id, bloc_ids in across.through.items():
        for id_ in ids:
            through = [(labels[each], lines[id_, each]) for each in bloc_ids if (id_, each) in lines]
            if through and (id_, party_id) not in lines:
                found[id_, party_id] = replace(found.get((id_, party_id), NOTHING), through=through)
    for bloc in across.parties:
        for id_ in ids if bloc.code in across.folds else ():
            members = folded(lines.get((id_, bloc.id)), across.folds[bloc.code], id_, lines)
            found[id_, bloc.id] = replace(found.get((id_, bloc.id), NOTHING), folded=members)
    return found
