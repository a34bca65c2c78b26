"""According to whom: claims in a column for each party, and where they differ from the desk."""

import json
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.queries.test_comparison import counting
from tests.queries.test_timeline import claim
from tests.world import DAY, World, make_source
from tracker.dates import View
from tracker.models import Cite, Dating, Issue, StatusClaim
from tracker.models.user import User
from tracker.models.vocabulary import Handling, Status
from tracker.queries.according import According, Claimed, according
from tracker.queries.claims import ClaimLine
from tracker.queries.state_of_play import differs, state_of_play

NOW = View()
CLAIM = ClaimLine([], 0, 1, 1, "red", "Red", None, "", Status.OPEN, None, "", [], DAY, "")


def shown(session: Session, world: World, view: View = NOW, user: User | None = None) -> According:
    session.flush()
    play = state_of_play(session, world.talks, view, user or world.vera)
    return according(world.talks, play)


def of(found: According, key: str) -> dict[str, list[Claimed]]:
    """Give what is claimed of an issue, by party, where anything is."""
    rows = [row for _, rows in found.topics for row in rows if row.issue and row.issue.key == key]
    [cells] = [row.cells for row in rows]
    return {party.code: [*claims] for party, claims in zip(found.columns, cells, strict=True) if claims}


def test_each_party_has_a_column_and_each_issue_a_row(session: Session, world: World) -> None:
    claim(world, issue=world.water, status=Status.AGREED)
    claim(world, party=world.red, words="Nowhere near.")
    found = shown(session, world)
    assert [party.code for party in found.columns] == ["red", "blue", "med", "union", "coast"]
    assert [(topic, [row.issue.key for row in rows if row.issue]) for topic, rows in found.topics] == [
        ("Economy", ["TK-1"]),
        ("Territory", ["TK-2"]),
        ("People", ["TK-3"]),
    ]
    assert [*of(found, "TK-1")] == ["blue"]
    assert of(found, "TK-2") == {}
    assert [cell[0].claim.words for cell in found.talks.cells if cell] == ["Nowhere near."]


def test_the_latest_claim_of_a_party_counts_on_each_track(session: Session, world: World) -> None:
    claim(world, issue=world.water, status=Status.BLOCKED)
    claim(world, DAY + timedelta(days=1), issue=world.water, status=Status.AGREED)
    claim(world, issue=world.water, track=world.shuttle, status=Status.OPEN)
    claims = of(shown(session, world), "TK-1")["blue"]
    assert [(each.claim.track, each.claim.status) for each in claims] == [
        (None, Status.AGREED),
        ("Shuttle of the mediator", Status.OPEN),
    ]
    then = of(shown(session, world, View(DAY)), "TK-1")["blue"]
    assert {each.claim.status for each in then} == {Status.BLOCKED, Status.OPEN}


def test_claims_differ_from_the_status_of_their_own_track(session: Session, world: World) -> None:
    world.water.change_status(
        Status.AGREED_IN_PRINCIPLE,
        track=world.shuttle,
        agreed_between=["med", "red"],
        reason="Both said so.",
        dating=Dating(DAY),
        by=world.ed,
        citing=[world.cite()],
    )
    claim(world, issue=world.water, status=Status.AGREED_IN_PRINCIPLE)
    claim(world, issue=world.water, status=Status.AGREED_IN_PRINCIPLE, track=world.shuttle)
    claims = of(shown(session, world), "TK-1")["blue"]
    assert {each.claim.track: each.differs for each in claims} == {
        None: True,
        "Shuttle of the mediator": False,
    }


@pytest.mark.parametrize(
    ("said", "is_other"),
    [
        ({}, False),
        ({"status": Status.BLOCKED}, True),
        ({"status": None, "share": 95}, False),
        ({"status": None, "words": "Nearly done."}, False),
        ({"track": "Shuttle of the mediator"}, True),
        ({"between": ["blue", "red"]}, True),
    ],
)
def test_another_status_or_other_parties_differ(
    session: Session, world: World, said: dict[str, Any], is_other: bool
) -> None:
    issue = state_of_play(session, world.talks, NOW, world.vera).lines[0].issue
    assert differs(replace(CLAIM, **said), issue) is is_other


def test_a_party_that_left_keeps_its_column_where_it_claimed_something(
    session: Session, world: World
) -> None:
    claim(world, issue=world.water, status=Status.AGREED)
    world.blue.until_on = world.med.until_on = DAY
    assert [party.code for party in shown(session, world).columns] == ["red", "blue", "union", "coast"]


def test_strangers_are_not_told_of_withheld_sources(session: Session, world: World) -> None:
    cable = make_source(session, world.talks, "A cable")
    cable.handling = Handling.AMBER
    made = StatusClaim(negotiation=world.talks, party=world.blue, issue=world.water, words="So.", between=[])
    made.enter(session, dating=Dating(DAY), by=world.ed, citing=[world.cite(), Cite(cable)])
    session.flush()
    for user, told in ((None, [True, False]), (world.vera, [True, True])):
        play = state_of_play(session, world.talks, NOW, user)
        [each] = of(according(world.talks, play), "TK-1")["blue"]
        assert [reference.source is not None for reference in each.claim.references] == told


def test_a_claim_tells_how_many_came_before_it(session: Session, world: World) -> None:
    for day in range(3):
        claim(world, DAY + timedelta(days=day), issue=world.water, status=Status.AGREED)
    [each] = of(shown(session, world), "TK-1").popitem()[1]
    assert (each.claim.on, each.claim.earlier) == (DAY + timedelta(days=2), 2)


def test_it_takes_no_statement_and_can_be_written_as_it_is(session: Session, world: World) -> None:
    for number in range(4, 30):
        issue = Issue(negotiation=world.talks, number=number, title=f"Issue {number}")
        issue.add(session)
        claim(world, issue=issue, status=Status.AGREED)
    session.flush()
    play = state_of_play(session, world.talks, NOW, world.vera)
    with counting(session) as seen:
        found = according(world.talks, play)
    assert seen == []
    for answer in (found, play):
        assert "TK-29" in json.dumps(asdict(answer), default=lambda value: value.isoformat())
