"""The wheel holds all that it needs, and runs from an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

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


def test_the_wheel_runs_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    installed, empty = tmp_path / "installed", tmp_path / "empty"
    empty.mkdir()
    zipfile.ZipFile(wheel).extractall(installed)
    environment = os.environ | {"PYTHONPATH": str(installed), "TRACKER_INSTANCE": str(empty / "instance")}
    shell = [sys.executable, "-c", "import tracker.cli; print(tracker.__file__); tracker.cli.main()", "demo"]
    told = subprocess.run(shell, cwd=empty, env=environment, check=True, capture_output=True, text=True)
    assert told.stdout.startswith(str(installed))
    server = Serving(empty / "instance", None, cwd=empty, PYTHONPATH=str(installed))
    try:
        with urllib.request.urlopen(server.url + "/negotiations/UA") as answer:
            assert "NATO membership" in answer.read().decode()
        with urllib.request.urlopen(server.url + "/issues/UA-6") as answer:
            style = answer.read().decode().split('rel="stylesheet" href="')[1].split('"')[0]
        asked = urllib.request.Request(server.url + style, headers={"Accept-Encoding": "br"})
        with urllib.request.urlopen(asked) as answer:
            assert answer.headers["Content-Encoding"] == "br"
    finally:
        server.stop()
