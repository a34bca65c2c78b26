"""Parties, their membership in blocs, and the people who speak for them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import NEVER_REUSED, Base, Code, Id, Title
from tracker.models.guard import FIXED
from tracker.models.negotiation import PARTY_CODE, Negotiation
from tracker.models.refused import N_, Faults
from tracker.models.vocabulary import PartyKind, PartyRole, choice


def _period_faults(from_on: date | None, until_on: date | None) -> Faults:
    faults = Faults()
    if from_on and until_on and until_on < from_on:
        faults.find("until_on", N_("The end cannot lie before the beginning."))
    return faults


class Party(Base):
    """Who talks, or is talked about, in one negotiation. The code never changes."""

    __tablename__ = "parties"
    __table_args__ = (UniqueConstraint("negotiation_id", "code"), NEVER_REUSED)
    is_kept = True
    id: Mapped[Id]
    negotiation_id: Mapped[int] = mapped_column(ForeignKey("negotiations.id"), info=FIXED)
    code: Mapped[Code] = mapped_column(info=FIXED)
    name: Mapped[Title]
    short_name: Mapped[Title] = mapped_column(default="")
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    kind: Mapped[PartyKind] = mapped_column(choice(PartyKind), default=PartyKind.STATE)
    role: Mapped[PartyRole] = mapped_column(choice(PartyRole), default=PartyRole.PARTY)
    ordering: Mapped[int] = mapped_column(default=0)
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    negotiation: Mapped[Negotiation] = relationship(back_populates="parties")
    people: Mapped[list[Person]] = relationship(back_populates="party", order_by="Person.id")

    @property
    def audit_chain(self) -> str:
        return self.negotiation.code

    @property
    def label(self) -> str:
        """The name a column head has room for."""
        return self.short_name or self.name

    def faults(self) -> Faults:
        faults = _period_faults(self.from_on, self.until_on)
        if not PARTY_CODE.fullmatch(self.code):
            faults.find("code", N_("A code has small letters, digits and hyphens, a letter first."))
        if any(party is not self and party.code == self.code for party in self.negotiation.parties):
            faults.find("code", N_("There is a party with this code already."))
        if not self.name:
            faults.find("name", N_("Give the name."))
        return faults


class Membership(Base):
    """A party inside a bloc, for a time or for good."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("member_id", "bloc_id", "from_on"), NEVER_REUSED)
    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("parties.id"), index=True)
    bloc_id: Mapped[int] = mapped_column(ForeignKey("parties.id"), index=True)
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    member: Mapped[Party] = relationship(foreign_keys=member_id)
    bloc: Mapped[Party] = relationship(foreign_keys=bloc_id)

    @property
    def audit_chain(self) -> str:
        return self.bloc.negotiation.code

    def _others(self) -> list[Membership]:
        """Find the other memberships of the same party in the same bloc."""
        same = (Membership.member_id == self.member.id, Membership.bloc_id == self.bloc.id)
        session = self.member.session
        with session.no_autoflush:
            found = session.scalars(select(Membership).where(*same)).all()
        return [other for other in found if other is not self]

    def faults(self) -> Faults:
        faults = _period_faults(self.from_on, self.until_on)
        if self.bloc.kind is not PartyKind.BLOC:
            faults.find("bloc", N_("“%(name)s” is not a bloc."), name=self.bloc.name)
        if self.member is self.bloc:
            faults.find("member", N_("A bloc cannot be a member of itself."))
        if self.member.negotiation_id != self.bloc.negotiation_id:
            faults.find("member", N_("Member and bloc belong to different negotiations."))
        if any(other.from_on == self.from_on for other in self._others()):
            faults.find("member", N_("This membership is on the record already."))
        return faults


class Person(Base):
    """Who speaks for a party. Entries keep the name as the source writes it; it is matched on reading."""

    __tablename__ = "people"
    id: Mapped[Id]
    party_id: Mapped[int] = mapped_column(ForeignKey("parties.id"), index=True)
    name: Mapped[Title]
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    office: Mapped[Title] = mapped_column(default="")
    party: Mapped[Party] = relationship(back_populates="people")

    @property
    def audit_chain(self) -> str:
        return self.party.negotiation.code

    def is_called(self, name: str) -> bool:
        """Tell whether a name, in whatever case, is this person's or one of the aliases."""
        return name.casefold() in (known.casefold() for known in [self.name, *self.aliases])

    def faults(self) -> Faults:
        faults = Faults()
        if not self.name:
            faults.find("name", N_("Give the name."))
        return faults
