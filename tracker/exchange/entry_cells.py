"""Entries on their way out: what is told of one, cell by cell, in the columns that a table chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import Any

from tracker.exchange.citations import Sources
from tracker.exchange.history_sheets import COLUMNS as OF_KINDS
from tracker.exchange.sheets import Column, Sheet, spoken
from tracker.exchange.tongue import Tongue
from tracker.queries.entries import EntryLine

#: The columns of histories, by name.
COLUMNS: Mapping[str, Column] = {column.name: column for columns in OF_KINDS.values() for column in columns}
STATUS = ("effective_on", "effective_words", "status", "level", "agreed_between", "subject_to", "reason")
LINE = ("movement", "stance", "firmness", "summary", "condition", "value", "stated_by")
WITHDRAWN = ("withdrawn_at", "withdrawn_for", "replaced_by")
SIGNED = ("citations", "recorded_at", "recorded_by", "uid")
ABOUT = ("effective_on", "effective_words", "issue", "title", "track", "party", "party_name")
CLAIM = (*ABOUT, "share", "status", "words", "between", "stated_by", *SIGNED)


class EntryCells:
    """Gives chosen columns, and what an entry has in them. `signer`: how who recorded it is told."""

    def __init__(
        self, code: str, speech: Tongue, sources: Sources, signer: Callable[[str], str], *names: str
    ) -> None:
        self.names, self.speech, self.sources = names, speech, sources
        given: dict[str, Callable[[EntryLine], Any]] = {
            "issue": lambda entry: f"{code}-{entry.issue}" if entry.issue else None,
            "title": lambda entry: entry.issue_title,
            "party": lambda entry: entry.party_code,
            "party_name": lambda entry: entry.party,
            "citations": lambda entry: sources.cited(entry.references),
            "recorded_by": lambda entry: signer(entry.recorded_by),
            "withdrawn_at": lambda entry: entry.retraction and entry.retraction.recorded_at,
            "withdrawn_for": lambda entry: entry.retraction and entry.retraction.reason,
            "replaced_by": lambda entry: entry.retraction and entry.retraction.replaced_by,
        }
        self._read = [given.get(name) or attrgetter(name) for name in names]

    @property
    def columns(self) -> list[Column]:
        return columns_of(self.speech, self.sources, *(COLUMNS[name] for name in self.names))

    def __call__(self, entry: EntryLine) -> list[Any]:
        return [read(entry) for read in self._read]

    def sheet(self, name: str, title: str, entries: Iterable[EntryLine]) -> Sheet:
        """Give a row for each entry."""
        return Sheet(name, self.speech.say(title), self.columns, map(self, entries))

    def told(self, entry: EntryLine) -> dict[str, Any]:
        """Give an entry as programs read it."""
        return dict(zip(self.names, self(entry), strict=True))


def columns_of(speech: Tongue, sources: Sources, *columns: Column) -> list[Column]:
    """Put columns into the reader's language, parties by their names and citations in a line."""
    return spoken(
        columns,
        speech.say,
        citations=sources.words,
        **dict.fromkeys(("agreed_between", "between", "parties", "tabled_by", "participants"), speech.named),
    )


def renamed(name: str, title: str, column: Column) -> Column:
    """Give a column under another name."""
    return replace(column, name=name, title=title)
