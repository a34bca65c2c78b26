"""The kinds of entries as their histories read them, and which of them are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, DateTime, String, type_coerce

from tracker.models import Entry, Issue, Position, Retraction, StatusChange, StatusClaim
from tracker.models.position import is_line

ENTRY, GONE = Entry.__table__.c, Retraction.__table__.c
CHANGE, POSITION, CLAIM = StatusChange.__table__.c, Position.__table__.c, StatusClaim.__table__.c
ISSUE = Issue.__table__.c


@dataclass(frozen=True)
class HistoryFilters:
    """Which entries are wanted; empty: any. `since`, `until`: both days are within."""

    numbers: Sequence[int] = ()
    topics: Sequence[str] = ()
    parties: Sequence[int] = ()
    statuses: Sequence[str] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of entries: its name, its table, and which of its columns are read.

    `status`: the column that filters by status look at. `said`: what an entry comes after, which is told of
    the entry before it on the same `line` that counts as one of `lines`.
    """

    name: str
    table: Any
    columns: Sequence[Any]
    status: Any = None
    said: Any = None
    line: Any = None
    lines: Sequence[Any] = ()


def plain(*columns: Any) -> list[Any]:
    """Read words as they are stored, not as members of a vocabulary."""
    return [type_coerce(column, String) for column in columns]


def moments(*columns: Any) -> list[Any]:
    """Read moments as the driver gives them: without a zone where they are in UTC."""
    return [type_coerce(column, DateTime) for column in columns]


STATUS_CHANGES = Kind(
    "status_change",
    StatusChange.__table__,
    (*plain(CHANGE.status, CHANGE.level), CHANGE.agreed_between, CHANGE.subject_to, CHANGE.reason),
    status=CHANGE.status,
    said=CHANGE.status,
    line=ENTRY.track_id,
)
POSITIONS = Kind(
    "position",
    Position.__table__,
    (
        POSITION.clause_id,
        *plain(POSITION.standing, POSITION.movement, POSITION.stance, POSITION.firmness),
        POSITION.condition,
        POSITION.summary,
        POSITION.value,
        POSITION.stated_by,
    ),
    said=POSITION.stance,
    line=ENTRY.party_id,
    lines=(is_line(POSITION),),
)
CLAIMS = Kind(
    "claim",
    StatusClaim.__table__,
    (CLAIM.stated_by, *plain(CLAIM.status), CLAIM.share, CLAIM.between, CLAIM.words),
    status=CLAIM.status,
)


def lines(filters: HistoryFilters) -> list[ColumnElement[bool]]:
    """Say in SQL which entries are looked at: all that any wanted one comes after are among them."""
    lists = (
        (ISSUE.number, filters.numbers),
        (ISSUE.topic, filters.topics),
        (ENTRY.party_id, filters.parties),
    )
    found: list[ColumnElement[bool]] = [column.in_(values) for column, values in lists if values]
    if filters.until:
        found.append(ENTRY.effective_on <= filters.until)
    return found


def wanted(kind: Kind, filters: HistoryFilters) -> list[ColumnElement[bool]]:
    """Say in SQL which of these are wanted."""
    found = []
    if filters.statuses and kind.status is not None:
        found.append(kind.status.in_(filters.statuses))
    if filters.since:
        found.append(ENTRY.effective_on >= filters.since)
    return found
