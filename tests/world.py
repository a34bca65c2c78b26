"""A small made-up world: three people at a desk, and the talks of two towns on the water of a lake."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db import now
from tracker.models import (
    Cite,
    Dating,
    Issue,
    Membership,
    Negotiation,
    Party,
    Person,
    Source,
    Track,
    User,
    act_as,
)
from tracker.models.vocabulary import Firmness, PartyKind, PartyRole, Role, Stance, Status, Visibility

PASSWORD = "four swans on a lake"  # everyone's
DAY = date(2025, 12, 2)
#: A whole sentence of the article's third paragraph, as typed on a plain keyboard.
QUOTE = '"We will not pay for Blue\'s dam" - so the envoy, on Tuesday.'
TEXT = """Talks on the lake go on

The delegations of Red and Blue met for the third time on Tuesday. The mediator spoke of progress.

“We will not pay for Blue’s dam” – so the envoy, on Tuesday. Blue’s minister answered
that the dam was never on the table.

The prisoners of last winter are to be exchanged before spring, both sides said."""


@dataclass(frozen=True)
class World:
    """Handles on the rows of the world."""

    ann: User
    ed: User
    vera: User
    talks: Negotiation
    red: Party
    blue: Party
    med: Party
    union: Party
    coast: Party
    shuttle: Track
    water: Issue
    border: Issue
    prisoners: Issue
    article: Source
    report: Source

    def cite(self, quote: str | None = None) -> Cite:
        """Cite the article."""
        return Cite(self.article, quote=quote)


@cache
def _quick_hash() -> str:
    """Hash the password with the least effort; the hash names its own settings."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def make_user(session: Session, name: str, role: Role) -> User:
    """Add a user named e.g. Ann, with the address ann@example.org and the PASSWORD."""
    user = User(email=f"{name.lower()}@example.org", name=name, role=role, password_hash=_quick_hash())
    session.add(user)
    return user


def make_source(session: Session, talks: Negotiation, title: str, text: str | None = None) -> Source:
    """Add a source filed under the talks."""
    source = Source(title=title, language="en", recorded_at=now(), recorded_by="Ed")
    source.set_text(text)
    source.file_under(talks)
    session.add(source)
    return source


def make_world(session: Session) -> World:
    """Make the world and commit it.

    TK-1 (water) is open since DAY; on it Red opposes, Blue accepts on a condition and the Union, with its
    member Coast, supports. TK-2 (border) and TK-3 (prisoners, with a scale) have no entries.
    """
    act_as(session, "tests")
    for name, role in (("Ann", Role.ADMIN), ("Ed", Role.EDITOR), ("Vera", Role.VIEWER)):
        make_user(session, name, role)
    talks = Negotiation(code="TK", title="Talks on the lake", visibility=Visibility.PUBLIC)
    session.add(talks)
    talks.recorded_at = talks.moment
    red, blue, med, union, coast = (
        Party(negotiation=talks, code=code, name=name, kind=kind, role=role, ordering=number)
        for number, (code, name, kind, role) in enumerate(
            [
                ("red", "Red", PartyKind.STATE, PartyRole.PARTY),
                ("blue", "Blue", PartyKind.STATE, PartyRole.PARTY),
                ("med", "Mediator", PartyKind.ORGANISATION, PartyRole.MEDIATOR),
                ("union", "Union of the Shore", PartyKind.BLOC, PartyRole.SUPPORTER),
                ("coast", "Coast", PartyKind.STATE, PartyRole.SUPPORTER),
            ],
            start=1,
        )
    )
    session.add_all([red, blue, med, union, coast])
    session.add(Membership(member=coast, bloc=union))
    session.add(Person(name="Rosa Reed", aliases=["R. Reed"], party=red, office="envoy"))
    shuttle = Track(
        negotiation=talks, code="shuttle", title="Shuttle of the mediator", parties=["med", "red"]
    )
    session.add(shuttle)
    article = make_source(session, talks, "Talks on the lake go on", TEXT)
    article.publisher, article.url, article.published_on = "The Lake", "https://example.org/lake", DAY
    session.flush()  # so that the report comes after it
    make_source(session, talks, "A report without its text")
    session.flush()
    issues = [
        Issue(
            negotiation=talks,
            number=1,
            title="Water",
            question="Who pays for the dam?",
            proposition="Red pays for the dam",
            topic="Economy",
        ),
        Issue(negotiation=talks, number=2, title="Border", topic="Territory"),
        Issue(
            negotiation=talks,
            number=3,
            title="Prisoners",
            topic="People",
            scale_unit="prisoners",
            scale_low="none",
            scale_high="all",
            scale_from=0,
            scale_to=500,
        ),
    ]
    for issue in issues:
        issue.add(session)
    session.flush()
    world = find_world(session)
    _record(world)
    session.commit()
    return world


def find_world(session: Session) -> World:
    """Take hold of the world that was made in this database; ed acts."""
    talks = session.scalars(select(Negotiation).where(Negotiation.code == "TK")).one()
    users = {user.name: user for user in session.scalars(select(User))}
    parties = {party.code: party for party in talks.parties}
    issues = {
        issue.number: issue for issue in session.scalars(select(Issue).where(Issue.negotiation == talks))
    }
    sources = {source.title: source for source in session.scalars(select(Source))}
    act_as(session, users["Ed"])
    return World(
        ann=users["Ann"],
        ed=users["Ed"],
        vera=users["Vera"],
        talks=talks,
        red=parties["red"],
        blue=parties["blue"],
        med=parties["med"],
        union=parties["union"],
        coast=parties["coast"],
        shuttle=talks.tracks[0],
        water=issues[1],
        border=issues[2],
        prisoners=issues[3],
        article=sources["Talks on the lake go on"],
        report=sources["A report without its text"],
    )


def _record(world: World) -> None:
    """Enter what is held of the water."""
    water, dating = world.water, Dating(DAY)
    water.change_status(Status.OPEN, dating=dating, by=world.ed, citing=[world.cite(QUOTE)])
    water.state_position(
        world.red,
        dating=dating,
        by=world.ed,
        citing=[world.cite(QUOTE)],
        stance=Stance.OPPOSES,
        summary="Red does not pay for the dam.",
        firmness=Firmness.FIRM,
        stated_by="Rosa Reed",
    )
    water.state_position(
        world.blue,
        dating=dating,
        by=world.ed,
        citing=[Cite(world.report)],
        stance=Stance.CONDITIONAL,
        condition="the mediator keeps the accounts",
        summary="Blue would share the cost.",
    )
    water.state_position(
        world.union,
        dating=dating,
        by=world.ed,
        citing=[Cite(world.report)],
        stance=Stance.SUPPORTS,
        summary="The Union wants Red to pay.",
    )
