import re
import unicodedata
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from tracker.text import (
    CONTEXT,
    clean,
    find,
    first_sentence,
    nearest,
    one_line,
    paragraphs,
    plain_words,
    printable,
)

TEXT = clean(
    "The talks\n\nBlue’s minister said: “We pay — half of it.” Then he left.\n\n"
    "  Red's envoy said nothing;\nhis côté was  empty…  The end."
)
#: Letters that a reader takes for one another, with those that he does not.
LETTERS = "ab é'’“\"-—–\n\u00a0\u00ad.;"
SIZE = 100_000


def plain(text: str) -> str:
    """Say by other means than the program what two texts that count as equal have in common."""
    text = re.sub(r"[’“”]", "'", unicodedata.normalize("NFC", text).replace("\u00ad", "").replace('"', "'"))
    return " ".join(re.sub("[—–-]+", "-", text).split())


@pytest.mark.parametrize(
    "quote",
    [
        "We pay — half of it.",
        "We pay - half of it.",
        "We pay -- half of it.",
        "We\u00a0pay\u202f– half\n of  it.",
        "We p\u00aday — ha\u200blf of it.",
        "  We pay — half of it.\r\n",
    ],
)
def test_quote_is_found_whatever_its_blanks_and_dashes(quote: str) -> None:
    passage = find(quote, TEXT)
    assert passage
    assert TEXT[passage.start : passage.end] == "We pay — half of it."


@pytest.mark.parametrize("quote", ["“We pay", '"We pay', "„We pay", "«We pay", "'We pay", "”We pay"])
def test_quotation_marks_of_all_shapes_are_one(quote: str) -> None:
    passage = find(quote, TEXT)
    assert passage
    assert TEXT[passage.start : passage.end] == "“We pay"


def test_apostrophes_are_one() -> None:
    assert find("Blue's minister", TEXT)
    assert find("Red’s envoy", TEXT)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_composed_and_decomposed_letters_are_one(form: Literal["NFC", "NFD"]) -> None:
    assert find(unicodedata.normalize(form, "his côté was"), TEXT)
    assert find("his côté was", clean(unicodedata.normalize(form, TEXT)))


@pytest.mark.parametrize(
    "quote",
    [
        "We pay — hall of it.",
        "we pay — half of it.",
        "We pay half of it.",
        "Wepay — half of it.",
        "We pay — half of it!",
        "We pay — — half of it.",
        "We pay — half of it.“” Then",
        "his cote was",
        "empty...",
        "The end. ?",
    ],
)
def test_quote_with_one_letter_changed_is_not_found(quote: str) -> None:
    assert find(quote, TEXT) is None


@pytest.mark.parametrize("quote", ["", " ", "\n\t", "\u00ad", "\ufeff \u200b"])
def test_an_empty_quote_is_nowhere(quote: str) -> None:
    assert find(quote, TEXT) is None
    assert find(quote, "") is None


def test_nothing_is_found_in_an_empty_text() -> None:
    assert find("We pay", "") is None
    assert nearest("We pay", "") == ""
    assert paragraphs("") == []


def test_passage_tells_where_it_stands() -> None:
    passage = find("said: 'We pay", TEXT)
    assert passage
    assert TEXT[passage.start : passage.end] == "said: “We pay"
    assert passage.prefix == "The talks\n\nBlue’s minister "
    assert passage.suffix == " — half of it.” Then he left.\n\n "
    assert len(passage.suffix) == CONTEXT
    assert passage.paragraph == 2


def test_the_first_of_several_places_is_taken() -> None:
    text = "one  two\n\none two"
    passage = find("one two", text)
    assert passage
    assert (passage.start, passage.end, passage.paragraph) == (0, 8, 1)


def test_the_places_are_right_behind_long_runs_of_blanks() -> None:
    text = "a   b\n\n\nc — — d   e------f"
    for quote, words in (("c — — d", "c — — d"), ("d e", "d   e"), ("e-f", "e------f"), ("-f", "------f")):
        passage = find(quote, text)
        assert passage
        assert text[passage.start : passage.end] == words


@given(st.text(LETTERS, max_size=30), st.text(LETTERS, max_size=6))
@example("a--b", "-b")
@example("a  b", " b")
def test_quote_is_found_where_a_reader_would_find_it(text: str, quote: str) -> None:
    text = clean(text)
    passage = find(quote, text)
    slices = (text[start:end] for start in range(len(text)) for end in range(start + 1, len(text) + 1))
    is_there = bool(plain(quote)) and any(plain(words) == plain(quote) for words in slices)
    assert (passage is not None) == is_there
    if passage:
        assert plain(text[passage.start : passage.end]) == plain(quote)
        assert text[: passage.start].endswith(passage.prefix)
        assert text[passage.end :].startswith(passage.suffix)


@given(st.text())
@example("e\u00ad\u0301")
@example("\r\u00ad\n")
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(), st.text())
@example("\ud800", "a\ud800b")
def test_no_text_breaks_the_search(quote: str, text: str) -> None:
    find(quote, clean(text))
    nearest(quote, clean(text))


