"""The latest entries of a negotiation, in the order in which they were recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.db import past_index
from tracker.models import Entry, Issue, Negotiation, Party, Position, StatusChange, StatusClaim, Track, User
from tracker.models.entry import counts
from tracker.models.vocabulary import Movement, Stance, Standing, Status
from tracker.queries.references import Reference, references

SHOWN = 10


@dataclass(frozen=True, slots=True)
class LatestEntry:
    """An entry of any kind, as a list of news prints it; what its kind has not is None or empty."""

    id: int
    kind: str
    effective_on: date
    effective_words: str
    recorded_at: datetime
    recorded_by: str
    issue_key: str | None
    issue_title: str | None
    party: str | None
    track: str | None
    status: Status | None
    stance: Stance | None
    movement: Movement | None
    standing: Standing | None
    words: str
    share: int | None
    references: Sequence[Reference]


def latest_entries(
    session: Session, negotiation: Negotiation, view: View, user: User | None, limit: int = SHOWN
) -> list[LatestEntry]:
    """List the entries recorded last that count, newest first, in two SQL statements."""
    entry = Entry.__table__.alias()
    change, position, claim = (kind.__table__.alias() for kind in (StatusChange, Position, StatusClaim))
    query = (
        select(
            entry.c.id,
            entry.c.kind,
            entry.c.effective_on,
            entry.c.effective_words,
            entry.c.recorded_at,
            entry.c.recorded_by,
            Issue.number,
            Issue.title,
            Party.name,
            Party.short_name,
            Track.title.label("track"),
            change.c.status,
            claim.c.status.label("claimed"),
            position.c.stance,
            position.c.movement,
            position.c.standing,
            position.c.summary,
            claim.c.words,
            claim.c.share,
        )
        .select_from(entry)
        .outerjoin(change, change.c.id == entry.c.id)
        .outerjoin(position, position.c.id == entry.c.id)
        .outerjoin(claim, claim.c.id == entry.c.id)
        .outerjoin(Issue, Issue.id == entry.c.issue_id)
        .outerjoin(Party, Party.id == entry.c.party_id)
        .outerjoin(Track, Track.id == entry.c.track_id)
        .where(entry.c.negotiation_id == negotiation.id)
        .where(past_index(counts(entry.c, view.day, view.known_at)))
        .order_by(entry.c.recorded_at.desc(), entry.c.id.desc())
        .limit(limit)
    )
    rows = session.execute(query).all()
    cited = references(session, (row.id for row in rows), user, view.known_at)
    return [
        LatestEntry(
            id=row.id,
            kind=row.kind,
            effective_on=row.effective_on,
            effective_words=row.effective_words,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by if user or "@" not in row.recorded_by else "",
            issue_key=f"{negotiation.code}-{row.number}" if row.number else None,
            issue_title=row.title,
            party=row.short_name or row.name,
            track=row.track,
            status=row.status or row.claimed,
            stance=row.stance,
            movement=row.movement,
            standing=row.standing,
            words=row.summary or row.words or "",
            share=row.share,
            references=cited[row.id],
        )
        for row in rows
    ]
