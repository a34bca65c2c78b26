"""Claims: what the parties say the status is, beside the desk's own judgement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.db import past_index
from tracker.models import (
    Entry,
    Issue,
    Negotiation,
    Party,
    StatusClaim,
    Track,
    User,
)
from tracker.models.entry import counts, known, latest_first
from tracker.models.vocabulary import Status
from tracker.queries.asking import At, asked, many, one
from tracker.queries.entries import EntryLine, Withdrawal, entry_lines, read_entries
from tracker.queries.paging import Paging
from tracker.queries.references import Reference, references
from tracker.queries.speaking import Spoken, spoken_of

ENTRY = Entry.__table__.c


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim to print. `between`: party codes, sorted. `track`: its title, None for the talks as a whole.

    `earlier`: how many claims of the party on the same issue and track came before it.
    """

    references: Sequence[Reference]
    earlier: int
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
class ClaimRecord:
    """A claim to print in a history, and the entries that it speaks to, or that speak to it."""

    claim: EntryLine
    spoken: Sequence[Spoken]

    @property
    def entry(self) -> EntryLine:
        return self.claim

    @property
    def references(self) -> Sequence[Reference]:
        return self.claim.references

    @property
    def retraction(self) -> Withdrawal | None:
        return self.claim.retraction


@dataclass(frozen=True)
class ClaimHistory:
    """A page of claims, newest first, retracted ones in their place."""

    records: list[ClaimRecord]
    paging: Paging


def latest_claims(
    session: Session,
    negotiation: Negotiation,
    view: View,
    user: User | None,
    issue_ids: Sequence[int] | None,
) -> dict[int | None, list[ClaimLine]]:
    """Find the latest claim of each party, and track, on each issue; None: on the whole talks.

    Two SQL statements; newest first.
    """
    if issue_ids is None:
        rows = _of_the_talks(session, view, negotiation=negotiation.id)
    else:
        rows = _of_issues(session, view, issues=issue_ids)
    made: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        made.setdefault((row[1], row[2], row[5]), []).append(row)
    cited = references(session, [claims[0][0] for claims in made.values()], user, view.known_at)
    found: dict[int | None, list[ClaimLine]] = {}
    for claims in made.values():
        id_, issue_id, code, name, short_name, *rest = claims[0]
        line = ClaimLine(cited[id_], len(claims) - 1, id_, issue_id, code, short_name or name, *rest)
        found.setdefault(issue_id, []).append(line)
    return found


@asked
def _of_the_talks(at: At) -> Select[Any]:
    mine = past_index(ENTRY.negotiation_id == one("negotiation"))  # entries on no issue are fewer
    return _claims(at).where(ENTRY.issue_id.is_(None), mine)


@asked
def _of_issues(at: At) -> Select[Any]:
    return _claims(at).where(ENTRY.issue_id.in_(many("issues")))


def _claims(at: At) -> Select[Any]:
    claim, party, track = StatusClaim.__table__, Party.__table__, Track.__table__
    return (
        select(
            claim.c.id,
            ENTRY.issue_id,
            party.c.code,
            party.c.name,
            party.c.short_name,
            track.c.title,
            claim.c.stated_by,
            claim.c.status,
            claim.c.share,
            claim.c.words,
            claim.c.between,
            ENTRY.effective_on,
            ENTRY.effective_words,
        )
        .join(Entry.__table__, ENTRY.id == claim.c.id)
        .join(party, party.c.id == ENTRY.party_id)
        .outerjoin(track, track.c.id == ENTRY.track_id)
        .where(ENTRY.kind == "claim", past_index(counts(ENTRY, at.day, at.known_at)))
        .order_by(*latest_first(ENTRY))
    )


def claim_history(
    session: Session,
    negotiation: Negotiation,
    view: View,
    user: User | None,
    issue: Issue | None = None,
    *,
    page: int = 1,
) -> ClaimHistory:
    """List the claims of a negotiation, or on one issue, in four SQL statements."""
    about = {"negotiation": negotiation.id} if issue is None else {"issue": issue.id}
    count, ask = (_count_of_talks, _of_talks) if issue is None else (_count_of_issue, _of_issue)
    shown = Paging(page, count(session, view, **about).scalar())
    rows = ask(session, view, limit=shown.size, offset=shown.offset, **about).all()
    claims = read_entries(session, rows, view, user)
    links = spoken_of(session, [claim.id for claim in claims], view)
    return ClaimHistory([ClaimRecord(claim, links.get(claim.id, [])) for claim in claims], shown)


@asked
def _of_talks(at: At) -> Select[Any]:
    return _page(at).where(ENTRY.negotiation_id == one("negotiation"))


@asked
def _of_issue(at: At) -> Select[Any]:
    return _page(at).where(ENTRY.issue_id == one("issue"))


def _page(at: At) -> Select[Any]:
    rows = entry_lines(at).where(ENTRY.kind == "claim").order_by(*latest_first(ENTRY))
    return rows.limit(one("limit")).offset(one("offset"))


@asked
def _count_of_talks(at: At) -> Select[Any]:
    return _count(at).where(ENTRY.negotiation_id == one("negotiation"))


@asked
def _count_of_issue(at: At) -> Select[Any]:
    return _count(at).where(ENTRY.issue_id == one("issue"))


def _count(at: At) -> Select[Any]:
    claims = (ENTRY.kind == "claim", ENTRY.effective_on <= at.day, *known(ENTRY, at.known_at))
    return select(func.count(ENTRY.id)).where(*claims)
