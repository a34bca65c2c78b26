"""Events: dated happenings, past or coming."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.dates import FIRST_DAY, latest_day
from tracker.db import Base, Id, Title
from tracker.models import editable
from tracker.models.citation import Citation, Cite, cite_more, make_citations
from tracker.models.guard import FIXED
from tracker.models.negotiation import Negotiation, Track
from tracker.models.recorded import Recorded, Signed, sign
from tracker.models.refused import N_, Faults
from tracker.models.user import User
from tracker.models.vocabulary import EventKind, EventState, choice


class Event(Signed, Base):
    """A happening on one day or several. `participants`: party codes, sorted."""

    __tablename__ = "events"
    id: Mapped[Id]
    negotiation_id: Mapped[int] = mapped_column(ForeignKey("negotiations.id"), index=True, info=FIXED)
    kind: Mapped[EventKind] = mapped_column(choice(EventKind), default=EventKind.OTHER)
    state: Mapped[EventState] = mapped_column(choice(EventState), default=EventState.HELD)
    title: Mapped[Title]
    starts_on: Mapped[date] = mapped_column(active_history=True)
    ends_on: Mapped[date | None]
    place: Mapped[Title] = mapped_column(default="")
    participants: Mapped[list[str]] = mapped_column(JSON, default=list)
    track_id: Mapped[int | None] = mapped_column(ForeignKey("tracks.id"))
    negotiation: Mapped[Negotiation] = relationship()
    track: Mapped[Track | None] = relationship()
    citations: Mapped[list[Citation]] = relationship(back_populates="event", order_by="Citation.id")

    @property
    def audit_chain(self) -> str:
        return self.negotiation.code

    @property
    def last_day(self) -> date:
        """The day on which it ends."""
        return self.ends_on or self.starts_on

    @property
    def evidence(self) -> list[Citation]:
        """The citations that were not withdrawn."""
        return [citation for citation in self.citations if citation.retraction is None]

    def cite(self, cite: Cite, *, by: User | str, recorded: Recorded | None = None) -> Citation:
        """Let this event rest on one more source from now on.

        Raises: Refused.
        """
        return cite_more(self, cite, by=by, recorded=recorded)

    def add(
        self,
        session: Session,
        *,
        by: User | str,
        citing: Sequence[Cite] = (),
        recorded: Recorded | None = None,
    ) -> None:
        """Check this new event and add it.

        Raises: Refused.
        """
        sign(self, by=by, moment=self.negotiation.moment, recorded=recorded)
        self.participants = sorted(set(self.participants or []))
        self.state = self.state or EventState.HELD  # the column's default comes later than the rules
        with session.no_autoflush:
            faults = self.faults()
            self.citations = make_citations(citing, self.negotiation, self, faults)
        faults.refuse()
        session.add(self)

    def edit(
        self,
        values: dict[str, Any],
        *,
        by: User | str,
        citing: Sequence[Cite] = (),
        base_version: int | None = None,
    ) -> None:
        """Change editable fields (by attribute), and cite further sources.

        Raises: Conflict, Refused.
        """
        editable.edit(self, values, base_version=base_version)
        for cite in citing:
            self.cite(cite, by=by)

    def faults(self) -> Faults:
        faults = self.negotiation.codes_faults("participants", self.participants)
        if not self.title:
            faults.find("title", N_("Give a title."))
        if not self.starts_on:
            faults.find("starts_on", N_("Give the day."))
        else:
            self._find_bad_days(faults)
        if self.track and self.track.negotiation is not self.negotiation:
            faults.find("track", N_("This track belongs to another negotiation."))
        return faults

    def _find_bad_days(self, faults: Faults) -> None:
        if self.starts_on < FIRST_DAY:
            faults.find("starts_on", N_("This day is before the year 1000."))
        if self.ends_on and self.ends_on < self.starts_on:
            faults.find("ends_on", N_("The end cannot lie before the beginning."))
        if self.state is EventState.HELD and self.starts_on > latest_day():
            faults.find("state", N_("What lies in the future is planned, not held."))
