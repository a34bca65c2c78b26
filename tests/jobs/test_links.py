"""The check of links: which addresses are looked at, when, and when one is called dead."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.intake.loopback import PUBLIC, Server, answer, web_of
from tests.jobs.works import look, run_next
from tests.world import make_source, make_world
from tracker.db import now, writing
from tracker.jobs import links
from tracker.jobs.registry import Means
from tracker.jobs.running import run, take
from tracker.jobs.worker import tidy
from tracker.models import AuditEntry, Job, LinkCheck, Source, act_as
from tracker.models.job import JobKind, JobState
from tracker.models.link_check import LinkState
from tracker.models.vocabulary import Handling

EVERY = 7
ADDRESSES = ("/one", "/two", "/gone", "/locked", "/busy")


@pytest.fixture
def sources(engine: Engine) -> dict[str, int]:
    """Sources at these addresses of one site, and one above clear."""
    with writing(), Session(engine) as session:
        world = make_world(session)
        world.article.url = ""
        found = {}
        for path in (*ADDRESSES, "/secret"):
            source = make_source(session, world.talks, f"At {path}")
            source.url = f"http://news.example{path}"
            if path == "/secret":
                source.handling = Handling.AMBER
            found[path] = source
        session.commit()
        return {path: source.id for path, source in found.items()}


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask without the pause, but where a test is about it."""
    monkeypatch.setattr(links, "PAUSE", 0.0)


@pytest.fixture
def means(server: Server) -> Means:
    """A site that answers in several ways."""
    server.answers |= {
        "/one": lambda: [answer()],
        "/two": lambda: [answer(status="302 Found", Location="/one")],
        "/gone": lambda: [answer(status="404 Not Found")],
        "/locked": lambda: [answer(status="403 Forbidden")],
        "/busy": lambda: [answer(status="500 Oops")],
    }
    return Means(web=web_of(server)[0], check_links=EVERY)


def checked(engine: Engine) -> dict[int, LinkCheck]:
    with Session(engine) as session:
        return {check.source_id: check for check in session.scalars(select(LinkCheck))}


def jobs(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).where(Job.kind == JobKind.LINKS)) or 0


def go_on(engine: Engine, days: int) -> None:
    """Let days pass: all that was noted was noted so much earlier."""
    with writing(), Session(engine) as session:
        for job in session.scalars(select(Job)):
            session.delete(job)
        for check in session.scalars(select(LinkCheck)):
            check.checked_at -= timedelta(days=days)
            check.failed_on = check.failed_on and check.failed_on - timedelta(days=days)
        session.commit()


def check_all(engine: Engine, means: Means) -> Job:
    tidy(engine, means)
    assert run_next(engine, means)
    with Session(engine) as session:
        id_ = session.scalars(select(Job.id).order_by(Job.id.desc())).first()
    assert id_
    return look(engine, id_)


def test_every_open_address_is_looked_at_and_the_record_left_alone(
    engine: Engine, sources: dict[str, int], means: Means, server: Server
) -> None:
    with Session(engine) as session:
        before = session.scalar(select(func.count()).select_from(AuditEntry))
        versions = dict(session.execute(select(Source.id, Source.version)).all())
    job = check_all(engine, means)
    assert (job.state, job.done, job.total) == (JobState.DONE, 5, 5)
    assert job.result == {"counts": {"Looked at": 5, "Failed": 2}}
    found = checked(engine)
    states = {path: (found[id_].state, found[id_].status) for path, id_ in sources.items() if id_ in found}
    assert states == {
        "/one": (LinkState.ALIVE, 200),
        "/two": (LinkState.ALIVE, 200),
        "/gone": (LinkState.UNREACHABLE, 404),
        "/locked": (LinkState.ALIVE, 403),
        "/busy": (LinkState.UNREACHABLE, 500),
    }
    assert not any("/secret" in lines[0] for lines in server.requests)
    asked = [lines[0].split()[:2] for lines in server.requests]
    assert ["GET", "/gone"] in asked
    assert ["GET", "/one"] not in asked
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == before
        assert dict(session.execute(select(Source.id, Source.version)).all()) == versions


def test_a_link_is_dead_after_three_days_of_failing(
    engine: Engine, sources: dict[str, int], means: Means, server: Server
) -> None:
    states = []
    for _day in range(3):
        check_all(engine, means)
        states.append(checked(engine)[sources["/gone"]].state)
        go_on(engine, 1)
    assert states == [LinkState.UNREACHABLE, LinkState.UNREACHABLE, LinkState.DEAD]
    server.answers["/gone"] = lambda: [answer()]
    go_on(engine, EVERY)
    check_all(engine, means)
    assert checked(engine)[sources["/gone"]].failures == 0


def test_many_failures_of_one_day_are_one(engine: Engine, sources: dict[str, int], means: Means) -> None:
    for _time in range(4):
        go_on(engine, 0)
        with writing(), Session(engine) as session:
            for check in session.scalars(select(LinkCheck)):
                check.checked_at -= timedelta(days=EVERY)
            session.commit()
        check_all(engine, means)
    assert checked(engine)[sources["/gone"]].failures == 1


@pytest.mark.usefixtures("sources")
def test_what_answered_waits_for_its_days_and_what_failed_for_one(
    engine: Engine, means: Means, server: Server
) -> None:
    check_all(engine, means)
    tidy(engine, means)
    assert jobs(engine) == 1  # not twice on one day
    go_on(engine, 1)
    server.requests.clear()
    check_all(engine, means)
    assert {lines[0].split()[1] for lines in server.requests} == {"/gone", "/busy"}


