"""Status changes: the desk's judgement of an issue, one dated step after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    ForeignKey,
    ScalarSelect,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, relationship, validates

from tracker.db import Prose, UTCDateTime
from tracker.models.entry import Entry, counts, latest_first, standing
from tracker.models.negotiation import Track
from tracker.models.refused import N_, Faults
from tracker.models.step import Step, step
from tracker.models.vocabulary import Level, Status, choice

if TYPE_CHECKING:
    from tracker.models.citation import Citation
    from tracker.models.issue import Issue


class StatusChange(Entry):
    """From its day on, the issue has this status, as a whole or on one track.

    `deciding_parties`: of an agreement, who had to agree when it was recorded, or whose track it was;
    issues and tracks can be edited later.
    """

    __tablename__ = "status_changes"
    __table_args__: Any = ()  # not those of entries
    __mapper_args__ = {"polymorphic_identity": "status_change"}
    id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    status: Mapped[Status] = mapped_column(choice(Status))
    level: Mapped[Level | None] = mapped_column(choice(Level))
    agreed_between: Mapped[list[str]] = mapped_column(JSON, default=list)
    deciding_parties: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    subject_to: Mapped[Prose] = mapped_column(default="")
    reason: Mapped[Prose] = mapped_column(default="")
    base_version: Mapped[int | None]
    if TYPE_CHECKING:
        issue_id: Mapped[int]
    issue: Mapped[Issue] = relationship()
    track: Mapped[Track | None] = relationship()

    @validates("agreed_between")
    def _sorted(self, _key: str, codes: Iterable[str]) -> list[str]:
        return sorted(set(codes))

    @property
    def row(self) -> tuple[Any, ...]:
        return (self.issue,)

    def hold(self) -> None:
        self.issue.at_version(None)

    def touch(self) -> None:
        self.issue.version += 1

    def previous(self) -> StatusChange | None:
        """Find the status in force on this entry's day, before it, as known when it was recorded."""
        others = (other for other in (self, self.corrected) if other is not None)
        given = {
            "issue": self.issue.id,
            "track": self.track and self.track.id,
            "day": self.effective_on,
            "first": self.first_recorded_at,
            "known_at": self.recorded_at,
            "others": [other.id for other in others if other.id is not None],
        }
        session = self.issue.session
        if any(isinstance(row, StatusChange) and row.issue is self.issue for row in session.new):
            session.flush()  # an import enters many in one transaction
        found: StatusChange | None = session.scalar(_before(self.track is not None), given)
        return found

    def kind_faults(self) -> Faults:
        faults = self._agreement_faults()
        before = self.previous()
        if before is not None and before.state == self.state:
            faults.find(
                "status",
                N_("Nothing differs from the status in force on that day. Use “Checked, no change”."),
            )
        self._find_missing_reason(step(before.status if before else None, self.status), faults)
        return faults

    @property
    def state(self) -> tuple[Any, ...]:
        """What a status change must change at least one of."""
        return (self.status, self.level, self.agreed_between, self.subject_to)

    def _find_missing_reason(self, taken: Step, faults: Faults) -> None:
        if self.reason:
            return
        is_correction = self.corrected is not None or self.first_recorded_at != self.recorded_at
        if taken in (Step.SLIPPED, Step.DROPPED) or is_correction:
            faults.find("reason", N_("A slip, a drop and a correction always need a reason."))
        else:
            self._find_missing_quote(self.citations, faults)

    def _find_missing_quote(self, citations: Sequence[Citation], faults: Faults) -> None:
        if not self.reason and not any(citation.is_checked for citation in citations):
            faults.find("reason", N_("Give a reason, or a quote that stands in the source’s stored text."))

    def support_faults(self, citations: Sequence[Citation]) -> Faults:
        faults = super().support_faults(citations)
        self._find_missing_quote(citations, faults)
        return faults

    def _agreement_faults(self) -> Faults:
        faults = self.issue.negotiation.codes_faults("agreed_between", self.agreed_between)
        track, named = self.track, set(self.agreed_between)
        self.deciding_parties = self._deciding_parties()
        faults.extend(self.negotiation.codes_faults("deciding_parties", self.deciding_parties or []))
        if track and track.negotiation is not self.issue.negotiation:
            faults.find("track", N_("This track belongs to another negotiation."))
        elif not self.status.is_agreed:
            if named:
                faults.find("agreed_between", N_("This status names nobody: leave “between whom” empty."))
        else:
            self._find_missing_parties(named, set(self.deciding_parties or ()), faults)
        return faults

    def _deciding_parties(self) -> list[str] | None:
        if not self.status.is_agreed:
            return None
        now = self.track.parties if self.track else self.issue.deciding_codes
        return sorted(self.deciding_parties or now)

    def _find_missing_parties(self, named: set[str], deciding: set[str], faults: Faults) -> None:
        if self.track:
            if not named <= deciding:
                faults.find("agreed_between", N_("On a track only its own parties agree."))
            elif len(named) < 2:
                faults.find("agreed_between", N_("Say between whom: at least two parties of the track."))
        elif deciding - named or not named:
            names = self.negotiation.names
            faults.find(
                "agreed_between",
                N_(
                    "For the talks as a whole, all deciding parties must have agreed; "
                    "not named: %(parties)s. Agreement among some is recorded on a track."
                ),
                parties=", ".join(names.get(code, code) for code in sorted(deciding - named)) or "-",
            )


