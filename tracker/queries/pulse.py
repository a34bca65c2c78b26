"""Pulse: the last write to a negotiation that its reader may learn of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Date, ScalarSelect, Select, and_, bindparam, func, literal, or_, select
from sqlalchemy.orm import Session

from tracker.dates import latest_day
from tracker.db import UTCDateTime
from tracker.models import Entry, Negotiation, Retraction, User
from tracker.models.audit import AuditEntry, AuditHead
from tracker.models.entry import counts

NEGOTIATION, HEAD, TOLD = Negotiation.__table__.c, AuditHead.__table__.c, AuditEntry.__table__.c
#: Tables of which strangers learn nothing, not even that somebody wrote.
PRIVATE = ("notes", "grants")
_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pulse:
    """`mark`: another after each write. `sequence`: how many rows were written so far; None for strangers.

    `ahead`: the last day after today in UTC that an entry is about: it is that day already in the east.
    """

    mark: str
    at: datetime | None
    sequence: int | None
    ahead: date | None = None


def pulse(session: Session, code: str, user: User | None) -> Pulse | None:
    """Find the last write, in one SQL statement; None: the reader sees no negotiation of this code.

    Of a record that was published, strangers learn when that was, and of no write after it.
    """
    today = datetime.now(UTC).date()
    given = {"code": code, "user": user and user.id, "today": today, "latest": latest_day()}
    row = session.execute(_of_strangers() if user is None else _of_users(), given).first()
    if row is None:
        return None
    if user is None and row.published_at:
        return Pulse(row.published_at.isoformat(), row.published_at, None, row.ahead)
    return Pulse(row.hash or "", row.at, row.sequence if user else None, row.ahead)


@cache
def _of_users() -> Select[Any]:
    sequence = func.coalesce(HEAD.sequence, 0).label("sequence")
    columns = (HEAD.hash, HEAD.moment.label("at"), sequence, _ahead(by_stranger=False).label("ahead"))
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
        select(NEGOTIATION.published_at, entry.c.hash, entry.c.at, _ahead(by_stranger=True).label("ahead"))
        .select_from(Negotiation.__table__.outerjoin(entry, entry.c.id == last))
        .where(Negotiation.coded(by_stranger=True))
    )


def _ahead(by_stranger: bool) -> ScalarSelect[Any]:
    entry, own = Entry.__table__.c, Negotiation.__table__.alias("own")
    known_at: Any = func.coalesce(own.c.published_at, literal(_EVER, UTCDateTime)) if by_stranger else None
    mine = (own.c.code == bindparam("code"), entry.negotiation_id == own.c.id)
    today: Any = bindparam("today", type_=Date)
    latest: Any = bindparam("latest", type_=Date)
    days = select(func.max(entry.effective_on)).where(*mine, entry.effective_on > today)
    return days.where(counts(entry, latest, known_at)).scalar_subquery()


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
