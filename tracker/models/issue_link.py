"""Issue links: how issues hang together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import NEVER_REUSED, Base, Id
from tracker.models.refused import N_, Faults
from tracker.models.vocabulary import IssueLinkKind, choice

if TYPE_CHECKING:
    from tracker.models.issue import Issue


class IssueLink(Base):
    """Two issues of one negotiation that hang together."""

    __tablename__ = "issue_links"
    __table_args__ = (UniqueConstraint("from_id", "kind", "to_id"), NEVER_REUSED)
    id: Mapped[Id]
    from_id: Mapped[int] = mapped_column(ForeignKey("issues.id"))
    kind: Mapped[IssueLinkKind] = mapped_column(choice(IssueLinkKind))
    to_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    from_issue: Mapped[Issue] = relationship(foreign_keys=from_id)
    to_issue: Mapped[Issue] = relationship(foreign_keys=to_id)

    @property
    def audit_chain(self) -> str:
        return self.from_issue.negotiation.code

    def faults(self) -> Faults:
        faults = Faults()
        if self.from_issue is self.to_issue:
            faults.find("to", N_("An issue is not linked to itself."))
        if self.from_issue.negotiation is not self.to_issue.negotiation:
            faults.find("to", N_("These issues belong to different negotiations."))
        return faults
