"""The audit log: what was written, by whom and when, in hash chains.

Nobody calls this to make an entry: listeners do, in the transaction of the write. A door says once who acts
(`act_as`). There is a chain for each negotiation, named by its code, and one named `desk` for all else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, Text, event, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, SessionTransaction, UOWTransaction, mapped_column

from tracker.db import NEVER_REUSED, TITLE, Base, Id, Moment, now
from tracker.models.audit_body import GENESIS, canonical, changes_of, digest, plain, values_of
from tracker.models.guard import AppendOnly
from tracker.models.refused import N_, Conflict, Fault, Refused

if TYPE_CHECKING:
    from tracker.models.user import User

DESK = "desk"
_TICK = timedelta(microseconds=1)
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


class AuditHead(Base):
    """The last entry of a chain; its row is the lock that orders the writers of the chain."""

    __tablename__ = "audit_heads"
    is_audited = False
    id: Mapped[Id]
    chain: Mapped[str] = mapped_column(String(32), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default=GENESIS)
    moment: Mapped[Moment] = mapped_column(default=_EARLIEST)


class AuditEntry(AppendOnly, Base):
    """One write of one row. `body` is the canonical JSON that the hash covers."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("uq_audit_entries_chain_sequence", "chain", "sequence", unique=True),
        Index("ix_audit_entries_row", "table_name", "row_id"),
        NEVER_REUSED,
    )
    is_audited = False
    id: Mapped[Id]
    chain: Mapped[str] = mapped_column(String(32))
    sequence: Mapped[int]
    at: Mapped[Moment]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    actor: Mapped[str] = mapped_column(String(TITLE))
    action: Mapped[str] = mapped_column(String(16))
    table_name: Mapped[str] = mapped_column(String(64))
    row_id: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


def act_as(session: Session, actor: User | str) -> None:
    """Say who writes in this session from now on: a user, or the name of what has no account."""
    session.info["actor"] = actor


def actor_of(session: Session) -> User | str:
    """Tell who writes.

    Raises: RuntimeError where the door did not say.
    """
    actor: User | str | None = session.info.get("actor")
    if actor is None:
        raise RuntimeError("a write needs an actor: the door calls act_as")
    return actor


def moment_of(session: Session, chain: str = DESK) -> datetime:
    """Give the one moment of this transaction, and hold the chain's lock from here to its end.

    Always later than the chain's last moment, whatever the clock does, so that what was known at a moment
    stays what was known then. A negotiation's lock is taken before
    the desk's, so that no two transactions wait for each other.
    """
    _head(session, chain)
    return _moment(session)


def _moment(session: Session) -> datetime:
    moment: datetime = session.info.setdefault("moment", now())
    return moment


def _locked(session: Session) -> dict[str, AuditHead]:
    locked: dict[str, AuditHead] = session.info.setdefault("audit_heads", {})
    return locked


def _head(session: Session, chain: str) -> AuditHead:
    """Lock and give the chain's head, made where the chain is new."""
    locked = _locked(session)
    if chain not in locked:
        with session.no_autoflush:
            query = select(AuditHead).where(AuditHead.chain == chain)
            head = session.scalar(query.with_for_update().execution_options(populate_existing=True))
        if head is None:
            head = AuditHead(chain=chain, sequence=0, hash=GENESIS, moment=_EARLIEST)
            session.add(head)
        locked[chain] = head
        session.info.setdefault("heads_before", {})[chain] = (head.sequence, head.hash)
        session.info["moment"] = max(_moment(session), head.moment + _TICK)
    return locked[chain]


def head_before(session: Session, chain: str) -> tuple[int, str] | None:
    """Tell where a chain stood before this session's last write to it: its sequence and hash.

    None: it did not write.
    """
    found: dict[str, tuple[int, str]] = session.info.get("heads_before", {})
    return found.get(chain)


def _chain_of(row: Base) -> str:
    chain: str = getattr(row, "audit_chain", DESK)
    return chain


@event.listens_for(Session, "before_flush")
def _load(session: Session, _context: UOWTransaction, _rows: Any) -> None:
    """Read what is about to be deleted, as long as it can be read."""
    for row in _audited(session.deleted):
        values_of(row)


