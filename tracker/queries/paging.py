"""Paging: which rows of a list a page shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

SIZE = 50
#: More rows than any list has.
EVERY = 2**31 - 1
#: So many rows are read at once where all are read.
BATCH = 500
Row = TypeVar("Row")
Each = TypeVar("Each")


@dataclass(frozen=True)
class Paging:
    """One page of a list: its number (from 1), how many pages and rows there are in all."""

    number: int
    total: int
    size: int = SIZE

    @property
    def count(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size


def paging(session: Session, query: Select[Any], number: int, size: int = SIZE) -> Paging:
    """Count the rows of a query, and say what the page shows."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    return Paging(number, total or 0, size)


def batches(rows: Sequence[Row], size: int = BATCH) -> Iterator[Sequence[Row]]:
    """Cut rows into pieces that a statement can name."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


@dataclass(frozen=True)
class Onward:
    """One page of a list whose rows are not counted, since that would read them all."""

    number: int
    is_last: bool


@dataclass(frozen=True)
class Cut(Generic[Each]):
    """The first of many. `total`: how many there are in all."""

    shown: Sequence[Each]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.shown)
