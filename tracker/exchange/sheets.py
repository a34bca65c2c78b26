"""Sheets: rows on their way out, into CSV and JSON here, and into Excel in workbook.py.

Rows are read once, one by one, so that a file of any length takes no more memory than a short one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeAlias

from tracker.dates import moment_words
from tracker.models.vocabulary import Word

Value: TypeAlias = str | int | float | bool | date | datetime | None
#: A row; what JSON keeps as a list or an object stands in a column that says it in words.
Cells: TypeAlias = Sequence[Any]
Say: TypeAlias = Callable[[str], str]

#: So many rows are put together before they are handed on.
CHUNK = 500
#: What ends a line, for those who count them.
_BREAKS = re.compile(r"\s*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*")
#: What a spreadsheet takes for a formula at the start of a cell, behind any blanks and signs of no width.
_FORMULA = re.compile(r"[\t\r\n]|[\s\x00\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]")
#: The same within a cell, behind what parts cells where commas are decimal signs.
_PARTED = re.compile(r'([;\t][\s"\x00\u200b-\u200f\u2060\ufeff]*)(?=[=+\-@＝＋－＠])')
#: The letters that such a cell, or a line of no width, can begin with: others are looked at no further.
_SUSPECT = {*" =+-@＝＋－＠"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in JSON, its heading elsewhere, its width in letters; long text is wrapped.

    `words`: the vocabulary of its values, which JSON keeps as they are stored. `said`: how people read a
    value that is there; JSON keeps the value.
    """

    name: str
    title: str
    width: int = 16
    is_long: bool = False
    words: type[Word] | None = None
    said: Callable[[Any], Value] | None = None


def spoken(columns: Iterable[Column], say: Say, **said: Callable[[Any], Value]) -> list[Column]:
    """Put columns into the reader's language; what is `said` is by the names of the columns."""
    return [
        replace(column, title=say(column.title), said=said.get(column.name) or _labels(column, say))
        for column in columns
    ]


def _labels(column: Column, say: Say) -> Callable[[Any], Value] | None:
    if column.words is None:
        return column.said
    return {word.value: say(word.label) for word in column.words}.__getitem__


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
    `about`: what to tell of the file, on a tab of that title. `body`: what JSON gives in place of the
    sheets; an iterator in it is written piece by piece. `cut`: ends a text too long for a cell of Excel.
    """

    name: str
    title: str
    sheets: Sequence[Sheet]
    about: Sequence[Told] = ()
    about_title: str = "About"
    marking: str = ""
    body: Mapping[str, Any] | None = None
    cut: str = " […]"


def write_csv(book: Book) -> Iterator[bytes]:
    """Write the first sheet for people: one line of headings, then one line for each row.

    A cell that a spreadsheet would compute begins with an apostrophe; where a line ends in a text stands a
    pilcrow.
    """
    sheet = book.sheets[0]
    yield b"\xef\xbb\xbf" + _lines([[column.title] for column in sheet.columns])
    for columns in said_columns(sheet):
        yield _lines(columns)


def said_columns(sheet: Sheet) -> Iterator[list[Sequence[Any]]]:
    """Read so many rows at once, and give the values of each column in them as people read these.

    Whatever is done to a whole column takes a fraction of the time that it takes cell by cell.
    """
    rows, says = iter(sheet.rows), [column.said for column in sheet.columns]
    while chunk := [*islice(rows, CHUNK)]:
        yield [
            values if say is None else [None if value is None else say(value) for value in values]
            for say, values in zip(says, zip(*chunk, strict=True), strict=True)
        ]


def _lines(columns: Sequence[Sequence[Value]]) -> bytes:
    """Write rows, given by columns. The csv module looks at every letter of every cell, one by one."""
    text = _joined(columns)
    if len(text.splitlines()) > len(columns[0]):
        text = _joined([[*map(_unbroken, values)] for values in columns])
    return text.encode()


def _joined(columns: Sequence[Sequence[Value]]) -> str:
    is_quoted = len(columns) == 1  # an empty cell alone would be no line
    rows = zip(*(_plain(values, is_quoted) for values in columns), strict=True)
    return "\r\n".join([*map(",".join, rows), ""])


def _plain(values: Sequence[Value], is_quoted: bool) -> Any:
    """Write values as cells, quoted where one of them must be; numbers stay numbers, whatever their sign."""
    texts: Any = values  # strings, once the others are written as such
    if values.count(None) == len(values):
        texts = [""] * len(values)
    elif (kinds := {*map(type, values)}) == {date}:
        texts = [*map(_WORDS[date], values)]
    elif kinds != {str}:
        texts = [
            "" if value is None else value if value.__class__ is str else _word(value) for value in values
        ]
    firsts = {text[:1] for text in {*texts}}
    if not (_SUSPECT.isdisjoint(firsts) and "".join(firsts).isprintable()):
        texts = [
            f"'{text}" if value.__class__ is str and _FORMULA.match(text) else text
            for value, text in zip(values, texts, strict=True)
        ]
    together = "".join(texts)
    if (";" in together or "\t" in together) and _may_part(together):
        texts = [_PARTED.sub(r"\1'", text) for text in texts]
    if '"' in together:
        texts = [text.replace('"', '""') for text in texts]
    elif "," not in together and not is_quoted:
        return texts
    return [f'"{text}"' for text in texts]


def _may_part(text: str) -> bool:
    """Tell whether a formula may stand behind what parts cells; to look at every letter takes long."""
    behind = {piece[:2].strip() for piece in text.split(";")[1:]}
    firsts = {each[:1] for each in behind}
    return "\t" in text or not (_SUSPECT | {"", '"'}).isdisjoint(firsts) or not "".join(firsts).isprintable()


def _word(value: Value) -> str:
    write = _WORDS.get(value.__class__)
    return write(value) if write else str(value)


def _unbroken(value: Value) -> Value:
    if not isinstance(value, str) or value.isprintable():
        return value
    return _BREAKS.sub(" ¶ ", value.strip())


def _moment(moment: datetime) -> str:
    """Write a moment; one without a zone is in UTC."""
    return moment.isoformat() + "Z" if moment.tzinfo is None else moment_words(moment)


#: How values stand in CSV and JSON; days in the one form that sorts and that every program reads.
_WORDS: Mapping[type, Callable[[Any], str]] = {
    bool: lambda value: "true" if value else "false",
    date: date.isoformat,
    datetime: _moment,
}


def write_json(book: Book) -> Iterator[bytes]:
    """Write all sheets for programs: each a list of rows by the names of the columns. Or the body."""
    body = {sheet.name: _named(sheet) for sheet in book.sheets} if book.body is None else book.body
    return _object({"about": {told.name: told.value for told in book.about}, **body})


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
