"""Steps: what became of statuses between two points of view, and the changes that lie between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Entry, Negotiation, StatusChange
from tracker.models.entry import oldest_first
from tracker.models.step import Step, step
from tracker.queries.asking import At, asked_between, many, one
from tracker.queries.cells import StatusLine
from tracker.queries.entries import EntryLine
from tracker.queries.ladder import Ends, IssueName, Ladder, TrackName, became_so
from tracker.queries.runs import Run, Subject

ENTRY, _CHANGE = Entry.__table__.c, StatusChange.__table__.c

#: Backsliding stands first, and then what else was lost; what came back to where it was stands last.
ORDER = (
    Step.SLIPPED,
    Step.DROPPED,
    Step.SIDELINED,
    Step.ADVANCED,
    Step.OPENED,
    Step.RESUMED,
    Step.OVERTAKEN,
    Step.CHANGED,
    None,
)


@dataclass(frozen=True)
class Taken:
    """A status change between two days, and what it meant after the one before it."""

    kind: Step
    entry: EntryLine


@dataclass(frozen=True)
class StatusStep:
    """How a status differs between two days, and the changes that lie between, oldest first.

    `track` None: the talks as a whole. `kind` None: it is where it was. `before` and `after` None: it had no
    status, or has none any more.
    `earlier`: how many changes lie between before those in `changes`; `slips`: how many of all slipped back.
    """

    issue: IssueName
    track: TrackName | None
    kind: Step | None
    before: StatusLine | None
    after: StatusLine | None
    changes: Sequence[Taken]
    earlier: int = 0
    slips: int = 0

    @property
    def has_slipped(self) -> bool:
        """Whether it slipped back, on balance or on the way."""
        return self.kind is Step.SLIPPED or self.slips > 0


def slips_between(
    session: Session, negotiation: Negotiation, ladder: Ladder, before: View, after: View
) -> dict[Subject, int]:
    """Count how often each status slipped back between two days, in one SQL statement; most did not."""
    now = {ends.subject: ends.before for ends in (*ladder.whole, *ladder.tracks)}
    found: Counter[Subject] = Counter()
    for issue_id, track_id, status in _passed(session, before, after, negotiation=negotiation.id):
        subject = (issue_id, None, track_id)
        if step(now.get(subject), status) is Step.SLIPPED:
            found[subject] += 1
        now[subject] = status
    return found


@asked_between
def _passed(before: At, after: At) -> Select[Any]:
    return (
        select(ENTRY.issue_id, ENTRY.track_id, _CHANGE.status)
        .join(StatusChange.__table__, _CHANGE.id == ENTRY.id)
        .where(ENTRY.negotiation_id == one("negotiation"), ENTRY.kind == "status_change")
        .where(became_so(before, after))
        .order_by(*oldest_first(ENTRY))
    )


def steps_of(
    session: Session, ladder: Ladder, touched: Sequence[Ends], runs: Mapping[Subject, Run]
) -> list[StatusStep]:
    """Make steps to print of what was touched, in one SQL statement. `runs`: what lies in between."""
    ids = [id_ for ends in touched for id_ in (ends.before_id, ends.after_id) if id_ is not None]
    rows = session.execute(_LINES, {"ids": ids})
    lines = {id_: _line(ladder.track_names.get(track_id or 0), rest) for id_, track_id, *rest in rows}
    found = []
    for ends in touched:
        before, after = lines.get(ends.before_id or 0), lines.get(ends.after_id or 0)
        run = runs.get(ends.subject, _NOTHING)
        kinds = [step(old, new) for old, new in pairwise([ends.before, *run.statuses]) if new]
        taken = [*map(Taken, kinds[run.earlier :], run.entries)]
        name, track = ladder.names[ends.issue_id], ladder.track_names.get(ends.track_id or 0)
        slips = kinds.count(Step.SLIPPED)
        found.append(StatusStep(name, track, ends.kind, before, after, taken, run.earlier, slips))
    return found


def _line(track: TrackName | None, rest: Sequence[Any]) -> StatusLine:
    line = StatusLine(track.title if track else "", *rest)
    return replace(line, track_code=track.code) if track else line


_NOTHING = Run([], [], None, 0)
_LINES = (
    select(
        _CHANGE.id,
        ENTRY.track_id,
        _CHANGE.status,
        _CHANGE.level,
        _CHANGE.agreed_between,
        _CHANGE.subject_to,
        ENTRY.effective_on,
        ENTRY.effective_words,
    )
    .join(Entry.__table__, ENTRY.id == _CHANGE.id)
    .where(_CHANGE.id.in_(many("ids")))
)
