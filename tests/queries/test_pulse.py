"""The last write that a reader may learn of, on either database."""

from tests.queries.test_comparison import counting
from tests.world import DAY, QUOTE, World
from tracker.dates import latest_day
from tracker.db import now
from tracker.models import Dating, Negotiation, User
from tracker.models.audit import head_before
from tracker.models.retraction import retract
from tracker.models.vocabulary import Status, Visibility
from tracker.queries.pulse import Pulse, Since, pulse, writes_since


def felt(world: World, user: User | None) -> Pulse:
    world.talks.session.commit()
    found = pulse(world.talks.session, "TK", user)
    assert found
    return found


def test_each_write_has_a_mark_and_a_moment_of_its_own(world: World) -> None:
    seen = [(felt(world, None), felt(world, world.vera))]
    for note in ("Looked.", "Looked again."):
        world.water.review(by=world.ed, on=DAY, note=note)
        seen.append((felt(world, None), felt(world, world.vera)))
    for reader in (0, 1):
        assert len({pair[reader].mark for pair in seen}) == 3
        moments = [pair[reader].at for pair in seen]
        assert all(moments)
        assert moments == sorted(moments, key=str)
    assert [pair[0].sequence for pair in seen] == [None] * 3
    counted = [pair[1].sequence or 0 for pair in seen]
    assert counted == sorted(set(counted))
    assert writes_since(world.talks.session, "TK", counted[0]) == Since(2, seen[0][1].at)
    assert writes_since(world.talks.session, "TK", 0).moment is None
    assert felt(world, world.vera) == seen[-1][1]


def test_strangers_learn_of_no_note_nor_of_its_end(world: World) -> None:
    before, users = felt(world, None), felt(world, world.vera)
    note = world.water.note("Ask the envoy.", by=world.ed)
    world.talks.session.commit()
    retract(note, by=world.ed, reason="Asked.").refuse()
    assert felt(world, None) == before
    assert felt(world, world.vera) != users


def test_strangers_learn_of_a_retraction(world: World) -> None:
    before = felt(world, None)
    position = world.water.position_of(world.red)
    assert position
    retract(position, by=world.ed, reason="Misread.").refuse()
    assert felt(world, None) != before


def test_of_a_published_record_strangers_learn_the_day_alone(world: World) -> None:
    published = world.talks.published_at = now()
    found = felt(world, None)
    assert found == Pulse(published.isoformat(), published, None)
    world.water.review(by=world.ed, on=DAY)
    assert felt(world, None) == found
    assert felt(world, world.vera).mark != found.mark


def test_who_does_not_see_the_talks_feels_nothing(world: World) -> None:
    session = world.talks.session
    assert pulse(session, "ZZ", world.vera) is None
    world.talks.visibility = Visibility.INTERNAL
    session.commit()
    assert pulse(session, "TK", None) is None
    assert pulse(session, "TK", world.vera)


def test_it_takes_one_statement(world: World) -> None:
    session = world.talks.session
    session.commit()
    for user in (None, world.vera):
        _ = user and user.id
        with counting(session) as seen:
            pulse(session, "TK", user)
        assert len(seen) == 1


def test_where_a_chain_stood_before_a_write_is_remembered(world: World) -> None:
    session = world.talks.session
    before = felt(world, world.vera)
    world.water.review(by=world.ed, on=DAY)
    session.commit()
    assert head_before(session, "TK") == (before.sequence, before.mark)
    assert head_before(session, "ZZ") is None


def test_it_tells_of_the_day_that_it_is_in_the_east_already(world: World) -> None:
    """Before ten o'clock in UTC it is no other day anywhere."""
    world.talks.session.add(Negotiation(code="OT", title="Other talks", recorded_at=now()))
    tomorrow = latest_day() if latest_day() > now().date() else None
    world.talks.published_at = now()
    assert felt(world, None).ahead is felt(world, world.vera).ahead is None
    change = world.water.change_status(
        Status.BLOCKED,
        dating=Dating(latest_day()),
        by=world.ed,
        citing=[world.cite(QUOTE)],
        reason="Broke off.",
    )
    assert felt(world, world.vera).ahead == tomorrow
    assert felt(world, None).ahead is None
    world.talks.publish()
    assert felt(world, None).ahead == tomorrow
    retract(change, by=world.ed, reason="Misread.").refuse()
    assert felt(world, None).ahead == tomorrow
    assert felt(world, world.vera).ahead is None
    world.talks.published_at = None
    assert felt(world, None).ahead is None
