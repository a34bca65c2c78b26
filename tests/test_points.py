"""Pasted texts, split at their numbers."""

import time

import pytest

from tracker.points import Point, split


def numbers(text: str) -> list[str]:
    return [point.number for point in split(text).points]


def test_a_numbered_list_is_split_and_what_stands_before_it_is_told() -> None:
    found = split("The plan, as leaked:\n\n1. The dam is\nshared.\n2) Prisoners go home.\n\n(3) Talks go on.")
    assert found.before == "The plan, as leaked:"
    assert found.points == (
        Point("1", "The dam is shared."),
        Point("2", "Prisoners go home."),
        Point("3", "Talks go on."),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Article 1\nPeace.\nArticle 2 - Water.", ["Article 1", "Article 2"]),
        ("Article I. Peace.\nArticle II. Water.", ["Article I", "Article II"]),
        ("§ 1 Peace.\n§2 Water.", ["§ 1", "§2"]),
        (
            "Стаття 1. Мир.\n1. Сторони:\nа) одна;\nб) друга.",
            ["Стаття 1", "Стаття 1(1)", "Стаття 1(1)(а)", "Стаття 1(1)(б)"],
        ),
        ("Пункт 3. Вода.", ["Пункт 3"]),
        ("1. Peace\n1.1 now\n1.2. soon\n1.2.1 later\n2. Water", ["1", "1.1", "1.2", "1.2.1", "2"]),
        (
            "(1) Peace\n(a) now\n(i) here\n(ii) there\n(b) soon\n(2) Water",
            ["1", "1(a)", "1(a)(i)", "1(a)(ii)", "1(b)", "2"],
        ),
        ("(h) eight\n(i) nine\n(j) ten", ["h", "i", "j"]),
        ("a. one\nb. two", ["a", "b"]),
        ("1.\tone\r\n2.\ttwo", ["1", "2"]),
        ("• 1. one\n• 2. two", ["1", "2"]),
    ],
)
def test_numbers_are_kept_as_they_stand_with_what_they_stand_under(text: str, expected: list[str]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    "line",
    [
        "1.5 million people",
        "20 people came",
        "1914. The war",
        "I. Reed signed",
        "2025 was long",
        "U.S. troops",
    ],
)
def test_a_line_that_only_looks_like_a_number_goes_on_with_its_point(line: str) -> None:
    assert split(f"1. It is said that\n{line}\n2. Water").points[0].text == f"It is said that {line}"


def test_a_heading_without_words_of_its_own_is_left_out() -> None:
    assert numbers("1.\na) one\nb) two\n2.\n3. three") == ["1(a)", "1(b)", "2", "3"]


def test_a_text_without_numbers_has_a_point_for_each_paragraph() -> None:
    found = split("The dam\nis shared.\n\nPrisoners go home.")
    assert not found.is_numbered
    assert found.points == (Point("1", "The dam is shared."), Point("2", "Prisoners go home."))
    assert split("One line.\nAnother.").points == (Point("1", "One line."), Point("2", "Another."))
    assert split(" \n ").points == ()


@pytest.mark.parametrize(
    "text",
    [
        "1. " + "x " * 100_000,
        "(a" * 100_000,
        " " * 200_000,
        "1.1." * 50_000,
        "1.\n" * 20_000,
        "Article " * 25_000,
    ],
)
def test_a_hostile_text_is_split_in_no_time(text: str) -> None:
    begun = time.perf_counter()
    split(text)
    assert time.perf_counter() - begun < 3