#: Each took the square of its length, or longer, of a search that goes back and tries again.
@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("-" * 5 + "x", "-" * SIZE),
        ("- " * 5000 + "x", "- " * SIZE),
        ("a" * 5000 + "b", "a" * SIZE * 5),
        ("'" * 5000 + "x", "'" * SIZE * 5),
        ("x" + " " * SIZE + "y", "x" + " " * SIZE + "z"),
        ("a b", "a" + " \n" * SIZE),
        ("x", "\n \n" * SIZE),
        ("ab" * 5000 + "c", "ab" * SIZE),
        ("- b", "-" * SIZE * 5 + "c b"),
        ("a " * 5000 + "b", "a " * SIZE * 5),
        ('"' * 5000 + "z", '"' * SIZE * 5 + " z"),
        ("- - - b", ("-" * 30 + " ") * SIZE + "c b"),
    ],
)
def test_no_text_is_long_to_search(quote: str, text: str) -> None:
    assert find(quote, text) is None
    assert len(nearest(quote, text)) <= 1000
    paragraphs(text)


def test_marks_heaped_on_one_letter_are_cut_off() -> None:
    heap = "\u0315\u0300" * SIZE  # to put these in order would take minutes
    assert len(clean("a" + heap)) <= 31
    assert clean("a" + heap + "b" + heap).count("b") == 1


def test_a_rule_of_dashes_is_not_taken_for_marks() -> None:
    assert clean("—" * 80) == "—" * 80


def test_the_nearest_passage_is_shown_in_whole_words() -> None:
    assert nearest("We pay — hall of it", TEXT) == "“We pay — half of it.”"
    assert nearest("his cote was empty", TEXT) == "his côté was empty…"


def test_the_nearest_passage_is_found_in_a_long_text() -> None:
    filler = "The delegations spoke of this and that, and of much else besides, until the evening. " * 6000
    passage = "Blue’s minister said that half of it would be paid before the summer."
    text = clean(filler + "\n\n" + filler + passage + " " + filler)
    assert len(text) > 1_000_000
    near = nearest("Blue's minister said that none of it would be paid before the summer", text)
    assert near == passage
    assert nearest("q" * 500, "z" * 1_000_000) == ""
    assert len(nearest("z" * 400 + "q", "z" * 1_000_000)) <= 1000


def test_nothing_is_near_what_is_wholly_other() -> None:
    assert nearest("0123456789", "The talks go on") == ""


def test_paragraphs_end_at_blank_lines() -> None:
    text = "one\ntwo\n\n \n three \n\t\nfour"
    assert paragraphs(text) == [(0, "one\ntwo"), (12, "three"), (21, "four")]
    assert all(text[offset:].startswith(words) for offset, words in paragraphs(text))


def test_lines_are_paragraphs_where_no_line_is_blank() -> None:
    assert paragraphs("one\ntwo\n") == [(0, "one"), (4, "two")]
    assert paragraphs("\n\none\ntwo\n\n") == [(2, "one"), (6, "two")]


@given(st.text("ab \t\n"))
def test_paragraphs_hold_all_words_in_their_places(text: str) -> None:
    found = paragraphs(text)
    assert " ".join(words for _, words in found).split() == text.split()
    assert all(text[offset : offset + len(words)] == words for offset, words in found)


def test_one_line_folds_white_space() -> None:
    assert one_line(" a \n\u00a0 b ") == "a b"


@given(st.text(LETTERS), st.text(LETTERS))
def test_each_plain_word_of_a_quote_stands_where_it_is_found(quote: str, text: str) -> None:
    text = clean(text)
    if find(quote, text):
        assert all(word in text for word in plain_words(quote))


@given(st.text())
@example("a\r\nb\rc\td\x00\x0b\x7f\x85\ufffe\ud800")
def test_printable_text_can_stand_in_xml_and_keeps_every_sign_that_is_seen(text: str) -> None:
    found = printable(text)
    etree.Element("text").text = found  # or it raises
    assert {letter for letter in found if unicodedata.category(letter) == "Cc"} <= {"\n", "\t"}
    seen = [letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cs", "Cn")]
    assert [letter for letter in found if letter in {*seen}] == seen
    assert printable(found) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Wants Donetsk. All of it.", "Wants Donetsk. …"),
        ("Says “never.” Then waits.", "Says “never.” …"),
        ("Clause No. 5 of Mr. Blue holds.\n\nFor now.", "Clause No. 5 of Mr. Blue holds. …"),
        ("All of it.", "All of it."),
        ("Without an end", "Without an end"),
        ("", ""),
        ("a word and " * 9, "a word and a word and a word and a…"),
        ("x" * 50, "x" * 36 + "…"),
    ],
)
def test_the_first_sentence_stands_for_a_text_and_is_cut_between_words(text: str, said: str) -> None:
    assert first_sentence(text, 36) == said
