"""Entry links: two entries that speak to each other."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.db import NEVER_REUSED, Base, Id
from tracker.models.entry import Entry
from tracker.models.guard import AppendOnly
from tracker.models.recorded import Recorded, Signed, sign
from tracker.models.refused import N_, Faults
from tracker.models.retraction import Retraction
from tracker.models.user import User
from tracker.models.vocabulary import EntryLinkKind, choice


class EntryLink(AppendOnly, Signed, Base):
    """One entry contradicts, denies or confirms another."""

    __tablename__ = "entry_links"
    __table_args__ = (
        CheckConstraint("from_id <> to_id", name="two_entries"),
        Index("ix_entry_links_from", "from_id"),
        Index("ix_entry_links_to", "to_id"),
        NEVER_REUSED,
    )
    id: Mapped[Id]
    from_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    kind: Mapped[EntryLinkKind] = mapped_column(choice(EntryLinkKind))
    to_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    from_entry: Mapped[Entry] = relationship(foreign_keys=from_id)
    to_entry: Mapped[Entry] = relationship(foreign_keys=to_id)
    retraction: Mapped[Retraction | None] = relationship(
        back_populates="entry_link",
        uselist=False,
        foreign_keys="Retraction.entry_link_id",
        viewonly=True,
    )

    @property
    def audit_chain(self) -> str:
        return self.from_entry.audit_chain

    def add(self, session: Session, *, by: User | str, recorded: Recorded | None = None) -> None:
        """Check this new link and add it.

        Raises: Refused.
        """
        faults = Faults()
        if self.from_entry is self.to_entry:
            faults.find("to", N_("An entry does not speak to itself."))
        if self.from_entry.negotiation is not self.to_entry.negotiation:
            faults.find("to", N_("These entries belong to different negotiations."))
        faults.refuse()
        sign(self, by=by, moment=self.from_entry.negotiation.moment, recorded=recorded)
        session.add(self)
