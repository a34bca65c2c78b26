"""Files for people and programs: what no cell can break, in CSV, Excel and JSON."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.exchange import workbook
from tracker.exchange.sheets import Book, Cells, Column, Sheet, Told, write_csv, write_json
from tracker.exchange.workbook import write_xlsx

FORMULAS = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    "\u00a0=1",
    "\u200b@SUM",
    "\ufeff=1",
    "＝1",
    "＋1",
    "－1",
    "＠SUM",
]
AT = datetime(2025, 12, 2, 13, 5, 6, 500_000, tzinfo=UTC)


def book(rows: Iterable[Cells], width: int = 1) -> Book:
    columns = [Column(f"c{number}", f"Column {number}") for number in range(width)]
    return Book("name", "Title", [Sheet("rows", "Rows", columns, rows)])


def as_csv(rows: Iterable[Cells], width: int = 1) -> list[list[str]]:
    text = b"".join(write_csv(book(rows, width))).decode("utf-8-sig")
    read = [*csv.reader(io.StringIO(text, newline=""), strict=True)]
    assert len(text.splitlines()) == len(read)
    return read[1:]


def as_xlsx(file: Book) -> Any:
    written = io.BytesIO()
    write_xlsx(file, written)
    return openpyxl.load_workbook(written)


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_compute_is_inert(text: str) -> None:
    assert as_csv([[text]])[0][0].startswith("'")
    assert as_csv([[text], ["plain"], [None], [5]])[0][0].startswith("'")
    cell = as_xlsx(book([[text]]))["Rows"]["A2"]
    assert cell.data_type == "s"


BLANK = ' \u00a0\u2003\u200b"'


@pytest.mark.parametrize(
    "text",
    [
        "a;=1+1;b",
        "a; @SUM(1)",
        "a\t=1",
        'Foo;=HYPERLINK("x")',
        "a;  =1",
        "a; \u00a0\u2003-1",
        "a;＝1",
        'a;"=1+1;b',
        "a; \u200b=1",
    ],
)
def test_what_would_be_computed_where_other_signs_part_cells_is_inert(text: str) -> None:
    (cell,) = as_csv([[text]])[0]
    assert [part.lstrip(BLANK)[:1] for part in re.split(r"[;\t]", cell)][1] == "'"


@pytest.mark.parametrize(
    "text", ["plain", "a = b; c", "a = b", "3-1", "“quoted”", "Росія", "2025-12-02", "a@b"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert as_csv([[text]]) == [[text]]
    assert as_xlsx(book([[text]]))["Rows"]["A2"].value == text


@given(st.lists(st.tuples(*[st.text('ab",;“ 1')] * 3), max_size=5))
def test_csv_reads_back_what_was_written(rows: list[tuple[str, ...]]) -> None:
    assert as_csv(rows, 3) == [[*row] for row in rows]
    assert as_csv([row[:1] for row in rows]) == [[row[0]] for row in rows]


def test_numbers_and_days_stay_what_they_are() -> None:
    row = [-1, 0.5, date(2025, 12, 2), AT, True, None]
    assert as_csv([row], 6) == [["-1", "0.5", "2025-12-02", "2025-12-02T13:05:06.500000Z", "true", ""]]
    cells = next(as_xlsx(book([row], 6))["Rows"].iter_rows(min_row=2, values_only=True))
    assert cells == (-1, 0.5, datetime(2025, 12, 2), AT.replace(tzinfo=None), True, None)  # noqa: DTZ001


def test_row_of_csv_is_one_line() -> None:
    lines = "One.\r\n\r\nTwo.\nThree.\u2028Four."
    assert as_csv([[lines]]) == [["One. ¶ Two. ¶ Three. ¶ Four."]]


@pytest.mark.parametrize(
    "text",
    [
        "<r><t>no part of the file</t></r>",
        "a < b & c > d",
        " blanks around ",
        "one\ntwo",
        "]]>",
        "x" * 20_000,
    ],
)
def test_excel_gives_back_any_text(text: str) -> None:
    assert as_xlsx(book([[text], ["other"]]))["Rows"]["A2"].value == text


def test_excel_takes_what_xml_refuses() -> None:
    tab = as_xlsx(book([["a\x01b\x1fc\ufffe"], ["d\r\ne\rf"]]))["Rows"]
    assert tab["A2"].value == "a\ufffdb\ufffdc\ufffd"
    assert tab["A3"].value == "d\ne\nf"


def test_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    tab = as_xlsx(book([["x" * 40_000], ["😀" * 20_000]]))["Rows"]
    for cell in (tab["A2"].value, tab["A3"].value):
        assert cell.endswith(" […]")
        assert len(cell.encode("utf-16-le")) // 2 <= workbook.LETTERS


def test_days_before_excel_counts_are_text() -> None:
    tab = as_xlsx(book([[date(1648, 10, 24)], [date(1900, 3, 1)]]))["Rows"]
    assert [tab["A2"].value, tab["A3"].value] == ["1648-10-24", datetime(1900, 3, 1)]  # noqa: DTZ001


def test_rows_beyond_the_last_go_on_on_another_tab(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROWS", 4)
    tabs = as_xlsx(book([[number] for number in range(7)])).worksheets
    assert [tab.title for tab in tabs] == ["Rows", "Rows 2", "Rows 3"]
    held = [[cell for (cell,) in tab.iter_rows(values_only=True)] for tab in tabs]
    assert held == [["Column 0", 0, 1, 2], ["Column 0", 3, 4, 5], ["Column 0", 6]]


def test_tabs_have_names_that_excel_takes() -> None:
    titles = ["A" * 40, "A" * 40, "a/b:c*d?[e]", "History", "'quoted'", ""]
    sheets = [Sheet(f"s{number}", title, [Column("a", "A")], ()) for number, title in enumerate(titles)]
    names = as_xlsx(Book("name", "Title", sheets)).sheetnames
    assert names == ["A" * 31, "A" * 29 + " 2", "a b c d  e", "History 2", "quoted", "-"]


def test_page_of_excel_prints_marking_and_number_of_the_page() -> None:
    sheets = [Sheet("rows", "Rows", [Column("a", "A", 30, is_long=True)], [["x"]])] * 2
    told = [Told("as_of", "As of", date(2025, 12, 2))]
    file = as_xlsx(Book("file", "Talks & more" + "!" * 300, sheets, told, marking="TLP:AMBER+STRICT"))
    tab = file.worksheets[0]
    assert tab.oddHeader.right.text == "&BTLP:AMBER+STRICT"
    assert tab.oddHeader.left.text.startswith("Talks && more")
    assert tab.oddFooter.right.text == "&P / &N"
    assert tab.page_setup.orientation == "landscape"
    assert tab.sheet_properties.pageSetUpPr.fitToPage
    assert tab.page_setup.fitToHeight == 0
    assert tab["A2"].alignment.wrap_text
    assert tab.column_dimensions["A"].width == pytest.approx(30, abs=1)
    assert file.properties.keywords == "TLP:AMBER+STRICT"
    assert file.worksheets[1]["A2"].value == "As of"


def test_rows_are_as_tall_as_their_wrapped_text() -> None:
    columns = [Column("a", "A", 20, is_long=True), Column("b", "B", 20)]
    rows: list[Cells] = [["short", "x" * 90], ["x" * 90, "short"], ["x" * 9000, None]]
    tab = as_xlsx(Book("name", "Title", [Sheet("rows", "Rows", columns, rows)])).worksheets[0]
    assert [tab.row_dimensions[number].height for number in (2, 3, 4)] == [None, 90, 405]


def test_json_holds_what_is_stored() -> None:
    columns = [Column("a", "A", said={"open": "Open"}.__getitem__), Column("b", "B")]
    sheets = [Sheet("first", "First", columns, [["open", AT], [None, ["x"]]]), Sheet("second", "", [], ())]
    found = json.loads(b"".join(write_json(Book("n", "t", sheets, [Told("day", "", AT.date())]))))
    first = [{"a": "open", "b": "2025-12-02T13:05:06.500000Z"}, {"a": None, "b": ["x"]}]
    assert found == {"about": {"day": "2025-12-02"}, "first": first, "second": []}


def test_rows_are_written_as_they_are_read() -> None:
    read = []

    def rows() -> Iterator[Cells]:
        for number in range(5000):
            read.append(number)
            yield [number]

    pieces = write_csv(book(rows()))
    next(pieces)
    next(pieces)
    assert 0 < len(read) < 1000