@pytest.mark.usefixtures("sources")
def test_workers_that_tidy_at_once_ask_for_one_check(engine: Engine, means: Means) -> None:
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(tidy, engine, means) for _ in range(8)]:
            done.result()
    assert jobs(engine) == 1


def test_another_address_begins_anew(engine: Engine, sources: dict[str, int], means: Means) -> None:
    check_all(engine, means)
    go_on(engine, 1)
    with writing(), Session(engine) as session:
        act_as(session, "ann@example.org")
        session.get_one(Source, sources["/gone"]).edit({"url": "http://news.example/one"})
        session.commit()
    check_all(engine, means)
    found = checked(engine)[sources["/gone"]]
    assert (found.url, found.failures, found.state) == ("http://news.example/one", 0, LinkState.ALIVE)


@pytest.mark.usefixtures("sources")
def test_where_the_setting_is_off_nothing_is_looked_at(engine: Engine, means: Means) -> None:
    tidy(engine, Means(web=means.web))
    assert not run_next(engine, means)


@pytest.mark.usefixtures("sources")
def test_hosts_that_may_not_be_fetched_are_left_out(engine: Engine, server: Server) -> None:
    web, stood_in = web_of(server, setting="other.example")
    job = check_all(engine, Means(web=web, check_links=EVERY))
    assert job.result == {"counts": {"Looked at": 0, "Failed": 0}}
    assert stood_in.asked == []
    assert checked(engine) == {}


def test_hosts_have_their_turns_and_each_its_pause(
    engine: Engine, sources: dict[str, int], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "PAUSE", 0.3)
    with writing(), Session(engine) as session:
        for path in ("/busy", "/locked"):
            session.get_one(Source, sources[path]).handling = Handling.AMBER
        session.get_one(Source, sources["/gone"]).url = "http://other.example/one"
        act_as(session, "shell")
        session.commit()
    server.answers |= {path: lambda: [answer()] for path in ("/one", "/two")}
    names = {"news.example": [PUBLIC], "other.example": [PUBLIC]}
    begun = now()
    check_all(engine, Means(web=web_of(server, names)[0], check_links=EVERY))
    hosts = [next(line for line in lines if line.startswith("Host:")).split()[1] for lines in server.requests]
    assert hosts == ["news.example", "other.example", "news.example"]
    assert now() - begun >= timedelta(seconds=0.3)


def edit(engine: Engine, id_: int, **values: Any) -> None:
    with writing(), Session(engine) as session:
        act_as(session, "ann@example.org")
        session.get_one(Source, id_).edit(values)
        session.commit()


def asked_for(server: Server) -> list[list[str]]:
    return [lines[0].split()[:2] for lines in server.requests]


def test_what_is_closed_or_moved_while_others_are_looked_at_is_not_asked_for(
    engine: Engine, sources: dict[str, int], means: Means, server: Server
) -> None:
    def answer_late() -> list[bytes]:
        if checked(engine) == {}:
            edit(engine, sources["/two"], handling=Handling.AMBER)
            edit(engine, sources["/gone"], url="http://news.example/elsewhere")
            edit(engine, sources["/locked"], url="")
        return [answer()]

    server.answers["/one"] = answer_late
    job = check_all(engine, means)
    assert (job.state, job.done, job.total) == (JobState.DONE, 5, 5)
    assert job.result == {"counts": {"Looked at": 2, "Failed": 1}}
    assert asked_for(server) == [["HEAD", "/one"], ["HEAD", "/busy"], ["GET", "/busy"]]
    assert set(checked(engine)) == {sources["/one"], sources["/busy"]}


def test_what_is_closed_after_its_head_is_not_asked_for_its_page(
    engine: Engine, sources: dict[str, int], means: Means, server: Server
) -> None:
    def close() -> list[bytes]:
        edit(engine, sources["/gone"], handling=Handling.AMBER)
        return [answer(status="404 Not Found")]

    server.answers["/gone"] = close
    check_all(engine, means)
    assert ["HEAD", "/gone"] in asked_for(server)
    assert ["GET", "/gone"] not in asked_for(server)
    assert sources["/gone"] not in checked(engine)


def test_the_pause_lies_before_the_page_too(
    engine: Engine, sources: dict[str, int], means: Means, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = []

    def fail() -> list[bytes]:
        moments.append(time.monotonic())
        return [answer(status="404 Not Found")]

    for path in set(ADDRESSES) - {"/gone"}:
        edit(engine, sources[path], url="")
    server.answers["/gone"] = fail
    monkeypatch.setattr(links, "PAUSE", 0.3)
    check_all(engine, means)
    head, page = moments
    assert page - head >= 0.3


def test_a_check_that_is_cut_off_goes_on_with_the_rest(
    engine: Engine, sources: dict[str, int], means: Means, server: Server
) -> None:
    def fail() -> list[bytes]:
        raise KeyError  # the server's handler ends without an answer: the connection breaks off

    server.answers["/gone"] = fail
    tidy(engine, means)
    stops = iter([False, False, False, True])
    taken = take(engine)
    assert taken
    run(engine, *taken, means=means, is_stopping=lambda: next(stops, True))
    job = look(engine, taken[0])
    assert (job.state, job.done, job.total) == (JobState.WAITING, 2, 5)
    server.requests.clear()
    assert run_next(engine, means)
    job = look(engine, taken[0])
    assert (job.state, job.done, job.total) == (JobState.DONE, 5, 5)
    assert job.result == {"counts": {"Looked at": 5, "Failed": 2}}
    assert not {"/one", "/two"} & {lines[0].split()[1] for lines in server.requests}
    assert "broke off" in checked(engine)[sources["/gone"]].reason
