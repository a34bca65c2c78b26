"""One's own account: changing the password, and seeing where one is signed in."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.views.conftest import Statements, hidden, post, sign_in, signed_in
from tests.world import PASSWORD, World
from tracker.models import AuditEntry, SignInAttempt, User, UserSession
from tracker.models.user import TRIES

NEW = "seven geese on a river"
CHANGE = {"password": PASSWORD, "new_password": NEW, "new_password_again": NEW}


def test_the_page_tells_who_one_is(as_vera: FlaskClient) -> None:
    page = as_vera.get("/account")
    assert page.status_code == 200
    for words in ("Vera", "vera@example.org", "Viewer", "this browser", "Sign out everywhere"):
        assert words in page.text


def test_a_stranger_has_no_account(client: FlaskClient) -> None:
    assert client.get("/account").headers["Location"] == "/sign-in?next=/account"
    assert post(client, "/sign-in", CHANGE, to="/account").status_code == 401


@pytest.mark.parametrize("name", ["vera", "ed", "ann"])
def test_everyone_may_change_their_password(app: Flask, name: str) -> None:
    client = signed_in(app, name)
    answer = post(client, "/account", CHANGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert "Your password is changed" in client.get("/account").text
    assert sign_in(app.test_client(), name).status_code == 422
    assert sign_in(app.test_client(), name, NEW).status_code == 303


def test_changing_the_password_ends_the_other_sessions(app: Flask, as_ed: FlaskClient) -> None:
    thief, vera = app.test_client(), signed_in(app, "vera")
    sign_in(thief, "ed")
    assert thief.get("/account").status_code == 200
    post(as_ed, "/account", CHANGE)
    assert as_ed.get("/account").status_code == 200
    assert thief.get("/account").status_code == 303
    assert vera.get("/account").status_code == 200


def test_this_browser_gets_a_new_session_too(app: Flask, as_ed: FlaskClient) -> None:
    before = as_ed.get_cookie("session")
    post(as_ed, "/account", CHANGE)
    assert before is not None
    thief = app.test_client()
    thief.set_cookie("session", before.value)
    assert thief.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"password": "not it at all"}, "This is not your present password."),
        ({"password": ""}, "This is not your present password."),
        ({"new_password": "short", "new_password_again": "short"}, "12 to 200 characters"),
        ({"new_password": "x" * 201, "new_password_again": "x" * 201}, "12 to 200 characters"),
        ({"new_password_again": "another thing altogether"}, "not the same as above"),
        ({"new_password": ""}, "12 to 200 characters"),
        ({"password": "\0", "new_password": "\0" * 12, "new_password_again": "\0" * 12}, "present password"),
    ],
)
def test_what_is_wrong_is_told_and_changes_nothing(
    app: Flask, as_ed: FlaskClient, typed: dict[str, str], told: str
) -> None:
    answer = post(as_ed, "/account", CHANGE | typed)
    assert answer.status_code == 422
    assert told in answer.text
    assert "data-error-summary" in answer.text
    for secret in (PASSWORD, NEW):
        assert secret not in answer.text
    assert sign_in(app.test_client(), "ed").status_code == 303


def test_the_present_password_cannot_be_guessed_here(app: Flask, as_ed: FlaskClient) -> None:
    for _ in range(TRIES):
        assert post(as_ed, "/account", CHANGE | {"password": "a guess"}).status_code == 422
    answer = post(as_ed, "/account", CHANGE)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert sign_in(app.test_client(), "ed").status_code == 429
    assert as_ed.get("/account").status_code == 200


def test_a_new_password_that_will_not_do_is_no_try(session: Session, as_ed: FlaskClient) -> None:
    post(as_ed, "/account", CHANGE | {"new_password": "short"})
    assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 0


def test_nothing_else_of_the_account_can_be_written(
    session: Session, world: World, as_vera: FlaskClient
) -> None:
    more = {"role": "admin", "name": "Root", "email": "root@example.org", "id": str(world.ann.id)}
    more |= {"is_disabled": "y", "user_id": str(world.ann.id), "password_hash": "x"}
    assert post(as_vera, "/account", CHANGE | more).status_code == 303
    session.rollback()
    vera = session.scalars(select(User).where(User.name == "Vera")).one()
    assert (vera.role, vera.email, vera.is_disabled) == ("viewer", "vera@example.org", False)
    assert world.ann.has_password(PASSWORD)


def test_the_audit_log_tells_of_it_without_the_hash(session: Session, as_ed: FlaskClient) -> None:
    post(as_ed, "/account", CHANGE)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.chain, entry.actor, entry.action, entry.table_name) == (
        "desk",
        "ed@example.org",
        "update",
        "users",
    )
    assert "(not shown)" in entry.body
    assert "argon2" not in entry.body


def test_the_page_takes_as_many_statements_for_many_sessions(
    session: Session, world: World, as_ed: FlaskClient, statements: Statements
) -> None:
    with statements() as few:
        as_ed.get("/account")
    for _ in range(50):
        UserSession.start(session, world.ed)
    session.commit()
    with statements() as many:
        as_ed.get("/account")
    assert len(few) == len(many) <= 3


def test_one_sees_ones_own_sessions_alone(session: Session, world: World, as_ed: FlaskClient) -> None:
    for _ in range(3):
        UserSession.start(session, world.vera)
    session.commit()
    assert as_ed.get("/account").text.count("<tr>") == 2


def test_the_token_of_another_is_not_taken(app: Flask, as_ed: FlaskClient, as_vera: FlaskClient) -> None:
    fields = hidden(as_vera, "/account") | CHANGE
    assert as_ed.post("/account", data=fields).status_code == 400
    assert sign_in(app.test_client(), "ed").status_code == 303
