"""The timeline on its way out: events, proposals and entries of every kind, a row for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tracker.exchange.citations import CITATIONS, Sources
from tracker.exchange.entry_cells import COLUMNS, EntryCells, columns_of, renamed
from tracker.exchange.sheets import Cells, Column, Sheet
from tracker.exchange.tongue import Tongue
from tracker.models.refused import N_
from tracker.models.vocabulary import EventKind, EventState
from tracker.queries.entries import EntryLine
from tracker.queries.events import EventLine
from tracker.queries.succession import Happening
from tracker.queries.timeline import TabledText, TimelineLine

_COLUMNS = (
    Column("day", N_("Day"), 12),
    COLUMNS["effective_words"],
    Column("kind", N_("What"), 12, words=Happening),
    COLUMNS["issue"],
    Column("title", N_("Title"), 40, is_long=True),
    COLUMNS["party_name"],
    COLUMNS["track"],
    COLUMNS["step"],
    COLUMNS["status_before"],
    COLUMNS["status"],
    COLUMNS["level"],
    COLUMNS["stance"],
    COLUMNS["standing"],
    COLUMNS["movement"],
    COLUMNS["firmness"],
    renamed("says", N_("What it says"), COLUMNS["summary"]),
    COLUMNS["condition"],
    COLUMNS["subject_to"],
    COLUMNS["value"],
    COLUMNS["share"],
    renamed("parties", N_("Between, or with, whom"), COLUMNS["between"]),
    COLUMNS["stated_by"],
    Column("event_kind", N_("Kind of event"), 16, words=EventKind),
    Column("event_state", N_("State of event"), 14, words=EventState),
    Column("ends_on", N_("Until"), 12),
    Column("place", N_("Place"), 16),
    Column("touches", N_("Issues touched"), 24, is_long=True, said=", ".join),
    CITATIONS,
    COLUMNS["recorded_at"],
    COLUMNS["recorded_by"],
    Column("id", N_("Event, proposal or entry"), 38),
)


@dataclass(frozen=True)
class TimelineSheet:
    """Writes a timeline. `signer`: how who recorded something is told."""

    code: str
    speech: Tongue
    sources: Sources
    signer: Callable[[str], str]

    @cached_property
    def _cells(self) -> EntryCells:
        return EntryCells(self.code, self.speech, self.sources, self.signer, *_OF_ENTRY)

    def sheet(self, lines: Iterable[TimelineLine]) -> Sheet:
        columns = columns_of(self.speech, self.sources, *_COLUMNS)
        return Sheet("timeline", self.speech.say(N_("Timeline")), columns, self._rows(lines))

    def _rows(self, lines: Iterable[TimelineLine]) -> Iterator[Cells]:
        nothing = dict.fromkeys(column.name for column in _COLUMNS)
        for line in lines:
            told = nothing | {"day": line.day, "kind": line.kind}
            if line.event:
                told |= self._event(line.event)
            elif line.proposal:
                told |= self._proposal(line.proposal)
            elif line.entry:
                told |= self._entry(line.entry)
            if line.step:
                told |= {"step": line.step.step, "status_before": line.step.before}
            yield [*told.values()]

    def _event(self, event: EventLine) -> dict[str, Any]:
        return {
            "title": event.title,
            "track": event.track,
            "parties": event.participants,
            "event_kind": event.kind,
            "event_state": event.state,
            "ends_on": event.ends_on,
            "place": event.place,
            "citations": self.sources.cited(event.references),
            "id": str(event.id),
        }

    def _proposal(self, text: TabledText) -> dict[str, Any]:
        return {
            "title": text.title,
            "track": text.track,
            "parties": text.tabled_by,
            "touches": [issue.key for issue in text.issues],
            "citations": self.sources.of_text(text),
            "id": str(text.id),
        }

    def _entry(self, entry: EntryLine) -> dict[str, Any]:
        return self._cells.told(entry) | {
            "says": entry.summary or entry.reason or entry.words,
            "parties": entry.agreed_between or entry.between,
            "id": entry.uid,
        }


#: What is told of an entry as it stands.
_OF_ENTRY = (
    "effective_words",
    "issue",
    "title",
    "party_name",
    "track",
    "status",
    "level",
    "stance",
    "standing",
    "movement",
    "firmness",
    "condition",
    "subject_to",
    "value",
    "share",
    "stated_by",
    "citations",
    "recorded_at",
    "recorded_by",
)
