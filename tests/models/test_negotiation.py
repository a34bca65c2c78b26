from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.models.acts import NOON
from tests.world import DAY, World
from tracker.dates import View, lasts
from tracker.models import Grant, Membership, Negotiation, Party, Person, Track, User
from tracker.models.vocabulary import Handling, PartyKind, PartyRole, Visibility


def fields(row: Any) -> list[str]:
    return [fault.field for fault in row.faults()]


def seen(session: Session, user: User | None) -> set[str]:
    return {*session.scalars(select(Negotiation.code).where(Negotiation.visible_to(user)))}


@pytest.mark.parametrize("code", ["UA", "A1", "ABCDEFGHIJKL"])
def test_code_of_a_negotiation_is_two_to_twelve_capitals_and_digits(code: str) -> None:
    assert not fields(Negotiation(code=code, title="Talks"))


@pytest.mark.parametrize("code", ["", "A", "ua", "1A", "A-B", "ABCDEFGHIJKLM", "UA\n", "ÜA", "Ａ１"])
def test_other_code_is_refused(code: str) -> None:
    assert fields(Negotiation(code=code, title="Talks")) == ["code"]


def test_talks_have_a_title_and_do_not_end_before_they_start() -> None:
    talks = Negotiation(code="UA", title="", started_on=DAY, ended_on=DAY - timedelta(days=1))
    assert fields(talks) == ["title", "ended_on"]
    assert not fields(Negotiation(code="UA", title="T", started_on=DAY, ended_on=DAY))


def test_talks_are_internal_and_clear_unless_said_otherwise(session: Session) -> None:
    talks = Negotiation(code="UA", title="T", recorded_at=NOON)
    session.add(talks)
    session.flush()
    assert (talks.visibility, talks.handling) == (Visibility.INTERNAL, Handling.CLEAR)
    assert not talks.single_undertaking


def test_visibility_alone_decides_who_sees_a_negotiation(world: World, session: Session) -> None:
    for visibility in Visibility:
        talks = Negotiation(code=visibility.name, title="T", visibility=visibility, recorded_at=NOON)
        session.add(talks)
        if visibility is Visibility.RESTRICTED:
            session.add(Grant(negotiation=talks, user=world.vera))
    session.commit()
    assert seen(session, None) == {"TK", "PUBLIC"}
    assert seen(session, world.ann) == {"TK", "PUBLIC", "INTERNAL"}
    assert seen(session, world.vera) == {"TK", "PUBLIC", "INTERNAL", "RESTRICTED"}
    for user in (None, world.ann, world.vera):
        found = {
            code for code in (*seen(session, world.vera), "NONE") if Negotiation.find(session, code, user)
        }
        assert found == seen(session, user)


def test_strangers_never_see_beyond_what_was_published(world: World, session: Session) -> None:
    asked = View(as_of=DAY)
    assert world.talks.view_for(None, asked) == asked
    world.talks.publish()
    session.commit()
    moment = world.talks.published_at
    assert moment
    assert world.talks.view_for(None, asked) == View(DAY, moment)
    assert world.talks.view_for(None, View(known_at=moment + timedelta(days=1))) == View(known_at=moment)
    assert world.talks.view_for(None, View(known_at=NOON)) == View(known_at=min(NOON, moment))
    assert world.talks.view_for(world.vera, asked) == asked


def test_parties_and_tracks_are_found_by_their_codes(world: World) -> None:
    assert world.talks.party("red") is world.red
    assert world.talks.track("shuttle") is world.shuttle
    assert world.talks.party("green") is None
    assert world.talks.track("green") is None
    assert [party.code for party in world.talks.parties] == ["red", "blue", "med", "union", "coast"]


@pytest.mark.parametrize("code", ["a", "us-ua", "e3", "a" * 32])
def test_code_of_a_party_is_small(world: World, code: str) -> None:
    assert not fields(Party(negotiation=world.talks, code=code, name="N"))


@pytest.mark.parametrize("code", ["", "A", "3e", "-a", "a b", "a" * 33, "é", "a\n"])
def test_other_code_of_a_party_is_refused(world: World, code: str) -> None:
    assert "code" in fields(Party(negotiation=world.talks, code=code, name="N"))
    assert "code" in fields(Track(negotiation=world.talks, code=code, title="T", parties=["blue", "red"]))


def test_party_has_a_name_and_does_not_end_before_it_begins(world: World) -> None:
    party = Party(negotiation=world.talks, code="x", name="", from_on=DAY, until_on=DAY - timedelta(days=1))
    assert fields(party) == ["until_on", "name"]


def test_column_head_of_a_party_is_its_short_name(world: World) -> None:
    assert world.union.label == "Union of the Shore"
    world.union.short_name = "Union"
    assert world.union.label == "Union"


def test_track_has_a_title_and_two_parties_of_the_talks(world: World) -> None:
    def track(parties: list[str], title: str = "T") -> list[str]:
        with world.talks.session.no_autoflush:
            row = Track(negotiation=world.talks, code="new", title=title, parties=parties)
            found = fields(row)
            world.talks.tracks.remove(row)
        return found

    assert track(["blue", "red"]) == []
    assert track(["blue", "red"], "") == ["title"]
    assert track(["red"]) == track(["red", "red"]) == track([]) == ["parties"]
    assert track(["green", "red"]) == ["parties"]


def test_codes_are_given_once(world: World) -> None:
    with world.talks.session.no_autoflush:
        assert fields(Party(negotiation=world.talks, code="red", name="Rouge")) == ["code"]
        track = Track(negotiation=world.talks, code="shuttle", title="T", parties=["blue", "red"])
        assert fields(track) == ["code"]


def test_only_a_bloc_has_members_of_the_same_talks(world: World, session: Session) -> None:
    assert not fields(Membership(member=world.blue, bloc=world.union))
    assert fields(Membership(member=world.coast, bloc=world.union)) == ["member"]  # it is one already
    assert fields(Membership(member=world.coast, bloc=world.red)) == ["bloc"]
    assert fields(Membership(member=world.union, bloc=world.union)) == ["member"]
    other = Negotiation(code="OT", title="Other talks", recorded_at=NOON)
    far = Party(negotiation=other, code="far", name="Far", kind=PartyKind.STATE, role=PartyRole.HOST)
    session.add_all([other, far])
    session.flush()
    assert fields(Membership(member=far, bloc=world.union)) == ["member"]
    ends = {"from_on": DAY, "until_on": DAY - timedelta(days=1)}
    assert fields(Membership(member=world.blue, bloc=world.union, **ends)) == ["until_on"]


@pytest.mark.parametrize(
    ("begin", "end", "days"),
    [
        (None, None, [True, True, True]),
        (DAY, None, [False, True, True]),
        (None, DAY, [True, True, False]),
        (DAY, DAY, [False, True, False]),
    ],
)
def test_membership_holds_from_its_first_day_to_its_last(
    begin: date | None, end: date | None, days: list[bool]
) -> None:
    membership = Membership(from_on=begin, until_on=end)
    assert [
        lasts(membership.from_on, membership.until_on, DAY + timedelta(days=shift)) for shift in (-1, 0, 1)
    ] == days


def test_person_is_known_by_name_and_aliases_in_any_case(world: World) -> None:
    [rosa] = world.red.people
    assert rosa.is_called("Rosa Reed")
    assert rosa.is_called("r. REED")
    assert not rosa.is_called("Reed")
    assert not fields(rosa)
    assert fields(Person(party=world.blue, name="")) == ["name"]
