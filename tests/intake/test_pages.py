"""Pages of the web: title, day and text are right or said to be missing, never wrong silently."""

import time

import pytest

from tests.intake import more_pages, pages
from tests.intake.loopback import PUBLIC, Server, answer, web_of
from tests.intake.pages import ADDRESS, ARTICLE, Page
from tracker.intake.found import Found
from tracker.intake.page import read_page
from tracker.intake.reading import read_address, read_file
from tracker.models.vocabulary import SourceKind

PAGES = [each for module in (pages, more_pages) for each in vars(module).values() if isinstance(each, Page)]


def read(html: bytes, address: str = ADDRESS, charset: str = "") -> Found:
    """Read a page without a process of its own."""
    return Found.of(read_page(html, address, charset).as_json(), "url")


@pytest.mark.parametrize("page", PAGES, ids=[each.name for each in PAGES])
def test_a_page_is_read_right_or_what_is_missing_is_said(page: Page) -> None:
    found = read(page.html, page.url if page.name.startswith("a year") else ADDRESS)
    assert (found.title, found.published_on, found.language) == (page.title, page.day, page.language)
    assert (found.publisher, found.authors, found.url) == (page.publisher, page.authors, page.url)
    if len(page.text) < 10 and page is not more_pages.LONG:
        assert found.text.split("\n\n") == [*page.text] or (not page.text and found.text == "")
    assert all(each in found.text for each in page.text)
    expected = {"title", "publisher", "authors", "published_on", "language", "text"}
    assert set(found.missing) == {name for name in expected if not getattr(found, name)}
    assert page.remark in " ".join(found.remarks)
    assert page.remark or not found.remarks


def test_the_pages_are_as_many_as_they_shall_be() -> None:
    assert len({each.name for each in PAGES}) == len(PAGES) > 30


def test_the_kind_is_told_where_the_page_says_it() -> None:
    kinds = [read(each.html).kind for each in (pages.NEWS, more_pages.POST, pages.TABLES)]
    assert kinds == [SourceKind.ARTICLE, SourceKind.SOCIAL_POST, None]


def test_the_server_names_the_letters_where_the_page_does_not() -> None:
    plain = pages.CYRILLIC.html.replace(b"charset=windows-1251", b"")
    found = read(plain, charset="windows-1251")
    assert (found.title, found.remarks) == (pages.CYRILLIC.title, ())


def test_an_address_is_read_from_the_web_to_the_text(server: Server) -> None:
    web, connection = web_of(server)
    server.answers["/"] = lambda: [answer(status="302 Found", Location="/talks")]
    server.answers["/talks"] = lambda: [answer(pages.NEWS.html.replace(b"www.lake", b"www.news"))]
    found = read_address("http://news.example/", web)
    assert (found.title, found.published_on) == (pages.NEWS.title, pages.DAY)
    assert found.text.split("\n\n") == ARTICLE
    assert found.url == "https://www.news.example/news/talks-go-on"
    assert {host for host, _ in connection.asked} == {PUBLIC}


def test_plain_text_from_the_web_keeps_its_address(server: Server) -> None:
    web, _ = web_of(server)
    text = "\n\n".join(["Talks go on", *ARTICLE]).encode()
    server.answers["/a.txt"] = lambda: [answer(text, Content_Type="text/plain")]
    found = read_address("http://news.example/a.txt", web)
    assert (found.title, found.url) == ("Talks go on", "http://news.example/a.txt")


def test_a_page_saved_as_a_file_is_read_like_one_from_the_web() -> None:
    found = read_file("talks.pdf", pages.NEWS.html)
    assert (found.title, found.url) == (pages.NEWS.title, pages.NEWS.url)
    assert found.missing == ("language",) or found.missing == ()


