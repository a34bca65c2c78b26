"""The forms for a source: adding one, alone or inside another form, and editing one."""

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, csrf, hidden, post
from tests.views.reading import element
from tests.world import DAY, TEXT, World
from tracker.models import Cite, Dating, Negotiation, Source
from tracker.models.vocabulary import Handling, Reliability, SourceKind, Status, Visibility

XSS = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>"
TYPED = {"title": "News of the dam", "negotiations": "TK"}


def source_named(session: Session, title: str) -> Source:
    session.rollback()
    return session.scalars(select(Source).where(Source.title == title)).one()


# Adding


def test_strangers_are_sent_to_sign_in_and_viewers_refused(client: FlaskClient, as_vera: FlaskClient) -> None:
    assert "/sign-in?next=" in client.get("/sources/new").headers["Location"]
    assert client.post("/sources", data=csrf(client)).status_code == 401
    assert as_vera.get("/sources/new").status_code == 403
    assert as_vera.post("/sources", data=csrf(as_vera)).status_code == 403


def test_an_editor_adds_a_source_with_all_its_fields(as_ed: FlaskClient, session: Session) -> None:
    typed: dict[str, Any] = TYPED | {
        "publisher": "The Shore",
        "origin": "An agency",
        "authors": " Ann Lee \r\n\r\nІрина Коваль",
        "language": "en",
        "url": "https://example.org/dam",
        "archived_url": "http://archive.example.org/dam",
        "published_on": "2 Dec 2025",
        "accessed_on": "2025-12-03",
        "kind": "statement",
        "reliability": "B",
        "handling": "green",
        "is_free_to_show": "y",
        "text": "One.\r\n\r\nTwo.",
    }
    answer = post(as_ed, "/sources/new?negotiation=TK", typed, to="/sources")
    source = source_named(session, "News of the dam")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/sources/{source.id}"
    assert (source.authors, source.published_on, source.text) == (
        ["Ann Lee", "Ірина Коваль"],
        DAY,
        "One.\n\nTwo.",
    )
    assert (source.kind, source.reliability) == (SourceKind.STATEMENT, Reliability.B)
    assert (source.handling, source.is_free_to_show, source.recorded_by) == (Handling.GREEN, True, "Ed")
    html = as_ed.get(f"/sources/{source.id}").text
    for words in (
        "The source was added.",
        "The Shore",
        "An agency",
        "Ірина Коваль",
        "TLP:GREEN",
        "http://archive",
    ):
        assert words in html


def test_the_negotiation_of_the_address_is_ticked(as_ed: FlaskClient, session: Session) -> None:
    other = Negotiation(code="OT", title="Other")
    session.add(other)
    other.recorded_at = other.moment
    session.commit()
    html = as_ed.get("/sources/new?negotiation=OT").text
    assert re.findall(r"<input[^>]* checked[^>]* value=\"(\w+)\"", html) == ["OT"]
    assert as_ed.get("/sources/new?negotiation=XX").status_code == 400


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"title": " "}, "Give a title."),
        ({"title": "x" * 301}, "300 is the most"),
        ({"negotiations": []}, "File it under one negotiation at least"),
        ({"negotiations": "XX"}, "There is no negotiation “XX”"),
        ({"url": "javascript:alert(1)"}, "An address starts with http"),
        ({"archived_url": " data:text/html,x"}, "An address starts with http"),
        ({"language": "English!"}, "Write the language as a code"),
        ({"published_on": "early December"}, "Give the exact day"),
        ({"published_on": "30 Feb 2025"}, "no such day"),
        ({"accessed_on": "2999-01-01"}, "lies in the future"),
        ({"kind": "book"}, "is not one of the choices"),
        ({"text": "a\x00b"}, "NUL"),
        ({"authors": "x" * 301}, "300 is the most"),
        ({"text": "x" * 1_000_001}, "1000000 is the most"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    as_ed: FlaskClient, session: Session, typed: dict[str, Any], told: str
) -> None:
    answer = post(as_ed, "/sources/new", TYPED | {"publisher": "Kept words"} | typed, to="/sources")
    assert answer.status_code == 422
    assert told in answer.text
    assert "Kept words" in answer.text
    assert session.scalar(select(Source).where(Source.publisher == "Kept words")) is None


