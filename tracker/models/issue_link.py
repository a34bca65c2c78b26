"""Issue links: how issues hang together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint, select
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
        if faults:
            return faults
        _ = self.from_issue.negotiation.moment  # from here on nobody else links its issues
        with self.from_issue.session.no_autoflush:
            if self._is_there():
                faults.find("to", N_("These issues are linked in this way already."))
            elif self.kind is IssueLinkKind.PART_OF and self._goes_round():
                faults.find("to", N_("Then each would be a part of itself: the other is part of this one."))
        return faults

    def _is_there(self) -> bool:
        """Tell whether the same was linked before; what makes a package has no direction."""
        ends = [(self.from_issue, self.to_issue)]
        if self.kind is IssueLinkKind.PACKAGE:
            ends.append((self.to_issue, self.from_issue))
        others = self._others(self.kind, {issue for pair in ends for issue in pair})
        return any((other.from_issue, other.to_issue) in ends for other in others)

    def _goes_round(self) -> bool:
        """Tell whether the one that would be the whole is, at whatever remove, a part of the other."""
        seen: set[Issue] = set()
        wholes = {self.to_issue}
        while wholes and self.from_issue not in wholes:
            seen |= wholes
            wholes = {other.to_issue for other in self._others(self.kind, wholes)} - seen
        return bool(wholes)

    def _others(self, kind: IssueLinkKind, issues: set[Issue]) -> list[IssueLink]:
        """Find the other links of a kind that lead from these issues, those about to be stored among them."""
        session = self.from_issue.session
        query = select(IssueLink).where(
            IssueLink.kind == kind, IssueLink.from_id.in_([issue.id for issue in issues])
        )
        new = [row for row in session.new if isinstance(row, IssueLink) and row.kind is kind]
        found = [*session.scalars(query), *(row for row in new if row.from_issue in issues)]
        return [row for row in found if row is not self]
