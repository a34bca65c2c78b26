"""What is drawn over the timeline: the events of the days."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests.queries.test_timeline import NOW, hold, lines
from tests.world import DAY, World
from tracker.models.vocabulary import EventState
from tracker.queries.panorama import panorama
from tracker.queries.succession import Wanted


def test_an_event_that_goes_on_in_the_days_wanted_is_one_of_theirs(session: Session, world: World) -> None:
    hold(world, "Long talks", DAY, ends_on=DAY + timedelta(days=2))
    session.flush()
    asked: dict[str, Any] = {"since": DAY, "until": DAY + timedelta(days=5)}
    assert [line.event.title for line in lines(world, **asked) if line.event] == ["Long talks"]
    drawn = panorama(session, world.talks, NOW, Wanted(**asked))
    assert [(event.title, event.on) for mark in drawn.marks for event in mark.events] == [
        ("Long talks", DAY + timedelta(days=1))
    ]
    assert not [line for line in lines(world, since=DAY + timedelta(days=2)) if line.event]


def test_a_cancelled_event_stands_in_the_list_and_is_not_drawn(session: Session, world: World) -> None:
    hold(world, "No talks", DAY, state=EventState.CANCELLED)
    session.flush()
    assert [line.event.title for line in lines(world) if line.event] == ["No talks"]
    assert panorama(session, world.talks, NOW, Wanted()).marks == []
