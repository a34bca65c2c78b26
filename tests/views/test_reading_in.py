"""Reading an address, a file or a paste into the form for a source, as a proposal to check."""

import io
import re
from html import unescape
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.intake.dam import ADDRESS, PAGE, PASTE
from tests.intake.loopback import Server, answer
from tests.views.conftest import HTMX, csrf, hidden_of, post
from tests.views.pages_read import XSS, count, hint, read, value
from tests.world import DAY, TEXT, World
from tracker.models import Source


def last(session: Session) -> Source:
    session.rollback()
    return session.scalars(select(Source).order_by(Source.id.desc())).all()[0]


def test_an_address_is_read_and_proposed_and_nothing_is_saved(
    as_ed: FlaskClient, session: Session, server: Server
) -> None:
    html = read(as_ed, {"url": ADDRESS}).text
    assert {
        name: value(html, name) for name in ("title", "publisher", "published_on", "language", "authors")
    } == {
        "title": "News of the dam",
        "publisher": "The Shore",
        "published_on": "2025-12-02",
        "language": "en",
        "authors": "Ann Lee",
    }
    assert value(html, "url") == "https://shore.example/news/dam"
    assert hint(html, "url") == f"From what was read: check it. You gave “{ADDRESS}”."
    assert hint(html, "title") == "From what was read: check it."
    assert "We shall pay for half" in value(html, "text")
    assert "nothing is saved yet" in html
    assert count(session) == 2
    assert len(server.requests) == 1


@pytest.mark.usefixtures("server")
def test_what_was_proposed_is_saved_only_by_saving(as_ed: FlaskClient, session: Session) -> None:
    html = read(as_ed, {"url": ADDRESS}).text
    names = ("title", "publisher", "published_on", "language", "authors", "url", "text")
    typed = hidden_of(html) | {name: value(html, name) for name in names} | {"negotiations": "TK"}
    assert as_ed.post("/sources", data=typed).status_code == 303
    source = session.scalars(select(Source).order_by(Source.id.desc())).first()
    assert source is not None
    assert (source.title, source.published_on, source.authors) == ("News of the dam", DAY, ["Ann Lee"])
    assert len(source.paragraphs) >= 3


@pytest.mark.usefixtures("server")
def test_what_was_typed_is_never_written_over(as_ed: FlaskClient) -> None:
    typed = {"url": ADDRESS, "title": "My own title", "published_on": "3 Dec 2025", "publisher": "The Shore"}
    html = read(as_ed, typed).text
    assert (value(html, "title"), value(html, "published_on")) == ("My own title", "3 Dec 2025")
    assert hint(html, "title") == "What was read says “News of the dam”; what you typed was kept."
    assert "2025-12-02" in hint(html, "published_on")
    assert hint(html, "publisher") == ""


def test_a_second_reading_replaces_proposals_and_nothing_else(as_ed: FlaskClient, server: Server) -> None:
    server.answers["/other"] = lambda: [answer(PAGE.replace("News of the dam", "Other news").encode())]
    html = read(as_ed, {"url": ADDRESS}).text
    typed = {name: value(html, name) for name in ("title", "publisher", "text")} | {"publisher": "Mine"}
    again = as_ed.post(
        "/sources", data=hidden_of(html) | typed | {"url": "https://shore.example/other", "read": "1"}
    )
    assert value(again.text, "title") == "Other news"
    assert value(again.text, "publisher") == "Mine"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://nowhere.example/", ""),
        ("http://127.0.0.1/", ""),
        ("file:///etc/passwd", ""),
        ("not an address", ""),
        ("https://shore.example/missing", ""),
        ("", "Give an address, choose a file or paste the text"),
    ],
)
@pytest.mark.usefixtures("server")
def test_a_failed_reading_says_why_beside_the_address_and_keeps_what_was_typed(
    as_ed: FlaskClient, session: Session, url: str, told: str
) -> None:
    for htmx in (False, True):
        failed = read(as_ed, {"url": url, "title": "Kept words", "authors": "Kept names"}, htmx=htmx)
        assert failed.status_code == 422
        assert failed.text.count("<html") == (0 if htmx else 1)
        assert re.search(r'id="f-url-error">.*?[A-Z][^<]+', failed.text)
        assert told in failed.text
        assert value(failed.text, "url") == url
        assert (value(failed.text, "title"), value(failed.text, "authors")) == ("Kept words", "Kept names")
    assert count(session) == 2


@pytest.mark.usefixtures("server")
def test_htmx_gets_the_fields_in_place(as_ed: FlaskClient) -> None:
    whole = read(as_ed, {"url": ADDRESS})
    part = read(as_ed, {"url": ADDRESS}, htmx=True)
    assert part.text.lstrip().startswith('<div id="fields">')
    assert value(part.text, "title") == value(whole.text, "title") == "News of the dam"
    assert part.status_code == whole.status_code == 200


def test_a_paste_is_read_and_its_paragraphs_are_numbered_as_they_will_be(as_ed: FlaskClient) -> None:
    html = read(as_ed, {"text": PASTE}).text
    assert value(html, "title") == "News of the dam"
    shown = html[html.index('class="preview"') :]
    words = re.findall(r'<p dir="auto">([^<]*)</p>', shown)
    source = Source(title="x")
    source.set_text(value(html, "text"))
    assert [unescape(each) for each in words] == [words for _, words in source.paragraphs]


def test_what_was_pasted_is_not_lost_where_it_was_read(as_ed: FlaskClient) -> None:
    html = read(as_ed, {"text": PAGE}).text
    assert value(html, "title") == "News of the dam"
    assert "<article>" in value(html, "pasted")
    assert "<article>" not in value(html, "text")


