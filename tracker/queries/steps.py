"""Steps: how the status of every issue differs between two points of view, as a whole and on each track."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, or_, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Entry, Issue, Negotiation, Retraction, StatusChange, Track
from tracker.models.entry import counts
from tracker.models.status import status_in_force
from tracker.models.step import Step, step
from tracker.models.vocabulary import Status
from tracker.queries.asking import Asking, At, asked_between, many, one
from tracker.queries.cells import StatusLine
from tracker.queries.entries import EntryLine
from tracker.queries.runs import Run, Subject

ISSUE, TRACK, ENTRY = Issue.__table__.c, Track.__table__.c, Entry.__table__.c
BEFORE = StatusChange.__table__.alias("status_before")
AFTER = StatusChange.__table__.alias("status_after")

#: Backsliding stands first; what came back to where it was stands last.
ORDER = (
    Step.SLIPPED,
    Step.ADVANCED,
    Step.OPENED,
    Step.RESUMED,
    Step.SIDELINED,
    Step.DROPPED,
    Step.OVERTAKEN,
    Step.CHANGED,
    None,
)


@dataclass(frozen=True, slots=True)
class IssueName:
    """An issue as a list of changes names it."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Ends:
    """What was in force of one status at two points of view, by the ids of the changes; None: nothing.

    `track_id` None: the talks as a whole. `differs`: in more than the change that says so.
    """

    issue_id: int
    track_id: int | None
    before_id: int | None
    before: Status | None
    after_id: int | None
    after: Status | None
    differs: bool

    @property
    def is_touched(self) -> bool:
        """Whether another status change is in force than before."""
        return self.before_id != self.after_id

    @property
    def kind(self) -> Step | None:
        """The step from one end to the other; None: it is where it was, or there is no status any more."""
        if not self.is_touched or self.after is None:
            return None
        taken = step(self.before, self.after)
        return None if taken is Step.CHANGED and not self.differs else taken


@dataclass(frozen=True)
class Ladder:
    """All statuses at two points of view. `names`: of all issues, by id, in their order."""

    names: dict[int, IssueName]
    whole: Sequence[Ends]
    tracks: Sequence[Ends]
    track_titles: dict[int, str]

    @property
    def touched(self) -> list[Ends]:
        """What is no longer as it was, the talks as a whole first."""
        return [ends for ends in (*self.whole, *self.tracks) if ends.is_touched]

    def flow(self) -> list[Flow]:
        """Count the issues by status at both ends, and name those that left and entered each."""
        rows = {status: Flow(status) for status in (*Status, None)}
        for ends in self.whole:
            old, new = rows[ends.before], rows[ends.after]
            old.at_since += 1
            new.at_until += 1
            if old is not new:
                name = self.names[ends.issue_id]
                old.left.append(Crossing(name.key, name.title, ends.after))
                new.entered.append(Crossing(name.key, name.title, ends.before))
        return [row for row in rows.values() if row.at_since or row.at_until]


@dataclass(frozen=True, slots=True)
class Crossing:
    """An issue that left one status for another, `status`; None: no status."""

    key: str
    title: str
    status: Status | None


@dataclass(slots=True)
class Flow:
    """How many issues had a status at both ends, and which came and went. `status` None: no status."""

    status: Status | None
    at_since: int = 0
    at_until: int = 0
    left: list[Crossing] = field(default_factory=list)
    entered: list[Crossing] = field(default_factory=list)


@dataclass(frozen=True)
class Taken:
    """A status change between two days, and what it meant after the one before it."""

    kind: Step
    entry: EntryLine


@dataclass(frozen=True)
class StatusStep:
    """How a status differs between two days, and the changes that lie between, oldest first.

    `kind` None: it is where it was. `before` and `after` None: it had no status, or has none any more.
    `earlier`: how many changes lie between before those in `changes`; `slips`: how many of all slipped back.
    """

    issue: IssueName
    track: str
    kind: Step | None
    before: StatusLine | None
    after: StatusLine | None
    changes: Sequence[Taken]
    earlier: int = 0
    slips: int = 0


def happened(session: Session, negotiation: Negotiation, before: View, after: View) -> Ladder:
    """Set the statuses of two days side by side, both as known at one moment, in two SQL statements."""
    return _ladder(session, negotiation, before, after, _on_tracks_happened)


def became_known(session: Session, negotiation: Negotiation, before: View, after: View) -> Ladder:
    """Set what was known at two moments of the same day side by side, in two SQL statements."""
    return _ladder(session, negotiation, before, after, _on_tracks_recorded)


