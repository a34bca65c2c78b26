from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.models.acts import NOON, claim, refuses
from tests.world import World
from tracker.models import Issue, Negotiation, Party, Track
from tracker.models.guard import AppendOnly
from tracker.models.vocabulary import Status


@pytest.mark.parametrize("said", [{"share": 0}, {"words": "Nearly there."}, {"status": Status.AGREED}])
def test_a_claim_is_a_status_a_share_or_words(world: World, said: dict[str, Any]) -> None:
    assert claim(world, world.red, **{"share": None} | said)


def test_a_claim_says_something(world: World) -> None:
    with refuses("words"):
        claim(world, world.red, share=None)


@pytest.mark.parametrize("share", [-1, 101, 1000])
def test_a_share_is_per_cent(world: World, share: int) -> None:
    with refuses("share"):
        claim(world, world.red, share=share)


@pytest.mark.parametrize("share", [0, 100])
def test_a_share_may_be_all_or_nothing(world: World, share: int) -> None:
    assert claim(world, world.red, share=share).share == share


def test_a_claim_is_of_the_whole_talks_an_issue_or_a_track(world: World, session: Session) -> None:
    whole = claim(world, world.red)
    issue = claim(world, world.med, issue=world.border, track=world.shuttle, stated_by="The envoy")
    session.commit()
    assert (whole.issue, whole.track, whole.between) == (None, None, [])
    assert (issue.issue, issue.track, issue.stated_by) == (world.border, world.shuttle, "The envoy")


def test_between_whom_is_sorted_and_named_once(world: World, session: Session) -> None:
    said = claim(world, world.red, between=["red", "blue", "red"])
    session.commit()
    assert said.between == ["blue", "red"]


def test_unknown_parties_are_refused(world: World) -> None:
    with refuses("between"):
        claim(world, world.red, between=["green", "red"])


def test_all_is_of_the_same_talks(world: World, session: Session) -> None:
    other = Negotiation(code="OT", title="Other talks", recorded_at=NOON)
    party = Party(negotiation=other, code="red", name="Red")
    track = Track(negotiation=other, code="shuttle", title="Shuttle", parties=[])
    issue = Issue(negotiation=other, number=1, title="Water", recorded_at=NOON)
    session.add_all([other, party, track, issue])
    session.flush()
    with refuses("party", "track", "issue"):
        claim(world, party, track=track, issue=issue)


def test_a_claim_changes_no_status(world: World) -> None:
    claim(world, world.red, issue=world.border, status=Status.AGREED)
    assert world.border.status_on() is None
    assert world.border.version == 1


def test_the_database_holds_the_share(world: World, session: Session) -> None:
    said = claim(world, world.red)
    assert isinstance(said, AppendOnly)
    said.share = 101
    with pytest.raises(IntegrityError):
        session.flush()
