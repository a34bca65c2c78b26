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

    Six SQL statements, four where no day is looked back to.
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
    now = _look(session, ids, parties, view, user)
    then = _look(session, ids, parties, View(since, view.known_at), user) if since else None
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
    session: Session, ids: Sequence[int], parties: Sequence[Party], view: View, user: User | None
) -> dict[int, Looked]:
    there = those_on(parties, view.day)
    lines: dict[int, dict[int, Held]] = {id_: {} for id_ in ids}
    for (issue_id, party_id), cell in cells(session, ids, sorted(there), view, user).items():
        lines[issue_id][party_id] = held(cell, cell.citations)
    return {id_: Looked(there, lines[id_]) for id_ in ids}
