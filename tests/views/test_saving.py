"""Saving: once for each press, and never silently over what someone else saved."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, csrf, hidden, htmx_on, post, sign_in, signed_in, undo_of
from tests.views.reading import element, form_on, shows_typed, words
from tests.world import World, make_world
from tracker import create_app
from tracker.db import db, make_engine
from tracker.models import Position, Review, StatusChange

STATUS = "/issues/TK-1/status-changes"
TYPED = {"effective_on": "2025-12-05", "reason": "So.", "citations-0-source": "2"}
LINES = "/issues/TK-1/positions"
RED = LINES + "/new?party=red"


def change(world: World, **more: str | None) -> dict[str, Any]:
    """What an editor types to park the water."""
    return {
        "status": "parked",
        "effective_on": "2025-12-05",
        "reason": "Both want to wait.",
        "citations-0-source": str(world.report.id),
    } | more


def line(world: World, **more: str) -> dict[str, Any]:
    """What an editor types when Red gives way."""
    return {
        "stance": "accepts",
        "summary": "Red pays for half of the dam.",
        "effective_on": "2025-12-05",
        "citations-0-source": str(world.report.id),
    } | more


def count(session: Session, table: Any = StatusChange) -> int:
    """Count the rows of a table."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_same_press_twice_is_entered_once(as_ed: FlaskClient, world: World, session: Session) -> None:
    given = hidden(as_ed, STATUS + "/new") | change(world)
    answers = [as_ed.post(STATUS, data=given) for _ in range(3)]
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, "/issues/TK-1#status")}
    assert "This was saved already." in words(as_ed.get("/issues/TK-1").text)
    in_place = as_ed.post(STATUS, data=given, headers=htmx_on("/issues/TK-1"))
    assert in_place.status_code == 200
    assert 'data-version="3"' in element(in_place.text, "status")
    assert count(session) == 2


