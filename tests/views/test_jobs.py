"""Jobs: who sees which, what is told of them, and trying again."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, Statements, ask_for_job, csrf, hidden, post
from tests.views.reading import element, words
from tests.world import World
from tracker.db import now
from tracker.models import Job
from tracker.models.job import JobState
from tracker.models.vocabulary import Handling, Visibility

COPY = "https://archive.example/web/2025/lake"


@pytest.fixture
def job(session: Session, world: World) -> int:
    """A job of Ed's, about the article."""
    return ask_for_job(session, world.ed, source=world.article.id)


def put(session: Session, id_: int, **values: Any) -> None:
    session.rollback()
    job = session.get_one(Job, id_)
    for name, value in values.items():
        setattr(job, name, value)
    session.commit()


def test_editors_see_their_own_and_administrators_all(
    as_ed: FlaskClient, as_ann: FlaskClient, session: Session, world: World, job: int
) -> None:
    other = ask_for_job(session, world.ann)
    assert as_ed.get(f"/jobs/{job}").status_code == 200
    assert as_ed.get(f"/jobs/{other}").status_code == 404
    assert as_ed.post(f"/jobs/{other}", data=csrf(as_ed)).status_code == 404
    assert f"/jobs/{other}" not in as_ed.get("/jobs").text
    for id_ in (job, other):
        assert as_ann.get(f"/jobs/{id_}").status_code == 200
        assert f'href="/jobs/{id_}"' in as_ann.get("/jobs").text


def test_who_may_not_write_has_no_jobs(client: FlaskClient, as_vera: FlaskClient, job: int) -> None:
    for address in ("/jobs", f"/jobs/{job}"):
        assert client.get(address).headers["Location"] == f"/sign-in?next={address}"
        assert as_vera.get(address).status_code == 403


def test_a_job_is_told_in_words_and_asks_again_while_it_is_under_way(
    as_ed: FlaskClient, session: Session, job: int
) -> None:
    page = as_ed.get(f"/jobs/{job}").text
    told = words(element(page, "job"))
    assert "State Waiting" in told
    assert "Talks on the lake go on" in told
    assert "by Ed" in told
    assert 'hx-trigger="every 2s"' in page
    assert f'<a href="/jobs/{job}">Reload</a>' in page
    put(session, job, state=JobState.RUNNING, done=12, total=475, tries=1, started_at=now())
    page = as_ed.get(f"/jobs/{job}").text
    assert "Running" in words(page)
    assert "12 of 475" in words(page)
    assert '<progress value="12" max="475"' in page


def test_a_job_that_ended_asks_no_more_and_says_so_once(
    as_ed: FlaskClient, session: Session, job: int
) -> None:
    put(session, job, state=JobState.DONE, ended_at=now(), due_at=None, tries=1, result={"address": COPY})
    part = as_ed.get(f"/jobs/{job}", headers=HTMX).text
    assert "hx-trigger" not in part
    assert f"Job {job}: done." in part
    assert f'href="{COPY}"' in part
    page = as_ed.get(f"/jobs/{job}").text
    assert "every 2s" not in page
    assert f"Job {job}: done." not in page


def test_counts_of_a_result_are_told(as_ed: FlaskClient, session: Session, job: int) -> None:
    put(session, job, state=JobState.DONE, due_at=None, result={"counts": {"Looked at": 20000}})
    assert "Looked at 20,000" in words(as_ed.get(f"/jobs/{job}").text)


def test_what_a_reader_may_no_longer_see_is_not_named(
    as_ed: FlaskClient, session: Session, world: World, job: int
) -> None:
    put(session, job, state=JobState.DONE, due_at=None, result={"address": COPY})
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    page = as_ed.get(f"/jobs/{job}")
    assert page.status_code == 200
    assert "Talks on the lake" not in page.text
    assert COPY not in page.text


def test_a_failed_job_says_why_and_can_be_tried_again(as_ed: FlaskClient, session: Session, job: int) -> None:
    error = "The archive answered <b>503</b>."
    put(session, job, state=JobState.FAILED, error=error, tries=5, due_at=None, ended_at=now())
    page = as_ed.get(f"/jobs/{job}").text
    assert "The archive answered &lt;b&gt;503&lt;/b&gt;." in page
    assert "<b>503" not in page
    assert "<b>503" not in as_ed.get("/jobs").text
    answer = post(as_ed, f"/jobs/{job}", {})
    assert (answer.status_code, answer.location) == (303, f"/jobs/{job}")
    session.rollback()
    found = session.get_one(Job, job)
    assert (found.state, found.tries, found.error) == (JobState.WAITING, 0, "")
    assert found.due_at
    assert "waits to be done again" in words(as_ed.get(f"/jobs/{job}").text)


