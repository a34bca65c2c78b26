"""Pages on the world: one application per process; each test starts from a fresh copy of its database.

    def test_editor_sees_it(as_ed, world, session, statements): ...

`client` is a stranger; `as_vera` (viewer), `as_ed` (editor) and `as_ann` (administrator) are signed in.
`world` and `session` read and write the database that the pages use: commit what the pages shall see, and
`session.rollback()` before looking for what they wrote.
"""

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.intake.dam import PAGE
from tests.intake.loopback import PUBLIC, Server, answer, web_of
from tests.world import PASSWORD, World, find_world, make_world
from tracker import create_app
from tracker.db import db, make_engine, now, writing
from tracker.models import Job, SavedView, User, UserSession, act_as

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
Statements = Callable[[], AbstractContextManager[list[str]]]
_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
_HIDDEN = re.compile(r"<input\b[^>]*\btype=\"hidden\"[^>]*>")
_ATTRIBUTE = re.compile(r"\b(name|value)=\"([^\"]*)\"")


def hidden(client: FlaskClient, address: str) -> dict[str, str]:
    """Fetch a page and give the hidden fields of its form: csrf_token, form_token, base_version ...

    Of several forms the first with a form_token counts; without any, the first on the page.
    """
    page = client.get(address)
    assert page.status_code == 200, f"{address}: {page.status}"
    return hidden_of(page.text)


def hidden_of(html: str) -> dict[str, str]:
    """Give the hidden fields of the form on a page, as `hidden` does; Undo and search are no such forms."""
    forms = [form for form in _hidden_forms(html) if "csrf_token" in form and form.get("undo") != "1"]
    return next((form for form in forms if "form_token" in form), forms[0] if forms else {})


def undo_of(html: str) -> dict[str, str]:
    """Give what Undo, in the message on a page, would send."""
    return next(form for form in _hidden_forms(html) if form.get("undo") == "1")


def _hidden_forms(html: str) -> list[dict[str, str]]:
    return [
        {
            found["name"]: unescape(found.get("value", ""))
            for found in (dict(_ATTRIBUTE.findall(field)) for field in _HIDDEN.findall(form))
            if "name" in found
        }
        for form in _FORM.findall(html)
    ]


def csrf(client: FlaskClient) -> dict[str, str]:
    """Give the CSRF token alone, for a post without its form; every page holds one."""
    return {"csrf_token": hidden_of(client.get("/sign-in", follow_redirects=True).text)["csrf_token"]}


def token(client: FlaskClient, address: str) -> str:
    """Fetch a page and give the CSRF token of its form."""
    return hidden(client, address)["csrf_token"]


def htmx_on(page: str) -> dict[str, str]:
    """Give the headers with which htmx asks for a part from the page at an address."""
    return HTMX | {"HX-Current-URL": f"http://localhost{page}"}


def post(
    client: FlaskClient,
    form: str,
    typed: dict[str, Any],
    *,
    to: str | None = None,
    htmx: bool = False,
) -> TestResponse:
    """Fetch the form at one address and post it, with what was typed, to another (or the same)."""
    stands_on = re.match(r"/issues/[A-Z0-9-]+", form)  # the page on which htmx opens the form in place
    headers = htmx_on(stands_on[0] if stands_on else form) if htmx else {}
    return client.post(to or form, data=hidden(client, form) | typed, headers=headers)


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD) -> TestResponse:
    """Sign in as ann, ed or vera through the form."""
    return post(client, "/sign-in", {"email": f"{name}@example.org", "password": password})


@contextmanager
def written(world: World) -> Iterator[None]:
    """Write to the record beside the pages, in one transaction."""
    world.talks.session.rollback()
    with writing():
        yield
        world.talks.session.commit()


def keep_view(world: World, owner: User | None = None, **more: Any) -> SavedView:
    """Keep a view of Vera's, or somebody else's, of the talks."""
    given: dict[str, Any] = {"name": "Mine", "query": "party=red"} | more
    view = SavedView(negotiation=world.talks, owner=owner or world.vera, **given)
    with writing():
        view.add(world.talks.session)
        world.talks.session.commit()
    return view


