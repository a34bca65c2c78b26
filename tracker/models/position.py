"""Positions: what a party holds on an issue, one dated version after the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, ForeignKey, Index, ScalarSelect, and_, func, select, text
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from tracker.db import Prose, Title
from tracker.models.entry import Entry, counts, latest_first
from tracker.models.party import Party
from tracker.models.refused import N_, Fault, Faults, Refused
from tracker.models.retraction import Retraction
from tracker.models.vocabulary import Directness, Firmness, Movement, Stance, Standing, choice

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tracker.models.citation import Citation
    from tracker.models.issue import Issue
    from tracker.models.proposal import Clause


_IN_ANSWER = text("clause_id IS NOT NULL")


class Position(Entry):
    """From its day on, this is what a party, or a voice inside it, holds. `value`: on the issue's scale."""

    __tablename__ = "positions"
    __table_args__: Any = (
        # Most positions answer no clause: an index that held them too would be taken to look for those.
        Index("ix_positions_clause", "clause_id", sqlite_where=_IN_ANSWER, postgresql_where=_IN_ANSWER),
    )
    __mapper_args__ = {"polymorphic_identity": "position"}
    id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clauses.id"))
    stance: Mapped[Stance] = mapped_column(choice(Stance))
    condition: Mapped[Prose] = mapped_column(default="")
    firmness: Mapped[Firmness] = mapped_column(choice(Firmness), default=Firmness.UNKNOWN)
    movement: Mapped[Movement] = mapped_column(choice(Movement), default=Movement.UNJUDGED)
    standing: Mapped[Standing] = mapped_column(choice(Standing), default=Standing.LINE)
    summary: Mapped[Prose]
    stated_by: Mapped[Title] = mapped_column(default="")
    value: Mapped[float | None]
    base_version: Mapped[int | None]
    if TYPE_CHECKING:
        issue_id: Mapped[int]
        party_id: Mapped[int]
    issue: Mapped[Issue] = relationship()
    party: Mapped[Party] = relationship()
    clause: Mapped[Clause | None] = relationship()

    def restate(self, line: Position | None) -> None:
        """Take from the line in force what is not given.

        Raises: Refused where there is none.
        """
        if line is None:
            raise Refused(
                Fault("movement", N_("There is no line in force on that day that could be restated."))
            )
        self.stance, self.condition = line.stance, line.condition
        self.summary = self.summary or line.summary
        self.firmness = self.firmness or line.firmness
        self.value = line.value if self.value is None else self.value

    def support_faults(self, citations: Sequence[Citation]) -> Faults:
        faults = super().support_faults(citations)
        _find_analysis(citations, faults)
        return faults

    @property
    def row(self) -> tuple[Any, ...]:
        return (self.issue, self.party)

    def kind_faults(self) -> Faults:
        faults = Faults()
        if not self.stance:
            faults.find("stance", N_("Choose the stance."))
        if not self.summary:
            faults.find("summary", N_("Say in a sentence what the party holds."))
        if self.stance is Stance.CONDITIONAL and not self.condition:
            faults.find("condition", N_("Name the condition."))
        if self.condition and self.stance not in (None, Stance.CONDITIONAL):
            faults.find("condition", N_("Only “Accepts on a condition” takes a condition."))
        _find_analysis(self.citations, faults)
        self._find_strangers(faults)
        self._find_bad_value(faults)
        return faults

    def _find_strangers(self, faults: Faults) -> None:
        if self.party.negotiation is not self.negotiation:
            faults.find("party", N_("This party belongs to another negotiation."))
        if self.clause and self.clause.proposal.negotiation is not self.negotiation:
            faults.find("clause", N_("This clause belongs to another negotiation."))
        elif self.clause and self.clause.added_at and self.clause.added_at > self.recorded_at:
            faults.find("clause", N_("This clause was added later."))

    def _find_bad_value(self, faults: Faults) -> None:
        if self.value is None:
            return
        if not self.issue.scale_unit:
            faults.find("value", N_("This issue has no scale to put a value on."))
        if not is_measurable(self.value):
            faults.find("value", N_("This value cannot be recorded."))


def is_measurable(number: float) -> bool:
    """Tell whether a number is one that a scale can have: what is larger loses its last digits."""
    return math.isfinite(number) and abs(number) <= 1e15


def _find_analysis(citations: Sequence[Citation], faults: Faults) -> None:
    if citations and all(citation.directness is Directness.ANALYSIS for citation in citations):
        faults.find("citations", N_("An author’s own analysis is never a party’s position."))


def is_line(position: Any) -> ColumnElement[bool]:
    """Say in SQL that a position is a party's line on an issue: no voice, no leak, no answer to a clause."""
    return and_(position.standing == Standing.LINE, position.clause_id.is_(None))


def position_in_force(
    issue_id: Any, party_id: Any, day: date, known_at: datetime | None
) -> ScalarSelect[int]:
    """Say in SQL which position is a party's line in force on an issue.

    `issue_id` and `party_id` may be columns of the enclosing statement.
    """
    position = aliased(Position.__table__)
    entry = aliased(Entry)
    return (
        select(entry.id)
        .join(position, position.c.id == entry.id)
        .where(
            entry.issue_id == issue_id,
            entry.kind == "position",
            entry.party_id == party_id,
            entry.track_id.is_(None),
            is_line(position.c),
            counts(entry, day, known_at),
        )
        .order_by(*latest_first(entry))
        .limit(1)
        .scalar_subquery()
    )


def position_version(session: Session, issue_id: int, party_id: int) -> int:
    """Count the entries and retractions of an issue and party: what a form was made from."""
    mine = (Position.issue_id == issue_id, Position.party_id == party_id)
    query = (
        select(func.count(Position.id), func.count(Retraction.id))
        .outerjoin(Retraction, Retraction.entry_id == Position.id)
        .where(*mine)
    )
    entries, retractions = session.execute(query).one()
    return int(entries + retractions)
