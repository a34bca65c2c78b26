"""Proposals: tabled texts, their clauses, and the issues that each clause touches."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.dates import latest_day
from tracker.db import NEVER_REUSED, Base, Id, Prose, Title
from tracker.models.citation import is_filed
from tracker.models.guard import FIXED
from tracker.models.negotiation import Negotiation, Track
from tracker.models.recorded import Recorded, Signed, sign
from tracker.models.refused import N_, Faults
from tracker.models.source import Source
from tracker.models.user import User

if TYPE_CHECKING:
    from tracker.models.issue import Issue


class Proposal(Signed, Base):
    """A text put on the table. `tabled_by`: party codes, sorted. Its clauses rest on its source."""

    __tablename__ = "proposals"
    id: Mapped[Id]
    negotiation_id: Mapped[int] = mapped_column(ForeignKey("negotiations.id"), index=True, info=FIXED)
    title: Mapped[Title]
    tabled_by: Mapped[list[str]] = mapped_column(JSON, default=list)
    tabled_on: Mapped[date | None]
    track_id: Mapped[int | None] = mapped_column(ForeignKey("tracks.id"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id"), index=True)
    negotiation: Mapped[Negotiation] = relationship()
    track: Mapped[Track | None] = relationship()
    source: Mapped[Source | None] = relationship()
    clauses: Mapped[list[Clause]] = relationship(back_populates="proposal", order_by="Clause.id")

    @property
    def audit_chain(self) -> str:
        return self.negotiation.code

    def add(self, session: Session, *, by: User | str, recorded: Recorded | None = None) -> None:
        """Check this new proposal with its clauses and add it.

        Raises: Refused.
        """
        sign(self, by=by, moment=self.negotiation.moment, recorded=recorded)
        self.tabled_by = sorted(set(self.tabled_by or []))
        with session.no_autoflush:
            faults = self.faults()
        faults.refuse()
        session.add(self)

    def faults(self) -> Faults:
        faults = self.negotiation.codes_faults("tabled_by", self.tabled_by)
        if not self.title:
            faults.find("title", N_("Give a title."))
        if self.tabled_on and self.tabled_on > latest_day():
            faults.find("tabled_on", N_("This day lies in the future."))
        if self.track and self.track.negotiation is not self.negotiation:
            faults.find("track", N_("This track belongs to another negotiation."))
        if self.source and not is_filed(self.source, self.negotiation):
            faults.find("source", N_("This source is not filed under this negotiation."))
        for number, clause in enumerate(self.clauses):
            for field, value in (("number", clause.number), ("text", clause.text)):
                if not value:
                    faults.find(f"clauses[{number}].{field}", N_("This must be given."))
        return faults


class Clause(Base):
    """One point of a proposal."""

    __tablename__ = "clauses"
    __table_args__ = (UniqueConstraint("proposal_id", "number"), NEVER_REUSED)
    id: Mapped[Id]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    number: Mapped[str] = mapped_column(String(32))
    text: Mapped[Prose]
    locator: Mapped[Title] = mapped_column(default="")
    proposal: Mapped[Proposal] = relationship(back_populates="clauses")
    touches: Mapped[list[ClauseIssue]] = relationship(back_populates="clause", order_by="ClauseIssue.id")

    @property
    def audit_chain(self) -> str:
        return self.proposal.negotiation.code


class ClauseIssue(Base):
    """A clause touches an issue."""

    __tablename__ = "clause_issues"
    __table_args__ = (UniqueConstraint("clause_id", "issue_id"), NEVER_REUSED)
    id: Mapped[Id]
    clause_id: Mapped[int] = mapped_column(ForeignKey("clauses.id"))
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    clause: Mapped[Clause] = relationship(back_populates="touches")
    issue: Mapped[Issue] = relationship()

    @property
    def audit_chain(self) -> str:
        return self.clause.audit_chain
