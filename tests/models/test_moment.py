"""When things are recorded: one moment for a transaction, and never an earlier one."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tests.models.acts import change, withdraw
from tests.models.chains import check_chains, count, told
from tests.world import World
from tracker.models.audit import moment_of
from tracker.models.vocabulary import Status


def test_one_transaction_has_one_moment(world: World, session: Session) -> None:
    wrong = change(world, Status.OPEN)
    session.commit()
    right = change(world, Status.BLOCKED, corrects=None)
    withdraw(world, wrong)
    session.commit()
    assert wrong.retraction
    moments = {right.recorded_at, right.citations[0].recorded_at, wrong.retraction.recorded_at}
    assert moments == {datetime.fromisoformat(entry["at"]) for entry in told(session)}
    assert len(moments) == 1
    assert right.recorded_at > wrong.recorded_at


def test_recorded_at_never_runs_backwards_whatever_the_clock_does(world: World, session: Session) -> None:
    ahead = world.talks.moment + timedelta(hours=2)
    session.rollback()
    session.info["moment"] = ahead
    first = change(world, Status.OPEN)
    session.commit()
    second = change(world, Status.BLOCKED)
    session.commit()
    session.info["moment"] = ahead - timedelta(days=300)
    third = change(world, Status.PARKED)
    session.commit()
    assert ahead == first.recorded_at < second.recorded_at < third.recorded_at
    assert third.recorded_at - ahead < timedelta(milliseconds=1)
    assert world.border.status_on() is third
    assert check_chains(session) == count(session)


def test_the_desk_has_its_moment_too(world: World, session: Session) -> None:
    ahead = moment_of(session) + timedelta(hours=2)
    session.info["moment"] = ahead
    world.ed.name = "Edith"
    session.commit()
    assert ahead < moment_of(session) < ahead + timedelta(milliseconds=1)


def test_what_was_published_stays_what_was_published_under_a_clock_that_stands(
    world: World, session: Session
) -> None:
    world.talks.publish()
    session.commit()
    published = world.talks.published_at
    assert published
    session.info["moment"] = published
    entered = change(world, Status.OPEN)
    session.commit()
    assert entered.recorded_at > published


def test_a_moment_ends_with_its_transaction(session: Session) -> None:
    first = moment_of(session)
    assert moment_of(session) == first
    session.rollback()
    assert moment_of(session) > first
