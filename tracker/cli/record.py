"""The record: in from files and out to files, checked, and copied."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.cli.shell import (
    check_revision,
    choice_of,
    find_actor,
    find_negotiation,
    open_engine,
    open_session,
)
from tracker.config import settings
from tracker.db import TITLE
from tracker.exchange import backup as backups
from tracker.exchange.interchange import Outcome, import_
from tracker.intake.found import Found
from tracker.intake.pasted import FIRST_LINE
from tracker.intake.reading import read_address, read_file
from tracker.intake.taking_in import Alike, add_source
from tracker.intake.web import Web
from tracker.models import Fault, Negotiation, Refused, Source, search
from tracker.models.negotiation import CODE
from tracker.models.vocabulary import Reliability, Role, SourceKind
from tracker.queries import integrity
from tracker.queries.duplicates import Duplicate

_HERE = "This may be here already, as %(found)s: give --another if it is another source."


def _check_ending(path: Path) -> None:
    if path.suffix.lower() != ".json":
        raise click.UsageError("This form is not known: use .json.")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--negotiation", "code", help="Import under this code instead of the file’s.")
@click.option("--dry-run", is_flag=True, help="Say what would be added, and write nothing.")
@click.option("--by", metavar="EMAIL", help="The administrator who acts.")
def import_file(file: Path, code: str | None, dry_run: bool, by: str | None) -> None:
    """Add what a file holds and is not here yet: all of it or nothing."""
    _check_ending(file)
    if code and not CODE.fullmatch(code):
        raise click.UsageError(f"{code} is no code: 2 to 12 capital letters and digits, a letter first.")
    with open_session(writes=True) as session:
        outcome = import_(session, file.read_bytes(), by=find_actor(session, by, Role.ADMIN), code=code)
        _tell(outcome, "Would add" if dry_run else "Added")
        if dry_run:
            session.rollback()


def _tell(outcome: Outcome, verb: str) -> None:
    added = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in outcome.added.items() if count)
    click.echo(f"{verb} to {outcome.negotiation.code}: {added or 'nothing'}.")
    if here := outcome.skipped.total():
        click.echo(f"Here already: {here}.")
    for each in outcome.differences:
        click.echo(f"Kept as it is here: {each.place} is {each.ours!r}, in the file {each.theirs!r}.")


@click.command()
def verify() -> None:
    """Check the audit chains, the tables against them, the rules, and search; exit 1 on any fault."""
    with open_session() as session:
        found = integrity.verify(session)
        if search.lags(session):
            found.faults.append("Search does not look through the whole record: run `tracker init`.")
    for fault in found.faults:
        click.echo(fault, err=True)
    counts = ", ".join(f"{count} {name}" for name, count in found.counts.items())
    click.echo(f"{'Intact' if not found.faults else 'Not intact'}: {counts}, {len(found.faults)} faults.")
    sys.exit(1 if found.faults else 0)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the whole database into a new file, while others may write."""
    with open_engine() as engine:
        check_revision(engine)
        backups.back_up(engine, file)
    click.echo(f"The backup is {file}.")


@click.group()
def source() -> None:
    """Keep the sources."""


@source.command("add")
@click.option("--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Read this file.")
@click.option("--url", help="Fetch this address.")
@click.option("--title", help="By default what is found, else the first line.")
@click.option("--publisher", help="This and what follows: by default what is found.")
@click.option("--published-on", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--language", help="A code: en, uk, zh-Hant.")
@click.option("--kind", type=choice_of(SourceKind), help="By default what is found, else article.")
@click.option("--reliability", type=choice_of(Reliability), default=Reliability.F.value, show_default=True)
@click.option("--negotiation", "code", help="By default the only one there is.")
@click.option("--another", is_flag=True, help="Add it though it looks like one that is here.")
@click.option("--by", metavar="EMAIL", help="Who acts.")
def source_add(
    file: Path | None,
    url: str | None,
    reliability: str,
    code: str | None,
    another: bool,
    by: str | None,
    **typed: Any,
) -> None:
    """Add a source from a file or an address; the last line printed is its id alone.

    What is typed counts before what is found; what is not found is told on stderr. What looks like a source
    that is here is refused unless --another is given.
    """
    if (file is None) == (url is None):
        raise click.UsageError("Give either --file or --url.")
    found = read_file(file.name, file.read_bytes()) if file else read_address(url or "", Web.of(_fetch()))
    values, text = _typed_before_found(typed, found)
    with open_session(writes=True) as session:
        source = Source(**values, authors=[*found.authors], url=found.url, reliability=reliability)
        source.accessed_on = datetime.now(UTC).date() if url else None
        source.set_text(text)
        filed_under, actor = [_only(session, code)], find_actor(session, by, Role.EDITOR)
        try:
            add_source(session, source, filed_under=filed_under, by=actor, is_another=another)
        except Alike as alike:
            raise Refused(*alike.others, Fault("", _HERE, {"found": _here(alike.found)})) from None
        id_ = source.id
    if missing := [name for name in found.missing if not values.get(name)]:
        click.echo(f"Not found: {', '.join(missing)}.", err=True)
    for remark in found.remarks:
        click.echo(remark, err=True)
    click.echo(id_)


def _here(found: Sequence[Duplicate]) -> str:
    return "; ".join(
        f"{each.id}, “{each.title}” ({', '.join(str(why.label) for why in each.why)})" for each in found
    )


def _fetch() -> str:
    return str(settings()["FETCH"])


def _typed_before_found(typed: dict[str, Any], found: Found) -> tuple[dict[str, Any], str]:
    """Give the values of the source, and its text: no line of it is lost to a title that is not taken."""
    title, day = typed["title"], typed["published_on"]
    first = next(iter(found.text.splitlines()), "")[:TITLE]
    values = {
        "title": title or found.title or first,
        "publisher": found.publisher if typed["publisher"] is None else typed["publisher"],
        "published_on": day.date() if day else found.published_on,
        "language": found.language if typed["language"] is None else typed["language"],
        "kind": typed["kind"] or found.kind or SourceKind.ARTICLE,
    }
    is_lost = title and title != found.title and FIRST_LINE in found.remarks
    return values, f"{found.title}\n\n{found.text}" if is_lost else found.text


def _only(session: Session, code: str | None) -> Negotiation:
    codes = [code] if code else [*session.scalars(select(Negotiation.code).limit(2))]
    if len(codes) != 1:
        raise click.UsageError("Say with --negotiation under which negotiation to file it.")
    return find_negotiation(session, codes[0])
