"""The baseline: what became of lines and statuses since the end of an earlier day, known at one moment.

A line cannot vanish in between: what counts on the earlier day counts on the later one too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Entry, Position
from tracker.models.entry import counts
from tracker.models.position import is_line
from tracker.models.step import Step, step
from tracker.models.vocabulary import Movement
from tracker.queries.asking import At, asked_between, many
from tracker.queries.cells import Against, Cell, LineThen, Mark, Place, StatusLine, lines_then
from tracker.queries.issue_list import IssueLine
from tracker.text import word_changes

ENTRY, POSITION = Entry.__table__.c, Position.__table__.c
#: What a line holds besides its words.
HELD = ("stance", "firmness", "value", "condition")


@dataclass(frozen=True, slots=True)
class StatusAgainst:
    """A status in force against the one of the baseline day. `was`: None where there was none."""

    step: Step
    was: StatusLine | None


def against(
    session: Session,
    issue_ids: Sequence[int],
    party_ids: Sequence[int],
    lines: Mapping[Place, Cell],
    before: View,
    after: View,
) -> dict[Place, Cell]:
    """Mark what became of lines since an earlier day, in two SQL statements."""
    then = lines_then(session, issue_ids, party_ids, before)
    stirred = {(row[0], row[1]) for row in _stirred(session, before, after, issues=issue_ids)}
    return {place: _marked(cell, then.get(place), place in stirred) for place, cell in lines.items()}


@asked_between
def _stirred(before: At, after: At) -> Select[Any]:
    """Find where a line was stated in between that the editor did not judge to be only restated."""
    return (
        select(ENTRY.issue_id, ENTRY.party_id)
        .join(Position.__table__, POSITION.id == ENTRY.id)
        .where(ENTRY.issue_id.in_(many("issues")), ENTRY.kind == "position", is_line(POSITION))
        .where(POSITION.movement != Movement.RESTATED, ENTRY.effective_on > before.day)
        .where(counts(ENTRY, after.day, after.known_at))
        .distinct()
    )


def _marked(cell: Cell, was: LineThen | None, is_stirred: bool) -> Cell:
    """Mark a line. One that was only restated, and holds what it held, is so in whatever words."""
    if was is None:
        return replace(cell, changed=True, against=Against(Mark.NEW, None))
    if was.uid == cell.uid:
        return cell
    if not is_stirred and all(getattr(cell, name) == getattr(was, name) for name in HELD):
        return replace(cell, against=Against(Mark.RESTATED, was))
    summary, condition = word_changes(was.summary, cell.summary), word_changes(was.condition, cell.condition)
    return replace(cell, changed=True, against=Against(Mark.CHANGED, was, summary, condition))


def status_changes(now: IssueLine, then: IssueLine) -> dict[str, StatusAgainst]:
    """Find the statuses that differ, by the code of the track; "" for the talks as a whole."""
    before = {line.track_code: line for line in then.statuses}
    found = {}
    for line in now.statuses:
        was = before.get(line.track_code)
        if was is None or was.state != line.state:
            found[line.track_code] = StatusAgainst(step(was.status if was else None, line.status), was)
    return found