def ask_for_job(session: Session, by: User, kind: str = "archive", **asked: Any) -> int:
    """Ask for a job; no worker does it."""
    with writing():
        job = Job.add(session, kind, asked, by=by)
        session.commit()
    return job.id


@pytest.fixture(scope="session")
def built(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Build the application with the world in its database."""
    instance = tmp_path_factory.mktemp("instance", numbered=True)
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, instance)}")
    with Session(engine) as session:
        make_world(session)
    engine.dispose()
    yield (app := stand(instance, TESTING=True))  # outside of its context, which requests would share
    with app.app_context():
        db.engine.dispose()


def stand(instance: Path, **settings: Any) -> Flask:
    """Build an application on the database of a folder, with everyone signed in once.

    `app.extensions["signed_in"]` holds the cookies; each test starts from `fresh.db`.
    `app.extensions["beside"]` is for the tests themselves: each engine would compile its statements anew.
    """
    instance.chmod(0o700)
    app = create_app({"INSTANCE": str(instance), "SECRET_KEY": "a key for tests alone, " * 2, **settings})
    app.extensions["beside"] = make_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    cookies = {}
    for name in ("ann", "ed", "vera"):
        client = app.test_client()
        assert sign_in(client, name).status_code == 303
        cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        cookies[name] = cookie.value
    app.extensions["signed_in"] = cookies
    with app.app_context():
        db.engine.dispose()  # the last connection to close writes the log back into the file
    shutil.copy(instance / "tracker.db", instance / "fresh.db")
    return app


def renew(app: Flask, start: str = "fresh.db") -> None:
    """Put the database back to what each test starts from, or to what stands in another file."""
    database = Path(app.config["INSTANCE"], "tracker.db")
    with app.app_context():
        db.engine.dispose()
    for rest in ("", "-wal", "-shm"):
        Path(f"{database}{rest}").unlink(missing_ok=True)
    shutil.copy(database.with_name(start), database)
    # Signed in a moment ago, however long the tests have run: else each first request would note its use.
    with app.extensions["beside"].begin() as connection:
        connection.execute(update(UserSession).values(seen_at=now()))
    app.extensions["beside"].dispose()


@pytest.fixture
def app(built: Flask) -> Flask:
    """Give the application, its database as new."""
    renew(built)
    return built


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """Open the database that the pages use."""
    with Session(app.extensions["beside"]) as session:
        act_as(session, "tests")
        yield session
    app.extensions["beside"].dispose()


@pytest.fixture
def world(session: Session) -> World:
    """Take hold of the world that the pages show; ed acts."""
    return find_world(session)


def signed_in(app: Flask, name: str) -> FlaskClient:
    """Give a browser at which ann, ed or vera has signed in."""
    client = app.test_client()
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], app.extensions["signed_in"][name])
    return client


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give a stranger's browser."""
    return app.test_client()


@pytest.fixture
def as_vera(app: Flask) -> FlaskClient:
    """Give the browser of a viewer."""
    return signed_in(app, "vera")


@pytest.fixture
def as_ed(app: Flask) -> FlaskClient:
    """Give the browser of an editor."""
    return signed_in(app, "ed")


@pytest.fixture
def as_ann(app: Flask) -> FlaskClient:
    """Give the browser of an administrator."""
    return signed_in(app, "ann")


@pytest.fixture
def statements(app: Flask) -> Statements:
    """Collect the SQL statements of the pages: `with statements() as seen: client.get(...)`."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if statement not in ("BEGIN", "BEGIN IMMEDIATE"):
                seen.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return collect


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    """Let the web be a server on loopback."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        server.answers["/news/dam?utm_source=feed"] = lambda: [answer(PAGE.encode())]
        app.extensions["web"], _ = web_of(server, {"shore.example": [PUBLIC]})
        yield server
        del app.extensions["web"]
        server.shutdown()
        thread.join()
