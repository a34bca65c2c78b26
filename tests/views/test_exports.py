"""Pages are taken along by another ending: the same question, for the same people, as a file."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.views.reading_sheets import csv_rows, fetch, tab_rows, workbook
from tests.world import World
from tracker.db import writing
from tracker.models.vocabulary import Handling
from tracker.views import exports

ISSUES = "/negotiations/TK/issues"


def keep(session: Session) -> None:
    """Save what a test made."""
    with writing():
        session.commit()


def test_list_is_taken_along_in_each_form(as_vera: FlaskClient) -> None:
    rows = csv_rows(as_vera, f"{ISSUES}.csv")
    assert [(row["Issue"], row["Title"], row["Status"]) for row in rows] == [
        ("TK-1", "Water", "Open"),
        ("TK-2", "Border", ""),
        ("TK-3", "Prisoners", ""),
    ]
    assert "Talks on the lake go on, The Lake, 2025-12-02, para 3: “" in rows[0]["Sources"]
    book = workbook(as_vera, f"{ISSUES}.xlsx")
    assert book.sheetnames == ["Issues", "About", "Sources"]
    assert [row["Title"] for row in tab_rows(book, "Issues")] == ["Water", "Border", "Prisoners"]
    assert [row["Title"] for row in tab_rows(book, "Sources")] == ["Talks on the lake go on"]
    found: Any = fetch(as_vera, f"{ISSUES}.json").json
    assert [issue["status"] for issue in found["issues"]] == ["open", None, None]
    assert found["about"]["negotiation"] == "TK"


def test_file_follows_filters_order_and_day_of_the_page(as_vera: FlaskClient) -> None:
    def keys(query: str) -> list[str]:
        return [row["Issue"] for row in csv_rows(as_vera, f"{ISSUES}.csv?{query}")]

    assert keys("sort=title") == ["TK-2", "TK-3", "TK-1"]
    assert keys("status=open") == ["TK-1"]
    assert keys("status=open&as_of=2025-12-01") == []
    assert keys("topic=People&page=7") == ["TK-3"]
    assert keys("q=tk-2") == ["TK-2"]


def test_file_says_what_it_is_in_its_name(as_vera: FlaskClient, world: World, session: Session) -> None:
    world.talks.handling = Handling.AMBER_STRICT
    keep(session)
    answer = fetch(as_vera, f"{ISSUES}.xlsx?as_of=2025-12-24")
    named = answer.headers["Content-Disposition"]
    assert named == "attachment; filename=TK-issues-2025-12-24-TLP-AMBER+STRICT.xlsx"
    book = workbook(as_vera, f"{ISSUES}.xlsx?as_of=2025-12-24")
    page = book["Issues"]
    assert page.oddHeader.right.text == "&BTLP:AMBER+STRICT"
    assert page.freeze_panes == "B2"
    assert page.print_title_rows == "$1:$1"
    assert page.auto_filter.ref == "A1:L4"
    about = dict(book["About"].iter_rows(values_only=True))
    assert about["Handling"] == "TLP:AMBER+STRICT"
    assert about["Address"] == f"http://localhost{ISSUES}?as_of=2025-12-24"


def test_file_is_kept_by_nobody_on_the_way(as_vera: FlaskClient, client: FlaskClient) -> None:
    assert fetch(as_vera, f"{ISSUES}.csv").headers["Cache-Control"] == "private, no-store"
    assert fetch(client, f"{ISSUES}.csv").headers["Cache-Control"] == "private, no-cache"


def test_head_tells_of_the_file_without_it(as_vera: FlaskClient) -> None:
    answer = as_vera.head(f"{ISSUES}.xlsx")
    assert (answer.status_code, answer.data) == (200, b"")
    assert "TK-issues-" in answer.headers["Content-Disposition"]
    assert "Content-Length" not in answer.headers


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{ISSUES}.pdf", 404),
        (f"{ISSUES}.", 404),
        ("/negotiations/XX/issues.csv", 404),
        (f"{ISSUES}.csv?status=x", 400),
        (f"{ISSUES}.csv?topic=x", 400),
        (f"{ISSUES}.csv?as_of=x", 400),
        (f"{ISSUES}.json?page=x", 400),
    ],
)
def test_what_is_not_there_or_cannot_be_read_is_refused(
    as_vera: FlaskClient, address: str, status: int
) -> None:
    assert as_vera.get(address).status_code == status
    assert as_vera.head(address).status_code == status


def test_formulas_in_a_title_are_inert(as_vera: FlaskClient, world: World, session: Session) -> None:
    titles = ['=HYPERLINK("https://example.org")', "@SUM(A1)", "-1+1"]
    for issue, title in zip((world.water, world.border, world.prisoners), titles, strict=True):
        issue.edit({"title": title}, base_version=issue.version)
    keep(session)
    rows = csv_rows(as_vera, f"{ISSUES}.csv")
    assert [row["Title"] for row in rows] == [f"'{title}" for title in titles]
    cells = [workbook(as_vera, f"{ISSUES}.xlsx")["Issues"][f"B{number}"] for number in (2, 3, 4)]
    assert [(cell.value, cell.data_type) for cell in cells] == [(title, "s") for title in titles]


def test_error_on_the_way_sends_no_half_file(as_vera: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    as_vera.application.testing = False
    broken = exports.Form("text/csv", lambda _book, file: [file.write(b"half"), 1 / 0])
    monkeypatch.setitem(exports.ENDINGS, "csv", broken)
    try:
        answer = as_vera.get(f"{ISSUES}.csv")
    finally:
        as_vera.application.testing = True
    assert answer.status_code == 500
    assert "half" not in answer.text
