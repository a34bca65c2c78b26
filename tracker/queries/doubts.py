"""Doubts: which of some entries are contradicted, denied, or rest on little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Negotiation, User
from tracker.queries.entries import EntryLine, entries_named
from tracker.queries.paging import Cut
from tracker.queries.speaking import Spoken, spoken_of
from tracker.queries.weighing import Trait, weigh

#: What makes an entry doubtful, the worst first.
DOUBTS = (Trait.CONTRADICTED, Trait.DENIED, Trait.ANONYMOUS, Trait.UNCHECKED)
#: So many entries are named for each.
FEW = 5


@dataclass(frozen=True)
class Doubt:
    """Why entries are doubtful, and the first of them with what speaks to each."""

    trait: Trait
    entries: Cut[tuple[EntryLine, Sequence[Spoken]]]


@dataclass(frozen=True)
class Doubts:
    """What is doubtful of so many entries, `single` of which rest on one source alone."""

    found: Sequence[Doubt]
    entries: int
    single: int


def doubts(
    session: Session, negotiation: Negotiation, view: View, user: User | None, ids: Sequence[int]
) -> Doubts:
    """Tell which entries are doubtful and why, in six SQL statements."""
    weighed = weigh(session, negotiation, view, user, ids=ids)
    doubtful = {trait: [each.id for each in weighed if each.has(trait)] for trait in DOUBTS}
    first = [id_ for found in doubtful.values() for id_ in found[:FEW]]
    lines, spoken = entries_named(session, first, view, user), spoken_of(session, first, view)
    found = [
        Doubt(trait, Cut([(lines[id_], spoken.get(id_, [])) for id_ in ids[:FEW]], len(ids)))
        for trait, ids in doubtful.items()
        if ids
    ]
    return Doubts(found, len(weighed), sum(each.is_single for each in weighed))
