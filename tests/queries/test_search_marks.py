"""Marking in a text as it is written what was found in its plain words."""

import pytest

from tracker.models.search_doc import Phrase
from tracker.queries.search_marks import Finder

PHRASES = [Phrase(("dam",)), Phrase(("frozen", "assets")), Phrase(("guar",), is_open=True), Phrase(("киив",))]


def marked(text: str) -> str:
    return "".join(
        f"[{piece.words}]" if piece.is_marked else piece.words for piece in Finder(PHRASES).mark(text)
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A DAM, a damage, the “dam’s” dam-day", "A [DAM], a damage, the “[dam]’s” [dam]-day"),
        ("Frozen\n assets; frozen as assets", "[Frozen\n assets]; frozen as assets"),
        ("Guarantees, a guard, vanguard", "[Guarantees], a [guard], vanguard"),
        ("nothing_dam_here", "nothing_[dam]_here"),
        ("no such word", "no such word"),
    ],
)
def test_words_are_marked_in_simple_texts_and_in_any_other_alike(text: str, found: str) -> None:
    assert marked(text) == found
    assert marked(f"{text} Ё") == f"{found} Ё"


def test_words_are_marked_as_they_are_written() -> None:
    assert marked("У Києві: Київ, КИЇВ") == "У Києві: [Київ], [КИЇВ]"
