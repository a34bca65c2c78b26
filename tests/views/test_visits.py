"""When a reader was last here, kept for users and in strangers' browsers."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.views.conftest import Statements
from tracker.db import now
from tracker.models import Visit

PAGE = "/negotiations/TK/changes"


def visited(session: Session, **values: Any) -> None:
    session.execute(update(Visit).values(**values))
    session.commit()


def test_a_users_last_visit_is_kept_and_offered(as_ed: FlaskClient, session: Session) -> None:
    assert "Since your last visit" not in as_ed.get(PAGE).text
    ago = now() - timedelta(hours=3)
    visited(session, seen_at=ago)
    page = unescape(as_ed.get(PAGE).text)
    assert "Since your last visit" in page
    assert f"since={ago:%Y-%m-%dT%H}%3A{ago:%M}%3A{ago:%S}Z" in page
    assert "reading=recorded" in page
    session.rollback()
    kept = session.scalars(select(Visit)).one()
    assert kept.before_at == ago
    assert now() - kept.seen_at < timedelta(minutes=1)


def test_pages_of_one_visit_are_one_visit(as_ed: FlaskClient, session: Session) -> None:
    as_ed.get(PAGE)
    visited(session, seen_at=now() - timedelta(minutes=20))
    assert "Since your last visit" not in as_ed.get(PAGE).text
    session.rollback()
    assert session.scalars(select(Visit)).one().before_at is None


def test_a_fixed_past_says_the_same_to_every_visitor(as_ed: FlaskClient, session: Session) -> None:
    as_ed.get(PAGE)
    visited(session, seen_at=now() - timedelta(hours=3))
    state = "/negotiations/TK"
    assert "since your visit on" in as_ed.get(state).text
    moment = f"{now():%Y-%m-%dT%H:%M:%SZ}"
    assert "since your visit on" not in as_ed.get(f"{state}?known_at={moment}").text


def test_a_visit_is_noted_once_a_minute_at_most(as_ed: FlaskClient, statements: Statements) -> None:
    as_ed.get(PAGE)
    with statements() as seen:
        as_ed.get(PAGE)
    assert not [statement for statement in seen if statement.startswith(("INSERT", "UPDATE"))]


def test_a_strangers_last_visit_is_kept_in_the_browser(client: FlaskClient) -> None:
    client.get(PAGE)
    cookie = client.get_cookie("visit-TK", path="/negotiations/TK")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")
    ago = int((now() - timedelta(hours=3)).timestamp())
    client.set_cookie("visit-TK", str(ago), path="/negotiations/TK")
    assert "Since your last visit" in client.get(PAGE).text
    renewed = client.get_cookie("visit-TK", path="/negotiations/TK")
    assert renewed is not None
    assert renewed.value.endswith(f".{ago}")


@pytest.mark.parametrize("kept", ["", "x", "99999999999", "-1", "1.", "1.2.3", "1764666000.99999999999"])
def test_an_unreadable_cookie_is_no_visit(client: FlaskClient, kept: str) -> None:
    client.set_cookie("visit-TK", kept, path="/negotiations/TK")
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert "Since your last visit" not in answer.text or kept.startswith("17")
