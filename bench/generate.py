"""Made-up records for the benchmark, small to huge, the same for the same seed.

Equal by design in a record of any size: the issues 1 to 12 with all that was recorded of them (so the cells
of the first six parties on them, the others being empty there), the source with id 1 and the 59 others that
these issues rest on, the tracks, events, proposals and topics, and the claims about the talks as a whole. A
larger record has more of all else, alike row by row.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import click
from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from bench.record.entries import Desk
from bench.record.frame import SMALL, Size
from bench.record.ledger import Ledger
from bench.record.opening import CODE, open_record
from bench.record.plans import Plans
from bench.record.sources import Shelf
from tracker.config import folder
from tracker.db import make_engine, migrate, writing
from tracker.models import AuditHead, User
from tracker.models.search import rebuild
from tracker.models.user import nobodys_hash
from tracker.models.vocabulary import Role

LARGE = Size(5_000, 12, 60_000, 50_000, 20_000, 120_000)
SIZES = {
    "small": SMALL,
    "large": LARGE,
    "huge": Size(50_000, 12, 600_000, 500_000, 200_000, 1_200_000),
}
EMAIL = "bench@example.org"
#: How many bits of a sorting key number the act in its plan, and the issue.
_PLACES, _ISSUES = 8, 17


class Occupied(click.ClickException):
    """The database holds a record already."""


def generate(url: str, size: Size, *, seed: int = 1, password: str | None = None) -> Counter[str]:
    """Write the record of a size into an empty database, which is migrated; count the rows by table.

    The editor EMAIL has the password; None: nobody can sign in.
    Raises: Occupied.
    """
    engine = make_engine(url)
    try:
        migrate(engine, folder("migrations"))
        password_hash = _hash(engine, password)
        with engine.connect() as connection, writing():
            _speed_up(connection)
            counts = _write(connection, Plans(size, seed), password_hash)
        with Session(engine) as session, writing():
            rebuild(session)  # the ledger writes past the listener that keeps it
            session.commit()
        return counts
    finally:
        engine.dispose()


def _hash(engine: Engine, password: str | None) -> str:
    """Hash a password as the product does, if the database is empty."""
    with Session(engine) as session:
        if session.scalar(select(AuditHead.id).limit(1)):
            raise Occupied("The database holds a record already: give an empty one.")
        if password is None:
            return nobodys_hash()
        user = User.add(session, email=EMAIL, name="Bench editor", role=Role.EDITOR, password=password)
        session.expunge(user)  # the ledger writes it, at a moment of the past
        return user.password_hash


def _speed_up(connection: Connection) -> None:
    """Let SQLite not wait for the disk: a record that was cut off is made anew."""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA synchronous=OFF")
        driver.execute("PRAGMA cache_size=-131072")


def _write(connection: Connection, plans: Plans, password_hash: str) -> Counter[str]:
    ledger = Ledger(connection, CODE)
    shelf = Shelf(ledger, plans)
    desk = Desk(ledger, shelf, plans)
    open_record(ledger, plans, EMAIL, password_hash)
    sources = sorted(plans.source_times(), reverse=True)
    for key in _in_order(plans):
        issue, place = key >> _PLACES & (1 << _ISSUES) - 1, key & (1 << _PLACES) - 1
        act = plans.plan(issue)[place]
        while sources and sources[-1][0] <= act.at:
            shelf.enter(*sources.pop())
        desk.enter(issue, place, act)
        ledger.flush_if_full()
    while sources:
        shelf.enter(*sources.pop())
    ledger.close()
    return ledger.counts


def _in_order(plans: Plans) -> list[int]:
    """Give a number for each act, so that they sort by their moments; nothing else of them is kept."""
    return sorted(
        act.at << _PLACES + _ISSUES | issue << _PLACES | place
        for issue in range(plans.size.issues + 1)
        for place, act in enumerate(plans.plan(issue))
    )


@click.command()
@click.argument("size", type=click.Choice(list(SIZES)))
@click.argument("database")
@click.option("--seed", default=1, show_default=True, help="Another record of the same size.")
@click.option("--password", help=f"Of {EMAIL}; without it nobody can sign in.")
def main(size: str, database: str, seed: int, password: str | None) -> None:
    """Write a made-up record into an empty DATABASE: a file of SQLite, or an address."""
    url = database if "://" in database else f"sqlite:///{database}"
    begun = time.perf_counter()
    counts = generate(url, SIZES[size], seed=seed, password=password)
    for table, count in sorted(counts.items()):
        click.echo(f"{count:>9,} {table}")
    click.echo(f"{time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main()