@event.listens_for(Session, "after_flush")
def _note(session: Session, _context: UOWTransaction) -> None:
    """Keep what this flush wrote until the transaction ends, where it is chained."""
    pending = _pending(session)
    pending += [(_chain_of(row), "insert", row, {"new": values_of(row)}) for row in _audited(session.new)]
    for row in _audited(session.dirty):
        old, new = changes_of(row)
        if new:
            pending.append((_chain_of(row), "update", row, {"old": old, "new": new}))
    pending += [(_chain_of(row), "delete", row, {"old": values_of(row)}) for row in _audited(session.deleted)]


def _pending(session: Session) -> list[tuple[str, str, Base, dict[str, Any]]]:
    pending: list[tuple[str, str, Base, dict[str, Any]]] = session.info.setdefault("audit", [])
    return pending


def _audited(rows: Any) -> Iterator[Base]:
    """Give the audited rows in the order in which they were made."""
    found = [row for row in rows if isinstance(row, Base) and row.is_audited]
    return iter(sorted(found, key=lambda row: (row.__tablename__, row.id)))


@event.listens_for(Session, "after_transaction_create")
def _mark(session: Session, transaction: SessionTransaction) -> None:
    """Note at a savepoint how much was written before it."""
    if transaction.nested:
        session.info.setdefault("audit_marks", {})[transaction] = len(_pending(session))


@event.listens_for(Session, "after_soft_rollback")
def _go_back(session: Session, transaction: SessionTransaction) -> None:
    """Forget with a savepoint what was written, and locked, since."""
    if transaction.nested:
        del _pending(session)[session.info["audit_marks"][transaction] :]
        for key in ("audit_heads", "held_texts"):
            session.info.pop(key, None)


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    """Write the audit entries of this transaction to the ends of their chains."""
    with _told_plainly():
        session.flush()
    if session.in_nested_transaction() or not _pending(session):
        return
    actor = actor_of(session)
    for chain in sorted({chain for chain, *_ in _pending(session)}):
        _head(session, chain)
    told = [
        _next_entry(_head(session, chain), _moment(session), actor, action, row, values)
        for chain, action, row, values in _pending(session)
    ]
    with _told_plainly():
        session.execute(insert(AuditEntry), told)
        session.flush()
    _pending(session).clear()


def _next_entry(
    head: AuditHead, at: datetime, actor: User | str, action: str, row: Base, values: dict[str, Any]
) -> dict[str, Any]:
    """Move the head of a chain on, and give the columns of the entry that it then stands at."""
    name = actor if isinstance(actor, str) else actor.email
    sequence = head.sequence + 1
    body = canonical(
        {
            "action": action,
            "actor": name,
            "at": plain(at),
            "chain": head.chain,
            "row": row.id,
            "sequence": sequence,
            "table": row.__tablename__,
            **values,
        }
    )
    previous = head.hash
    head.sequence, head.hash, head.moment = sequence, digest(previous, body), at
    return {
        "chain": head.chain,
        "sequence": sequence,
        "at": at,
        "actor_id": None if isinstance(actor, str) else actor.id,
        "actor": name,
        "action": action,
        "table_name": row.__tablename__,
        "row_id": row.id,
        "body": body,
        "previous_hash": previous,
        "hash": head.hash,
    }


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Turn what a constraint caught first into a plain word.

    Raises: Conflict, Refused.
    """
    try:
        yield
    except IntegrityError as error:
        if _is_caught_by(error, "23505", "UNIQUE constraint"):
            raise Conflict(
                Fault(
                    "",
                    N_("Someone else has just saved the same thing. Nothing was lost: look, and save again."),
                )
            ) from error
        if _is_caught_by(error, "23503", "FOREIGN KEY constraint"):
            raise Refused(Fault("", N_("What has entries under it cannot be deleted."))) from error
        raise


def _is_caught_by(error: IntegrityError, sqlstate: str, words: str) -> bool:
    """Tell by PostgreSQL's state, or SQLite's words, what kind of constraint it was."""
    return getattr(error.orig, "sqlstate", None) == sqlstate or words in str(error.orig)


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    """Let go of the moment and the locks with the transaction that held them."""
    if transaction.parent is None:
        for key in ("moment", "audit_heads", "audit", "audit_marks", "held_texts"):
            session.info.pop(key, None)
