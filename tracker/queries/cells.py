"""Cells: what many parties hold on many issues, and their statuses, as columns, not as objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    Select,
    case,
    func,
    select,
    true,
)
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Entry, Issue, Party, Position, StatusChange, Track, User
from tracker.models.entry import counts
from tracker.models.position import position_in_force
from tracker.models.refused import N_
from tracker.models.status import status_in_force
from tracker.models.vocabulary import Firmness, Level, Movement, Stance, Standing, Status, Word
from tracker.queries.asking import At, asked, many
from tracker.queries.references import Reference, SourceLine, references
from tracker.text import Change

ISSUE, PARTY, TRACK = Issue.__table__, Party.__table__, Track.__table__

#: An issue's id and a party's.
Place: TypeAlias = tuple[int, int]


class Mark(Word):
    """What became of a line since a baseline day."""

    CHANGED = "changed", N_("changed")
    NEW = "new", N_("new")
    RESTATED = "restated", N_("restated")


@dataclass(frozen=True, slots=True)
class LineThen:
    """A party's line in force on a baseline day."""

    uid: str
    stance: Stance
    condition: str
    firmness: Firmness
    summary: str
    value: float | None
    effective_on: date
    effective_words: str


@dataclass(frozen=True, slots=True)
class Against:
    """A line against the one in force on a baseline day; `was` is None where it is new.

    `summary` and `condition`: word by word, what was taken out and put in; empty where nothing was.
    """

    mark: Mark
    was: LineThen | None
    summary: Sequence[Change] = ()
    condition: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A party's line in force on an issue. `effective_words` are printed instead of the day.

    `changed`: since the baseline day, new lines among them. `against`: how; None where the same entry is in
    force as then, or no day was asked for.
    """

    citations: Sequence[Reference]
    entry_id: int
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
    changed: bool = False
    against: Against | None = None

    @property
    def sources(self) -> list[SourceLine | None]:
        """Each source once, in the order of citing; one None for all that are withheld."""
        return list({c.source.id if c.source else 0: c.source for c in self.citations}.values())


@dataclass(frozen=True, slots=True)
class StatusLine:
    """A status in force, of the talks as a whole (`track` and its code empty) or on a track."""

    track: str
    status: Status
    level: Level | None
    agreed_between: Sequence[str]
    subject_to: str
    since: date
    since_words: str
    track_code: str = ""
    entry_id: int = 0

    @property
    def state(self) -> tuple[Any, ...]:
        """What differs where the status changed."""
        return (self.status, self.level, [*self.agreed_between], self.subject_to)


def cells(
    session: Session, issue_ids: Sequence[int], party_ids: Sequence[int], view: View, user: User | None
) -> dict[Place, Cell]:
    """Load the lines in force of parties on issues; a place without a line is left out.

    Two SQL statements: the lines, and their references.
    """
    rows = _lines(session, view, issues=issue_ids, parties=party_ids).all()
    cited = references(session, [row[2] for row in rows], user, view.known_at)
    return {(row[0], row[1]): Cell(cited[row[2]], *row[2:]) for row in rows}


def lines_then(
    session: Session, issue_ids: Sequence[int], party_ids: Sequence[int], view: View
) -> dict[Place, LineThen]:
    """Load the lines in force of parties on issues, without what they cite, in one SQL statement."""
    rows = _lines(session, view, issues=issue_ids, parties=party_ids)
    return {
        (row[0], row[1]): LineThen(
            uid=row.uid,
            stance=row.stance,
            condition=row.condition,
            firmness=row.firmness,
            summary=row.summary,
            value=row.value,
            effective_on=row.effective_on,
            effective_words=row.effective_words,
        )
        for row in rows
    }


@asked
def _lines(at: At) -> Select[Any]:
    entry, position = Entry.__table__.c, Position.__table__.c
    in_force = position_in_force(ISSUE.c.id, PARTY.c.id, at.day, at.known_at)
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
        .where(ISSUE.c.id.in_(many("issues")))
        .where(PARTY.c.id.in_(many("parties")))
    )


def besides(session: Session, issue_ids: Sequence[int], view: View) -> dict[Place, tuple[int, int]]:
    """Count the voices and the leaks of all parties beside the lines; places without are left out."""
    rows = _others(session, view, issues=issue_ids)
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


@asked
def _others(at: At) -> Select[Any]:
    entry, position = Entry.__table__.c, Position.__table__.c
    voices, leaks = (
        func.count(case((position.standing == standing, 1))) for standing in (Standing.VOICE, Standing.LEAK)
    )
    return (
        select(entry.issue_id, entry.party_id, voices, leaks)
        .join(Entry.__table__, entry.id == position.id)
        .where(entry.issue_id.in_(many("issues")), entry.kind == "position")
        .where(position.standing != Standing.LINE, position.clause_id.is_(None))
        .where(counts(entry, at.day, at.known_at))
        .group_by(entry.issue_id, entry.party_id)
    )


def statuses_on_tracks(session: Session, issue_ids: Sequence[int], view: View) -> dict[int, list[StatusLine]]:
    """Load the statuses in force on tracks, in the order of the tracks. One SQL statement."""
    found: dict[int, list[StatusLine]] = {}
    for row in _on_tracks(session, view, issues=issue_ids).all():
        found.setdefault(row[0], []).append(StatusLine(*row[1:]))
    return found


@asked
def _on_tracks(at: At) -> Select[Any]:
    change, entry = StatusChange.__table__.c, Entry.__table__.c
    in_force = status_in_force(ISSUE.c.id, TRACK.c.id, at.day, at.known_at).correlate(ISSUE, TRACK)
    columns = (change.status, change.level, change.agreed_between, change.subject_to)
    since = (entry.effective_on, entry.effective_words)
    return (
        select(ISSUE.c.id, TRACK.c.title, *columns, *since, TRACK.c.code, change.id)
        .select_from(ISSUE)
        .join(TRACK, TRACK.c.negotiation_id == ISSUE.c.negotiation_id)
        .join(StatusChange.__table__, change.id == in_force)
        .join(Entry.__table__, entry.id == change.id)
        .where(ISSUE.c.id.in_(many("issues")))
        .order_by(TRACK.c.id)
    )
