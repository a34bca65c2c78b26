"""Headers: what every answer tells browsers, whatever it is and whoever gives it."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.views.conftest import HTMX, sign_in
from tracker import create_app
from tracker.db import db


def style_of(app: Flask) -> str:
    """Give the address of the style sheet."""
    address: str = app.jinja_env.globals["static_url"]("app.css")  # type: ignore[operator]
    return address


def answers(app: Flask, client: FlaskClient) -> dict[str, TestResponse]:
    """Ask for one answer of each kind."""
    style = client.get(style_of(app), buffered=True)
    since = {"If-Modified-Since": style.headers["Last-Modified"]}
    return {
        "page": client.get("/sign-in"),
        "redirect": client.get("/account"),
        "fragment": client.get("/account", headers=HTMX),
        "text": client.get("/livez"),
        "no such page": client.get("/nothing"),
        "wrong method": client.get("/sign-out"),
        "no token": client.post("/sign-in", data={"email": "ed@example.org"}),
        "too large": client.post("/sign-in", data=b"a" * (9 * 2**20), content_type="text/plain"),
        "wrong host": client.get("/sign-in", headers={"Host": "evil.example"}),
        "head": client.head("/sign-in"),
        "options": client.options("/sign-in"),
        "static": style,
        "static, unchanged": client.get(style_of(app), headers=since),
        "static, not there": client.get("/static/nothing.css"),
    }


def test_every_answer_bears_the_headers_of_safety(app: Flask, client: FlaskClient) -> None:
    for kind, answer in answers(app, client).items():
        headers = answer.headers
        assert headers.getlist("Content-Security-Policy") == [CSP], kind
        assert headers["X-Content-Type-Options"] == "nosniff", kind
        assert headers["X-Frame-Options"] == "DENY", kind
        assert headers["Referrer-Policy"] == "same-origin", kind
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", kind
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", kind
        assert "camera=()" in headers["Permissions-Policy"], kind
        assert "Access-Control-Allow-Origin" not in headers, kind
        assert "Server" not in headers, kind
        assert "Strict-Transport-Security" not in headers, kind


CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def test_statuses_are_what_the_kinds_say(app: Flask, client: FlaskClient) -> None:
    got = {kind: answer.status_code for kind, answer in answers(app, client).items()}
    assert got == {
        "page": 200,
        "redirect": 303,
        "fragment": 401,
        "text": 200,
        "no such page": 404,
        "wrong method": 405,
        "no token": 400,
        "too large": 413,
        "wrong host": 400,
        "head": 200,
        "options": 200,
        "static": 200,
        "static, unchanged": 304,
        "static, not there": 404,
    }


def test_what_a_user_saw_is_kept_by_nobody(as_ed: FlaskClient) -> None:
    for address in ("/account", "/nothing", "/users", "/sign-in", "/livez"):
        assert as_ed.get(address).headers["Cache-Control"] == "private, no-store", address


def test_what_a_stranger_saw_is_asked_for_again(client: FlaskClient) -> None:
    answer = client.get("/sign-in")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert set(answer.vary) == {"Accept-Encoding", "HX-Request", "HX-Request-Type", "Cookie"}


def test_static_files_are_kept_for_ever(app: Flask, client: FlaskClient) -> None:
    answer = client.get(style_of(app), buffered=True)
    assert answer.headers["Cache-Control"].endswith("public, immutable")


def test_a_page_holds_nothing_inline(as_ann: FlaskClient) -> None:
    for address in ("/account", "/users", "/users/new", "/nothing"):
        html = as_ann.get(address).text
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|<script(?![^>]* src=)", html), address


@pytest.fixture
def https_app(sqlite_url: str, tmp_path: Path) -> Flask:
    return create_app(
        {
            "INSTANCE": str(tmp_path / "https"),
            "PUBLIC_URL": "https://talks.example.org",
            "SQLALCHEMY_DATABASE_URI": sqlite_url,
            "PROXIES": 1,
            "TESTING": True,
        }
    )


def test_over_https_the_cookie_never_leaves_it(https_app: Flask) -> None:
    client = https_app.test_client()
    answer = client.get("/sign-in", base_url="https://talks.example.org")
    name, _, rest = answer.headers["Set-Cookie"].partition("=")
    assert name == "__Host-session"
    flags = {flag.strip() for flag in rest.split(";")[1:]}
    assert flags == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    with https_app.app_context():
        db.engine.dispose()


def test_on_this_machine_the_cookie_is_plain(client: FlaskClient) -> None:
    name, _, rest = client.get("/sign-in").headers["Set-Cookie"].partition("=")
    assert name == "session"
    assert {flag.strip() for flag in rest.split(";")[1:]} == {"HttpOnly", "Path=/", "SameSite=Lax"}


def test_only_our_names_are_answered(https_app: Flask) -> None:
    client = https_app.test_client()
    for host in ("talks.example.org", "127.0.0.1:5000", "localhost"):
        assert client.get("/livez", headers={"Host": host}).status_code == 200, host
    for host in ("evil.example", "talks.example.org.evil.example", "xtalks.example.org", "a b", "", "evil@x"):
        answer = client.get("/sign-in", headers={"Host": host, "X-Forwarded-Host": host})
        assert answer.status_code == 400, host
        assert not re.search("evil|traceback", answer.text, re.I), host
    forwarded = {"X-Forwarded-Host": "evil.example", "Host": "talks.example.org"}
    assert client.get("/sign-in", headers=forwarded).status_code == 400


def test_signing_in_sets_one_cookie_and_nothing_else(client: FlaskClient) -> None:
    answer = sign_in(client, "ed")
    assert len(answer.headers.getlist("Set-Cookie")) == 1
    assert answer.headers["Location"] == "/" or answer.headers["Location"] == "#"
