import shutil
import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, inspect, literal, or_, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session

from tests.world import make_user, make_world
from tracker.config import folder
from tracker.db import Base, make_engine, migrate, now, past_index, revision_of, writing
from tracker.models import AuditHead, Grant, Negotiation, Party, act_as
from tracker.models.vocabulary import Role

MOMENT = datetime(2025, 12, 2, 10, 0, 0, 123456, UTC)


def pragma(engine: Engine, name: str) -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def head(session: Session, moment: datetime) -> AuditHead:
    row = AuditHead(chain="X", sequence=0, hash="", moment=moment)
    session.add(row)
    session.commit()
    session.expire_all()
    return row


def test_a_moment_is_read_back_in_utc(session: Session) -> None:
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=14)))
    row = head(session, elsewhere)
    assert row.moment == MOMENT
    assert row.moment.tzinfo == UTC
    assert session.scalars(select(AuditHead).where(AuditHead.moment == elsewhere)).one() is row
    assert not session.scalars(select(AuditHead).where(AuditHead.moment > MOMENT)).all()


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="time zone"):
        head(session, MOMENT.replace(tzinfo=None))


def test_now_is_in_utc() -> None:
    assert now().tzinfo == UTC
    assert abs(now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_sqlite_is_set_up_to_lose_nothing(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    found = {
        name: pragma(engine, name)
        for name in ("journal_mode", "busy_timeout", "foreign_keys", "synchronous", "recursive_triggers")
    }
    assert found == {
        "journal_mode": "wal",
        "busy_timeout": 5000,
        "foreign_keys": 1,
        "synchronous": 2,
        "recursive_triggers": 1,
    }
    engine.dispose()


def test_rows_refer_to_rows(session: Session) -> None:
    act_as(session, "tests")
    session.add(Party(negotiation_id=999, code="x", name="X"))
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_id_is_never_given_out_twice(session: Session) -> None:
    world = make_world(session)
    ids = []
    for _ in range(2):
        grant = Grant(negotiation=world.talks, user=world.vera)
        session.add(grant)
        session.commit()
        ids.append(grant.id)
        session.delete(grant)
        session.commit()
    assert ids[0] < ids[1]


@pytest.mark.parametrize("word", ["ЇЖАК", "ÉCOLE", "ŁÓDŹ", "ABC"])
def test_letters_of_all_scripts_are_folded_alike(session: Session, word: str) -> None:
    assert session.scalar(select(func.lower(literal(word)))) == word.lower()


def test_lists_keep_their_letters_as_they_are(session: Session) -> None:
    world = make_world(session)
    world.red.aliases = ["Червоні"]
    session.commit()
    assert (
        session.scalar(text("SELECT CAST(aliases AS TEXT) FROM parties WHERE code = 'red'")) == '["Червоні"]'
    )


def test_a_row_in_no_session_says_so() -> None:
    with pytest.raises(RuntimeError, match="Negotiation is in no session"):
        _ = Negotiation(code="UA").moment


def test_sqlite_takes_the_write_lock_at_the_beginning(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with Session(engine) as first:
        with writing():
            first.scalar(select(1))
        with Session(engine) as reader:  # reading goes on
            assert reader.scalar(select(func.count()).select_from(AuditHead)) == 0
        begun = time.monotonic()
        with Session(engine) as second, writing(wait=0.2), pytest.raises(OperationalError, match="locked"):
            second.scalar(select(1))
        assert time.monotonic() - begun < 3
    assert pragma(engine, "busy_timeout") == 5000
    engine.dispose()


def test_a_second_writer_on_sqlite_waits_and_reads_what_the_first_wrote(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    is_held = threading.Event()
    seen = []

    def second() -> None:
        is_held.wait(10)
        with Session(engine) as session, writing():
            seen.append(session.scalar(select(func.count()).select_from(Base.metadata.tables["users"])))

    thread = threading.Thread(target=second)
    thread.start()
    with Session(engine) as session, writing():
        act_as(session, "tests")
        make_user(session, "Ann", Role.ADMIN)
        session.flush()
        is_held.set()
        time.sleep(0.2)
        session.commit()
    thread.join(10)
    assert seen == [1]
    engine.dispose()


def broken(tmp_path: Path, upgrade: str) -> Path:
    """Copy the migrations and add one that does this."""
    copy = tmp_path / "migrations"
    shutil.copytree(folder("migrations"), copy, ignore=shutil.ignore_patterns("__pycache__"))
    latest = max(path.name for path in (copy / "versions").glob("*.py"))[:4]
    (copy / "versions" / "9999_broken.py").write_text(
        "from alembic import op\n"
        f"revision, down_revision, branch_labels, depends_on = '9999', '{latest}', None, None\n"
        f"def upgrade():\n{upgrade}\n"
    )
    return copy


def test_a_migration_is_done_whole_or_not_at_all(engine: Engine, tmp_path: Path) -> None:
    before = revision_of(engine)
    steps = "    op.execute('CREATE TABLE half (id INTEGER)')\n    raise ValueError('no more')"
    with pytest.raises(ValueError, match="no more"):
        migrate(engine, broken(tmp_path, steps))
    assert revision_of(engine) == before
    assert not inspect(engine).has_table("half")
    if engine.dialect.name == "sqlite":
        assert pragma(engine, "foreign_keys") == 1


def test_a_migration_leaves_no_row_in_the_air(sqlite_url: str, tmp_path: Path) -> None:
    engine = make_engine(sqlite_url)
    with Session(engine) as session:
        make_world(session)
    with pytest.raises(RuntimeError, match="refer to nothing"):
        migrate(engine, broken(tmp_path, "    op.execute('DELETE FROM parties')"))
    with Session(engine) as session:
        assert session.scalar(select(func.count(Party.id))) == 5
    engine.dispose()


def test_an_empty_database_has_no_revision(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    assert revision_of(engine) is None
    migrate(engine, folder("migrations"))
    assert revision_of(engine)
    migrate(engine, folder("migrations"), "base", down=True)
    assert revision_of(engine) is None
    engine.dispose()


def test_migrations_are_found_in_any_folder(tmp_path: Path) -> None:
    copy = tmp_path / "100% mine"
    shutil.copytree(folder("migrations"), copy)
    engine = make_engine(f"sqlite:///{tmp_path / 'new.db'}")
    migrate(engine, copy)
    assert inspect(engine).has_table("entries")
    engine.dispose()


def test_a_plain_client_reads_what_the_application_wrote(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with Session(engine) as session:
        make_world(session)
    engine.dispose()
    client = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    assert client.execute("SELECT code FROM negotiations").fetchall() == [("TK",)]
    assert client.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    client.close()


def test_a_condition_past_the_index_stays_one_condition() -> None:
    either = past_index(or_(literal(1) == 2, literal(3) == 4))
    query = select(literal(1)).where(literal(5) == 6, either)
    for dialect, written in ((postgresql.dialect(), "AND ("), (sqlite_dialect(), "AND +(")):  # type: ignore[no-untyped-call]
        assert written in str(query.compile(dialect=dialect))
