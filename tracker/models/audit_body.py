"""The body of an audit entry: how rows are told, in the one form that is hashed. Pure functions."""

from __future__ import annotations

import enum
import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Double, inspect

from tracker.db import Base

#: What stands before the first entry of a chain.
GENESIS = "0" * 64
#: `info` of a column that follows from others of its row: the log tells of these, and not of it.
DERIVED = {"audit": "derived"}
_TAG = b"negotiation-tracker/audit/1\n"


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
    if how == "derived":
        return None
    if value is None or how is None:
        # A whole number in a column of floats is read back as a float, and must be told as one.
        return plain(float(value) if isinstance(column.type, Double) and value is not None else value)
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


def changes_of(row: Base) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the old and the new values of the columns that this flush changes."""
    state = inspect(row)
    old, new = {}, {}
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        column = attribute.columns[0]
        if history.has_changes() and column.info.get("audit") != "derived":
            old[attribute.key] = told(column, history.deleted[0] if history.deleted else None)
            new[attribute.key] = told(column, history.added[0] if history.added else None)
    return old, new
