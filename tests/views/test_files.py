"""Files: every one is written whole before it is sent, bears its marking, and is told of without it."""

import gzip
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.world import World
from tracker.exchange import bibliography
from tracker.models.vocabulary import Handling, Visibility

TK = "/negotiations/TK"
#: The moments at which a file was made and of which it tells.
MADE = re.compile(rb'"(made_at|known_at)": "[^"]*"')
FILES = (
    f"{TK}/issues.csv",
    f"{TK}/brief.docx",
    f"{TK}/bibliography.ris",
    "/sources.bib",
    "/sources/1.csl",
    f"{TK}/annotations",
    "/sources/1/annotations",
)


@pytest.mark.parametrize("address", FILES)
def test_a_file_has_its_length_and_marking_and_head_tells_of_it_without_it(
    as_vera: FlaskClient, world: World, session: Session, address: str
) -> None:
    world.talks.visibility = Visibility.INTERNAL
    world.talks.handling = world.article.handling = Handling.AMBER_STRICT
    session.commit()
    answer, told = as_vera.get(address), as_vera.head(address)
    assert (answer.status_code, told.status_code, told.data) == (200, 200, b"")
    assert answer.content_length == len(answer.data) > 0
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=")
    assert "-TLP-AMBER+STRICT." in disposition
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert {*answer.headers} - {*told.headers} == {("Content-Length", str(len(answer.data)))}


def test_an_error_on_the_way_sends_no_half_file(
    as_vera: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(_works: object) -> Iterator[str]:
        yield "half"
        raise ArithmeticError

    monkeypatch.setitem(bibliography.WRITERS, "ris", (half, "text/plain", "ris"))
    as_vera.application.testing = False
    try:
        answer = as_vera.get(f"{TK}/bibliography.ris")
    finally:
        as_vera.application.testing = True
    assert answer.status_code == 500
    assert "half" not in answer.text


@pytest.mark.parametrize(
    ("address", "is_text"),
    [
        (f"{TK}/status-changes.csv", True),
        (f"{TK}/issues.json", True),
        (f"{TK}/annotations", True),
        (f"{TK}/issues.xlsx", False),
        (f"{TK}/brief.docx", False),
    ],
)
def test_text_is_sent_in_gzip_to_who_takes_it_and_says_the_same(
    as_vera: FlaskClient, address: str, is_text: bool
) -> None:
    plain, packed = as_vera.get(address), as_vera.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.content_length == len(packed.data)
    assert packed.headers.get("Content-Encoding") == ("gzip" if is_text else None)
    assert ("Accept-Encoding" in packed.vary) is is_text
    assert "Content-Encoding" not in plain.headers
    if is_text:
        assert MADE.sub(b"", gzip.decompress(packed.data)) == MADE.sub(b"", plain.data)
        assert {*packed.headers} - {*plain.headers} == {
            ("Content-Encoding", "gzip"),
            ("Content-Length", str(len(packed.data))),
        }
