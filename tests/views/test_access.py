"""Who may: every role at every address of every kind of negotiation; and forms sent in another's name."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.views.conftest import ask_for_job, csrf, hidden, keep_view, post, renew, sign_in, signed_in
from tests.views.who_may import OF_SOURCES, SEEN_THROUGH_TALKS, WHO
from tests.world import DAY, PASSWORD, World, find_world, make_user
from tracker import create_app
from tracker.models import Clause, Entry, Event, Grant, IssueLink, Membership, Negotiation, Person, Proposal
from tracker.models.vocabulary import IssueLinkKind, Role, Visibility
from tracker.views import access

ROLES: dict[str, Role | None] = {
    "stranger": None,
    "vera": Role.VIEWER,
    "ed": Role.EDITOR,
    "ann": Role.ADMIN,
}
#: Which negotiations: visibility, and whether everyone with an account has a grant.
STATES = {
    "public": (Visibility.PUBLIC, False),
    "internal": (Visibility.INTERNAL, False),
    "restricted": (Visibility.RESTRICTED, False),
    "granted": (Visibility.RESTRICTED, True),
}


def rules(app: Flask) -> list[Rule]:
    """List all addresses; what takes things away comes last, and signing out has tests of its own."""
    found = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "sessions.destroy"]
    return sorted(found, key=lambda rule: (rule.endpoint.endswith(".destroy"), rule.endpoint, rule.rule))


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def least_role(endpoint: str) -> Role | None:
    noun = endpoint.split(".")[0]
    return WHO.get(endpoint, WHO.get(f"{noun}.*", Role.EDITOR))


def make_state(app: Flask, state: str) -> dict[str, Any]:
    """Put the talks into a state, made once, and give what fills the addresses that lead there."""
    made: dict[str, dict[str, Any]] = app.extensions.setdefault("states", {})
    kept = Path(app.config["INSTANCE"], f"{state}.db")
    if state not in made:
        renew(app)
        made[state] = fill(app, state)
        shutil.copy(kept.with_name("tracker.db"), kept)
    renew(app, kept.name)
    return made[state]


def fill(app: Flask, state: str) -> dict[str, Any]:
    """Add to the world what the addresses need."""
    visibility, is_granted = STATES[state]
    with Session(app.extensions["beside"]) as session:
        world = find_world(session)
        world.talks.visibility = visibility
        zoe = make_user(session, "Zoe", Role.VIEWER)
        members = [zoe, *([world.ann, world.ed, world.vera] if is_granted else [])]
        grants = [Grant(negotiation=world.talks, user=user) for user in members]
        link = IssueLink(from_issue=world.water, kind=IssueLinkKind.PACKAGE, to_issue=world.border)
        session.add_all([*grants, link])
        event = Event(negotiation=world.talks, title="Round three", starts_on=DAY)
        event.add(session, by=world.ed)
        clause = Clause(number="1", text="Red pays.")
        plan = Proposal(negotiation=world.talks, title="The plan", clauses=[clause])
        plan.add(session, by=world.ed)
        session.commit()
        filled = {
            "code": world.talks.code,
            "key": world.water.key,
            "party": world.red.code,
            **{f"{noun}.id": world.article.id for noun in OF_SOURCES},
            "ending": "csv",
            "briefs.ending": "docx",
            "track": world.shuttle.code,
            "users.id": world.ed.id,
            "exports.id_": plan.id,
            "bibliographies.ending": "ris",
            "jobs.id": ask_for_job(session, world.ed),
            "events.id_": event.id,
            "calendars.id_": event.id,
            "records.id_": event.id,
            "proposals.id_": plan.id,
            "proposal": plan.id,
            "clauses.id_": clause.id,
            "grants.id_": grants[0].id,
            "issue_links.id_": link.id,
            "memberships.id_": session.scalars(select(Membership.id)).first(),
            "people.id_": session.scalars(select(Person.id)).first(),
            "entry": (uid := session.scalars(select(Entry.uid)).first()),
            "uid": uid,
            "saved_views.id_": keep_view(world).id,
        }
    app.extensions["beside"].dispose()
    return filled


def address_of(app: Flask, rule: Rule, filled: dict[str, Any]) -> str:
    """Fill an address; a new argument of a new noun needs a line in make_state."""
    noun = rule.endpoint.split(".")[0]
    arguments = {name: filled.get(f"{noun}.{name}") or filled[name] for name in rule.arguments}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **arguments)


def is_under_talks(rule: Rule) -> bool:
    """Tell whether the address shows or changes something of the talks."""
    return bool({"code", "key", "uid"} & rule.arguments) or rule.endpoint in SEEN_THROUGH_TALKS


def expected(rule: Rule, method: str, role: Role | None, state: str) -> set[int]:
    """Say by this file's own table what may be answered."""
    needed, order = least_role(rule.endpoint), list(Role)
    if needed and role is None:
        return {303} if method == "GET" else {401}
    if needed and role and order.index(role) < order.index(needed):
        return {403}
    is_visible = state == "public" or (role is not None and state in ("internal", "granted"))
    if not is_visible and is_under_talks(rule):
        return {404}
    if rule.endpoint.startswith("saved_views.") and "id_" in rule.arguments and role is not Role.VIEWER:
        return {404}  # Vera's own
    if rule.endpoint == "sessions.new" and role:
        return {303}
    return {200} if method == "GET" else {200, 303, 409, 422}


