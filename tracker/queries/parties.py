"""Parties as readers need them: those who are there on a day, in column order, and their blocs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.dates import lasts
from tracker.models import Grant, Membership, Negotiation, Party, Person, Track
from tracker.queries.asking import one

#: The ids of the blocs that a party stands in, by the party's id.
Blocs = Mapping[int, list[int]]


PARTY, MEMBERSHIP = Party.__table__.c, Membership.__table__.c
_PARTIES = (
    select(PARTY.id, PARTY.code, PARTY.name, PARTY.short_name, PARTY.from_on, PARTY.until_on)
    .where(PARTY.negotiation_id == one("negotiation"))
    .order_by(PARTY.ordering, PARTY.id)
)
_MEMBERSHIPS = (
    select(MEMBERSHIP.member_id, MEMBERSHIP.bloc_id, MEMBERSHIP.from_on, MEMBERSHIP.until_on)
    .join(Party.__table__, PARTY.id == MEMBERSHIP.bloc_id)
    .where(PARTY.negotiation_id == one("negotiation"))
    .order_by(PARTY.ordering, PARTY.id)
)


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A party to print. `index`: its place in the column order of all parties, which picks its swatch."""

    id: int
    code: str
    label: str
    index: int


def parties_on(session: Session, negotiation: Negotiation, day: date) -> list[PartyLine]:
    """List the parties that are there on a day, in column order, in one SQL statement."""
    rows = session.execute(_PARTIES, {"negotiation": negotiation.id})
    return [
        PartyLine(row.id, row.code, row.short_name or row.name, index)
        for index, row in enumerate(rows)
        if lasts(row.from_on, row.until_on, day)
    ]


def blocs_on(session: Session, negotiation: Negotiation, day: date) -> Blocs:
    """Tell in which blocs the parties stand on a day, in column order, in one SQL statement."""
    found: dict[int, list[int]] = {}
    for row in session.execute(_MEMBERSHIPS, {"negotiation": negotiation.id}):
        blocs = found.setdefault(row.member_id, [])
        if lasts(row.from_on, row.until_on, day) and row.bloc_id not in blocs:
            blocs.append(row.bloc_id)
    return found


@dataclass(frozen=True)
class Directory:
    """Who takes part, parties in column order; and who may see a restricted record."""

    parties: list[Party]
    memberships: list[Membership]
    tracks: list[Track]
    people: list[Person]
    grants: list[Grant]

    def blocs_of(self, party: Party) -> list[Membership]:
        return [each for each in self.memberships if each.member is party]

    def members_of(self, party: Party) -> list[Membership]:
        return [each for each in self.memberships if each.bloc is party]


def directory(session: Session, negotiation: Negotiation) -> Directory:
    """Load who takes part, in five SQL statements."""
    mine = Party.negotiation_id == negotiation.id
    in_order = (Party.ordering, Party.id)
    parties = session.scalars(select(Party).where(mine).order_by(*in_order)).all()
    memberships = select(Membership).join(Party, Party.id == Membership.member_id).where(mine)
    people = select(Person).join(Person.party).where(mine).options(joinedload(Person.party))
    tracks = select(Track).where(Track.negotiation_id == negotiation.id).order_by(Track.id)
    grants = select(Grant).where(Grant.negotiation_id == negotiation.id).options(joinedload(Grant.user))
    return Directory(
        parties=[*parties],
        memberships=[*session.scalars(memberships.order_by(*in_order, Membership.id))],
        tracks=[*session.scalars(tracks)],
        people=[*session.scalars(people.order_by(*in_order, Person.name, Person.id))],
        grants=[*session.scalars(grants.order_by(Grant.id))],
    )
