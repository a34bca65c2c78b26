"""A real browser on a real server that shows the demonstration; each test finds it as new."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from tests.browsers import FLAGS
from tests.views.conftest import renew, stand
from tests.world import make_user
from tracker.db import db, make_engine, writing
from tracker.exchange.interchange import import_
from tracker.models import act_as
from tracker.models.vocabulary import Role

WIDTH, HEIGHT = 1280, 900
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
def demonstration(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Build the application with the demonstration and an account for each role."""
    instance = tmp_path_factory.mktemp("demonstration")
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, instance)}")
    with writing(), Session(engine) as session:
        act_as(session, "tests")
        import_(session, DEMONSTRATION.read_bytes(), by="tests")
        for name, role in (("Ann", Role.ADMIN), ("Ed", Role.EDITOR), ("Vera", Role.VIEWER)):
            make_user(session, name, role)
        session.commit()
    engine.dispose()
    return stand(instance)


@pytest.fixture(scope="session")
def served(demonstration: Flask) -> Iterator[str]:
    """Serve the application; give the address."""
    server = make_server("127.0.0.1", 0, demonstration, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    with demonstration.app_context():
        db.engine.dispose()


@pytest.fixture
def site(demonstration: Flask, served: str) -> Site:
    """Find the demonstration as new."""
    renew(demonstration)
    return Site(served, demonstration.config["SQLALCHEMY_DATABASE_URI"])


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Start Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS])
        yield started
        started.close()


class Windows:
    """Windows of one browser, each with cookies and storage of its own: emptied after a test, and used again.

    Opening one takes as long as loading five pages.
    """

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser, self.url = browser, url
        self.free: dict[bool, list[BrowserContext]] = {True: [], False: []}
        self.used: list[tuple[bool, BrowserContext]] = []

    def take(self, *, scripts: bool) -> BrowserContext:
        """Give an empty window, with or without JavaScript."""
        free = self.free[scripts]
        window = free.pop() if free else self._new(scripts)
        self.used.append((scripts, window))
        return window

    def _new(self, scripts: bool) -> BrowserContext:
        window = self.browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT},
            color_scheme="light",
            java_script_enabled=scripts,
            base_url=self.url,
        )
        window.set_default_timeout(10_000)
        return window

    def empty(self) -> None:
        """Close the pages, and forget what the windows kept of them."""
        for scripts, window in self.used:
            window.set_offline(False)
            page = window.pages[0] if window.pages else window.new_page()
            told = window.new_cdp_session(page)
            told.send("Network.clearBrowserCache")
            told.send("Storage.clearDataForOrigin", {"origin": self.url, "storageTypes": "all"})
            for each in window.pages:
                each.close()
            window.clear_cookies()
            self.free[scripts].append(window)
        self.used.clear()

    def close(self) -> None:
        """Close all windows."""
        for window in [*self.free[True], *self.free[False], *(window for _, window in self.used)]:
            window.close()


@pytest.fixture(scope="session")
def windows(browser: Browser, served: str) -> Iterator[Windows]:
    """Give the windows that the tests of a process use in turn."""
    windows = Windows(browser, served)
    yield windows
    windows.close()


@pytest.fixture
def complaints() -> list[str]:
    """Collect what the browser's console says: scripts that fail, and what the CSP refused."""
    return []


Opener = Callable[..., Page]


@pytest.fixture
def open_page(windows: Windows, demonstration: Flask, site: Site, complaints: list[str]) -> Iterator[Opener]:
    """Open pages in windows of their own; what the console says at the end fails the test."""

    def hear(message: ConsoleMessage) -> None:
        # An answer of 4xx and a lost connection are named too; the tests provoke those on purpose.
        provoked = "Failed to load resource" in message.text or "Failed to fetch" in message.text
        if message.type in ("error", "warning") and not provoked:
            complaints.append(message.text)

    def open_(
        address: str,
        *,
        as_: str | None = None,
        width: int = WIDTH,
        scheme: str = "light",
        scripts: bool = True,
    ) -> Page:
        window = windows.take(scripts=scripts)
        if as_:
            cookie = demonstration.extensions["signed_in"][as_]
            name = demonstration.config["SESSION_COOKIE_NAME"]
            window.add_cookies([{"name": name, "value": cookie, "url": site.url}])
        page = window.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        look(page, width, scheme)
        page.goto(address)
        return page

    yield open_
    windows.empty()
    assert complaints == []


def look(page: Page, width: int, scheme: str) -> None:
    """Make a page as wide as that, and light or dark."""
    if page.viewport_size != {"width": width, "height": HEIGHT}:
        page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
