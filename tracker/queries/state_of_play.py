"""State of play: where a negotiation stands, issue by issue, as of a day and as known at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import (
    Entry,
    Event,
    Negotiation,
    Position,
)
from tracker.models.entry import counts, known
from tracker.models.vocabulary import EventKind, EventState, Standing, Status
from tracker.queries.asking import At, asked, many, one
from tracker.queries.claims import ClaimLine, latest_claims
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
from tracker.queries.parties import Blocs, PartyLine, blocs_on, parties_on
from tracker.queries.staleness import evidence, last_day

ENTRY = Entry.__table__.c
ISSUES_SHOWN = 100
NEXT_SHOWN = 10
STALE_AFTER = 30


@dataclass(frozen=True)
class PlayLine:
    """An issue with all that tells where it stands.

    `checked_on`: day of the latest evidence or review, None where there is neither. `stated`: parties with a
    line of their own; `through`: members without one whose bloc has a line.
    """

    issue: IssueLine
    claims: list[ClaimLine]
    checked_on: date | None
    age: int | None
    stated: int
    through: int

    @property
    def is_stale(self) -> bool:
        """Whether nobody looked at it for long."""
        return self.age is not None and self.age > STALE_AFTER


@dataclass(frozen=True, slots=True)
class Coming:
    """An event that is planned or lies ahead."""

    kind: EventKind
    state: EventState
    title: str
    starts_on: date
    ends_on: date | None
    place: str


@dataclass(frozen=True)
class StateOfPlay:
    """The state of play. `topics`: name and lines, in order. `counts`: every status in force, None last."""

    topics: list[tuple[str, list[PlayLine]]]
    counts: list[tuple[Status | None, int]]
    parties: list[PartyLine]
    claims: list[ClaimLine]
    coming: list[Coming]
    last_day: date | None
    paging: Paging
    lines: list[PlayLine] = field(default_factory=list)

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


def state_of_play(session: Session, negotiation: Negotiation, view: View, *, page: int = 1) -> StateOfPlay:
    """Tell where the issues stand, a page of a hundred at a time, in a fixed number of SQL statements."""
    tally = _tally(session, negotiation, view)
    shown = by_topic(session, negotiation, Filters(), view, page, ISSUES_SHOWN)
    parties = parties_on(session, negotiation, view.day)
    lines = _lines(session, negotiation, view, shown.ids, parties)
    topics: dict[str, list[PlayLine]] = {}
    for line in lines:
        topics.setdefault(line.issue.topic, []).append(line)
    return StateOfPlay(
        topics=[*topics.items()],
        counts=tally,
        parties=parties,
        claims=latest_claims(session, negotiation, view, None).get(None, []),
        coming=_coming(session, negotiation, view),
        last_day=last_day(session, negotiation, view),
        paging=shown.paging,
        lines=lines,
    )


def _tally(session: Session, negotiation: Negotiation, view: View) -> list[tuple[Status | None, int]]:
    rows = _counted(session, view, negotiation=negotiation.id)
    found: dict[Status | None, int] = {row[0]: row[1] for row in rows}
    return [(status, found[status]) for status in (*Status, None) if status in found]


@asked
def _counted(at: At) -> Select[Any]:
    query = with_status(select(CHANGE.c.status, func.count()), at)
    return query.where(ISSUE.negotiation_id == one("negotiation")).group_by(CHANGE.c.status)


def _lines(
    session: Session, negotiation: Negotiation, view: View, ids: Sequence[int], parties: list[PartyLine]
) -> list[PlayLine]:
    issues = issue_lines(session, negotiation, ids, view)
    claims = latest_claims(session, negotiation, view, ids)
    days = dict(evidence(session, view, issues=ids).all())
    stated = _stated(session, ids, view)
    blocs = blocs_on(session, negotiation, view.day)
    today = view.as_of or datetime.now(UTC).date()
    present = {party.id for party in parties}
    found = []
    for id_ in ids:
        own = stated.get(id_, set())
        day = days.get(id_)
        found.append(
            PlayLine(
                issue=issues[id_],
                claims=claims.get(id_, []),
                checked_on=day,
                age=max(0, (today - day).days) if day else None,
                stated=len(own & present),
                through=_through(present - own, own, blocs),
            )
        )
    return found


def _through(silent: Iterable[int], stated: set[int], blocs: Blocs) -> int:
    """Count the parties without a line of their own whose bloc has one."""
    return sum(any(bloc in stated for bloc in blocs.get(party, ())) for party in silent)


def _stated(session: Session, ids: Sequence[int], view: View) -> dict[int, set[int]]:
    """Find the parties that have a line in force, by issue."""
    found: dict[int, set[int]] = {}
    for issue, party in _speakers(session, view, issues=ids):
        found.setdefault(issue, set()).add(party)
    return found


@asked
def _speakers(at: At) -> Select[Any]:
    position = Position.__table__
    return (
        select(ENTRY.issue_id, ENTRY.party_id)
        .join(position, position.c.id == ENTRY.id)
        .where(
            ENTRY.issue_id.in_(many("issues")),
            ENTRY.kind == "position",
            position.c.standing == Standing.LINE,
            position.c.clause_id.is_(None),
            counts(ENTRY, at.day, at.known_at),
        )
        .distinct()
    )


def _coming(session: Session, negotiation: Negotiation, view: View) -> list[Coming]:
    """List what is planned and not over, and what lay ahead on the day asked for."""
    last = func.coalesce(Event.ends_on, Event.starts_on)
    ahead = Event.starts_on > view.day
    planned = and_(Event.state == EventState.PLANNED, last >= view.day)
    query = (
        select(Event.kind, Event.state, Event.title, Event.starts_on, Event.ends_on, Event.place)
        .where(
            Event.negotiation_id == negotiation.id,
            Event.state != EventState.CANCELLED,
            or_(ahead, planned),
            *known(Event, view.known_at),
        )
        .order_by(Event.starts_on, Event.id)
        .limit(NEXT_SHOWN)
    )
    return [Coming(*row) for row in session.execute(query)]
