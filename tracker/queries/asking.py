"""Asking: statements that are written once, with the point of view and what is asked for as parameters.

Writing a statement takes longer than running it, and a page asks twenty of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, Date, bindparam
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.db import UTCDateTime
from tracker.models import User


@dataclass(frozen=True)
class At:
    """A point of view in a statement: a View whose day, and moment where there is one, are parameters."""

    day: Any
    known_at: Any


#: Asks with a session, a point of view, and the statement's own parameters by name.
Asking: TypeAlias = Callable[..., Any]


def asked(write: Callable[[At], Any]) -> Asking:
    """Turn what writes a statement into what runs it; it is written once with a moment, and once without."""
    day = bindparam("day", type_=Date)

    @cache
    def written(is_known: bool) -> Any:
        return write(At(day, bindparam("known_at", type_=UTCDateTime) if is_known else None))

    @wraps(write)
    def ask(session: Session, view: View, **given: Any) -> Any:
        given |= {"day": view.day, "known_at": view.known_at}
        return session.execute(written(view.known_at is not None), given)

    return ask


def asked_between(write: Callable[[At, At], Any]) -> Asking:
    """Turn what writes a statement about two points of view, one before the other, into what runs it."""

    @cache
    def written(*are_known: bool) -> Any:
        return write(*(_end(number, is_known) for number, is_known in enumerate(are_known)))

    @wraps(write)
    def ask(session: Session, before: View, after: View, **given: Any) -> Any:
        for number, view in enumerate((before, after)):
            given |= {f"day_{number}": view.day, f"known_at_{number}": view.known_at}
        return session.execute(written(before.known_at is not None, after.known_at is not None), given)

    return ask


def _end(number: int, is_known: bool) -> At:
    day = bindparam(f"day_{number}", type_=Date)
    return At(day, bindparam(f"known_at_{number}", type_=UTCDateTime) if is_known else None)


def asked_by(write: Callable[[Any], Any]) -> Asking:
    """Turn what writes a statement for a reader, by id (None: a stranger), into what runs it."""

    @cache
    def written(by_stranger: bool) -> Any:
        return write(None if by_stranger else bindparam("reader"))

    @wraps(write)
    def ask(session: Session, user: User | None, **given: Any) -> Any:
        return session.execute(written(user is None), {"reader": user and user.id, **given})

    return ask


def one(name: str) -> BindParameter[Any]:
    """Give the place of a value in a statement."""
    return bindparam(name)


def many(name: str) -> BindParameter[Any]:
    """Give the place of a list of values in a statement."""
    return bindparam(name, expanding=True)
