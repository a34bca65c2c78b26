"""Which server, with how many threads: `python -m bench.choice`, by hand, for docs/decisions.

Sets `tracker serve` beside gunicorn's threaded workers where gunicorn is installed; the product needs none.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

import click

from bench.__main__ import ACCOUNT
from bench.databases import WORK, Sqlite
from bench.generate import SIZES
from bench.pages import pages, sample
from bench.rounds import Contestant, Pace, race, spread, typed
from bench.servers import HOST, Server, free_port, serving, unpack_product
from tracker.cli.serving import APPLICATION, WORKERS
from tracker.db import make_engine

PACE = Pace(rounds=3, one=0.5, many=1.0)
KINDS = (("granian", 1), ("granian", 2), ("granian", 4), ("granian", 8), ("gunicorn", 4))
NAMES = ("list of 50 issues, all", "one issue, whole history", "change of status: form, post, page")
_GRANIAN = "import tracker.cli.serving as s, tracker.cli; s.THREADS = {threads}; tracker.cli.main()"


@contextmanager
def _started(kind: str, threads: int, site: Path, run: Path, database: str) -> Iterator[Server]:
    port = free_port()
    workers = ["--workers", str(WORKERS)]
    if kind == "granian":
        program = _GRANIAN.format(threads=threads)
        command = [sys.executable, "-c", program, "serve", "--port", str(port), *workers]
    else:
        bound = ["--bind", f"{HOST}:{port}", "--worker-class", "gthread", "--threads", str(threads)]
        bound += ["--keep-alive", "60"]
        command = [sys.executable, "-m", "gunicorn", *bound, *workers, "--preload", f"{APPLICATION}()"]
    environment = {
        "PYTHONPATH": f"{site}:{':'.join(sys.path)}",
        "TRACKER_INSTANCE": str(run / f"{kind}-{threads}"),
        "TRACKER_PUBLIC_URL": f"http://{HOST}:{port}",
        "TRACKER_SQLALCHEMY_DATABASE_URI": database,
    }
    with serving(f"{kind}, {threads} threads", command, run, port, **environment) as server:
        yield server


@click.command()
def main() -> None:
    """Measure the servers in turn, and print a table."""
    with ExitStack() as stack:
        run = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=WORK, prefix="run-")))
        database = Sqlite(run).copy("large", "large")
        engine = make_engine(database)
        of = sample(engine, engine)
        engine.dispose()
        site = unpack_product(run / "wheel")
        servers = [
            stack.enter_context(_started(kind, threads, site, run, database))
            for kind, threads in KINDS
            if find_spec(kind)
        ]
        contestants = [
            Contestant(server, ACCOUNT, typed(of, "citations-0-source", "citations-0-quote"))
            for server in servers
        ]
        for contestant in contestants:
            contestant.prepare(SIZES["large"].issues)
        found = race(contestants, [page for page in pages(of) if page.name in NAMES], PACE)
        for server in servers:
            told = [f"{server.name}: {server.memory() / 1e6:.0f} MB, started in {server.started:.2f} s"]
            for measured in found:
                one, many = spread(measured.p50[server.name]), spread(measured.rates[server.name])
                told.append(f"  {measured.page.name}: {1000 * one.median:.1f} ms, {many.median:.0f}/s")
            click.echo("\n".join(told))


if __name__ == "__main__":
    main()
