"""The timeline: what stands in which order, under which filters, and at what cost."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.queries.comparing import state
from tests.queries.test_comparison import counting
from tests.queries.test_courses import after, change
from tests.world import DAY, QUOTE, World, make_source
from tracker.dates import View
from tracker.models import Cite, Clause, ClauseIssue, Dating, Event, Party, Proposal, StatusClaim
from tracker.models.retraction import retract
from tracker.models.step import Step
from tracker.models.user import User
from tracker.models.vocabulary import EventState, Handling, Standing, Status
from tracker.queries.panorama import panorama
from tracker.queries.succession import ROWS, Happening, Wanted
from tracker.queries.timeline import Timeline, TimelineLine, timeline

NOW = View()
EVENT, PROPOSAL, STATUS, CLAIM, POSITION = Happening


def shown(world: World, view: View = NOW, page: int = 1, user: User | None = None, **wanted: Any) -> Timeline:
    session = world.talks.session
    session.flush()
    return timeline(session, world.talks, view, user or world.vera, Wanted(**wanted), page=page)


def lines(world: World, view: View = NOW, **wanted: Any) -> list[TimelineLine]:
    return [line for _, of_day in shown(world, view, **wanted).days for line in of_day]


def kinds(world: World, view: View = NOW, **wanted: Any) -> list[Happening]:
    return [line.kind for line in lines(world, view, **wanted)]


def hold(world: World, title: str, on: date, **more: Any) -> Event:
    event = Event(negotiation=world.talks, title=title, starts_on=on, **{"state": EventState.HELD} | more)
    event.add(world.talks.session, by=world.ed, citing=[world.cite(QUOTE)])
    return event


def claim(world: World, on: date = DAY, **values: Any) -> StatusClaim:
    given: dict[str, Any] = {"party": world.blue, "words": "Nearly done.", "between": []} | values
    event = given.pop("event", None)
    made = StatusClaim(negotiation=world.talks, **given)
    dating = Dating(on, event=event)
    made.enter(world.talks.session, dating=dating, by=world.ed, citing=[world.cite(QUOTE)])
    return made


def table(world: World, title: str, on: date | None, *issues: Any, **more: Any) -> Proposal:
    clauses = [
        Clause(number=str(number), text="So be it.", touches=[ClauseIssue(issue=issue)])
        for number, issue in enumerate(issues, start=1)
    ]
    made = Proposal(negotiation=world.talks, title=title, tabled_on=on, clauses=clauses, **more)
    made.add(world.talks.session, by=world.ed)
    return made


def test_a_day_tells_events_proposals_statuses_claims_and_positions(world: World) -> None:
    hold(world, "Third round", DAY)
    table(world, "Nine points", DAY, world.water, tabled_by=["red"], source=world.article)
    claim(world, issue=world.water, share=40)
    [(day, found)] = shown(world).days
    assert day == DAY
    assert [line.kind for line in found] == [EVENT, PROPOSAL, STATUS, CLAIM, *[POSITION] * 3]
    event, proposal = found[0].event, found[1].proposal
    assert event is not None
    assert [reference.quote for reference in event.references] == [QUOTE]
    assert proposal is not None
    assert proposal.source is not None
    assert ([issue.key for issue in proposal.issues], proposal.source.title) == (
        ["TK-1"],
        "Talks on the lake go on",
    )
    assert [line.entry.party_code for line in found if line.entry] == [None, "blue", "union", "blue", "red"]
    assert all(line.entry.references for line in found if line.entry)


def test_days_stand_from_the_newest_and_what_has_no_day_last(world: World) -> None:
    table(world, "Undated", None)
    hold(world, "Later", after(2))
    hold(world, "Earlier", after(-2))
    assert [day for day, _ in shown(world).days] == [after(2), DAY, after(-2), None]
    assert [day for day, _ in shown(world, since=after(-9)).days] == [after(2), DAY, after(-2)]


def test_the_period_begins_after_its_first_day_and_ends_with_its_last(world: World) -> None:
    for number in (-1, 0, 1, 2):
        hold(world, f"Day {number}", after(number))
        state(world, world.red, f"Red on day {number}.", on=after(number))
        claim(world, after(number))
        change(world, (Status.PARKED, Status.BLOCKED)[number % 2], after(number))
        table(world, "Nine points", after(number))
    for kind in Happening:
        found = shown(world, since=after(-1), until=after(1), kinds=(kind,)).days
        assert [day for day, _ in found] == [after(1), DAY]


def test_a_status_tells_the_step_that_it_was_of_its_own_track(world: World) -> None:
    agreed = {"agreed_between": ["med", "red"], "track": world.shuttle}
    change(world, Status.AGREED_IN_PRINCIPLE, after(1), world.water, **agreed)
    change(world, Status.BLOCKED, after(2), world.water)
    change(world, Status.BLOCKED, after(3), world.water, track=world.shuttle)
    steps = [line.step for line in lines(world, kinds=(STATUS,))]
    assert [(each.step, each.before) for each in steps if each] == [
        (Step.SLIPPED, Status.AGREED_IN_PRINCIPLE),
        (Step.SIDELINED, Status.OPEN),
        (Step.OPENED, None),
        (Step.OPENED, None),
    ]


def test_a_step_leaves_out_what_was_withdrawn(session: Session, world: World) -> None:
    slip = change(world, Status.PARKED, after(1), world.water)
    change(world, Status.BLOCKED, after(2), world.water)
    session.commit()
    known = datetime.now(UTC)
    retract(slip, reason="Nobody said so.", by=world.ed)
    newest = lines(world, kinds=(STATUS,))
    assert [line.step.before for line in newest if line.step] == [Status.OPEN, None]
    then = lines(world, View(known_at=known), kinds=(STATUS,))
    assert [line.step.before for line in then if line.step] == [Status.PARKED, Status.OPEN, None]


def test_as_of_a_day_and_known_at_a_moment_nothing_else_is_told(world: World) -> None:
    hold(world, "Later", after(2))
    table(world, "Tabled later", after(2))
    state(world, world.red, "Red pays a little.", on=after(2))
    assert kinds(world, View(DAY)) == [STATUS, POSITION, POSITION, POSITION]
    assert kinds(world, View(known_at=datetime(2020, 1, 1, tzinfo=UTC))) == []


def test_lines_voices_leaks_and_answers_are_told_apart(world: World) -> None:
    nine = table(world, "Nine points", DAY, world.water)
    state(world, world.red, "A voice.", standing=Standing.VOICE)
    state(world, world.red, "An answer.", clause=nine.clauses[0])
    found = [line.entry for line in lines(world, kinds=(POSITION,)) if line.entry]
    of = {entry.summary: entry for entry in found}
    voice, answer = of["A voice."], of["An answer."]
    assert voice.standing is Standing.VOICE
    assert (answer.standing, answer.clause, answer.proposal) == (Standing.LINE, "1", "Nine points")


def test_parties_choose_what_they_hold_claim_agreed_tabled_or_took_part_in(world: World) -> None:
    hold(world, "With Red", after(1), participants=["red", "med"])
    hold(world, "Without", after(1), participants=["blue"])
    table(world, "By Red", after(1), tabled_by=["red"])
    table(world, "By Blue", after(1), tabled_by=["blue"])
    claim(world, after(1), party=world.red)
    claim(world, after(1))
    agreed = {"agreed_between": ["med", "red"], "track": world.shuttle}
    change(world, Status.AGREED_IN_PRINCIPLE, after(1), world.water, **agreed)
    found = lines(world, parties=(world.red,))
    assert [line.kind for line in found] == [EVENT, PROPOSAL, STATUS, CLAIM, POSITION]
    assert [line.event.title for line in found if line.event] == ["With Red"]
    assert [line.proposal.title for line in found if line.proposal] == ["By Red"]
    both = kinds(world, parties=(world.red, world.blue), kinds=(EVENT, CLAIM))
    assert both == [EVENT, EVENT, CLAIM, CLAIM]


def test_a_code_within_another_is_another_party(world: World) -> None:
    hold(world, "Without", DAY, participants=["coast"])
    other = Party(negotiation=world.talks, code="coa", name="Coa", ordering=9)
    world.talks.session.add(other)
    assert kinds(world, parties=(other,), kinds=(EVENT,)) == []
    assert kinds(world, parties=(world.coast,), kinds=(EVENT,)) == [EVENT]


@pytest.mark.parametrize("wanted", [{"numbers": (2,)}, {"topics": ("Territory",)}])
def test_issues_choose_what_is_about_them(world: World, wanted: dict[str, Any]) -> None:
    round_ = hold(world, "On the border", after(1))
    hold(world, "On nothing", after(1))
    table(world, "On the border", after(1), world.border, world.water)
    table(world, "On the water", after(1), world.water)
    claim(world, after(1))
    claim(world, after(1), issue=world.border, event=round_)
    found = lines(world, **wanted)
    assert [line.kind for line in found] == [EVENT, PROPOSAL, CLAIM]
    assert [line.event.title for line in found if line.event] == ["On the border"]
    assert kinds(world, numbers=(1,), topics=("Territory",)) == []


def test_an_event_belongs_to_an_issue_by_what_still_stands(session: Session, world: World) -> None:
    round_ = hold(world, "On the border", after(1))
    made = claim(world, after(1), issue=world.border, event=round_)
    session.commit()
    assert kinds(world, numbers=(2,)) == [EVENT, CLAIM]
    retract(made, reason="Nobody said so.", by=world.ed)
    assert kinds(world, numbers=(2,)) == []


def test_strangers_are_not_told_of_withheld_sources(session: Session, world: World) -> None:
    cable = make_source(session, world.talks, "A cable")
    cable.handling = Handling.AMBER
    table(world, "Nine points", DAY, source=cable)
    state(world, world.med, "So they wrote.", on=DAY, citing=[world.cite(QUOTE), Cite(cable)])
    session.flush()

    def told(user: User | None) -> tuple[str | None, bool, list[str | None]]:
        days = timeline(session, world.talks, NOW, user, Wanted(parties=(world.med,)), page=1).days
        [entry] = [line.entry for _, of_day in days for line in of_day if line.entry]
        tabled = timeline(session, world.talks, NOW, user, Wanted(kinds=(PROPOSAL,)), page=1).days
        [proposal] = [line.proposal for _, of_day in tabled for line in of_day if line.proposal]
        cited = [each.source.title if each.source else None for each in entry.references]
        return proposal.source.title if proposal.source else None, proposal.is_withheld, cited

    assert told(world.vera) == ("A cable", False, ["Talks on the lake go on", "A cable"])
    assert told(None) == (None, True, ["Talks on the lake go on", None])


def test_pages_follow_each_other_without_gap(world: World) -> None:
    for number in range(ROWS + 7):
        hold(world, f"Event {number}", after(-number // 3))
    pages = [shown(world, page=page) for page in (1, 2, 3)]
    titles = [
        [line.event.title if line.event else line.kind for _, of_day in page.days for line in of_day]
        for page in pages
    ]
    assert [len(each) for each in titles] == [ROWS, ROWS + 7 + 4 - ROWS, 0]
    assert len(set(titles[0] + titles[1])) == ROWS + 7 + 2
    assert [page.paging.is_last for page in pages] == [False, True, True]


def test_the_number_of_statements_does_not_grow(session: Session, world: World) -> None:
    def cost() -> int:
        session.flush()
        with counting(session) as seen:
            timeline(session, world.talks, NOW, world.vera, Wanted(), page=1)
            panorama(session, world.talks, NOW, Wanted())
        return len(seen)

    hold(world, "One", DAY)
    table(world, "One", DAY, world.water)
    claim(world)
    few = cost()
    for number in range(12):
        hold(world, "More", after(number))
        table(world, "More", after(number), world.water, world.border)
        claim(world, after(number))
        change(world, Status.PARKED if number % 2 else Status.BLOCKED, after(number))
    assert cost() == few <= 14


def test_the_answer_can_be_written_as_it_is(world: World) -> None:
    hold(world, "Third round", DAY)
    table(world, "Nine points", DAY, world.water)
    for found in (shown(world), panorama(world.talks.session, world.talks, NOW, Wanted())):
        told = json.dumps(asdict(found), default=lambda value: value.isoformat())
        assert "TK-1" in told


def test_the_drawing_spans_the_record_and_no_more(world: World) -> None:
    change(world, Status.OPEN, after(2))
    hold(world, "First", after(-4))
    world.talks.session.flush()
    found = panorama(world.talks.session, world.talks, NOW, Wanted())
    assert found.days is not None
    assert (found.days.first, found.days.last) == (after(-4), after(2))
    assert [(issue.key, len(issue.bars)) for issue in found.issues] == [("TK-1", 1), ("TK-2", 1), ("TK-3", 0)]
    assert [mark.events[0].title for mark in found.marks] == ["First"]


def test_the_drawing_is_narrowed_to_days_and_issues(world: World) -> None:
    session = world.talks.session
    change(world, Status.OPEN, after(2))
    hold(world, "First", after(-4))
    session.flush()
    found = panorama(session, world.talks, NOW, Wanted(since=DAY, until=after(1), numbers=(1, 2)))
    assert found.days is not None
    assert (found.days.first, found.days.last, found.total) == (after(1), after(1), 2)
    assert [len(issue.bars) for issue in found.issues] == [1, 0]
    assert found.marks == []
    assert panorama(session, world.talks, NOW, Wanted(since=after(9))).days is None
    assert panorama(session, world.talks, View(after(-9)), Wanted()).days is None
    assert (
        panorama(session, world.talks, View(known_at=datetime(2020, 1, 1, tzinfo=UTC)), Wanted()).marks == []
    )
    assert panorama(session, world.talks, NOW, Wanted(since=date.max - timedelta(days=1))).days is None
