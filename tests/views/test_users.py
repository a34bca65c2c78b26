"""Users: what an administrator does with accounts, and nobody else."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.views.conftest import Statements, csrf, hidden, post, sign_in, signed_in
from tests.world import World, make_user
from tracker.models import AuditEntry, User
from tracker.models.vocabulary import Role

ZOE = {"email": "Zoe@Example.org", "name": "Zoe", "role": "editor"}


def password_of(html: str) -> str:
    """Read the password that is shown once."""
    found = re.search(r'id="made-password">([^<]+)<', html)
    assert found
    return unescape(found[1])


def find(session: Session, email: str) -> User | None:
    session.rollback()
    return User.find(session, email)


@pytest.mark.parametrize("address", ["/users", "/users/new", "/users/1/edit"])
def test_only_administrators_see_them(
    client: FlaskClient, as_vera: FlaskClient, as_ed: FlaskClient, as_ann: FlaskClient, address: str
) -> None:
    assert client.get(address).headers["Location"] == f"/sign-in?next={address}"
    assert as_vera.get(address).status_code == as_ed.get(address).status_code == 403
    assert as_ann.get(address).status_code == 200


def test_only_administrators_write_them(
    session: Session, client: FlaskClient, as_vera: FlaskClient, as_ed: FlaskClient
) -> None:
    for address in ("/users", "/users/1", "/users/99"):
        assert client.post(address, data=ZOE | csrf(client)).status_code == 401
        for browser in (as_vera, as_ed):
            assert browser.post(address, data=ZOE | csrf(browser)).status_code == 403
    assert session.scalar(select(func.count()).select_from(User)) == 3


def test_the_list_shows_everyone(session: Session, world: World, as_ann: FlaskClient) -> None:
    world.vera.disable()
    session.commit()
    page = as_ann.get("/users").text
    for words in ("Ann", "ed@example.org", "Administrator", "Viewer", "disabled"):
        assert words in page


def test_an_account_is_opened_with_a_password_shown_once(
    app: Flask, session: Session, as_ann: FlaskClient
) -> None:
    answer = post(as_ann, "/users/new", ZOE, to="/users")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    password = password_of(answer.text)
    assert len(password) == 16
    zoe = find(session, "zoe@example.org")
    assert zoe is not None
    assert (zoe.name, zoe.role, zoe.is_disabled) == ("Zoe", Role.EDITOR, False)
    assert password not in as_ann.get(f"/users/{zoe.id}/edit").text
    assert sign_in(app.test_client(), "zoe", password).status_code == 303


def test_pressing_twice_opens_one_account(session: Session, as_ann: FlaskClient) -> None:
    fields = hidden(as_ann, "/users/new") | ZOE
    first, second = as_ann.post("/users", data=fields), as_ann.post("/users", data=fields)
    assert first.status_code == 200
    zoe = find(session, "zoe@example.org")
    assert zoe is not None
    assert (second.status_code, second.headers["Location"]) == (303, f"/users/{zoe.id}/edit")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"email": "ED@example.org "}, "There is an account with this address already."),
        ({"email": ""}, "Write an e-mail address"),
        ({"email": "zoe"}, "Write an e-mail address"),
        ({"email": "zoe@exa mple.org"}, "Write an e-mail address"),
        ({"email": "zoe@example.org\0"}, "Write an e-mail address"),
        ({"email": "zoe@\u202egro.elpmaxe"}, "Write an e-mail address"),
        ({"email": "x" * 1_000_000 + "@example.org"}, "300 is the most"),
        ({"name": " "}, "Give the name."),
        ({"name": "Z\0oe"}, "A name is written in letters"),
        ({"name": "Zoe\nX-Header: 1"}, "A name is written in letters"),
        ({"name": "Z" * 301}, "300 is the most"),
        ({"role": "root"}, "Choose a role."),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_kept(
    session: Session, as_ann: FlaskClient, typed: dict[str, str], told: str
) -> None:
    answer = post(as_ann, "/users/new", ZOE | typed, to="/users")
    assert answer.status_code == 422
    assert told in answer.text
    assert find(session, "zoe@example.org") is None
    if "name" not in typed:
        assert 'value="Zoe"' in answer.text


def test_missing_fields_are_told(as_ann: FlaskClient) -> None:
    token = csrf(as_ann)
    assert as_ann.post("/users", data=token).status_code == 422
    assert as_ann.post("/users/2", data=token).status_code == 422


def test_name_and_role_are_changed(session: Session, world: World, as_ann: FlaskClient) -> None:
    address = f"/users/{world.ed.id}/edit"
    assert 'value="Ed"' in as_ann.get(address).text
    answer = post(as_ann, address, {"name": "Edda", "role": "admin"}, to=f"/users/{world.ed.id}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/users")
    ed = find(session, "ed@example.org")
    assert ed is not None
    assert (ed.name, ed.role) == ("Edda", Role.ADMIN)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.actor, entry.table_name, entry.row_id) == ("ann@example.org", "users", ed.id)


def test_a_new_role_counts_at_once(app: Flask, world: World, as_ann: FlaskClient, as_ed: FlaskClient) -> None:
    post(as_ann, f"/users/{world.ed.id}/edit", {"name": "Ed", "role": "admin"}, to=f"/users/{world.ed.id}")
    assert as_ed.get("/users").status_code == 200
    post(as_ed, f"/users/{world.ann.id}/edit", {"name": "Ann", "role": "viewer"}, to=f"/users/{world.ann.id}")
    assert signed_in(app, "ann").get("/users").status_code == 403


def test_only_what_the_form_shows_can_be_written(session: Session, world: World, as_ann: FlaskClient) -> None:
    more = {"email": "other@example.org", "password_hash": "x", "password": "chosen by hand", "id": "9"}
    post(
        as_ann,
        f"/users/{world.ed.id}/edit",
        {"name": "Ed", "role": "editor"} | more,
        to=f"/users/{world.ed.id}",
    )
    ed = find(session, "ed@example.org")
    assert ed is not None
    assert ed.password_hash.startswith("$argon2id")
    assert not ed.has_password("chosen by hand")


def test_a_password_is_made_anew_and_shown_once(
    app: Flask, world: World, as_ann: FlaskClient, as_ed: FlaskClient
) -> None:
    typed = {"name": "Ed", "role": "editor", "is_password_new": "y"}
    fields = hidden(as_ann, f"/users/{world.ed.id}/edit") | typed
    answer = as_ann.post(f"/users/{world.ed.id}", data=fields)
    password = password_of(answer.text)
    assert as_ed.get("/account").status_code == 303
    assert sign_in(app.test_client(), "ed").status_code == 422
    assert sign_in(app.test_client(), "ed", password).status_code == 303
    again = as_ann.post(f"/users/{world.ed.id}", data=fields)
    assert again.status_code == 303
    assert sign_in(app.test_client(), "ed", password).status_code == 303


def test_an_account_is_disabled_and_opened_again(
    app: Flask, world: World, as_ann: FlaskClient, as_ed: FlaskClient
) -> None:
    form, to = f"/users/{world.ed.id}/edit", f"/users/{world.ed.id}"
    post(as_ann, form, {"name": "Ed", "role": "editor", "is_disabled": "y"}, to=to)
    assert as_ed.get("/account").status_code == 303
    assert sign_in(app.test_client(), "ed").status_code == 422
    post(as_ann, form, {"name": "Ed", "role": "editor"}, to=to)
    assert as_ed.get("/account").status_code == 303
    assert sign_in(app.test_client(), "ed").status_code == 303


@pytest.mark.parametrize("typed", [{"role": "editor"}, {"role": "admin", "is_disabled": "y"}])
def test_the_last_administrator_stays(
    session: Session, world: World, as_ann: FlaskClient, typed: dict[str, str]
) -> None:
    make_user(session, "Zoe", Role.ADMIN).is_disabled = True
    session.commit()
    to = f"/users/{world.ann.id}"
    answer = post(as_ann, f"{to}/edit", {"name": "Ann"} | typed, to=to)
    assert answer.status_code == 422
    assert "This is the last administrator" in answer.text
    make_user(session, "Zack", Role.ADMIN)
    session.commit()
    assert post(as_ann, f"{to}/edit", {"name": "Ann"} | typed, to=to).status_code == 303


@pytest.mark.parametrize("number", ["0", "99", "2147483647", "2147483648", "9" * 40, "-1", "x"])
def test_an_unknown_number_is_nobody(as_ann: FlaskClient, number: str) -> None:
    assert as_ann.get(f"/users/{number}/edit").status_code == 404
    assert as_ann.post(f"/users/{number}", data=csrf(as_ann)).status_code == 404


def test_the_list_takes_as_many_statements_for_many_users(
    session: Session, as_ann: FlaskClient, statements: Statements
) -> None:
    with statements() as few:
        as_ann.get("/users")
    for number in range(50):
        make_user(session, f"User{number}", Role.VIEWER)
    session.commit()
    with statements() as many:
        as_ann.get("/users")
    assert len(few) == len(many) == 2