def test_used_token_with_other_content_is_a_conflict_that_can_be_solved(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    given = hidden(as_ed, STATUS + "/new") | change(world)
    as_ed.post(STATUS, data=given)
    page = as_ed.post(STATUS, data=given | {"status": "blocked"})  # the back button, and another choice
    assert page.status_code == 409
    assert count(session) == 2
    form = form_on(page.text)
    assert form["form_token"] != [given["form_token"]]
    assert form["status"] == ["blocked"]
    assert as_ed.post(STATUS, data=form).status_code == 303
    assert count(session) == 3


def test_token_is_of_one_user_and_one_address(
    as_ed: FlaskClient, as_ann: FlaskClient, world: World, session: Session
) -> None:
    given = hidden(as_ed, STATUS + "/new") | change(world)
    as_ed.post(STATUS, data=given)
    hers = given | csrf(as_ann)
    assert as_ann.post(STATUS, data=hers).status_code == 409
    assert as_ed.post("/issues/TK-2/status-changes", data=given).status_code == 409
    assert as_ed.post("/issues/TK-1/reviews", data=given).status_code == 409
    assert count(session) == 2
    assert count(session, Review) == 0


def test_refused_tries_keep_the_token(as_ed: FlaskClient, world: World, session: Session) -> None:
    form = hidden(as_ed, STATUS + "/new")
    for wrong in ({"status": ""}, {"effective_on": "soon"}, {"citations-0-source": "99"}, {"reason": ""}):
        page = as_ed.post(STATUS, data=form | change(world) | wrong)
        assert page.status_code == 422
        assert form_on(page.text)["form_token"] == [form["form_token"]]
    assert as_ed.post(STATUS, data=form | change(world)).status_code == 303
    assert count(session) == 2


@pytest.mark.parametrize("token", ["", "x" * 10_000, "'; drop table form_tokens"])
def test_strange_tokens_do_no_harm(as_ed: FlaskClient, world: World, session: Session, token: str) -> None:
    given = hidden(as_ed, STATUS + "/new") | change(world, form_token=token)
    assert as_ed.post(STATUS, data=given).status_code == 303
    assert count(session) == 2


def test_second_to_save_a_status_sees_both(
    as_ed: FlaskClient, as_ann: FlaskClient, world: World, session: Session
) -> None:
    mine = hidden(as_ed, STATUS + "/new") | change(world, reason="I say <b>so</b>.", subject_to="")
    theirs = change(world, status="blocked", reason="They left.", effective_on="2025-12-04")
    assert post(as_ann, STATUS + "/new", theirs, to=STATUS).status_code == 303
    for headers in ({}, HTMX):
        page = as_ed.post(STATUS, data=mine, headers=headers)
        assert page.status_code == 409
        assert shows_typed(page.text, {name: mine[name] for name in change(world)})
        assert form_on(page.text)["base_version"] == ["3"]
        assert form_on(page.text)["form_token"] == [mine["form_token"]]
        part = words(element(page.text, "status_form"))
        assert "Ann saved while you were writing" in part
        assert "Status Blocked Parked by consent" in part
        assert "Why They left. I say <b>so</b>." in part
        assert "Day 4 Dec 2025 2025-12-05" in part
        assert "Source A report without its text A report without its text" in part
        assert "<b>so" not in page.text
    assert count(session) == 2
    assert as_ed.post(STATUS, data=form_on(page.text)).status_code == 303
    assert count(session) == 3


def test_conflict_with_an_edit_names_who_edited(
    as_ed: FlaskClient, as_ann: FlaskClient, world: World
) -> None:
    mine = hidden(as_ed, STATUS + "/new") | change(world)
    edited: dict[str, Any] = dict(form_on(as_ann.get("/issues/TK-1/edit").text))
    assert as_ann.post("/issues/TK-1", data=edited | {"title": "The water"}).status_code == 303
    page = as_ed.post(STATUS, data=mine)
    assert page.status_code == 409
    assert "Ann saved while you were writing" in words(page.text)
    assert "Status Open Parked by consent" in words(page.text)


def test_conflict_with_a_retraction_shows_what_stands_now(
    as_ed: FlaskClient, as_ann: FlaskClient, world: World
) -> None:
    post(as_ed, STATUS + "/new", change(world), to=STATUS)
    uid = undo_of(as_ed.get("/issues/TK-1").text)["entry"]
    mine = hidden(as_ed, STATUS + "/new") | change(world, status="blocked")
    post(as_ann, f"/retractions/new?entry={uid}", {"retraction_reason": "No."}, to="/retractions")
    page = as_ed.post(STATUS, data=mine)
    assert page.status_code == 409
    assert "Ann saved while you were writing" in words(page.text)
    assert "Status Open Blocked" in words(page.text)


def test_second_to_state_a_position_sees_both(
    as_ed: FlaskClient, as_ann: FlaskClient, world: World, session: Session
) -> None:
    mine = hidden(as_ed, RED) | line(world)
    other_party = LINES + "/new?party=blue"
    assert post(as_ann, other_party, line(world), to=LINES).status_code == 303
    theirs = line(world, summary="Red pays it all.", firmness="flexible", stated_by="R. Reed")
    assert post(as_ann, RED, theirs, to=LINES).status_code == 303
    for headers in ({}, HTMX):
        page = as_ed.post(LINES, data=mine, headers=headers)
        assert page.status_code == 409
        assert shows_typed(page.text, line(world))
        assert form_on(page.text)["form_token"] == [mine["form_token"]]
        part = words(element(page.text, "position_form"))
        assert "Ann saved while you were writing" in part
        assert "What the party holds Red pays it all. Red pays for half of the dam." in part
        assert "Said by R. Reed –" in part
    assert as_ed.post(LINES, data=form_on(page.text)).status_code == 303
    assert count(session, Position) == 6


def test_position_conflict_with_a_retraction_shows_what_stands_now(
    as_ed: FlaskClient, as_ann: FlaskClient, world: World
) -> None:
    mine = hidden(as_ed, RED) | line(world)
    position = world.water.position_of(world.red)
    assert position is not None
    address = f"/retractions/new?entry={position.uid}"
    post(as_ann, address, {"retraction_reason": "No."}, to="/retractions")
    page = as_ed.post(LINES, data=mine)
    assert page.status_code == 409
    assert "Ann saved while you were writing" in words(page.text)
    assert as_ed.post(LINES, data=form_on(page.text)).status_code == 303


def test_positions_of_other_parties_do_not_conflict(as_ed: FlaskClient, world: World) -> None:
    mine = hidden(as_ed, RED) | line(world)
    assert post(as_ed, LINES + "/new?party=blue", line(world), to=LINES).status_code == 303
    assert as_ed.post(LINES, data=mine).status_code == 303


@pytest.mark.parametrize("version", ["-1", "x", "1e9", "99999999999", "²", "1.0", "", None])
def test_version_that_is_missing_or_cannot_be_read_conflicts(
    as_ed: FlaskClient, world: World, session: Session, version: str | None
) -> None:
    given = hidden(as_ed, STATUS + "/new") | change(world, base_version=version)
    page = as_ed.post(STATUS, data=given)
    assert page.status_code == 409
    assert form_on(page.text)["base_version"] == ["2"]
    assert count(session) == 1


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Flask, Engine, FlaskClient]]:
    """Give the application on either database, and a browser at which ed has signed in."""
    if request.param == "sqlite":
        app = request.getfixturevalue("app")
        engine = make_engine(app.config["SQLALCHEMY_DATABASE_URI"])
        yield app, engine, signed_in(app, "ed")
        engine.dispose()
        return
    url = request.getfixturevalue("postgresql_url")
    engine = make_engine(url)
    with Session(engine) as session:
        make_world(session)
    settings = {"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "a key for tests alone, " * 2}
    app = create_app({"INSTANCE": str(tmp_path), "TESTING": True} | settings)
    first = app.test_client()
    assert sign_in(first, "ed").status_code == 303
    yield app, engine, first
    with app.app_context():
        db.engine.dispose()
    engine.dispose()


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do several things at the same moment, each in a thread of its own."""
    start = Barrier(len(acts))

    def go(act: Callable[[], Any]) -> Any:
        start.wait(timeout=10)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [*pool.map(go, acts)]


def same_browser(app: Flask, client: FlaskClient) -> FlaskClient:
    """Give another tab of a browser: with its cookie, as it is now."""
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    tab = app.test_client()
    tab.set_cookie(cookie.key, cookie.value)
    return tab


def test_double_press_at_one_moment_is_entered_once(
    anywhere: tuple[Flask, Engine, FlaskClient],
) -> None:
    app, engine, client = anywhere
    given = hidden(client, STATUS + "/new") | TYPED | {"status": "parked"}
    tabs = [same_browser(app, client) for _ in range(4)]
    answers = at_once([partial(tab.post, STATUS, data=given) for tab in tabs])
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, "/issues/TK-1#status")}
    with Session(engine) as session:
        assert count(session) == 2


def test_of_two_forms_at_one_moment_one_goes_through(
    anywhere: tuple[Flask, Engine, FlaskClient],
) -> None:
    app, engine, client = anywhere
    forms = [hidden(client, STATUS + "/new") | TYPED | {"status": word} for word in ("parked", "blocked")]
    acts = [partial(same_browser(app, client).post, STATUS, data=form) for form in forms]
    assert sorted(answer.status_code for answer in at_once(acts)) == [303, 409]
    with Session(engine) as session:
        assert count(session) == 2


def test_a_form_on_a_page_of_its_own_leads_to_the_issue_once_it_is_saved(as_ed: FlaskClient) -> None:
    form = "/issues/TK-2/status-changes/new"
    typed = hidden(as_ed, form) | {
        "status": "open",
        "effective_on": "2025-12-02",
        "reason": "it began",
        "citations-0-source": "1",
    }
    answer = as_ed.post("/issues/TK-2/status-changes", data=typed, headers=htmx_on(form))
    assert answer.headers["HX-Redirect"] == "/issues/TK-2#status"
