"""Parties as readers need them: those who are there on a day, in column order, and their blocs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.models import Grant, Membership, Negotiation, Party, Person, Track

#: The ids of the blocs that a party stands in, by the party's id.
Blocs = Mapping[int, list[int]]


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A party to print. `index`: its place in the column order of all parties, which picks its swatch."""

    id: int
    code: str
    label: str
    index: int


def parties_on(session: Session, negotiation: Negotiation, day: date) -> list[PartyLine]:
    """List the parties that are there on a day, in column order, in one SQL statement."""
    query = (
        select(Party.id, Party.code, Party.name, Party.short_name, Party.from_on, Party.until_on)
        .where(Party.negotiation_id == negotiation.id)
        .order_by(Party.ordering, Party.id)
    )
    return [
        PartyLine(row.id, row.code, row.short_name or row.name, index)
        for index, row in enumerate(session.execute(query))
        if (row.from_on or day) <= day <= (row.until_on or day)
    ]


def blocs_on(session: Session, negotiation: Negotiation, day: date) -> Blocs:
    """Tell in which blocs the parties stand on a day, in column order, in one SQL statement."""
    query = (
        select(Membership)
        .join(Party, Party.id == Membership.bloc_id)
        .where(Party.negotiation_id == negotiation.id)
        .order_by(Party.ordering, Party.id)
    )
    found: dict[int, list[int]] = {}
    for membership in session.scalars(query):
        blocs = found.setdefault(membership.member_id, [])
        if membership.holds_on(day) and membership.bloc_id not in blocs:
            blocs.append(membership.bloc_id)
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
