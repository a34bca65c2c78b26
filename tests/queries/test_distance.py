"""Distance on the record: whose values count, as of a day and since another; and at what cost."""

import json
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from tests.queries.comparing import LATER, NOW, state
from tests.queries.test_comparison import counting
from tests.world import DAY, World
from tracker.dates import View
from tracker.db import now
from tracker.models import Issue, Membership, Party
from tracker.models.retraction import retract
from tracker.models.vocabulary import Standing
from tracker.queries.distance import Distances, distances, scaled
from tracker.queries.scale import IssueDistance, Spread

SOON = DAY + timedelta(days=5)


def measured(world: World, **asked: Any) -> Distances:
    """Measure as a signed-in user sees it, or as asked."""
    given: dict[str, Any] = {"parties": world.talks.parties, "view": NOW, "user": world.vera} | asked
    session = world.talks.session
    session.flush()
    return distances(session, world.talks, **given)


def prisoners(world: World, **asked: Any) -> IssueDistance:
    [found] = measured(world, **asked).issues
    return found


def values(found: IssueDistance) -> dict[str, float]:
    return {
        each.party.code: each.now.value for each in found.holders if each.now and each.now.value is not None
    }


def code(world: World, party: Party, value: float | None, on: date = DAY, **more: Any) -> Any:
    """State a line on the prisoners, with or without a number."""
    return state(
        world, party, f"{party.name} names {value}.", on=on, issue=world.prisoners, value=value, **more
    )


def test_only_issues_with_a_scale_are_measured(world: World) -> None:
    found = prisoners(world)
    assert (found.key, found.scale.unit, found.scale.to_value) == ("TK-3", "prisoners", 500)
    assert (found.now, found.then) == (Spread(0, 5, None, None, None), None)


def test_the_line_in_force_counts_with_its_value_and_source(world: World) -> None:
    code(world, world.red, 100.0)
    code(world, world.red, 150.0, on=LATER)
    code(world, world.blue, 400.0)
    found = prisoners(world)
    assert values(found) == {"red": 150.0, "blue": 400.0}
    assert found.now == Spread(2, 5, 150.0, 400.0, 250.0)
    [red, *_] = found.holders
    assert red.now
    assert [source.title for source in red.now.sources if source] == ["Talks on the lake go on"]
    assert values(prisoners(world, view=View(SOON))) == {"red": 100.0, "blue": 400.0}


def test_a_line_without_a_number_is_not_coded_from_an_older_one(world: World) -> None:
    code(world, world.red, 100.0)
    code(world, world.red, None, on=LATER)
    found = prisoners(world)
    assert values(found) == {}
    assert found.holders[0].now
    assert found.holders[0].now.summary == "Red names None."


def test_voices_and_leaks_are_not_coded(world: World) -> None:
    code(world, world.red, 100.0, standing=Standing.LEAK)
    code(world, world.blue, 200.0, standing=Standing.VOICE)
    assert prisoners(world).now.coded == 0


def test_a_member_is_not_coded_through_its_bloc(world: World) -> None:
    code(world, world.union, 300.0)
    assert world.talks.session.query(Membership).count() == 1
    assert values(prisoners(world)) == {"union": 300.0}


def test_movement_is_told_since_a_day(world: World) -> None:
    code(world, world.red, 100.0)
    code(world, world.red, 150.0, on=LATER)
    code(world, world.blue, 400.0, on=LATER)
    found = prisoners(world, since=SOON)
    [red, blue, *_] = found.holders
    assert red.shift
    assert (red.shift.by, red.shift.toward) == (50.0, "high")
    assert blue.shift is None
    assert (found.now.coded, found.then and found.then.coded) == (2, 1)


def test_both_days_are_read_as_known_at_one_moment(world: World) -> None:
    code(world, world.red, 100.0)
    world.talks.session.flush()
    before = now()
    world.talks.session.commit()
    code(world, world.red, 120.0, on=SOON)
    world.talks.session.commit()
    late = prisoners(world, since=SOON, view=View(LATER, before))
    assert values(late) == {"red": 100.0}
    assert late.holders[0].shift
    assert late.holders[0].shift.by == 0
    assert values(prisoners(world, view=View(LATER, now()))) == {"red": 120.0}


def test_a_retracted_line_is_not_coded(world: World) -> None:
    code(world, world.red, 100.0)
    position = code(world, world.red, 150.0, on=LATER)
    world.talks.session.flush()
    retract(position, by=world.ed, reason="Misread.").refuse()
    assert values(prisoners(world)) == {"red": 100.0}


def test_parties_who_have_left_are_not_counted(world: World) -> None:
    code(world, world.red, 100.0)
    code(world, world.blue, 200.0)
    world.red.until_on = SOON
    world.coast.from_on = LATER
    found = prisoners(world, since=DAY, view=View(LATER))
    assert (found.now.coded, found.now.parties) == (1, 4)
    assert found.then
    assert (found.then.coded, found.then.parties) == (2, 4)
    assert [each.party.code for each in found.holders] == ["red", "blue", "med", "union", "coast"]
    assert [each.is_here for each in found.holders] == [False, True, True, True, True]


def test_parties_and_issues_may_be_chosen(world: World) -> None:
    code(world, world.red, 100.0)
    code(world, world.blue, 200.0)
    found = prisoners(world, parties=[world.blue, world.med], numbers=[3])
    assert [(each.party.code, each.party.index) for each in found.holders] == [("blue", 1), ("med", 2)]
    assert (found.now.coded, found.now.parties) == (1, 2)
    assert measured(world, numbers=[1]).issues == []
    assert scaled(world.talks.session, world.talks, [1, 3, 9]) == {1: False, 3: True}


def test_statements_do_not_grow_with_issues_and_values(world: World) -> None:
    session = world.talks.session
    code(world, world.red, 1.0)
    _ = world.talks.parties
    with counting(session) as few:
        measured(world, since=DAY)
    for number in range(4, 64):
        issue = Issue(negotiation=world.talks, number=number, title="More", scale_unit="days")
        issue.add(session)
        session.flush()
        for party in (world.red, world.blue):
            state(world, party, "A number.", issue=issue, value=float(number))
    session.flush()
    with counting(session) as many:
        found = measured(world, since=DAY)
    assert (len(found.issues), found.paging.count, found.paging.total) == (50, 2, 61)
    assert len(few) == len(many) == 8
    assert [each.key for each in measured(world, page=2).issues][-1] == "TK-63"


def test_the_answer_can_be_served_as_it_is(world: World) -> None:
    code(world, world.red, 100.0)
    code(world, world.blue, 200.0, on=LATER)
    told = json.loads(json.dumps(asdict(measured(world, since=SOON)), default=date.isoformat))
    assert told["issues"][0]["now"]["spread"] == 100.0
    assert told["issues"][0]["holders"][0]["now"]["sources"][0]["publisher"] == "The Lake"


def test_a_member_is_spoken_for_by_a_bloc_that_is_not_asked_for(world: World) -> None:
    code(world, world.union, 100.0)
    found = prisoners(world, parties=[world.coast], since=SOON)
    [coast] = found.holders
    assert (coast.now, coast.through, coast.through_then) == (None, [world.union.label], [world.union.label])
    assert (found.now.coded, found.now.parties) == (0, 1)
    [before] = prisoners(world, parties=[world.coast], view=View(as_of=DAY - timedelta(days=1))).holders
    assert before.through == []
