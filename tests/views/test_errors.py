"""Errors: each a page and a fragment in plain words; nothing typed is lost; nothing inside is shown."""

import logging
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import Conflict, HTTPException, UnprocessableEntity, default_exceptions

from tests.views.conftest import HTMX, Statements, csrf, hidden, hidden_of, post, sign_in
from tests.views.reading import words
from tests.world import PASSWORD
from tracker.db import db

OURS = {"Sec-Fetch-Site": "same-origin"}
CODES = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)


@pytest.fixture
def careful(app: Flask) -> Iterator[Flask]:
    """Answer 500 instead of raising, as in production."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    app.config["PROPAGATE_EXCEPTIONS"] = None


def raising(
    monkeypatch: pytest.MonkeyPatch, app: Flask, error: Exception, view: str = "health.livez"
) -> None:
    """Let a view raise."""

    def fail(**_given: object) -> None:
        raise error

    fail.allowed = None  # type: ignore[attr-defined]
    monkeypatch.setitem(app.view_functions, view, fail)


def http(code: int) -> HTTPException:
    try:
        abort(code)
    except HTTPException as error:
        return error


@pytest.mark.parametrize("code", CODES)
def test_every_error_is_a_page_in_plain_words(
    careful: Flask, as_ed: FlaskClient, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    raising(monkeypatch, careful, http(code))
    answer = as_ed.get("/livez")
    assert answer.status_code == code
    assert answer.mimetype == "text/html"
    assert answer.text.count("<h1>") == 1
    assert (default_exceptions[code].description or "") not in unescape(answer.text)
    assert "data-keep-drafts" in answer.text
    assert "Ed</a>" in answer.text


@pytest.mark.parametrize("code", [code for code in CODES if code != 401])
def test_every_error_is_a_message_for_htmx(
    careful: Flask, as_ed: FlaskClient, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    raising(monkeypatch, careful, http(code))
    answer = as_ed.get("/livez", headers=HTMX)
    assert answer.status_code == code
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#flash", "innerHTML")
    assert answer.text.startswith(f'<p class="message bad" data-status="{code}">')


def test_reading_a_part_without_a_session_leads_to_the_form(client: FlaskClient) -> None:
    answer = client.get("/account", headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in?next=/account")
    assert answer.data == b""


def test_writing_a_part_without_a_session_leaves_the_page(client: FlaskClient) -> None:
    answer = client.post("/account", data=csrf(client), headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (401, "#flash")
    assert "HX-Redirect" not in answer.headers
    assert "what you typed is still here" in answer.text


def test_words_of_ours_are_told_and_escaped(
    app: Flask, as_ed: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    raising(monkeypatch, app, UnprocessableEntity("<b>No.</b>"))
    for headers in ({}, HTMX):
        assert "&lt;b&gt;No.&lt;/b&gt;" in as_ed.get("/livez", headers=headers).text


def test_404_offers_strangers_to_sign_in(client: FlaskClient, as_ed: FlaskClient) -> None:
    assert 'href="/sign-in?next=/nothing"' in client.get("/nothing").text
    assert "sign-in?next" not in as_ed.get("/nothing").text


def test_405_says_what_is_taken(client: FlaskClient) -> None:
    answer = client.get("/sign-out")
    assert (answer.status_code, set(answer.allow)) == (405, {"POST", "OPTIONS"})


def test_retry_after_is_told(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    raising(monkeypatch, app, OperationalError("", {}, Exception("database is locked")))
    answer = client.get("/livez")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "locked" not in answer.text


def test_what_breaks_is_logged_and_not_shown(
    careful: Flask,
    as_ed: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    statements: Statements,
) -> None:
    raising(monkeypatch, careful, ValueError("the secret plan"))
    with caplog.at_level(logging.ERROR), statements() as seen:
        answer = as_ed.get("/livez")
    assert answer.status_code == 500
    assert "the secret plan" not in answer.text
    assert "Traceback" not in answer.text
    assert any(record.exc_info and "the secret plan" in str(record.exc_info[1]) for record in caplog.records)
    assert len(seen) == 1  # who asks, before it broke


def test_the_error_page_needs_no_database(careful: Flask, as_ed: FlaskClient) -> None:
    tried: list[str] = []

    def broken(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        tried.append(statement)
        raise RuntimeError("no database")

    with careful.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", broken)
    try:
        answers = [as_ed.get("/account"), as_ed.get("/account", headers=HTMX), as_ed.post("/sign-out")]
    finally:
        event.remove(engine, "before_cursor_execute", broken)
    assert [answer.status_code for answer in answers] == [500, 500, 500]
    assert "Something went wrong on our side" in answers[0].text
    assert len(tried) == len(answers)


def test_an_error_page_that_breaks_is_still_an_answer(
    careful: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    raising(monkeypatch, careful, ValueError())
    monkeypatch.setattr("tracker.views.errors.page", lambda *_a, **_b: 1 / 0)
    answer = client.get("/livez")
    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert answer.headers["Content-Security-Policy"]


def test_a_database_that_is_away_is_503(
    careful: Flask, as_ed: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with careful.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE user_sessions RENAME TO away"))
    answer = as_ed.get("/account")
    assert answer.status_code == 503
    assert "no such table" not in answer.text
    assert "no such table" in caplog.text
    assert as_ed.get("/readyz").status_code == 503


def test_a_value_that_no_column_holds_is_400(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    raising(monkeypatch, app, DataError("", {}, Exception("out of range")))
    answer = client.get("/livez")
    assert answer.status_code == 400
    assert "out of range" not in answer.text


def test_a_nul_in_the_address_is_400(client: FlaskClient, as_ed: FlaskClient) -> None:
    for browser in (client, as_ed):
        for address in ("/%00", "/negotiations/%00", "/?q=%00", "/sign-in?%00=1", "/issues/TK-1%00"):
            assert browser.get(address).status_code in (400, 404), address


def test_a_stale_form_is_sent_again_whole(as_ed: FlaskClient) -> None:
    typed = {
        "csrf_token": "stale",
        "form_token": "f",
        "reason": 'a "quote" & <b>',
        "agreed_between": ["red", "blue"],
    }
    answer = as_ed.post("/account?x=1", data=typed, headers=OURS)
    assert answer.status_code == 400
    assert "everything you typed is still here" in answer.text
    form = answer.text.split('<form class="form" method="post">')[1]
    assert form.count('name="agreed_between"') == 2
    kept = hidden_of(f'<form method="post">{form}')
    assert kept["reason"] == typed["reason"]
    assert kept["form_token"] == "f"
    assert kept["csrf_token"] != "stale"
    assert as_ed.post("/account?x=1", data=kept, headers=OURS).status_code == 422


def test_an_ended_session_loses_nothing(as_ed: FlaskClient, client: FlaskClient) -> None:
    fields = hidden(as_ed, "/account") | {"reason": "typed for an hour"}
    answer = client.post("/account", data=fields, headers=OURS)
    assert answer.status_code == 401
    assert 'value="typed for an hour"' in answer.text
    sign_in(client, "ed")
    kept = hidden_of(answer.text.split("<main")[1])
    second = client.post("/account", data=kept, headers=OURS)
    assert second.status_code == 400
    again = hidden_of(second.text.split("<main")[1])
    assert again["reason"] == "typed for an hour"
    assert client.post("/account", data=again, headers=OURS).status_code == 422


def test_passwords_are_never_sent_back(client: FlaskClient, as_ed: FlaskClient) -> None:
    secrets = {"password": "secret one", "new_password": "secret two", "new_password_again": "secret three"}
    for browser, address in ((as_ed, "/account"), (client, "/account"), (client, "/sign-in")):
        answer = browser.post(address, data=secrets | {"email": "ed@example.org"}, headers=OURS)
        assert answer.status_code in (400, 401)
        assert "secret" not in answer.text
        assert answer.text.count('type="password"') == 3
        assert 'value="ed@example.org"' in answer.text


def test_a_stale_sign_in_goes_on_with_the_password_typed_again(client: FlaskClient) -> None:
    typed = {"csrf_token": "stale", "email": "ed@example.org", "password": PASSWORD, "next": "/account"}
    kept = hidden_of(client.post("/sign-in", data=typed, headers=OURS).text.split("<main")[1])
    answer = client.post("/sign-in", data=kept | {"password": PASSWORD}, headers=OURS)
    assert answer.headers["Location"] == "/account"


def test_a_lost_file_is_told_and_the_kind_of_form_kept(as_ed: FlaskClient) -> None:
    typed = {"title": "T", "file": (BytesIO(b"words"), "talks & <more>.txt")}
    answer = as_ed.post("/account", data=typed, headers=OURS)
    assert answer.status_code == 400
    assert 'enctype="multipart/form-data"' in answer.text
    assert "talks &amp; &lt;more&gt;.txt" in answer.text
    assert 'value="T"' in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
    ],
)
def test_what_another_site_filled_in_is_not_offered(as_ed: FlaskClient, headers: dict[str, str]) -> None:
    answer = as_ed.post("/account", data={"reason": "planted"}, headers=headers)
    assert answer.status_code in (400, 403)
    assert "planted" not in answer.text


def test_nothing_is_offered_where_it_cannot_help(
    app: Flask, as_ed: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    raising(monkeypatch, app, Conflict(), "accounts.update")
    answer = post(as_ed, "/account", {"reason": "typed"})
    assert answer.status_code == 409
    assert "typed" not in words(answer.text)


def test_health_speaks_plainly(client: FlaskClient) -> None:
    assert client.get("/livez").text == "alive\n"
    assert client.get("/readyz").text == "ready\n"