@cache
def _before(on_track: bool) -> Select[Any]:
    """Write the statement once: every change asks what was in force before it."""
    change, day, first = StatusChange, bindparam("day", type_=Date), bindparam("first", type_=UTCDateTime)
    known_at: Any = bindparam("known_at", type_=UTCDateTime)
    track: Any = bindparam("track") if on_track else None
    same_day = and_(Entry.effective_on == day, Entry.first_recorded_at <= first)
    return (
        select(change)
        .where(change.issue_id == bindparam("issue"), _along(change, track))
        .where(or_(Entry.effective_on < day, same_day), *standing(Entry, known_at))
        .where(change.id.not_in(bindparam("others", expanding=True)))
        .order_by(*latest_first(Entry))
        .limit(1)
    )


def status_as_of(session: Session, issue_id: int, track_id: int | None, day: date) -> StatusChange | None:
    """Find the status change in force on a day, as known now."""
    given = {"issue": issue_id, "track": track_id, "day": day}
    found: StatusChange | None = session.scalar(_as_of(track_id is not None), given)
    return found


@cache
def _as_of(on_track: bool) -> Select[Any]:
    track: Any = bindparam("track") if on_track else None
    found = status_in_force(bindparam("issue"), track, bindparam("day", type_=Date), None)
    return select(StatusChange).where(StatusChange.id == found)


def _along(entry: Any, track_id: Any) -> ColumnElement[bool]:
    """Say in SQL that an entry is on a track; None: about the whole."""
    found: ColumnElement[bool] = entry.track_id.is_(None) if track_id is None else entry.track_id == track_id
    return found


def states_differ(one: Any, other: Any) -> ColumnElement[bool]:
    """Say in SQL that two status changes, one of which may be none, have different states."""
    return or_(
        one.status.is_distinct_from(other.status),
        one.level.is_distinct_from(other.level),
        cast(one.agreed_between, Text).is_distinct_from(cast(other.agreed_between, Text)),
        one.subject_to.is_distinct_from(other.subject_to),
    )


def status_in_force(issue_id: Any, track_id: Any, day: Any, known_at: datetime | None) -> ScalarSelect[int]:
    """Say in SQL which status change is in force, per issue and track (track_id None: the whole).

    `issue_id` and `track_id` may be columns of the enclosing statement.
    """
    entry = aliased(Entry)
    about = (entry.issue_id == issue_id, entry.kind == "status_change", entry.party_id.is_(None))
    return (
        select(entry.id)
        .where(*about, _along(entry, track_id), counts(entry, day, known_at))
        .order_by(*latest_first(entry))
        .limit(1)
        .scalar_subquery()
    )
