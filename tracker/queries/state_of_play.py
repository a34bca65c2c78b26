"""State of play: where a negotiation stands, issue by issue, as of a day and as known at a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Negotiation, User
from tracker.models.vocabulary import Status
from tracker.queries.asking import At, asked, one
from tracker.queries.chart import Bar, Days, bars
from tracker.queries.claims import ClaimLine, latest_claims
from tracker.queries.courses import Course, courses
from tracker.queries.coverage import coverage
from tracker.queries.happenings import Coming, coming
from tracker.queries.issue_list import (
    CHANGE,
    ISSUE,
    Filters,
    IssueLine,
    by_topic,
    issue_lines,
    with_status,
)
from tracker.queries.paging import Paging
from tracker.queries.parties import PartyLine, parties_on
from tracker.queries.staleness import evidence, last_day, recorded_since

ISSUES_SHOWN = 100


@dataclass(frozen=True)
class Thresholds:
    """Past how many days without evidence an issue is stale; under how many per cent it is thinly covered."""

    stale: int = 30
    coverage: int = 25

    def age(self, checked_on: date | None, today: date) -> int | None:
        """Count the days since the latest evidence; it may lie a day ahead, where today has begun."""
        return max(0, (today - checked_on).days) if checked_on else None

    def is_stale(self, age: int | None) -> bool:
        return age is not None and age > self.stale


@dataclass(frozen=True)
class PlayLine:
    """An issue with all that tells where it stands.

    `differing`: the claims, by id, that differ from the desk's status. `checked_on`: day of the latest
    evidence or review, None where there is neither. `stated`: parties with a line of their own; `through`:
    members without one whose bloc has a line. `is_new`: something was recorded of it since the last visit.
    """

    issue: IssueLine
    bars: Sequence[Bar]
    claims: Sequence[ClaimLine]
    differing: Sequence[int]
    checked_on: date | None
    age: int | None
    is_stale: bool
    stated: int
    through: int
    is_thin: bool
    is_new: bool


@dataclass(frozen=True)
class StateOfPlay:
    """The state of play. `topics`: name and lines, in order. `counts`: every status in force, None last.

    `days`: those over which the courses are drawn.
    """

    topics: Sequence[tuple[str, Sequence[PlayLine]]]
    counts: Sequence[tuple[Status | None, int]]
    parties: Sequence[PartyLine]
    claims: Sequence[ClaimLine]
    coming: Sequence[Coming]
    last_day: date | None
    days: Days | None
    thresholds: Thresholds
    paging: Paging

    @property
    def lines(self) -> list[PlayLine]:
        """The issues of this page."""
        return [line for _, lines in self.topics for line in lines]

    @property
    def drawn(self) -> list[Status]:
        """The statuses that the courses on this page went through."""
        found = {bar.status for line in self.lines for bar in line.bars}
        return [status for status in Status if status in found]

    @property
    def stated(self) -> int:
        return sum(line.stated for line in self.lines)

    @property
    def through(self) -> int:
        return sum(line.through for line in self.lines)

    @property
    def cells(self) -> int:
        return len(self.lines) * len(self.parties)

    @property
    def stale(self) -> int:
        return sum(line.is_stale for line in self.lines)

    @property
    def thin(self) -> int:
        return sum(line.is_thin for line in self.lines)

    @property
    def new(self) -> int:
        return sum(line.is_new for line in self.lines)


def state_of_play(
    session: Session,
    negotiation: Negotiation,
    view: View,
    user: User | None,
    *,
    page: int = 1,
    thresholds: Thresholds = Thresholds(),
    visit: datetime | None = None,
) -> StateOfPlay:
    """Tell where the issues stand, a page of a hundred at a time, in a fixed number of SQL statements.

    `visit`: when the reader last was here.
    """
    tally = _tally(session, negotiation, view)
    shown = by_topic(session, negotiation, Filters(), view, page, ISSUES_SHOWN)
    parties = parties_on(session, negotiation, view.day)
    last = last_day(session, negotiation, view)
    through = courses(session, shown.ids, view)
    days = _days(through, last)
    drawn = {id_: bars(course, days) for id_, course in through.items()} if days else {}
    lines = _lines(session, negotiation, view, user, shown.ids, parties, drawn, thresholds, visit)
    topics: dict[str, list[PlayLine]] = {}
    for line in lines:
        topics.setdefault(line.issue.topic, []).append(line)
    return StateOfPlay(
        topics=[*topics.items()],
        counts=tally,
        parties=parties,
        claims=latest_claims(session, negotiation, view, user, None).get(None, []),
        coming=coming(session, negotiation, view),
        last_day=last,
        days=days,
        thresholds=thresholds,
        paging=shown.paging,
    )


def _days(through: Mapping[int, Course], last: date | None) -> Days | None:
    """Give the days from the first status on the page to the last of the record."""
    begun = [course[0].since for course in through.values()]
    return Days(min(begun), last) if begun and last else None


def differs(claim: ClaimLine, issue: IssueLine) -> bool:
    """Tell whether a claim names another status than the desk has there, or agreement between others.

    No status is another one; shares and words cannot be compared.
    """
    desk = next((line for line in issue.statuses if line.track == (claim.track or "")), None)
    if claim.status is None:
        return False
    if desk is None or desk.status is not claim.status:
        return True
    return bool(claim.between) and [*claim.between] != [*desk.agreed_between]


def _tally(session: Session, negotiation: Negotiation, view: View) -> list[tuple[Status | None, int]]:
    rows = _counted(session, view, negotiation=negotiation.id)
    found: dict[Status | None, int] = {row[0]: row[1] for row in rows}
    return [(status, found[status]) for status in (*Status, None) if status in found]


@asked
def _counted(at: At) -> Select[Any]:
    query = with_status(select(CHANGE.c.status, func.count()), at)
    return query.where(ISSUE.negotiation_id == one("negotiation")).group_by(CHANGE.c.status)


def _lines(
    session: Session,
    negotiation: Negotiation,
    view: View,
    user: User | None,
    ids: Sequence[int],
    parties: Sequence[PartyLine],
    drawn: Mapping[int, Sequence[Bar]],
    thresholds: Thresholds,
    visit: datetime | None,
) -> list[PlayLine]:
    issues = issue_lines(session, negotiation, ids, view)
    claims = latest_claims(session, negotiation, view, user, ids)
    checked = dict(evidence(session, view, issues=ids).all())
    covered = coverage(session, negotiation, ids, view, parties)
    new = recorded_since(session, ids, view, visit) if visit else set()
    today = view.today
    found = []
    for id_ in ids:
        day, stated = checked.get(id_), covered[id_].stated
        age = thresholds.age(day, today)
        found.append(
            PlayLine(
                issue=issues[id_],
                bars=drawn.get(id_, []),
                claims=claims.get(id_, []),
                differing=[claim.id for claim in claims.get(id_, []) if differs(claim, issues[id_])],
                checked_on=day,
                age=age,
                is_stale=thresholds.is_stale(age),
                stated=stated,
                through=covered[id_].through,
                is_thin=100 * stated < thresholds.coverage * len(parties),
                is_new=id_ in new,
            )
        )
    return found
