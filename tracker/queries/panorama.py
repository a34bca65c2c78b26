"""The panorama: the courses of issues and the events between them, on one line of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Select, bindparam, func, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Event, Negotiation
from tracker.models.entry import known
from tracker.models.vocabulary import EventState, Status
from tracker.queries.asking import At, asked, one
from tracker.queries.chart import Bar, Days, Mark, Marked, Tick, bars, marks, ticks
from tracker.queries.courses import courses
from tracker.queries.issue_list import IN_ORDER, ISSUE, Filters, conditions
from tracker.queries.staleness import last_day
from tracker.queries.succession import NO_DAY, Wanted, last_on

EVENT = Event.__table__.c
ISSUES_DRAWN = 40
EVENTS_DRAWN = 300


@dataclass(frozen=True, slots=True)
class Drawn:
    """An issue whose course is drawn. `bars`: empty where no status was in force in these days."""

    key: str
    title: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Panorama:
    """What is drawn over the timeline. `total`: the issues there are, of which the first are drawn.

    `days`: None where there is nothing to draw. `is_cut`: older events of these days are not marked.
    """

    days: Days | None
    ticks: Sequence[Tick]
    marks: Sequence[Mark]
    issues: Sequence[Drawn]
    total: int
    is_cut: bool

    @property
    def drawn(self) -> list[Status]:
        """The statuses that the courses went through."""
        found = {bar.status for issue in self.issues for bar in issue.bars}
        return [status for status in Status if status in found]


def panorama(session: Session, negotiation: Negotiation, view: View, wanted: Wanted) -> Panorama:
    """Lay out the issues wanted, and the events of the days wanted, in five SQL statements at most.

    What was cancelled did not happen: it stands in the list alone.
    """
    seen, filters = wanted.view(view), Filters(topics=wanted.topics, numbers=wanted.numbers)
    issue = [ISSUE.negotiation_id == negotiation.id, *conditions(negotiation, filters)]
    query = select(ISSUE.id, ISSUE.number, ISSUE.title).where(*issue).order_by(*IN_ORDER)
    rows = session.execute(query.limit(ISSUES_DRAWN)).all()
    total = len(rows)
    if total == ISSUES_DRAWN:
        total = session.scalar(select(func.count(ISSUE.id)).where(*issue)) or 0
    found = courses(session, [row.id for row in rows], seen)
    since = wanted.since or NO_DAY
    rows_of_events = _events(session, seen, negotiation=negotiation.id, since=since)
    events = [
        Marked(id_, title, max(on, wanted.since + timedelta(days=1)) if wanted.since else on)
        for id_, title, on in rows_of_events
    ]
    events.sort(key=lambda event: (event.on, event.id))
    last_entry = last_day(session, negotiation, seen)
    ended = [event.on for event in events[-1:]] + ([last_entry] if last_entry else [])
    last = seen.day if wanted.until else max(ended, default=None)
    begun = [course[0].since for course in found.values()] + [event.on for event in events[:1]]
    days = _days(min(begun, default=None), wanted.since, last)
    if days is None:
        return Panorama(None, [], [], [], total, is_cut=False)
    code = negotiation.code
    drawn = [Drawn(f"{code}-{row.number}", row.title, bars(found.get(row.id, ()), days)) for row in rows]
    return Panorama(days, ticks(days), marks(events, days), drawn, total, len(events) == EVENTS_DRAWN)


@asked
def _events(at: At) -> Select[Any]:
    return (
        select(EVENT.id, EVENT.title, EVENT.starts_on)
        .where(EVENT.negotiation_id == one("negotiation"), *known(EVENT, at.known_at))
        .where(
            EVENT.state != EventState.CANCELLED,
            EVENT.starts_on <= at.day,
            last_on > bindparam("since", type_=Date),
        )
        .order_by(EVENT.starts_on.desc(), EVENT.id.desc())
        .limit(EVENTS_DRAWN)
    )


def _days(first: date | None, since: date | None, last: date | None) -> Days | None:
    """Give the days drawn: after `since`, else from the first thing drawn on; None where none are left."""
    if since and last:
        first = since + timedelta(days=1) if since < last else None
    return Days(first, last) if first and last and first <= last else None
