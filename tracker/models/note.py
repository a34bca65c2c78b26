"""Notes: the desk's private remarks on an issue. Strangers never see them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base, Id, Prose, Title
from tracker.models.guard import AppendOnly
from tracker.models.recorded import Signed
from tracker.models.refused import N_, Faults
from tracker.models.retraction import Retraction
from tracker.models.vocabulary import NoteKind, choice

if TYPE_CHECKING:
    from tracker.models.issue import Issue


#: How the reason begins that settles a question or an action; for any other reason it is withdrawn.
SETTLED = "done:"


class Note(AppendOnly, Signed, Base):
    """An assessment, an open question or an action. It is never mixed with the facts."""

    __tablename__ = "notes"
    id: Mapped[Id]
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    kind: Mapped[NoteKind] = mapped_column(choice(NoteKind), default=NoteKind.ASSESSMENT)
    text: Mapped[Prose]
    owner: Mapped[Title] = mapped_column(default="")
    due_on: Mapped[date | None]
    issue: Mapped[Issue] = relationship()
    retraction: Mapped[Retraction | None] = relationship(
        back_populates="note", uselist=False, foreign_keys="Retraction.note_id", viewonly=True
    )

    @property
    def audit_chain(self) -> str:
        return self.issue.negotiation.code

    def faults(self) -> Faults:
        faults = Faults()
        if not self.text:
            faults.find("text", N_("Write the note."))
        return faults


def settles(kind: NoteKind, reason: str) -> bool:
    """Tell whether the reason for which a note was retracted says that it is done."""
    return kind.can_be_open and reason.lower().startswith(SETTLED)
