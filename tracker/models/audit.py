"""The audit log: what was written, by whom and when, in hash chains; and what may never change.

Nobody calls this to make an entry: listeners do, in the transaction of the write. A door says once who acts
(`act_as`). There is a chain for each negotiation, named by its code, and one named `desk` for all else.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, Text, event, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, UOWTransaction, mapped_column

from tracker.db import NEVER_REUSED, TITLE, Base, Id, Moment, now
from tracker.models.refused import N_, Conflict, Fault, Faults, Refused

if TYPE_CHECKING:
    from tracker.models.user import User

DESK = "desk"
GENESIS = "0" * 64
_TAG = b"negotiation-tracker/audit/1\n"
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


class AppendOnly:
    """A row that is written once: no UPDATE, no DELETE, no REPLACE, by this guard and by triggers."""


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

    Never earlier than the chain's last moment, whatever the clock does.
    """
    if chain not in _locked(session):
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
        session.info["moment"] = max(_moment(session), head.moment)
    return locked[chain]


def digest(previous_hash: str, body: str) -> str:
    """Chain one body to what stands before it: SHA-256 over tag, previous hash and body, in hex."""
    return hashlib.sha256(_TAG + previous_hash.encode() + b"\n" + body.encode()).hexdigest()


def canonical(value: Any) -> str:
    """Write JSON in the one form that is hashed: sorted keys, no blanks, no floats."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def plain(value: Any) -> Any:
    """Turn a column's value into what canonical JSON can hold."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    return value


def told(column: Any, value: Any) -> Any:
    """Give what the log says of a column's value: long texts by their hash, secrets not at all."""
    how = column.info.get("audit")
    if value is None or how is None:
        return plain(value)
    if how == "hash":
        return "sha256:" + hashlib.sha256(str(value).encode()).hexdigest()
    return "(not shown)"


def values_of(row: Base) -> dict[str, Any]:
    """Give all of a row as the log tells it, without what is empty."""
    mapper = inspect(row).mapper
    found = {}
    for attribute in mapper.column_attrs:
        value = told(attribute.columns[0], getattr(row, attribute.key))
        if value is not None and attribute.key != "id":
            found[attribute.key] = value
    return found


def _changes(row: Base) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the old and the new values of the columns that this flush changes."""
    state = inspect(row)
    old, new = {}, {}
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        if history.has_changes():
            column = attribute.columns[0]
            old[attribute.key] = told(column, history.deleted[0] if history.deleted else None)
            new[attribute.key] = told(column, history.added[0] if history.added else None)
    return old, new


def _chain_of(row: Base) -> str:
    chain: str = getattr(row, "audit_chain", DESK)
    return chain


def _is_changed(session: Session, row: Any) -> bool:
    return session.is_modified(row, include_collections=False)


@event.listens_for(Session, "before_flush")
def _guard(session: Session, _context: UOWTransaction, _rows: Any) -> None:
    """Refuse to change what is append-only, and texts that no database would take."""
    for row in [*session.dirty, *session.deleted]:
        if isinstance(row, AppendOnly) and (row in session.deleted or _is_changed(session, row)):
            raise Refused(Fault("", N_("History is never changed or deleted.")))
    faults = Faults()
    for row in [*session.new, *session.dirty]:
        if isinstance(row, Base):
            faults.extend(text_faults(row))
    faults.refuse()


@event.listens_for(Session, "do_orm_execute")
def _guard_bulk(state: ORMExecuteState) -> None:
    """Refuse statements that would change append-only rows past the guard above."""
    mapper = state.bind_mapper
    is_change = state.is_update or state.is_delete
    if is_change and mapper is not None and issubclass(mapper.class_, AppendOnly):
        raise Refused(Fault("", N_("History is never changed or deleted.")))


def text_faults(row: Base) -> Faults:
    """Find texts that are too long or hold a NUL byte, by the column's own length."""
    faults = Faults()
    for attribute in inspect(row).mapper.column_attrs:
        value = row.__dict__.get(attribute.key)
        if type(value) is not str:
            continue
        limit = getattr(attribute.columns[0].type, "length", None)
        if "\x00" in value:
            faults.find(attribute.key, N_("This text holds a NUL character."))
        elif any("\ud800" <= letter <= "\udfff" for letter in value):
            faults.find(attribute.key, N_("This text holds half a character (a lone surrogate)."))
        elif limit and len(value) > limit:
            faults.find(
                attribute.key,
                N_("This text has %(length)s characters; %(limit)s is the most."),
                length=len(value),
                limit=limit,
            )
    return faults


@event.listens_for(Session, "after_flush")
def _note(session: Session, _context: UOWTransaction) -> None:
    """Keep what this flush wrote until the transaction ends, where it is chained."""
    pending: list[tuple[str, str, Base, dict[str, Any]]] = session.info.setdefault("audit", [])
    pending += [(_chain_of(row), "insert", row, {"new": values_of(row)}) for row in _audited(session.new)]
    for row in _audited(session.dirty):
        old, new = _changes(row)
        if new:
            pending.append((_chain_of(row), "update", row, {"old": old, "new": new}))
    pending += [(_chain_of(row), "delete", row, {"old": values_of(row)}) for row in _audited(session.deleted)]


def _audited(rows: Any) -> Iterator[Base]:
    """Give the audited rows in the order in which they were made."""
    found = [row for row in rows if isinstance(row, Base) and row.is_audited]
    return iter(sorted(found, key=lambda row: (row.__tablename__, row.id)))


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    """Write the audit entries of this transaction to the ends of their chains."""
    _flush(session)
    pending = session.info.pop("audit", [])
    if not pending:
        return
    actor = actor_of(session)
    name = actor if isinstance(actor, str) else actor.email
    for chain in sorted({chain for chain, *_ in pending}):
        _head(session, chain)
    at = _moment(session)
    for chain, action, row, values in pending:
        head = _head(session, chain)
        body = canonical(
            {
                "action": action,
                "actor": name,
                "at": plain(at),
                "chain": chain,
                "row": row.id,
                "sequence": head.sequence + 1,
                "table": row.__tablename__,
                **values,
            }
        )
        entry = AuditEntry(
            chain=chain,
            sequence=head.sequence + 1,
            at=at,
            actor_id=None if isinstance(actor, str) else actor.id,
            actor=name,
            action=action,
            table_name=row.__tablename__,
            row_id=row.id,
            body=body,
            previous_hash=head.hash,
            hash=digest(head.hash, body),
        )
        session.add(entry)
        head.sequence, head.hash, head.moment = entry.sequence, entry.hash, at
    _flush(session)


def _flush(session: Session) -> None:
    """Flush; what a UNIQUE constraint caught first becomes a plain word."""
    try:
        session.flush()
    except IntegrityError as error:
        if "unique" in str(error.orig).lower():
            raise Conflict(
                Fault(
                    "",
                    N_("Someone else has just saved the same thing. Nothing was lost: look, and save again."),
                )
            ) from error
        raise


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: Any) -> None:
    """Let go of the moment and the locks with the transaction that held them."""
    if transaction.parent is None:
        for key in ("moment", "audit_heads", "audit"):
            session.info.pop(key, None)
