"""Claims: what the parties say the status is, beside the desk's own judgement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Entry, Negotiation, Party, StatusClaim, Track
from tracker.models.entry import counts, latest_first
from tracker.models.vocabulary import Status


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim to print. `between`: party codes, sorted. `track`: its title, None for the talks as a whole."""

    id: int
    issue_id: int | None
    party_code: str
    party: str
    track: str | None
    stated_by: str
    status: Status | None
    share: int | None
    words: str
    between: Sequence[str]
    on: date
    on_words: str


def latest_claims(
    session: Session, negotiation: Negotiation, view: View, issue_ids: Sequence[int] | None
) -> dict[int | None, list[ClaimLine]]:
    """Find the latest claim of each party, and track, on each issue; None: on the whole talks.

    One SQL statement; newest first.
    """
    claim, entry = StatusClaim.__table__.alias(), Entry.__table__.alias()
    about: Any = claim.c.issue_id.is_(None) if issue_ids is None else claim.c.issue_id.in_(issue_ids)
    query = (
        select(
            claim.c.id,
            claim.c.issue_id,
            Party.code,
            Party.name,
            Party.short_name,
            Track.title,
            claim.c.stated_by,
            claim.c.status,
            claim.c.share,
            claim.c.words,
            claim.c.between,
            entry.c.effective_on,
            entry.c.effective_words,
        )
        .join(entry, entry.c.id == claim.c.id)
        .join(Party, Party.id == claim.c.party_id)
        .outerjoin(Track, Track.id == claim.c.track_id)
        .where(entry.c.negotiation_id == negotiation.id, about, counts(entry.c, view.day, view.known_at))
        .order_by(*latest_first(entry.c))
    )
    found: dict[int | None, list[ClaimLine]] = {}
    seen = set()
    for id_, issue_id, code, name, short_name, track, *rest in session.execute(query):
        if (issue_id, code, track) in seen:
            continue
        seen.add((issue_id, code, track))
        line = ClaimLine(id_, issue_id, code, short_name or name, track, *rest)
        found.setdefault(issue_id, []).append(line)
    return found
