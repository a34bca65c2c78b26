"""The whole record as sheets: every table and every history, for the shell, which shows all."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.db import now
from tracker.exchange.citations import SOURCES, Sources
from tracker.exchange.entry_cells import COLUMNS
from tracker.exchange.history_sheets import ENTRY, KIND, Histories
from tracker.exchange.sheets import Book, Cells, Column, Sheet, Told, spoken
from tracker.exchange.source_sheets import FILED
from tracker.exchange.tongue import ENGLISH
from tracker.models import Negotiation
from tracker.models.refused import N_
from tracker.models.vocabulary import (
    EntryLinkKind,
    EventKind,
    EventState,
    IssueLinkKind,
    NoteKind,
    PartyKind,
    PartyRole,
)
from tracker.queries.histories import History
from tracker.queries.history_kinds import CLAIMS, POSITIONS, STATUS_CHANGES
from tracker.queries.record_tables import table_rows

KINDS = (STATUS_CHANGES, POSITIONS, CLAIMS)
AT, ISSUE, TRACK = COLUMNS["recorded_at"], COLUMNS["issue"], COLUMNS["track"]
SIGNED = (AT, COLUMNS["recorded_by"], Column("uid", "UID", 38))
CODE, NAME = Column("code", N_("Code"), 10), Column("name", N_("Name"), 24)
ALIASES = Column("aliases", N_("Other names"), 30)
TITLE, TEXT = COLUMNS["title"], Column("text", N_("Text"), 60, is_long=True)
SPAN = (Column("from", N_("From"), 12), Column("until", N_("Until"), 12))
#: The tables by name: title and columns, in the order of the statements.
TABLES: Mapping[str, tuple[str, Sequence[Column]]] = {
    "issues": (
        N_("Issues"),
        (
            ISSUE,
            TITLE,
            Column("question", N_("Question"), 40, is_long=True),
            Column("proposition", N_("Proposition"), 40, is_long=True),
            Column("description", N_("Description"), 40, is_long=True),
            COLUMNS["topic"],
            Column("lead", N_("Lead")),
            Column("deciding_parties", N_("Deciding parties"), 20),
            Column("scale_unit", N_("Unit of the scale")),
            Column("scale_low", N_("Lower end, in words")),
            Column("scale_high", N_("Upper end, in words")),
            Column("scale_from", N_("Lower end"), 10),
            Column("scale_to", N_("Upper end"), 10),
            AT,
        ),
    ),
    "issue_links": (
        N_("Links between issues"),
        (ISSUE, Column("kind", N_("Kind"), 20, words=IssueLinkKind), Column("to", N_("Other issue"), 12)),
    ),
    "parties": (
        N_("Parties"),
        (
            CODE,
            NAME,
            Column("short_name", N_("Short name")),
            ALIASES,
            Column("kind", N_("Kind"), words=PartyKind),
            Column("role", N_("Role"), words=PartyRole),
            *SPAN,
        ),
    ),
    "memberships": (
        N_("Members of blocs"),
        (Column("member", N_("Member")), Column("bloc", N_("Bloc")), *SPAN),
    ),
    "people": (
        N_("People"),
        (NAME, ALIASES, Column("party", N_("Party"), 10), Column("office", N_("Office"), 24)),
    ),
    "tracks": (N_("Tracks"), (CODE, TITLE, Column("parties", N_("Parties"), 30))),
    "events": (
        N_("Events"),
        (
            Column("starts_on", N_("Begins on"), 12),
            Column("ends_on", N_("Ends on"), 12),
            Column("kind", N_("Kind"), 18, words=EventKind),
            Column("state", N_("State"), 12, words=EventState),
            TITLE,
            Column("place", N_("Place"), 18),
            Column("participants", N_("Participants"), 24),
            TRACK,
            *SIGNED,
        ),
    ),
    "proposals": (
        N_("Proposals"),
        (
            Column("id", N_("Proposal"), 10),
            TITLE,
            Column("tabled_by", N_("Tabled by"), 18),
            Column("tabled_on", N_("Tabled on"), 12),
            TRACK,
            Column("source", N_("Source"), 10),
            *SIGNED,
        ),
    ),
    "clauses": (
        N_("Clauses"),
        (
            Column("proposal", N_("Proposal"), 10),
            Column("number", N_("Clause"), 10),
            TEXT,
            Column("locator", N_("Place")),
            ISSUE,
            Column("added_at", N_("Added at (UTC)"), 20),
        ),
    ),
    "notes": (
        N_("Notes"),
        (
            ISSUE,
            Column("kind", N_("Kind"), 16, words=NoteKind),
            TEXT,
            Column("owner", N_("Owner")),
            Column("due_on", N_("Due on"), 12),
            *SIGNED,
        ),
    ),
    "reviews": (
        N_("Reviews"),
        (
            ISSUE,
            Column("checked_on", N_("Checked on"), 12),
            Column("note", N_("Note"), 40, is_long=True),
            *SIGNED,
        ),
    ),
    "entry_links": (
        N_("Links between entries"),
        (
            Column("from", N_("Entry"), 38),
            Column("kind", N_("Kind"), words=EntryLinkKind),
            Column("to", N_("Other entry"), 38),
            *SIGNED,
        ),
    ),
    "source_merges": (
        N_("Merges of sources"),
        (
            Column("source", N_("Source"), 10),
            Column("into", N_("Into"), 10),
            Column("reason", N_("Why"), 40, is_long=True),
            *SIGNED,
        ),
    ),
    "retractions": (
        N_("Retractions"),
        (
            Column("kind", N_("Kind"), 16),
            Column("withdrawn", N_("What was withdrawn"), 38),
            Column("reason", N_("Why"), 50, is_long=True),
            Column("replaced_by", N_("Replaced by"), 38),
            *SIGNED,
        ),
    ),
    "sources": (N_("Sources"), (*SOURCES, *FILED, AT)),
}
#: The tables that stand behind the histories; the others stand before them.
BEHIND = ("notes", "reviews", "entry_links", "source_merges", "retractions", "sources")


class WholeRecord:
    """Writes all of a negotiation, as it is known now."""

    def __init__(self, session: Session, negotiation: Negotiation) -> None:
        self.session, self.negotiation = session, negotiation
        speech = replace(ENGLISH, names=negotiation.names)
        history = History(session, negotiation, View(), is_stranger=False)
        self.histories = Histories(history, speech, Sources(ENGLISH.say), str)

    def book(self) -> Book:
        """Give all sheets."""
        here, made_at = self.negotiation, now()
        about = [
            Told("negotiation", "Negotiation", here.code),
            Told("title", "Title", here.title),
            Told("handling", "Handling", here.handling.label),
            Told("made_at", "Made at (UTC)", made_at),
        ]
        title = f"{here.code} {here.title}"
        return Book(here.code, title, [*self._sheets()], about, marking=here.handling.label)

    def _sheets(self) -> Iterator[Sheet]:
        yield from (self._table(name) for name in TABLES if name not in BEHIND)
        yield from map(self.histories.sheet, KINDS)
        yield self.histories.citations(KINDS, with_events=True)
        yield from map(self._table, BEHIND)

    def _table(self, name: str) -> Sheet:
        title, columns = TABLES[name]
        key: Callable[[int], str] = f"{self.negotiation.code}-{{}}".format
        lists = dict.fromkeys(LISTS, ", ".join)
        numbers = {"issue": key} | ({"to": key} if name == "issue_links" else {})
        rows = table_rows(self.session, name, self.negotiation.id)
        return Sheet(name, title, spoken(columns, ENGLISH.say, **lists, **numbers), rows)

    def entries(self) -> Sheet:
        """Give the entries of all kinds in one table, oldest first."""
        sheets = [self.histories.sheet(kind) for kind in KINDS]
        found = {column.name: column for sheet in sheets for column in (*spoken([KIND], str), *sheet.columns)}
        tail = [column.name for column in ENTRY]
        names = [*(name for name in found if name not in tail), *tail]
        on, first = names.index("effective_on"), names.index("first_recorded_at")
        rows = [_widened(kind.name, sheet, names) for kind, sheet in zip(KINDS, sheets, strict=True)]
        merged = heapq.merge(*rows, key=lambda row: (row[on], row[first]))
        return Sheet("entries", "Entries", [found[name] for name in names], merged)


def _widened(kind: str, sheet: Sheet, names: Sequence[str]) -> Iterator[Cells]:
    """Put rows under other columns, those of all kinds."""
    own = {column.name: place for place, column in enumerate((KIND, *sheet.columns))}
    places = [own.get(name, -1) for name in names]
    for row in sheet.rows:
        full = (kind, *row, None)
        yield [full[place] for place in places]


#: Columns whose cells are lists of names.
LISTS = ("deciding_parties", "aliases", "parties", "participants", "tabled_by")
