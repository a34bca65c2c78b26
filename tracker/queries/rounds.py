"""Rounds: the issues as rows to record what became of each at an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from tracker.dates import View
from tracker.models import Entry, Event, Issue, Negotiation, Review, StatusChange, Track
from tracker.models.entry import comes_before, counts, standing
from tracker.models.vocabulary import Status
from tracker.queries.asking import At, asked, many, one
from tracker.queries.entries import ENTRY
from tracker.queries.issue_list import Filters, IssueLine, by_topic, issue_lines
from tracker.queries.paging import Paging

CHANGE, ISSUE, REVIEW, TRACK = (each.__table__.c for each in (StatusChange, Issue, Review, Track))


@dataclass(frozen=True, slots=True)
class StatusAt:
    """A status that was recorded at the event; `track` is a title, "" the talks as a whole."""

    track: str
    status: Status


@dataclass(frozen=True, slots=True)
class LaterStatus:
    """What is in force by now, since a day after the event; `track` as above."""

    track: str
    status: Status
    since: date
    since_words: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Who found last, and when, that on the event's last day nothing had changed.

    `is_before`: of what was recorded at the event, some was recorded after that.
    """

    by: str
    at: datetime
    is_before: bool


@dataclass(frozen=True, slots=True)
class RoundRow:
    """An issue with what was in force on the event's last day, and what was recorded there and since."""

    issue: IssueLine
    version: int
    recorded: Sequence[StatusAt]
    later: Sequence[LaterStatus]
    checked: Checked | None


@dataclass(frozen=True)
class Round:
    """A page of rows, topic after topic. `topics`: all that the negotiation has."""

    rows: Sequence[RoundRow]
    topics: Sequence[str]
    paging: Paging


def round_of(session: Session, negotiation: Negotiation, event: Event, filters: Filters, page: int) -> Round:
    """List the issues to record an event's outcome for, in eight SQL statements."""
    found = by_topic(session, negotiation, filters, View(), page)
    return Round(round_rows(session, negotiation, event, found.ids), found.topics, found.paging)


def round_rows(
    session: Session, negotiation: Negotiation, event: Event, ids: Sequence[int]
) -> list[RoundRow]:
    """Load rows by the ids of their issues, in five SQL statements."""
    view, day = View(), event.last_day
    lines = issue_lines(session, negotiation, ids, View(day))
    recorded: dict[int, list[StatusAt]] = {}
    last: dict[int, datetime] = {}
    for id_, track, status, at in _recorded(session, view, event=event.id, issues=ids):
        recorded.setdefault(id_, []).append(StatusAt(track, status))
        last[id_] = max(at, last.get(id_, at))
    later: dict[int, list[LaterStatus]] = {}
    for id_, *rest in _later(session, view, on=day, issues=ids):
        later.setdefault(id_, []).append(LaterStatus(*rest))
    given: dict[str, Any] = {"issues": ids, "on": day}
    versions: dict[int, int] = {}
    checked: dict[int, Checked] = {}
    for id_, version, by, at in session.execute(_VERSIONS, given):
        versions[id_] = version
        if by is not None:
            checked[id_] = Checked(by, at, id_ in last and at < last[id_])
    return [
        RoundRow(lines[id_], versions[id_], recorded.get(id_, []), later.get(id_, []), checked.get(id_))
        for id_ in ids
    ]


_LAST_CHECK = (
    select(func.max(REVIEW.id))
    .where(REVIEW.issue_id == ISSUE.id, REVIEW.checked_on == one("on"))
    .correlate(Issue.__table__)
    .scalar_subquery()
)
_VERSIONS = (
    select(ISSUE.id, ISSUE.version, REVIEW.recorded_by, REVIEW.recorded_at)
    .select_from(Issue.__table__)
    .outerjoin(Review.__table__, REVIEW.id == _LAST_CHECK)
    .where(ISSUE.id.in_(many("issues")))
)


@asked
def _recorded(at: At) -> Select[Any]:
    return (
        select(ENTRY.issue_id, func.coalesce(TRACK.title, ""), CHANGE.status, ENTRY.recorded_at)
        .join(StatusChange.__table__, CHANGE.id == ENTRY.id)
        .outerjoin(Track.__table__, TRACK.id == ENTRY.track_id)
        .where(ENTRY.event_id == one("event"), ENTRY.issue_id.in_(many("issues")))
        .where(*standing(ENTRY, at.known_at))
        .order_by(ENTRY.effective_on, ENTRY.id)
    )


@asked
def _later(at: At) -> Select[Any]:
    """Find what is in force on each track, where it came after a day."""
    newer = aliased(Entry.__table__).c
    is_outdone = (
        select(newer.id)
        .where(newer.issue_id == ENTRY.issue_id, newer.kind == "status_change", newer.party_id.is_(None))
        .where(newer.track_id.is_not_distinct_from(ENTRY.track_id), comes_before(ENTRY, newer))
        .where(counts(newer, at.day, at.known_at))
        .correlate(Entry.__table__)
        .exists()
    )
    return (
        select(
            ENTRY.issue_id,
            func.coalesce(TRACK.title, ""),
            CHANGE.status,
            ENTRY.effective_on,
            ENTRY.effective_words,
        )
        .join(StatusChange.__table__, CHANGE.id == ENTRY.id)
        .outerjoin(Track.__table__, TRACK.id == ENTRY.track_id)
        .where(ENTRY.issue_id.in_(many("issues")), ENTRY.effective_on > one("on"))
        .where(counts(ENTRY, at.day, at.known_at), ~is_outdone)
        .order_by(ENTRY.issue_id, TRACK.id.is_not(None), TRACK.id)
    )
