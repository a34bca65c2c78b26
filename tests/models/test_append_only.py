"""History is never changed: not by the ORM, not by any client of the database."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, attributes

from tests.models.acts import change, claim, refuses, state, withdraw
from tests.world import DAY, World, make_source, make_world
from tracker.db import Base, make_engine, writing
from tracker.models import (
    AuditEntry,
    Citation,
    Cite,
    EntryLink,
    Note,
    Retraction,
    Review,
    SourceMerge,
    StatusChange,
)
from tracker.models.guard import AppendOnly
from tracker.models.vocabulary import EntryLinkKind, Status

ALL: list[Any] = sorted((mapper.class_ for mapper in Base.registry.mappers), key=str)
CLASSES = [kind for kind in ALL if issubclass(kind, AppendOnly)]
TABLES = sorted({str(kind.__table__.name) for kind in CLASSES})
NEVER = "history is never changed"


def fill(world: World) -> None:
    """Put a row into each table of history."""
    session = world.talks.session
    first = claim(world, world.red)
    second = claim(world, world.blue, share=10)
    session.flush()
    link = EntryLink(from_entry=first, kind=EntryLinkKind.DENIES, to_entry=second)
    link.add(session, by=world.ed)
    world.border.review(by=world.ed, on=DAY)
    world.border.note("A remark.", by=world.ed)
    withdraw(world, change(world, Status.OPEN))
    state(world, world.red)
    change(world, Status.CLARIFICATION, citing=[Cite(world.report, quote="So be it.")])
    world.report.edit({"text": "So be it."})
    copy, kept = (make_source(session, world.talks, title) for title in ("A copy", "What it copies"))
    session.commit()
    SourceMerge(source=copy, into=kept, reason="The same.").add(session, by=world.ed)
    session.commit()


def test_these_tables_are_history() -> None:
    assert TABLES == [
        "audit_entries",
        "citations",
        "entries",
        "entry_links",
        "notes",
        "positions",
        "quote_checks",
        "retractions",
        "reviews",
        "source_merges",
        "status_changes",
        "status_claims",
    ]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: str(kind.__name__))
def test_no_row_of_history_is_changed_or_deleted_by_the_orm(
    world: World, session: Session, kind: Any
) -> None:
    fill(world)
    row = session.scalars(select(kind)).first()
    column = next(a.key for a in inspect(kind).column_attrs if a.key not in ("id", "kind"))
    setattr(row, column, "something else")
    with refuses(""):
        session.flush()
    session.rollback()
    session.delete(row)
    with refuses(""):
        session.flush()


def test_history_is_not_rewritten_through_lists_or_relationships(world: World, session: Session) -> None:
    entered, other = change(world, Status.OPEN), claim(world, world.red)
    session.commit()
    assert entered.agreed_between == []
    attributes.flag_modified(entered, "agreed_between")
    with refuses(""):
        session.flush()
    session.rollback()
    entered.citations[0].entry = other
    with refuses(""):
        session.flush()
    session.rollback()
    entered.citations.clear()
    with refuses(""):
        session.flush()
    session.rollback()
    entered.issue = world.prisoners
    with refuses(""):
        session.flush()


def test_a_new_row_may_still_be_given_up(world: World, session: Session) -> None:
    entered = change(world, Status.OPEN)
    session.expunge(entered)


@pytest.fixture(params=["sqlite", "postgresql"])
def client(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Open the filled database with a plain client, as anyone may."""
    url = request.getfixturevalue(f"{request.param}_url")
    engine = make_engine(url)
    with Session(engine) as session, writing():
        fill(make_world(session))
    engine.dispose()
    if request.param == "sqlite":
        connection: Any = sqlite3.connect(url.removeprefix("sqlite:///"))
    else:
        connection = psycopg.connect(url)
    yield connection
    connection.close()


def refused(client: Any, statement: str) -> None:
    """Hold that the database refuses a statement for its rule on history, and nothing was done."""
    before = {table: rows(client, table) for table in TABLES}
    with pytest.raises((sqlite3.Error, psycopg.Error), match=NEVER):
        client.execute(statement)
    client.rollback()
    assert {table: rows(client, table) for table in TABLES} == before, statement


def rows(client: Any, table: str) -> list[Any]:
    found = client.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()
    assert found, f"{table} has no rows to be kept"
    return list(found)


def columns(client: Any, table: str) -> list[str]:
    return [f'"{column[0]}"' for column in client.execute(f"SELECT * FROM {table} LIMIT 1").description]


def test_no_plain_client_changes_history(client: Any) -> None:
    is_sqlite = isinstance(client, sqlite3.Connection)
    for table in TABLES:
        column = columns(client, table)[-1]
        statements = [
            f"UPDATE {table} SET {column} = {column}",
            f"UPDATE {table} SET id = id + 1000",
            f"DELETE FROM {table}",
            f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})",
            f"INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT (id) DO UPDATE SET id = 1",
        ]
        if is_sqlite:
            statements += [
                f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
                f"REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
                f"UPDATE OR REPLACE {table} SET {column} = {column}",
                f"UPDATE OR IGNORE {table} SET {column} = {column}",
            ]
        else:
            statements += [
                f"TRUNCATE {table} CASCADE",
                "TRUNCATE negotiations CASCADE",
                f"MERGE INTO {table} USING {table} AS old ON {table}.id = old.id WHEN MATCHED THEN DELETE",
                f"WITH gone AS (DELETE FROM {table} RETURNING id) SELECT count(*) FROM gone",
            ]
        for statement in statements:
            refused(client, statement)


def test_no_replace_takes_the_place_of_another_row_by_any_key(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with Session(engine) as session:
        fill(make_world(session))
    engine.dispose()
    client = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    keys = 0
    for table in TABLES:
        [(trigger,)] = client.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?", (f"{table}_no_replace",)
        )
        for index in client.execute(f"PRAGMA index_list({table})").fetchall():
            names = [name for _, _, name in client.execute(f"PRAGMA index_info({index[1]})")]
            if not index[2]:
                continue
            keys += 1
            assert " AND ".join(f"{name} = NEW.{name}" for name in names) in trigger
            values = ["id + 1000" if name == '"id"' else name for name in columns(client, table)]
            refused(client, f"INSERT OR REPLACE INTO {table} SELECT {', '.join(values)} FROM {table}")
    assert keys == 14
    client.close()


def test_new_rows_are_still_taken(client: Any) -> None:
    names = [name for name in columns(client, "reviews") if name not in ('"id"', '"uid"')]
    listed = ", ".join(names)
    client.execute(f"INSERT INTO reviews (uid, {listed}) SELECT 'new', {listed} FROM reviews LIMIT 1")
    assert len(rows(client, "reviews")) == 2


def test_retracted_rows_stay_readable(world: World, session: Session) -> None:
    fill(world)
    gone = session.scalars(select(Retraction)).one()
    assert isinstance(gone.entry, StatusChange)
    assert gone.entry.citations
    assert session.scalars(select(Citation).where(Citation.entry == gone.entry)).one()
    assert {type(row) for row in (*session.scalars(select(Note)), *session.scalars(select(Review)))} == {
        Note,
        Review,
    }
    assert session.scalars(select(AuditEntry).where(AuditEntry.table_name == "retractions")).one()
