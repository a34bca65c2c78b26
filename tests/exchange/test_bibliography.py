"""Bibliographies: what reference managers and our own readers find in them, whatever letters a source has."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import rispy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pybtex.database import parse_string

from tests.world import DAY
from tracker.exchange.bibliography import WRITERS
from tracker.intake.references import read_references
from tracker.models.vocabulary import Handling, SourceKind
from tracker.queries.bibliography import Work
from tracker.text import clean, one_line

WORK = Work(
    id=17,
    kind=SourceKind.ARTICLE,
    title="Talks on the lake go on",
    authors=["Ann Lee", "World Water Board", "Ministry of Water, Department of Dams"],
    publisher="The Lake",
    origin="Shore Agency",
    url="https://example.org/a_b?c=1;2&d=%20#e~f",
    archived_url="https://archive.example.org/1/https://example.org/",
    published_on=DAY,
    accessed_on=date(2025, 12, 24),
    language="uk-UA",
    handling=Handling.CLEAR,
)
#: Each of these has undone a list somewhere.
ODD = [
    r"100 % & {braces} }{ $5 #1 a_b ^ ~ \ \textbf{x} C:\new",
    "He said: \"No\" -- ``so'' --- ?` !` <<x>> ,,y''",
    "ER  - ",
    "TY  - JOUR",
    "@article{x, title = {y}}",
    "=HYPERLINK(1)",
    "Росія та Україна: “перемовини” – ’22",
    "中文 العربية \U0001f54a e\u0301",
    "</script><b>&amp;",
    "and, and and, others",
    "a\u2028b\x85c\td\x0be",
]


def written(form: str, works: Sequence[Work]) -> str:
    return "".join(WRITERS[form][0](iter(works)))


def hold_read_back(form: str, works: Sequence[Work]) -> None:
    """Hold that our reader finds the same references in a list."""
    found = read_references(written(form, works)).references
    assert [reference.broken for reference in found] == [()] * len(works)
    for reference, work in zip(found, works, strict=True):
        assert reference.remarks == ()
        assert reference.title == one_line(clean(work.title))
        assert reference.publisher == one_line(clean(work.publisher))
        assert [*reference.authors] == [one_line(clean(name)) for name in work.authors]
        assert (reference.url, reference.language) == (work.url, work.language)
        assert (reference.kind, reference.published_on) == (work.kind, work.published_on)


@pytest.mark.parametrize("form", WRITERS)
def test_our_own_readers_find_the_same_references(form: str) -> None:
    kinds = [replace(WORK, id=number, kind=kind) for number, kind in enumerate(SourceKind)]
    bare = replace(
        WORK, id=99, authors=[], publisher="", origin="", url="", archived_url="", language="",
        published_on=None, accessed_on=None,
    )  # fmt: skip
    hold_read_back(form, [*kinds, bare])


@pytest.mark.parametrize("form", WRITERS)
def test_no_letters_break_a_list(form: str) -> None:
    hold_read_back(
        form,
        [
            replace(WORK, id=n, title=odd, publisher=odd, authors=[odd, "Ann Lee"])
            for n, odd in enumerate(ODD)
        ],
    )


LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Co"])
WORDS = st.text(st.one_of(st.sampled_from("\\{}%&$#_^~-'`\",;@= "), LETTERS), min_size=1, max_size=25).map(
    lambda text: "x" + text + "x"
)


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=WORDS, publisher=WORDS)
def test_any_title_comes_back(form: str, title: str, publisher: str) -> None:
    hold_read_back(form, [replace(WORK, title=title, publisher=publisher), WORK])


def _of_csl(text: str) -> Iterator[dict[str, Any]]:
    for each in json.loads(text):
        yield {
            "key": each["id"],
            "accessed": "-".join(map(str, each["accessed"]["date-parts"][0])),
            "archived": each["archive_location"],
            "origin": each["original-publisher"],
            "marking": each.get("keyword"),
        }


def _of_bibtex(text: str) -> Iterator[dict[str, Any]]:
    for key, entry in parse_string(text, "bibtex").entries.items():
        fields = entry.fields
        yield {
            "key": key,
            "accessed": fields["urldate"],
            "archived": fields["archiveurl"],
            "origin": fields["origpublisher"].strip("{}"),
            "marking": fields.get("keywords"),
        }


def _of_ris(text: str) -> Iterator[dict[str, Any]]:
    for each in rispy.loads(text):
        yield {
            "key": each["id"],
            "accessed": each["access_date"].strip("/").replace("/", "-"),
            "archived": each["file_attachments2"],
            "origin": each["original_publication"],
            "marking": ", ".join(each.get("keywords", ())) or None,
        }


@pytest.mark.parametrize(("form", "read"), [("csl", _of_csl), ("bib", _of_bibtex), ("ris", _of_ris)])
def test_other_readers_find_key_days_copies_and_marking(
    form: str, read: Callable[[str], Iterator[dict[str, Any]]]
) -> None:
    secret = replace(WORK, id=18, handling=Handling.AMBER)
    one, two = read(written(form, [WORK, secret]))
    assert one == {
        "key": "source-17",
        "accessed": "2025-12-24",
        "archived": WORK.archived_url,
        "origin": "Shore Agency",
        "marking": None,
    }
    assert two == one | {"key": "source-18", "marking": "TLP:AMBER"}


def test_a_list_of_nothing_is_a_list() -> None:
    assert [written(form, []) for form in WRITERS] == ["[]\n", "", ""]
