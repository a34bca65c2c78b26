"""The database: base class, column types, SQLite's settings and the clock. Knows no table."""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    String,
    create_engine,
    event,
    inspect,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, object_session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from alembic.config import Config

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
#: On SQLite an id is never given out twice, not even after the last row was deleted.
NEVER_REUSED = {"sqlite_autoincrement": True}

TITLE, PROSE, TEXT = 300, 10_000, 1_000_000


class UTCDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite gives it back without a zone, so the zone is put on here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class past_index(FunctionElement[bool]):  # noqa: N801 - reads as a function of SQL
    """A condition that SQLite must not choose an index by: it takes any range for narrow, this one is not."""

    inherit_cache = True
    type = Boolean()


@compiles(past_index)
def _plain(element: past_index, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"({compiler.process(element.clauses, **kwargs)})"


@compiles(past_index, "sqlite")
def _past_index(element: past_index, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"+{_plain(element, compiler, **kwargs)}"


class Base(DeclarativeBase):
    """What every table shares."""

    metadata = MetaData(naming_convention=NAMING)
    __table_args__: Any = NEVER_REUSED
    if TYPE_CHECKING:
        id: Mapped[int]
    #: Whether writes to this table are told in the audit log.
    is_audited = True
    #: Whether rows of this table are never deleted: they are closed, dropped or disabled.
    is_kept = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Hold lengths of texts in the database too: SQLite takes any length, PostgreSQL refuses."""
        super().__init_subclass__(**kwargs)
        table = cls.__dict__.get("__table__")
        if table is None:
            return
        for column in table.columns:
            kind = column.type
            if isinstance(kind, String) and not isinstance(kind, Enum) and kind.length:
                rule = f"length({column.name}) <= {kind.length}"
                table.append_constraint(CheckConstraint(rule, name=f"{column.name}_length"))

    @property
    def session(self) -> Session:
        """The session that this row belongs to."""
        session = object_session(self)
        if session is None:
            raise RuntimeError(f"{type(self).__name__} is in no session")
        return session


Id = Annotated[int, mapped_column(primary_key=True)]
Uid = Annotated[str, mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))]
Title = Annotated[str, mapped_column(String(TITLE))]
Prose = Annotated[str, mapped_column(String(PROSE))]
Code = Annotated[str, mapped_column(String(32))]
Moment = Annotated[datetime, mapped_column(UTCDateTime)]


def _json(value: Any) -> str:
    """Write JSON with its letters as they are, so that they can be searched for."""
    return json.dumps(value, ensure_ascii=False)


db = SQLAlchemy(
    model_class=Base,
    engine_options={"json_serializer": _json},
    session_options={"expire_on_commit": False},  # an answer tells what was saved, and need not read it again
)

#: The seconds to wait for SQLite's write lock while a door handles a request that may write; None: reading.
#: The lock is taken at BEGIN, where it can be waited for; between a read and a write it would fail at once.
_writing: ContextVar[float | None] = ContextVar("writing", default=None)
WAIT = 5.0
_BUSY_TIMEOUT = f"PRAGMA busy_timeout={int(WAIT * 1000)}"


@contextmanager
def writing(wait: float = WAIT) -> Iterator[None]:
    """Begin transactions with the write lock while inside, waiting for it so many seconds."""
    token = _writing.set(wait)
    try:
        yield
    finally:
        _writing.reset(token)


def now() -> datetime:
    """Tell the moment, in UTC."""
    return datetime.now(UTC)


@event.listens_for(Engine, "connect")
def _set_up_connection(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # SQLite's own lower() knows the letters of ASCII alone, PostgreSQL's all.
    connection.create_function("lower", 1, _lower, deterministic=True)
    connection.isolation_level = None  # the driver's own BEGIN comes too late and loses updates
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",
        "recursive_triggers=ON",
        "trusted_schema=OFF",
        "cache_size=-4000",  # what a search of a large record reads fits in, but not in the usual half
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute(_BUSY_TIMEOUT)
    cursor.close()


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    wait = _writing.get()
    if wait is None:
        connection.exec_driver_sql("BEGIN")
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA busy_timeout=0")
    try:
        if not _took_lock(driver, wait):
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # in vain: told as any other failure
    finally:
        driver.execute(_BUSY_TIMEOUT)


def _took_lock(driver: sqlite3.Connection, wait: float) -> bool:
    """Begin with the write lock, tried for at short, uneven intervals for so many seconds.

    SQLite itself sleeps longer after each try, at last 100 ms: among many who write without a pause
    one could wait out its whole time in vain.
    """
    deadline = time.monotonic() + wait
    while time.monotonic() < deadline:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                return False
            time.sleep((1 + secrets.randbelow(9)) / 1000)
        else:
            return True
    return False


def make_engine(url: str) -> Engine:
    """Open a database outside of Flask, with the settings that the application uses."""
    return create_engine(url, json_serializer=_json)


class Unmigratable(Exception):
    """A database that the migrations at hand do not fit; its text says why."""


def migrations(folder: Path, connection: Connection) -> Config:
    """Make Alembic's configuration for a connection and the folder of the migrations."""
    from alembic.config import Config  # a tenth of the time to start, which serving does without

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine, folder: Path, to: str = "head", *, down: bool = False) -> None:
    """Bring the database up, or down, to a revision ("base": empty), all or nothing.

    SQLite rebuilds tables to change them, which would delete child rows while foreign keys are
    enforced; so they are not, and what then hangs in the air is an error.
    Raises: Unmigratable.
    """
    from alembic import command
    from alembic.util import CommandError

    with engine.connect() as connection, writing():
        driver: Any = connection.connection.driver_connection
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                step = command.downgrade if down else command.upgrade
                step(migrations(folder, connection), to)
                if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError("the migration left rows that refer to nothing")
        except CommandError as error:
            raise Unmigratable(str(error)) from error
        finally:
            if is_sqlite:
                driver.execute("PRAGMA foreign_keys=ON")


def revision_of(engine: Engine) -> str | None:
    """Tell the revision of a database; None: it is empty."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def last_revision(folder: Path) -> str:
    """Tell the last revision of the migrations in a folder: their files are numbered."""
    return max(path.name.partition("_")[0] for path in (folder / "versions").glob("[0-9]*_*.py"))
