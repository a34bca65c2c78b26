"""Entry links: two entries that speak to each other."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, and_, exists, or_, select
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
        moment = self.from_entry.negotiation.moment  # nobody links the two meanwhile
        faults = Faults()
        if self.from_entry is self.to_entry:
            faults.find("to", N_("An entry does not speak to itself."))
        if self.from_entry.negotiation is not self.to_entry.negotiation:
            faults.find("to", N_("These entries belong to different negotiations."))
        session.flush()  # the entries may be new, and so may a link
        if session.scalar(select(exists().where(self._says_the_same()))):
            faults.find("to", N_("These entries are linked in this way already."))
        faults.refuse()
        sign(self, by=by, moment=moment, recorded=recorded)
        session.add(self)

    def _says_the_same(self) -> ColumnElement[bool]:
        """Say in SQL that a link stands already; to contradict is mutual."""
        start, end = self.from_entry.id, self.to_entry.id
        same = and_(EntryLink.from_id == start, EntryLink.to_id == end)
        if self.kind is EntryLinkKind.CONTRADICTS:
            same = or_(same, and_(EntryLink.from_id == end, EntryLink.to_id == start))
        gone = exists().where(Retraction.entry_link_id == EntryLink.id)
        return and_(same, EntryLink.kind == self.kind, ~gone)
