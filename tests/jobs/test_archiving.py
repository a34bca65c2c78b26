"""Archived copies: asked from an archive that stands on loopback, and kept as an edit of the source."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.intake.loopback import PUBLIC, Server, StoodIn, answer, web_of
from tests.jobs.works import look, run_next
from tests.world import make_source, make_world
from tracker.db import writing
from tracker.jobs.archiving import FORBIDDEN, GONE, NOWHERE, OTHER, copy_of
from tracker.jobs.registry import Later, Means
from tracker.models import AuditEntry, Filing, Job, Refused, Source, User, act_as
from tracker.models.archived_copy import ask_for_copy
from tracker.models.job import JobState
from tracker.models.vocabulary import Handling
from tracker.queries.integrity import verify

PATTERN = "http://archive.example/save/{url}"
URL = "http://news.example/lake?page=2#third"
SAVE = "/save/http://news.example/lake?page=2"
COPY = "http://archive.example/web/20251202/http://news.example/lake?page=2"
NAMES = {"archive.example": [PUBLIC]}


@pytest.fixture
def source_id(engine: Engine) -> int:
    """Make the world, and a source with an address."""
    with writing(), Session(engine) as session:
        world = make_world(session)
        source = make_source(session, world.talks, "News of the lake")
        source.url = URL
        session.commit()
        return source.id


def edit(engine: Engine, id_: int, **values: Any) -> None:
    with writing(), Session(engine) as session:
        act_as(session, "ann@example.org")
        session.get_one(Source, id_).edit(values)
        session.commit()


def ask(engine: Engine, source_id: int, archive: str = PATTERN) -> int:
    """Ask for a copy as Ed."""
    with writing(), Session(engine) as session:
        by = User.find(session, "ed@example.org")
        assert by is not None
        job = ask_for_copy(session.get_one(Source, source_id), archive=archive, by=by)
        session.commit()
        return job.id


def means(server: Server, **more: Any) -> tuple[Means, StoodIn]:
    web, stood_in = web_of(server, NAMES, **more)
    return Means(web=web, archive=PATTERN), stood_in


def read(engine: Engine, source_id: int) -> Source:
    with Session(engine) as session:
        return session.get_one(Source, source_id)


def test_the_copy_is_kept_as_an_edit_of_who_asked(engine: Engine, server: Server, source_id: int) -> None:
    server.answers[SAVE] = lambda: [answer(status="302 Found", Location=COPY)]
    server.answers[COPY.removeprefix("http://archive.example")] = lambda: [answer(b"<p>Kept.")]
    job_id, version = ask(engine, source_id), read(engine, source_id).version
    given, _stood_in = means(server)
    assert run_next(engine, given)
    job = look(engine, job_id)
    assert (job.state, job.error, job.result) == (JobState.DONE, "", {"address": COPY})
    found = read(engine, source_id)
    assert (found.archived_url, found.version) == (COPY, version + 1)
    with Session(engine) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last is not None
        assert (last.actor, last.row_id) == ("ed@example.org", source_id)
        assert verify(session).faults == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Content_Location": "/web/20251202/http://news.example/lake?page=2"},
        {"Link": f'<{URL}>; rel="original", <{COPY}>; rel="first last memento"; datetime="x"'},
        {"Link": '</web/20251202/http://news.example/lake?page=2>; rel="memento"'},
    ],
)
def test_an_archive_may_say_in_other_ways_where_the_copy_is(server: Server, headers: dict[str, str]) -> None:
    server.answers[SAVE] = lambda: [answer(b"saved", **headers)]
    assert copy_of(URL, PATTERN, means(server)[0].web) == COPY


def test_behind_a_question_mark_the_address_is_escaped(server: Server) -> None:
    path = "/save?url=http%3A%2F%2Fnews.example%2Flake%3Fpage%3D2"
    server.answers[path] = lambda: [answer(Content_Location=COPY)]
    assert copy_of(URL, "http://archive.example/save?url={url}", means(server)[0].web) == COPY


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        ({}, Refused, NOWHERE),
        ({"Content_Location": "javascript:alert(1)"}, Refused, NOWHERE),
        ({"Content_Location": "http://archive.example/" + "x" * 2000}, Refused, NOWHERE),
        ({"status": "429 Too Many Requests"}, Later, "The archive answered 429."),
        ({"status": "503 Busy"}, Later, "The archive answered 503."),
        ({"status": "302 Found", "Location": "http://127.0.0.1/"}, Later, "inner network"),
    ],
)
def test_an_answer_that_names_no_copy_is_none(
    server: Server, given: dict[str, Any], error: type[Exception], told: str
) -> None:
    server.answers[SAVE] = lambda: [answer(**given)]
    with pytest.raises(error, match=told.replace(".", r"\.")):
        copy_of(URL, PATTERN, means(server)[0].web)


def test_an_archive_that_may_not_be_fetched_is_not_asked(server: Server) -> None:
    given, stood_in = means(server, setting="news.example")
    with pytest.raises(Refused, match=FORBIDDEN):
        copy_of(URL, PATTERN, given.web)
    assert stood_in.asked == []


def test_nothing_above_clear_leaves_the_house(engine: Engine, server: Server, source_id: int) -> None:
    """Neither when it is asked, nor when the marking was raised while the job waited."""
    job_id = ask(engine, source_id)
    edit(engine, source_id, handling=Handling.GREEN)
    given, stood_in = means(server)
    run_next(engine, given)
    job = look(engine, job_id)
    assert job.state is JobState.FAILED
    assert "TLP:CLEAR" in job.error
    assert stood_in.asked == []
    with pytest.raises(Refused, match="TLP:CLEAR"):
        ask(engine, source_id)


def test_what_cannot_be_asked_is_refused_with_the_reason(engine: Engine, source_id: int) -> None:
    with pytest.raises(Refused, match="No web archive"):
        ask(engine, source_id, archive="")
    ask(engine, source_id)
    with pytest.raises(Refused, match="already"):
        ask(engine, source_id)
    edit(engine, source_id, archived_url=COPY)
    with pytest.raises(Refused, match="archived copy already"):
        ask(engine, source_id)
    edit(engine, source_id, archived_url="", url="")
    with pytest.raises(Refused, match="no address"):
        ask(engine, source_id)


def test_an_address_that_changed_meanwhile_gets_no_copy_of_another(
    engine: Engine, server: Server, source_id: int
) -> None:
    def change() -> list[bytes]:
        edit(engine, source_id, url="http://news.example/other")
        return [answer(Content_Location=COPY)]

    server.answers[SAVE] = change
    job_id = ask(engine, source_id)
    run_next(engine, means(server)[0])
    assert look(engine, job_id).error == OTHER
    assert read(engine, source_id).archived_url == ""


def test_a_source_that_is_not_seen_any_more_is_left_alone(
    engine: Engine, server: Server, source_id: int
) -> None:
    job_id = ask(engine, source_id)
    with writing(), Session(engine) as session:
        act_as(session, "shell")
        job = session.get_one(Job, job_id)
        for filing in session.scalars(select(Filing).where(Filing.source_id == job.asked["source"])):
            session.delete(filing)
        session.commit()
    given, stood_in = means(server)
    run_next(engine, given)
    assert look(engine, job_id).error == GONE
    assert stood_in.asked == []
