"""The production server: several workers, several editors, one issue."""

from __future__ import annotations

import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.world import PASSWORD, make_user, make_world
from tracker.db import make_engine, writing
from tracker.models import StatusChange, act_as
from tracker.models.vocabulary import Role

EDITORS, POSTS = 8, 400
STATUSES = ["open", "blocked", "parked", "clarification"]


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Serving:
    """A server started as `tracker serve` starts it."""

    def __init__(self, instance: Path, database: str | None, *, cwd: Path | None = None, **more: str) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        environment = os.environ | {"TRACKER_INSTANCE": str(instance), "TRACKER_PUBLIC_URL": self.url} | more
        if database:
            environment["TRACKER_SQLALCHEMY_DATABASE_URI"] = database
        command = [sys.executable, "-c", "import tracker.cli; tracker.cli.main()", "serve"]
        self.process = subprocess.Popen(
            [*command, "--port", str(port), "--workers", "2"],
            cwd=cwd,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def _wait(self) -> None:
        for _ in range(200):
            try:
                with urllib.request.urlopen(self.url + "/readyz"):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server did not come up")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture
def serving(tmp_path: Path, database_url: str) -> Iterator[Serving]:
    """Serve the world, with as many editors as the test needs, from either database."""
    engine = make_engine(database_url)
    with writing(), Session(engine) as session:
        make_world(session)
        act_as(session, "tests")
        for number in range(EDITORS):
            make_user(session, f"Editor{number}", Role.EDITOR)
        session.commit()
    engine.dispose()
    server = Serving(tmp_path / "instance", database_url)
    yield server
    server.stop()


class Editor:
    """One editor's browser, as far as it is needed: cookies, forms, posts."""

    def __init__(self, server: Serving, name: str) -> None:
        self.server = server
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar, _Stay())
        page = self.get("/sign-in")
        typed = {"email": f"{name}@example.org", "password": PASSWORD}
        assert self.post("/sign-in", hidden(page) | typed) == 303

    def get(self, path: str) -> str:
        with self.opener.open(self.server.url + path) as answer:
            text: str = answer.read().decode()
            return text

    def post(self, path: str, fields: dict[str, str]) -> int:
        data = urllib.parse.urlencode(fields).encode()
        try:
            with self.opener.open(self.server.url + path, data) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code


class _Stay(urllib.request.HTTPRedirectHandler):
    """Take a 303 as the answer that it is."""

    def redirect_request(self, *args: object) -> None:
        return None


def hidden(page: str) -> dict[str, str]:
    """Give the hidden fields of the form that a page is about: not the one in a message, which undoes."""
    form = [part for part in page.split("<form")[1:] if 'name="form_token"' in part][-1]
    fields = re.findall(r"<input\b[^>]*type=\"hidden\"[^>]*>", form)
    found = {}
    for field in fields:
        name, value = (re.search(rf'{key}="([^"]*)"', field) for key in ("name", "value"))
        if name:
            found[name[1]] = value[1] if value else ""
    return found


def test_eight_editors_on_one_issue_lose_nothing_and_overwrite_nothing(
    serving: Serving, database_url: str
) -> None:
    """The k-th accepted change declares base version k; the others were told, and no one met an error."""

    def work(number: int) -> list[tuple[int, int]]:
        editor = Editor(serving, f"editor{number}")
        told = []
        for turn in range(POSTS // EDITORS):
            fields = hidden(editor.get("/issues/TK-2/status-changes/new"))
            base = int(fields["base_version"])
            fields |= {
                "status": STATUSES[(base + number + turn) % len(STATUSES)],
                "effective_on": "2025-12-02",
                "reason": f"editor {number}, turn {turn}",
                "citations-0-source": "1",
            }
            told.append((base, editor.post("/issues/TK-2/status-changes", fields)))
        return told

    with ThreadPoolExecutor(EDITORS) as pool:
        told = [answer for answers in pool.map(work, range(EDITORS)) for answer in answers]
    codes = Counter(code for _, code in told)
    assert set(codes) <= {303, 409, 422}, codes  # 422: the status in force was chosen again
    assert codes[303] >= POSTS // 10
    accepted = sorted(base for base, code in told if code == 303)
    assert accepted == [*range(accepted[0], accepted[0] + len(accepted))]
    engine = make_engine(database_url)
    with Session(engine) as session:
        query = select(StatusChange).where(StatusChange.issue.has(number=2)).order_by(StatusChange.id)
        kept = [change.base_version for change in session.scalars(query)]
    engine.dispose()
    assert kept == accepted
