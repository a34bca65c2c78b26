"""Proposals: tabled texts, their clauses, and the issues that each clause touches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, String, UniqueConstraint, and_, or_
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.dates import latest_day
from tracker.db import NEVER_REUSED, Base, Id, Moment, Prose, Title
from tracker.models import editable
from tracker.models.audit import AuditEntry, moment_of
from tracker.models.citation import is_filed
from tracker.models.guard import FIXED, text_faults
from tracker.models.negotiation import Negotiation, Track
from tracker.models.recorded import Recorded, Signed, sign
from tracker.models.refused import N_, Fault, Faults
from tracker.models.source import Source
from tracker.models.user import User

if TYPE_CHECKING:
    from tracker.models.issue import Issue


@dataclass(frozen=True)
class Tabled:
    """A clause as asked for. `place`: what faults name it by, such as a form's row."""

    number: str
    text: str
    locator: str = ""
    issues: Sequence[Issue] = ()
    place: str = ""


#: The longest treaties have fewer; each page of a text shows all of them, and pairs them with another's.
CLAUSES = 600


class Proposal(Signed, Base):
    """A text put on the table. `tabled_by`: party codes, sorted. Its clauses rest on its source."""

    __tablename__ = "proposals"
    id: Mapped[Id]
    negotiation_id: Mapped[int] = mapped_column(ForeignKey("negotiations.id"), index=True, info=FIXED)
    title: Mapped[Title]
    tabled_by: Mapped[list[str]] = mapped_column(JSON, default=list)
    tabled_on: Mapped[date | None] = mapped_column(active_history=True)
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

    def add_clauses(self, tabled: Sequence[Tabled]) -> list[Clause]:
        """Add clauses behind those that are there, all of them or none.

        Raises: Refused.
        """
        moment = moment_of(self.session, self.audit_chain)  # from here on nobody else adds one
        self.session.expire(self, ["clauses"])
        with self.session.no_autoflush:
            faults = Faults()
            if not tabled:
                faults.find("", N_("There is no clause to add."))
            if len(self.clauses) + len(tabled) > CLAUSES:
                faults.find("", N_("A text has %(limit)s clauses at most."), limit=CLAUSES)
            taken = {clause.number for clause in self.clauses}
            made = [self._make_clause(each, taken, faults) for each in tabled]
        faults.refuse()
        for clause in made:
            clause.added_at = None if moment == self.recorded_at else moment
        self.clauses.extend(made)
        return made

    def _make_clause(self, asked: Tabled, taken: set[str], faults: Faults) -> Clause:
        clause = Clause(number=asked.number.strip(), text=asked.text.strip(), locator=asked.locator.strip())
        found = text_faults(clause)
        found.extend(clause.own_faults())
        if clause.number and clause.number in taken:
            found.find("number", N_("There is a clause with this number already."))
        found.extend(_touch_faults(asked.issues, self.negotiation))
        faults.extend(_placed(fault, asked.place) for fault in found)
        taken.add(clause.number)
        clause.touches = [ClauseIssue(issue=issue) for issue in dict.fromkeys(asked.issues)]
        return clause

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
            faults.extend(_placed(fault, f"clauses[{number}].") for fault in clause.own_faults())
        return faults


def _touch_faults(issues: Sequence[Issue], negotiation: Negotiation) -> Faults:
    """Hold that clauses touch issues of their own negotiation."""
    faults = Faults()
    if any(issue.negotiation is not negotiation for issue in issues):
        faults.find("issues", N_("An issue belongs to another negotiation."))
    return faults


def _placed(fault: Fault, place: str) -> Fault:
    """Name a fault's field by where it stands."""
    return Fault(place + fault.field, fault.message, fault.values)


class Clause(Base):
    """One point of a proposal. `added_at`: empty where it was recorded with its proposal."""

    __tablename__ = "clauses"
    __table_args__ = (UniqueConstraint("proposal_id", "number"), NEVER_REUSED)
    id: Mapped[Id]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    number: Mapped[str] = mapped_column(String(32))
    text: Mapped[Prose]
    locator: Mapped[Title] = mapped_column(default="")
    added_at: Mapped[Moment | None] = mapped_column(info=FIXED)
    proposal: Mapped[Proposal] = relationship(back_populates="clauses")
    touches: Mapped[list[ClauseIssue]] = relationship(back_populates="clause", order_by="ClauseIssue.id")

    @property
    def audit_chain(self) -> str:
        return self.proposal.negotiation.code

    @property
    def recorded_at(self) -> datetime:
        return self.added_at or self.proposal.recorded_at

    @property
    def told_with(self) -> ColumnElement[bool]:
        """Say in SQL which entries of the log tell of the issues that it touches."""
        mine = AuditEntry.body.contains(f'"clause_id":{self.id},')
        return and_(AuditEntry.table_name == ClauseIssue.__tablename__, mine)

    def edit(
        self, values: dict[str, Any], issues: Sequence[Issue], *, base_version: int | None = None
    ) -> None:
        """Change editable fields (by attribute), and which issues it touches.

        Raises: Conflict, Refused.
        """
        editable.edit(self, values, base_version=base_version)
        _touch_faults(issues, self.proposal.negotiation).refuse()
        for touch in [*self.touches]:
            if touch.issue not in issues:
                self.touches.remove(touch)
                self.session.delete(touch)
        there = {touch.issue for touch in self.touches}
        self.touches.extend(ClauseIssue(issue=issue) for issue in dict.fromkeys(issues) if issue not in there)

    def remove(self) -> None:
        """Take back a clause; the database refuses where a position answers it."""
        for touch in self.touches:
            self.session.delete(touch)
        editable.remove(self)

    def own_faults(self) -> Faults:
        """Find what is wrong with the clause by itself."""
        faults = Faults()
        for field in ("number", "text"):
            if not getattr(self, field):
                faults.find(field, N_("This must be given."))
        return faults

    def faults(self) -> Faults:
        faults = self.own_faults()
        others = (clause for clause in self.proposal.clauses if clause is not self)
        if any(clause.number == self.number for clause in others):
            faults.find("number", N_("There is a clause with this number already."))
        return faults


def added_by(clause: Any, known_at: Any) -> list[ColumnElement[bool]]:
    """Say in SQL that clauses of proposals that were recorded by a moment were too; None: any time."""
    return [] if known_at is None else [or_(clause.added_at.is_(None), clause.added_at <= known_at)]


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
