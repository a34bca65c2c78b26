"""Coverage: how many of the parties have said where they stand on an issue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Entry, Negotiation, Position
from tracker.models.entry import counts
from tracker.models.position import is_line
from tracker.queries.asking import At, asked, many
from tracker.queries.parties import Blocs, PartyLine, blocs_on

ENTRY = Entry.__table__.c


@dataclass(frozen=True, slots=True)
class Coverage:
    """`stated`: parties with a line of their own; `through`: members without one whose bloc has a line."""

    stated: int
    through: int


def coverage(
    session: Session, negotiation: Negotiation, ids: Sequence[int], view: View, parties: Sequence[PartyLine]
) -> dict[int, Coverage]:
    """Tell how far the parties named cover each issue, by id, in two SQL statements."""
    speaking = _stated(session, ids, view)
    blocs = blocs_on(session, negotiation, view.day)
    present = {party.id for party in parties}
    found = {}
    for id_ in ids:
        own = speaking.get(id_, set())
        found[id_] = Coverage(len(own & present), _through(present - own, own, blocs))
    return found


def _through(silent: Iterable[int], stated: set[int], blocs: Blocs) -> int:
    """Count the parties without a line of their own whose bloc has one."""
    return sum(any(bloc in stated for bloc in blocs.get(party, ())) for party in silent)


def _stated(session: Session, ids: Sequence[int], view: View) -> dict[int, set[int]]:
    """Find the parties that have a line in force, by issue."""
    found: dict[int, set[int]] = {}
    for issue, party in _speakers(session, view, issues=ids):
        found.setdefault(issue, set()).add(party)
    return found


@asked
def _speakers(at: At) -> Select[Any]:
    position = Position.__table__
    return (
        select(ENTRY.issue_id, ENTRY.party_id)
        .join(position, position.c.id == ENTRY.id)
        .where(
            ENTRY.issue_id.in_(many("issues")),
            ENTRY.kind == "position",
            is_line(position.c),
            counts(ENTRY, at.day, at.known_at),
        )
        .distinct()
    )
