"""Sign-in sessions: how they begin and end, and what a thief of cookies gets."""

import sqlite3
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.views.conftest import Statements, hidden, post, sign_in, signed_in
from tests.world import PASSWORD, World
from tracker.db import now
from tracker.models import UserSession
from tracker.models.user import ABSOLUTE, IDLE


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def copy_of(client: FlaskClient, app: Flask) -> FlaskClient:
    """Steal a browser's cookie."""
    cookie = client.get_cookie("session")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("session", cookie.value)
    return thief


def age(session: Session, **ago: timedelta) -> None:
    """Let time pass for all sign-ins: `seen_at=`, `started_at=` so long ago."""
    session.execute(update(UserSession).values({name: now() - span for name, span in ago.items()}))
    session.commit()


def noted(session: Session) -> datetime:
    """Tell when a session was last seen to be used."""
    session.rollback()
    return session.scalars(select(UserSession.seen_at).order_by(UserSession.seen_at.desc())).all()[0]


def test_only_the_hash_of_the_cookie_is_stored(app: Flask, session: Session, client: FlaskClient) -> None:
    sign_in(client, "ed")
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    assert len(token) >= 43
    hashes = session.scalars(select(UserSession.token_hash)).all()
    assert all(len(found) == 64 and found != token for found in hashes)
    assert token.encode() not in Path(app.config["INSTANCE"], "tracker.db").read_bytes()


def test_a_session_cannot_be_fixed_beforehand(app: Flask, client: FlaskClient) -> None:
    token = hidden(client, "/sign-in")["csrf_token"]
    planted = copy_of(client, app)
    sign_in(client, "ed")
    assert is_signed_in(client)
    assert not is_signed_in(planted)
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 400


def test_a_chosen_session_id_is_not_taken(client: FlaskClient) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "chosen by another"
    sign_in(client, "ed")
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != "chosen by another"


def test_signing_in_again_ends_the_session_before(app: Flask, client: FlaskClient, session: Session) -> None:
    before = session.scalar(select(func.count()).select_from(UserSession))
    sign_in(client, "ed")
    old = copy_of(client, app)
    typed = {"email": "vera@example.org", "password": PASSWORD}
    answer = post(client, "/account", typed, to="/sign-in")
    assert answer.status_code == 303
    assert "Vera" in client.get("/account").text
    assert not is_signed_in(old)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(UserSession)) == (before or 0) + 1


def test_a_stolen_cookie_dies_with_the_sign_out(app: Flask, as_ed: FlaskClient) -> None:
    thief = copy_of(as_ed, app)
    assert is_signed_in(thief)
    post(as_ed, "/account", {}, to="/sign-out")
    assert not is_signed_in(thief)
    assert not is_signed_in(as_ed)


def test_signing_out_here_leaves_other_browsers(as_ed: FlaskClient, client: FlaskClient) -> None:
    sign_in(client, "ed")
    post(as_ed, "/account", {}, to="/sign-out")
    assert is_signed_in(client)


def test_signing_out_everywhere_leaves_none(app: Flask, as_ed: FlaskClient, client: FlaskClient) -> None:
    sign_in(client, "ed")
    vera = signed_in(app, "vera")
    post(as_ed, "/account", {"everywhere": "1"}, to="/sign-out")
    assert not is_signed_in(client)
    assert is_signed_in(vera)


def test_signing_out_twice_is_no_fault(as_ed: FlaskClient) -> None:
    token = hidden(as_ed, "/account")
    for _ in range(2):
        answer = as_ed.post("/sign-out", data=token)
        assert answer.status_code == 303


def test_disabling_ends_the_session_at_once(session: Session, world: World, as_ed: FlaskClient) -> None:
    world.ed.disable()
    session.commit()
    assert not is_signed_in(as_ed)
    assert sign_in(as_ed, "ed").status_code == 422


@pytest.mark.parametrize(
    ("ago", "lives"),
    [
        ({"seen_at": IDLE - timedelta(minutes=1)}, True),
        ({"seen_at": IDLE + timedelta(seconds=1)}, False),
        ({"started_at": ABSOLUTE - timedelta(minutes=1)}, True),
        ({"started_at": ABSOLUTE + timedelta(seconds=1)}, False),
    ],
)
def test_a_session_ends_by_itself(
    session: Session, as_ed: FlaskClient, ago: dict[str, timedelta], lives: bool
) -> None:
    age(session, **ago)
    assert is_signed_in(as_ed) is lives


def test_the_last_use_is_noted_once_a_minute(
    session: Session, as_ed: FlaskClient, statements: Statements
) -> None:
    age(session, seen_at=timedelta(minutes=2))
    then = noted(session)
    with statements() as seen:
        as_ed.get("/account")
    assert any(statement.startswith("UPDATE user_sessions") for statement in seen)
    assert noted(session) > then
    with statements() as seen:
        as_ed.get("/account")
    assert not any(statement.startswith("UPDATE") for statement in seen)


def test_noting_the_last_use_does_not_wait_for_the_request_itself(
    session: Session, as_ed: FlaskClient
) -> None:
    fields = hidden(as_ed, "/account")
    age(session, seen_at=timedelta(minutes=2))
    then, began = noted(session), time.monotonic()
    assert as_ed.post("/account", data=fields).status_code == 422
    assert time.monotonic() - began < 3  # of the five that SQLite would wait
    assert noted(session) > then


def test_reading_goes_on_while_another_writes_for_long(
    app: Flask, session: Session, as_ed: FlaskClient
) -> None:
    age(session, seen_at=timedelta(minutes=2))
    other = sqlite3.connect(Path(app.config["INSTANCE"], "tracker.db"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    assert is_signed_in(as_ed)
    assert time.monotonic() - began < 3  # of the five that SQLite would wait
    other.execute("ROLLBACK")
    other.close()


def test_a_hundred_sessions_end_together(session: Session, world: World, as_ed: FlaskClient) -> None:
    for _ in range(100):
        UserSession.start(session, world.ed)
    session.commit()
    page = as_ed.get("/account").text
    assert page.count("<tr>") == 102
    post(as_ed, "/account", {"everywhere": "1"}, to="/sign-out")
    session.rollback()
    rows = select(func.count()).where(UserSession.user_id == world.ed.id)
    assert session.scalar(rows) == 0


def test_what_is_older_than_any_session_is_swept_away(session: Session, client: FlaskClient) -> None:
    age(session, started_at=ABSOLUTE + timedelta(days=1))
    sign_in(client, "ed")
    session.rollback()
    assert session.scalar(select(func.count()).select_from(UserSession)) == 1


def test_a_forged_cookie_signs_nobody_in(app: Flask, as_ed: FlaskClient) -> None:
    cookie = as_ed.get_cookie("session")
    assert cookie is not None
    body, *rest = cookie.value.split(".")
    for forged in (
        body,
        f"{body}.{rest[0]}.x",
        ".".join([body + "A", *rest]),
        "",
        "\x00",
        "." * 5,
        "x" * 4000,
    ):
        client = app.test_client()
        client.set_cookie("session", forged)
        assert client.get("/account").status_code == 303
    for header in ({"Authorization": "ed"}, {"Cookie": "remember_token=1|abc"}, {"X-User": "ed"}):
        assert app.test_client().get("/account", headers=header).status_code == 303


def test_users_do_not_come_back_by_their_number(client: FlaskClient, world: World) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = str(world.ed.id)
    assert not is_signed_in(client)