@pytest.mark.uncounted
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ROLES)
def test_every_address_answers_each_role_as_it_should(app: Flask, name: str, state: str) -> None:
    filled = make_state(app, state)
    client = app.test_client() if name == "stranger" else signed_in(app, name)
    token = csrf(client)
    wrong, tried = [], 0
    for rule in rules(app):
        address = address_of(app, rule, filled)
        for method in methods(rule):
            entry = {"entry": filled["entry"], "issue": filled["key"]}
            answer = (
                client.get(address, query_string=entry)
                if method == "GET"
                else client.open(address, method=method, data=token | entry)
            )
            tried += 1
            allowed = expected(rule, method, ROLES[name], state)
            if answer.status_code not in allowed:
                wrong.append(f"{method} {address} ({rule.endpoint}): {answer.status_code}, not {allowed}")
            if answer.status_code == 303 and allowed == {303} and name == "stranger":
                assert answer.headers["Location"].startswith("/sign-in?next="), address
    assert wrong == []
    assert tried >= 60


def test_the_table_names_only_what_there_is(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    nouns = {endpoint.split(".")[0] + ".*" for endpoint in endpoints}
    assert set(WHO) <= endpoints | nouns


def writing_rules(app: Flask) -> Iterator[tuple[str, str, str]]:
    """List the addresses that write: endpoint, method, address."""
    filled = make_state(app, "public")
    for rule in app.url_map.iter_rules():
        for method in set(methods(rule)) - {"GET"}:
            yield rule.endpoint, method, address_of(app, rule, filled)


def test_browsers_are_asked_for_get_and_post_alone(app: Flask) -> None:
    assert {method for rule in app.url_map.iter_rules() for method in methods(rule)} == {"GET", "POST"}


def test_nothing_is_written_without_a_token(app: Flask) -> None:
    addresses = list(writing_rules(app))
    ann, stranger = signed_in(app, "ann"), app.test_client()
    bodies: list[dict[str, Any]] = [
        {"data": {"x": "1"}},
        {"data": "csrf_token=x\r\nx=1", "content_type": "text/plain"},
        {"json": {"csrf_token": csrf(ann)["csrf_token"]}},
        {"data": b"", "headers": {"X-Requested-With": "XMLHttpRequest"}},
        {"query_string": csrf(ann)},
        {"data": csrf(app.test_client())},
    ]
    for endpoint, method, address in addresses:
        for body in bodies:
            assert ann.open(address, method=method, **body).status_code == 400, (address, body)
        refused = {400, 401} if endpoint.startswith("sessions.") else {401}
        answer = stranger.open(address, method=method, data={"x": "1"})
        assert answer.status_code in refused | {303}, address
        assert answer.status_code != 303 or endpoint == "sessions.destroy"
    assert ann.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": ""}, False),
        ({"Sec-Fetch-Site": "Same-Origin, cross-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, False),
        ({"Origin": "http://localhost"}, True),
        ({"Origin": "http://127.0.0.1:5000"}, True),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "http://localhost:81"}, False),
        ({"Origin": "https://localhost"}, False),
        ({"Origin": "http://localhost.evil.example"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "http://localhost@evil.example"}, False),
    ],
)
def test_another_site_cannot_write_even_with_the_token(
    as_ed: FlaskClient, headers: dict[str, str], passes: bool
) -> None:
    answer = as_ed.post("/account", data=hidden(as_ed, "/account"), headers=headers)
    assert answer.status_code == (422 if passes else 403)


def test_another_site_cannot_sign_one_in(client: FlaskClient) -> None:
    fields = hidden(client, "/sign-in") | {"email": "ed@example.org", "password": PASSWORD}
    assert client.post("/sign-in", data=fields, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get("/account").status_code == 303


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PURGE"])
def test_no_other_method_passes_for_a_post(as_ed: FlaskClient, method: str) -> None:
    forged = {"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST", "X-HTTP-Method": "POST"}
    token = csrf(as_ed)
    as_ed.open("/sign-out?_method=POST", method=method, headers=forged, data=token | {"_method": "POST"})
    assert as_ed.get("/account").status_code == 200
    if method not in ("GET", "HEAD", "OPTIONS"):
        assert as_ed.open("/account", method=method, data=token).status_code == 405


def test_head_asks_for_the_same_permission(
    client: FlaskClient, as_vera: FlaskClient, as_ann: FlaskClient
) -> None:
    got = [browser.head("/users").status_code for browser in (client, as_vera, as_ann)]
    assert got == [303, 403, 200]


def test_what_cannot_be_seen_looks_like_what_is_not_there(app: Flask, client: FlaskClient) -> None:
    make_state(app, "restricted")
    hidden_one, missing = client.get("/negotiations/TK"), client.get("/negotiations/XX")
    assert hidden_one.status_code == missing.status_code == 404
    assert hidden_one.text.replace("TK", "XX") == missing.text
    assert "Talks on the lake" not in hidden_one.text


def test_a_grant_is_felt_at_once(session: Session, world: World, as_vera: FlaskClient) -> None:
    world.talks.visibility = Visibility.RESTRICTED
    grant = Grant(negotiation=world.talks, user=world.vera)
    session.add(grant)
    session.commit()
    assert as_vera.get("/negotiations/TK").status_code == 200
    session.delete(session.scalars(select(Grant)).one())
    session.commit()
    assert as_vera.get("/negotiations/TK").status_code == 404
    assert session.scalars(select(Negotiation)).one().code == "TK"


def test_a_view_that_declares_nothing_stops_the_start(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.view_functions, "notes.index", lambda: "open to all")
    with pytest.raises(RuntimeError, match=r"notes\.index"):
        access.hold_declared(app)


def test_two_sites_do_not_share_sessions(client: FlaskClient, tmp_path: Any) -> None:
    sign_in(client, "ed")
    cookie = client.get_cookie("session")
    assert cookie is not None
    other = create_app({"INSTANCE": str(tmp_path / "other"), "TESTING": True})
    thief = other.test_client()
    thief.set_cookie("session", cookie.value)
    assert thief.get("/account").status_code == 303
    assert post(client, "/account", {}).status_code == 422
