"""Negotiations, the tracks of their talks, and who may see a restricted one."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Select,
    UniqueConstraint,
    and_,
    bindparam,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.dates import View
from tracker.db import NEVER_REUSED, Base, Code, Id, Moment, Prose, Title
from tracker.models.audit import moment_of
from tracker.models.guard import FIXED
from tracker.models.refused import N_, Faults
from tracker.models.user import User
from tracker.models.vocabulary import Handling, PartyRole, Visibility, choice

if TYPE_CHECKING:
    from tracker.models.party import Party

CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}")
PARTY_CODE = re.compile(r"[a-z][a-z0-9-]{0,31}")


class Negotiation(Base):
    """One set of talks. `published_at`: strangers see the record as known then; None: live."""

    __tablename__ = "negotiations"
    is_kept = True
    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True, info=FIXED)
    title: Mapped[Title]
    summary: Mapped[Prose] = mapped_column(default="")
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    visibility: Mapped[Visibility] = mapped_column(choice(Visibility), default=Visibility.INTERNAL)
    handling: Mapped[Handling] = mapped_column(choice(Handling), default=Handling.CLEAR)
    single_undertaking: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[Moment | None]
    recorded_at: Mapped[Moment] = mapped_column(info=FIXED)
    parties: Mapped[list[Party]] = relationship(
        back_populates="negotiation", order_by="Party.ordering, Party.id"
    )
    tracks: Mapped[list[Track]] = relationship(back_populates="negotiation", order_by="Track.id")
    grants: Mapped[list[Grant]] = relationship(back_populates="negotiation")

    @property
    def audit_chain(self) -> str:
        return self.code

    @property
    def moment(self) -> datetime:
        """The moment of this transaction; holds the negotiation's lock from here on."""
        return moment_of(self.session, self.code)

    @classmethod
    def visible_to(cls, user: User | None) -> ColumnElement[bool]:
        """Say in SQL which negotiations a user, or a stranger, sees. Every reader passes through it."""
        return cls.visible_to_id(user.id if user else None)

    @classmethod
    def visible_to_id(cls, user_id: Any) -> ColumnElement[bool]:
        """Say the same of a user's id, which may be a parameter; None: a stranger."""
        if user_id is None:
            return cls.visibility == Visibility.PUBLIC
        granted = exists().where(Grant.negotiation_id == cls.id, Grant.user_id == user_id)
        return or_(cls.visibility != Visibility.RESTRICTED, granted)

    @classmethod
    def coded(cls, by_stranger: bool) -> ColumnElement[bool]:
        """Say in SQL that a negotiation has a `code`, and is seen by a `user`: both are parameters."""
        seen = cls.visible_to_id(None if by_stranger else bindparam("user"))
        return and_(cls.code == bindparam("code"), seen)

    @classmethod
    def find(cls, session: Session, code: str, user: User | None) -> Self | None:
        """Find a negotiation by its code, if the user sees it."""
        found: Self | None = session.scalar(_coded(user is None), {"code": code, "user": user and user.id})
        return found

    def view_for(self, user: User | None, view: View) -> View:
        """Narrow a point of view to what the user may know: strangers only what was published."""
        return view if user is not None else view.no_later_than(self.published_at)

    def party(self, code: str) -> Party | None:
        return next((party for party in self.parties if party.code == code), None)

    def track(self, code: str) -> Track | None:
        return next((track for track in self.tracks if track.code == code), None)

    @property
    def names(self) -> dict[str, str]:
        """The parties' short names by code, in column order."""
        return {party.code: party.label for party in self.parties}

    @property
    def deciding_codes(self) -> list[str]:
        """Whose agreement settles an issue that names no deciding parties of its own."""
        return sorted(p.code for p in self.parties if p.role is PartyRole.PARTY)

    def publish(self) -> None:
        """Let strangers see the record as it is known now, and nothing later."""
        self.published_at = self.moment

    def faults(self) -> Faults:
        faults = Faults()
        if not CODE.fullmatch(self.code):
            faults.find("code", N_("A code has 2 to 12 capital letters and digits, a letter first."))
        if not self.title:
            faults.find("title", N_("Give a title."))
        if self.started_on and self.ended_on and self.ended_on < self.started_on:
            faults.find("ended_on", N_("The talks cannot end before they start."))
        return faults

    def codes_faults(self, field: str, codes: list[str]) -> Faults:
        """Find codes that name no party of this negotiation."""
        faults = Faults()
        known = {party.code for party in self.parties} if codes else set()
        for code in codes:
            if code not in known:
                faults.find(field, N_("There is no party “%(code)s” in this negotiation."), code=code)
        return faults


@cache
def _coded(by_stranger: bool) -> Select[Any]:
    """Write the statement once: every page asks it."""
    return select(Negotiation).where(Negotiation.coded(by_stranger))


class Track(Base):
    """A strand of the talks with parties of its own. `parties`: their codes, sorted."""

    __tablename__ = "tracks"
    __table_args__ = (UniqueConstraint("negotiation_id", "code"), NEVER_REUSED)
    id: Mapped[Id]
    negotiation_id: Mapped[int] = mapped_column(ForeignKey("negotiations.id"))
    code: Mapped[Code]
    title: Mapped[Title]
    parties: Mapped[list[str]] = mapped_column(JSON, default=list)
    negotiation: Mapped[Negotiation] = relationship(back_populates="tracks")

    @property
    def audit_chain(self) -> str:
        return self.negotiation.code

    def faults(self) -> Faults:
        faults = self.negotiation.codes_faults("parties", self.parties)
        if not PARTY_CODE.fullmatch(self.code):
            faults.find("code", N_("A code has small letters, digits and hyphens, a letter first."))
        if not self.title:
            faults.find("title", N_("Give a title."))
        if any(track is not self and track.code == self.code for track in self.negotiation.tracks):
            faults.find("code", N_("There is a track with this code already."))
        if len(set(self.parties)) < 2:
            faults.find("parties", N_("A track has at least two parties."))
        return faults


class Grant(Base):
    """Lets one user see one restricted negotiation."""

    __tablename__ = "grants"
    __table_args__ = (UniqueConstraint("negotiation_id", "user_id"), NEVER_REUSED)
    id: Mapped[Id]
    negotiation_id: Mapped[int] = mapped_column(ForeignKey("negotiations.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    negotiation: Mapped[Negotiation] = relationship(back_populates="grants")
    user: Mapped[User] = relationship()

    @property
    def audit_chain(self) -> str:
        return self.negotiation.code
