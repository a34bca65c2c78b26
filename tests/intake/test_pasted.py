"""What is pasted: the title is found, the way through the site left out, the paragraphs kept."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.pages import ARTICLE, NEWS
from tracker.intake.found import Found
from tracker.intake.page import read_html
from tracker.intake.reading import read_paste
from tracker.models.refused import Refused
from tracker.text import paragraphs

TITLE = "North, South and the Dam: Talks at the Lake and What Is at Stake"
SUBTITLE = "An analysis of the talks at the lake, of who leads them, and of what is said at home."


def test_an_article_as_it_is_copied_from_a_page_gives_title_and_paragraphs() -> None:
    """Way through the site, the title twice, a line below it, the text, and a stray mark at its end."""
    copied = (
        f"Home > Lake Talks > {TITLE}\n\n\n{TITLE}\n\n\n{SUBTITLE}\n\n" + "\n\n".join(ARTICLE) + '\n"""\n'
    )
    found = read_paste(copied)
    assert found.title == TITLE
    assert [words for _, words in paragraphs(found.text)] == [SUBTITLE, *ARTICLE]
    assert found.published_on is None
    assert found.missing == ("publisher", "authors", "published_on", "language", "url")
    assert found.remarks == ()


@pytest.mark.parametrize(
    "head",
    [
        f"Home > Lake Talks > {TITLE[:40]}...\n{TITLE}",
        f"Home » Lake\n{TITLE}\n{TITLE}\n",
        f"Lake / Talks / {TITLE}\n\n{TITLE}",
        f"Головна › Переговори\n\n{TITLE}\n\n{TITLE}",
        f"https://lake.example/talks\n\n{TITLE}\n\n{TITLE}",
        f"\ufeff  \n{TITLE}  \r\n{TITLE.upper()}\r\n",
    ],
)
def test_what_leads_to_the_title_is_left_out_however_it_is_written(head: str) -> None:
    found = read_paste(head + "\n\n" + "\n\n".join(ARTICLE))
    assert found.title == TITLE
    assert found.text == "\n\n".join(ARTICLE)
    assert found.url == ("https://lake.example/talks" if "https" in head else "")


def test_a_title_that_only_stands_first_is_said_to_be_no_more_than_that() -> None:
    found = read_paste("\n".join(["Talks go on", *ARTICLE]))
    assert found.title == "Talks go on"
    assert found.text == "\n\n".join(ARTICLE)
    assert "taken from the first line" in found.remarks[0]


@pytest.mark.parametrize(
    "text", [ARTICLE[0], "\n\n".join(ARTICLE), "One > two is not a way.\n\nIt goes on.", "x", ""]
)
def test_a_text_without_a_title_is_left_whole(text: str) -> None:
    found = read_paste(text)
    assert (found.title, found.text) == ("", text)
    assert "title" in found.missing


@pytest.mark.parametrize(
    ("line", "day", "authors"),
    [
        ("Published: 2 December 2025, 14:05", date(2025, 12, 2), ()),
        ("Published on December 2, 2025. Updated on December 4, 2025", date(2025, 12, 2), ()),
        ("Опубліковано 02.12.2025", date(2025, 12, 2), ()),
        ("Published: 03/12/2025", None, ()),
        ("Updated: 2 December 2025", None, ()),
        ("Published", None, ()),
        ("By Jana Roe", None, ("Jana Roe",)),
        ("By and large it went well so far on both sides", None, ()),
        ("Автор: Яна Ро", None, ("Яна Ро",)),
    ],
)
def test_a_day_or_an_author_is_taken_only_where_a_line_declares_it(
    line: str, day: date | None, authors: tuple[str, ...]
) -> None:
    found = read_paste(f"{TITLE}\n{TITLE}\n\n{line}\n\n{ARTICLE[0]}")
    assert (found.published_on, found.authors) == (day, authors)
    assert line in found.text


def test_a_bare_day_is_pointed_out_and_not_taken() -> None:
    found = read_paste(f"{TITLE}\n{TITLE}\n\n2 December 2025\n\n{ARTICLE[0]}")
    assert found.published_on is None
    assert "A day stands at the top" in found.remarks[0]


def test_pasted_html_of_a_part_keeps_all_its_paragraphs() -> None:
    html = f"<h1>{TITLE}</h1><p>{ARTICLE[0]}<p>{ARTICLE[1]}<ul><li>one<li>two</ul><script>alert(1)</script>"
    found = Found.of(read_html(html).as_json(), "text")
    assert found.title == TITLE
    assert found.text.split("\n\n") == [ARTICLE[0], ARTICLE[1], "one", "two"]


def test_what_a_browser_puts_on_the_clipboard_is_read_as_a_part() -> None:
    part = f"<h1>{TITLE}</h1><p>{ARTICLE[0]}</p>"
    html = f"<html><body>\n<!--StartFragment-->{part}<!--EndFragment--></body></html>"
    assert read_paste(html).text == ARTICLE[0]


def test_the_source_of_a_whole_page_is_read_as_a_page() -> None:
    found = read_paste(NEWS.html.decode())
    assert (found.title, found.published_on, found.text) == (NEWS.title, NEWS.day, "\n\n".join(ARTICLE))


def test_markup_that_is_pasted_as_words_stays_words() -> None:
    found = read_paste(f"<script>alert(1)</script> is what they sent\n\n{ARTICLE[0]}")
    assert found.title == "<script>alert(1)</script> is what they sent"


@pytest.mark.parametrize(
    "text",
    [
        "a > " * 100_000,
        "> " * 200_000,
        "\n" * 400_000,
        "a\n" * 200_000,
        "By " + "a " * 200_000,
        "Published " * 40_000,
    ],
)
def test_a_paste_made_to_be_slow_is_read_in_time(text: str) -> None:
    before = time.monotonic()
    read_paste(text)
    assert time.monotonic() - before < 8


def test_a_paste_beyond_what_the_record_takes_is_refused() -> None:
    for text in ("a " * 600_000, "a" * 6_000_000):
        with pytest.raises(Refused, match="more than 1000000 characters"):
            read_paste(text)


@given(st.text(st.characters(), max_size=300) | st.text("<>ab \n/!-&;:p'\"", max_size=200))
def test_any_text_is_found_or_refused(text: str) -> None:
    for read in (read_html, None):
        try:
            found = Found.of(read(text).as_json(), "text") if read else read_plain_alone(text)
        except Refused:
            continue
        assert "\x00" not in found.text
        (found.title + found.text).encode()


def read_plain_alone(text: str) -> Found:
    """Read a paste unless it would start a process."""
    return read_paste(" " + text.replace("<", "("))
