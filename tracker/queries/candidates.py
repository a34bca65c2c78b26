"""Candidates: the entries of a negotiation among which one is looked for, to link another to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.db import past_index
from tracker.models import Entry, Issue, Negotiation, Party, Position, StatusChange, StatusClaim, User
from tracker.models.entry import counts
from tracker.queries.entries import EntryLine, entries_named

ENTRY, ISSUE, PARTY = Entry.__table__.c, Issue.__table__.c, Party.__table__.c
SHOWN = 20


@dataclass(frozen=True)
class CandidateFilters:
    """Which entries are looked for: of an issue (its number), of a party (its code), with words."""

    issue: int | None = None
    party: str = ""
    q: str = ""


@dataclass(frozen=True)
class Candidates:
    """The latest that fit. `is_all`: no others do."""

    entries: Sequence[EntryLine]
    is_all: bool


def candidates(
    session: Session,
    negotiation: Negotiation,
    but: int,
    user: User,
    filters: CandidateFilters,
    chosen: str = "",
) -> Candidates:
    """List the latest entries that count and fit, but for one; what was chosen already (a uid) stands first.

    Four SQL statements.
    """
    view = View()
    query = _listed(negotiation, view, filters).where(ENTRY.id != but)
    ids = [*session.scalars(query.limit(SHOWN + 1))]
    first = select(ENTRY.id).where(ENTRY.uid == chosen, ENTRY.negotiation_id == negotiation.id)
    shown = [*dict.fromkeys([*session.scalars(first), *ids[:SHOWN]])]
    found = entries_named(session, shown, view, user)
    return Candidates([found[id_] for id_ in shown if id_ in found], len(ids) <= SHOWN)


def _listed(negotiation: Negotiation, view: View, filters: CandidateFilters) -> Select[Any]:
    """Walk the entries backwards by their day, and no further than asked."""
    query = (
        select(ENTRY.id)
        .select_from(Entry.__table__)
        .outerjoin(StatusChange.__table__, StatusChange.__table__.c.id == ENTRY.id)
        .outerjoin(Position.__table__, Position.__table__.c.id == ENTRY.id)
        .outerjoin(StatusClaim.__table__, StatusClaim.__table__.c.id == ENTRY.id)
        .outerjoin(Issue.__table__, ISSUE.id == ENTRY.issue_id)
        .outerjoin(Party.__table__, PARTY.id == ENTRY.party_id)
        .where(ENTRY.negotiation_id == negotiation.id, past_index(counts(ENTRY, view.day, view.known_at)))
    )
    if filters.issue is not None:
        query = query.where(ISSUE.number == filters.issue)
    if filters.party:
        query = query.where(PARTY.code == filters.party)
    for word in filters.q.lower().split():
        query = query.where(_mentions(word))
    return query.order_by(ENTRY.effective_on.desc(), ENTRY.id.desc())


def _mentions(word: str) -> ColumnElement[bool]:
    change, position, claim = StatusChange.__table__.c, Position.__table__.c, StatusClaim.__table__.c
    texts = (position.summary, position.stated_by, claim.words, claim.stated_by, change.reason, ISSUE.title)
    return or_(*(func.lower(text).contains(word, autoescape=True) for text in texts))
