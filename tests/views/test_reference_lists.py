"""Lists of references: the preview that names what is doubtful or broken, and the job that adds the rest."""

import io
import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.intake.lists import ris_of_five_hundred, ris_record
from tests.jobs.works import run_next
from tests.views.conftest import Statements, csrf, hidden_of, post
from tests.world import World
from tracker.db import make_engine
from tracker.jobs import reference_lists  # noqa: F401 - registers the work
from tracker.models import Job, Negotiation, Source
from tracker.models.job import JobState
from tracker.models.vocabulary import Visibility

FORM = "/reference-lists/new"
XSS = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>"


def check(client: FlaskClient, text: str, **more: Any) -> TestResponse:
    """Send a list to be looked over."""
    return post(client, FORM, {"text": text, "negotiations": "TK"} | more, to="/reference-lists")


def add(
    client: FlaskClient, preview: TestResponse, text: str, more: dict[str, Any] | None = None
) -> TestResponse:
    """Press “Add” on a preview."""
    data = hidden_of(preview.text) | {"text": text.replace("\n", "\r\n"), "negotiations": "TK"} | (more or {})
    return client.post("/reference-lists", data=data)


def section(html: str, name: str) -> str:
    start = html.index(f'aria-labelledby="{name}-h"')
    return html[start : html.index("</section>", start)]


def count(session: Session, table: type[Source] | type[Job]) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


def work(app: Flask) -> None:
    """Do the next job, as a worker would."""
    engine = make_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    assert run_next(engine)
    engine.dispose()


def test_the_preview_of_five_hundred_names_all_twenty_five(as_ed: FlaskClient, session: Session) -> None:
    html = check(as_ed, ris_of_five_hundred()).text
    for words in ("500 references read as RIS", "475 would be added", "Add 475 sources"):
        assert words in html
    broken, duplicates = section(html, "broken"), section(html, "duplicates")
    assert broken.count("<tr>") == 5 + 1
    assert duplicates.count("<tr>") == 20 + 1
    assert section(html, "new").count("<tr>") == 475 + 1
    for words in (
        "It has no title.",
        "“2025/13/45” cannot be read",
        "does not end",
        "300 is the most",
        "(line ",
    ):
        assert words in broken
    for words in (
        "Reference 1 of this list",
        "the same address",
        "Talks on the lake go on",
        "Report, number 12",
    ):
        assert words in duplicates
    assert (count(session, Source), count(session, Job)) == (2, 0)


def test_a_job_adds_the_rest_and_tells_how_far_it_is(
    app: Flask, as_ed: FlaskClient, session: Session
) -> None:
    text = ris_of_five_hundred()
    asked = add(as_ed, check(as_ed, text), text)
    assert asked.status_code == 303
    job = session.scalars(select(Job)).one()
    assert asked.headers["Location"] == f"/jobs/{job.id}"
    assert (job.state, count(session, Source)) == (JobState.WAITING, 2)
    work(app)
    session.rollback()
    session.refresh(job)
    assert (job.state, job.done, job.total, job.error) == (JobState.DONE, 500, 500, "")
    html = as_ed.get(asked.headers["Location"]).text
    told = re.findall(r"<dt>((?:Added|Left out)[^<]*)</dt><dd>(\d+)</dd>", html)
    assert [number for _, number in told] == ["475", "20", "5"]
    assert "Add a list of references" in html
    assert 'href="/negotiations/TK/inbox"' in html
    assert 'href="/sources?negotiation=TK&amp;sort=recorded"' in html
    assert 'href="/negotiations/TK/issues"' in html  # the navigation of the talks stays
    assert html.count('data-label="Why"') == 25
    assert ">Left out, broken<" in html
    assert 'href="/jobs"' in as_ed.get("/sources").text
    assert count(session, Source) == 477
    assert ">Report number 474</a>" in as_ed.get("/sources?q=Report+number+474").text


def test_a_list_comes_from_a_file_in_any_of_the_three_forms(as_ed: FlaskClient) -> None:
    for name, content, words in (
        ("a.ris", ris_record(1).encode("utf-16"), "read as RIS"),
        ("a.bib", b"@misc{a, title = {M\xfcller}}", "check its letters"),
        ("a.json", b'[{"title": "One", "issued": {"date-parts": [[2025]]}}]', "it stays unknown"),
    ):
        html = check(as_ed, "", file=(io.BytesIO(content), name)).text
        assert words in html
        assert "Add 1 source<" in html
    assert "date unknown" in html


def test_a_doubtful_one_is_added_where_it_was_ticked(
    app: Flask, as_ed: FlaskClient, session: Session
) -> None:
    text = ris_record(1) + ris_record(1, title="Another report")
    preview = check(as_ed, text)
    assert "Add 1 source<" in preview.text
    assert add(as_ed, preview, text, {"also": "2"}).status_code == 303
    work(app)
    assert count(session, Source) == 4


