"""Jobs, on both databases: done once, kept whole, tried again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.jobs.works import KIND, change, look, rename, run_next, titles
from tracker.db import now, writing
from tracker.jobs.registry import Later, Progress, work
from tracker.jobs.running import BROKEN, CLOSED, UNKNOWN, take
from tracker.models import AuditEntry, Fault, Job, Refused, Source, User
from tracker.models.job import MOST_TRIES, JobState


def test_a_job_is_done_by_the_one_who_asked_and_its_result_kept(engine: Engine, asked: int) -> None:
    work(KIND)(rename)
    assert run_next(engine)
    job = look(engine, asked)
    assert (job.state, job.tries, job.error, job.due_at) == (JobState.DONE, 1, "", None)
    assert job.result == {"source": 1}
    assert job.started_at
    assert job.ended_at
    assert job.ended_at >= job.started_at
    assert titles(engine)[0] == "A new title"
    with Session(engine) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last is not None
        assert (last.actor, last.table_name) == ("ed@example.org", "sources")
    assert not run_next(engine)


def test_what_a_rolled_back_request_asked_for_is_not_done(engine: Engine) -> None:
    with writing(), Session(engine) as session:
        Job.add(session, KIND, {}, by="shell")
        session.flush()
        session.rollback()
    assert not run_next(engine)


def test_two_workers_that_look_at_once_never_have_the_same_job(engine: Engine, asked: int) -> None:
    with writing(), Session(engine) as session:
        session.add_all(Job.add(session, KIND, {}, by="shell") for _ in range(19))
        session.commit()
    ready = threading.Barrier(4)
    taken: list[tuple[int, int]] = []

    def look_for_work() -> None:
        ready.wait()
        while (found := take(engine)) is not None or _is_any_due(engine):
            if found is not None:
                taken.append(found)

    threads = [threading.Thread(target=look_for_work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [(asked + number, 1) for number in range(20)]


def _is_any_due(engine: Engine) -> bool:
    """Tell whether something is left: on PostgreSQL another worker's lock is passed by."""
    with Session(engine) as session:
        return session.scalar(select(Job.id).where(Job.due_at <= now()).limit(1)) is not None


def fails(error: Exception) -> Callable[[Session, Job, Progress], None]:
    """Make a work that writes, and then fails."""

    def fail(session: Session, job: Job, progress: Progress) -> None:
        rename(session, job, progress)
        session.flush()
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "told"),
    [(ValueError("secret"), BROKEN), (Later("The archive is busy."), "The archive is busy.")],
)
def test_a_failure_keeps_its_error_and_is_tried_again_after_pauses_that_grow(
    engine: Engine, asked: int, error: Exception, told: str
) -> None:
    before = titles(engine)
    work(KIND)(fails(error))
    pauses = []
    for number in range(1, MOST_TRIES + 1):
        assert run_next(engine)
        job = look(engine, asked)
        assert (job.tries, job.error) == (number, told)
        assert not run_next(engine)  # not before its pause is over
        if number < MOST_TRIES:
            assert job.state is JobState.WAITING
            assert job.due_at
            pauses.append(job.due_at - now())
            change(engine, asked, due_at=now())
    assert job.state is JobState.FAILED
    assert pauses == sorted(pauses)
    assert pauses[0] <= timedelta(seconds=15) < pauses[1]
    assert titles(engine) == before


def test_what_breaks_a_rule_fails_at_once_and_can_be_tried_again(engine: Engine, asked: int) -> None:
    work(KIND)(fails(Refused(Fault("", "No %(what)s.", {"what": "title"}))))
    run_next(engine)
    job = look(engine, asked)
    assert (job.state, job.error, job.tries) == (JobState.FAILED, "No title.", 1)
    work(KIND)(rename)
    with writing(), Session(engine) as session:
        session.get_one(Job, asked).try_again()
        session.commit()
    assert run_next(engine)
    assert look(engine, asked).state is JobState.DONE
    with Session(engine) as session, pytest.raises(Refused):
        session.get_one(Job, asked).try_again()


def test_progress_is_seen_by_others_and_kept_with_what_was_done(engine: Engine, asked: int) -> None:
    """A work that is cut off goes on from there: nothing is done twice, nothing is left out."""
    seen = []

    def count(session: Session, job: Job, progress: Progress) -> None:
        for number in range(job.done, 4):
            source = session.scalars(select(Source).order_by(Source.id)).first()
            assert source is not None
            source.edit({"title": f"{source.title}+{number}"})
            if number == 2 and job.tries == 1:
                raise ValueError
            progress(number + 1, 4)
            job_now = look(engine, asked)
            seen.append((job_now.done, job_now.total))

    work(KIND)(count)
    before = titles(engine)[0]
    run_next(engine)
    assert titles(engine)[0] == f"{before}+0+1"
    change(engine, asked, due_at=now())
    run_next(engine)
    assert titles(engine)[0] == f"{before}+0+1+2+3"
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_others_may_write_while_a_work_waits_behind_its_progress(engine: Engine, asked: int) -> None:
    def wait(session: Session, job: Job, progress: Progress) -> None:
        _ = session.scalars(select(Source)).all()
        progress(0, 1)
        assert job.asked == {"title": "A new title"}
        change(engine, asked, total=7)  # in a connection of its own: with a lock held it could not

    work(KIND)(wait)
    run_next(engine)
    assert look(engine, asked).state is JobState.DONE


def test_who_has_no_account_any_more_asks_in_vain(engine: Engine, asked: int) -> None:
    work(KIND)(rename)
    with writing(), Session(engine) as session:
        user = User.find(session, "ed@example.org")
        assert user is not None
        user.is_disabled = True
        session.info["actor"] = "shell"
        session.commit()
    run_next(engine)
    job = look(engine, asked)
    assert (job.state, job.error) == (JobState.FAILED, CLOSED)


def test_a_kind_that_nobody_knows_fails_with_a_sentence(engine: Engine, asked: int) -> None:
    run_next(engine)
    assert look(engine, asked).error == UNKNOWN


def test_what_no_database_takes_is_refused_when_it_is_asked(engine: Engine) -> None:
    with Session(engine) as session, pytest.raises(Refused):
        Job.add(session, KIND, {"text": "half \ud800"}, by="shell")


def test_old_jobs_are_forgotten_and_those_under_way_are_not(engine: Engine, asked: int) -> None:
    with writing(), Session(engine) as session:
        old = Job.add(session, KIND, {}, by="shell")
        old.fail("Long ago.")
        old.ended_at = now() - timedelta(days=31)
        session.flush()
        assert Job.is_under_way(session, KIND)
        assert not Job.is_under_way(session, "other")
        Job.forget_old(session)
        session.commit()
        assert [*session.scalars(select(Job.id))] == [asked]
