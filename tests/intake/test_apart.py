"""Reading in a process of its own: what it may take, and what it cannot reach."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.intake.pages import ARTICLE, NEWS
from tracker.intake.apart import Limits, read_apart
from tracker.intake.found import Found
from tracker.models.refused import Refused

#: A page that keeps a reader busy for many seconds.
SLOW = b"<html><body>" + b"<p>Words and <b>more</b> of them</p>" * 130_000


def children() -> set[int]:
    """Give the processes that this one has started and not yet buried."""
    told = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {int(number) for each in told for number in each.read_text().split()}


def test_what_takes_too_long_is_ended_and_said() -> None:
    before = time.monotonic()
    with pytest.raises(Refused, match="took too long"):
        read_apart(SLOW, "file", Limits(seconds=1))
    assert time.monotonic() - before < 4


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS holds no such limit")
def test_what_swells_is_ended_and_said() -> None:
    with pytest.raises(Refused, match="too large"):
        read_apart(SLOW, "file", Limits(memory=100 * 1024 * 1024))


def test_the_server_never_loads_what_reads_pages_and_files() -> None:
    script = """
import sys
import tracker
from tracker.intake.reading import read_file, read_paste
assert read_file("a.html", sys.stdin.buffer.read()).title
assert read_paste("Talks go on\\n\\nThey met.").title
print(sorted({"docx", "httpcore", "lxml", "pypdf", "trafilatura"} & sys.modules.keys()))
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], input=NEWS.html, capture_output=True, check=True, env=os.environ
    )
    assert ended.stdout.decode().strip() == "[]"


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks where Linux shows it")
def test_the_reader_gets_none_of_the_servers_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_SECRET_KEY", "nobody shall read this")
    before = children()

    def read() -> None:
        with pytest.raises(Refused):
            read_apart(SLOW, "file", Limits(seconds=2))

    thread = threading.Thread(target=read)
    thread.start()
    started: set[int] = set()
    while not started and thread.is_alive():
        time.sleep(0.05)
        started = children() - before
    time.sleep(0.3)
    told = [Path(f"/proc/{number}/environ").read_bytes() for number in started]
    thread.join()
    assert len(told) == 1
    assert b"nobody shall read" not in told[0]


def test_many_at_once_are_all_read() -> None:
    found: list[Found] = []
    page = NEWS.html

    def read() -> None:
        found.append(read_apart(page, "file", Limits(wait=60)))

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.text for each in found] == ["\n\n".join(ARTICLE)] * 6


def test_a_reader_that_waits_too_long_for_its_turn_says_so() -> None:
    busy = [threading.Thread(target=try_to_read, args=(Limits(seconds=4),)) for _ in range(2)]
    for thread in busy:
        thread.start()
    time.sleep(0.5)
    with pytest.raises(Refused, match="try again in a moment"):
        read_apart(NEWS.html, "file", Limits(wait=0.5))
    for thread in busy:
        thread.join()
    assert read_apart(NEWS.html, "file").title == NEWS.title


def try_to_read(limits: Limits) -> None:
    with pytest.raises(Refused):
        read_apart(SLOW, "file", limits)
