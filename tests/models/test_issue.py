import math
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.models.acts import change, refuses, state, withdraw
from tests.world import DAY, World
from tracker.models import Conflict, Grant, Issue, IssueLink, Negotiation
from tracker.models.vocabulary import IssueLinkKind, Status, Visibility

LATER = DAY + timedelta(days=1)


def new(world: World, **more: Any) -> Issue:
    issue = Issue(**{"negotiation": world.talks, "number": 9, "title": "Fish"} | more)
    issue.add(world.talks.session)
    return issue


def test_issue_has_a_key(world: World, session: Session) -> None:
    issue = new(world)
    session.commit()
    assert issue.key == "TK-9"
    assert Issue.find(session, "TK-9", world.vera) is issue
    assert issue.version == 1
    assert issue.recorded_at


@pytest.mark.parametrize(
    "key",
    ["", "TK", "TK-", "-1", "TK-0", "TK-01", "TK--1", "TK-1 ", "TK-١", "TK-123456", "tk-1", "OT-1", "1"],
)
def test_other_keys_are_nobody_s(world: World, session: Session, key: str) -> None:
    assert Issue.find(session, key, world.ann) is None


def test_issue_is_found_by_those_who_see_its_negotiation(world: World, session: Session) -> None:
    assert Issue.find(session, "TK-1", None) is world.water
    world.talks.visibility = Visibility.INTERNAL
    session.commit()
    assert Issue.find(session, "TK-1", None) is None
    assert Issue.find(session, "TK-1", world.vera) is world.water
    world.talks.visibility = Visibility.RESTRICTED
    session.add(Grant(negotiation=world.talks, user=world.vera))
    session.commit()
    assert Issue.find(session, "TK-1", world.ann) is None
    assert Issue.find(session, "TK-1", world.vera) is world.water


@pytest.mark.parametrize("number", [0, -1, 100_000])
def test_numbers_lie_between_1_and_99999(world: World, number: int) -> None:
    with refuses("number"):
        new(world, number=number)


def test_a_number_is_given_once(world: World) -> None:
    with refuses("number"):
        new(world, number=1)
    new(world, number=99_999)
    with refuses("number"):  # of the same transaction
        new(world, number=99_999)


def test_numbers_are_given_anew_in_other_talks(world: World, session: Session) -> None:
    other = Negotiation(code="OT", title="Other talks")
    session.add(other)
    other.recorded_at = other.moment
    assert new(world, negotiation=other, number=1).key == "OT-1"


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"title": ""}, ["title"]),
        ({"title": "a" * 301, "topic": "\x00"}, ["title", "topic"]),
        ({"deciding_parties": ["red", "green"]}, ["deciding_parties"]),
        ({"scale_low": "none"}, ["scale_unit"]),
        ({"scale_from": 0}, ["scale_unit"]),
        ({"scale_unit": "km", "scale_from": 1, "scale_to": 1}, ["scale_to"]),
        ({"scale_unit": "km", "scale_from": 2, "scale_to": 1}, ["scale_to"]),
        ({"scale_unit": "km", "scale_to": math.inf}, ["scale_to"]),
        ({"scale_unit": "km", "scale_from": math.nan}, ["scale_to"]),
    ],
)
def test_faulty_issue_is_refused(world: World, values: dict[str, Any], fields: list[str]) -> None:
    with refuses(*fields):
        new(world, **values)
    with refuses(*fields):
        world.border.edit(values)


def test_a_scale_has_a_unit_and_two_ends(world: World, session: Session) -> None:
    issue = new(world, scale_unit="km", scale_low="near", scale_high="far", scale_from=0, scale_to=0.5)
    session.commit()
    assert issue.scale == ("km", "near", "far", 0, 0.5)


def test_deciding_parties_are_those_of_role_party_unless_named(world: World) -> None:
    assert world.water.deciding_codes == ["blue", "red"]
    world.water.deciding_parties = ["red", "med"]
    assert world.water.deciding_codes == ["med", "red"]


