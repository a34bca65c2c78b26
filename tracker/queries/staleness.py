"""Staleness: when somebody last looked, at an issue and at the whole record, and what was recorded since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, or_, select, union_all
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.db import UTCDateTime, past_index
from tracker.models import Citation, Entry, Issue, Negotiation, Retraction, Review
from tracker.models.entry import counts, known
from tracker.queries.asking import At, asked, many, one

ENTRY, CITATION = Entry.__table__.c, Citation.__table__.c


def last_day(session: Session, negotiation: Negotiation, view: View) -> date | None:
    """Give the latest day that any entry is about."""
    day: date | None = _days(session, view, negotiation=negotiation.id).scalar()
    return day


@asked
def _days(at: At) -> Select[Any]:
    mine = (ENTRY.negotiation_id == one("negotiation"), counts(ENTRY, at.day, at.known_at))
    return select(ENTRY.effective_on).where(*mine).order_by(ENTRY.effective_on.desc()).limit(1)


@asked
def evidence(at: At) -> Select[Any]:
    """Find the day of each issue's latest entry or review."""
    return _evidence(at, many("issues"))


@asked
def evidence_of_all(at: At) -> Select[Any]:
    """Find it for all issues of a negotiation that have any."""
    issue = Issue.__table__.c
    return _evidence(at, select(issue.id).where(issue.negotiation_id == one("negotiation")))


def _evidence(at: At, issues: Any) -> Select[Any]:
    review = Review.__table__.c
    reviews = select(review.issue_id.label("issue_id"), review.checked_on.label("day")).where(
        review.issue_id.in_(issues), review.checked_on <= at.day, *known(review, at.known_at)
    )
    entries = select(ENTRY.issue_id, ENTRY.effective_on).where(
        ENTRY.issue_id.in_(issues), counts(ENTRY, at.day, at.known_at)
    )
    every = union_all(reviews, entries).subquery()
    return select(every.c.issue_id, func.max(every.c.day)).group_by(every.c.issue_id)


def recorded_since(session: Session, ids: Sequence[int], view: View, since: datetime) -> set[int]:
    """Find the issues of which something was recorded or withdrawn after a moment. One SQL statement."""
    return {*_touched(session, view, issues=ids, since=since).scalars()}


@asked
def _touched(at: At) -> Select[Any]:
    gone, since = Retraction.__table__.c, bindparam("since", type_=UTCDateTime)
    cited = select(CITATION.id).where(CITATION.entry_id == ENTRY.id).correlate(Entry.__table__)
    about = or_(gone.entry_id == ENTRY.id, gone.citation_id.in_(cited))
    withdrawn = exists().where(about, past_index(gone.recorded_at > since), *known(gone, at.known_at))
    here = (ENTRY.issue_id.in_(many("issues")), ENTRY.effective_on <= at.day, *known(ENTRY, at.known_at))
    return select(ENTRY.issue_id).where(*here, or_(ENTRY.recorded_at > since, withdrawn)).distinct()
