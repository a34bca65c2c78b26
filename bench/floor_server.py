"""Serve a floor under the product's server, set as in tracker/cli/serving.py: a test holds the two equal.

`python -m bench.floor_server TARGET PORT WORKERS THREADS`, which imports nothing of the product. What the
product does besides to spare memory (one application for all workers, glibc's settings) floors do without.
"""

from __future__ import annotations

import sys

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server


def serve(target: str, port: int, workers: int, threads: int) -> None:
    """Serve until SIGTERM."""
    Server(
        target,
        factory=target.endswith("_b"),
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        address="127.0.0.1",
        port=port,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    serve(sys.argv[1], *(int(number) for number in sys.argv[2:]))
