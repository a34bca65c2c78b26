"""Courses: the status of issues as a whole over time, from one change that counts to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, TypeAlias

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Entry, StatusChange
from tracker.models.entry import counts, oldest_first
from tracker.models.vocabulary import Status
from tracker.queries.asking import At, asked, many

ENTRY, CHANGE = Entry.__table__.c, StatusChange.__table__.c


@dataclass(frozen=True, slots=True)
class Span:
    """A status from the day of one change on. `until`: the day on which another began, None: it lasts.

    `uid`: of the change with which it began; `since_words` are printed instead of its day.
    """

    uid: str
    status: Status
    since: date
    since_words: str
    until: date | None


#: What an issue went through, oldest first.
Course: TypeAlias = Sequence[Span]
#: A change, as it is selected: uid, status, day and its words.
_Change: TypeAlias = tuple[str, Status, date, str]


def courses(session: Session, issue_ids: Sequence[int], view: View) -> Mapping[int, Course]:
    """Tell the courses of issues, by id; one without a status has none. One SQL statement."""
    found: dict[int, list[_Change]] = {}
    for issue_id, *change in _changes(session, view, issues=issue_ids).all() if issue_ids else ():
        found.setdefault(issue_id, []).append(tuple(change))
    return {issue_id: course(changes) for issue_id, changes in found.items()}


@asked
def _changes(at: At) -> Select[Any]:
    about = (ENTRY.kind == "status_change", ENTRY.party_id.is_(None), ENTRY.track_id.is_(None))
    return (
        select(ENTRY.issue_id, ENTRY.uid, CHANGE.status, ENTRY.effective_on, ENTRY.effective_words)
        .join(StatusChange.__table__, CHANGE.id == ENTRY.id)
        .where(ENTRY.issue_id.in_(many("issues")), *about, counts(ENTRY, at.day, at.known_at))
        .order_by(ENTRY.issue_id, *oldest_first(ENTRY))
    )


def course(changes: Iterable[_Change]) -> list[Span]:
    """Make spans of changes, given from the first to the last: of one day the last counts.

    A change that leaves the status as it was begins no span.
    """
    of_each_day = {change[2]: change for change in changes}
    begun: list[_Change] = []
    for change in of_each_day.values():
        if not begun or begun[-1][1] is not change[1]:
            begun.append(change)
    return [
        Span(*change, until=following and following[2])
        for change, following in pairwise([*begun, None])
        if change
    ]
