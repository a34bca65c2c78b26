"""Connections: the clauses that touch an issue, the issues it hangs together with, and its neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, or_, select, tuple_
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Clause, ClauseIssue, Issue, IssueLink, Proposal, Source, User
from tracker.models.proposal import added_by
from tracker.queries.asking import At, asked, one
from tracker.queries.clauses import SOURCE_COLUMNS, shown_source, tabled
from tracker.queries.merging import with_kept
from tracker.queries.references import SourceLine

CLAUSE, PROPOSAL, SOURCE = Clause.__table__.c, Proposal.__table__.c, Source.__table__.c
ISSUE, LINK = Issue.__table__.c, IssueLink.__table__.c


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause to print. `source`: of its proposal; None where there is none, or `is_withheld`."""

    number: str
    text: str
    locator: str
    proposal: str
    tabled_on: date | None
    source: SourceLine | None
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class IssueLinkLine:
    """A link as seen from one of its issues: `label` says what the other, named here, is to it."""

    id: int
    label: str
    key: str
    title: str


def clauses_on(session: Session, issue: Issue, view: View, user: User | None) -> list[ClauseLine]:
    """List the clauses that touch an issue, in one SQL statement."""
    rows = _clauses(session, view, issue=issue.id)
    found = []
    for number, text, locator, proposal, tabled_on, *rest in rows:
        source, is_withheld = shown_source(rest, user)
        locator = "" if is_withheld else locator
        found.append(ClauseLine(number, text, locator, proposal, tabled_on, source, is_withheld))
    return found


@asked
def _clauses(at: At) -> Select[Any]:
    touch = ClauseIssue.__table__.c
    query = (
        select(
            CLAUSE.number,
            CLAUSE.text,
            CLAUSE.locator,
            PROPOSAL.title,
            PROPOSAL.tabled_on,
            *SOURCE_COLUMNS,
        )
        .select_from(ClauseIssue.__table__)
        .join(Clause.__table__, CLAUSE.id == touch.clause_id)
        .join(Proposal.__table__, PROPOSAL.id == CLAUSE.proposal_id)
        .outerjoin(Source.__table__, SOURCE.id == PROPOSAL.source_id)
        .where(touch.issue_id == one("issue"), *tabled(at), *added_by(CLAUSE, at.known_at))
        .order_by(PROPOSAL.tabled_on, PROPOSAL.id, CLAUSE.id)
    )
    return with_kept(query, at.known_at, PROPOSAL.negotiation_id)


def links_of(session: Session, issue: Issue) -> list[IssueLinkLine]:
    """List how an issue hangs together with others of its negotiation, in one SQL statement."""
    code = issue.negotiation.code
    found = []
    for id_, kind, from_id, number, title in session.execute(_LINKS, {"issue": issue.id}):
        label = kind.label if from_id == issue.id else kind.inverse
        found.append(IssueLinkLine(id_, label, f"{code}-{number}", title))
    return found


_FROM, _TO = LINK.from_id == one("issue"), LINK.to_id == one("issue")
_LINKS = (
    select(LINK.id, LINK.kind, LINK.from_id, ISSUE.number, ISSUE.title)
    .join(Issue.__table__, ISSUE.id == case((_FROM, LINK.to_id), else_=LINK.from_id))
    .where(or_(_FROM, _TO))
    .order_by(LINK.id)
)


def neighbours(session: Session, issue: Issue) -> tuple[str | None, str | None]:
    """Give the keys of the issues before and after this one in the negotiation's order. One SQL statement."""
    here = {"negotiation": issue.negotiation_id, "ordering": issue.ordering, "number": issue.number}
    before, after = session.execute(_NEIGHBOURS, here).one()
    code = issue.negotiation.code
    return before and f"{code}-{before}", after and f"{code}-{after}"


_PLACE, _HERE = tuple_(ISSUE.ordering, ISSUE.number), tuple_(one("ordering"), one("number"))
_OTHERS = select(ISSUE.number).where(ISSUE.negotiation_id == one("negotiation")).limit(1)
_BEFORE = _OTHERS.where(_PLACE < _HERE).order_by(ISSUE.ordering.desc(), ISSUE.number.desc())
_AFTER = _OTHERS.where(_PLACE > _HERE).order_by(ISSUE.ordering, ISSUE.number)
_NEIGHBOURS = select(_BEFORE.scalar_subquery(), _AFTER.scalar_subquery())
