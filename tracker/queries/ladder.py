"""The ladder: the status of every issue at two points of view, as a whole and on each track."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Entry, Issue, Negotiation, Retraction, StatusChange, Track
from tracker.models.entry import counts
from tracker.models.status import states_differ, status_in_force
from tracker.models.step import Step, step
from tracker.models.vocabulary import Status
from tracker.queries.asking import Asking, At, asked_between, one
from tracker.queries.runs import Subject

ISSUE, TRACK, ENTRY = Issue.__table__.c, Track.__table__.c, Entry.__table__.c
BEFORE = StatusChange.__table__.alias("status_before")
AFTER = StatusChange.__table__.alias("status_after")


@dataclass(frozen=True, slots=True)
class IssueName:
    """An issue as a list of changes names it."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class TrackName:
    """A track as a list of changes names it."""

    code: str
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
    def subject(self) -> Subject:
        return (self.issue_id, None, self.track_id)

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
    """All statuses at two points of view. `names`: of all issues, by id, in their order; tracks by id too."""

    names: dict[int, IssueName]
    whole: Sequence[Ends]
    tracks: Sequence[Ends]
    track_names: dict[int, TrackName]

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
    return Ladder(
        names, whole, tracks, {track.id: TrackName(track.code, track.title) for track in negotiation.tracks}
    )


ENDS = (
    BEFORE.c.id,
    BEFORE.c.status,
    AFTER.c.id,
    AFTER.c.status,
    states_differ(BEFORE.c, AFTER.c).label("differs"),
)


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


def became_so(before: At, after: At) -> ColumnElement[bool]:
    return and_(ENTRY.effective_on > before.day, counts(ENTRY, after.day, after.known_at))


def _was_recorded(before: At, after: At) -> ColumnElement[bool]:
    gone = Retraction.__table__.c
    withdrawn = select(gone.entry_id).where(
        gone.entry_id.is_not(None), gone.recorded_at > before.known_at, gone.recorded_at <= after.known_at
    )
    entered = and_(ENTRY.recorded_at > before.known_at, ENTRY.recorded_at <= after.known_at)
    return or_(entered, ENTRY.id.in_(withdrawn))


_on_tracks_happened, _on_tracks_recorded = _on_tracks(became_so), _on_tracks(_was_recorded)
