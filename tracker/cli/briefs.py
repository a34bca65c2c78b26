"""The brief through the shell: the same as the page's, in English, with all that an administrator sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import IO
from urllib.parse import urlencode

import click
from sqlalchemy.orm import Session

from tracker.cli.shell import SHELL
from tracker.config import settings
from tracker.dates import Unreadable, View, moment_words, read_as_of, read_day
from tracker.db import now
from tracker.exchange.brief_text import write
from tracker.exchange.document import Frame
from tracker.exchange.tongue import ENGLISH
from tracker.exchange.word_file import write_word
from tracker.models import Negotiation, User
from tracker.models.vocabulary import Role
from tracker.queries.brief import brief


def read_option(name: str, value: str | None, read: Callable[[str], date]) -> date | None:
    """Read a day that was given to a command."""
    try:
        return read(value) if value else None
    except Unreadable as error:
        raise click.UsageError(f"{name}: {error}") from None


def write_brief(
    session: Session, negotiation: Negotiation, as_of: str | None, since: str | None, file: IO[bytes]
) -> None:
    """Write the brief as a Word file, as known now."""
    view = View(read_option("--as-of", as_of, read_as_of))
    begin = read_option("--since", since, read_day)
    if begin and begin > view.day:
        raise click.UsageError("--since: This day lies after the day that is looked from.")
    known_at = now().replace(microsecond=0)
    found = brief(session, negotiation, view, User(name=SHELL, role=Role.ADMIN), begin)
    day = found.day.isoformat()
    query = {"since": found.since.isoformat(), "as_of": day, "known_at": moment_words(known_at)}
    address = f"{settings()['PUBLIC_URL'].rstrip('/')}/negotiations/{negotiation.code}/brief"
    state = f"As of {ENGLISH.day(found.day)}, as known on {ENGLISH.moment(known_at)}"
    title = f"{negotiation.code} {negotiation.title}"
    frame = Frame(title, negotiation.handling.label, state, f"{address}?{urlencode(query, safe=':')}")
    write_word(write(found, replace(ENGLISH, names=negotiation.names)), frame, ENGLISH, file)
