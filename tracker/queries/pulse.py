"""Pulse: the last write to a negotiation that its reader may learn of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from tracker.models import Negotiation, Retraction, User
from tracker.models.audit import AuditEntry, AuditHead

NEGOTIATION, HEAD, TOLD = Negotiation.__table__.c, AuditHead.__table__.c, AuditEntry.__table__.c
#: Tables of which strangers learn nothing, not even that somebody wrote.
PRIVATE = ("notes", "grants")


@dataclass(frozen=True, slots=True)
class Pulse:
    """`mark`: another after each write. `sequence`: how many rows were written so far; None for strangers."""

    mark: str
    at: datetime | None
    sequence: int | None


def pulse(session: Session, code: str, user: User | None) -> Pulse | None:
    """Find the last write, in one SQL statement; None: the reader sees no negotiation of this code.

    Of a record that was published, strangers learn when that was, and of no write after it.
    """
    given = {"code": code, "user": user and user.id}
    row = session.execute(_of_strangers() if user is None else _of_users(), given).first()
    if row is None:
        return None
    if user is None and row.published_at:
        return Pulse(row.published_at.isoformat(), row.published_at, None)
    return Pulse(row.hash or "", row.at, row.sequence if user else None)


@cache
def _of_users() -> Select[Any]:
    columns = (HEAD.hash, HEAD.moment.label("at"), func.coalesce(HEAD.sequence, 0).label("sequence"))
    head = Negotiation.__table__.outerjoin(AuditHead.__table__, HEAD.chain == NEGOTIATION.code)
    return select(*columns).select_from(head).where(Negotiation.coded(by_stranger=False))


@cache
def _of_strangers() -> Select[Any]:
    of_notes = select(Retraction.id).where(Retraction.id == TOLD.row_id, Retraction.note_id.is_not(None))
    is_open = and_(TOLD.table_name.not_in(PRIVATE), or_(TOLD.table_name != "retractions", ~of_notes.exists()))
    last = (
        select(TOLD.id)
        .where(TOLD.chain == NEGOTIATION.code, is_open)
        .order_by(TOLD.sequence.desc())
        .limit(1)
        .correlate(Negotiation.__table__)
        .scalar_subquery()
    )
    entry = AuditEntry.__table__.alias("last")
    return (
        select(NEGOTIATION.published_at, entry.c.hash, entry.c.at)
        .select_from(Negotiation.__table__.outerjoin(entry, entry.c.id == last))
        .where(Negotiation.coded(by_stranger=True))
    )


@dataclass(frozen=True, slots=True)
class Since:
    """How often it was saved after a place in the chain, and when that place was written."""

    times: int
    moment: datetime | None


def writes_since(session: Session, code: str, sequence: int) -> Since:
    """Count the transactions that wrote to a negotiation after a place in its chain, in one SQL statement."""
    times, moment = session.execute(_writes_since(), {"code": code, "sequence": sequence}).one()
    return Since(times, moment)


@cache
def _writes_since() -> Select[Any]:
    then = AuditEntry.__table__.alias("then")
    place = (then.c.chain == bindparam("code"), then.c.sequence == bindparam("sequence"))
    after = (TOLD.chain == bindparam("code"), TOLD.sequence > bindparam("sequence"))
    moment = select(then.c.at).where(*place).scalar_subquery()
    return select(func.count(TOLD.at.distinct()), moment).where(*after)