def test_a_text_comes_from_a_file(as_ed: FlaskClient, session: Session) -> None:
    content = "\ufeffПерше.\r\n\r\nДруге.".encode()
    answer = post(as_ed, "/sources/new", TYPED | {"file": (io.BytesIO(content), "a.txt")}, to="/sources")
    assert answer.status_code == 303
    assert source_named(session, "News of the dam").text == "Перше.\n\nДруге."


@pytest.mark.parametrize(
    ("content", "text", "told"),
    [
        ("Перше слово".encode("cp1251"), "", "nothing is saved yet"),
        (b"%PDF-1.7 \xff\xfe", "", "f-file-error"),
        (b"One", "Two", "not both"),
    ],
)
def test_other_files_are_read_first_or_refused_in_plain_words(
    as_ed: FlaskClient, content: bytes, text: str, told: str
) -> None:
    typed = TYPED | {"file": (io.BytesIO(content), "a.txt"), "text": text}
    answer = post(as_ed, "/sources/new", typed, to="/sources")
    assert answer.status_code == 422
    assert told in answer.text


def test_the_text_of_a_file_is_kept_when_something_else_is_wrong(as_ed: FlaskClient) -> None:
    typed = {"negotiations": "TK", "file": (io.BytesIO(b"Words of the file"), "a.txt")}
    answer = post(as_ed, "/sources/new", typed, to="/sources")
    assert answer.status_code == 422
    assert "Words of the file</textarea>" in answer.text


def test_a_request_beyond_the_limit_is_413(as_ed: FlaskClient) -> None:
    answer = post(as_ed, "/sources/new", TYPED | {"text": "x" * 9_000_000}, to="/sources")
    assert answer.status_code == 413


