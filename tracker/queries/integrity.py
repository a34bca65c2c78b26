"""Whether the record is whole: the audit chains unbroken, and the tables what the chains tell of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapper, Session

from tracker.db import Base
from tracker.models import AuditEntry, AuditHead, Entry, User
from tracker.models.audit_body import GENESIS, canonical, digest, plain, told
from tracker.models.guard import AppendOnly
from tracker.queries.invariants import find_broken_rules

_BATCH = 2_000


@dataclass
class Verification:
    """What was counted, and each fault in a line."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def verify(session: Session) -> Verification:
    """Walk every chain, compare each row with what the log tells of it, and check the rules of the record.

    The session must read from one state of the database, whoever writes meanwhile.
    """
    found = Verification()
    tables = _Tables()
    _walk(session, found, tables)
    for mapper in audited():
        tables.compare(session, mapper, found)
    found.faults += tables.missing()
    for rule, faults in find_broken_rules(session):
        found.counts["rules"] += 1
        found.faults += [f"{place}: {rule}" for place in faults]
    return found


def audited() -> list[Mapper[Any]]:
    """Give the tables that the log tells of; entries are told as what they are, not as entries."""
    mappers = (mapper for mapper in Base.registry.mappers if mapper.class_ is not Entry)
    return sorted((m for m in mappers if m.class_.is_audited), key=lambda m: m.class_.__tablename__)


def _walk(session: Session, found: Verification, tables: _Tables) -> None:
    """Walk the chains to their ends, entry by entry, and fold what they tell."""
    heads = {head.chain: head for head in session.scalars(select(AuditHead))}
    accounts: dict[int | None, str] = {
        row.id: row.email for row in session.execute(select(User.id, User.email))
    }
    ends: dict[str, tuple[int, str]] = {}
    at: dict[str, Any] = {}
    query = select(*AuditEntry.__table__.columns).order_by(AuditEntry.chain, AuditEntry.sequence)
    for entry in session.execute(query, execution_options={"yield_per": _BATCH}):
        found.counts["audit entries"] += 1
        sequence, previous = ends.get(entry.chain, (0, GENESIS))
        name = f"{entry.chain} {entry.sequence}"
        if entry.sequence != sequence + 1:
            found.faults.append(f"{name}: the chain has a gap, {sequence} stands before it")
        elif entry.previous_hash != previous:
            found.faults.append(f"{name}: does not continue the entry before it")
        if entry.hash != digest(entry.previous_hash, entry.body):
            found.faults.append(f"{name}: was changed, its hash is another")
        if entry.actor_id is not None and accounts.get(entry.actor_id) != entry.actor:
            found.faults.append(f"{name}: names another account than its body")
        if entry.at < at.get(entry.chain, entry.at):
            found.faults.append(f"{name}: is earlier than the entry before it")
        ends[entry.chain], at[entry.chain] = (entry.sequence, entry.hash), entry.at
        found.faults += tables.fold(name, entry)
    found.counts["chains"] = len(ends)
    for chain in sorted(heads.keys() | ends.keys()):
        head = heads.get(chain)
        if (head.sequence, head.hash) != ends.get(chain, (0, GENESIS)) if head else True:
            found.faults.append(f"{chain}: does not end where its head says")
        elif head and head.moment != at.get(chain, head.moment):
            found.faults.append(f"{chain}: does not end when its head says")


class _Tables:
    """What the log tells of each row: append-only rows as a hash of their values, others as the values."""

    def __init__(self) -> None:
        mappers = {mapper.class_.__tablename__: mapper for mapper in audited()}
        self._rows: dict[str, dict[int, Any]] = {name: {} for name in mappers}
        self._is_final = {name: issubclass(mapper.class_, AppendOnly) for name, mapper in mappers.items()}

    def fold(self, name: str, entry: Any) -> Iterator[str]:
        """Take in what one entry tells."""
        body = _body(entry)
        if body is None:
            yield f"{name}: its columns say something else than its body"
            return
        rows = self._rows.get(entry.table_name)
        if rows is None:
            yield f"{name}: tells of a table that is not known"
        elif entry.action == "insert":
            if entry.row_id in rows:
                yield f"{name}: tells of a row that was there already"
            new = body["new"]
            rows[entry.row_id] = hash(canonical(new)) if self._is_final[entry.table_name] else new
        elif self._is_final[entry.table_name] or entry.row_id not in rows:
            yield f"{name}: changes what cannot be changed"
        elif entry.action == "delete":
            del rows[entry.row_id]
        else:
            rows[entry.row_id] |= body["new"]

    def compare(self, session: Session, mapper: Mapper[Any], found: Verification) -> None:
        """Compare the rows of a table with what was told of them; what remains is missing."""
        table = mapper.class_.__tablename__
        rows, is_final = self._rows[table], self._is_final[table]
        attributes = [(each.key, each.columns[0]) for each in mapper.column_attrs if each.key != "id"]
        query = select(mapper.class_.id, *(getattr(mapper.class_, key) for key, _ in attributes))
        for id_, *values in session.execute(query, execution_options={"yield_per": _BATCH}):
            found.counts["rows"] += 1
            here = {
                key: words
                for (key, column), value in zip(attributes, values, strict=True)
                if (words := told(column, value)) is not None
            }
            there = rows.pop(id_, None)
            if there is None:
                found.faults.append(f"{table} {id_}: is not in the log")
            elif is_final:
                if there != hash(canonical(here)):
                    found.faults.append(f"{table} {id_}: is not as the log tells it")
            elif changed := sorted(
                key for key in here.keys() | there.keys() if here.get(key) != there.get(key)
            ):
                found.faults.append(f"{table} {id_}: is not as the log tells it ({', '.join(changed)})")

    def missing(self) -> Iterator[str]:
        """Give the rows that the log tells of and that are not there."""
        for table, rows in self._rows.items():
            for id_ in rows:
                yield f"{table} {id_}: is in the log and not in its table"


def _body(entry: Any) -> dict[str, Any] | None:
    """Read the body of an audit entry; None where its columns contradict it."""
    try:
        body: dict[str, Any] = json.loads(entry.body)
        told_there = [body[key] for key in ("action", "actor", "at", "chain", "row", "sequence", "table")]
        needed = {"insert": {"new"}, "update": {"old", "new"}, "delete": {"old"}}[entry.action]
        is_whole = all(isinstance(body[key], dict) for key in needed)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    columns = [entry.action, entry.actor, plain(entry.at), entry.chain, entry.row_id, entry.sequence]
    return body if is_whole and told_there == [*columns, entry.table_name] else None
