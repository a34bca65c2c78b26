"""The list of negotiations that a user, or a stranger, sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.db import UTCDateTime
from tracker.models import Entry, Issue, Negotiation, User
from tracker.models.vocabulary import Handling, Status, Visibility
from tracker.queries.issue_list import CHANGE, with_status
from tracker.queries.paging import Paging, paging

FAR = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class NegotiationLine:
    """A negotiation as the list prints it. `counts`: every status in force, None (no status yet) last."""

    code: str
    title: str
    visibility: Visibility
    handling: Handling
    started_on: date | None
    ended_on: date | None
    issues: int
    counts: list[tuple[Status | None, int]]
    last_entry_at: datetime | None


@dataclass(frozen=True)
class NegotiationList:
    """One page of negotiations, open talks first."""

    negotiations: list[NegotiationLine]
    paging: Paging


def list_negotiations(session: Session, user: User | None, *, page: int = 1) -> NegotiationList:
    """List a page of what one may see, in three SQL statements."""
    # Each record is seen up to its own moment: strangers see what was published.
    moment: Any = func.coalesce(Negotiation.published_at, FAR, type_=UTCDateTime) if user is None else FAR
    last = (
        select(func.max(Entry.recorded_at, type_=UTCDateTime))
        .where(Entry.negotiation_id == Negotiation.id, Entry.recorded_at <= moment)
        .correlate(Negotiation)
        .scalar_subquery()
    )
    query = (
        select(Negotiation, last.label("last_entry_at"))
        .where(Negotiation.visible_to(user))
        .order_by(Negotiation.ended_on.is_not(None), Negotiation.title, Negotiation.id)
    )
    shown = paging(session, select(Negotiation.id).where(Negotiation.visible_to(user)), page)
    rows = session.execute(query.limit(shown.size).offset(shown.offset)).all()
    moments = {row[0].id: None if user else row[0].published_at for row in rows}
    tally = _counts(session, moments)
    return NegotiationList([_line(row[0], tally[row[0].id], row.last_entry_at) for row in rows], shown)


def _line(
    row: Negotiation, counts: dict[Status | None, int], last_entry_at: datetime | None
) -> NegotiationLine:
    return NegotiationLine(
        code=row.code,
        title=row.title,
        visibility=row.visibility,
        handling=row.handling,
        started_on=row.started_on,
        ended_on=row.ended_on,
        issues=sum(counts.values()),
        counts=[(status, counts[status]) for status in (*Status, None) if status in counts],
        last_entry_at=last_entry_at,
    )


def _counts(session: Session, moments: dict[int, datetime | None]) -> dict[int, dict[Status | None, int]]:
    """Count the issues of each negotiation by status in force, as known at a moment of each."""
    found: dict[int, dict[Status | None, int]] = {id_: {} for id_ in moments}
    parts = []
    for moment in set(moments.values()):
        ids = [id_ for id_ in moments if moments[id_] == moment]
        query = with_status(select(Issue.negotiation_id, CHANGE.c.status, func.count()), View(None, moment))
        query = query.where(Issue.negotiation_id.in_(ids))
        parts.append(query.group_by(Issue.negotiation_id, CHANGE.c.status))
    for id_, status, number in session.execute(union_all(*parts)) if parts else ():
        found[id_][status] = number
    return found
