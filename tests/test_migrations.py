"""The migrations, up and down, with rows in every table of history."""

from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.models.test_append_only import TABLES, fill
from tests.world import find_world, make_world
from tracker.config import folder
from tracker.db import Base, migrate, revision_of
from tracker.models.preference import Preference, Wishes
from tracker.models.search import lags, rebuild
from tracker.models.search_doc import is_mapped
from tracker.models.vocabulary import Theme

FOLDER = folder("migrations")
REVISIONS = [script.revision for script in reversed([*ScriptDirectory(str(FOLDER)).walk_revisions()])]
#: From here on the triggers stand.
GUARDED = "0002"
#: Tables that are not as old as the others: on the way down their rows go with them.
MADE_LATER = {"quote_checks": "0007", "source_merges": "0011", "preferences": "0014"}


def contents(engine: Engine) -> dict[str, list[Any]]:
    """Read all rows of all tables."""
    with engine.connect() as connection:
        return {
            table.name: [*map(tuple, connection.execute(table.select().order_by(table.c.id)))]
            for table in Base.metadata.sorted_tables
        }


def triggers(connection: Connection) -> set[str]:
    """Name the triggers that are not the database's own."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    return {*connection.scalars(text(query))}


def expected_triggers(engine: Engine, tables: list[str]) -> set[str]:
    if engine.dialect.name == "sqlite":
        return {f"{table}_no_{act}" for table in tables for act in ("update", "delete", "replace")}
    return {f"{table}_append_only" for table in tables}


def check_guard(engine: Engine, revision: str) -> None:
    """Hold that the triggers stand, or are not there yet, and do what they are for."""
    is_guarded = revision >= GUARDED
    tables = [table for table in TABLES if MADE_LATER.get(table, "0001") <= revision]
    with engine.connect() as connection:
        assert triggers(connection) == (expected_triggers(engine, tables) if is_guarded else set())
    held = contents(engine) if revision == REVISIONS[-1] else {}
    for table in tables:
        if table in MADE_LATER and not held.get(table):
            continue
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table} WHERE id < 0 OR id > 0"):
            with engine.connect() as connection:
                if is_guarded:
                    with pytest.raises(DBAPIError, match="history is never changed"):
                        connection.execute(text(statement))
                elif statement.startswith("UPDATE"):
                    connection.execute(text(statement))


def check_references(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_the_revisions_are_numbered_in_one_line() -> None:
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS


def test_each_migration_goes_down_and_up_with_rows(engine: Engine) -> None:
    with Session(engine) as session:
        world = make_world(session)
        fill(world)
        Preference.keep(session, world.vera, Wishes(Theme.DARK, has_keys=False))
        session.commit()
    before = contents(engine)
    assert all(before[table] for table in (*TABLES, *MADE_LATER))
    check_guard(engine, REVISIONS[-1])
    for number in reversed(range(len(REVISIONS) - 1)):
        migrate(engine, FOLDER, REVISIONS[number], down=True)
        assert revision_of(engine) == REVISIONS[number]
        check_guard(engine, REVISIONS[number])
        check_references(engine)
    for number in range(1, len(REVISIONS)):
        migrate(engine, FOLDER, REVISIONS[number])
        check_guard(engine, REVISIONS[number])
        check_references(engine)
    kept = {table: rows for table, rows in before.items() if table not in MADE_LATER}
    assert contents(engine) == kept | {table: [] for table in MADE_LATER}
    with Session(engine) as session:  # and it can be written to as before
        find_world(session).talks.title = "Talks by the lake"
        session.commit()


def test_the_way_down_leaves_nothing_and_the_way_up_makes_it_anew(engine: Engine) -> None:
    with Session(engine) as session:
        fill(make_world(session))
    migrate(engine, FOLDER, "base", down=True)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    with engine.connect() as connection:
        assert triggers(connection) == set()
    migrate(engine, FOLDER)
    with Session(engine) as session:
        fill(make_world(session))
    check_guard(engine, REVISIONS[-1])


def described(engine: Engine) -> dict[str, Any]:
    """Tell everything that the database says of its tables."""
    found = inspect(engine)
    return {
        table: {
            "columns": sorted(
                (column["name"], str(column["type"]), column["nullable"], column["default"] or "")
                for column in found.get_columns(table)
            ),
            "key": found.get_pk_constraint(table),
            "checks": sorted((each["name"], each["sqltext"]) for each in found.get_check_constraints(table)),
            "unique": sorted(
                (each["name"], each["column_names"]) for each in found.get_unique_constraints(table)
            ),
            "foreign": sorted(map(str, found.get_foreign_keys(table))),
            "indexes": sorted(
                f"{each['name']} {each['unique']} {each['column_names']} "
                + " ".join(f"{key}={value}" for key, value in each.get("dialect_options", {}).items())
                for each in found.get_indexes(table)
            ),
        }
        for table in found.get_table_names()
        if table != "alembic_version" and is_mapped(None, table, "table")
    }


def test_migrations_make_what_the_models_would(engine: Engine) -> None:
    migrated = described(engine)
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        counted = "SELECT count(*) FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"
        autoincrement = connection.scalar(text(counted)) if is_sqlite else None
    migrate(engine, FOLDER, "base", down=True)
    Base.metadata.create_all(engine)
    assert set(migrated) == {*Base.metadata.tables}
    made = described(engine)
    for table, description in made.items():
        assert migrated[table] == description, table
    if is_sqlite:
        with engine.connect() as connection:
            assert connection.scalar(text(counted)) == autoincrement
            assert autoincrement == len(made) - 3  # the kinds of entries take the ids of entries


def test_what_search_looks_through_is_to_be_filled_anew_where_its_marks_changed(engine: Engine) -> None:
    with Session(engine) as session:
        make_world(session)
        assert not lags(session)
    migrate(engine, FOLDER, "0014", down=True)
    migrate(engine, FOLDER)
    with Session(engine) as session:
        assert lags(session)
        rebuild(session)
        assert not lags(session)
