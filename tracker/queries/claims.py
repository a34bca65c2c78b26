"""Claims: what the parties say the status is, beside the desk's own judgement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.dates import View
from tracker.models import (
    Entry,
    EntryLink,
    Issue,
    Negotiation,
    Party,
    Retraction,
    StatusClaim,
    Track,
    User,
)
from tracker.models.entry import counts, known, latest_first
from tracker.models.vocabulary import EntryLinkKind, Status
from tracker.queries.paging import Paging, paging
from tracker.queries.references import Reference, references, retractions


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


@dataclass(frozen=True)
class SpokenTo:
    """Another entry that a claim speaks to, as far as it is a claim: whose, and of which day."""

    kind: EntryLinkKind
    party: str
    on: date
    uid: str


@dataclass(frozen=True)
class ClaimRecord:
    """A claim with what is needed to print it in a history. `retraction`: it is withdrawn, and by what."""

    claim: StatusClaim
    references: list[Reference]
    retraction: Retraction | None
    speaks_to: list[SpokenTo]


@dataclass(frozen=True)
class ClaimHistory:
    """A page of claims, newest first, retracted ones in their place."""

    records: list[ClaimRecord]
    paging: Paging


def latest_claims(
    session: Session, negotiation: Negotiation, view: View, issue_ids: Sequence[int] | None
) -> dict[int | None, list[ClaimLine]]:
    """Find the latest claim of each party, and track, on each issue; None: on the whole talks.

    One SQL statement; newest first.
    """
    claim, entry = StatusClaim.__table__.alias(), Entry.__table__.alias()
    about: Any = entry.c.issue_id.is_(None) if issue_ids is None else entry.c.issue_id.in_(issue_ids)
    query = (
        select(
            claim.c.id,
            entry.c.issue_id,
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
        .join(Party, Party.id == entry.c.party_id)
        .outerjoin(Track, Track.id == entry.c.track_id)
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


def claim_history(
    session: Session,
    negotiation: Negotiation,
    view: View,
    user: User | None,
    issue: Issue | None = None,
    *,
    page: int = 1,
) -> ClaimHistory:
    """List the claims of a negotiation, or on one issue, in a fixed number of SQL statements."""
    query = select(StatusClaim).where(
        StatusClaim.negotiation_id == negotiation.id,
        StatusClaim.effective_on <= view.day,
        *known(StatusClaim, view.known_at),
    )
    if issue is not None:
        query = query.where(StatusClaim.issue_id == issue.id)
    shown = paging(session, query, page)
    rows = (
        query.options(
            joinedload(StatusClaim.issue), joinedload(StatusClaim.party), joinedload(StatusClaim.track)
        )
        .order_by(*latest_first(StatusClaim))
        .limit(shown.size)
        .offset(shown.offset)
    )
    claims = session.scalars(rows).all()
    ids = [claim.id for claim in claims]
    cited = references(session, ids, user, view.known_at)
    gone = retractions(session, ids, view.known_at)
    links = _links(session, ids, view)
    records = [
        ClaimRecord(claim, cited[claim.id], gone.get(claim.id), links.get(claim.id, [])) for claim in claims
    ]
    return ClaimHistory(records, shown)


def _links(session: Session, ids: Sequence[int], view: View) -> dict[int, list[SpokenTo]]:
    """Find the claims that claims speak to, where both count."""
    entry = Entry.__table__.alias()
    withdrawn = (
        select(Retraction.id)
        .where(Retraction.entry_link_id == EntryLink.id, *known(Retraction, view.known_at))
        .exists()
    )
    query = (
        select(
            EntryLink.from_id, EntryLink.kind, Party.name, Party.short_name, entry.c.effective_on, entry.c.uid
        )
        .join(entry, entry.c.id == EntryLink.to_id)
        .join(Party, Party.id == entry.c.party_id)
        .where(EntryLink.from_id.in_(ids), *known(EntryLink, view.known_at), ~withdrawn)
        .where(entry.c.kind == "claim", counts(entry.c, view.day, view.known_at))
        .order_by(EntryLink.id)
    )
    found: dict[int, list[SpokenTo]] = {}
    for from_id, kind, name, short_name, on, uid in session.execute(query):
        found.setdefault(from_id, []).append(SpokenTo(kind, short_name or name, on, uid))
    return found
