"""The worker beside the server: a process of its own, forked before there are threads, ended with the server.

Between the two stands a keeper, which does nothing but start the worker anew when it dies. Forked, they share
the memory of the server; what the jobs of a long day take is given back when the worker ends.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NoReturn

from tracker.jobs.worker import GRACE, work_on

_LOOKS_EVERY = 0.2
_PAUSE = 2.0


@contextmanager
def worker_beside(settings: dict[str, Any]) -> Iterator[None]:
    """Have a worker for as long as inside. Call it before any thread is started."""
    sys.stdout.flush()
    parent = os.getpid()
    keeper = os.fork()
    if keeper == 0:
        _leave(lambda: _Keeper(parent).keep(settings))
    try:
        yield
    finally:
        _end(keeper, signal.SIGTERM, GRACE + 2 * _PAUSE)


class _Keeper:
    """Starts the worker, and another one when it dies, until told to stop or left alone."""

    def __init__(self, parent: int) -> None:
        self.parent = parent
        self.is_stopping = False

    def keep(self, settings: dict[str, Any]) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        me = os.getpid()
        while not self._is_over():
            worker = os.fork()
            if worker == 0:
                _leave(lambda: work_on(settings, parent=me))
            while not self._is_over() and not _has_ended(worker):
                time.sleep(_LOOKS_EVERY)
            if self._is_over():
                _end(worker, signal.SIGTERM, GRACE + _PAUSE)
            else:
                time.sleep(_PAUSE)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True

    def _is_over(self) -> bool:
        return self.is_stopping or os.getppid() != self.parent


def _leave(work: Any) -> NoReturn:
    """Do the work of a forked process, and end it without what the one it was forked from does at its end."""
    status = 1
    try:
        work()
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _has_ended(process: int) -> bool:
    try:
        return os.waitpid(process, os.WNOHANG)[0] == process
    except ChildProcessError:
        return True


def _end(process: int, how: int, seconds: float) -> None:
    """End a child in good time, or else at once."""
    with suppress(ProcessLookupError):
        os.kill(process, how)
    deadline = time.monotonic() + seconds
    while not _has_ended(process):
        if time.monotonic() > deadline:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
            deadline += seconds
        time.sleep(0.05)
