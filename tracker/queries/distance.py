"""Distance: the issues with a scale, measured as of a day and beside an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Issue, Negotiation, Party, Position, User
from tracker.queries.cells import cells
from tracker.queries.paging import Paging, paging
from tracker.queries.parties import blocs_on
from tracker.queries.scale import (
    Held,
    IssueDistance,
    Looked,
    Scale,
    held,
    measure,
    party_lines,
    those_on,
)

ISSUE, PARTY, POSITION = Issue.__table__.c, Party.__table__.c, Position.__table__.c


@dataclass(frozen=True, slots=True)
class Distances:
    """One page of issues with a scale. `since`: the day looked back to."""

    since: date | None
    issues: Sequence[IssueDistance]
    paging: Paging


def distances(
    session: Session,
    negotiation: Negotiation,
    *,
    parties: Sequence[Party],
    view: View,
    user: User | None,
    since: date | None = None,
    numbers: Sequence[int] = (),
    page: int = 1,
) -> Distances:
    """Measure a page of the issues with a scale (of these numbers alone, where there are any).

    Eight SQL statements, five where no day is looked back to.
    """
    columns = (ISSUE.scale_unit, ISSUE.scale_low, ISSUE.scale_high, ISSUE.scale_from, ISSUE.scale_to)
    query = select(ISSUE.id, ISSUE.number, ISSUE.title, ISSUE.topic, *columns)
    query = query.where(ISSUE.negotiation_id == negotiation.id, ISSUE.scale_unit != "")
    if numbers:
        query = query.where(ISSUE.number.in_(numbers))
    shown = paging(session, query, page)
    in_order = query.order_by(ISSUE.ordering, ISSUE.number).offset(shown.offset).limit(shown.size)
    rows = session.execute(in_order).all()
    ids = [row.id for row in rows]
    lines = party_lines(negotiation, parties)
    now = _look(session, negotiation, ids, parties, view, user)
    then = _look(session, negotiation, ids, parties, View(since, view.known_at), user) if since else None
    found = [
        measure(
            f"{negotiation.code}-{row.number}",
            row.title,
            row.topic,
            Scale(*row[4:]),
            lines,
            now[row.id],
            then[row.id] if then else None,
        )
        for row in rows
    ]
    return Distances(since, found, shown)


def scaled(session: Session, negotiation: Negotiation, numbers: Sequence[int]) -> dict[int, bool]:
    """Tell by number whether issues have a scale; numbers of no issue are left out."""
    query = select(ISSUE.number, ISSUE.scale_unit).where(ISSUE.negotiation_id == negotiation.id)
    return {number: bool(unit) for number, unit in session.execute(query.where(ISSUE.number.in_(numbers)))}


def _look(
    session: Session,
    negotiation: Negotiation,
    ids: Sequence[int],
    parties: Sequence[Party],
    view: View,
    user: User | None,
) -> dict[int, Looked]:
    there = those_on(parties, view.day)
    blocs = blocs_on(session, negotiation, view.day)
    present = those_on(negotiation.parties, view.day)
    labels = {party.id: party.label for party in negotiation.parties if party.id in present}
    speaking = {id_: [bloc for bloc in blocs.get(id_, ()) if bloc in labels] for id_ in there}
    lines: dict[int, dict[int, Held]] = {id_: {} for id_ in ids}
    through: dict[int, dict[int, list[str]]] = {id_: {} for id_ in ids}
    found = cells(session, ids, sorted(there.union(*speaking.values())), view, user)
    for (issue_id, party_id), cell in found.items():
        if party_id in there:
            lines[issue_id][party_id] = held(cell, cell.citations)
    for id_ in ids:
        for party_id in there - lines[id_].keys():
            through[id_][party_id] = [labels[bloc] for bloc in speaking[party_id] if (id_, bloc) in found]
    return {id_: Looked(there, lines[id_], through[id_]) for id_ in ids}
