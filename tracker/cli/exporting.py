"""The record out to files, by their ending."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

import click

from tracker.cli.briefs import write_brief
from tracker.cli.shell import find_negotiation, open_session
from tracker.exchange import backup as backups
from tracker.exchange.interchange import export
from tracker.exchange.record_sheets import WholeRecord
from tracker.exchange.sheets import Cells, Sheet, write_csv
from tracker.exchange.workbook import write_xlsx

ENDINGS = (".json", ".xlsx", ".csv", ".docx")
#: So many rows are written between two words of progress.
STEP = 20_000


@click.command("export")
@click.argument("code")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--table", help="Which table a .csv holds; by default all entries, in one.")
@click.option("--as-of", metavar="DAY", help="The day that a .docx tells of; by default today.")
@click.option("--since", metavar="DAY", help="Since when a .docx tells what changed.")
def export_file(code: str, file: Path, table: str | None, as_of: str | None, since: str | None) -> None:
    """Write a negotiation into a file, .json, .xlsx or .csv, or its brief as .docx; - is stdout, in JSON."""
    ending = ".json" if str(file) == "-" else file.suffix.lower()
    if ending not in ENDINGS:
        raise click.UsageError("This form is not known: use .json, .xlsx, .csv or .docx.")
    if table and ending != ".csv":
        raise click.UsageError("--table is for .csv: the other forms hold all tables.")
    if (as_of or since) and ending != ".docx":
        raise click.UsageError("--as-of and --since are for .docx: the other forms hold all days.")
    with open_session() as session:
        negotiation = find_negotiation(session, code)
        if str(file) == "-":
            sys.stdout.buffer.write(export(negotiation).encode())
            return
        with backups.whole(file) as part, part.open("wb") as opened:
            if ending == ".json":
                opened.write(export(negotiation).encode())
            elif ending == ".docx":
                write_brief(session, negotiation, as_of, since, opened)
            else:
                _write_tables(WholeRecord(session, negotiation), table, ending, opened)


def _write_tables(record: WholeRecord, table: str | None, ending: str, file: IO[bytes]) -> None:
    """Write the record as tables, and tell of each when it is done."""
    book = record.book()
    if ending == ".xlsx":
        write_xlsx(replace(book, sheets=[*map(_told, book.sheets)]), file)
        return
    sheets = {"entries": record.entries(), **{sheet.name: sheet for sheet in book.sheets}}
    if table and table not in sheets:
        raise click.UsageError(f"There is no table {table}: {', '.join(sheets)}.")
    file.writelines(write_csv(replace(book, sheets=[_told(sheets[table or "entries"])])))


def _told(sheet: Sheet) -> Sheet:
    """Tell on stderr how many rows there are, as they are read."""

    def rows() -> Iterator[Cells]:
        count = 0
        for count, row in enumerate(sheet.rows, 1):
            if count % STEP == 0:
                click.echo(f"{sheet.title}: {count} rows so far", err=True)
            yield row
        click.echo(f"{sheet.title}: {count} rows", err=True)

    return replace(sheet, rows=rows())
