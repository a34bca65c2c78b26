"""Workbooks: sheets as a file of Excel, written row by row.

XlsxWriter makes the file. The rows are put into it here: its own way takes several times as long for each,
and takes a text that begins and ends with certain tags for a part of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import chain, count, islice
from math import isfinite
from typing import IO, Any

from tracker.exchange.sheets import Book, Cells, Column, Sheet, Value, said_columns
from tracker.text import NOT_IN_XML

#: What Excel holds: rows and columns on a tab; letters in a cell, in a tab's name, at the head of a page.
ROWS, COLUMNS, LETTERS, TAB, HEAD = 1_048_576, 16_384, 32_767, 31, 255
#: From this day on Excel counts days as the calendar does; what lies before is written as text.
FIRST_DAY, EPOCH, DAY = date(1900, 3, 1), date(1899, 12, 30).toordinal(), 86_400
A4 = 9
#: The height of a line in points, and how many of them a row can be tall.
LINE, MOST_LINES = 15, 27
#: What XML does not take, and what Excel would read as a letter by its number.
_UNFIT = re.compile(f"[{NOT_IN_XML}]")
_NUMBERED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SPECIAL = re.compile(rf"[&<>]|{_UNFIT.pattern}|{_NUMBERED.pattern}")
_NOT_IN_TAB = re.compile(r"[\[\]:*?/\\]")
_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "plain": {},
    "long": {"text_wrap": True},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"},
    "head": {"text_wrap": True, "bold": True, "bottom": 1},
}


def write_xlsx(book: Book, file: IO[bytes]) -> None:
    """Write all sheets, each on a tab of its own, and what the file is on one before the last."""
    import xlsxwriter  # heavy: for those alone who write such a file

    with xlsxwriter.Workbook(file, {"constant_memory": True}) as workbook:
        workbook.set_properties(_properties(book))
        writer = _Writer(book, workbook)
        for sheet in _with_about(book):
            writer.add(sheet)


def _properties(book: Book) -> dict[str, str]:
    about = "; ".join(f"{told.title}: {told.value}" for told in book.about if told.value is not None)
    told = {"title": book.title, "subject": book.name, "keywords": book.marking, "comments": about}
    return {name: _UNFIT.sub(" ", words)[:HEAD] for name, words in told.items()}


def _with_about(book: Book) -> Iterator[Sheet]:
    *others, last = book.sheets
    yield from others
    if book.about:
        columns = (Column("title", book.about_title, 24), Column("value", book.title, 90, is_long=True))
        yield Sheet("about", book.about_title, columns, [(told.title, told.value) for told in book.about])
    yield last


class _Writer:
    """A workbook that is being written."""

    def __init__(self, book: Book, workbook: Any) -> None:
        self.book, self.workbook = book, workbook
        self.names = {"history"}  # Excel keeps this one for itself
        made = {kind: workbook.add_format({"valign": "top", **given}) for kind, given in _FORMATS.items()}
        self.styles = {kind: f' s="{each._get_xf_index()}"' for kind, each in made.items()}

    def add(self, sheet: Sheet) -> None:
        """Write a sheet; what does not fit on one tab goes on on another."""
        rows: Iterator[Cells] = iter(sheet.rows)
        self._fill(self._tab(sheet), sheet, islice(rows, ROWS - 1))
        for first in rows:
            self._fill(self._tab(sheet), sheet, chain([first], islice(rows, ROWS - 2)))

    def _tab(self, sheet: Sheet) -> Any:
        """Begin a tab, with all but its rows."""
        book, tab = self.book, self.workbook.add_worksheet(self._name(sheet.title))
        for index, column in enumerate(sheet.columns):
            tab.set_column(index, index, column.width)
        tab.freeze_panes(1, 1)
        tab.set_landscape()
        tab.set_paper(A4)
        tab.fit_to_pages(1, 0)
        tab.repeat_rows(0)
        marking, title, name = (words.replace("&", "&&") for words in (book.marking, book.title, book.name))
        tab.set_header(f"&L{title[: HEAD - len(marking) - 8].rstrip('&')}&R&B{marking}")
        tab.set_footer(f"&L{name}&C&B{marking}&B&R&P / &N")
        return tab

    def _name(self, title: str) -> str:
        """Name a tab as Excel allows, and as no other is named."""
        plain = _NOT_IN_TAB.sub(" ", _UNFIT.sub(" ", title)).strip(" '") or "-"
        for number in count(1):
            end = f" {number}" if number > 1 else ""
            name = plain[: TAB - len(end)].rstrip(" '") + end
            if name.casefold() not in self.names:
                break
        self.names.add(name.casefold())
        return name

    def _fill(self, tab: Any, sheet: Sheet, rows: Iterator[Cells]) -> None:
        """Write the heads and the rows."""
        from xlsxwriter.utility import xl_col_to_name

        columns, last = sheet.columns, 0
        letters = [xl_col_to_name(index) for index in range(len(columns))]
        styles = ["long" if column.is_long else "plain" for column in columns]
        heads = [[column.title] for column in columns]
        read = ((styles, values) for values in said_columns(replace(sheet, rows=rows)))
        pieces: Iterable[tuple[list[str], Any]] = chain([(["head"] * len(columns), heads)], read)
        for kinds, values in pieces:
            places = range(last + 1, last + 1 + len(values[0]))
            cells = [
                [
                    f'<c r="{letter}{place}"{cell}' if cell else ""
                    for place, cell in zip(places, made, strict=True)
                ]
                for letter, made in zip(letters, map(self._cells, kinds, values), strict=True)
            ]
            tall = zip(*map(_heights, columns, kinds, values), strict=True)
            tab.fh.write("".join(map(_row, places, map(max, tall), zip(*cells, strict=True))))
            last = places[-1]
        tab.autofilter(0, 0, last - 1, len(letters) - 1)
        for corner in ((0, 0), (last - 1, len(letters) - 1)):
            tab._check_dimensions(*corner)  # the library asks what is written from where to where

    def _cells(self, style: str, values: Sequence[Value]) -> list[str]:
        """Write values as cells, but for their places; an empty one is none."""
        as_text = self.styles[style] + ' t="inlineStr"><is><t xml:space="preserve">'
        if {*map(type, values)} <= {str, type(None)}:
            texts: Any = [value or "" for value in values]
            if self._are_plain(texts):
                return [f"{as_text}{text}</t></is></c>" if text else "" for text in texts]
        return [self._cell(as_text, value) for value in values]

    def _are_plain(self, texts: Sequence[str]) -> bool:
        """Tell whether all of these stand in the file as they are."""
        return max(map(len, texts)) <= LETTERS // 2 and not _SPECIAL.search("".join(texts))

    def _cell(self, as_text: str, value: Value) -> str:
        if value is None or value == "":
            return ""
        make = _OTHERS.get(value.__class__)
        found = make(self.styles, value) if make else None
        return found or f"{as_text}{_text(_fitting(str(value), self.book.cut))}</t></is></c>"


def _heights(column: Column, style: str, values: Sequence[Value]) -> Sequence[int]:
    """Guess how many lines cells take where they are wrapped: not every program finds out by itself."""
    if style == "plain":
        return [1] * len(values)
    width = max(1, column.width * 9 // 10)
    return [1 + len(value) // width if isinstance(value, str) else 1 for value in values]


def _row(place: int, lines: int, cells: Iterable[str]) -> str:
    height = f' ht="{LINE * min(lines, MOST_LINES)}"' if lines > 1 else ""
    return f'<row r="{place}"{height}>{"".join(cells)}</row>'


def _text(text: str) -> str:
    """Write a text into its cell, where nothing takes it for a number or a formula."""
    if _SPECIAL.search(text):
        text = text.replace("\r\n", "\n").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        text = _NUMBERED.sub("_x005F_", _UNFIT.sub("\ufffd", text.replace("\r", "\n")))
    return text


def _fitting(text: str, cut: str) -> str:
    """Cut what a cell cannot hold, and say so; letters beyond the first plane count as two."""
    if len(text) <= LETTERS // 2 or len(text.encode("utf-16-le", "replace")) <= 2 * LETTERS:
        return text
    kept = text.encode("utf-16-le", "replace")[: 2 * (LETTERS - len(cut))]
    return kept.decode("utf-16-le", "ignore") + cut


def _boolean(styles: Mapping[str, str], value: bool) -> str:
    return f'{styles["plain"]} t="b"><v>{value:d}</v></c>'


def _number(styles: Mapping[str, str], value: float) -> str | None:
    return f"{styles['plain']}><v>{value!r}</v></c>" if isfinite(value) else None


def _day(styles: Mapping[str, str], value: date) -> str | None:
    return f"{styles['day']}><v>{value.toordinal() - EPOCH}</v></c>" if value >= FIRST_DAY else None


def _moment(styles: Mapping[str, str], value: datetime) -> str | None:
    """Write a moment in UTC: Excel knows no time zones."""
    there = value.astimezone(UTC) if value.tzinfo else value
    if there.date() < FIRST_DAY:
        return None
    seconds = there.hour * 3600 + there.minute * 60 + there.second + there.microsecond / 1e6
    return f"{styles['moment']}><v>{there.toordinal() - EPOCH + seconds / DAY!r}</v></c>"


#: What is no text; None: Excel cannot hold it but as text.
_OTHERS: Mapping[type, Callable[[Mapping[str, str], Any], str | None]] = {
    bool: _boolean,
    int: _number,
    float: _number,
    date: _day,
    datetime: _moment,
}
