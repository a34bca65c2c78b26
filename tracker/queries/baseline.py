"""The baseline: what became of lines and statuses since the end of an earlier day, known at one moment.

A line cannot vanish in between: what counts on the earlier day counts on the later one too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tracker.models.step import Step, step
from tracker.models.vocabulary import Movement
from tracker.queries.cells import Against, Cell, LineThen, Mark, Place, StatusLine
from tracker.queries.issue_list import IssueLine
from tracker.text import Change, word_changes

#: Judged to be moves, whatever the words.
MOVES = (Movement.HARDENED, Movement.SOFTENED, Movement.CHANGED)


@dataclass(frozen=True, slots=True)
class StatusAgainst:
    """A status in force against the one of the baseline day. `was`: None where there was none."""

    step: Step
    was: StatusLine | None


def marked(lines: Mapping[Place, Cell], then: Mapping[Place, LineThen]) -> dict[Place, Cell]:
    """Mark what became of the lines."""
    return {place: _marked(cell, then.get(place)) for place, cell in lines.items()}


def _marked(cell: Cell, was: LineThen | None) -> Cell:
    """Mark a line. One entered anew with the same content is restated: repeating is not moving."""
    if was is None:
        return replace(cell, changed=True, against=Against(Mark.NEW, None))
    if was.uid == cell.uid:
        return cell
    if _content(cell) == _content(was) and cell.movement not in MOVES:
        return replace(cell, against=Against(Mark.RESTATED, was))
    summary, condition = _words(was.summary, cell.summary), _words(was.condition, cell.condition)
    return replace(cell, changed=True, against=Against(Mark.CHANGED, was, summary, condition))


def _content(line: Cell | LineThen) -> tuple[object, ...]:
    return (line.stance, line.firmness, line.value, line.summary, line.condition)


def _words(old: str, new: str) -> list[Change]:
    return [] if old == new else word_changes(old, new)


def status_changes(now: IssueLine, then: IssueLine) -> dict[str, StatusAgainst]:
    """Find the statuses that differ, by the code of the track; "" for the talks as a whole."""
    before = {line.track_code: line for line in then.statuses}
    found = {}
    for line in now.statuses:
        was = before.get(line.track_code)
        if was is None or was.state != line.state:
            found[line.track_code] = StatusAgainst(step(was.status if was else None, line.status), was)
    return found
