"""Signing in: what a guesser of passwords learns, and how often one may try."""

import re
import sqlite3
from io import BytesIO
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.views.conftest import Statements, hidden, sign_in
from tests.world import PASSWORD, World
from tracker.db import now
from tracker.models import SignInAttempt
from tracker.models import user as user_module
from tracker.models.user import TRIES, TRIES_OF_ADDRESS, WINDOW
from tracker.views import access


def fail(
    client: FlaskClient, email: str = "ed@example.org", password: str = "not it", **more: str
) -> TestResponse:
    """Try a wrong password."""
    fields = hidden(client, "/sign-in") | {"email": email, "password": password}
    return client.post("/sign-in", data=fields, environ_overrides=more)


def test_no_answer_tells_which_accounts_exist(session: Session, world: World, app: Flask) -> None:
    world.vera.disable()
    session.commit()
    told = set()
    for email, password in (
        ("ed@example.org", "not it"),
        ("nobody@example.org", "not it"),
        ("vera@example.org", PASSWORD),
        ("vera@example.org", "not it"),
        ("ed@example.org", ""),
        ("nobody@example.org", PASSWORD),
    ):
        answer = fail(app.test_client(), email, password)
        assert answer.status_code == 422
        told.add(re.sub(r'value="[^"]*"', "", answer.text))
    assert len(told) == 1


def test_every_account_takes_as_long(
    app: Flask, statements: Statements, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []

    class Counting:
        def __init__(self) -> None:
            self.hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

        def verify(self, password_hash: str, password: str) -> bool:
            checked.append(password_hash)
            return self.hasher.verify(password_hash, password)

        def __getattr__(self, name: str) -> object:
            return getattr(self.hasher, name)

    monkeypatch.setattr(user_module, "_HASHER", Counting())
    steps = []
    for email in ("ed@example.org", "nobody@example.org", "", "a\0b@example.org", "x" * 400):
        client = app.test_client()
        fields = hidden(client, "/sign-in") | {"email": email, "password": "not it"}
        checked.clear()
        with statements() as seen:
            client.post("/sign-in", data=fields)
        steps.append((len(checked), [statement.split("\n")[0] for statement in seen]))
        assert checked[0].startswith("$argon2id$v=19$m=")
    assert steps[0] == steps[1]
    assert {count for count, _seen in steps} == {1}


def test_nobodys_hash_costs_what_a_users_does() -> None:
    real = user_module._HASHER.hash("four swans on a lake")
    assert re.sub(r"[^$]*\$[^$]*$", "", user_module.nobodys_hash()) == re.sub(r"[^$]*\$[^$]*$", "", real)
    assert len(user_module.nobodys_hash()) == len(real)
    assert not user_module.matches(user_module.nobodys_hash(), "")


def test_nobody_waits_while_a_password_is_checked(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(_kept: str, _password: str) -> bool:
        other = sqlite3.connect(Path(app.config["INSTANCE"], "tracker.db"), timeout=0, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
        other.close()
        return True

    monkeypatch.setattr(access, "matches", look)
    assert sign_in(client, "ed").status_code == 303


def test_a_password_changed_meanwhile_does_not_let_in(
    session: Session, world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.rollback()

    def look(_kept: str, _password: str) -> bool:
        world.ed.set_password("another one altogether")
        session.commit()
        return True

    monkeypatch.setattr(access, "matches", look)
    assert sign_in(client, "ed").status_code == 422


def test_the_eleventh_try_is_refused_even_when_right(app: Flask, client: FlaskClient) -> None:
    for _ in range(TRIES):
        assert fail(client).status_code == 422
    answer = sign_in(client, "ed")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert 'value="ed@example.org"' in answer.text
    assert sign_in(client, "vera").status_code == 303
    elsewhere = app.test_client()
    assert fail(elsewhere, password=PASSWORD, REMOTE_ADDR="192.0.2.7").status_code == 303


def test_unknown_accounts_are_refused_alike(client: FlaskClient) -> None:
    for _ in range(TRIES):
        assert fail(client, "nobody@example.org").status_code == 422
    assert fail(client, "NOBODY@example.org ").status_code == 429


def test_nobody_is_locked_out_for_ever(session: Session, client: FlaskClient) -> None:
    for _ in range(TRIES + 5):
        fail(client)
    session.execute(update(SignInAttempt).values(at=now() - WINDOW))
    session.commit()
    assert sign_in(client, "ed").status_code == 303


def test_success_forgets_the_failures(session: Session, app: Flask, client: FlaskClient) -> None:
    for _ in range(TRIES - 1):
        fail(client)
    assert sign_in(client, "ed").status_code == 303
    assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 0
    assert fail(app.test_client()).status_code == 422


def test_an_address_that_tries_many_accounts_is_slowed(session: Session, client: FlaskClient) -> None:
    for number in range(TRIES_OF_ADDRESS):
        SignInAttempt.begin(session, f"{number}@example.org", "127.0.0.1")
    session.commit()
    assert sign_in(client, "ed").status_code == 429
    assert fail(client, password=PASSWORD, REMOTE_ADDR="192.0.2.7").status_code == 303


def test_a_script_cannot_choose_its_address(client: FlaskClient) -> None:
    for number in range(TRIES + 1):
        fields = hidden(client, "/sign-in") | {"email": "ed@example.org", "password": "not it"}
        forged = {"X-Forwarded-For": f"192.0.2.{number}", "X-Real-IP": f"192.0.2.{number}"}
        answer = client.post("/sign-in", data=fields, headers=forged)
    assert answer.status_code == 429


@pytest.mark.parametrize(
    "email",
    [
        "",
        "@",
        "a\0@b",
        "ed@example.org\0",
        "\0",
        "x" * 1_000_000,
        "ß@ß",
        "ＥＤ@example.org",
        "é@é",
        "\u202eed@x",
        "a'--@b",
        "\ud800".encode("utf-8", "surrogatepass").decode("latin1"),
    ],
)
def test_odd_addresses_are_nobodys(client: FlaskClient, email: str) -> None:
    assert fail(client, email).status_code == 422
    assert fail(client, email, "\0").status_code == 422
    assert fail(client, email, "x" * 1_000_000).status_code == 422


def test_a_file_in_place_of_a_field_is_nothing(client: FlaskClient) -> None:
    fields: dict[str, object] = dict(hidden(client, "/sign-in"))
    for name in ("email", "password", "next", "form_token"):
        answer = client.post("/sign-in", data=fields | {name: (BytesIO(b"x"), "a.txt")})
        assert answer.status_code == 422, name


def test_letters_are_the_same_however_the_keyboard_writes_them(
    session: Session, world: World, client: FlaskClient
) -> None:
    world.ed.set_password("cafe\u0301 am See, jeden Tag")
    session.commit()
    assert sign_in(client, "ed", "caf\u00e9 am See, jeden Tag").status_code == 303
