"""How fast the large record leaves as files, and in how much memory: `python -m bench.exports [--keep]`.

Each contestant is a process of its own; of its rounds the fastest counts, and the most memory.
"""

from __future__ import annotations

import csv
import gc
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.databases import WORK, Sqlite
from bench.report import HERE, put
from tracker.dates import View
from tracker.db import make_engine
from tracker.exchange.citations import Sources
from tracker.exchange.history_sheets import Histories
from tracker.exchange.sheets import Book, Cells, Sheet, write_csv
from tracker.exchange.tongue import ENGLISH
from tracker.exchange.workbook import write_xlsx
from tracker.models import Negotiation
from tracker.queries.histories import History
from tracker.queries.history_kinds import POSITIONS

ROUNDS = 3
GOALS = {"csv": 50_000, "xlsx": 8_000}
MEMORY = 150
NAMES = {
    "floor": "floor: `csv.writer` on the rows of `sqlite3`, with citations",
    "csv": "CSV: 60,000 positions with their citations",
    "xlsx": "Excel: the same, each citation and each source in a row of its own besides",
}
ENTRIES = """
    SELECT e.*, p.*, i.number, i.title, i.topic, y.code, y.name, v.title,
        r.recorded_at, r.recorded_by, r.reason, r.replaced_by
    FROM entries e JOIN positions p ON p.id = e.id JOIN issues i ON i.id = e.issue_id
        JOIN parties y ON y.id = e.party_id LEFT JOIN events v ON v.id = e.event_id
        LEFT JOIN retractions r ON r.entry_id = e.id
    ORDER BY e.effective_on, e.first_recorded_at, e.id"""
CITATIONS = """
    SELECT c.entry_id, c.quote, c.locator, c.directness, s.title, s.publisher, s.published_on, s.url
    FROM citations c JOIN sources s ON s.id = c.source_id WHERE c.entry_id IN ({})"""


def floor(database: Path, to: Path) -> int:
    """Write the same rows by the least code that does."""
    connection, count = sqlite3.connect(database), 0
    rows = connection.execute(ENTRIES)
    with to.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        while batch := rows.fetchmany(500):
            cited: dict[int, list[str]] = {}
            asked = CITATIONS.format(",".join("?" * len(batch)))
            for id_, quote, locator, directness, *source in connection.execute(
                asked, [row[0] for row in batch]
            ):
                told = f"{', '.join(map(str, source))}, {locator}: {quote}; {directness}"
                cited.setdefault(id_, []).append(told)
            writer.writerows((*row, " | ".join(cited.get(row[0], ()))) for row in batch)
            count += len(batch)
    return count


def product(ending: str) -> Callable[[Path, Path], int]:
    """Write as the pages do."""

    def write(database: Path, to: Path) -> int:
        engine, counted = make_engine(f"sqlite:///{database}"), [0]
        with Session(engine) as session, to.open("wb") as file:
            negotiation = session.scalars(select(Negotiation)).one()
            sources, speech = Sources(str), replace(ENGLISH, names=negotiation.names)
            history = History(session, negotiation, View(), is_stranger=False)
            written = Histories(history, speech, sources, str)
            sheets = [written.sheet(POSITIONS), written.citations([POSITIONS]), sources.sheet()]
            book = Book("positions", "Positions", [_counted(sheet, counted) for sheet in sheets])
            if ending == "csv":
                file.writelines(write_csv(book))
            else:
                write_xlsx(book, file)
        engine.dispose()
        return counted[0]

    return write


def _counted(sheet: Sheet, counted: list[int]) -> Sheet:
    def rows() -> Iterator[Cells]:
        before = counted[0]
        for number, row in enumerate(sheet.rows, 1):
            yield row
            counted[0] = before + number

    return Sheet(sheet.name, sheet.title, sheet.columns, rows())


CONTESTANTS: Mapping[str, Callable[[Path, Path], int]] = {
    "floor": floor,
    "csv": product("csv"),
    "xlsx": product("xlsx"),
}


def measure(name: str, database: Path, to: Path) -> dict[str, Any]:
    """Write once and tell how many rows there were, how long it took, and the most memory there was."""
    gc.collect()
    gc.freeze()  # as `tracker serve` does
    before = _memory("VmRSS:")
    begun, busy = time.perf_counter(), time.process_time()
    rows = CONTESTANTS[name](database, to)
    seconds, busy = time.perf_counter() - begun, time.process_time() - busy
    peak = _memory("VmHWM:")
    return {"rows": rows, "seconds": seconds, "busy": busy, "memory": peak, "grown": peak - before}


def _memory(name: str) -> float:
    """Read from the system how much memory this process has, or had at most, in MB."""
    lines = (line.split() for line in Path("/proc/self/status").read_text().splitlines())
    return next(int(words[1]) for words in lines if words[0] == name) / 1024


def _apart(name: str, database: Path, to: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.exports", "--only", name, str(database), str(to)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=HERE.parent)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


HEADS = (
    "the large record as a file",
    "rows",
    "rows per second",
    "goal",
    "per second at work",
    "peak memory, MB",
    "of it for the file",
)


def table(rounds: Mapping[str, list[dict[str, Any]]]) -> str:
    """Write the best of the rounds as Markdown."""
    lines = [HEADS, ("---", *["---:"] * (len(HEADS) - 1))]
    for name, found in rounds.items():
        best = min(found, key=lambda each: each["seconds"])
        rate, busy = (f"{best['rows'] / best[key]:,.0f}" for key in ("seconds", "busy"))
        most, grown = (f"{max(each[key] for each in found):.0f}" for key in ("memory", "grown"))
        goal = f"{GOALS[name]:,}; {MEMORY} MB" if name in GOALS else ""
        lines.append((NAMES[name], f"{best['rows']:,}", rate, goal, busy, most, grown))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


@click.command()
@click.option("--keep", is_flag=True, help="Keep the figures in README.md.")
@click.option("--database", type=click.Path(exists=True, path_type=Path), help="A large record made before.")
@click.option(
    "--only", type=(click.Choice([*CONTESTANTS]), click.Path(path_type=Path), click.Path(path_type=Path))
)
def main(keep: bool, database: Path | None, only: tuple[str, Path, Path] | None) -> None:
    """Measure how fast the large record leaves."""
    if only:
        click.echo(json.dumps(measure(*only)))
        return
    WORK.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=WORK, prefix="run-") as run:
        record = database or Sqlite(Path(run)).file("large", "exports")
        rounds: dict[str, list[dict[str, Any]]] = {name: [] for name in CONTESTANTS}
        for _ in range(ROUNDS):
            for name, found in rounds.items():
                found.append(_apart(name, record, Path(run, f"out.{name}")))
    told = table(rounds)
    click.echo(told)
    if keep:
        path = HERE / "README.md"
        path.write_text(put(path.read_text(), "exports", told))


if __name__ == "__main__":
    main()
