"""The plain form of words, which search compares."""

import pytest

from tracker.letters import LONGEST, plain_text, words_in


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        ("Росія", "РОСИЯ"),
        ("Об’єкт", "Об'єкт"),
        ("Київ", "Киив"),
        ("Доне́цьк", "Донецк"),
        ("ёлка", "елка"),
        ("Straße", "STRASSE"),
        ("Élysée", "elysee"),
        ("Łódź", "lodz"),
        ("ﬁnance", "finance"),
        ("İstanbul", "istanbul"),
        ("مَرحبا", "مرحبا"),
        ("①", "1"),
        ("600,000", "600000"),
        ("600 000", "600.000"),
        ("1 200 000 — б", "1,200,000 б"),
    ],
)
def test_what_is_written_otherwise_is_the_same_word(written: str, otherwise: str) -> None:
    assert plain_text(written) == plain_text(otherwise) != ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("US-Ukraine, 90 % (_agreed_)!", "us ukraine 90 agreed"),
        ("l’accord d'O'Brien", "l accord d o brien"),
        ("п’ять", "пят"),
        ("北京で", "北 京 て"),
        ("हिन्दी", "हिनदी"),
        ("2 Dec 2025, 100 or 12,34 of 3.1415", "2 dec 2025 100 or 12 34 of 3 1415"),
        ("ь ъ ' \x00 \ud800 \ue000", ""),
    ],
)
def test_words_end_where_they_end(text: str, words: str) -> None:
    assert plain_text(text) == words


def test_words_are_found_where_they_stand() -> None:
    text = "«Київ» – ні"
    assert [(text[start:end], plain) for start, end, plain in words_in(text)] == [
        ("Київ", "киив"),
        ("ні", "ни"),
    ]


def test_a_word_without_end_is_cut() -> None:
    assert plain_text("я" * 5000) == "я" * LONGEST
