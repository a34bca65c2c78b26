"""Events and tabled texts on their way out: a row for each event, each clause and each pair of clauses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from tracker.exchange.citations import CITATIONS, Sources
from tracker.exchange.entry_cells import COLUMNS, columns_of, renamed
from tracker.exchange.sheets import Cells, Column, Sheet
from tracker.exchange.tongue import Tongue
from tracker.models.refused import N_
from tracker.models.vocabulary import EventKind, EventState
from tracker.queries.clauses import ProposalLine
from tracker.queries.concordance import ClauseLine, Concordance
from tracker.queries.events import EventLine

#: A tabled text with its clauses.
Text: TypeAlias = tuple[ProposalLine, Sequence[ClauseLine]]

_EVENTS = (
    Column("id", N_("Event"), 8),
    Column("starts_on", N_("Begins"), 12),
    Column("ends_on", N_("Ends"), 12),
    Column("title", N_("Title"), 50, is_long=True),
    Column("kind", N_("Kind"), 18, words=EventKind),
    Column("state", N_("State"), 14, words=EventState),
    Column("place", N_("Place"), 20),
    Column("participants", N_("Participants"), 30, is_long=True),
    COLUMNS["track"],
    CITATIONS,
)
#: What names a tabled text.
TABLED = (
    Column("id", N_("Proposal"), 10),
    Column("title", N_("Title"), 40, is_long=True),
    Column("tabled_on", N_("Tabled on"), 12),
    Column("tabled_by", N_("Tabled by"), 24, is_long=True),
)
_CLAUSES = (
    renamed("proposal", N_("Proposal"), TABLED[0]),
    *TABLED[1:],
    Column("number", N_("Clause"), 8),
    Column("text", N_("Text"), 70, is_long=True),
    Column("locator", N_("Place in the text"), 16),
    Column("issues", N_("Issues"), 20, said=", ".join),
    CITATIONS,
)
_PAIRS = (
    Column("number", N_("Clause"), 8),
    Column("text", N_("Text"), 60, is_long=True),
    Column("other_number", N_("Clause of the other"), 8),
    Column("other_text", N_("Text of the other"), 60, is_long=True),
    Column("shared", N_("Issues that both touch"), 20, said=", ".join),
    Column("likeness", N_("Words in common, per cent"), 12),
    Column("is_same", N_("The same words"), 10),
)


@dataclass(frozen=True)
class TextSheets:
    """Writes events and tabled texts."""

    speech: Tongue
    sources: Sources

    def events(self, events: Iterable[EventLine]) -> Sheet:
        """Give a row for each event."""
        rows = ([*self._event(event)] for event in events)
        return self._sheet("events", N_("Events"), _EVENTS, rows)

    def _event(self, event: EventLine) -> Iterator[Any]:
        for column in _EVENTS:
            cited = column is CITATIONS
            yield self.sources.cited(event.references) if cited else getattr(event, column.name)

    def clauses(self, texts: Iterable[Text]) -> Sheet:
        """Give a row for each clause; for a text without any, one that names it."""
        return self._sheet("clauses", N_("Clauses"), _CLAUSES, self._clauses(texts))

    def _clauses(self, texts: Iterable[Text]) -> Iterator[Cells]:
        for text, clauses in texts:
            about = [text.id, text.title, text.tabled_on, text.tabled_by]
            cited = self.sources.of_text(text)
            for each in clauses:
                keys = [issue.key for issue in each.issues]
                yield [*about, each.number, each.text, each.locator, keys, cited]
            if not clauses:
                yield [*about, None, None, None, None, cited]

    def pairs(self, found: Concordance) -> Sheet:
        """Give the clauses of two texts, in pairs where they have a counterpart."""
        rows = (
            [*_words(pair.left), *_words(pair.right), pair.shared, pair.likeness, pair.is_same]
            for pair in found.pairs
        )
        return self._sheet("pairs", N_("Clause by clause"), _PAIRS, rows)

    def _sheet(self, name: str, title: str, columns: Sequence[Column], rows: Iterable[Cells]) -> Sheet:
        return Sheet(name, self.speech.say(title), columns_of(self.speech, self.sources, *columns), rows)


def _words(clause: ClauseLine | None) -> Sequence[str | None]:
    return (clause.number, clause.text) if clause else (None, None)
