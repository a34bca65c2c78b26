"""`tracker source add`: what is typed, what is found, and what is said to be missing."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.cli.conftest import Runs
from tests.intake.files import pdf_of, word_of
from tests.intake.pages import ARTICLE, NEWS
from tracker.models import Negotiation, Source, act_as
from tracker.models.vocabulary import Handling, SourceKind, Visibility

LAKE = '{"format": "negotiation-tracker/1", "negotiation": {"code": "TK", "title": "The lake"}}'


@pytest.fixture
def desk(tracker: Runs, tmp_path: Path) -> Runs:
    """A shell that knows one negotiation."""
    file = tmp_path / "lake.json"
    file.write_text(LAKE)
    tracker("import", str(file))
    return tracker


def added(database: Engine, printed: str) -> Source:
    with Session(database) as session:
        source = session.get_one(Source, int(printed.splitlines()[-1]))
        assert source.text is not None
        session.expunge_all()
        return source


def test_a_page_brings_what_it_declares(desk: Runs, tmp_path: Path, database: Engine) -> None:
    (tmp_path / "a.html").write_bytes(NEWS.html)
    ran = desk("source", "add", "--file", str(tmp_path / "a.html"))
    source = added(database, ran.stdout)
    assert (source.title, source.publisher, source.authors) == (NEWS.title, "The Lake Post", ["Jana Roe"])
    assert (source.url, source.language, source.published_on) == (NEWS.url, "en", NEWS.day)
    assert (source.kind, source.accessed_on, source.text) == (SourceKind.ARTICLE, None, "\n\n".join(ARTICLE))
    assert ran.stderr == ""


def test_what_is_typed_counts_before_what_is_found(desk: Runs, tmp_path: Path, database: Engine) -> None:
    (tmp_path / "a.html").write_bytes(NEWS.html)
    typed = ("--title", "Mine", "--publisher", "", "--published-on", "2025-12-01", "--kind", "transcript")
    source = added(database, desk("source", "add", "--file", str(tmp_path / "a.html"), *typed).stdout)
    assert (source.title, source.publisher, source.kind) == ("Mine", "", SourceKind.TRANSCRIPT)
    assert (source.published_on, source.language) == (date(2025, 12, 1), "en")


def test_what_is_not_found_is_said_and_the_id_stands_alone(desk: Runs, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf_of([["The talks go on."]]))
    ran = desk("source", "add", "--file", str(tmp_path / "a.pdf"), "--language", "en")
    assert ran.stdout == "1\n"
    assert ran.stderr.startswith("Not found: publisher, authors, published_on, url.\nThe lines of the PDF")


def test_a_line_that_is_not_the_title_after_all_stays_in_the_text(
    desk: Runs, tmp_path: Path, database: Engine
) -> None:
    (tmp_path / "a.docx").write_bytes(word_of(["They met again", *ARTICLE]))
    source = added(
        database, desk("source", "add", "--file", str(tmp_path / "a.docx"), "--title", "Lake").stdout
    )
    assert source.text == "\n\n".join(["They met again", *ARTICLE])


@pytest.mark.parametrize(
    ("options", "exits", "said"),
    [
        ((), 2, "either --file or --url"),
        (("--file", "{here}/lake.json", "--url", "http://lake.example"), 2, "either --file or --url"),
        (("--url", "http://127.0.0.1/"), 1, "url: 127.0.0.1 belongs to this machine"),
        (("--url", "file:///etc/passwd"), 1, "url: An address starts with http:// or https://"),
        (("--url", "http://localhost:22/"), 1, "url: Only the usual ports"),
    ],
)
def test_what_cannot_be_added_is_refused_and_leaves_nothing(
    options: tuple[str, ...], exits: int, said: str, desk: Runs, tmp_path: Path, database: Engine
) -> None:
    words = [option.replace("{here}", str(tmp_path)) for option in options]
    assert said in desk("source", "add", *words, exits=exits).stderr
    with Session(database) as session:
        assert session.scalars(select(Source)).all() == []


def test_what_looks_the_same_is_refused_until_it_is_said_to_be_another(
    desk: Runs, tmp_path: Path, database: Engine
) -> None:
    (tmp_path / "a.html").write_bytes(NEWS.html)
    add = ("source", "add", "--file", str(tmp_path / "a.html"))
    desk(*add)
    ran = desk(*add, exits=1)
    assert ran.stdout == ""
    assert ran.stderr == (
        f"This may be here already, as 1, “{NEWS.title}” (the same address, the same text, "
        "nearly the same title, published within three days): give --another if it is another source.\n"
    )
    assert added(database, desk(*add, "--another").stdout).id == 2
    seen = desk(*add, exits=1).stderr
    assert seen.count("the same address") == 2
    assert "2, “" in seen


def test_the_shell_is_told_of_what_strangers_do_not_see(desk: Runs, tmp_path: Path, database: Engine) -> None:
    (tmp_path / "a.html").write_bytes(NEWS.html)
    add = ("source", "add", "--file", str(tmp_path / "a.html"))
    desk(*add)
    with Session(database) as session:
        act_as(session, "shell")
        session.get_one(Source, 1).handling = Handling.AMBER
        session.get_one(Negotiation, 1).visibility = Visibility.RESTRICTED
        session.commit()
    assert "here already, as 1" in desk(*add, exits=1).stderr


def test_what_is_wrong_is_told_beside_what_looks_the_same(desk: Runs, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(NEWS.html)
    add = ("source", "add", "--file", str(tmp_path / "a.html"))
    desk(*add)
    first, second = desk(*add, "--language", "Lakish", exits=1).stderr.splitlines()
    assert first.startswith("language: Write the language as a code")
    assert second.startswith("This may be here already, as 1")


def test_the_setting_forbids_the_shell_too(desk: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_FETCH", "none")
    said = desk("source", "add", "--url", "http://lake.example/", exits=1).stderr
    assert said == "url: Fetching is switched off here: give the text or the file.\n"
