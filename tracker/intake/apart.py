"""Apart: what may be hostile or heavy is read in a process of its own, with little time and memory.

The libraries that read pages and files never come into the server, and what breaks them breaks nothing else.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from tracker.intake.found import Found
from tracker.models.refused import N_, Fault, Refused

_LOG = logging.getLogger(__name__)
_PACKAGE = Path(__file__).parents[1]
#: Makes the packages bare names, so that the reader loads its own modules and nothing of the application.
_START = """
import sys, types
for name, path in (("tracker", sys.argv[1]), ("tracker.models", sys.argv[1] + "/models")):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [path]
from tracker.intake.reader import main
main()
"""
#: Of the server's surroundings the reader gets none but these: not its secrets.
_PASSED_ON = ("DYLD_LIBRARY_PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
#: How the system ends what takes too long.
_ENDED = (signal.SIGKILL, signal.SIGXCPU)
_AT_ONCE = BoundedSemaphore(2)

SLOW = N_("This took too long to read: it is too large, or made to be slow.")
BROKEN = N_("This cannot be read: it is too large, broken, or made in a way that is not known here.")
BUSY = N_("Other files are being read just now: try again in a moment.")


@dataclass(frozen=True)
class Limits:
    """What the reader may take: seconds in all, bytes of memory; and the seconds to wait for its turn."""

    seconds: int = 10
    wait: float = 1
    memory: int = 512 * 1024 * 1024


def read_apart(content: bytes, field: str, limits: Limits = Limits(), **asked: Any) -> Found:
    """Read bytes in a process of its own; the field is the one that faults are about.

    Raises: Refused.
    """
    told = asked | {"limits": {"seconds": limits.seconds, "memory": limits.memory}}
    answer = _ask(json.dumps(told).encode() + b"\n" + content, field, limits)
    if "refused" in answer:
        raise Refused(*(Fault(field, message, values) for message, values in answer["refused"]))
    if "broken" in answer:
        _LOG.warning("A reader broke off: %s", answer["broken"])
        raise Refused(Fault(field, BROKEN))
    return Found.of(answer, field)


def _ask(given: bytes, field: str, limits: Limits) -> dict[str, Any]:
    if not _AT_ONCE.acquire(timeout=limits.wait):
        raise Refused(Fault(field, BUSY))
    try:
        ended = subprocess.run(  # noqa: S603 - this Python, and words of our own
            [sys.executable, "-I", "-B", "-c", _START, str(_PACKAGE)],
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.seconds,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            check=False,
        )
        answer = json.loads(ended.stdout)
    except subprocess.TimeoutExpired:
        raise Refused(Fault(field, SLOW)) from None
    except ValueError:  # it was ended, by the system or by a library
        raise Refused(Fault(field, SLOW if -ended.returncode in _ENDED else BROKEN)) from None
    finally:
        _AT_ONCE.release()
    return answer if isinstance(answer, dict) else {"broken": "no answer"}
