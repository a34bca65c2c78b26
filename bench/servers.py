"""Servers to measure: start one, wait for its first answer, weigh it, end it."""

from __future__ import annotations

import compileall
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tracker.cli.serving import THREADS, WORKERS

ROOT = Path(__file__).parents[1]
HOST = "127.0.0.1"
#: A server that has not answered after so many seconds never will.
PATIENCE = 60.0
#: What it wrote is safe on the disk, and its copy of the record is thrown away.
PATIENCE_AT_END = 1.0
_ASK = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


class NotServing(RuntimeError):
    """A server that did not come up; its text is what it said."""


@dataclass
class Server:
    """A server process with its workers. `started`: seconds from its start to its first answer."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    started: float = 0.0

    @property
    def address(self) -> tuple[str, int]:
        return HOST, self.port

    def memory(self) -> int:
        """Weigh all its processes: bytes, shared pages counted in part (PSS)."""
        return sum(_weight(pid) for pid in _tree(self.process.pid))


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(name: str, command: list[str], cwd: Path, port: int, **environment: str) -> Iterator[Server]:
    """Run a server while inside. It has a process group of its own, which is ended as a whole."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("TRACKER_")}
    log = cwd / f"{name.replace(' ', '-')}.log"
    with log.open("wb") as told:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=kept | environment, stdout=told, stderr=told, start_new_session=True
        )
        server = Server(name, port, process)
        try:
            _wait(server, began, log)
            yield server
        finally:
            _end(process)


def _wait(server: Server, began: float, log: Path) -> None:
    while time.perf_counter() - began < PATIENCE and server.process.poll() is None:
        with suppress(OSError), socket.create_connection(server.address, timeout=5) as asked:
            asked.sendall(_ASK)
            if asked.recv(12).endswith(b" 200"):
                server.started = time.perf_counter() - began
                return
        time.sleep(0.005)
    raise NotServing(f"{server.name} did not come up: {log.read_text(errors='replace')[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and end the group that it and its workers are if it does not."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(PATIENCE_AT_END)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _tree(pid: int) -> list[int]:
    """List a process and all that it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += _tree(int(child))
    return found


def _weight(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise ValueError(f"the system does not tell what process {pid} weighs")


def unpack_product(folder: Path) -> Path:
    """Build the wheel and unpack it as an installer does: static files compressed, modules compiled."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    unpacked = folder / "site"
    zipfile.ZipFile(wheel).extractall(unpacked)
    compileall.compile_dir(unpacked, quiet=1)
    return unpacked


@contextmanager
def product(name: str, site: Path, cwd: Path, database: str) -> Iterator[Server]:
    """Run the product as it ships, from the unpacked wheel."""
    port = free_port()
    start = [sys.executable, "-c", "import tracker.cli; tracker.cli.main()", "serve"]
    with serving(
        name,
        [*start, "--port", str(port), "--workers", str(WORKERS)],
        cwd,
        port,
        PYTHONPATH=str(site),
        TRACKER_INSTANCE=str(cwd / name.replace(" ", "-")),
        TRACKER_PUBLIC_URL=f"http://{HOST}:{port}",
        TRACKER_SQLALCHEMY_DATABASE_URI=database,
    ) as server:
        yield server


@contextmanager
def floor(name: str, target: str, cwd: Path, **environment: str) -> Iterator[Server]:
    """Run a floor under the same server with the same settings."""
    port = free_port()
    command = [sys.executable, "-m", "bench.floor_server", target, str(port), str(WORKERS), str(THREADS)]
    with serving(name, command, cwd, port, PYTHONPATH=str(ROOT), **environment) as server:
        yield server
