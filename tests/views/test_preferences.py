"""Preferences: light or dark, and single keys, of users and of strangers; the next page has them."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.conftest import Statements, hidden, post, signed_in
from tracker.models import Preference
from tracker.models.vocabulary import Theme

DARK = {"theme": "dark"}


def html(client: FlaskClient, address: str = "/keyboard") -> str:
    """Give the first tag of a page."""
    found = re.search("<html[^>]*>", client.get(address).text)
    assert found
    return found[0]


def test_a_user_has_the_choice_on_every_page_and_in_every_browser(
    app: Flask, as_vera: FlaskClient, as_ed: FlaskClient, session: Session
) -> None:
    before = as_vera.get("/negotiations/TK")
    assert "data-theme" not in html(as_vera)
    answer = post(as_vera, "/account", DARK, to="/preferences")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert "Your choice is kept." in as_vera.get("/account").text
    kept = {"If-None-Match": before.headers.get("ETag", "*")}
    for page in (as_vera.get("/negotiations/TK", headers=kept), signed_in(app, "vera").get("/account")):
        assert page.status_code == 200
        assert ' data-theme="dark"' in page.text
        assert '<meta name="color-scheme" content="dark">' in page.text
        assert "data-no-keys" in page.text
    assert "data-theme" not in html(as_ed)
    assert session.scalars(select(Preference.theme)).all() == [Theme.DARK]


def test_the_form_shows_what_was_chosen_and_takes_it_back(as_vera: FlaskClient) -> None:
    post(as_vera, "/account", DARK, to="/preferences")
    page = as_vera.get("/account").text
    assert re.search(r'<option selected value="dark">|<option value="dark" selected>', page)
    assert not re.search(r'<input checked[^>]*name="has_keys"', page)
    post(as_vera, "/account", {"theme": "system", "has_keys": "y"}, to="/preferences")
    assert "data-theme" not in html(as_vera)
    assert "data-no-keys" not in as_vera.get("/account").text


def test_who_switched_keys_off_reads_so_where_they_are_listed(client: FlaskClient) -> None:
    assert "Single keys are switched off." not in client.get("/keyboard").text
    assert ">Keyboard and colours</a>" in client.get("/").text
    post(client, "/keyboard", DARK, to="/preferences")
    page = client.get("/keyboard").text
    keys = page[page.index('<div id="keys">') : page.index('id="preferences"')]
    assert "Single keys are switched off." in keys
    assert 'href="/keyboard#preferences"' in keys


def test_a_strangers_choice_stands_in_the_browser(client: FlaskClient, session: Session) -> None:
    answer = post(client, "/keyboard", DARK, to="/preferences")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/keyboard")
    assert 'data-theme="dark"' in html(client, "/negotiations/TK")
    assert 'data-theme="dark"' in html(client, "/no-such-page")
    cookie = client.get_cookie("wishes")
    assert cookie is not None
    assert (cookie.value, cookie.http_only, cookie.same_site) == ("dark-0", True, "Lax")
    assert session.scalars(select(Preference)).all() == []


@pytest.mark.parametrize("kept", ["blue-1", "dark-0; x", '"><b>', "dark"])
def test_an_unreadable_cookie_is_no_choice(client: FlaskClient, kept: str) -> None:
    client.set_cookie("wishes", kept)
    assert html(client) == '<html lang="en">'


def test_what_is_no_choice_is_refused_beside_its_field(as_vera: FlaskClient, client: FlaskClient) -> None:
    for browser in (as_vera, client):
        answer = post(browser, "/keyboard", {"theme": "blue"}, to="/preferences")
        assert answer.status_code == 422
        assert "“blue” is not one of the choices." in answer.text
        assert html(browser) == '<html lang="en">'


def test_it_leads_back_to_no_other_site(client: FlaskClient) -> None:
    typed = hidden(client, "/keyboard") | DARK | {"next": "//elsewhere.example"}
    assert client.post("/preferences", data=typed).headers["Location"] == "/keyboard"


def test_the_statement_that_finds_who_asks_finds_the_choice_too(
    as_vera: FlaskClient, statements: Statements
) -> None:
    with statements() as before:
        as_vera.get("/keyboard")
    post(as_vera, "/account", DARK, to="/preferences")
    as_vera.get("/account")  # takes the message
    with statements() as after:
        as_vera.get("/keyboard")
    assert len(after) == len(before) == 1
