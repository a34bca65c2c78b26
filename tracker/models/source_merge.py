"""Merges: two sources that are the same article, of which readers are shown one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, event, inspect, or_, select
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column, relationship

from tracker.db import NEVER_REUSED, Base, Id, Prose
from tracker.models.audit import DESK, moment_of
from tracker.models.filing import Filing
from tracker.models.guard import AppendOnly, text_faults
from tracker.models.negotiation import Negotiation
from tracker.models.recorded import Recorded, Signed, sign
from tracker.models.refused import N_, Fault, Faults, Refused
from tracker.models.retraction import Retraction
from tracker.models.source import Source
from tracker.models.user import User


class SourceMerge(AppendOnly, Signed, Base):
    """Says that `source` is the same article as `into`, which is shown in its place until this is retracted.

    A source is merged into one other at a time, and into none that is merged itself: one step resolves it.
    It is resolved on reading, and only while both have the same handling: so nobody sees through the one
    what the other keeps from them, or misses what the other shows.
    """

    __tablename__ = "source_merges"
    __table_args__ = (
        CheckConstraint("source_id <> into_id", name="two_sources"),
        Index("ix_source_merges_source", "source_id"),
        Index("ix_source_merges_into", "into_id"),
        NEVER_REUSED,
    )
    id: Mapped[Id]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    into_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    reason: Mapped[Prose]
    source: Mapped[Source] = relationship(foreign_keys=source_id)
    into: Mapped[Source] = relationship(foreign_keys=into_id)
    retraction: Mapped[Retraction | None] = relationship(
        back_populates="source_merge",
        uselist=False,
        foreign_keys="Retraction.source_merge_id",
        viewonly=True,
    )

    @property
    def audit_chain(self) -> str:
        return DESK

    def add(self, session: Session, *, by: User | str, recorded: Recorded | None = None) -> None:
        """Check this new merge and add it; what is kept is filed wherever its copy is.

        So a merge decides who sees what is kept: none is made by a user who does not see all of that.

        Raises: Refused.
        """
        session.flush()  # refresh would forget what this transaction has changed already
        for source in sorted({self.source, self.into}, key=lambda source: source.id):
            session.refresh(source, with_for_update={"of": Source})
        sign(self, by=by, moment=recorded.at if recorded else moment_of(session), recorded=recorded)
        self.reason = self.reason.strip()
        with session.no_autoflush:
            if isinstance(by, User):
                self._refuse_unseen(by)  # before any other fault, which may tell of what is there
            faults = self.faults()
            if recorded is None:  # a file tells the handling of today, and what was merged earlier
                self._compare_handling(faults)
            faults.refuse()
            for filing in self.source.filings:
                self.into.file_under(filing.negotiation)
        session.add(self)

    def faults(self) -> Faults:
        faults = text_faults(self)
        if not self.reason:
            faults.find("reason", N_("Say why."))
        if self.source is self.into:
            faults.find("into", N_("A source is not merged into itself."))
            return faults
        if self.recorded_at < max(self.source.recorded_at, self.into.recorded_at):
            faults.find("recorded_at", N_("This is earlier than the moment of what it belongs to."))
        self._find_others(faults)
        return faults

    def _compare_handling(self, faults: Faults) -> None:
        if self.source.handling is not self.into.handling:
            faults.find(
                "into",
                N_("The one is %(one)s, the other %(other)s: only sources of the same handling are merged."),
                one=self.source.handling.label,
                other=self.into.handling.label,
            )

    def _refuse_unseen(self, by: User) -> None:
        """Refuse where a source is filed where a user sees nothing, and do not tell where."""
        faults = Faults()
        ends = (self.source.id, self.into.id)
        unseen = select(Filing.source_id).join(Filing.negotiation).where(Filing.source_id.in_(ends))
        found = {*self.source.session.scalars(unseen.where(~Negotiation.visible_to(by)))}
        words = N_("“%(title)s” is filed where you have no access, too. Who has access there can merge it.")
        for field, source in (("", self.source), ("into", self.into)):
            if source.id in found:
                faults.find(field, words, title=source.title)
        faults.refuse()

    def _find_others(self, faults: Faults) -> None:
        """Find merges that stand beside this one and would make more than one step of it."""
        ends = (self.source_id or self.source.id, self.into_id or self.into.id)
        either = or_(SourceMerge.source_id.in_(ends), SourceMerge.into_id == ends[0])
        for other in self.source.session.scalars(select(SourceMerge).where(either)):
            if other.retraction is not None and other.retraction.recorded_at <= self.recorded_at:
                continue
            if other.source is self.source:
                words = N_("This source is merged into “%(title)s” already. Undo that first.")
                faults.find("", words, title=other.into.title)
            elif other.source is self.into:
                words = N_("That source is merged itself, into “%(title)s”. Merge into that one.")
                faults.find("into", words, title=other.into.title)
            else:
                words = N_("“%(title)s” is merged into this source. Merge the other way round, or undo that.")
                faults.find("", words, title=other.source.title)


def undone(merge: Any) -> ColumnElement[bool]:
    """Say in SQL that a merge was retracted."""
    return select(Retraction.id).where(Retraction.source_merge_id == merge.id).exists()


@event.listens_for(Session, "before_flush")
def _file_together(session: Session, _context: UOWTransaction, _rows: Any) -> None:
    """Keep a source filed wherever a copy of it is filed, while their merge stands; whoever files.

    Raises: Refused.
    """
    new = [row for row in session.new if isinstance(row, Filing) and inspect(row.source).persistent]
    ids = {filing.source.id for filing in new}
    for merge in _standing(session, SourceMerge.source_id.in_(ids)) if ids else ():
        for filing in new:
            if filing.source is merge.source:
                merge.into.file_under(filing.negotiation)
    gone = [row for row in session.deleted if isinstance(row, Filing)]
    ids = {filing.source_id for filing in gone}
    for merge in _standing(session, SourceMerge.into_id.in_(ids)) if ids else ():
        lost = {filing.negotiation for filing in gone if filing.source_id == merge.into_id}
        for filing in merge.source.filings:
            if filing.negotiation in lost and filing not in gone:
                raise Refused(
                    Fault(
                        "negotiations",
                        N_("A source merged into this one is filed under %(code)s: so is this one."),
                        {"code": filing.negotiation.code},
                    )
                )


def _standing(session: Session, rule: ColumnElement[bool]) -> list[SourceMerge]:
    query = select(SourceMerge).where(rule, ~undone(SourceMerge))
    return [*session.scalars(query.order_by(SourceMerge.id))]
