"""Entries: what status changes, claims and positions share, and when an entry counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, and_, exists, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.dates import FIRST_DAY, latest_day
from tracker.db import NEVER_REUSED, Base, Id, Moment, Title, now
from tracker.models.citation import Citation, Cite, cite_more, evidence_faults, make_citations
from tracker.models.guard import AppendOnly, text_faults
from tracker.models.negotiation import Negotiation
from tracker.models.recorded import Recorded, Signed, sign
from tracker.models.refused import N_, Fault, Faults, Refused
from tracker.models.retraction import Retraction, retract
from tracker.models.user import User
from tracker.models.vocabulary import DayBasis, choice

if TYPE_CHECKING:
    from tracker.models.event import Event


@dataclass(frozen=True)
class Dating:
    """When something became so: the day, its words where it is vague, and how the day is known."""

    on: date
    words: str | None = None
    basis: DayBasis = DayBasis.STATED
    event: Event | None = None


@dataclass(frozen=True)
class Correction:
    """What a new entry replaces, and why."""

    of: Entry
    reason: str
    recorded: Recorded | None = None


class Entry(AppendOnly, Signed, Base):
    """A dated, cited record of one of three kinds; the kinds' tables hold what is their own."""

    __tablename__ = "entries"
    __table_args__: Any = (
        # Walked backwards to what is in force: nothing but the index is read for it.
        Index(
            "ix_entries_about",
            "issue_id",
            "kind",
            "party_id",
            "track_id",
            "effective_on",
            "first_recorded_at",
            "id",
            "recorded_at",
        ),
        Index("ix_entries_party", "party_id", "kind", "effective_on"),
        Index("ix_entries_negotiation_effective", "negotiation_id", "effective_on"),
        Index("ix_entries_negotiation_kind", "negotiation_id", "kind", "effective_on"),
        Index("ix_entries_negotiation_recorded", "negotiation_id", "recorded_at"),
        CheckConstraint(
            "(kind = 'claim' OR issue_id IS NOT NULL) AND (kind = 'status_change') = (party_id IS NULL)"
            " AND (kind <> 'position' OR track_id IS NULL)",
            name="is_about",
        ),
        NEVER_REUSED,
    )
    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(16))
    negotiation_id: Mapped[int] = mapped_column(ForeignKey("negotiations.id"))
    #: What it is about, as far as its kind has it: here, where the days are, so that one index holds both.
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issues.id"))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("parties.id"))
    track_id: Mapped[int | None] = mapped_column(ForeignKey("tracks.id"))
    effective_on: Mapped[date]
    effective_words: Mapped[Title] = mapped_column(default="")
    day_basis: Mapped[DayBasis] = mapped_column(choice(DayBasis), default=DayBasis.STATED)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    first_recorded_at: Mapped[Moment]
    negotiation: Mapped[Negotiation] = relationship()
    event: Mapped[Event | None] = relationship()
    citations: Mapped[list[Citation]] = relationship(
        back_populates="entry", order_by="Citation.id", foreign_keys="Citation.entry_id"
    )
    retraction: Mapped[Retraction | None] = relationship(
        back_populates="entry",
        uselist=False,
        foreign_keys="Retraction.entry_id",
        viewonly=True,
    )
    __mapper_args__ = {"polymorphic_on": "kind"}
    #: What this new entry takes the place of.
    if TYPE_CHECKING:
        corrected: Entry | None
    else:
        corrected = None

    @property
    def audit_chain(self) -> str:
        return self.negotiation.code

    @property
    def evidence(self) -> list[Citation]:
        """The citations that were not withdrawn."""
        return [citation for citation in self.citations if citation.retraction is None]

    @property
    def row(self) -> tuple[Any, ...]:
        """What a correction of this entry must share with it, since it takes its place in line."""
        return ()

    def hold(self) -> None:
        """Lock what this entry belongs to, where that has a version."""

    def touch(self) -> None:
        """Move the version of what this entry belongs to, where it has one."""

    def support_faults(self, citations: Sequence[Citation]) -> Faults:
        """Find why this entry cannot rest on these citations alone."""
        return evidence_faults(citations, self.negotiation)

    def kind_faults(self) -> Faults:
        """Find what is wrong by the rules of this kind of entry."""
        return Faults()

    def enter(
        self,
        session: Session,
        *,
        dating: Dating,
        by: User | str,
        citing: Sequence[Cite],
        corrects: Correction | None = None,
        recorded: Recorded | None = None,
    ) -> None:
        """Check this new entry by all rules and add it; what it corrects is retracted first.

        Raises: Refused with every fault found; the door then rolls back.
        """
        self._date(dating)
        self._sign(by, recorded, corrects)
        faults = self._day_faults(dating)
        if corrects:
            faults.extend(self._correct(corrects, by))
        with session.no_autoflush:
            self.citations = make_citations(citing, self.negotiation, self, faults)
            if not any(fault.field.endswith("-source") for fault in faults):
                faults.extend(evidence_faults(self.citations, self.negotiation))
            faults.extend(text_faults(self))
            faults.extend(self.kind_faults())
        faults.refuse()
        session.add(self)
        self.touch()

    def cite(self, cite: Cite, *, by: User | str, recorded: Recorded | None = None) -> Citation:
        """Let this entry rest on one more source from now on; what it says stays as it is.

        Raises: Refused.
        """
        _ = self.negotiation.moment  # nobody withdraws it meanwhile
        if self.retraction is not None:
            raise Refused(Fault("", N_("This entry was retracted: nothing is added to it.")))
        return cite_more(self, cite, by=by, recorded=recorded)

    def _date(self, dating: Dating) -> None:
        self.effective_on = dating.on
        self.effective_words = (dating.words or "").strip()
        self.day_basis = dating.basis
        self.event = dating.event

    def _sign(self, by: User | str, recorded: Recorded | None, corrects: Correction | None) -> None:
        sign(self, by=by, moment=self.negotiation.moment, recorded=recorded)
        self.first_recorded_at = (recorded and recorded.first_at) or self.recorded_at
        if corrects:
            self.first_recorded_at = corrects.of.first_recorded_at
            self.corrected = corrects.of

    def _day_faults(self, dating: Dating) -> Faults:
        faults = Faults()
        if dating.on > latest_day():
            faults.find("effective_on", N_("This day lies in the future: an entry tells what became so."))
        if dating.on < FIRST_DAY:
            faults.find("effective_on", N_("This day is before the year 1000."))
        if dating.event and dating.event.negotiation is not self.negotiation:
            faults.find("event", N_("This event belongs to another negotiation."))
        if self.recorded_at > now() and self.recorded_at > self.negotiation.moment:
            faults.find("recorded_at", N_("This was recorded in the future."))
        return faults

    def _correct(self, correction: Correction, by: User | str) -> Faults:
        faults = Faults()
        if type(correction.of) is not type(self) or correction.of.negotiation is not self.negotiation:
            faults.find("corrects", N_("A correction replaces an entry of its own kind."))
            return faults
        if correction.of.row != self.row:
            faults.find(
                "corrects", N_("A correction stays on the issue, and with the party, of what it replaces.")
            )
            return faults
        return retract(
            correction.of,
            reason=correction.reason,
            by=by,
            recorded=correction.recorded,
            replaced_by=self.uid,
        )


