"""Starting through the shell; what is served runs as a process of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.cli.conftest import Runs, run
from tracker.cli import serving
from tracker.models import User


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


@contextmanager
def started(instance: Path, *words: str) -> Iterator[tuple["subprocess.Popen[str]", list[str]]]:
    """Run `tracker` until it serves; gives the process and what it printed, and ends it."""
    command = [sys.executable, "-c", "from tracker.cli import main; main()", *words]
    environment = os.environ | {"TRACKER_INSTANCE": str(instance)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        try:
            for line in process.stdout:
                lines.append(line.rstrip())
                if line.startswith("Serving on "):
                    break
            yield process, lines
        finally:
            process.kill()


def test_an_empty_database_is_not_worked_on(instance: Path) -> None:
    assert run("verify", exits=1).stderr == "The database is empty: run `tracker init`.\n"
    assert run("serve", exits=1).stderr == "The database is empty: run `tracker init`.\n"
    assert run("init").stdout == run("init").stdout == "The database is ready.\n"
    assert run("verify").stdout.startswith("Intact: ")
    assert (instance / "secret_key").exists()


def test_the_demonstration_is_loaded_once_and_makes_no_accounts(tracker: Runs) -> None:
    assert tracker("demo").stdout == "The demonstration is loaded: negotiation UA.\n"
    assert "already" in tracker("demo").stdout
    assert tracker("user", "list").stdout == ""


@pytest.mark.parametrize(("ending", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 0)])
def test_a_server_answers_and_ends_when_it_is_told_to(
    tracker: Runs, instance: Path, port: int, ending: int, status: int
) -> None:
    tracker("user", "list")
    with started(instance, "serve", "--port", str(port), "--workers", "1") as (process, lines):
        assert lines == [f"Serving on http://127.0.0.1:{port}"]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=30) as answer:
            assert answer.status == 200
        process.send_signal(ending)
        assert process.wait(timeout=30) == status


def test_a_port_is_not_shared_with_another_server(tracker: Runs) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert "cannot be served" in tracker("serve", "--port", port, exits=1).stderr


def test_trying_it_out_makes_an_account_for_each_role_with_a_new_password_each_time(
    tracker: Runs, database: Engine, monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    monkeypatch.setattr(serving, "_serve", lambda *_: None)
    found = [
        dict(re.findall(r"(\w+@example\.org) +(\S+)", tracker("try", "--port", str(port)).stdout))
        for _ in range(2)
    ]
    assert list(found[0]) == ["viewer@example.org", "editor@example.org", "admin@example.org"]
    with Session(database) as session:
        for email, password in found[1].items():
            user = User.find(session, email)
            assert user is not None
            assert (user.role, user.has_password(password)) == (email.partition("@")[0], True)
            assert not user.has_password(found[0][email])
    assert tracker("export", "UA", "-").stdout


def test_trying_it_out_leaves_other_peoples_accounts_alone(
    tracker: Runs, monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    monkeypatch.setattr(serving, "_serve", lambda *_: None)
    add = ("user", "add", "admin@example.org", "--name", "Ann", "--role", "admin", "--password-stdin")
    tracker(*add, typed="four swans on a lake\n")
    assert "somebody’s account" in tracker("try", "--port", str(port), exits=1).stderr
    assert tracker("user", "list").stdout == "admin@example.org\tadmin\tAnn\n"
