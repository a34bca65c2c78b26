"""Changes, timeline, parties and sources taken along: the same rows as the page, whole, in each form."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.models.acts import change, claim, state
from tests.views.conftest import Statements
from tests.views.demonstrating import vera
from tests.views.reading import element, words
from tests.views.reading_sheets import csv_rows, fetch, tab_rows, workbook
from tests.views.test_exports import keep
from tests.world import DAY, QUOTE, World, make_source
from tracker.models import Cite, Event, Issue
from tracker.models.retraction import retract
from tracker.models.vocabulary import Handling, Movement, Stance, Status

__all__ = ["vera"]
UA = "/negotiations/UA"
TK = "/negotiations/TK"
PERIOD = "since=2025-12-02&until=2025-12-24"
LATER = DAY + timedelta(days=5)
#: What is taken along as tables, of the demonstration.
ADDRESSES = (
    f"{UA}/changes",
    f"{UA}/timeline",
    f"{UA}/parties/ru",
    f"{UA}/events",
    f"{UA}/proposals",
    f"{UA}/proposals/1",
    f"{UA}/evidence",
    "/sources",
    "/sources/5",
)


def uids(html: str) -> set[str]:
    return set(re.findall(r'id="e-([0-9a-f-]{36})"', html))


def json_of(client: FlaskClient, address: str) -> Any:
    return fetch(client, address).json


def test_changes_hold_all_that_the_page_shows(vera: FlaskClient) -> None:
    page = vera.get(f"{UA}/changes?{PERIOD}").text
    book = workbook(vera, f"{UA}/changes.xlsx?{PERIOD}")
    tabs = ["Steps", "Moves", "Claims", "Proposals", "New sources", "From status to status"]
    assert book.sheetnames == ["All changes", *tabs, "Recorded in between", "About", "Sources"]
    steps, moves, claims = (tab_rows(book, tab) for tab in tabs[:3])
    assert {row["Entry"] for row in (*steps, *moves, *claims)} == uids(page)
    assert {row["Net step"] for row in steps} == {"Sidelined", "Opened", "Advanced"}
    assert len(tab_rows(book, "New sources")) == page.split('<ul class="list small sources">')[1].split(
        "</ul>"
    )[0].count("<li>")
    assert sum(row["At the first day"] for row in tab_rows(book, "From status to status")) == 10
    named = {row["Source"] for row in tab_rows(book, "Sources")}
    assert {int(id_) for id_ in re.findall(r'href="/sources/(\d+)"', element(page, "moves"))} <= named


def test_changes_for_programs_have_the_form_of_the_api(vera: FlaskClient) -> None:
    found = json_of(vera, f"{UA}/changes.json?{PERIOD}")
    assert (found["since"], found["until"]) == ("2025-12-02", "2025-12-24")
    assert {"handling", "address", "made_at", "as_of"} <= {*found["about"]}
    step = found["status_steps"][0]
    assert (step["issue"], step["kind"], step["from"], step["to"]) == ("UA-3", "sidelined", "open", "blocked")
    assert [each["status"] for each in step["changes"]] == ["blocked"]
    assert step["changes"][0]["citations"][0]["source"]["publisher"] == "L'Unione Sarda"
    move = next(each for each in found["moves"] if each["party"] == "eu")
    assert (move["issue"], move["from"], len(move["said"])) == ("UA-5", None, 2)
    later = json_of(vera, f"{UA}/changes.json?since=2025-12-13&until=2025-12-30")["moves"]
    from_line = next(each["from"] for each in later if each["from"])
    assert from_line["effective_on"] <= "2025-12-13"
    assert from_line["citations"]
    assert {each["status"] for each in found["flow"]} >= {"open", "blocked"}
    entered = next(each["entered"] for each in found["flow"] if each["status"] == "blocked")
    assert entered == ["UA-3"]
    assert found["claims"]
    assert found["sources"]
    assert found["proposals"]


def test_what_was_recorded_is_taken_along_in_its_reading(vera: FlaskClient) -> None:
    asked = f"{PERIOD}&reading=corrections"
    rows = csv_rows(vera, f"{UA}/changes.csv?{asked}")
    assert {row["What was done"] for row in rows} == {"Corrected", "Retracted"}
    told = json_of(vera, f"{UA}/changes.json?{asked}")["recorded"]
    assert [each["entry"]["uid"] for each in told] == [row["Entry"] for row in rows]
    every = json_of(vera, f"{UA}/changes.json?{PERIOD}&reading=recorded")
    assert len(every["recorded"]) > len(told)
    assert every["status_steps"]
    assert vera.get(f"{UA}/changes.csv?{PERIOD}&reading=recorded&party=ru").status_code == 400


def test_timeline_holds_all_pages_in_the_order_of_the_page(vera: FlaskClient) -> None:
    pages = [vera.get(f"{UA}/timeline?page={number}").text for number in (1, 2)]
    anchors = [each for page in pages for each in re.findall(r'<li id="(?:e|event|proposal)-([\w-]+)"', page)]
    rows = csv_rows(vera, f"{UA}/timeline.csv")
    assert [row["Event, proposal or entry"] for row in rows] == anchors
    some = csv_rows(vera, f"{UA}/timeline.csv?kind=claim&party=us&since=2025-12-15")
    assert {(row["What"], row["Party"]) for row in some} == {("Claim", "US")}
    listed = tab_rows(workbook(vera, f"{UA}/timeline.xlsx"), "Timeline")
    assert [str(row["Event, proposal or entry"]) for row in listed] == anchors


def test_party_is_taken_along_with_every_issue_its_moves_and_claims(vera: FlaskClient) -> None:
    page = vera.get(f"{UA}/parties/ru").text
    book = workbook(vera, f"{UA}/parties/ru.xlsx")
    assert book.sheetnames == ["What it wants", "How its line developed", "Claims", "About", "Sources"]
    held = [row for row in tab_rows(book, "What it wants") if row["Whose line"] != "Another voice"]
    assert [row["Issue"] for row in held] == [f"UA-{number}" for number in range(1, 11)]
    own = [row for row in held if row["Whose line"] == "Its own"]
    assert f"stated on {len(own)} of {len(held)}" in page
    assert len(tab_rows(book, "How its line developed")) == element(page, "moves").count("<li>")
    assert {row["Party"] for row in tab_rows(book, "Claims")} == {"Russia"}


def test_sources_are_listed_whole_without_their_texts(vera: FlaskClient) -> None:
    rows = csv_rows(vera, "/sources.csv?negotiation=UA&sort=title")
    page = vera.get("/sources?negotiation=UA&sort=title").text
    listed = re.findall(r'<th scope="row"><p><a href="/sources/(\d+)"', page)
    assert [row["Source"] for row in rows] == listed
    assert len(rows) == 25
    told = json_of(vera, "/sources.json?negotiation=UA")["sources"]
    assert sum(each["entries"] for each in told) > len(told)
    assert "text" not in told[0]
    resting = csv_rows(vera, "/sources/5.csv")
    page = vera.get("/sources/5").text
    assert len(resting) == 12
    assert all(row["Issue"] in page and row["What it says"] in unescape(page) for row in resting)


def test_events_texts_and_evidence_are_as_on_their_pages(vera: FlaskClient) -> None:
    events = csv_rows(vera, f"{UA}/events.csv?when=past&kind=round")
    assert [row["Title"] for row in events] == ["Berlin talks", "Round of talks in Istanbul"]
    page = vera.get(f"{UA}/proposals/1?against=2").text
    pairs = csv_rows(vera, f"{UA}/proposals/1.csv?against=2")
    assert len(pairs) == page.count("<tr>") - 1
    book = workbook(vera, f"{UA}/proposals.xlsx")
    assert book.sheetnames == ["Clauses", "Answers to clauses", "About", "Sources"]
    titles = [row["Title"] for row in tab_rows(book, "Clauses")]
    page = vera.get(f"{UA}/proposals").text
    assert [*dict.fromkeys(titles)] == sorted({*titles}, key=page.index)
    one = csv_rows(vera, f"{UA}/evidence.csv?trait=single")
    assert {row["Independent sources"] for row in one} == {"1"}
    assert f"{len(one)} of " in words(vera.get(f"{UA}/evidence?trait=single").text)
    assert vera.get(f"{UA}/proposals/1.csv?against=9").status_code == 400
    assert vera.get(f"{UA}/proposals/99.csv").status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
def test_csv_excel_and_json_hold_the_same_rows(vera: FlaskClient, address: str) -> None:
    rows = csv_rows(vera, f"{address}.csv")
    book = workbook(vera, f"{address}.xlsx")
    tab = next(name for name in book.sheetnames if name != "About")
    cells = tab_rows(book, tab)
    assert rows
    assert len(rows) == len(cells)
    for row, cell in zip(rows, cells, strict=True):
        for head, value in cell.items():
            if isinstance(value, str):
                assert row[head].lstrip("'") == " ¶ ".join(value.split("\n")), head
            elif value is None:
                assert row[head] == "", head


def test_a_stranger_gets_no_more_than_the_page_gives(
    client: FlaskClient, as_vera: FlaskClient, world: World, session: Session
) -> None:
    secret = make_source(session, world.talks, "A secret", text=QUOTE)
    secret.handling = Handling.AMBER
    session.flush()
    citing = [world.cite(), Cite(secret, quote=QUOTE, locator="A secret place")]
    entered = state(world, world.red, LATER, issue=world.water, citing=citing)
    again = entered.cite(Cite(secret), by=world.ed)
    session.flush()
    retract(again, reason="A secret reason.", by=world.ed).refuse()
    claim(world, world.blue, LATER, citing=[world.cite(), Cite(secret)], by="someone@example.org")
    keep(session)
    acts = f"{TK}/changes.{{}}?since=2025-01-01&reading=recorded"
    pages = (f"{TK}/{name}.{{}}" for name in ("changes", "timeline", "parties/red", "evidence"))
    addresses = [acts, *pages, "/sources.{}", "/sources/1.{}"]
    for address in addresses:
        for ending in ("csv", "json"):
            told = fetch(client, address.format(ending)).text
            assert "A secret" not in told, address
            assert "someone@" not in told, address
        tabs = [[*tab.iter_rows(values_only=True)] for tab in workbook(client, address.format("xlsx"))]
        assert "A secret" not in str(tabs), address
    assert "A secret reason." in fetch(as_vera, acts.format("json")).text
    cited = [
        each for line in json_of(client, f"{TK}/timeline.json")["timeline"] for each in line["citations"]
    ]
    assert {each["is_checked"] for each in cited if each["source"] is None} == {False}
    assert "source withheld" in client.get(f"{TK}/timeline.csv").text
    assert "A secret" in as_vera.get(f"{TK}/timeline.csv").text
    assert "TLP-AMBER" in as_vera.get("/sources.csv").headers["Content-Disposition"]
    assert "TLP-CLEAR" in client.get("/sources.csv").headers["Content-Disposition"]
    assert client.get(f"/sources/{secret.id}.csv").status_code == 404
    world.talks.published_at = entered.recorded_at - timedelta(microseconds=1)
    keep(session)
    assert entered.uid not in client.get(f"{TK}/timeline.csv").text
    assert entered.uid in as_vera.get(f"{TK}/timeline.csv").text


def test_cuts_of_the_page_do_not_apply(as_vera: FlaskClient, world: World, session: Session) -> None:
    for number in range(4, 60):
        issue = Issue(negotiation=world.talks, number=number, title=f"Question {number}", topic="")
        issue.add(session)
        change(world, Status.OPEN, LATER, issue=issue)
    statuses = (Status.PARKED, Status.OPEN, Status.BLOCKED, Status.OPEN, Status.PARKED, Status.BLOCKED)
    for number, status in enumerate(statuses):
        change(world, status, LATER + timedelta(days=number), issue=world.water)
        state(world, world.red, LATER + timedelta(days=number), issue=world.water, summary=f"Line {number}.")
    for number in range(25):
        claim(world, world.blue, LATER, words=f"Claim {number}.")
    keep(session)
    found = json_of(as_vera, f"{TK}/changes.json?since=2025-12-02&until=2025-12-20")
    assert len(found["status_steps"]) == 57
    water = next(step for step in found["status_steps"] if step["issue"] == "TK-1")
    assert [each["status"] for each in water["changes"]] == [*statuses]
    assert [each["summary"] for each in found["moves"][0]["said"]] == [f"Line {n}." for n in range(6)]
    assert len(found["claims"]) == 25
    moves = tab_rows(workbook(as_vera, f"{TK}/changes.xlsx?since=2025-12-02&until=2025-12-20"), "Moves")
    assert [row["Line before"] for row in moves][1:] == [f"Line {n}." for n in range(5)]


def test_formulas_are_inert(as_vera: FlaskClient, world: World, session: Session) -> None:
    formula = '=HYPERLINK("https://example.org")'
    world.water.edit({"title": formula}, base_version=world.water.version)
    world.article.edit({"title": "@SUM(A1)"})
    Event(negotiation=world.talks, title="-1+1", starts_on=DAY).add(session, by=world.ed)
    state(world, world.red, LATER, issue=world.water, summary="+1", movement=Movement.SOFTENED)
    keep(session)
    for address in (f"{TK}/timeline", f"{TK}/parties/red", f"{TK}/changes", "/sources", "/sources/1"):
        for row in csv_rows(as_vera, f"{address}.csv"):
            assert not [cell for cell in row.values() if re.match(r"[=+\-@]", cell)], address
        for tab in workbook(as_vera, f"{address}.xlsx"):
            assert {cell.data_type for row in tab.iter_rows() for cell in row} <= {"s", "n", "d", "b"}


def test_what_cannot_be_read_or_seen_is_refused(as_vera: FlaskClient) -> None:
    for address, status in (
        (f"{TK}/changes.csv?since=x", 400),
        (f"{TK}/changes.csv?reading=x", 400),
        (f"{TK}/timeline.csv?kind=x", 400),
        (f"{TK}/timeline.xlsx?topic=x", 400),
        (f"{TK}/parties/xx.csv", 404),
        ("/sources.csv?kind=x", 400),
        ("/sources/99.csv", 404),
        (f"{TK}/timeline.docx", 404),
    ):
        assert as_vera.get(address).status_code == status, address


def test_many_rows_take_no_more_statements(
    as_vera: FlaskClient, world: World, session: Session, statements: Statements
) -> None:
    addresses = [f"{TK}/changes", f"{TK}/timeline", f"{TK}/parties/red", "/sources", "/sources/1"]

    def asked() -> list[int]:
        counts = []
        for address in addresses:
            for ending in ("csv", "json"):
                as_vera.get(f"{address}.{ending}?since=2025-12-01&until=2025-12-20")
                with statements() as found:
                    as_vera.get(f"{address}.{ending}?since=2025-12-01&until=2025-12-20")
                counts.append(len(found))
        return counts

    entered = state(world, world.red, LATER, issue=world.water, citing=[world.cite(QUOTE)])
    retract(entered, reason="Wrong.", by=world.ed).refuse()
    claim(world, world.red)
    change(world, Status.OPEN)
    keep(session)
    before = asked()
    for number in range(5):
        state(world, world.red, LATER, issue=world.border, stance=Stance.OPPOSES, summary=f"No {number}.")
        change(world, Status.PARKED if number % 2 else Status.OPEN, LATER, issue=world.prisoners)
        claim(world, world.red)
        make_source(session, world.talks, f"Paper {number}")
    keep(session)
    assert asked() == before
