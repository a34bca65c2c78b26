"""Changes in one table, as CSV and the first tab of Excel have them."""

from itertools import chain

from flask.testing import FlaskClient

from tests.views.demonstrating import vera
from tests.views.reading_sheets import csv_rows, tab_rows, workbook

__all__ = ["vera"]
CHANGES, PERIOD = "/negotiations/UA/changes", "since=2025-12-02&until=2025-12-24"


def test_changes_stand_in_one_table_with_what_each_entry_changed(vera: FlaskClient) -> None:
    rows = csv_rows(vera, f"{CHANGES}.csv?{PERIOD}")
    book = workbook(vera, f"{CHANGES}.xlsx?{PERIOD}")
    tabs = [[row["Entry"] for row in tab_rows(book, tab)] for tab in ("Steps", "Moves", "Claims")]
    assert [row["Entry"] for row in rows] == [*chain.from_iterable(tabs)]
    kinds = [(row["Kind"], row["Change"], row["Before"]) for row in rows]
    assert {kind for kind, _change, _before in kinds} == {"Status", "Position", "Claim"}
    assert ("Status", "Sidelined", "Open") in kinds
    assert ("Position", "First statement", "") in kinds
    assert ("Claim", "", "") in kinds
    step = next(row for row in rows if row["Change"] == "Sidelined")
    assert (step["Issue"], step["Status"]) == ("UA-3", "Blocked")
    assert all(row["Sources"] for row in rows)
