"""Rows written in bulk, each told in the audit log as the product tells it.

The session's own listeners would tell of each row too, a hundred times slower.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, func, insert, inspect, select

from tracker.db import Base
from tracker.models import AuditEntry, AuditHead
from tracker.models.audit_body import GENESIS, canonical, digest, plain, told

_BATCH = 20_000


class Ledger:
    """Writes rows with ids of its own, in order, each at the end of its chain; `chain`: the negotiation's.

    An empty database is asked for: ids and chains begin at 1.
    """

    def __init__(self, connection: Connection, chain: str) -> None:
        self.connection, self.chain = connection, chain
        self.actor: tuple[int | None, str] = (None, "benchmark")
        self.counts: Counter[str] = Counter()
        self._ids: Counter[str] = Counter()
        self._rows: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        self._waiting = 0
        self._heads: dict[str, dict[str, Any]] = {}

    def insert(
        self, model: type[Base], at: datetime, *, first: dict[str, Any] | None = None, **values: Any
    ) -> int:
        """Write a row and give its id; `first`: values that it had at first and that were updated since."""
        shape = _shape(model)
        id_ = self._next_id(shape.root)
        self.counts[model.__tablename__] += 1
        row = shape.row(values) | {"id": id_}
        for table, columns in shape.columns:
            self._put(table, {name: row[key] for name, key in columns})
        here = row | (first or {})
        new = {key: words for key, column in shape.told if (words := told(column, here[key])) is not None}
        self._tell(model, at, "insert", id_, {"new": new})
        return id_

    def update(
        self, model: type[Base], at: datetime, id_: int, old: dict[str, Any], new: dict[str, Any]
    ) -> None:
        """Tell of an update of a row that was written as it is after it."""
        self._tell(model, at, "update", id_, {"old": old, "new": new})

    def close(self) -> None:
        """Write what waits, the heads of the chains, and where PostgreSQL goes on to count ids."""
        for chain, head in self._heads.items():
            id_ = self._next_id("audit_heads")
            self._put(AuditHead.__table__, {"id": id_, "chain": chain} | head)
        self._flush()
        if self.connection.dialect.name == "postgresql":
            with self.connection.begin():
                for name, count in self._ids.items():
                    sequence = func.pg_get_serial_sequence(name, "id")
                    self.connection.execute(select(func.setval(sequence, count)))

    def _next_id(self, table: str) -> int:
        self._ids[table] += 1
        return self._ids[table]

    def _tell(
        self, model: type[Base], at: datetime, action: str, row_id: int, values: dict[str, Any]
    ) -> None:
        chain = self.chain if hasattr(model, "audit_chain") else "desk"
        head = self._heads.get(chain, {"sequence": 0, "hash": GENESIS})
        told_there = {
            "action": action,
            "actor": self.actor[1],
            "at": plain(at),
            "chain": chain,
            "row": row_id,
            "sequence": head["sequence"] + 1,
            "table": model.__tablename__,
        }
        body = canonical(told_there | values)
        entry = {
            "id": self._next_id("audit_entries"),
            "chain": chain,
            "sequence": head["sequence"] + 1,
            "at": at,
            "actor_id": self.actor[0],
            "actor": self.actor[1],
            "action": action,
            "table_name": model.__tablename__,
            "row_id": row_id,
            "body": body,
            "previous_hash": head["hash"],
            "hash": digest(head["hash"], body),
        }
        self._heads[chain] = {"sequence": entry["sequence"], "hash": entry["hash"], "moment": at}
        self._put(AuditEntry.__table__, entry)

    def _put(self, table: Any, row: dict[str, Any]) -> None:
        self._rows[table].append(row)
        self._waiting += 1

    def flush_if_full(self) -> None:
        """Write what waits, if it is much: to be called between one transaction of the desk and the next."""
        if self._waiting >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        with self.connection.begin():
            for table in Base.metadata.sorted_tables:  # what is referred to comes first
                if rows := self._rows.pop(table, None):
                    self.connection.execute(insert(table), rows)
        self._waiting = 0


class _Shape:
    """A model's tables: which column holds which attribute, and how each is told."""

    def __init__(self, model: type[Base]) -> None:
        mapper = inspect(model)
        self.root = str(mapper.base_mapper.local_table)
        self.columns = [
            (table, [(column.name, mapper.get_property_by_column(column).key) for column in table.columns])
            for table in mapper.tables
        ]
        self.told: list[tuple[str, Any]] = [
            (each.key, each.columns[0]) for each in mapper.column_attrs if each.key != "id"
        ]
        self._kind = {} if mapper.polymorphic_on is None else {"kind": mapper.polymorphic_identity}
        self._defaults = [(column.key, _default(column)) for _, column in self.told]

    def row(self, values: dict[str, Any]) -> dict[str, Any]:
        """Give a whole row: what is not given has its default, or is empty."""
        row: dict[str, Any] = values | self._kind
        for key, default in self._defaults:
            if key not in row:
                row[key] = default
        return row


def _default(column: Any) -> Any:
    """Give a column's default, but none from chance or the clock: those would differ from run to run."""
    default = column.default
    if default is None or default.is_scalar:
        return default and default.arg
    return [] if default.arg(None) == [] else None


@cache
def _shape(model: type[Base]) -> _Shape:
    return _Shape(model)
