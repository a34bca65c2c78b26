"""Copies of the whole database, made while others write; and files that are there whole or not at all."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

#: What pg_dump reads from its environment, where a password is seen by nobody.
_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "options": "PGOPTIONS",
}


class Failed(Exception):
    """A backup that could not be made; its text says why."""


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a new path beside another, which takes its place when all went well; for its owner's eyes only."""
    with tempfile.TemporaryDirectory(prefix=".tracker-", dir=path.parent) as folder:
        part = Path(folder, path.name)
        yield part
        part.chmod(0o600)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(path)


def back_up(engine: Engine, path: Path) -> None:
    """Copy the database into a new file: SQLite's own form, or pg_dump's.

    Raises: Failed, OSError.
    """
    if path.exists():
        raise Failed(f"{path} is there already; a backup never overwrites.")
    with whole(path) as part:
        if engine.dialect.name == "sqlite":
            _copy_sqlite(engine, part)
        else:
            _dump_postgresql(engine, part)


def _copy_sqlite(engine: Engine, path: Path) -> None:
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(path),))
    finally:
        connection.close()


def _dump_postgresql(engine: Engine, path: Path) -> None:
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    from psycopg.conninfo import conninfo_to_dict  # takes long, and SQLite needs none of it

    parts = conninfo_to_dict(address)
    environment = {_VARIABLES[name]: str(value) for name, value in parts.items() if name in _VARIABLES}
    command = ["pg_dump", "--format=custom", "--no-password", f"--file={path}"]
    try:
        subprocess.run(command, env=os.environ | environment, check=True, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError:
        raise Failed("pg_dump is not on PATH; it comes with PostgreSQL’s client programs.") from None
    except subprocess.CalledProcessError as error:
        raise Failed(f"pg_dump failed: {error.stderr.strip()}") from None