def _ladder(
    session: Session, negotiation: Negotiation, before: View, after: View, on_tracks: Asking
) -> Ladder:
    given = {"negotiation": negotiation.id}
    names, whole = {}, []
    for id_, number, title, *ends in _as_a_whole(session, before, after, **given).all():
        names[id_] = IssueName(f"{negotiation.code}-{number}", title)
        whole.append(Ends(id_, None, *ends))
    tracks = [Ends(*row) for row in on_tracks(session, before, after, **given).all()]
    return Ladder(names, whole, tracks, {track.id: track.title for track in negotiation.tracks})


def _differ() -> ColumnElement[bool]:
    """Say in SQL that the two ends differ in what a status change must change at least one of."""
    return or_(
        BEFORE.c.status.is_distinct_from(AFTER.c.status),
        BEFORE.c.level.is_distinct_from(AFTER.c.level),
        cast(BEFORE.c.agreed_between, String).is_distinct_from(cast(AFTER.c.agreed_between, String)),
        BEFORE.c.subject_to.is_distinct_from(AFTER.c.subject_to),
    )


ENDS = (BEFORE.c.id, BEFORE.c.status, AFTER.c.id, AFTER.c.status, _differ().label("differs"))


@asked_between
def _as_a_whole(before: At, after: At) -> Select[Any]:
    old, new = (
        status_in_force(ISSUE.id, None, at.day, at.known_at).correlate(Issue.__table__)
        for at in (before, after)
    )
    return (
        select(ISSUE.id, ISSUE.number, ISSUE.title, *ENDS)
        .select_from(Issue.__table__)
        .outerjoin(BEFORE, BEFORE.c.id == old)
        .outerjoin(AFTER, AFTER.c.id == new)
        .where(ISSUE.negotiation_id == one("negotiation"))
        .order_by(ISSUE.ordering, ISSUE.number)
    )


def _on_tracks(touches: Callable[[At, At], ColumnElement[bool]]) -> Asking:
    """Make what asks for both ends of the statuses on tracks, of those alone that an entry touches."""

    @asked_between
    def ask(before: At, after: At) -> Select[Any]:
        touched = (
            select(ENTRY.issue_id, ENTRY.track_id)
            .where(ENTRY.negotiation_id == one("negotiation"), ENTRY.kind == "status_change")
            .where(ENTRY.track_id.is_not(None), touches(before, after))
            .distinct()
            .subquery("touched")
        )
        old, new = (
            status_in_force(touched.c.issue_id, touched.c.track_id, at.day, at.known_at).correlate(touched)
            for at in (before, after)
        )
        return (
            select(touched.c.issue_id, touched.c.track_id, *ENDS)
            .select_from(touched)
            .outerjoin(BEFORE, BEFORE.c.id == old)
            .outerjoin(AFTER, AFTER.c.id == new)
            .order_by(touched.c.issue_id, touched.c.track_id)
        )

    return ask


def _became_so(before: At, after: At) -> ColumnElement[bool]:
    return and_(ENTRY.effective_on > before.day, counts(ENTRY, after.day, after.known_at))


def _was_recorded(before: At, after: At) -> ColumnElement[bool]:
    gone = Retraction.__table__.c
    withdrawn = select(gone.entry_id).where(
        gone.entry_id.is_not(None), gone.recorded_at > before.known_at, gone.recorded_at <= after.known_at
    )
    entered = and_(ENTRY.recorded_at > before.known_at, ENTRY.recorded_at <= after.known_at)
    return or_(entered, ENTRY.id.in_(withdrawn))


_on_tracks_happened, _on_tracks_recorded = _on_tracks(_became_so), _on_tracks(_was_recorded)


def steps_of(
    session: Session, ladder: Ladder, touched: Sequence[Ends], runs: Mapping[Subject, Run]
) -> list[StatusStep]:
    """Make steps to print of what was touched, in one SQL statement. `runs`: what lies in between."""
    ids = [id_ for ends in touched for id_ in (ends.before_id, ends.after_id) if id_ is not None]
    titles = ladder.track_titles
    lines = {
        id_: StatusLine(titles.get(track_id or 0, ""), *rest)
        for id_, track_id, *rest in session.execute(_LINES, {"ids": ids})
    }
    found = []
    for ends in touched:
        track = titles.get(ends.track_id or 0, "")
        before, after = lines.get(ends.before_id or 0), lines.get(ends.after_id or 0)
        run = runs.get((ends.issue_id, None, ends.track_id), _NOTHING)
        kinds = [step(old, new) for old, new in pairwise([ends.before, *run.statuses]) if new]
        taken = [*map(Taken, kinds[run.earlier :], run.entries)]
        name, slips = ladder.names[ends.issue_id], kinds.count(Step.SLIPPED)
        found.append(StatusStep(name, track, ends.kind, before, after, taken, run.earlier, slips))
    return found


_NOTHING = Run([], [], None, 0)
_CHANGE = StatusChange.__table__.c
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
