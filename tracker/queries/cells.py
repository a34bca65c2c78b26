"""Cells: what many parties hold on many issues, and their statuses, as columns, not as objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    bindparam,
    case,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.db import UTCDateTime
from tracker.models import Entry, Issue, Party, Position, StatusChange, Track, User
from tracker.models.entry import counts
from tracker.models.position import position_in_force
from tracker.models.status import status_in_force
from tracker.models.vocabulary import Firmness, Level, Movement, Stance, Standing, Status
from tracker.queries.references import Reference, SourceLine, references

ISSUE, PARTY, TRACK = Issue.__table__, Party.__table__, Track.__table__

#: An issue's id and a party's.
Place: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """A party's line in force on an issue. `effective_words` are printed instead of the day."""

    citations: Sequence[Reference]
    uid: str
    stance: Stance
    condition: str
    firmness: Firmness
    movement: Movement
    summary: str
    stated_by: str
    value: float | None
    effective_on: date
    effective_words: str
    recorded_at: datetime

    @property
    def sources(self) -> list[SourceLine | None]:
        """Each source once, in the order of citing; one None for all that are withheld."""
        return list({c.source.id if c.source else 0: c.source for c in self.citations}.values())


@dataclass(frozen=True, slots=True)
class StatusLine:
    """A status in force, of the talks as a whole (`track` empty) or on a track."""

    track: str
    status: Status
    level: Level | None
    agreed_between: Sequence[str]
    subject_to: str
    since: date
    since_words: str


def _at(view: View, **more: Any) -> dict[str, Any]:
    """Give the parameters of a statement that asks from a point of view."""
    return more | {"day": view.day, **({"known_at": view.known_at} if view.known_at else {})}


def _day() -> Any:
    """Give the parameter that stands for the day."""
    return bindparam("day", type_=Date)


def _moment(is_known: bool) -> Any:
    """Give the parameter that stands for the moment of knowing, where the view has one."""
    return bindparam("known_at", type_=UTCDateTime) if is_known else None


def cells(
    session: Session, issue_ids: Sequence[int], party_ids: Sequence[int], view: View, user: User | None
) -> dict[Place, Cell]:
    """Load the lines in force of parties on issues; a place without a line is left out.

    Two SQL statements: the lines, and their references.
    """
    places = _at(view, issue_ids=issue_ids, party_ids=party_ids)
    rows = session.execute(_lines(view.known_at is not None), places).all()
    cited = references(session, [row[2] for row in rows], user, view.known_at)
    return {(row[0], row[1]): Cell(cited[row[2]], *row[3:]) for row in rows}


@cache
def _lines(is_known: bool) -> Select[Any]:
    """Write the statement once, which takes as long as running it; columns of tables spare the mapper."""
    entry, position = Entry.__table__.c, Position.__table__.c
    in_force = position_in_force(ISSUE.c.id, PARTY.c.id, _day(), _moment(is_known))
    return (
        select(
            ISSUE.c.id,
            PARTY.c.id,
            entry.id,
            entry.uid,
            position.stance,
            position.condition,
            position.firmness,
            position.movement,
            position.summary,
            position.stated_by,
            position.value,
            entry.effective_on,
            entry.effective_words,
            entry.recorded_at,
        )
        .select_from(ISSUE)
        .join(PARTY, true())
        .join(Entry.__table__, entry.id == in_force.correlate(ISSUE, PARTY))
        .join(Position.__table__, position.id == entry.id)
        .where(ISSUE.c.id.in_(bindparam("issue_ids", expanding=True)))
        .where(PARTY.c.id.in_(bindparam("party_ids", expanding=True)))
    )


def besides(
    session: Session, issue_ids: Sequence[int], party_ids: Sequence[int], view: View
) -> dict[Place, tuple[int, int]]:
    """Count the voices and the leaks that stand beside the lines; places without are left out."""
    places = _at(view, issue_ids=issue_ids, party_ids=party_ids)
    rows = session.execute(_others(view.known_at is not None), places)
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


@cache
def _others(is_known: bool) -> Select[Any]:
    entry, position = Entry.__table__.c, Position.__table__.c
    voices, leaks = (
        func.count(case((position.standing == standing, 1))) for standing in (Standing.VOICE, Standing.LEAK)
    )
    return (
        select(entry.issue_id, entry.party_id, voices, leaks)
        .join(Entry.__table__, entry.id == position.id)
        .where(entry.issue_id.in_(bindparam("issue_ids", expanding=True)), entry.kind == "position")
        .where(entry.party_id.in_(bindparam("party_ids", expanding=True)))
        .where(position.standing != Standing.LINE, position.clause_id.is_(None))
        .where(counts(entry, _day(), _moment(is_known)))
        .group_by(entry.issue_id, entry.party_id)
    )


def statuses_of(session: Session, issue_ids: Sequence[int], view: View) -> dict[int, list[StatusLine]]:
    """Load the statuses in force, of the whole and of each track in order. One SQL statement."""
    query = _statuses_in_force(view.known_at is not None)
    found: dict[int, list[StatusLine]] = {}
    for row in session.execute(query, _at(view, issue_ids=issue_ids)):
        found.setdefault(row[0], []).append(StatusLine(*row[2:]))
    return found


@cache
def _statuses_in_force(is_known: bool) -> CompoundSelect[Any]:
    change, entry = StatusChange.__table__.c, Entry.__table__.c

    def query(place: Any, title: Any) -> Select[Any]:
        columns = (
            change.status,
            change.level,
            change.agreed_between,
            change.subject_to,
            entry.effective_on,
            entry.effective_words,
        )
        return (
            select(ISSUE.c.id, place.label("place"), title.label("track"), *columns)
            .select_from(ISSUE)
            .where(ISSUE.c.id.in_(bindparam("issue_ids", expanding=True)))
        )

    def in_force(track_id: Any) -> ColumnElement[bool]:
        found = status_in_force(ISSUE.c.id, track_id, _day(), _moment(is_known))
        return change.id == found.correlate(ISSUE, TRACK)

    on_tracks = query(TRACK.c.id, TRACK.c.title).join(TRACK, TRACK.c.negotiation_id == ISSUE.c.negotiation_id)
    either = (
        asked.join(StatusChange.__table__, in_force(track_id)).join(Entry.__table__, entry.id == change.id)
        for asked, track_id in ((query(literal(0), literal("")), None), (on_tracks, TRACK.c.id))
    )
    return union_all(*either).order_by("place")
