"""What was right when it was entered comes back as it was, whatever was edited since."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.exchange.conftest import Reads, empty
from tests.world import DAY, World, make_world
from tracker.exchange.interchange import export
from tracker.models import Cite, Dating
from tracker.models.vocabulary import PartyRole, Status


def widen_the_circle(world: World) -> None:
    world.water.edit({"deciding_parties": ["blue", "med", "red"]})


def turn_an_observer_into_a_party(world: World) -> None:
    world.med.role = PartyRole.PARTY


def change_the_track(world: World) -> None:
    world.shuttle.parties = ["blue", "med"]


def store_a_text_under_a_quote(world: World) -> None:
    world.report.edit({"text": "Other words."})


def store_the_text_that_was_quoted(world: World) -> None:
    world.report.edit({"text": "They said: We all agree."})


@pytest.mark.parametrize(
    "edit",
    [
        widen_the_circle,
        turn_an_observer_into_a_party,
        change_the_track,
        store_a_text_under_a_quote,
        store_the_text_that_was_quoted,
    ],
)
def test_what_was_right_when_it_was_entered_comes_back_after_later_edits(
    session: Session, reads: Reads, edit: Callable[[World], None]
) -> None:
    world = make_world(session)
    for track, parties in ((None, ["red", "blue"]), (world.shuttle, ["red", "med"])):
        world.water.change_status(
            Status.AGREED,
            dating=Dating(DAY),
            by=world.ed,
            citing=[Cite(world.report, quote="We all agree.")],
            agreed_between=parties,
            track=track,
            reason="Both say so.",
        )
    session.commit()
    edit(world)
    session.commit()
    first = export(world.talks)
    assert reads(first.encode()).added == {}
    empty(session)
    assert export(reads(first.encode()).negotiation) == first
