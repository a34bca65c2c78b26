"""A real browser on a real server that shows the demonstration; each test writes into a copy of its own."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from tests.browsers import FLAGS
from tests.world import PASSWORD, make_user
from tracker import create_app
from tracker.db import db, make_engine, writing
from tracker.exchange.interchange import import_
from tracker.models import act_as
from tracker.models.vocabulary import Role

DEMONSTRATION = Path(__file__).parents[2] / "tracker" / "exchange" / "demonstration.json"


@dataclass(frozen=True)
class Site:
    """A running server: its address, and the address of its database."""

    url: str
    database: str

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Read what the pages wrote, or write what they shall show."""
        engine = make_engine(self.database)
        with Session(engine) as session:
            yield session
        engine.dispose()


@pytest.fixture(scope="session")
def demonstration(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database with the demonstration and an account for each role."""
    path = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("demonstration")))
    engine = make_engine(f"sqlite:///{path}")
    with writing(), Session(engine) as session:
        act_as(session, "tests")
        import_(session, DEMONSTRATION.read_bytes(), by="tests")
        for name, role in (("Ann", Role.ADMIN), ("Ed", Role.EDITOR), ("Vera", Role.VIEWER)):
            make_user(session, name, role)
        session.commit()
    engine.dispose()
    return path


@pytest.fixture
def site(demonstration: Path, tmp_path: Path) -> Iterator[Site]:
    """Serve a copy of the demonstration."""
    database = f"sqlite:///{shutil.copy(demonstration, tmp_path)}"
    app = create_app({"INSTANCE": str(tmp_path), "SQLALCHEMY_DATABASE_URI": database})
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", database)
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Start Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS])
        yield started
        started.close()


@pytest.fixture
def complaints() -> list[str]:
    """Collect what the browser's console says: scripts that fail, and what the CSP refused."""
    return []


Opener = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, site: Site, complaints: list[str]) -> Iterator[Opener]:
    """Open pages in windows of their own; what the console says at the end fails the test."""
    contexts: list[BrowserContext] = []

    def hear(message: ConsoleMessage) -> None:
        # An answer of 4xx and a lost connection are named too; the tests provoke those on purpose.
        provoked = "Failed to load resource" in message.text or "Failed to fetch" in message.text
        if message.type in ("error", "warning") and not provoked:
            complaints.append(message.text)

    def open_(
        address: str,
        *,
        as_: str | None = None,
        width: int = 1280,
        scheme: str = "light",
        scripts: bool = True,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            base_url=site.url,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if as_:
            sign_in(page, as_)
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in(page: Page, name: str) -> None:
    """Sign in by keyboard."""
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(f"{name}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
