"""Rounds: the issues as rows to record what became of each at an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Event, Issue, Negotiation, Review, StatusChange, Track
from tracker.models.entry import standing
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
class RoundRow:
    """An issue with what is in force, its version, and what was recorded of it at the event.

    `is_checked`: someone checked on the event's last day that nothing had changed.
    """

    issue: IssueLine
    version: int
    recorded: Sequence[StatusAt]
    is_checked: bool


@dataclass(frozen=True)
class Round:
    """A page of rows, topic after topic. `topics`: all that the negotiation has."""

    rows: Sequence[RoundRow]
    topics: Sequence[str]
    paging: Paging


def round_of(session: Session, negotiation: Negotiation, event: Event, filters: Filters, page: int) -> Round:
    """List the issues to record an event's outcome for, in eight SQL statements at most."""
    found = by_topic(session, negotiation, filters, View(), page)
    return Round(round_rows(session, negotiation, event, found.ids), found.topics, found.paging)


def round_rows(
    session: Session, negotiation: Negotiation, event: Event, ids: Sequence[int]
) -> list[RoundRow]:
    """Load rows by the ids of their issues, in four SQL statements."""
    view = View()
    lines = issue_lines(session, negotiation, ids, view)
    recorded: dict[int, list[StatusAt]] = {}
    for id_, track, status in _recorded(session, view, event=event.id, issues=ids):
        recorded.setdefault(id_, []).append(StatusAt(track, status))
    given: dict[str, Any] = {"issues": ids, "on": event.last_day}
    state = {id_: rest for id_, *rest in session.execute(_VERSIONS, given)}
    return [RoundRow(lines[id_], state[id_][0], recorded.get(id_, []), state[id_][1]) for id_ in ids]


_VERSIONS = select(
    ISSUE.id,
    ISSUE.version,
    exists().where(REVIEW.issue_id == ISSUE.id, REVIEW.checked_on == one("on")).label("is_checked"),
).where(ISSUE.id.in_(many("issues")))


@asked
def _recorded(at: At) -> Select[Any]:
    return (
        select(ENTRY.issue_id, func.coalesce(TRACK.title, ""), CHANGE.status)
        .join(StatusChange.__table__, CHANGE.id == ENTRY.id)
        .outerjoin(Track.__table__, TRACK.id == ENTRY.track_id)
        .where(ENTRY.event_id == one("event"), ENTRY.issue_id.in_(many("issues")))
        .where(*standing(ENTRY, at.known_at))
        .order_by(ENTRY.effective_on, ENTRY.id)
    )
