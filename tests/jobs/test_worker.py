"""The worker as a process, by itself and beside the server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.jobs.works import KIND, look
from tests.test_serving import Serving
from tracker.db import make_engine, now, writing
from tracker.jobs.registry import Means
from tracker.jobs.running import UNKNOWN
from tracker.jobs.worker import tidy
from tracker.models import Job
from tracker.models.job import JobState

#: A worker of this program, with a work that writes and then takes its time.
SCRIPT = """
import time
from tests.jobs.works import rename
from tracker.cli import main
from tracker.jobs.registry import work
@work("rename")
def slow(session, job, progress):
    for number in range(job.done, 40):
        time.sleep(0.1)
        progress(number + 1, 40)
    return rename(session, job, lambda *_: None)
main()
"""


@contextmanager
def started(database: str, instance: Path, script: str) -> Iterator[subprocess.Popen[str]]:
    """Run `tracker worker` while inside."""
    environment = os.environ | {
        "TRACKER_INSTANCE": str(instance),
        "TRACKER_SQLALCHEMY_DATABASE_URI": database,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    command = [sys.executable, "-W", "error", "-c", script, "worker"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "Waiting for jobs\n"
            yield process
        finally:
            process.kill()


def wait_for(what: Callable[[], bool], seconds: float = 20) -> float:
    """Wait until something is so; tell how long it took."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < seconds, "it never came"
        time.sleep(0.05)
    return time.monotonic() - began


def test_a_worker_takes_up_what_is_asked_for_and_gives_it_back_when_it_stops(
    engine: Engine, database_url: str, asked: int, tmp_path: Path
) -> None:
    with started(database_url, tmp_path, SCRIPT) as process:
        wait_for(lambda: look(engine, asked).done >= 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    job = look(engine, asked)
    assert (job.state, job.tries) == (JobState.WAITING, 0)
    assert 2 <= job.done < 40
    with started(database_url, tmp_path, SCRIPT):
        wait_for(lambda: look(engine, asked).state is JobState.DONE)


def add_job(engine: Engine, kind: str = KIND) -> int:
    with writing(), Session(engine) as session:
        job = Job.add(session, kind, {}, by="shell")
        session.commit()
        return job.id


def children(process: int) -> list[int]:
    """List the processes that a process has started."""
    found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(each) for each in found]


def is_there(process: int) -> bool:
    """Tell whether a process is there and not merely waiting to be noted as ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def server(sqlite_url: str, tmp_path: Path) -> Iterator[Serving]:
    """Serve a fresh database, with the worker beside."""
    server = Serving(tmp_path / "instance", sqlite_url)
    yield server
    server.stop()


def below(process: int) -> list[int]:
    found = children(process)
    return found + [each for child in found for each in children(child)]


@pytest.fixture
def served(sqlite_url: str) -> Iterator[Engine]:
    engine = make_engine(sqlite_url)
    yield engine
    engine.dispose()


@pytest.mark.usefixtures("server")
def test_the_server_does_jobs_beside_the_pages_at_once(served: Engine) -> None:
    add_job(served)
    wait_for(lambda: look(served, 1).state is JobState.FAILED)
    second = add_job(served)
    took = wait_for(lambda: look(served, second).state is JobState.FAILED)
    assert look(served, second).error == UNKNOWN
    assert took < 5  # a second, on a machine that has nothing else to do


def keeper_of(server: Serving) -> tuple[int, int]:
    """Find the keeper and its worker."""
    keeper = next(each for each in children(server.process.pid) if children(each))
    (worker,) = children(keeper)
    return keeper, worker


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_when_the_server_ends(server: Serving, ending: int) -> None:
    found = below(server.process.pid)
    assert len(found) == 4  # two that answer; a keeper, and its worker
    server.process.send_signal(ending)
    assert server.process.wait(20) == 0
    assert not any(map(is_there, found))


def test_no_worker_is_left_when_the_server_is_killed(server: Serving) -> None:
    found, rest = keeper_of(server), below(server.process.pid)
    server.process.kill()
    server.process.wait()
    wait_for(lambda: not any(map(is_there, found)))
    for process in {*rest} - {*found}:  # what answers is the server's own, and outlives it
        os.kill(process, signal.SIGTERM)


def test_a_worker_that_dies_is_started_anew(server: Serving, served: Engine) -> None:
    keeper, worker = keeper_of(server)
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: bool(children(keeper)) and children(keeper) != [worker])
    id_ = add_job(served)
    wait_for(lambda: look(served, id_).state is JobState.FAILED)


def test_a_worker_whose_keeper_dies_ends_too(server: Serving) -> None:
    keeper, worker = keeper_of(server)
    os.kill(keeper, signal.SIGKILL)
    wait_for(lambda: not is_there(worker))


def test_the_server_leaves_the_jobs_alone_where_it_is_told_to(sqlite_url: str, tmp_path: Path) -> None:
    server = Serving(tmp_path / "instance", sqlite_url, TRACKER_WORKER="separate")
    try:
        assert len(below(server.process.pid)) == 2
    finally:
        server.stop()


def test_tidying_forgets_old_jobs_whoever_does_it(engine: Engine) -> None:
    id_ = add_job(engine)
    with writing(), Session(engine) as session:
        job = session.get_one(Job, id_)
        job.fail("Long ago.")
        job.ended_at = now().replace(year=2020)
        session.commit()
    tidy(engine, Means())
    tidy(engine, Means())
    with Session(engine) as session:
        assert session.get(Job, id_) is None