def test_right_to_left_text_is_shown_so_before_it_is_saved(as_ed: FlaskClient) -> None:
    arabic = "تستمر المحادثات بين الوفدين حول السد على البحيرة منذ ثلاثة أيام في المدينة القديمة."
    html = read(as_ed, {"text": f"{arabic}\n\n{arabic} {arabic}", "language": "ar", "title": "مفاوضات"}).text
    assert re.search(r'<div class="text"[^>]* lang="ar">', html)
    assert f'<p dir="auto">{arabic}' in html


def test_a_file_is_read(as_ed: FlaskClient) -> None:
    html = read(as_ed, {"file": (io.BytesIO(PAGE.encode()), "news.html")}).text
    assert (value(html, "title"), value(html, "publisher")) == ("News of the dam", "The Shore")


def test_a_file_of_marked_up_text_is_shown_before_it_is_saved(as_ed: FlaskClient, session: Session) -> None:
    typed = {"title": "Mine", "negotiations": "TK", "file": (io.BytesIO(PAGE.encode()), "news.html")}
    answer = post(as_ed, "/sources/new", typed, to="/sources")
    assert answer.status_code == 422
    assert "nothing is saved yet" in answer.text
    assert (value(answer.text, "title"), count(session)) == ("Mine", 2)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff", b"%PDF-1.7 broken", b"PK\x03\x04 broken"])
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(as_ed: FlaskClient, content: bytes) -> None:
    answer = read(as_ed, {"title": "Kept words", "file": (io.BytesIO(content), "a.bin")})
    assert answer.status_code == 422
    assert re.search(r'id="f-(file|url)-error">', answer.text)
    assert value(answer.text, "title") == "Kept words"


def test_text_and_file_at_once_are_not_chosen_between(as_ed: FlaskClient) -> None:
    answer = read(as_ed, {"text": "Mine", "file": (io.BytesIO(b"Other"), "a.txt")})
    assert answer.status_code == 422
    assert "not both" in answer.text
    assert value(answer.text, "text") == "Mine"


def test_where_fetching_is_forbidden_it_is_said_and_nothing_is_fetched(
    app: Flask, as_ed: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "FETCH", "none")
    assert "TRACKER_FETCH=none" in as_ed.get("/sources/new").text
    answer = read(as_ed, {"url": ADDRESS})
    assert answer.status_code == 422
    assert "Addresses are not fetched here" in answer.text
    assert value(read(as_ed, {"url": ADDRESS, "text": PASTE}).text, "title") == "News of the dam"


@pytest.mark.usefixtures("server")
def test_the_short_form_reads_too_and_keeps_what_it_has_no_field_for(
    as_ed: FlaskClient, session: Session
) -> None:
    form = "/sources/new?compact=1&negotiation=TK"
    html = read(as_ed, {"url": ADDRESS, "negotiations": "TK"}, htmx=True, form=form).text
    assert html.lstrip().startswith('<div class="inplace form" id="compact">')
    names = ("title", "publisher", "published_on", "language", "authors", "url", "text")
    typed = hidden_of(html) | {name: value(html, name) for name in names}
    assert typed["negotiations"] == "TK"
    saved = as_ed.post("/sources", data=typed, headers=HTMX)
    assert saved.headers["HX-Retarget"] == "#citation-source"
    source = session.scalars(select(Source).order_by(Source.id.desc())).first()
    assert source is not None
    assert (source.language, source.authors) == ("en", ["Ann Lee"])
    assert source.accessed_on is not None


def test_only_editors_read(client: FlaskClient, as_vera: FlaskClient) -> None:
    for browser, status in ((client, 401), (as_vera, 403)):
        assert (
            browser.post("/sources", data=csrf(browser) | {"read": "1", "text": PASTE}).status_code == status
        )


def test_a_text_that_is_stored_later_may_come_from_a_file(
    as_ed: FlaskClient, session: Session, world: World
) -> None:
    address = f"/sources/{world.report.id}"
    page = b"<!doctype html><p>The words of a report, of which there are enough to be read as a text.</p>"
    typed = {"title": "News of the dam", "negotiations": "TK"} | {"file": (io.BytesIO(page), "a.html")}
    assert post(as_ed, f"{address}/edit", typed, to=address).status_code == 303
    assert last(session).text == ("The words of a report, of which there are enough to be read as a text.")
    broken = {"title": "News of the dam", "negotiations": "TK"} | {
        "text": "",
        "file": (io.BytesIO(b"%PDF-1.7 \xff\xfe"), "a.pdf"),
    }
    assert post(as_ed, f"{address}/edit", broken, to=address).status_code == 422


# What is read is never more than text


def test_nothing_that_is_read_runs_as_a_script(as_ed: FlaskClient, server: Server, world: World) -> None:
    hostile = unescape(XSS).replace('"', "&quot;").replace("<", "&lt;")
    page = PAGE.replace("News of the dam", hostile).replace("The Shore", hostile).replace("Ann Lee", hostile)
    server.answers["/xss"] = lambda: [answer(page.replace("of Red", hostile).encode())]
    given = {"url": f"https://shore.example/xss?{XSS}", "title": XSS, "quote": XSS}
    pages = [
        as_ed.get(f"/sources/new?{urlencode(given)}").text,
        read(as_ed, {"url": "https://shore.example/xss"}).text,
        read(as_ed, {"url": "https://shore.example/xss", "title": XSS, "publisher": XSS}).text,
        read(as_ed, {"text": f"{XSS}\n\n{PASTE}{XSS}", "language": XSS, "authors": XSS}).text,
        read(as_ed, {"url": XSS}).text,
        post(as_ed, "/sources/new", {"title": world.article.title + XSS, "text": TEXT}, to="/sources").text,
    ]
    for html in pages:
        assert "<script>alert" not in html
        assert "<img" not in html
        assert "&lt;script&gt;alert" in html
