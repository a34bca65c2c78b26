"""What search looks through: written anew where somebody asks for it, or where something is missing."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from tracker.cli.shell import open_session
from tracker.models import search
from tracker.models.search_doc import Kind


@click.command()
def reindex() -> None:
    """Write anew what search looks through; nobody else can save meanwhile."""
    with open_session(writes=True) as session:
        count = fill(session)
    click.echo(f"Search looks through {count} rows.")


def fill(session: Session) -> int:
    """Write it anew, say on stderr how far it is, and count its rows."""
    shown: dict[str, int] = {}

    def tell(kind: Kind, done: int, of: int) -> None:
        if done == of or done * 10 // of > shown.get(kind, -1):
            shown[kind] = done * 10 // of
            click.echo(f"{kind.label}: {done} of {of}", err=True)

    return search.rebuild(session, tell)
