"""Sheets: rows on their way out, into CSV and JSON here, and into Excel in workbook.py.

Rows are read once, one by one, so that a file of any length takes no more memory than a short one.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeAlias

from tracker.dates import moment_words

Value: TypeAlias = str | int | float | bool | date | datetime | None
Cells: TypeAlias = Sequence[Value]

#: So many rows are put together before they are handed on.
CHUNK = 500
#: What a spreadsheet takes for a formula at the start of a cell, behind any blanks and signs of no width.
_FORMULA = re.compile(r"[\t\r\n]|[\s\x00\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in JSON, its heading elsewhere, its width in letters; long text is wrapped."""

    name: str
    title: str
    width: int = 16
    is_long: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table: the key of its rows in JSON, the title of its tab; rows[i][j] belongs to columns[j]."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Iterable[Cells]


@dataclass(frozen=True)
class Told:
    """One thing to tell of a file: its key in JSON, its name in words, and what it is."""

    name: str
    title: str
    value: Value


@dataclass(frozen=True)
class Book:
    """A file: CSV holds the first of its sheets, the others hold all; the last lists the sources.

    `name`: of the file, without ending. `title`, `marking`: printed at the head of each page.
    `body`: what JSON gives in place of the sheets; an iterator in it is written piece by piece.
    `cut`: what stands at the end of a text too long for a cell of Excel.
    """

    name: str
    title: str
    sheets: Sequence[Sheet]
    about: Sequence[Told] = ()
    marking: str = ""
    body: Mapping[str, Any] | None = None
    cut: str = " […]"


def write_csv(book: Book) -> Iterator[bytes]:
    """Write the first sheet for people: one line of headings, then one line for each row.

    A cell that a spreadsheet would compute begins with an apostrophe.
    """
    sheet, rows = book.sheets[0], iter(book.sheets[0].rows)
    yield b"\xef\xbb\xbf" + _lines([[_plain(column.title) for column in sheet.columns]])
    while chunk := [[*map(_plain, row)] for row in islice(rows, CHUNK)]:
        yield _lines(chunk)


def _lines(rows: Iterable[Sequence[Any]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return written.getvalue().encode()


def _plain(value: Value) -> Any:
    """Write a value as a cell; numbers stay numbers, whatever their sign."""
    if value.__class__ is str:
        return f"'{value}" if _FORMULA.match(value) else value
    write = _WORDS.get(value.__class__)
    return write(value) if write else value


#: How values stand in CSV and JSON; days in the one form that sorts and that every program reads.
_WORDS: Mapping[type, Callable[[Any], str]] = {
    bool: lambda value: "true" if value else "false",
    date: date.isoformat,
    datetime: moment_words,
}


def write_json(book: Book) -> Iterator[bytes]:
    """Write all sheets for programs: each a list of rows by the names of the columns. Or the body."""
    if book.body is not None:
        return _object(book.body)
    about = {told.name: told.value for told in book.about}
    return _object({"about": about, **{sheet.name: _named(sheet) for sheet in book.sheets}})


def _named(sheet: Sheet) -> Iterator[dict[str, Value]]:
    names = [column.name for column in sheet.columns]
    for row in sheet.rows:
        yield dict(zip(names, row, strict=True))


def _object(members: Mapping[str, Any]) -> Iterator[bytes]:
    start = b"{"
    for name, value in members.items():
        yield start + json.dumps(name).encode() + b": "
        if isinstance(value, Iterator):
            yield from _list(value)
        else:
            yield _json(value).encode()
        start = b",\n"
    yield b"}\n"


def _list(values: Iterator[Any]) -> Iterator[bytes]:
    start = "["
    while chunk := [*islice(values, CHUNK)]:
        yield (start + "\n" + ",\n".join(map(_json, chunk))).encode()
        start = ","
    yield b"\n]" if start == "," else b"[]"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_default)


def _default(value: Any) -> str:
    write = _WORDS.get(type(value))
    if write is None:
        raise TypeError(f"{type(value).__name__} has no place in a file")
    return write(value)
