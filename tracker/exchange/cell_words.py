"""Cells of the comparison in words, each in one line, as CSV and Excel hold them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.exchange.tongue import Tongue
from tracker.models.refused import N_
from tracker.models.vocabulary import Firmness
from tracker.queries.beside import NOTHING, Beside
from tracker.queries.cells import Cell, Mark, StatusLine
from tracker.queries.clauses import ClauseCell
from tracker.queries.columns import Column
from tracker.queries.comparison import Row
from tracker.queries.references import SourceLine
from tracker.text import one_line


@dataclass(frozen=True)
class CellWords:
    """Says what stands in the cells; `baseline`: since which day it is marked as changed."""

    speech: Tongue
    baseline: date | None

    def status(self, row: Row) -> str:
        """Say the statuses of an issue, and what became of that of the whole since the baseline day.

        Between whom that of the whole is agreed has a column of its own.
        """
        say, status = self.speech.say, row.issue.status
        told = (
            self.speech.status(status.status, (), status.subject_to) if status else say(N_("No status yet"))
        )
        if change := row.status_changes.get(""):
            was = f"; {say(N_('was'))} {self._status(change.was)}" if change.was else ""
            told += f" ({self._since(say(change.step.label))}{was})"
        return "; ".join([told, *(f"{track.track}: {self._status(track)}" for track in row.issue.tracks)])

    def _status(self, line: StatusLine) -> str:
        return self.speech.status(line.status, line.agreed_between, line.subject_to)

    def place(self, column: Column, cell: Cell | ClauseCell | None, beside: Beside | None, unit: str) -> str:
        """Say what a party holds or a text has, or that nothing is stated, and what stands beside it."""
        if column.proposal or isinstance(cell, ClauseCell):
            return one_line(self._clauses(cell, column))  # type: ignore[arg-type]
        told = [self._held(cell, unit)]
        beside = beside or NOTHING
        if cell is None:
            told += [self._through(bloc, line) for bloc, line in beside.through]
        for name, count in ((N_("voices"), beside.voices), (N_("leaks"), beside.leaks)):
            told += [f"{self.speech.say(name)}: {count}"] if count else []
        for member in beside.folded.members if beside.folded else ():
            differs = f" ({self.speech.say(N_('differs'))})" if member.differs else ""
            told.append(f"{member.label}: {self._held(member.cell, unit)}{differs}")
        return one_line("; ".join(told))

    def _through(self, bloc: str, line: Cell) -> str:
        return f"{self.speech.say(N_('through %(bloc)s')) % {'bloc': bloc}}, {self._foot(line)}"

    def _held(self, cell: Cell | None, unit: str) -> str:
        say = self.speech.say
        if cell is None:
            return say(N_("Not stated"))
        told = say(cell.stance.label)
        if cell.firmness is not Firmness.UNKNOWN:
            told += f" ({say(cell.firmness.label).lower()})"
        if cell.condition:
            told += f". {say(N_('Condition:'))} {cell.condition}. {cell.summary}"
        else:
            told += f": {cell.summary}"
        if unit and cell.value is not None:
            told += f"; {self.speech.number(cell.value)} {unit}"
        told += f" [{self._foot(cell)}]"
        return f"{told} ({self._mark(cell.against.mark)})" if cell.against else told

    def _mark(self, mark: Mark) -> str:
        label = self.speech.say(mark.label)
        return label if mark is Mark.RESTATED else self._since(label)

    def _since(self, what: str) -> str:
        assert self.baseline is not None
        return f"{what} {self.speech.say(N_('since'))} {self.speech.day(self.baseline)}"

    def _foot(self, cell: Cell) -> str:
        """Say since when, by whom, and according to whom."""
        told = [self.speech.on(cell.effective_on, cell.effective_words), cell.stated_by]
        told += [self._source(source) for source in cell.sources]
        return "; ".join(word for word in told if word)

    def _source(self, source: SourceLine | None) -> str:
        return self.speech.say(N_("source withheld")) if source is None else source.publisher or source.title

    def _clauses(self, cell: ClauseCell | None, column: Column) -> str:
        if cell is None:
            return ""  # an empty cell is told from a party's silence, which is spelled out
        told = clause_words(cell)
        if (text := column.proposal) and (text.source or text.is_withheld):
            told += f" [{self._source(text.source)}]"
        return f"{told} ({self._mark(Mark.NEW)})" if cell.changed else told


def clause_words(cell: ClauseCell) -> str:
    """Give the clauses of a tabled text with their numbers and places."""
    told = [(f"{each.number} {each.text}".strip(), each.locator) for each in cell.clauses]
    return "; ".join(f"{text} ({locator})" if locator else text for text, locator in told)
