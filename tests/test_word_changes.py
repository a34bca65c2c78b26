"""Two texts compared word by word."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.text import Change, one_line, same_words, word_changes, word_sides


def test_words_are_compared_word_by_word() -> None:
    assert word_changes("Red will not pay", "Red will pay half") == [
        Change("same", "Red will"),
        Change("del", "not"),
        Change("same", "pay"),
        Change("ins", "half"),
    ]
    assert word_changes("", "") == word_changes("the same", "the same") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Red's line", "Red’s line"),
        ('It says "never"', "It says „never“"),
        ("a cease-fire - soon", "a cease‑fire – soon"),
        ("5\u00a0000 boats", "5 000\n boats"),
    ],
)
def test_the_shape_of_quotation_marks_dashes_and_blanks_is_no_change(old: str, new: str) -> None:
    assert word_changes(old, new) == []
    assert word_sides(old, new) == ([], [])
    assert same_words(old, new)


def test_a_mark_at_the_end_does_not_drag_its_word_in() -> None:
    assert word_changes("It is paid.", "It is paid by Red") == [
        Change("same", "It is paid"),
        Change("ins", "by Red"),
        Change("del", ".", is_joined=True),
    ]
    assert word_changes("They keep the dam", "They keep the (old) dam,") == [
        Change("same", "They keep the"),
        Change("ins", "(old)"),
        Change("same", "dam"),
        Change("ins", ",", is_joined=True),
    ]
    assert not same_words("It is paid", "It is paid.")


def test_each_text_is_printed_as_it_is_written() -> None:
    old, new = "Red's “dam” is kept", "Red’s 'dam' – is kept, now"
    assert word_changes(old, new) == [
        Change("same", "Red’s 'dam'"),
        Change("ins", "–"),
        Change("same", "is kept"),
        Change("ins", ", now", is_joined=True),
    ]
    before, after = word_sides(old, new)
    assert before == [Change("same", "Red's “dam”"), Change("same", "is kept")]
    assert [change.words for change in after] == ["Red’s 'dam'", "–", "is kept", ", now"]


@given(st.text("ab.,'’ -–"), st.text("ab.,'’ -–"))
def test_the_words_of_both_texts_stand_whole_in_a_comparison(old: str, new: str) -> None:
    sides = word_sides(old, new)
    assert (sides == ([], [])) == same_words(old, new)
    if sides != ([], []):
        for text, side in zip((old, new), sides, strict=True):
            printed = "".join(change.words if change.is_joined else f" {change.words}" for change in side)
            assert printed.strip() == one_line(text)


def test_texts_with_little_in_common_are_compared_as_wholes() -> None:
    assert word_changes("Red keeps the dam as it is", "Blue wants to sell the boats") == [
        Change("del", "Red keeps the dam as it is"),
        Change("ins", "Blue wants to sell the boats"),
    ]


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_changes_lead_from_the_old_words_to_the_new(old: list[str], new: list[str]) -> None:
    assume(old != new)
    changes = word_changes(" ".join(old), " ".join(new))
    assert " ".join(change.words for change in changes if change.kind != "ins") == " ".join(old)
    assert " ".join(change.words for change in changes if change.kind != "del") == " ".join(new)