def test_one_press_is_entered_once(as_ed: FlaskClient, session: Session) -> None:
    data = hidden(as_ed, "/sources/new") | TYPED
    places = {as_ed.post("/sources", data=data).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    source_named(session, "News of the dam")
    for other in ({"title": "Other"}, {"file": (io.BytesIO(b"Other"), "a.txt")}):
        assert as_ed.post("/sources", data=data | other).status_code == 409


def test_saving_goes_back_to_the_form_it_was_added_for(as_ed: FlaskClient, session: Session) -> None:
    form = "/sources/new?next=/issues/TK-1/status-changes/new%3Ftrack%3Da%26source%3D1"
    answer = post(as_ed, form, TYPED, to="/sources")
    id_ = source_named(session, "News of the dam").id
    assert answer.headers["Location"] == f"/issues/TK-1/status-changes/new?track=a&source={id_}"


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_saving_never_leads_elsewhere(as_ed: FlaskClient, address: str) -> None:
    answer = post(as_ed, "/sources/new", TYPED | {"next": address}, to="/sources")
    assert answer.headers["Location"].startswith("/sources/")


def test_a_source_is_added_without_leaving_another_form(as_ed: FlaskClient, session: Session) -> None:
    form = "/sources/new?compact=1&negotiation=TK"
    part = as_ed.get(form, headers=HTMX).text
    assert part.lstrip().startswith('<div class="inplace form" id="compact">')
    typed: dict[str, Any] = {"title": "News of the dam", "published_on": "2 Dec 2025", "negotiations": "TK"}
    refused = post(as_ed, form, typed | {"title": ""}, to="/sources", htmx=True)
    assert refused.status_code == 422
    assert refused.text.lstrip().startswith('<div class="inplace form" id="compact">')
    answer = post(as_ed, form, typed, to="/sources", htmx=True)
    id_ = source_named(session, "News of the dam").id
    assert answer.headers["HX-Retarget"] == "#citation-source"
    chosen = element(answer.text, "citation-source")
    assert f'<input type="hidden" name="citations-0-source" value="{id_}">' in chosen
    assert 'data-fill="effective_on" data-value="2025-12-02"' in chosen
    assert "The source was added." in answer.text


# Editing


def test_an_editor_edits_a_source(as_ed: FlaskClient, session: Session, world: World) -> None:
    address = f"/sources/{world.report.id}"
    assert (
        post(as_ed, f"{address}/edit", TYPED | {"text": "Now with its text."}, to=address).status_code == 303
    )
    source = source_named(session, "News of the dam")
    assert (source.text, source.version, source.language) == ("Now with its text.", 2, "en")


def test_a_quoted_text_can_no_longer_change(as_ed: FlaskClient, session: Session, world: World) -> None:
    address = f"/sources/{world.article.id}"
    form = as_ed.get(f"{address}/edit").text
    assert "so it can no longer be changed" in form
    assert re.search(r"<textarea[^>]* readonly", form)
    answer = post(as_ed, f"{address}/edit", TYPED | {"text": "Other words"}, to=address)
    assert answer.status_code == 422
    assert "This text is quoted" in answer.text
    same = TYPED | {"text": TEXT.replace("\n", "\r\n")}
    assert post(as_ed, f"{address}/edit", same, to=address).status_code == 303
    assert source_named(session, "News of the dam").text == TEXT


def test_two_editors_of_one_source_see_each_others_words(
    as_ed: FlaskClient, as_ann: FlaskClient, session: Session, world: World
) -> None:
    address = f"/sources/{world.report.id}"
    mine = hidden(as_ed, f"{address}/edit")
    assert post(as_ann, f"{address}/edit", TYPED | {"title": "Ann’s title"}, to=address).status_code == 303
    answer = as_ed.post(address, data=mine | TYPED | {"title": "Ed’s title", "handling": "amber"})
    assert answer.status_code == 409
    assert "Ann saved while you were writing" in answer.text
    panel = answer.text[answer.text.index("<tbody>") : answer.text.index("</tbody>")]
    for words in ("Ann’s title", "Ed’s title", "TLP:AMBER"):
        assert words in panel
    assert "Publisher" not in panel
    assert f'<a href="{address}" data-cancel>' in answer.text
    on_top = re.search(r'name="base_version"[^>]* value="(\d+)"', answer.text)
    assert on_top is not None
    data = mine | TYPED | {"title": "Ed’s title", "base_version": on_top[1]}
    assert as_ed.post(address, data=data).status_code == 303
    assert source_named(session, "Ed’s title").version == 3


@pytest.mark.parametrize("version", ["", "x", "99999999999", "-1"])
def test_a_strange_base_version_is_no_server_error(as_ed: FlaskClient, world: World, version: str) -> None:
    address = f"/sources/{world.report.id}"
    answer = post(as_ed, f"{address}/edit", TYPED | {"base_version": version}, to=address)
    assert answer.status_code == 409


def test_a_wrong_filing_is_taken_back_unless_records_rest_there(
    as_ed: FlaskClient, session: Session, world: World
) -> None:
    other = Negotiation(code="OT", title="Other")
    session.add(other)
    other.recorded_at = other.moment
    secret = Negotiation(code="SE", title="Secret", visibility=Visibility.RESTRICTED)
    session.add(secret)
    secret.recorded_at = secret.moment
    world.article.file_under(secret)
    session.commit()
    address = f"/sources/{world.article.id}"
    kept = TYPED | {"text": TEXT}
    assert (
        post(as_ed, f"{address}/edit", kept | {"negotiations": ["TK", "OT"]}, to=address).status_code == 303
    )
    refused = post(as_ed, f"{address}/edit", kept | {"negotiations": ["OT"]}, to=address)
    assert refused.status_code == 422
    assert "Records of TK rest on this source" in refused.text
    assert post(as_ed, f"{address}/edit", kept | {"negotiations": ["TK"]}, to=address).status_code == 303
    source = source_named(session, "News of the dam")
    assert {filing.negotiation.code for filing in source.filings} == {"TK", "SE"}


# What people type is never more than text


def test_no_field_of_a_source_runs_as_a_script(
    as_ed: FlaskClient, client: FlaskClient, session: Session, world: World
) -> None:
    words = ("title", "publisher", "origin", "authors", "text")
    typed = {name: f"{name} {XSS}" for name in words} | {"is_free_to_show": "y"}
    address = post(as_ed, "/sources/new", TYPED | typed, to="/sources").headers["Location"]
    session.rollback()
    source = session.scalars(select(Source).order_by(Source.id.desc())).first()
    assert source is not None
    quote = "text " + XSS
    world.border.change_status(
        Status.OPEN,
        dating=Dating(DAY, words=XSS),
        by=world.ed,
        citing=[Cite(source, quote=quote, translation=XSS, locator=XSS)],
        reason=XSS,
    )
    session.commit()
    for browser in (as_ed, client):
        for page in (address, "/sources", "/sources?q=script", f"/sources?q={XSS}"):
            html = browser.get(page).text
            assert "<script>alert" not in html
            assert "<img" not in html
            assert "&lt;script&gt;alert" in html
    for page in (f"{address}/edit", f"/passages?quote={quote}", "/sources?choose=1&q=script"):
        html = as_ed.get(page).text
        assert "<script>alert" not in html
        assert "<img" not in html
