"""Issues, and what can be done to them: the verbs of the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, Self

from sqlalchemy import JSON, ForeignKey, Index, Select, UniqueConstraint, bindparam, exists, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.dates import latest_day
from tracker.db import NEVER_REUSED, Base, Id, Moment, Prose, Title
from tracker.models.citation import Cite
from tracker.models.entry import Correction, Dating
from tracker.models.guard import FIXED, text_faults
from tracker.models.issue_link import IssueLink
from tracker.models.negotiation import Negotiation, Track
from tracker.models.note import Note
from tracker.models.party import Party
from tracker.models.position import Position, is_measurable, position_in_force, position_version
from tracker.models.proposal import Clause
from tracker.models.recorded import Recorded, sign
from tracker.models.refused import N_, Faults, stale
from tracker.models.review import Review
from tracker.models.status import StatusChange, status_as_of
from tracker.models.user import User
from tracker.models.vocabulary import Firmness, Level, Movement, NoteKind, Stance, Standing, Status

NUMBER_LIMIT = 99_999


class Issue(Base):
    """One row of the table. `deciding_parties`: codes, None = all of role party. `key` is never reused."""

    __tablename__ = "issues"
    __table_args__ = (
        UniqueConstraint("negotiation_id", "number"),
        Index("ix_issues_order", "negotiation_id", "ordering", "number"),
        Index("ix_issues_topic", "negotiation_id", "topic", "ordering", "number"),
        NEVER_REUSED,
    )
    is_kept = True
    id: Mapped[Id]
    negotiation_id: Mapped[int] = mapped_column(ForeignKey("negotiations.id"), info=FIXED)
    number: Mapped[int] = mapped_column(info=FIXED)
    title: Mapped[Title]
    question: Mapped[Prose] = mapped_column(default="")
    proposition: Mapped[Prose] = mapped_column(default="")
    description: Mapped[Prose] = mapped_column(default="")
    topic: Mapped[Title] = mapped_column(default="")
    ordering: Mapped[int] = mapped_column(default=0)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    deciding_parties: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    scale_unit: Mapped[Title] = mapped_column(default="")
    scale_low: Mapped[Title] = mapped_column(default="")
    scale_high: Mapped[Title] = mapped_column(default="")
    scale_from: Mapped[float | None]
    scale_to: Mapped[float | None]
    version: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[Moment] = mapped_column(info=FIXED)
    negotiation: Mapped[Negotiation] = relationship(lazy="joined", innerjoin=True)
    lead: Mapped[User | None] = relationship()

    @property
    def audit_chain(self) -> str:
        return self.negotiation.code

    @property
    def key(self) -> str:
        return f"{self.negotiation.code}-{self.number}"

    @property
    def deciding_codes(self) -> list[str]:
        """The parties whose agreement settles this issue."""
        return sorted(self.deciding_parties or self.negotiation.deciding_codes)

    @classmethod
    def find(cls, session: Session, key: str, user: User | None) -> Self | None:
        """Find an issue by its key (`UA-3`), if the user sees its negotiation."""
        code, _, number = key.rpartition("-")
        if not (number.isascii() and number.isdigit() and len(number) <= 5) or number[0] == "0":
            return None
        given = {"code": code, "number": int(number), "user": user and user.id}
        found: Self | None = session.scalar(_keyed(user is None), given)
        return found

    def add(self, session: Session) -> None:
        """Check this new issue and add it.

        Raises: Refused.
        """
        self.recorded_at = self.negotiation.moment
        session.flush()
        faults = self.faults()
        with session.no_autoflush:
            alike = (Issue.negotiation_id == self.negotiation.id, Issue.number == self.number)
            if session.scalar(select(exists().where(*alike))):
                faults.find("number", N_("There is an issue with this number already."))
        faults.refuse()
        session.add(self)

    def faults(self) -> Faults:
        faults = text_faults(self)
        if not self.title:
            faults.find("title", N_("Give a title."))
        if not 1 <= self.number <= NUMBER_LIMIT:
            faults.find("number", N_("An issue’s number lies between 1 and 99,999."))
        faults.extend(self.negotiation.codes_faults("deciding_parties", self.deciding_parties or []))
        ends = (self.scale_from, self.scale_to)
        if not self.scale_unit and any(end not in (None, "") for end in self.scale):
            faults.find("scale_unit", N_("A scale needs its unit."))
        if not all(is_measurable(end) for end in ends if end is not None):
            faults.find("scale_to", N_("The scale must end somewhere, within 15 digits."))
        if ends[0] is not None and ends[1] is not None and not ends[0] < ends[1]:
            faults.find("scale_to", N_("The scale must end above where it begins."))
        return faults

    @property
    def scale(self) -> tuple[Any, ...]:
        return (self.scale_unit, self.scale_low, self.scale_high, self.scale_from, self.scale_to)

    def at_version(self, base_version: int | None) -> None:
        """Lock this issue, and hold that nobody saved since a form was made from `base_version`.

        Raises: Conflict.
        """
        _ = self.negotiation.moment  # every writer's first lock, so that no two wait for each other
        self.session.flush()  # refresh would forget what this transaction has changed already
        self.session.refresh(self, with_for_update={"of": Issue})
        if base_version is not None and base_version != self.version:
            raise stale()

    def edit(self, values: dict[str, Any], *, base_version: int | None = None) -> None:
        """Change editable fields (by column name).

        Raises: Conflict, Refused.
        """
        self.at_version(base_version)
        before = self.scale
        for field, value in values.items():
            if getattr(self, field) != value:
                setattr(self, field, value)
        with self.session.no_autoflush:
            faults = self.faults()
            valued = select(Position.id).where(Position.issue_id == self.id, Position.value.is_not(None))
            if self.scale != before and self.session.scalar(select(exists(valued))):
                faults.find("scale_unit", N_("Positions have values on this scale: it can no longer change."))
        faults.refuse()
        if self.session.is_modified(self):
            self.version += 1

    def status_on(self, day: date | None = None, track: Track | None = None) -> StatusChange | None:
        """Find the status change in force on a day (default: now), as known now."""
        return status_as_of(self.session, self.id, track.id if track else None, day or latest_day())

    def position_of(self, party: Party, day: date | None = None) -> Position | None:
        """Find a party's line in force on a day (default: now), as known now."""
        found = position_in_force(self.id, party.id, day or latest_day(), None)
        return self.session.scalar(select(Position).where(Position.id == found))

    def change_status(
        self,
        status: Status,
        *,
        dating: Dating,
        by: User | str,
        citing: Sequence[Cite],
        track: Track | None = None,
        level: Level | None = None,
        agreed_between: Sequence[str] = (),
        deciding_parties: Sequence[str] | None = None,
        subject_to: str = "",
        reason: str = "",
        base_version: int | None = None,
        corrects: Correction | None = None,
        recorded: Recorded | None = None,
    ) -> StatusChange:
        """Record that from a day on this issue has another status, as a whole or on a track.

        `deciding_parties`: who had to agree, where an import's file says it; else who has to now.
        Raises: Conflict, Refused.
        """
        if recorded is None:
            self.at_version(base_version)
        change = StatusChange(
            negotiation=self.negotiation,
            issue=self,
            track=track,
            status=status,
            level=level,
            agreed_between=sorted(set(agreed_between)),
            deciding_parties=deciding_parties and sorted(set(deciding_parties)),
            subject_to=subject_to.strip(),
            reason=reason.strip(),
            base_version=base_version,
        )
        change.enter(self.session, dating=dating, by=by, citing=citing, corrects=corrects, recorded=recorded)
        return change

    def state_position(
        self,
        party: Party,
        *,
        dating: Dating,
        by: User | str,
        citing: Sequence[Cite],
        stance: Stance | None = None,
        summary: str = "",
        condition: str = "",
        firmness: Firmness | None = None,
        movement: Movement = Movement.UNJUDGED,
        standing: Standing = Standing.LINE,
        stated_by: str = "",
        value: float | None = None,
        clause: Clause | None = None,
        base_version: int | None = None,
        corrects: Correction | None = None,
        recorded: Recorded | None = None,
    ) -> Position:
        """Record what a party holds from a day on. A restatement takes what is not given from the line.

        Raises: Conflict, Refused.
        """
        if recorded is None:
            self.at_version(None)
            if base_version is not None and base_version != position_version(self.session, self.id, party.id):
                raise stale()
        position = Position(
            negotiation=self.negotiation,
            issue=self,
            party=party,
            clause=clause,
            stance=stance,
            condition=condition.strip(),
            firmness=firmness,
            movement=movement,
            standing=standing,
            summary=summary.strip(),
            stated_by=stated_by.strip(),
            value=value,
            base_version=base_version,
        )
        if movement is Movement.RESTATED and (stance is None or not position.summary):
            position.restate(None if clause else self.position_of(party, dating.on))
        position.firmness = position.firmness or Firmness.UNKNOWN
        position.enter(
            self.session, dating=dating, by=by, citing=citing, corrects=corrects, recorded=recorded
        )
        return position

    def review(self, *, by: User | str, on: date, note: str = "", recorded: Recorded | None = None) -> Review:
        """Record that someone checked and found no change.

        Raises: Refused.
        """
        review = Review(issue=self, checked_on=on, note=note.strip())
        self._keep(review, by, recorded)
        return review

    def note(
        self,
        text: str,
        *,
        by: User | str,
        kind: NoteKind = NoteKind.ASSESSMENT,
        owner: str = "",
        due_on: date | None = None,
        recorded: Recorded | None = None,
    ) -> Note:
        """Write a private remark on this issue.

        Raises: Refused.
        """
        note = Note(issue=self, kind=kind, text=text.strip(), owner=owner.strip(), due_on=due_on)
        self._keep(note, by, recorded)
        return note

    def _keep(self, row: Review | Note, by: User | str, recorded: Recorded | None) -> None:
        sign(row, by=by, moment=self.negotiation.moment, recorded=recorded)
        faults = row.faults()
        faults.extend(text_faults(row))
        faults.refuse()
        self.session.add(row)

    @property
    def links(self) -> list[IssueLink]:
        """The links that lead from or to this issue."""
        mine = or_(IssueLink.from_id == self.id, IssueLink.to_id == self.id)
        return [*self.session.scalars(select(IssueLink).where(mine).order_by(IssueLink.id))]


@cache
def _keyed(by_stranger: bool) -> Select[Any]:
    """Write the statement once: every page of an issue asks it."""
    coded = Negotiation.coded(by_stranger)
    return select(Issue).join(Issue.negotiation).where(coded, Issue.number == bindparam("number"))