def known(table: Any, known_at: datetime | None) -> list[ColumnElement[bool]]:
    """Say in SQL that rows with a `recorded_at` were recorded by a moment; None: any time."""
    return [] if known_at is None else [table.recorded_at <= known_at]


def standing(table: Any, known_at: datetime | None) -> list[ColumnElement[bool]]:
    """Say in SQL that entries were recorded and not retracted by a moment; None: by now."""
    gone = exists().where(Retraction.entry_id == table.id)
    if known_at is not None:
        gone = gone.where(Retraction.recorded_at <= known_at)
    return [*known(table, known_at), ~gone]


def counts(table: Any, day: date, known_at: datetime | None) -> ColumnElement[bool]:
    """Say in SQL that an entry counts as of a day, known at a moment. The one place of this rule."""
    return and_(table.effective_on <= day, *standing(table, known_at))


def latest_first(table: Any) -> list[ColumnElement[Any]]:
    """Order entries so that the one in force comes first."""
    return [table.effective_on.desc(), table.first_recorded_at.desc(), table.id.desc()]


def oldest_first(table: Any) -> list[ColumnElement[Any]]:
    """Order entries the other way."""
    return [table.effective_on, table.first_recorded_at, table.id]


def comes_before(table: Any, other: Any) -> ColumnElement[bool]:
    """Say in SQL that an entry stands before another in this order."""
    return tuple_(*oldest_first(table)) < tuple_(*oldest_first(other))