def test_what_was_not_checked_is_not_added(as_ed: FlaskClient, session: Session) -> None:
    preview = check(as_ed, ris_record(1))
    for more in (
        {"text": ris_record(2)},
        {"checked": "0" * 64},
        {"file": (io.BytesIO(b"@misc{a, title={T}}"), "a.bib")},
    ):
        answer = add(as_ed, preview, ris_record(1), more)
        assert answer.status_code == 200
        assert "would be added" in answer.text
    assert count(session, Job) == 0


def test_one_press_asks_for_one_job(as_ed: FlaskClient, session: Session) -> None:
    preview = check(as_ed, ris_record(1))
    places = {add(as_ed, preview, ris_record(1)).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    assert count(session, Job) == 1


@pytest.mark.parametrize(
    ("text", "more", "told"),
    [
        ("Kept words", {}, "neither RIS nor BibTeX nor CSL-JSON"),
        ("", {}, "neither RIS nor BibTeX nor CSL-JSON"),
        ('[{"title": "Kept words"', {}, "This is no JSON: line 1"),
        (ris_record(1, title="Kept words"), {"negotiations": "XX"}, "There is no negotiation “XX”"),
        (ris_record(1, title="Kept words"), {"negotiations": []}, "File it under one negotiation at least"),
        (ris_record(1, title="Kept words"), {"file": (io.BytesIO(b"Other"), "a.ris")}, "not both"),
        ("TY  - X\nTI  - t\nER  -\n" * 5_001, {}, "5,000 references at most"),
    ],
)
def test_what_is_wrong_with_the_whole_is_told_and_nothing_typed_is_lost(
    as_ed: FlaskClient, text: str, more: dict[str, Any], told: str
) -> None:
    answer = check(as_ed, text, **more)
    assert answer.status_code == 422
    assert told in unescape(answer.text)
    if "Kept words" in text:
        assert "Kept words" in answer.text


def test_the_job_does_nothing_once_its_editor_may_not_see_the_talks(
    app: Flask, as_ed: FlaskClient, session: Session, world: World
) -> None:
    assert add(as_ed, check(as_ed, ris_record(1)), ris_record(1)).status_code == 303
    session.rollback()
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    work(app)
    session.rollback()
    job = session.scalars(select(Job)).one()
    assert job.state is JobState.FAILED
    assert "may no longer see" in job.error
    assert count(session, Source) == 2


def test_only_editors_add_lists(client: FlaskClient, as_vera: FlaskClient) -> None:
    assert "/sign-in?next=" in client.get(FORM).headers["Location"]
    assert client.post("/reference-lists", data=csrf(client)).status_code == 401
    assert as_vera.get(FORM).status_code == 403
    assert as_vera.post("/reference-lists", data=csrf(as_vera)).status_code == 403


def test_the_negotiation_of_the_address_is_ticked(as_ed: FlaskClient, session: Session) -> None:
    other = Negotiation(code="OT", title="Other")
    session.add(other)
    other.recorded_at = other.moment
    session.commit()
    html = as_ed.get(f"{FORM}?negotiation=OT").text
    assert re.findall(r"<input[^>]* checked[^>]* value=\"(\w+)\"", html) == ["OT"]
    assert as_ed.get(f"{FORM}?negotiation=XX").status_code == 400


def test_the_preview_takes_as_many_statements_for_five_hundred(
    as_ed: FlaskClient, statements: Statements
) -> None:
    def ask(text: str) -> int:
        with statements() as seen:
            check(as_ed, text)
        return len(seen)

    assert ask(ris_of_five_hundred()) == ask(ris_record(1))


def test_no_field_of_a_list_runs_as_a_script(as_ed: FlaskClient) -> None:
    tags = "".join(f"{tag}  - {XSS}\n" for tag in ("TI", "AU", "T2", "LA"))
    record = f"TY  - NEWS\n{tags}UR  - https://example.org/{XSS}\nER  -\n"
    lists = [
        record,
        record.replace("UR  - https://example.org/" + XSS + "\n", ""),
        record.replace("https://example.org/", "javascript:"),
        f"TY  - NEWS\nTI  - {XSS}\nDA  - {XSS}\nER  -\n{XSS}",
        f"@misc{{a{XSS}, title = {{{XSS}}}, year = {{{XSS}}}}}\n@misc{{b, title = {XSS}}}",
        f"Not a list: {XSS}",
    ]
    for text in lists:
        html = check(as_ed, text + "\n").text
        assert "<script>alert" not in html
        assert "<img" not in html
        assert "&lt;script&gt;alert" in html
