"""Reviews: "checked, no change"."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.dates import FIRST_DAY, latest_day
from tracker.db import NEVER_REUSED, Base, Id, Prose
from tracker.models.guard import AppendOnly
from tracker.models.recorded import Signed
from tracker.models.refused import N_, Faults

if TYPE_CHECKING:
    from tracker.models.issue import Issue


class Review(AppendOnly, Signed, Base):
    """Someone looked on that day and found that nothing had changed."""

    __tablename__ = "reviews"
    __table_args__ = (Index("ix_reviews_issue_checked", "issue_id", "checked_on"), NEVER_REUSED)
    id: Mapped[Id]
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"))
    checked_on: Mapped[date]
    note: Mapped[Prose] = mapped_column(default="")
    issue: Mapped[Issue] = relationship()

    @property
    def audit_chain(self) -> str:
        return self.issue.negotiation.code

    def faults(self) -> Faults:
        faults = Faults()
        if not FIRST_DAY <= self.checked_on <= latest_day():
            faults.find("checked_on", N_("This day lies in the future."))
        return faults
