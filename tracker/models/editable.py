"""Rows that may be edited in place: adding them, editing them, and telling that someone else was first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.db import Base
from tracker.models.audit import AuditEntry, moment_of
from tracker.models.guard import text_faults
from tracker.models.refused import stale


def version_of(row: Base) -> int:
    """Count the writes of a row: the version that a form for it was made from."""
    query = select(func.count()).select_from(AuditEntry).where(_about(row))
    return row.session.scalar(query) or 0


def versions_of(table: type[Base], ids: Select[int], known_at: datetime | None) -> Select[int, int, datetime]:
    """Write what counts the writes of rows by then, and finds the last, by their ids."""
    query = select(AuditEntry.row_id, func.count(), func.max(AuditEntry.at)).group_by(AuditEntry.row_id)
    query = query.where(AuditEntry.table_name == table.__tablename__, AuditEntry.row_id.in_(ids))
    return query if known_at is None else query.where(AuditEntry.at <= known_at)


def last_write(row: Base) -> AuditEntry | None:
    """Find who wrote a row last, and when."""
    query = select(AuditEntry).where(_about(row)).order_by(AuditEntry.id.desc()).limit(1)
    return row.session.scalar(query)


def add(session: Session, row: Any) -> None:
    """Check a new row and add it.

    Raises: Refused.
    """
    with session.no_autoflush:
        faults = text_faults(row)
        faults.extend(row.faults())
    faults.refuse()
    session.add(row)


def edit(row: Any, values: dict[str, Any], *, base_version: int | None = None) -> None:
    """Change editable fields (by attribute), unless someone saved since a form was made from `base_version`.

    Raises: Conflict, Refused.
    """
    session: Session = row.session
    moment_of(session, row.audit_chain)  # from here on nobody else writes to this negotiation
    session.expire(row)
    if base_version is not None and base_version != version_of(row):
        raise stale()
    with session.no_autoflush:
        for field, value in values.items():
            if getattr(row, field) != value:
                setattr(row, field, value)
        faults = text_faults(row)
        faults.extend(row.faults())
    faults.refuse()


def remove(row: Any) -> None:
    """Delete a row that was written by mistake, unless somebody did so a moment ago."""
    session: Session = row.session
    moment_of(session, row.audit_chain)
    if session.scalar(select(exists().where(type(row).id == row.id))):
        session.delete(row)


def _about(row: Base) -> ColumnElement[bool]:
    """Say in SQL which entries of the log tell of a row: those of its `told_with` too, where it has such."""
    own = and_(AuditEntry.table_name == row.__tablename__, AuditEntry.row_id == row.id)
    with_it: ColumnElement[bool] | None = getattr(row, "told_with", None)
    return own if with_it is None else or_(own, with_it)
