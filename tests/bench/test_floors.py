"""Floor B shows what the product shows, and takes what is typed there."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bench import floors
from bench.generate import EMAIL, SIZES, generate
from bench.pages import AS_OF, CODE, KNOWN_AT, Kind, growing, pages, sample
from bench.rounds import typed
from bench.visits import form_fields
from tracker import create_app
from tracker.db import make_engine

PASSWORD = "only of this test"
#: What a page says of the record, whatever surrounds it: quotes, words of a vocabulary, links to sources.
FACTS = {
    "quotes": r"<q>(.*?)</q>",
    "words": r'class="tag ([\w-]+)',
    "issues": r'class="issue-title" href="([^"?]*)',
    "sources": r'href="(/sources/\d+)"',
    "found": r'<li>\s*<p><a href="([^"]*)"',
}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the small record."""
    path = tmp_path_factory.mktemp("record") / "small.db"
    generate(f"sqlite:///{path}", SIZES["small"], password=PASSWORD)
    return path


@pytest.fixture
def floor(record: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Open floor B on it."""
    monkeypatch.setenv(floors.DATABASE, str(record))
    vars(floors._open).clear()
    return floors.floor_b().test_client()


@pytest.fixture
def product(record: Path, tmp_path: Path) -> FlaskClient:
    """Open the product on it."""
    config = {"INSTANCE": str(tmp_path), "SQLALCHEMY_DATABASE_URI": f"sqlite:///{record}"}
    return create_app(config).test_client()


def addresses(record: Path) -> list[str]:
    engine = make_engine(f"sqlite:///{record}")
    of = sample(engine, engine)
    engine.dispose()
    return [page.path for page in [*pages(of), *growing(of)] if page.kind is Kind.LOOK]


def facts(page: str) -> dict[str, Counter[str]]:
    return {name: Counter(map(unescape, re.findall(text, page, re.DOTALL))) for name, text in FACTS.items()}


def test_floor_b_shows_the_same_facts(record: Path, floor: FlaskClient, product: FlaskClient) -> None:
    seen = 0
    for address in addresses(record):
        ours, theirs = product.get(address), floor.get(address)
        assert (ours.status_code, theirs.status_code) == (200, 200), address
        assert facts(theirs.text) == facts(ours.text), address
        seen += sum(facts(ours.text)["quotes"].values())
    assert seen > 20


def test_floor_b_looks_back(floor: FlaskClient) -> None:
    now = floor.get(f"/negotiations/{CODE}/compare").text
    then = floor.get(f"/negotiations/{CODE}/compare?as_of={AS_OF}&known_at={KNOWN_AT}").text
    assert facts(now)["issues"] == facts(then)["issues"]
    assert facts(now)["words"] != facts(then)["words"]


def test_floor_b_takes_a_change_of_status(record: Path, floor: FlaskClient) -> None:
    engine = make_engine(f"sqlite:///{record}")
    given = typed(sample(engine, engine), "source", "quote")
    engine.dispose()
    page = floor.get(f"/issues/{CODE}-2/status-changes/new").text
    fields = form_fields(page, f"/issues/{CODE}-2/status-changes") | given | {"subject_to": "annex 7"}
    done = floor.post(f"/issues/{CODE}-2/status-changes", data=fields)
    assert done.status_code == 303
    shown = floor.get(done.headers["Location"]).text
    assert "subject to annex 7" in shown
    with sqlite3.connect(record) as kept:
        [row] = kept.execute("SELECT kind, recorded_by FROM entries ORDER BY id DESC LIMIT 1")
    assert row == ("status_change", "floor")


@pytest.mark.parametrize(("password", "status"), [(PASSWORD, 303), ("another", 422)])
def test_floor_b_signs_in(floor: FlaskClient, password: str, status: int) -> None:
    assert floor.post("/sign-in", data={"email": EMAIL, "password": password}).status_code == status
