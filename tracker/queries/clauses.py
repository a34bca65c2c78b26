"""Clauses: the tabled texts as columns of the comparison, and what each says on the issues it touches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Clause, ClauseIssue, Negotiation, Proposal, Source, User
from tracker.models.entry import known
from tracker.models.proposal import added_by
from tracker.queries.asking import At, asked, many, one
from tracker.queries.cells import Place
from tracker.queries.merging import shown, with_kept
from tracker.queries.references import SOURCE_LINE, SourceLine, is_withheld

CLAUSE, PROPOSAL, SOURCE = Clause.__table__.c, Proposal.__table__.c, Source.__table__.c
TOUCH = ClauseIssue.__table__.c
#: What `shown_source` reads, of a statement that `with_kept` was put to.
SOURCE_COLUMNS = (*shown(*SOURCE_LINE), SOURCE.handling)


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A tabled text. `source`: what its clauses rest on; None where there is none, or `is_withheld`.

    `tabled_by`: party codes, sorted.
    """

    id: int
    title: str
    tabled_on: date | None
    tabled_by: Sequence[str]
    source: SourceLine | None
    is_withheld: bool

    @property
    def code(self) -> str:
        """What an address calls it; no party's code begins with a digit."""
        return str(self.id)

    def is_since(self, day: date | None) -> bool:
        """Tell whether it was tabled after a day."""
        return day is not None and self.tabled_on is not None and self.tabled_on > day


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A clause: its number in the tabled text, its words, and where they stand in the source."""

    number: str
    text: str
    locator: str


@dataclass(frozen=True, slots=True)
class ClauseCell:
    """What a tabled text says on an issue. `changed`: it was tabled after the baseline day."""

    clauses: Sequence[ClauseText]
    changed: bool = False


def shown_source(row: Sequence[Any], user: User | None) -> tuple[SourceLine | None, bool]:
    """Read SOURCE_COLUMNS: the source as far as the reader may see it, and whether it is withheld."""
    *line, handling = row
    withheld = is_withheld(handling, user)
    return (None if withheld or row[0] is None else SourceLine(*line)), withheld


def tabled(at: View | At) -> list[ColumnElement[bool]]:
    """Say in SQL that proposals were on the table by the day, as known."""
    by_then = or_(PROPOSAL.tabled_on.is_(None), PROPOSAL.tabled_on <= at.day)
    return [by_then, *known(PROPOSAL, at.known_at)]


def proposals_on(
    session: Session, negotiation: Negotiation, view: View, user: User | None
) -> list[ProposalLine]:
    """List the texts on the table on a day, the first tabled first, in one SQL statement."""
    rows = _proposals(session, view, negotiation=negotiation.id)
    return [ProposalLine(*row[:4], *shown_source(row[4:], user)) for row in rows]  # type: ignore[call-arg]


@asked
def _proposals(at: At) -> Select[Any]:
    query = (
        select(PROPOSAL.id, PROPOSAL.title, PROPOSAL.tabled_on, PROPOSAL.tabled_by, *SOURCE_COLUMNS)
        .outerjoin(Source.__table__, SOURCE.id == PROPOSAL.source_id)
        .where(PROPOSAL.negotiation_id == one("negotiation"), *tabled(at))
        .order_by(PROPOSAL.tabled_on.nulls_last(), PROPOSAL.id)
    )
    return with_kept(query, at.known_at, PROPOSAL.negotiation_id)


def clause_cells(
    session: Session,
    issue_ids: Sequence[int],
    proposals: Sequence[ProposalLine],
    view: View,
    baseline: date | None,
) -> dict[Place, ClauseCell]:
    """Load what tabled texts say on issues, by issue and proposal; where one is silent nothing stands.

    One SQL statement, and none without proposals.
    """
    found: dict[Place, list[ClauseText]] = {}
    ids = [proposal.id for proposal in proposals]
    rows = _clauses(session, view, issues=issue_ids, proposals=ids) if ids else ()
    withheld = {proposal.id for proposal in proposals if proposal.is_withheld}
    for issue_id, proposal_id, number, text, locator in rows:
        shown = ClauseText(number, text, "" if proposal_id in withheld else locator)
        found.setdefault((issue_id, proposal_id), []).append(shown)
    since = {proposal.id for proposal in proposals if proposal.is_since(baseline)}
    return {place: ClauseCell(clauses, place[1] in since) for place, clauses in found.items()}


@asked
def _clauses(at: At) -> Select[Any]:
    return (
        select(TOUCH.issue_id, CLAUSE.proposal_id, CLAUSE.number, CLAUSE.text, CLAUSE.locator)
        .join(Clause.__table__, CLAUSE.id == TOUCH.clause_id)
        .where(TOUCH.issue_id.in_(many("issues")), CLAUSE.proposal_id.in_(many("proposals")))
        .where(*added_by(CLAUSE, at.known_at))
        .order_by(CLAUSE.id)
    )
