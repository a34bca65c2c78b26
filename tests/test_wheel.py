"""The wheel holds all that it needs, and runs from an empty folder."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from tests.test_serving import Serving

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [path] = folder.glob("*.whl")
    return path


def test_the_wheel_holds_templates_static_files_migrations_and_the_demonstration(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "tracker/templates/base.html",
        "tracker/static/app.css",
        "tracker/static/app.css.br",
        "tracker/static/vendor/htmx-4.0.1.min.js.gz",
        "tracker/migrations/env.py",
        "tracker/migrations/versions/0001_record.py",
        "tracker/exchange/demonstration.json",
    ):
        assert name in names


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the demonstration from the wheel, beside no checkout; give the address."""
    installed, empty = tmp_path_factory.mktemp("installed"), tmp_path_factory.mktemp("empty")
    zipfile.ZipFile(wheel).extractall(installed)
    environment = os.environ | {"PYTHONPATH": str(installed), "TRACKER_INSTANCE": str(empty / "instance")}
    shell = [sys.executable, "-c", "import tracker.cli; print(tracker.__file__); tracker.cli.main()", "demo"]
    told = subprocess.run(shell, cwd=empty, env=environment, check=True, capture_output=True, text=True)
    assert told.stdout.startswith(str(installed))
    server = Serving(empty / "instance", None, cwd=empty, PYTHONPATH=str(installed))
    yield server.url
    server.stop()


def ask(address: str, accepted: str) -> tuple[bytes, str]:
    """Give the body as it came over the wire, and how it was encoded."""
    asked = urllib.request.Request(address, headers={"Accept-Encoding": accepted})
    with urllib.request.urlopen(asked) as answer:
        body: bytes = answer.read()
        assert len(body) == int(answer.headers["Content-Length"])
        return body, answer.headers.get("Content-Encoding", "identity")


def parts_of(page: str) -> list[str]:
    """Give the addresses of what a browser fetches for a page: style, scripts, icon."""
    parts = re.findall(r"<(?:link|script|img)\b[^>]*>", page)
    fetched = "".join(part for part in parts if 'rel="alternate"' not in part)
    return re.findall(r"\b(?:href|src)=\"([^\"]+)\"", fetched)


def test_the_wheel_runs_from_an_empty_folder(site: str) -> None:
    page, encoding = ask(f"{site}/negotiations/UA", "identity")
    assert encoding == "identity"
    assert b"NATO membership" in page


def test_text_is_given_in_the_form_that_the_browser_takes(site: str) -> None:
    page = f"{site}/issues/UA-6?as_of=2025-12-24&known_at=2026-01-15"  # which names no moment of its own
    plain = ask(page, "identity")[0]
    packed, encoding = ask(page, "br, gzip")
    assert encoding == "gzip"
    assert gzip.decompress(packed) == plain
    for address in parts_of(plain.decode()):
        content = ask(site + address, "identity")[0]
        forms = {accepted: ask(site + address, accepted) for accepted in ("br, gzip", "gzip", "identity")}
        assert [encoding for _body, encoding in forms.values()] == ["br", "gzip", "identity"], address
        assert brotli.decompress(forms["br, gzip"][0]) == content
        assert gzip.decompress(forms["gzip"][0]) == content
        assert b"@import" not in content, "parts_of would not find it"
        assert b"url(" not in content, "parts_of would not find it"


@pytest.mark.parametrize(
    "path", ["/negotiations/UA", "/negotiations/UA/issues", "/issues/UA-6", "/negotiations/UA/compare"]
)
def test_a_cold_page_is_45_kb_in_five_requests_at_most(site: str, path: str) -> None:
    page = ask(site + path, "gzip, br")[0]
    sizes = {path: len(page)}
    for address in parts_of(gzip.decompress(page).decode()):
        sizes[address] = len(ask(site + address, "gzip, br")[0])
    assert len(sizes) <= 5, sizes
    assert sum(sizes.values()) <= 45_000, sizes
