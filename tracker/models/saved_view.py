"""Saved views: comparisons with a name, for who gave it alone or for all who see the negotiation."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import NEVER_REUSED, Base, Id, Moment, Title
from tracker.models.audit import DESK
from tracker.models.guard import FIXED
from tracker.models.negotiation import Negotiation
from tracker.models.refused import N_, Faults
from tracker.models.user import User

LONGEST = 4000


class SavedView(Base):
    """A comparison's query string under a name. `is_shared`: all who see the negotiation are offered it."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("negotiation_id", "owner_id", "name"), NEVER_REUSED)
    id: Mapped[Id]
    negotiation_id: Mapped[int] = mapped_column(ForeignKey("negotiations.id"), info=FIXED)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), info=FIXED)
    name: Mapped[Title]
    query: Mapped[str] = mapped_column(String(LONGEST))
    is_shared: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[Moment] = mapped_column(info=FIXED)
    negotiation: Mapped[Negotiation] = relationship()
    owner: Mapped[User] = relationship()

    @property
    def audit_chain(self) -> str:
        """The desk's: how somebody looks at a record is no part of it."""
        return DESK

    def faults(self) -> Faults:
        faults = Faults()
        if not self.name:
            faults.find("name", N_("Give the view a name."))
        others = (
            SavedView.negotiation_id == self.negotiation.id,
            SavedView.owner_id == self.owner.id,
            SavedView.name == self.name,
            SavedView.id != (self.id or 0),
        )
        if self.name and self.owner.session.scalar(select(exists().where(*others))):
            faults.find("name", N_("You have a view of this name already."))
        return faults
