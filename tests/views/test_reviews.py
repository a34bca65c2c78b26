"""Checked, no change: one press."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, csrf, hidden, htmx_on
from tests.views.reading import element, fault, form_on, shows_typed, words
from tests.world import World
from tracker.dates import latest_day
from tracker.models import Review
from tracker.models.vocabulary import Visibility

ADDRESS = "/issues/TK-1/reviews"


def reviews(session: Session) -> list[Review]:
    """Read all reviews."""
    session.rollback()
    return [*session.scalars(select(Review).order_by(Review.id))]


def test_one_press_on_the_page_of_the_issue(as_ed: FlaskClient, session: Session) -> None:
    pressed = form_on(as_ed.get("/issues/TK-1").text)
    answer = as_ed.post(ADDRESS, data=pressed)
    assert (answer.status_code, answer.location) == (303, "/issues/TK-1#status")
    today = datetime.now(UTC).date()
    assert [(review.checked_on, review.recorded_by) for review in reviews(session)] == [(today, "Ed")]
    page = as_ed.get("/issues/TK-1").text
    assert "TK-1: checked, no change." in words(element(page, "flash"))
    assert "Checked no change on" in words(element(page, "status"))


def test_press_in_place_answers_the_changed_part(as_ed: FlaskClient) -> None:
    pressed = form_on(as_ed.get("/issues/TK-1").text)
    answer = as_ed.post(ADDRESS, data=pressed, headers=htmx_on("/issues/TK-1"))
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (200, "#status")
    assert "by Ed" in words(element(answer.text, "status"))
    assert "TK-1: checked, no change." in words(answer.text)
    again = form_on(element(answer.text, "status"))
    assert again["form_token"] != pressed["form_token"]


def test_pressed_twice_it_is_entered_once(as_ed: FlaskClient, session: Session) -> None:
    pressed = form_on(as_ed.get("/issues/TK-1").text)
    for headers in ({}, HTMX, {}):
        assert as_ed.post(ADDRESS, data=pressed, headers=headers).status_code in (200, 303)
    assert len(reviews(session)) == 1


def test_review_leaves_the_version_alone(as_ed: FlaskClient) -> None:
    form = hidden(as_ed, "/issues/TK-1/status-changes/new")
    as_ed.post(ADDRESS, data=csrf(as_ed))
    assert hidden(as_ed, "/issues/TK-1/status-changes/new")["base_version"] == form["base_version"]


@pytest.mark.parametrize(("name", "code"), [("client", 401), ("as_vera", 403)])
def test_who_may_not_write_does_not(
    request: pytest.FixtureRequest, name: str, code: int, session: Session
) -> None:
    client = request.getfixturevalue(name)
    assert "Checked, no change" not in client.get("/issues/TK-1").text
    for headers in ({}, HTMX):
        assert client.post(ADDRESS, data=csrf(client), headers=headers).status_code == code
    assert reviews(session) == []


def test_restricted_talks_are_not_there(as_ed: FlaskClient, world: World, session: Session) -> None:
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    assert as_ed.post(ADDRESS, data=csrf(as_ed)).status_code == 404
    assert reviews(session) == []


def test_day_and_note_may_be_given(as_ed: FlaskClient, session: Session) -> None:
    given = csrf(as_ed) | {"checked_on": "2 Dec 2025", "note": "Read <b>all</b>."}
    assert as_ed.post(ADDRESS, data=given).status_code == 303
    assert [(review.checked_on.isoformat(), review.note) for review in reviews(session)] == [
        ("2025-12-02", "Read <b>all</b>.")
    ]
    page = as_ed.get("/issues/TK-1").text
    assert "no change on 2 Dec 2025, by Ed: Read <b>all</b>." in words(page)
    assert "<b>all" not in page


def test_what_is_wrong_is_told_and_kept(as_ed: FlaskClient, session: Session) -> None:
    future = (latest_day() + timedelta(days=1)).isoformat()
    for field, value in (("checked_on", future), ("checked_on", "soon"), ("note", "x" * 10_001)):
        for headers in ({}, HTMX):
            page = as_ed.post(ADDRESS, data=csrf(as_ed) | {field: value}, headers=headers)
            assert page.status_code == 422
            assert fault(page.text, field)
            assert shows_typed(page.text, {field: value})
    assert (
        "Read it all."
        in as_ed.post(ADDRESS, data=csrf(as_ed) | {"checked_on": "soon", "note": "Read it all."}).text
    )
    assert reviews(session) == []


def test_way_back_is_one_of_ours(as_ed: FlaskClient) -> None:
    for wanted, found in (
        ("/negotiations/TK", "/negotiations/TK"),
        ("https://evil.example", "/issues/TK-1#status"),
        ("//evil.example", "/issues/TK-1#status"),
    ):
        assert as_ed.post(ADDRESS, data=csrf(as_ed) | {"next": wanted}).location == found
