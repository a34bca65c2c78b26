"""The exact search of the stored texts, and the cutting of a text at its quotes."""

import pytest
from sqlalchemy.orm import Session

from tests.world import DAY, QUOTE, World, make_source
from tracker.models import Negotiation
from tracker.queries.passages import Segment, find_passages, is_enough, segments
from tracker.queries.resting import Mark


@pytest.mark.parametrize(
    "quote",
    [
        QUOTE,
        "“We  will not pay\nfor Blue's dam” — so the envoy",
        "Blue’s minister answered that the dam was never",
    ],
)
def test_blanks_quotation_marks_and_dashes_may_differ(session: Session, world: World, quote: str) -> None:
    hits = find_passages(session, quote, world.ed)
    assert [(hit.id, hit.locator) for hit in hits] == [(world.article.id, "para 3")]


@pytest.mark.parametrize(
    "quote",
    ["We will never pay for Blue’s dam", "we will not pay for", "“ – ” – “ – ” – “ – ”", "100% of_it %"],
)
def test_a_word_changed_is_not_found(session: Session, world: World, quote: str) -> None:
    assert find_passages(session, quote, world.ed) == []


def test_the_passage_stands_between_the_words_around_it(session: Session, world: World) -> None:
    (hit,) = find_passages(session, "the dam was never", world.ed)
    assert hit.quote == "the dam was never"
    assert hit.before.startswith("…")
    assert hit.before.endswith("answered that ")
    assert hit.after.startswith(" on the table.")


def test_only_texts_of_the_negotiation_are_searched(session: Session, world: World) -> None:
    other = Negotiation(code="OT", title="Other")
    session.add(other)
    other.recorded_at = other.moment
    session.flush()
    assert find_passages(session, QUOTE, world.ed, negotiation=world.talks)
    assert find_passages(session, QUOTE, world.ed, negotiation=other) == []
    assert find_passages(session, QUOTE, world.ed, source_id=world.report.id) == []


def test_there_are_no_more_hits_than_asked_for_the_last_added_first(session: Session, world: World) -> None:
    copies = [make_source(session, world.talks, f"Copy {n}", world.article.text) for n in range(12)]
    session.flush()
    hits = find_passages(session, QUOTE, world.ed)
    assert [hit.id for hit in hits] == [copy.id for copy in copies[:1:-1]]
    assert len(find_passages(session, QUOTE, world.ed, limit=2)) == 2


def test_other_scripts_are_found_letter_for_letter(session: Session, world: World) -> None:
    source = make_source(session, world.talks, "Їжа", "Він сказав: «ми не їдемо до моря» сьогодні.")
    session.flush()
    (hit,) = find_passages(session, 'сказав: "ми не їдемо', world.ed)
    assert hit.id == source.id


@pytest.mark.parametrize(
    ("quote", "answer"), [("a b c", True), ("unpronounceable", True), ("the dam", False)]
)
def test_three_words_or_fifteen_letters_are_enough(quote: str, answer: bool) -> None:
    assert is_enough(quote) is answer


def mark(number: int, start: int, end: int) -> Mark:
    return Mark(number, start, end, "position", "TK", 1, "uid", None, DAY)


def numbers(marks: tuple[Mark, ...]) -> list[int]:
    return [mark.number for mark in marks]


def shape(pieces: list[Segment]) -> list[tuple[str, list[int], list[int], list[int]]]:
    """Give words, and the numbers of the quotes that cover, begin and end in each piece."""
    return [(one.words, numbers(one.marks), numbers(one.begin), numbers(one.end)) for one in pieces]


def test_overlapping_quotes_are_cut_where_they_begin_and_end() -> None:
    (pieces,) = segments([(10, "abcdefgh")], [mark(1, 11, 15), mark(2, 13, 17), mark(3, 11, 15)])
    assert shape(pieces) == [
        ("a", [], [], []),
        ("bc", [1, 3], [1, 3], []),
        ("de", [1, 3, 2], [2], [1, 3]),
        ("fg", [2], [], [2]),
        ("h", [], [], []),
    ]


def test_a_quote_may_run_over_paragraphs() -> None:
    first, second, third = segments([(0, "abc"), (5, "de"), (9, "fg")], [mark(1, 1, 10)])
    assert shape(first) == [("a", [], [], []), ("bc", [1], [1], [])]
    assert shape(second) == [("de", [1], [], [])]
    assert shape(third) == [("f", [1], [], [1]), ("g", [], [], [])]


def test_a_text_without_quotes_is_whole() -> None:
    assert shape(segments([(0, "abc")], [])[0]) == [("abc", [], [], [])]
