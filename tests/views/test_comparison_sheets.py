"""Compare taken along: as many filled cells as the page, the same in each form."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.queries.comparing import LATER, propose, state
from tests.views.reading_sheets import csv_rows, fetch, tab_rows, workbook
from tests.views.tables import Table
from tests.views.test_exports import keep
from tests.world import World, make_source
from tracker.models import Cite
from tracker.models.vocabulary import Handling, Standing

COMPARE = "/negotiations/TK/compare"
SILENT = ("Not stated", "No clause recorded")


@pytest.fixture
def asked(world: World, session: Session) -> str:
    """Three parties and two tabled texts, against a day on which less was said."""
    plans = [propose(world, title, source=world.article) for title in ("Plan", "Other plan")]
    state(world, world.red, "Red pays\na third.", value=None, on=LATER)
    state(world, world.med, "One adviser would pay.", standing=Standing.VOICE)
    keep(session)
    texts = "&".join(f"proposal={plan.id}" for plan in plans)
    return f"party=union&party=red&party=coast&{texts}&baseline=2025-12-02&as_of=2026-01-01"


def stated(rows: list[dict[str, Any]]) -> int:
    """Count the cells of parties and texts in which something is stated."""
    places = [[*row.values()][6:] for row in rows]
    return sum(bool(cell) and not cell.startswith(SILENT) for cells in places for cell in cells)


def test_as_many_cells_are_filled_as_on_the_page(as_vera: FlaskClient, asked: str) -> None:
    page = Table(as_vera.get(f"{COMPARE}?{asked}").text)
    rows = csv_rows(as_vera, f"{COMPARE}.csv?{asked}")
    book = workbook(as_vera, f"{COMPARE}.xlsx?{asked}")
    assert not any("No clause" in cell for row in rows for cell in row.values())
    filled = sum(not cell.startswith(SILENT) for row in page.rows for cell in row[1:])
    assert stated(rows) == filled == 4
    assert len(tab_rows(book, "Cells")) == filled
    found: Any = fetch(as_vera, f"{COMPARE}.json?{asked}").json
    assert sum(cell is not None for row in found["rows"] for cell in row["cells"]) == filled


def test_csv_and_excel_hold_the_same_cells(as_vera: FlaskClient, asked: str) -> None:
    rows = csv_rows(as_vera, f"{COMPARE}.csv?{asked}")
    tab = tab_rows(workbook(as_vera, f"{COMPARE}.xlsx?{asked}"), "Compare")
    days = [row.pop("Since") for row in tab]
    assert [row.pop("Since") for row in rows] == [day.date().isoformat() if day else "" for day in days]
    assert rows == [{head: value or "" for head, value in row.items()} for row in tab]


def test_cell_says_all_in_one_line(as_vera: FlaskClient, asked: str) -> None:
    water = csv_rows(as_vera, f"{COMPARE}.csv?{asked}")[0]
    assert water["Red"] == "Proposes: Red pays a third. [12 Dec 2025; The Lake] (changed since 2 Dec 2025)"
    told = "through Union of the Shore, 2 Dec 2025; A report without its text"
    assert water["Coast"] == f"Not stated; {told}"
    assert water["Plan"] == "1 Red pays. (point 1); 2 In gold. (point 2) [The Lake]"
    assert water["Status"] == "Open"


def test_json_has_the_form_of_the_api(as_vera: FlaskClient, asked: str) -> None:
    found: Any = fetch(as_vera, f"{COMPARE}.json?{asked}").json
    assert found["about"]["handling"] == "TLP:CLEAR"
    assert found["about"]["address"].endswith(f"{COMPARE}?{asked}")
    assert found["about"]["made_at"]
    assert list(found) == ["about", "negotiation", "as_of", "known_at", "baseline", "columns", "rows"]
    assert found["columns"][0] == {"kind": "party", "code": "union", "name": "Union of the Shore"}
    water = found["rows"][0]
    assert water["issue"] == {"key": "TK-1", "title": "Water", "topic": "Economy"}
    assert water["status"]["status"] == "open"
    red = water["cells"][1]
    assert (red["stance"], red["changed"], red["effective_on"]) == ("proposes", True, "2025-12-12")
    assert red["citations"][0]["source"]["publisher"] == "The Lake"
    assert found["rows"][1]["status"] is None


def test_columns_rows_and_order_are_those_of_the_page(as_vera: FlaskClient, asked: str) -> None:
    rows = csv_rows(as_vera, f"{COMPARE}.csv?{asked}&swap=1")
    assert [*rows[0]] == ["Issue", "TK-1", "TK-2", "TK-3"]
    names = [row["Issue"] for row in rows][5:]
    assert names == ["Union of the Shore", "Red", "Coast", "Plan", "Other plan"]
    folded = csv_rows(as_vera, f"{COMPARE}.csv?fold=union&differences=1")
    assert [row["Issue"] for row in folded] == ["TK-1"]
    assert "Coast" not in folded[0]
    assert folded[0]["Union of the Shore"].endswith("; Coast: Not stated")


def test_all_rows_are_taken_along(as_vera: FlaskClient, world: World, session: Session) -> None:
    from tracker.models import Issue

    for number in range(4, 64):
        Issue(negotiation=world.talks, number=number, title=f"Point {number}").add(session)
    keep(session)
    assert len(csv_rows(as_vera, f"{COMPARE}.csv?page=2")) == 63


def test_stranger_does_not_learn_of_a_withheld_source(
    client: FlaskClient, as_vera: FlaskClient, world: World, session: Session
) -> None:
    paper = make_source(session, world.talks, "A secret paper")
    paper.handling = Handling.RED
    state(world, world.med, "It would pay.", citing=[world.cite(), Cite(paper)])
    keep(session)
    assert "A secret paper" in csv_rows(as_vera, f"{COMPARE}.csv")[0]["Mediator"]
    assert csv_rows(client, f"{COMPARE}.csv")[0]["Mediator"].endswith("; The Lake; source withheld]")
    told = json.dumps(fetch(client, f"{COMPARE}.json").json)
    assert "secret" not in told
    book = workbook(client, f"{COMPARE}.xlsx")
    assert "secret" not in str([[*tab.iter_rows(values_only=True)] for tab in book])
    cells = {row["Code"]: row["Sources"] for row in tab_rows(book, "Cells")}
    assert cells["med"].endswith(" | source withheld")


@pytest.mark.parametrize("query", ["party=x", "baseline=x", "sort=x", "fold=red", "topic=x", "issue=x"])
def test_what_the_page_cannot_read_the_file_cannot(as_vera: FlaskClient, query: str) -> None:
    assert as_vera.get(f"{COMPARE}.csv?{query}").status_code == 400
