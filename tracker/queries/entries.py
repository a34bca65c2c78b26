"""Entries: status changes, claims and positions as rows to print, with what supports or withdrew them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import (
    Clause,
    Entry,
    Event,
    Issue,
    Party,
    Position,
    Proposal,
    Retraction,
    StatusChange,
    StatusClaim,
    Track,
    User,
)
from tracker.models.entry import known, latest_first
from tracker.models.vocabulary import DayBasis, Firmness, Level, Movement, Stance, Standing, Status
from tracker.queries.asking import At, asked, many, one
from tracker.queries.references import Reference, references

ENTRY, GONE, PARTY = Entry.__table__.c, Retraction.__table__.c, Party.__table__.c
CHANGE, POSITION, CLAIM = StatusChange.__table__.c, Position.__table__.c, StatusClaim.__table__.c

#: Keeps what was not withdrawn, of what `entry_lines` selects.
STANDING = GONE.id.is_(None)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What withdrew an entry. `replaced_by`: the uid of its correction."""

    recorded_at: datetime
    recorded_by: str
    reason: str
    replaced_by: str | None


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry of any kind; what its kind has not is None.

    `issue` and `clause` are numbers, `party` a short name; `track`, `event`, `proposal` are titles.
    """

    references: Sequence[Reference]
    retraction: Withdrawal | None
    id: int
    uid: str
    kind: str
    issue_id: int | None
    issue: int | None
    issue_title: str | None
    party_id: int | None
    party_code: str | None
    party: str | None
    track_id: int | None
    track: str | None
    event_id: int | None
    event: str | None
    effective_on: date
    effective_words: str
    day_basis: DayBasis
    recorded_at: datetime
    recorded_by: str
    first_recorded_at: datetime
    status: Status | None
    level: Level | None
    agreed_between: Sequence[str] | None
    subject_to: str | None
    reason: str | None
    clause_id: int | None
    clause: str | None
    proposal: str | None
    stance: Stance | None
    condition: str | None
    firmness: Firmness | None
    movement: Movement | None
    standing: Standing | None
    summary: str | None
    value: float | None
    stated_by: str | None
    words: str | None
    share: int | None
    between: Sequence[str] | None


def entries_on(session: Session, issue: Issue, view: View, user: User | None) -> list[EntryLine]:
    """List every entry on an issue, newest first, withdrawn ones in their place, in two SQL statements."""
    return read_entries(session, _on_issue(session, view, issue=issue.id).all(), view, user)


@asked
def _on_issue(at: At) -> Select[Any]:
    return entry_lines(at).where(ENTRY.issue_id == one("issue")).order_by(*latest_first(ENTRY))


def entries_named(
    session: Session, ids: Sequence[int], view: View, user: User | None
) -> dict[int, EntryLine]:
    """Load entries by their ids, in two SQL statements, none where there are no ids."""
    rows = _named(session, view, ids=ids).all() if ids else []
    return {entry.id: entry for entry in read_entries(session, rows, view, user)}


@asked
def _named(at: At) -> Select[Any]:
    return entry_lines(at).where(ENTRY.id.in_(many("ids")))


def read_entries(session: Session, rows: Sequence[Any], view: View, user: User | None) -> list[EntryLine]:
    """Make lines of what `entry_lines` selected, in one SQL statement."""
    cited = references(session, [row[4] for row in rows], user, view.known_at)
    return [EntryLine(cited[row[4]], Withdrawal(*row[:4]) if row[0] else None, *row[4:]) for row in rows]


def entry_lines(at: At) -> Select[Any]:
    """Select entries as known, with what withdrew them by then, in the order of the fields."""
    withdrawn = and_(GONE.entry_id == ENTRY.id, *known(GONE, at.known_at))
    return (
        select(
            GONE.recorded_at.label("gone_at"),
            GONE.recorded_by.label("gone_by"),
            GONE.reason.label("gone_for"),
            GONE.replaced_by,
            ENTRY.id,
            ENTRY.uid,
            ENTRY.kind,
            ENTRY.issue_id,
            Issue.__table__.c.number.label("issue"),
            Issue.__table__.c.title.label("issue_title"),
            ENTRY.party_id,
            PARTY.code,
            func.coalesce(func.nullif(PARTY.short_name, ""), PARTY.name).label("party"),
            ENTRY.track_id,
            Track.__table__.c.title.label("track"),
            ENTRY.event_id,
            Event.__table__.c.title.label("event"),
            ENTRY.effective_on,
            ENTRY.effective_words,
            ENTRY.day_basis,
            ENTRY.recorded_at,
            ENTRY.recorded_by,
            ENTRY.first_recorded_at,
            func.coalesce(CHANGE.status, CLAIM.status).label("status"),
            CHANGE.level,
            CHANGE.agreed_between,
            CHANGE.subject_to,
            CHANGE.reason,
            POSITION.clause_id,
            Clause.__table__.c.number.label("clause"),
            Proposal.__table__.c.title.label("proposal"),
            POSITION.stance,
            POSITION.condition,
            POSITION.firmness,
            POSITION.movement,
            POSITION.standing,
            POSITION.summary,
            POSITION.value,
            func.coalesce(POSITION.stated_by, CLAIM.stated_by).label("stated_by"),
            CLAIM.words,
            CLAIM.share,
            CLAIM.between,
        )
        .select_from(Entry.__table__)
        .outerjoin(StatusChange.__table__, CHANGE.id == ENTRY.id)
        .outerjoin(Position.__table__, POSITION.id == ENTRY.id)
        .outerjoin(StatusClaim.__table__, CLAIM.id == ENTRY.id)
        .outerjoin(Retraction.__table__, withdrawn)
        .outerjoin(Issue.__table__, Issue.__table__.c.id == ENTRY.issue_id)
        .outerjoin(Party.__table__, PARTY.id == ENTRY.party_id)
        .outerjoin(Track.__table__, Track.__table__.c.id == ENTRY.track_id)
        .outerjoin(Event.__table__, Event.__table__.c.id == ENTRY.event_id)
        .outerjoin(Clause.__table__, Clause.__table__.c.id == POSITION.clause_id)
        .outerjoin(Proposal.__table__, Proposal.__table__.c.id == Clause.__table__.c.proposal_id)
        .where(ENTRY.effective_on <= at.day, *known(ENTRY, at.known_at))
    )
