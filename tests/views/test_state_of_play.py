"""The state of play: claims beside the status, thresholds, courses, what is new, and according to whom."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.queries.test_courses import after, change
from tests.queries.test_timeline import claim
from tests.views.conftest import Statements
from tests.views.reading import element, words
from tests.views.tables import Table
from tests.world import World
from tracker.models import Visit
from tracker.models.vocabulary import Status

PAGE = "/negotiations/TK"


def test_a_claim_that_differs_is_named_so(session: Session, world: World, client: FlaskClient) -> None:
    claim(world, issue=world.water, status=Status.AGREED, words="")
    claim(world, issue=world.border, words="", share=40)
    session.commit()
    issues = words(element(client.get(PAGE).text, "issues"))
    assert "differs from the desk Blue: Agreed (2 Dec 2025)" in issues
    assert issues.count("differs from the desk") == 1


def test_each_course_is_drawn_with_its_words(session: Session, world: World, client: FlaskClient) -> None:
    change(world, Status.BLOCKED, after(14), world.water)
    session.commit()
    page = client.get(PAGE).text
    assert 'role="img" aria-label="Open since 2 Dec 2025; Blocked since 16 Dec 2025"' in page
    assert "Course: its status from 2 Dec 2025 to 16 Dec 2025." in page


def test_counts_lead_to_the_issues_of_each_status(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}?as_of=2025-12-31").text
    for status, key in (("open", "TK-1"), ("none", "TK-2")):
        address = f"{PAGE}/issues?status={status}&as_of=2025-12-31"
        assert f'href="{address.replace("&", "&amp;")}"' in page
        assert key in client.get(address).text


def test_thresholds_are_in_the_address_and_in_a_form(client: FlaskClient) -> None:
    usual = client.get(f"{PAGE}?as_of=2025-12-20").text
    assert "stale" not in words(element(usual, "issues")).replace("Stale after", "")
    asked = client.get(f"{PAGE}?as_of=2025-12-20&stale=3&coverage=61").text
    told = words(element(asked, "issues"))
    assert "1 here are stale, older than 3 days; 3 are thinly covered, under 61 %." in told
    assert "3 of 5, thin" in told
    assert '<input type="hidden" name="as_of" value="2025-12-20">' in asked


def test_according_to_whom_each_party_has_a_column(
    session: Session, world: World, client: FlaskClient
) -> None:
    claim(world, issue=world.water, status=Status.AGREED, words="Done, we say.")
    claim(world, party=world.red, words="Nowhere near.")
    session.commit()
    page = client.get(f"{PAGE}?view=claims").text
    table = Table(page)
    assert table.heads == ["Issue", "The desk", "Red", "Blue", "Mediator", "Union of the Shore", "Coast"]
    assert f'href="{PAGE}?stale=3#issues"' in client.get(f"{PAGE}?stale=3&view=claims").text
    assert f'href="{PAGE}?stale=3&amp;view=claims#issues"' in client.get(f"{PAGE}?stale=3").text
    talks, water, border, _ = table.rows
    assert talks[2].startswith("Nowhere near.")
    assert water[1:3] == ["Open", "No claim"]
    assert water[3].startswith("Agreed differs from the desk Done, we say.")
    assert border[1:] == ["No status yet", *["No claim"] * 5]
    assert table.links[1][3] == [f"/sources/{world.article.id}"]


def test_what_is_new_since_the_last_visit_is_marked(
    session: Session, world: World, as_vera: FlaskClient
) -> None:
    assert "since your visit" not in as_vera.get(PAGE).text
    before = datetime.now(UTC)
    session.rollback()
    session.execute(update(Visit).values(seen_at=before - timedelta(hours=2), before_at=None))
    change(world, Status.OPEN, after(3))
    session.commit()
    page = as_vera.get(PAGE).text
    told = words(element(page, "issues"))
    assert "2 issues here have something new since your visit on" in told
    assert told.count("new since your visit on") == 3
    [address] = set(re.findall(rf'href="({PAGE}/changes\?reading=recorded[^"]*)"', page))
    answer = as_vera.get(unescape(address))
    assert answer.status_code == 200
    assert "TK-2 Border" in words(answer.text)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("stale=0", "stale"),
        ("stale=3651", "stale"),
        ("stale=soon", "stale"),
        ("stale=1.5", "stale"),
        ("coverage=101", "coverage"),
        ("coverage=-1", "coverage"),
        ("view=desk", "view"),
    ],
)
def test_what_cannot_be_read_is_400(client: FlaskClient, query: str, name: str) -> None:
    answer = client.get(f"{PAGE}?{query}")
    assert answer.status_code == 400
    assert f"{name}: " in answer.text


@pytest.mark.parametrize("view", ["", "?view=claims"])
def test_the_number_of_statements_does_not_grow_with_rows(
    session: Session, world: World, client: FlaskClient, statements: Statements, view: str
) -> None:
    def cost() -> int:
        client.get(PAGE + view)
        with statements() as seen:
            assert client.get(PAGE + view).status_code == 200
        return len(seen)

    claim(world, issue=world.water, status=Status.AGREED)
    claim(world, party=world.red)
    session.commit()
    few = cost()
    session.rollback()
    for number in range(20):
        change(world, Status.PARKED if number % 2 else Status.BLOCKED, after(number))
        claim(world, after(number), issue=world.border, status=Status.AGREED)
        claim(world, after(number), party=world.red)
    session.commit()
    assert cost() == few
