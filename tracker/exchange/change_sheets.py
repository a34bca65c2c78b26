"""Changes on their way out: steps, moves and what is new, each on a sheet, and in the form of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tracker.exchange.changed_entries import FACTS, changed_entries
from tracker.exchange.citations import CITATIONS, SOURCES, Sources
from tracker.exchange.entry_cells import (
    CLAIM,
    COLUMNS,
    LINE,
    SIGNED,
    STATUS,
    WITHDRAWN,
    EntryCells,
    columns_of,
    renamed,
)
from tracker.exchange.issue_sheets import status_told
from tracker.exchange.sheets import Cells, Column, Sheet, spoken
from tracker.exchange.text_sheets import TABLED
from tracker.exchange.tongue import Tongue
from tracker.models.refused import N_
from tracker.models.step import Step
from tracker.models.vocabulary import Status
from tracker.queries.cells import Cell, StatusLine
from tracker.queries.corrections import Act, ActKind
from tracker.queries.entries import EntryLine
from tracker.queries.ladder import Crossing, Flow
from tracker.queries.moves import Move, MoveKind
from tracker.queries.novelties import Novelties, TabledText
from tracker.queries.steps import StatusStep

_NET = (
    COLUMNS["issue"],
    COLUMNS["title"],
    COLUMNS["track"],
    Column("net", N_("Net step"), 18),
    Column("from", N_("From"), 18, words=Status),
    Column("from_since", N_("From, since"), 12),
    Column("to", N_("To"), 18, words=Status),
    Column("to_since", N_("To, since"), 12),
    Column("kind", N_("Change on the way"), 16, words=Step),
)
_MOVED = (
    COLUMNS["issue"],
    COLUMNS["title"],
    COLUMNS["party"],
    COLUMNS["party_name"],
    Column("kind", N_("What it did"), 16, words=MoveKind),
    renamed("before_on", N_("Line before, effective on"), COLUMNS["effective_on"]),
    renamed("before_stance", N_("Stance before"), COLUMNS["stance"]),
    renamed("before_firmness", N_("Firmness before"), COLUMNS["firmness"]),
    renamed("before_summary", N_("Line before"), COLUMNS["summary"]),
    renamed("before_value", N_("Value before"), COLUMNS["value"]),
)
_FLOW = (
    Column("status", N_("Status"), 20),
    Column("at_since", N_("At the first day"), 10),
    Column("at_until", N_("At the second day"), 10),
    Column("left", N_("Left"), 50, is_long=True),
    Column("entered", N_("Entered"), 50, is_long=True),
)
_ACT = (
    Column("at", N_("Done at (UTC)"), 20),
    Column("act", N_("What was done"), 18, words=ActKind),
    Column("by", N_("By"), 18),
    Column("why", N_("Why it was done"), 40, is_long=True),
    Column("replaces", N_("In place of"), 50, is_long=True),
    Column("replaces_uid", N_("In place of the entry"), 38),
)
_DAY = ("effective_on", "effective_words")
_ANY = (*FACTS, "standing", *SIGNED, *WITHDRAWN)


@dataclass(frozen=True)
class ChangeSheets:
    """Writes what changed in a negotiation. `signer`: how who recorded something is told."""

    code: str
    speech: Tongue
    sources: Sources
    signer: Callable[[str], str]

    def _cells(self, *names: str) -> EntryCells:
        return EntryCells(self.code, self.speech, self.sources, self.signer, *names)

    def _columns(self, *columns: Column) -> list[Column]:
        return columns_of(self.speech, self.sources, *columns)

    def every(self, steps: Iterable[StatusStep], moves: Iterable[Move], claims: Iterable[EntryLine]) -> Sheet:
        """Give all entries that changed something in one table."""
        return changed_entries(self.code, self.speech, self.sources, self.signer, (steps, moves, claims))

    def steps(self, steps: Iterable[StatusStep]) -> Sheet:
        """Give each status that differs, with a row for each change that lies in between."""
        change = self._cells(*STATUS, "event", *SIGNED)
        columns = [*self._columns(*_NET), *change.columns]

        def rows() -> Iterator[Cells]:
            for step in steps:
                net = [step.issue.key, step.issue.title, step.track and step.track.title, self._net(step)]
                net += [*_status(step.before), *_status(step.after)]
                yield from ([*net, taken.kind, *change(taken.entry)] for taken in step.changes)
                if not step.changes:
                    yield [*net, *[None] * (len(columns) - len(net))]

        return self._sheet("status_steps", N_("Steps"), columns, rows())

    def _net(self, step: StatusStep) -> str:
        otherwise = N_("Back where it was") if step.after else N_("Withdrawn")
        return self.speech.say(step.kind.label if step.kind else otherwise)

    def steps_told(self, steps: Iterable[StatusStep]) -> Iterator[dict[str, Any]]:
        """Give them as programs read them."""
        change = self._cells(*STATUS, "event", *SIGNED)
        for step in steps:
            yield {
                "issue": step.issue.key,
                "title": step.issue.title,
                "track": step.track and step.track.code,
                "kind": step.kind,
                "from": step.before and step.before.status,
                "to": step.after and step.after.status,
                "from_line": step.before and status_told(step.before),
                "to_line": step.after and status_told(step.after),
                "changes": [{"kind": taken.kind, **change.told(taken.entry)} for taken in step.changes],
            }

    def moves(self, moves: Iterable[Move]) -> Sheet:
        """Give each line that was stated in between, beside the line before it."""
        line = self._cells(*_DAY, *LINE, *SIGNED)
        before = renamed("before_citations", N_("Sources of the line before"), CITATIONS)
        said = spoken([before], self.speech.say, before_citations=self.sources.words)

        def rows() -> Iterator[Cells]:
            for move in moves:
                about = [move.issue.key, move.issue.title, move.party.code, move.party.label, move.kind]
                old: Cell | EntryLine | None = move.before
                for each in move.said:
                    cited = self.sources.cited(_references(old)) if old else None
                    yield [*about, *_line(old), cited, *line(each.entry)]
                    old = each.entry

        columns = [*self._columns(*_MOVED), *said, *line.columns]
        return self._sheet("moves", N_("Moves"), columns, rows())

    def moves_told(self, moves: Iterable[Move]) -> Iterator[dict[str, Any]]:
        """Give them as programs read them."""
        line = self._cells(*_DAY, *LINE, *SIGNED)
        for move in moves:
            said = [line.told(each.entry) for each in move.said]
            yield {
                "issue": move.issue.key,
                "title": move.issue.title,
                "party": move.party.code,
                "kind": move.kind,
                "from": move.before and self._before_told(move.before),
                "to": said[-1],
                "said": said,
            }

    def _before_told(self, cell: Cell) -> dict[str, Any]:
        told = {name: getattr(cell, name) for name in (*_DAY, *LINE, "recorded_at", "uid")}
        return told | {"citations": self.sources.cited(cell.citations)}

    def claims(self, claims: Iterable[EntryLine]) -> Sheet:
        return self._cells(*CLAIM).sheet("claims", N_("Claims"), claims)

    def claims_told(self, claims: Iterable[EntryLine]) -> Iterator[dict[str, Any]]:
        return map(self._cells(*CLAIM).told, claims)

    def proposals(self, proposals: Iterable[TabledText]) -> Sheet:
        rows = ([text.id, text.title, text.tabled_on, text.tabled_by] for text in proposals)
        return self._sheet("proposals", N_("Proposals"), self._columns(*TABLED), rows)

    def published(self, new: Novelties) -> Sheet:
        """Give the sources that were published; the list of all that is cited has them as well."""
        rows = ([*self.sources.source(line).values()] for line in new.sources)
        return self._sheet("new_sources", N_("New sources"), self._columns(*SOURCES), rows)

    def flow(self, flow: Iterable[Flow]) -> Sheet:
        """Give the issues by status at both ends."""
        none = self.speech.say(N_("No status yet"))

        def name(status: Status | None) -> str:
            return self.speech.say(status.label) if status else none

        def crossings(found: Iterable[Crossing]) -> str:
            return ", ".join(f"{each.key} ({name(each.status)})" for each in found)

        rows = (
            [name(row.status), row.at_since, row.at_until, crossings(row.left), crossings(row.entered)]
            for row in flow
        )
        return self._sheet("flow", N_("From status to status"), self._columns(*_FLOW), rows)

    def acts(self, acts: Iterable[Act]) -> Sheet:
        """Give what was done to the record, with the entry to which it was done."""
        entry = self._cells(*_ANY)
        rows = (
            [act.at, act.kind, self.signer(act.by), act.reason, *self._replaced(act), *entry(act.entry)]
            for act in acts
        )
        columns = [*self._columns(*_ACT), *entry.columns]
        return self._sheet("recorded", N_("Recorded in between"), columns, rows)

    def _replaced(self, act: Act) -> Sequence[str | None]:
        old = act.replaced
        if old is None:
            return (None, None)
        told = (self.speech.on(old.effective_on, old.effective_words), self.speech.gist(old), old.summary)
        return (": ".join(filter(None, told)), old.uid)

    def acts_told(self, acts: Iterable[Act]) -> Iterator[dict[str, Any]]:
        """Give them as programs read them."""
        entry = self._cells("kind", *_ANY)
        for act in acts:
            yield {
                "at": act.at,
                "act": act.kind,
                "by": self.signer(act.by),
                "why": act.reason,
                "entry": entry.told(act.entry),
                "replaces": act.replaced and entry.told(act.replaced),
            }

    def _sheet(self, name: str, title: str, columns: Sequence[Column], rows: Iterable[Cells]) -> Sheet:
        return Sheet(name, self.speech.say(title), columns, rows)


def flow_told(flow: Iterable[Flow]) -> Iterator[dict[str, Any]]:
    """Give the issues by status at both ends, as programs read them."""
    for row in flow:
        yield {
            "status": row.status,
            "at_since": row.at_since,
            "at_until": row.at_until,
            "left": [each.key for each in row.left],
            "entered": [each.key for each in row.entered],
        }


def proposals_told(proposals: Iterable[TabledText]) -> Iterator[dict[str, Any]]:
    return map(asdict, proposals)


def _status(line: StatusLine | None) -> Sequence[Any]:
    return (line.status, line.since) if line else (None, None)


def _line(old: Cell | EntryLine | None) -> Sequence[Any]:
    return (old.effective_on, old.stance, old.firmness, old.summary, old.value) if old else (None,) * 5


def _references(old: Cell | EntryLine) -> Any:
    return old.citations if isinstance(old, Cell) else old.references
