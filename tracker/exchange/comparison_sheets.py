"""The comparison on its way out: the table in words, each stated cell with all it holds, and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from tracker.exchange.cell_words import CellWords, clause_words
from tracker.exchange.citations import CITATIONS, Citation, Sources
from tracker.exchange.sheets import Cells, Sheet, spoken
from tracker.exchange.sheets import Column as Field
from tracker.exchange.tongue import Tongue
from tracker.models.refused import N_
from tracker.models.vocabulary import Firmness, Movement, Stance
from tracker.queries.cells import Cell, Mark, StatusLine
from tracker.queries.clauses import ClauseCell
from tracker.queries.columns import Column
from tracker.queries.comparison import Row, Whole

ISSUE = (
    Field("issue", N_("Issue"), 10),
    Field("title", N_("Title"), 30, is_long=True),
    Field("topic", N_("Topic"), 14),
    Field("status", N_("Status"), 18, is_long=True),
    Field("agreed_between", N_("Between whom"), 18, is_long=True),
    Field("since", N_("Since"), 12),
)
STATED = (
    Field("issue", N_("Issue"), 10),
    Field("title", N_("Title"), 30, is_long=True),
    Field("kind", N_("Column"), 10),
    Field("code", N_("Code"), 10),
    Field("name", N_("Party or text"), 24),
    Field("stance", N_("Stance"), 20, words=Stance),
    Field("condition", N_("Condition"), 30, is_long=True),
    Field("firmness", N_("Firmness"), 18, words=Firmness),
    Field("movement", N_("Movement"), 16, words=Movement),
    Field("summary", N_("Summary"), 60, is_long=True),
    Field("value", N_("Value"), 10),
    Field("unit", N_("Unit"), 12),
    Field("stated_by", N_("Stated by"), 20),
    Field("effective_on", N_("Effective on"), 12),
    Field("effective_words", N_("Day, in words"), 16),
    Field("recorded_at", N_("Recorded at (UTC)"), 20),
    Field("mark", N_("Since the baseline day"), 16, words=Mark),
    Field("uid", N_("Entry"), 38),
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
        columns = spoken(STATED, say, citations=self.sources.words)
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
        cited = self._cited(column, cell)
        if isinstance(cell, ClauseCell):
            day = column.proposal.tabled_on if column.proposal else None
            mark = Mark.NEW if cell.changed else None
            return (*[None] * 4, clause_words(cell), *[None] * 3, day, None, None, mark, None, cited)
        return (
            cell.stance,
            cell.condition,
            cell.firmness,
            cell.movement,
            cell.summary,
            cell.value,
            unit if cell.value is not None else None,
            cell.stated_by,
            cell.effective_on,
            cell.effective_words,
            cell.recorded_at,
            cell.against.mark if cell.against else None,
            cell.uid,
            cited,
        )

    def _cited(self, column: Column, cell: Cell | ClauseCell) -> list[Citation]:
        if isinstance(cell, Cell):
            return self.sources.cited(cell.citations)
        text = column.proposal
        if text is None or not (text.source or text.is_withheld):
            return []
        return [self.sources.whole(text.source)]

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
        told = {name: getattr(cell, name) for name in HELD}
        return {**told, "changed": cell.changed, "citations": cited}


def _in_force(status: StatusLine) -> dict[str, Any]:
    return {
        "status": status.status,
        "level": status.level,
        "effective_on": status.since,
        "effective_words": status.since_words,
        "agreed_between": status.agreed_between,
        "subject_to": status.subject_to,
    }


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
