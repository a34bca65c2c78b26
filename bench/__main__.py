"""Run the benchmark: `python -m bench [--quick] [--database sqlite|postgresql]`."""

from __future__ import annotations

import os
import platform
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click
from sqlalchemy import text

from bench import report
from bench.databases import PASSWORD, WORK, Databases, Sqlite, postgresql
from bench.floors import DATABASE
from bench.generate import EMAIL, SIZES
from bench.pages import Sample, alone, cold, growing, pages, sample
from bench.rounds import Contestant, Pace, Spread, again, growth, race, spread, typed
from bench.rounds import alone as measure_alone
from bench.rounds import cold as weigh
from bench.servers import ROOT, Server, floor, product, unpack_product
from bench.visits import Account
from tracker.cli.serving import THREADS, WORKERS
from tracker.db import make_engine

FULL, QUICK = Pace(rounds=5, one=1.0, many=1.5), Pace(rounds=3, one=0.25, many=0.35)
STARTS = 3
ACCOUNT = Account(EMAIL, PASSWORD)


@click.command()
@click.option("--quick", is_flag=True, help="Short rounds, printed but not kept in README.md.")
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
def main(quick: bool, database: str) -> None:
    """Measure the product against its floors, print the report and keep it in README.md."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
    pace = QUICK if quick else FULL
    WORK.mkdir(exist_ok=True)
    with ExitStack() as stack:
        run = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=WORK, prefix="run-")))
        store: Databases = Sqlite(run) if database == "sqlite" else stack.enter_context(postgresql())
        figures = _measure(stack, run, store, pace, database)
    click.echo(report.table(figures))
    if not quick:
        report.keep(figures)


def _measure(stack: ExitStack, run: Path, store: Databases, pace: Pace, database: str) -> report.Figures:
    _say("The records, and the product's wheel")
    small, large = store.copy("small", "small"), store.copy("large", "large")
    of, facts = _look(small, large, database, pace)
    floor_database = Sqlite(run).file("large", "floor")
    site = unpack_product(run / "wheel")

    _say("Starting")
    start = {
        report.PRODUCT: _start(lambda: product(report.PRODUCT, site, run, large)),
        report.B: _start(
            lambda: floor(report.B, "bench.floors:floor_b", run, **{DATABASE: str(floor_database)})
        ),
    }
    a = stack.enter_context(floor(report.A, "bench.floors:floor_a", run))
    b = stack.enter_context(floor(report.B, "bench.floors:floor_b", run, **{DATABASE: str(floor_database)}))
    ours = stack.enter_context(product(report.PRODUCT, site, run, large))
    contestants = [
        Contestant(a),
        Contestant(b, ACCOUNT, typed(of, "source", "quote")),
        Contestant(ours, ACCOUNT, typed(of, "citations-0-source", "citations-0-quote")),
    ]
    for contestant in contestants:
        contestant.prepare(SIZES["large"].issues)
    _say("Pages")
    raced = race(contestants, pages(of), pace)
    by_themselves, unchanged = measure_alone(ours, alone(), pace), again(ours, b, pace)
    memory = {server.name: server.memory() for server in (ours, b)}
    _say("Growth, and cold pages")
    fresh = store.copy("large", "grown")
    with product(report.SMALL, site, run, small) as little, product(report.LARGE, site, run, fresh) as grand:
        grown = growth(little, grand, growing(of), pace)
    weighed = weigh(ours, cold(of))
    return report.Figures(database, facts, raced, by_themselves, unchanged, grown, weighed, start, memory)


def _say(text: str) -> None:
    click.echo(f"{datetime.now(UTC):%H:%M:%S} {text}", err=True)


def _start(start: Callable[[], AbstractContextManager[Server]]) -> Spread:
    """Start a server a few times, and tell how long its first answer took."""
    seconds = []
    for _ in range(STARTS):
        with start() as server:
            seconds.append(server.started)
    return spread(seconds)


def _look(small: str, large: str, kind: str, pace: Pace) -> tuple[Sample, dict[str, str]]:
    """Choose what is looked at, and tell on what machine, of what, and how it is measured."""
    engine, other = make_engine(small), make_engine(large)
    try:
        of = sample(engine, other)
        facts = _facts(pace)
        if kind == "postgresql":
            with engine.connect() as connection:
                facts["PostgreSQL"] = str(connection.scalar(text("SHOW server_version")))
        return of, facts
    finally:
        engine.dispose()
        other.dispose()


def _facts(pace: Pace) -> dict[str, str]:
    return {
        "Measured": f"{datetime.now(UTC):%Y-%m-%d}",
        "commit": _commit(),
        "CPU": f"{_first('/proc/cpuinfo', 'model name')}, {len(os.sched_getaffinity(0))} cores",
        "memory": f"{int(_first('/proc/meminfo', 'MemTotal').split()[0]) / 1e6:.1f} GB",
        "kernel": platform.release(),
        "Python": platform.python_version(),
        **{name: version(name) for name in ("flask", "sqlalchemy", "granian")},
        "SQLite": sqlite3.sqlite_version,
        "server": f"{WORKERS} workers of {THREADS} threads",
        "rounds": f"{pace.rounds}, of {pace.one:g} s at one connection and {pace.many:g} s at sixteen",
    }


def _first(path: str, name: str) -> str:
    """Give what a file of the system says first under a name."""
    lines = (line.partition(":") for line in Path(path).read_text().splitlines())
    return next((value.strip() for key, _colon, value in lines if key.strip() == name), "unknown")


def _commit() -> str:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        return "unknown"
    asked = [["git", "rev-parse", "--short", "HEAD"], ["git", "status", "--porcelain", "-uno"]]
    head, changed = (
        subprocess.run(each, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
        for each in asked
    )
    return f"{head} and what was not committed" if changed else head


if __name__ == "__main__":
    main()
