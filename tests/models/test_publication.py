"""Opening a negotiation to others, closing it, and editing rows that someone else may be editing."""

import pytest
from sqlalchemy.orm import Session

from tests.world import DAY, World
from tracker.models import (
    Cite,
    Conflict,
    Dating,
    Membership,
    Negotiation,
    Party,
    Refused,
    Source,
    Track,
    editable,
    publication,
)
from tracker.models.editable import last_write, version_of
from tracker.models.retraction import retract
from tracker.models.vocabulary import Handling, Stance, Visibility


def restrict(world: World) -> None:
    publication.change(world.talks, {"visibility": Visibility.RESTRICTED}, by=world.ed)
    world.talks.session.flush()


def fields(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [fault.field for fault in refused.value.faults]


def test_who_begins_a_restricted_negotiation_sees_it(session: Session, world: World) -> None:
    talks = Negotiation(code="RE", title="Quiet talks", visibility=Visibility.RESTRICTED)
    publication.found(session, talks, by=world.ed)
    session.flush()
    assert Negotiation.find(session, "RE", world.ed) is talks
    assert Negotiation.find(session, "RE", world.ann) is None


def test_a_code_is_taken_once(session: Session, world: World) -> None:
    with pytest.raises(Refused) as refused:
        publication.found(session, Negotiation(code="TK", title="Again"), by=world.ed)
    assert fields(refused) == ["code"]


@pytest.mark.parametrize("code", ["t", "1A", "tk", "A" * 13, "A-B"])
def test_a_code_has_capital_letters_and_digits(session: Session, world: World, code: str) -> None:
    with pytest.raises(Refused) as refused:
        publication.found(session, Negotiation(code=code, title="Talks"), by=world.ed)
    assert fields(refused) == ["code"]


def test_who_restricts_a_negotiation_keeps_seeing_it(world: World) -> None:
    restrict(world)
    assert [grant.user.name for grant in world.talks.grants] == ["Ed"]
    restrict(world)
    assert len(world.talks.grants) == 1


def test_a_record_opens_only_where_each_entry_has_a_clear_source(session: Session, world: World) -> None:
    publication.change(world.talks, {"visibility": Visibility.INTERNAL}, by=world.ed)
    secret = Source(title="Secret", handling=Handling.RED, recorded_at=world.talks.moment, recorded_by="Ed")
    secret.file_under(world.talks)
    session.add(secret)
    session.flush()
    position = world.border.state_position(
        world.red,
        stance=Stance.OPPOSES,
        summary="No.",
        dating=Dating(DAY),
        by=world.ed,
        citing=[Cite(secret)],
    )
    session.flush()
    with pytest.raises(Refused) as refused:
        publication.change(world.talks, {"visibility": Visibility.PUBLIC}, by=world.ed)
    assert fields(refused) == ["visibility"]
    assert "1 entries" in str(refused.value)
    retract(position, reason="not for all", by=world.ed)
    publication.change(world.talks, {"visibility": Visibility.PUBLIC}, by=world.ed)


def test_members_are_let_in_by_their_address(session: Session, world: World) -> None:
    restrict(world)
    publication.let_in(world.talks, "Vera@example.org")
    session.flush()
    assert Negotiation.find(session, "TK", world.vera) is world.talks
    for address in ("vera@example.org", "nobody@example.org"):
        session.expire(world.talks, ["grants"])
        with pytest.raises(Refused) as refused:
            publication.let_in(world.talks, address)
        assert fields(refused) == ["email"]


def test_no_grant_is_laid_up_for_the_day_a_record_is_closed(session: Session, world: World) -> None:
    with pytest.raises(Refused) as refused:
        publication.let_in(world.talks, "vera@example.org")
    assert fields(refused) == ["email"]
    restrict(world)
    session.flush()
    assert Negotiation.find(session, "TK", world.vera) is None


def test_somebody_must_be_left_to_see_it(session: Session, world: World) -> None:
    restrict(world)
    [grant] = world.talks.grants
    with pytest.raises(Refused):
        publication.let_out(grant)
    publication.let_in(world.talks, "vera@example.org")
    session.flush()
    session.expire(world.talks, ["grants"])
    publication.let_out(grant)
    session.flush()
    assert Negotiation.find(session, "TK", world.ed) is None


def test_the_second_of_two_editors_is_told(session: Session, world: World) -> None:
    begun = version_of(world.red)
    editable.edit(world.red, {"name": "Redland"}, base_version=begun)
    session.commit()
    assert version_of(world.red) == begun + 1
    written = last_write(world.red)
    assert written is not None
    assert written.actor == "ed@example.org"
    with pytest.raises(Conflict):
        editable.edit(world.red, {"name": "Red Republic"}, base_version=begun)
    editable.edit(world.red, {"name": "Red Republic"}, base_version=begun + 1)


def test_faults_of_an_edit_are_refused(world: World) -> None:
    with pytest.raises(Refused) as refused:
        editable.edit(world.red, {"name": "", "short_name": "r" * 301})
    assert sorted(fields(refused)) == ["name", "short_name"]


def test_codes_are_unique_within_a_negotiation(session: Session, world: World) -> None:
    with pytest.raises(Refused) as party:
        editable.add(session, Party(negotiation=world.talks, code="red", name="Other"))
    session.rollback()
    again = Track(negotiation=world.talks, code="shuttle", title="Again", parties=["blue", "red"])
    with pytest.raises(Refused) as track:
        editable.add(session, again)
    assert (fields(party), fields(track)) == (["code"], ["code"])


def test_a_membership_is_recorded_once(session: Session, world: World) -> None:
    with pytest.raises(Refused) as refused:
        editable.add(session, Membership(member=world.coast, bloc=world.union))
    assert fields(refused) == ["member"]
    session.rollback()
    later = Membership(member=world.coast, bloc=world.union, from_on=DAY)
    editable.add(session, later)
