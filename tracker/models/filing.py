"""Filings: sources filed under negotiations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import NEVER_REUSED, Base, Id
from tracker.models.negotiation import Negotiation

if TYPE_CHECKING:
    from tracker.models.source import Source


class Filing(Base):
    """A source filed under a negotiation."""

    __tablename__ = "filings"
    __table_args__ = (UniqueConstraint("source_id", "negotiation_id"), NEVER_REUSED)
    id: Mapped[Id]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    negotiation_id: Mapped[int] = mapped_column(ForeignKey("negotiations.id"), index=True)
    source: Mapped[Source] = relationship(back_populates="filings")
    negotiation: Mapped[Negotiation] = relationship()
