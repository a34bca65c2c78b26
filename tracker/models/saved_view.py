"""Saved views: comparisons with a name, for who gave it alone or for all who see the negotiation."""

from __future__ import annotations

from typing import Any, Self

from sqlalchemy import ForeignKey, String, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.db import NEVER_REUSED, Base, Id, Moment, Title
from tracker.models import editable
from tracker.models.audit import DESK, moment_of
from tracker.models.guard import FIXED
from tracker.models.negotiation import Negotiation
from tracker.models.refused import N_, Faults
from tracker.models.user import User
from tracker.models.vocabulary import Role

LONGEST = 4000


class SavedView(Base):
    """A comparison's query string under a name. `is_shared`: all who see the negotiation are offered it.

    `recorded_at`: when it was saved last, under this name. What a stranger is offered depends on it.
    """

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("negotiation_id", "owner_id", "name"), NEVER_REUSED)
    id: Mapped[Id]
    negotiation_id: Mapped[int] = mapped_column(ForeignKey("negotiations.id"), info=FIXED)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), info=FIXED)
    name: Mapped[Title]
    query: Mapped[str] = mapped_column(String(LONGEST))
    is_shared: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[Moment]
    negotiation: Mapped[Negotiation] = relationship()
    owner: Mapped[User] = relationship()

    @property
    def audit_chain(self) -> str:
        """The desk's: how somebody looks at a record is no part of it."""
        return DESK

    @classmethod
    def find(cls, session: Session, id_: int, negotiation: Negotiation, user: User) -> Self | None:
        """Find a view of a negotiation, if it is the user's own or shared."""
        found = session.get(cls, id_)
        if found is None or found.negotiation_id != negotiation.id:
            return None
        return found if found.is_shared or found.owner_id == user.id else None

    @classmethod
    def named(cls, session: Session, name: str, negotiation: Negotiation, owner: User) -> Self | None:
        """Find somebody's own view by its name."""
        mine = (cls.negotiation_id == negotiation.id, cls.owner_id == owner.id, cls.name == name)
        found: Self | None = session.scalar(select(cls).where(*mine))
        return found

    def add(self, session: Session) -> None:
        """Check this new view and add it.

        Raises: Refused.
        """
        self.recorded_at = moment_of(session, DESK)
        editable.add(session, self)

    def change(self, values: dict[str, Any], *, base_version: int | None = None) -> None:
        """Change name, comparison or sharing.

        Raises: Conflict, Refused.
        """
        saved = {"recorded_at": moment_of(self.session, DESK)}
        editable.edit(self, values | saved, base_version=base_version)

    def may_be_deleted_by(self, user: User) -> bool:
        """Tell whether a view is somebody's to delete: one's own, and for administrators what is shared."""
        return self.owner_id == user.id or (self.is_shared and user.may(Role.ADMIN))

    def faults(self) -> Faults:
        faults = Faults()
        if not self.name:
            faults.find("name", N_("Give the view a name."))
        elif not self.name.isprintable():
            faults.find("name", N_("A name is written in letters, on one line."))
        others = (
            SavedView.negotiation_id == self.negotiation.id,
            SavedView.owner_id == self.owner.id,
            SavedView.name == self.name,
            SavedView.id != (self.id or 0),
        )
        if self.name and self.owner.session.scalar(select(exists().where(*others))):
            faults.find("name", N_("You have a view of this name already."))
        if self.is_shared and not self.owner.may(Role.EDITOR):
            faults.find("is_shared", N_("Only editors share a view with others."))
        return faults
