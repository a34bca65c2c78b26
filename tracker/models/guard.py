"""What is never written: changes of history or of what is fixed, and values that no database would take.

Listeners on every session hold this, whatever the caller does; the triggers of the migrations hold the first
of it once more, for clients that are not this program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Integer, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from tracker.db import TITLE, Base
from tracker.models.refused import N_, Fault, Faults, Refused

#: `info` of a column whose value never changes once it is stored.
FIXED = {"fixed": True}
_LARGEST = 2**31 - 1
_HALF = re.compile("[\ud800-\udfff]")


class AppendOnly:
    """A row that is written once: no UPDATE, no DELETE, no REPLACE, by this guard and by triggers."""


@event.listens_for(Base, "attribute_instrument")
def _remember_old_values(_class: type, _key: str, attribute: Any) -> None:
    """Load the old value when a new one is set, so that guard and log can compare the two."""
    if hasattr(attribute.property, "columns"):
        event.listen(attribute, "set", _nothing, active_history=True)


def _nothing(*_arguments: Any) -> None:
    """Listen, for the sake of the old value alone."""


@event.listens_for(Session, "before_flush")
def _guard(session: Session, _context: UOWTransaction, _rows: Any) -> None:
    """Refuse to change what is append-only or fixed, and values that no database would take."""
    faults = Faults()
    if any(row.is_kept for row in session.deleted if isinstance(row, Base)):
        raise Refused(Fault("", N_("This cannot be deleted.")))
    for row in [*session.dirty, *session.deleted]:
        if isinstance(row, AppendOnly) and (row in session.deleted or is_changed(session, row)):
            raise Refused(Fault("", N_("History is never changed or deleted.")))
    for row in session.dirty:
        faults.extend(_fixed_faults(row))
    for row in [*session.new, *session.dirty]:
        if isinstance(row, Base):
            faults.extend(text_faults(row))
    faults.refuse()


def is_changed(session: Session, row: Any) -> bool:
    """Tell whether a flush would write this row."""
    return session.is_modified(row, include_collections=False)


def _fixed_faults(row: Any) -> Faults:
    faults = Faults()
    state = inspect(row)
    for attribute in state.mapper.attrs:
        columns: Any = getattr(attribute, "columns", None) or getattr(attribute, "local_columns", None)
        is_fixed = not getattr(attribute, "uselist", False) and any(c.info.get("fixed") for c in columns)
        if is_fixed and state.attrs[attribute.key].history.has_changes():
            faults.find(attribute.key, N_("This never changes once it is recorded."))
    return faults


@event.listens_for(Session, "do_orm_execute")
def _guard_statements(state: ORMExecuteState) -> None:
    """Refuse statements that would write rows past the listeners of the session.

    Raises: Refused for history; RuntimeError for other rows that the log must tell of.
    """
    if state.bind_mapper is None or not (state.is_insert or state.is_update or state.is_delete):
        return
    written = state.bind_mapper.class_
    if issubclass(written, AppendOnly) and not state.is_insert:
        raise Refused(Fault("", N_("History is never changed or deleted.")))
    if written.is_audited:
        raise RuntimeError(f"{written.__name__}: the log would not tell of this; add, set or delete rows")


def text_faults(row: Base) -> Faults:
    """Find texts that are too long or broken, by the column's own length, and numbers that are too large."""
    faults = Faults()
    for attribute in inspect(row).mapper.column_attrs:
        value = row.__dict__.get(attribute.key)
        kind = attribute.columns[0].type
        if type(value) is int and isinstance(kind, Integer) and abs(value) > _LARGEST:
            faults.find(attribute.key, N_("This number is too large."))
        for text, limit in _texts(value, getattr(kind, "length", None)):
            _find_bad_text(attribute.key, text, limit, faults)
    return faults


def _texts(value: Any, limit: int | None) -> Iterator[tuple[str, int | None]]:
    """Give the texts of a value, alone or in a list, each with the length that it may have."""
    if type(value) is str:
        yield value, limit
    elif isinstance(value, list):
        yield from ((word, TITLE) for word in value if isinstance(word, str))


def _find_bad_text(field: str, text: str, limit: int | None, faults: Faults) -> None:
    if "\x00" in text:
        faults.find(field, N_("This text holds a NUL character."))
    elif _HALF.search(text):
        faults.find(field, N_("This text holds half a character (a lone surrogate)."))
    elif limit and len(text) > limit:
        faults.find(
            field,
            N_("This text has %(length)s characters; %(limit)s is the most."),
            length=len(text),
            limit=limit,
        )