def test_a_job_that_did_not_fail_cannot_be_tried_again(as_ed: FlaskClient, job: int) -> None:
    answer = as_ed.post(f"/jobs/{job}", data=csrf(as_ed))
    assert answer.status_code == 422
    assert "Only a job that failed can be tried again." in words(answer.text)


def test_a_waiting_job_that_was_tried_says_when_it_is_next(
    as_ed: FlaskClient, session: Session, job: int
) -> None:
    put(session, job, tries=2, error="The archive is busy.")
    told = words(as_ed.get(f"/jobs/{job}").text)
    assert "Waiting to be tried again" in told
    assert "Next try" in told


def test_a_kind_of_another_version_is_named_as_stored(
    as_ed: FlaskClient, session: Session, world: World
) -> None:
    ask_for_job(session, world.ed, kind="of-tomorrow")
    assert "of-tomorrow" in words(as_ed.get("/jobs").text)


@pytest.mark.parametrize(
    ("address", "code"), [("/jobs?page=2", 404), ("/jobs?page=x", 400), ("/jobs/99", 404)]
)
def test_an_address_that_leads_nowhere_says_so(as_ed: FlaskClient, address: str, code: int) -> None:
    assert as_ed.get(address).status_code == code


def test_an_empty_list_says_what_will_stand_there(as_ed: FlaskClient) -> None:
    assert "No job was asked for lately" in words(as_ed.get("/jobs").text)
    assert 'href="/jobs"' in as_ed.get("/account").text


def test_the_list_takes_as_many_statements_for_many_jobs(
    as_ed: FlaskClient, session: Session, world: World, statements: Statements
) -> None:
    ask_for_job(session, world.ed)
    with statements() as few:
        as_ed.get("/jobs")
    for _ in range(30):
        ask_for_job(session, world.ed)
    with statements() as many:
        as_ed.get("/jobs")
    assert len(many) == len(few)


@pytest.fixture
def archive(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set an archive up."""
    monkeypatch.setitem(app.config, "ARCHIVE", "https://archive.example/save/{url}")


@pytest.mark.usefixtures("archive")
def test_a_copy_is_asked_for_on_the_page_of_the_source(as_ed: FlaskClient, session: Session) -> None:
    page = as_ed.get("/sources/1").text
    assert "Ask for an archived copy" in page
    given = hidden(as_ed, "/sources/1")
    answers = [as_ed.post("/sources/1/archived-copies", data=given) for _ in range(2)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/jobs/1")] * 2
    session.rollback()
    job = session.get_one(Job, 1)
    assert (job.kind, job.asked, job.asked_by, job.state) == (
        "archive",
        {"source": 1},
        "Ed",
        JobState.WAITING,
    )
    again = as_ed.post("/sources/1/archived-copies", data=csrf(as_ed))
    assert again.status_code == 422
    assert "A copy was asked for already." in words(again.text)


def test_no_copy_is_offered_where_no_archive_is_set_up(
    as_ed: FlaskClient, as_vera: FlaskClient, session: Session
) -> None:
    assert "Ask for an archived copy" not in as_ed.get("/sources/1").text
    answer = as_ed.post("/sources/1/archived-copies", data=csrf(as_ed))
    assert answer.status_code == 422
    assert "No web archive is set up here." in words(answer.text)
    assert as_vera.post("/sources/1/archived-copies", data=csrf(as_vera)).status_code == 403
    assert session.get(Job, 1) is None


@pytest.mark.usefixtures("archive")
def test_above_clear_the_reason_stands_where_the_button_would(
    as_ed: FlaskClient, session: Session, world: World
) -> None:
    world.talks.visibility = Visibility.INTERNAL
    world.article.handling = Handling.AMBER
    session.commit()
    page = as_ed.get("/sources/1").text
    assert "Only of sources marked TLP:CLEAR" in words(page)
    assert "Ask for an archived copy" not in page
    answer = as_ed.post("/sources/1/archived-copies", data=csrf(as_ed))
    assert answer.status_code == 422
    assert "TLP:CLEAR" in words(answer.text)


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize("number", ["4711", "99999999999999999999"])
def test_of_a_source_that_is_not_there_no_copy_is_asked_for(as_ed: FlaskClient, number: str) -> None:
    assert as_ed.post(f"/sources/{number}/archived-copies", data=csrf(as_ed)).status_code == 404


@pytest.mark.usefixtures("archive")
def test_readers_are_offered_no_copy(client: FlaskClient, as_vera: FlaskClient) -> None:
    for browser in (client, as_vera):
        assert "archived copy" not in browser.get("/sources/1").text