INLINE = (
    *(
        "a",
        "abbr",
        "b",
        "bdi",
        "cite",
        "code",
        "data",
        "del",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
    ),
    *("noindex", "output", "s", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var"),
)


def test_no_word_of_a_sentence_is_lost_to_the_tag_around_it() -> None:
    told = [
        f"The {n}th sentence says that the {tag}-word, so it is, stays in it." for n, tag in enumerate(INLINE)
    ]
    marked = [
        words.replace(f"the {tag}-word", f"<{tag}>the {tag}-word</{tag}>")
        for tag, words in zip(INLINE, told, strict=True)
    ]
    html = f"<html><title>x</title><body><article>{pages.body(marked)}</article></body></html>"
    assert read(html.encode()).text.split("\n\n") == told


def test_paragraphs_are_parted_as_the_page_parts_them() -> None:
    inside = f"""{pages.P}<h2>What was agreed</h2><ul><li>One: fish<li>Two: the <a href=x>border</a></ul>
    <p>One line<br>and another<br> <br/>A second part<br><br><br>A third</p>
    <table><tr><th>Issue<th>Status<tr><td>Dam<td><b>open</b></table>
    <p>She said <q>never <b>ever</b></q> and <q>no</q>.<!-- a note --> 28&nbsp;points &amp; more</p>"""
    found = read(f"<html><title>x</title><body><article>{inside}</article></body></html>".encode())
    assert found.text.split("\n\n") == [
        *ARTICLE,
        "What was agreed",
        "One: fish",
        "Two: the border",
        "One line\nand another",
        "A second part",
        "A third",
        "Issue | Status",
        "Dam | open",
        "She said “never ever” and “no”. 28 points & more",
    ]


def test_a_page_of_which_most_is_left_out_says_so() -> None:
    others = pages.body([f"{n}: {each}" for n in range(3) for each in ARTICLE])
    inside = f"<article>{pages.P}</article><div class='comments'>{others}</div>"
    html = f"<html><title>x</title><body>{inside}</body></html>"
    found = read(html.encode())
    assert found.text == "\n\n".join(ARTICLE)
    assert "More than half" in found.remarks[0]


ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def test_markup_in_every_field_comes_out_as_plain_text() -> None:
    told = ATTACK.replace("<", "&lt;")
    html = f"""<html lang="&lt;script>"><head><title>{told}</title>
    <meta property="og:title" content='{ATTACK}'><meta property="og:site_name" content='{ATTACK}'>
    <meta name="author" content='{ATTACK}'><meta name="date" content='{ATTACK}'>
    <link rel="canonical" href='https://lake.example/"><script>alert(1)</script>'></head>
    <body><h1>{told}</h1><article><p>{told} {ARTICLE[0]}</p>
    <p>{ATTACK} {ARTICLE[1]}</p></article></body></html>"""
    found = read(html.encode())
    assert found.title == found.publisher == found.authors[0] == ATTACK
    assert (found.language, found.published_on) == ("", None)
    assert found.url in (ADDRESS, 'https://lake.example/"><script>alert(1)</script>')
    assert found.text.split("\n\n") == [f"{ATTACK} {ARTICLE[0]}", ARTICLE[1]]


@pytest.mark.parametrize(
    "html",
    [
        b"<html>" + b"<div>" * 100_000 + b"words",
        b"<html><body>" + b"<p>a</p>" * 20_000,
        b"<html><body>" + b"<a href=x>" * 30_000,
        b"<html><script type='application/ld+json'>" + b"[" * 100_000,
        b"<html><script type='application/ld+json'>" + b'{"@graph":' * 20_000 + b"</script>",
        b"<html><title>" + b"a" * 500_000,
        b'<html><meta name=date content="' + b"1" * 500_000 + b'">',
        b"<html><title>" + b"a | " * 100_000 + b"</title>",
        b"<html " + b"a=b " * 100_000 + b">",
    ],
    ids=["deep", "many", "open", "brackets", "graphs", "title", "number", "bars", "attributes"],
)
def test_a_page_made_to_be_slow_is_read_in_time(html: bytes) -> None:
    before = time.monotonic()
    read(html)
    assert time.monotonic() - before < 15