def test_an_edit_moves_the_version(world: World, session: Session) -> None:
    world.border.edit({"title": "The border", "lead_id": world.ed.id}, base_version=1)
    session.commit()
    assert (world.border.title, world.border.lead, world.border.version) == ("The border", world.ed, 2)


def test_an_edit_that_changes_nothing_moves_nothing(world: World, session: Session) -> None:
    world.border.edit({"title": "Border", "topic": "Territory"}, base_version=1)
    session.commit()
    assert world.border.version == 1


def test_the_second_of_two_editors_is_told(world: World) -> None:
    world.border.edit({"title": "The border"}, base_version=1)
    with pytest.raises(Conflict):
        world.border.edit({"title": "A border"}, base_version=1)
    with pytest.raises(Conflict):
        change(world, Status.OPEN, base_version=1)
    change(world, Status.OPEN, base_version=2)
    with pytest.raises(Conflict):
        world.border.edit({"title": "A border"}, base_version=2)
    world.border.edit({"title": "A border"}, base_version=3)


def test_each_write_of_one_transaction_moves_the_version(world: World, session: Session) -> None:
    change(world, Status.OPEN)
    state(world, world.red)
    withdraw(world, change(world, Status.BLOCKED, LATER))
    world.border.edit({"title": "The border"})
    session.commit()
    assert world.border.version == 5


def test_claims_reviews_and_notes_move_nothing(world: World, session: Session) -> None:
    world.border.review(by=world.ed, on=DAY)
    world.border.note("A remark.", by=world.ed)
    session.commit()
    assert world.border.version == 1


def test_a_number_cannot_be_edited(world: World, session: Session) -> None:
    world.border.edit({"number": 7})
    with refuses("number"):
        session.commit()


def test_a_scale_in_use_cannot_change(world: World, session: Session) -> None:
    world.prisoners.edit({"scale_to": 600})
    entered = state(world, world.red, issue=world.prisoners, value=100)
    session.commit()
    for field, value in (
        ("scale_unit", "people"),
        ("scale_low", "nobody"),
        ("scale_high", "everybody"),
        ("scale_from", 1),
        ("scale_to", 700),
    ):
        with refuses("scale_unit"):
            world.prisoners.edit({field: value})
        session.rollback()
    withdraw(world, entered)
    with refuses("scale_unit"):  # the retracted entry is still read by it
        world.prisoners.edit({"scale_to": 700})
    session.rollback()
    world.prisoners.edit({"title": "The prisoners", "scale_to": 600})
    session.commit()


def test_a_scale_is_not_in_use_without_values(world: World) -> None:
    state(world, world.red, issue=world.prisoners)
    world.prisoners.edit({"scale_to": 700})
    assert world.prisoners.scale_to == 700


def test_links_lead_both_ways(world: World, session: Session) -> None:
    link = IssueLink(from_issue=world.water, kind=IssueLinkKind.CONDITIONAL_ON, to_issue=world.border)
    assert not link.faults()
    session.add(link)
    session.commit()
    assert world.water.links == world.border.links == [link]
    assert world.prisoners.links == []
    session.add(IssueLink(from_issue=world.water, kind=IssueLinkKind.CONDITIONAL_ON, to_issue=world.border))
    with pytest.raises(Conflict):
        session.commit()


def test_links_stay_among_the_issues_of_one_negotiation(world: World, session: Session) -> None:
    other = Negotiation(code="OT", title="Other talks")
    session.add(other)
    other.recorded_at = other.moment
    far = new(world, negotiation=other, number=1)
    for end in (world.water, far):
        link = IssueLink(from_issue=world.water, kind=IssueLinkKind.PART_OF, to_issue=end)
        assert [fault.field for fault in link.faults()] == ["to"]


def test_issues_of_a_negotiation_are_read_in_their_order(world: World, session: Session) -> None:
    assert [*session.scalars(select(Issue.title).order_by(Issue.number))] == ["Water", "Border", "Prisoners"]
    assert world.water.negotiation is world.talks
