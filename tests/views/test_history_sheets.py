"""Histories taken along: all that was entered, what was withdrawn of it, and what each rests on."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.views.reading_sheets import csv_rows, fetch, tab_rows, workbook
from tests.views.test_exports import keep
from tests.world import DAY, QUOTE, World, make_source
from tracker.db import now
from tracker.models import Cite, Correction, Dating
from tracker.models.claim import claim_status
from tracker.models.retraction import retract
from tracker.models.vocabulary import Handling, Movement, Stance, Status

RECORD = "/negotiations/TK"
#: A status that moved and was corrected, a line that moved, and a claim.
pytestmark = pytest.mark.usefixtures("told")


@pytest.fixture
def told(world: World, session: Session) -> World:
    """Enter more of the water."""
    later = Dating(DAY + timedelta(days=8), words="mid December")
    citing = [world.cite(QUOTE), Cite(world.report, locator="p. 4")]
    by = world.ed
    wrong = world.water.change_status(Status.PARKED, dating=later, by=by, citing=citing, reason="All say so.")
    session.flush()
    correction = Correction(of=wrong, reason="Blue does not.")
    world.water.change_status(
        Status.BLOCKED, dating=later, by=by, citing=citing, reason="Red.", corrects=correction
    )
    world.water.state_position(
        world.red,
        dating=later,
        by=by,
        citing=citing,
        stance=Stance.ACCEPTS,
        movement=Movement.SOFTENED,
        summary="Red pays after all.",
    )
    claim_status(world.talks, world.red, dating=later, by=by, citing=[world.cite()], share=90)
    keep(session)
    return world


def test_status_changes_tell_each_step_and_what_was_withdrawn(as_vera: FlaskClient) -> None:
    rows = csv_rows(as_vera, "/issues/TK-1/status-changes.csv")
    steps = [(row["Status before"], row["Step"], row["Status"]) for row in rows]
    assert steps == [("", "Opened", "Open"), ("", "", "Parked by consent"), ("Open", "Sidelined", "Blocked")]
    wrong, right = rows[1:]
    assert (wrong["Why it was withdrawn"], wrong["Withdrawn by"]) == ("Blue does not.", "Ed")
    assert wrong["Replaced by"] == right["Entry"]
    assert wrong["First recorded at (UTC)"] == right["First recorded at (UTC)"]
    assert (right["Effective on"], right["Day, in words"]) == ("2025-12-10", "mid December")
    assert right["Sources"].count(" | ") == 1
    assert "A report without its text, p. 4; Reported" in right["Sources"]
    assert csv_rows(as_vera, f"{RECORD}/status-changes.csv") == rows


def test_citations_stand_one_in_a_row_beside_the_list_of_sources(as_vera: FlaskClient) -> None:
    book = workbook(as_vera, f"{RECORD}/positions.xlsx")
    assert book.sheetnames == ["Positions", "Citations", "About", "Sources"]
    positions = {row["Entry"]: row for row in tab_rows(book, "Positions")}
    cited = tab_rows(book, "Citations")
    assert len(cited) == 5
    assert {row["Entry"] for row in cited} == {*positions}
    quoted = [row["Quote"] for row in cited if row["Quote"]]
    assert quoted == [QUOTE, QUOTE]
    assert {row["Title"] for row in tab_rows(book, "Sources")} == {row["Title"] for row in cited}
    moved = next(row for row in positions.values() if row["Movement"] == "Softened")
    assert (moved["Stance before"], moved["Stance"]) == ("Opposes", "Can accept")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("party=red", 2),
        ("party=red&party=blue", 3),
        ("issue=TK-2", 0),
        ("topic=Economy", 4),
        ("since=2025-12-03", 1),
        ("until=2025-12-02", 3),
        ("as_of=2025-12-02", 3),
        ("known_at=2020-01-01", 0),
    ],
)
def test_histories_are_narrowed_by_the_address(as_vera: FlaskClient, query: str, count: int) -> None:
    assert len(csv_rows(as_vera, f"{RECORD}/positions.csv?{query}")) == count


def test_status_narrows_what_has_one_and_steps_stay_what_they_were(as_vera: FlaskClient) -> None:
    rows = csv_rows(as_vera, f"{RECORD}/status-changes.csv?status=blocked&since=2025-12-03")
    assert [(row["Status before"], row["Step"]) for row in rows] == [("Open", "Sidelined")]


def test_claims_follow_their_pages(as_vera: FlaskClient) -> None:
    (claim,) = csv_rows(as_vera, f"{RECORD}/claims.csv")
    assert (claim["Party"], claim["Share, per cent"], claim["Issue"]) == ("Red", "90", "")
    assert csv_rows(as_vera, "/issues/TK-1/claims.csv") == []


def test_json_keeps_what_is_stored(as_vera: FlaskClient, told: World) -> None:
    found: Any = fetch(as_vera, "/issues/TK-1/status-changes.json").json
    last = found["status_changes"][-1]
    assert (last["status_before"], last["step"], last["status"]) == ("open", "sidelined", "blocked")
    assert [each["source"]["title"] for each in last["citations"]] == [told.article.title, told.report.title]
    assert last["recorded_at"].endswith("Z")
    assert len(found["citations"]) == 5


def test_stranger_sees_no_more_than_was_published(
    client: FlaskClient, as_vera: FlaskClient, world: World, session: Session
) -> None:
    paper = make_source(session, world.talks, "A secret paper")
    paper.handling = Handling.RED
    citing = [world.cite(), Cite(paper, quote="secret words", locator="secret place")]
    agreed = world.water.state_position(
        world.med,
        dating=Dating(DAY),
        by="secret@example.org",
        citing=citing,
        stance=Stance.SUPPORTS,
        summary="It agrees.",
    )
    again = agreed.cite(Cite(paper, quote="secret again", translation="secretly"), by=world.ed)
    session.flush()
    retract(again, reason="A secret reason.", by=world.ed).refuse()
    world.talks.published_at = now()
    keep(session)
    world.water.state_position(
        world.coast,
        dating=Dating(DAY),
        by=world.ed,
        citing=[world.cite()],
        stance=Stance.SUPPORTS,
        summary="A secret line.",
    )
    keep(session)
    for ending in ("csv", "json"):
        assert "secret" not in fetch(client, f"{RECORD}/positions.{ending}").text
    book = workbook(client, f"{RECORD}/positions.xlsx")
    assert "secret" not in json.dumps([[*tab.iter_rows(values_only=True)] for tab in book], default=str)
    assert "source withheld" in str([*book["Citations"].iter_rows(values_only=True)])
    (mediator,) = csv_rows(client, f"{RECORD}/positions.csv?party=med")
    assert mediator["Sources"].endswith(" | source withheld")
    assert "secret words" in fetch(as_vera, f"{RECORD}/positions.csv").text
    assert "A secret reason." in fetch(as_vera, f"{RECORD}/positions.json").text
    seen: Any = fetch(client, f"{RECORD}/positions.json").json
    withdrawn = [each for each in seen["citations"] if each["withdrawn_at"]]
    assert [(each["id"], each["withdrawn_for"]) for each in withdrawn] == [(None, None)]


@pytest.mark.parametrize(
    "query", ["party=x", "status=x", "issue=XX-1", "topic=x", "since=x", "until=2025-13-01"]
)
def test_what_cannot_be_read_is_refused(as_vera: FlaskClient, query: str) -> None:
    assert as_vera.get(f"{RECORD}/status-changes.csv?{query}").status_code == 400
