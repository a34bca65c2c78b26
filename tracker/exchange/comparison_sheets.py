"""The comparison on its way out: the table in words, each stated cell with all it holds, and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from tracker.exchange.cell_words import CellWords, clause_words
from tracker.exchange.citations import CITATIONS, Citation, Sources
from tracker.exchange.entry_cells import COLUMNS
from tracker.exchange.sheets import Cells, Sheet, spoken
from tracker.exchange.sheets import Column as Field
from tracker.exchange.tongue import Tongue
from tracker.models.refused import N_
from tracker.queries.cells import Cell, Mark, StatusLine
from tracker.queries.clauses import ClauseCell
from tracker.queries.columns import Column
from tracker.queries.comparison import Row, Whole

ISSUE = (
    COLUMNS["issue"],
    COLUMNS["title"],
    COLUMNS["topic"],
    Field("status", N_("Status"), 18, is_long=True),
    Field("agreed_between", N_("Between whom"), 18, is_long=True),
    Field("since", N_("Since"), 12),
)
#: What a cell of a party holds, in the form of the API.
HELD = (
    "uid",
    "stance",
    "condition",
    "firmness",
    "movement",
    "summary",
    "stated_by",
    "value",
    "effective_on",
    "effective_words",
    "recorded_at",
)
_PLACE = (
    COLUMNS["issue"],
    COLUMNS["title"],
    Field("kind", N_("Column"), 10),
    Field("code", N_("Code"), 10),
    Field("name", N_("Party or text"), 24),
)
_SAID = (
    COLUMNS["stance"],
    COLUMNS["condition"],
    COLUMNS["firmness"],
    COLUMNS["movement"],
    COLUMNS["summary"],
    COLUMNS["value"],
    COLUMNS["unit"],
    COLUMNS["stated_by"],
    COLUMNS["effective_on"],
    COLUMNS["effective_words"],
    COLUMNS["recorded_at"],
    Field("mark", N_("Since the baseline day"), 16, words=Mark),
    COLUMNS["uid"],
    CITATIONS,
)


class Compared:
    """A comparison to be written; its rows are read anew for each sheet."""

    def __init__(self, whole: Whole, speech: Tongue, sources: Sources) -> None:
        self.whole, self.speech, self.sources = whole, speech, sources
        self.words = CellWords(speech, whole.baseline)

    def sheets(self) -> list[Sheet]:
        """Give the table, the cells that are stated, and the sources of these."""
        say = self.speech.say
        columns = spoken((*_PLACE, *_SAID), say, citations=self.sources.words)
        cells = Sheet("cells", say(N_("Cells")), columns, self._stated())
        return [self._table(), cells, self.sources.sheet()]

    def document(self, about: Mapping[str, Any]) -> dict[str, Any]:
        """Give the comparison as the API does."""
        columns = [{"kind": each.kind, "code": each.code, "name": each.name} for each in self.whole.columns]
        return {
            **about,
            "baseline": self.whole.baseline,
            "columns": columns,
            "rows": map(self._row, self.whole.rows()),
        }

    def _table(self) -> Sheet:
        """Give the table; where issues stand across, their fields are its first rows."""
        say = self.speech.say
        columns = [
            *spoken(ISSUE, say),
            *(Field(column.code, column.label, 44, is_long=True) for column in self.whole.columns),
        ]
        rows = map(self._cells, self.whole.rows())
        if not self.whole.arrangement.is_swapped:
            return Sheet("comparison", say(N_("Compare")), columns, rows)
        keys, *lines = zip([column.title for column in columns], *rows, strict=True)
        heads = [Field(str(key), str(key), 44, is_long=True) for key in keys]
        return Sheet("comparison", say(N_("Compare")), heads, lines)

    def _cells(self, row: Row) -> Cells:
        issue, status = row.issue, row.issue.status
        places = zip(self.whole.columns, row.cells, row.beside, strict=True)
        return [
            issue.key,
            issue.title,
            issue.topic,
            self.words.status(row),
            self.speech.named(status.agreed_between) if status else None,
            (status.since_words or status.since) if status else None,
            *(self.words.place(column, cell, beside, issue.scale_unit) for column, cell, beside in places),
        ]

    def _stated(self) -> Iterator[Cells]:
        """Give a row for each cell that is stated."""
        for row in self.whole.rows():
            for column, cell in zip(self.whole.columns, row.cells, strict=True):
                if cell is not None:
                    place = (row.issue.key, row.issue.title, column.kind, column.code, column.name)
                    yield (*place, *self._fields(column, cell, row.issue.scale_unit))

    def _fields(self, column: Column, cell: Cell | ClauseCell, unit: str) -> Cells:
        told: dict[str, Any]
        if isinstance(cell, ClauseCell):
            day = column.proposal.tabled_on if column.proposal else None
            mark = Mark.NEW if cell.changed else None
            told = {"summary": clause_words(cell), "effective_on": day}
        else:
            mark = cell.against.mark if cell.against else None
            told = _held(cell) | {"unit": unit if cell.value is not None else None}
        told |= {"mark": mark, "citations": self._cited(column, cell)}
        return [told.get(each.name) for each in _SAID]

    def _cited(self, column: Column, cell: Cell | ClauseCell) -> list[Citation]:
        if isinstance(cell, Cell):
            return self.sources.cited(cell.citations)
        return self.sources.of_text(column.proposal) if column.proposal else []

    def _row(self, row: Row) -> dict[str, Any]:
        """Give a row as the API does."""
        issue, status = row.issue, row.issue.status
        return {
            "issue": {"key": issue.key, "title": issue.title, "topic": issue.topic},
            "status": status and _in_force(status),
            "tracks": [
                {"track": line.track_code, "title": line.track, **_in_force(line)} for line in issue.tracks
            ],
            "cells": [
                cell and self._cell(column, cell)
                for column, cell in zip(self.whole.columns, row.cells, strict=True)
            ],
        }

    def _cell(self, column: Column, cell: Cell | ClauseCell) -> dict[str, Any]:
        cited = self._cited(column, cell)
        if isinstance(cell, ClauseCell):
            clauses = [asdict(clause) for clause in cell.clauses]
            return {"clauses": clauses, "changed": cell.changed, "citations": cited}
        return {**_held(cell), "changed": cell.changed, "citations": cited}


def _held(cell: Cell) -> dict[str, Any]:
    return {name: getattr(cell, name) for name in HELD}


def _in_force(status: StatusLine) -> dict[str, Any]:
    return {
        "status": status.status,
        "level": status.level,
        "effective_on": status.since,
        "effective_words": status.since_words,
        "agreed_between": status.agreed_between,
        "subject_to": status.subject_to,
    }
