"""A shell in a folder of its own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from tracker.cli import main
from tracker.db import make_engine

Runs: TypeAlias = Callable[..., Result]


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty instance folder."""
    folder = tmp_path / "instance"
    monkeypatch.setenv("TRACKER_INSTANCE", str(folder))
    return folder


@pytest.fixture
def tracker(instance: Path, sqlite_template: Path) -> Runs:
    """Run `tracker` on a fresh database and hold its exit code; `typed` is what stands on stdin."""
    instance.mkdir()
    shutil.copy(sqlite_template, instance / "tracker.db")
    return run


def run(*words: str, exits: int = 0, typed: str | None = None) -> Result:
    result = CliRunner().invoke(main, words, input=typed, prog_name="tracker")
    assert result.exit_code == exits, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@pytest.fixture
def database(instance: Path) -> Iterator[Engine]:
    """Open the shell's database."""
    engine = make_engine(f"sqlite:///{instance / 'tracker.db'}")
    yield engine
    engine.dispose()
