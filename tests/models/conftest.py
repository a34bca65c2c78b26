"""The world for every test of the models: made once per process, and rolled back after each test.

Tests with several connections ask for `engine` or `database_url` and make a world of their own.
"""

import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.conftest import url_of
from tests.world import World, find_world, make_world
from tracker.db import make_engine

_worlds = count()  # other folders take these fixtures too, and each makes its own


@pytest.fixture(scope="session")
def sqlite_world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Make the world on SQLite."""
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("world"))
    yield from _with_world(f"sqlite:///{path}")


@pytest.fixture(scope="session")
def postgresql_world(postgres_server: Engine, postgres_template: str) -> Iterator[Engine]:
    """Make the world on PostgreSQL."""
    name = f"world_of_{os.getpid()}_{next(_worlds)}"
    with postgres_server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {postgres_template}"))
    yield from _with_world(url_of(postgres_server, name))


def _with_world(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    with Session(engine) as session:
        make_world(session)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    """Open a session on the world, on either database; all of it is rolled back after the test."""
    engine: Engine = request.getfixturevalue(f"{request.param}_world")
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


@pytest.fixture
def world(session: Session) -> World:
    """Take hold of the world; ed acts."""
    return find_world(session)
