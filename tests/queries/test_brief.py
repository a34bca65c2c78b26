"""The brief: where it stands and what changed, cut to what a page holds."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.models.acts import NOON, at, change, claim, state
from tests.queries.changing import LAST, LATER, agree
from tests.world import DAY, World, make_source
from tracker.dates import View
from tracker.exchange.brief_text import write
from tracker.exchange.tongue import ENGLISH
from tracker.models import Cite, EntryLink, Event, Issue
from tracker.models.step import Step
from tracker.models.vocabulary import Directness, EntryLinkKind, EventState, Handling, Movement, Status
from tracker.queries.brief import ISSUES, POINTS, STEPS, Brief, brief
from tracker.queries.weighing import Trait

AT_LAST = View(LAST)


def look(world: World, since: date | None = DAY, view: View = AT_LAST, **asked: Any) -> Brief:
    session = world.talks.session
    session.flush()
    return brief(session, world.talks, view, asked.get("user", world.vera), since)


def add_issues(world: World, number: int) -> list[Issue]:
    made = [Issue(negotiation=world.talks, number=9 + each, title=f"Point {each}") for each in range(number)]
    for issue in made:
        issue.add(world.talks.session)
    world.talks.session.flush()
    return made


def test_it_counts_and_lists_every_issue_of_a_small_record_in_its_own_order(world: World) -> None:
    change(world, Status.BLOCKED, LATER)
    found = look(world)
    assert found.counts == [(Status.OPEN, 1), (Status.BLOCKED, 1), (None, 1)]
    assert [stand.issue.key for stand in found.stands.shown] == ["TK-1", "TK-2", "TK-3"]
    water = found.stands.shown[0]
    assert [each.source and each.source.title for each in water.references[""]] == ["Talks on the lake go on"]
    assert found.stands.more == 0


def test_what_slipped_back_stands_first_and_moves_alone_are_moves(world: World) -> None:
    agree(world, DAY)
    change(world, Status.OPEN, LATER)
    change(world, Status.OPEN, LATER, issue=world.prisoners)
    state(world, world.red, LATER, issue=world.water, movement=Movement.SOFTENED)
    state(world, world.blue, LATER, issue=world.water, movement=Movement.RESTATED)
    found = look(world)
    assert [(step.issue.key, step.has_slipped) for step in found.steps.shown] == [
        ("TK-2", True),
        ("TK-3", False),
    ]
    assert [(move.party.label, move.issue.key) for move in found.moves.shown] == [("Red", "TK-1")]
    assert (found.steps.total, found.moves.total, found.unjudged) == (2, 1, 0)


def test_what_was_lost_in_any_way_stands_before_what_was_won(world: World) -> None:
    (last,) = add_issues(world, 1)
    agree(world, DAY, issue=last)
    change(world, Status.OPEN)
    ends = {
        world.prisoners: Status.OPEN,
        world.water: Status.BLOCKED,
        world.border: Status.DROPPED,
        last: Status.OPEN,
    }
    for issue, status in ends.items():
        change(world, status, LATER, issue=issue)
    found = look(world)
    kinds = [Step.SLIPPED, Step.DROPPED, Step.SIDELINED, Step.OPENED]
    assert [step.kind for step in found.steps.shown] == kinds
    assert [kind for kind, _number in found.changes.counts] == kinds
    # The pages of a large record are in this order too.
    assert [step.issue.key for step in found.changes.steps] == ["TK-9", "TK-2", "TK-1", "TK-3"]


def test_agreement_stands_with_between_whom_and_what_the_parties_claim_of_it(world: World) -> None:
    change(
        world,
        Status.AGREED_IN_PRINCIPLE,
        track=world.shuttle,
        agreed_between=["med", "red"],
        subject_to="the text",
    )
    said = claim(world, world.blue, issue=world.border, share=None, status=Status.OPEN)
    boast = claim(
        world, world.red, issue=world.water, share=None, status=Status.AGREED, between=["blue", "red"]
    )
    border, water = sorted(look(world).agreed.shown, key=lambda stand: stand.issue.title)
    (line,) = border.issue.tracks
    assert (line.agreed_between, line.subject_to, border.is_agreed) == (["med", "red"], "the text", True)
    assert [each.id for each in border.claims] == [said.id]
    # What is claimed alone is no agreement of the desk's.
    assert (water.issue.key, water.is_agreed, water.differing) == ("TK-1", False, [boast.id])
    assert "TK-2" in {point.issue.key for point in look(world).points.shown}


def test_an_open_point_has_the_line_of_each_party_blocs_for_members_and_silence(world: World) -> None:
    found = look(world)
    held = {each.party: each for each in found.points.shown[0].held}
    assert held["Red"].cell is not None
    assert held["Red"].cell.summary == "Red does not pay for the dam."
    assert (held["Coast"].cell, held["Coast"].through) == (None, ["Union of the Shore"])
    assert (held["Mediator"].cell, held["Mediator"].through) == (None, [])


def test_what_is_agreed_dropped_or_overtaken_is_no_open_point(world: World) -> None:
    agree(world, DAY)
    change(world, Status.DROPPED, issue=world.prisoners)
    assert [point.issue.key for point in look(world).points.shown] == ["TK-1"]


def test_an_issue_is_stale_after_a_month_without_evidence_until_somebody_checks_it(world: World) -> None:
    late = View(DAY + timedelta(days=31))
    (stale,) = look(world, view=late).stale.shown
    assert (stale.issue.key, stale.checked_on, stale.age) == ("TK-1", DAY, 31)
    assert look(world, view=View(DAY + timedelta(days=30))).stale.total == 0
    world.water.review(by=world.ed, on=LAST)
    assert look(world, view=late).stale.total == 0


def test_what_is_contradicted_anonymous_or_unchecked_is_doubtful(session: Session, world: World) -> None:
    line = world.water.position_of(world.red)
    rumour = [Cite(world.article, directness=Directness.ANONYMOUS)]
    other = state(world, world.blue, issue=world.water, citing=rumour)
    state(world, world.med, issue=world.water, citing=[Cite(world.report, quote="Not to be found.")])
    assert line is not None
    EntryLink(from_entry=other, to_entry=line, kind=EntryLinkKind.DENIES).add(session, by=world.ed)
    found = look(world)
    named = {doubt.trait: [entry.party for entry, _ in doubt.entries.shown] for doubt in found.doubts.found}
    assert named == {Trait.DENIED: ["Red"], Trait.ANONYMOUS: ["Blue"], Trait.UNCHECKED: ["Mediator"]}
    (spoken,) = found.doubts.found[0].entries.shown[0][1]
    assert (spoken.party, spoken.is_by) == ("Blue", True)
    assert (found.doubts.entries, found.doubts.single) == (5, 5)


def test_it_rests_on_the_entries_that_it_prints_and_on_no_other(session: Session, world: World) -> None:
    def about(what: str, issue: Issue | None) -> dict[str, Any]:
        source = make_source(session, world.talks, f"{issue.title if issue else 'Talks'} {what}")
        source.handling = Handling.CLEAR
        return {"issue": issue, "citing": [Cite(source)]}

    for number, issue in enumerate(add_issues(world, 16)):
        change(world, Status.OPEN, **about("opened", issue))
        if number % 2:
            agree(world, LATER, **about("agreed", issue))
        else:
            change(world, Status.BLOCKED, LATER, **about("blocked", issue))
        if number in (7, 9):
            change(world, Status.OPEN, LAST, **about("slipped", issue))
        state(world, world.red, **about("first", issue))
        state(world, world.red, LATER, **about("moved", issue), movement=Movement.SOFTENED)
        state(world, world.blue, LATER, **about("repeated", issue), movement=Movement.RESTATED)
        claim(world, world.blue, LATER, **about("claimed", issue))
    claim(world, world.red, **about("claimed", None))
    found = look(world)
    printed = {source.title for source in write(found, ENGLISH).sources}
    assert {"Talks claimed", "Point 7 first"} < printed
    assert (found.doubts.found, found.coming) == ([], [])
    assert found.doubts.entries == len(printed)


def test_what_comes_next_is_named_with_its_sources(session: Session, world: World) -> None:
    for title, state_ in (("Round four", EventState.PLANNED), ("Round five", EventState.CANCELLED)):
        ahead = Event(negotiation=world.talks, title=title, starts_on=LAST + timedelta(days=3), state=state_)
        ahead.add(session, by=world.ed, citing=[world.cite()])
    ((coming, cited),) = look(world).coming
    assert (coming.title, coming.days) == ("Round four", 3)
    assert [each.source and each.source.id for each in cited] == [world.article.id]


def test_what_comes_next_of_a_past_day_rests_on_what_was_recorded_by_then(
    session: Session, world: World
) -> None:
    days_later = 5 * 24 * 60
    for title, minute in (("In time", 0), ("Late", days_later)):
        ahead = Event(negotiation=world.talks, title=title, starts_on=LAST + timedelta(days=3))
        ahead.add(session, by=world.ed, citing=[world.cite()], recorded=at(minute))
        ahead.cite(Cite(world.report), by=world.ed, recorded=at(days_later))
    found = [(event.title, event.recorded_on, len(cited)) for event, cited in look(world).coming]
    assert found == [("In time", NOON.date(), 1), ("Late", at(days_later).at.date(), 2)]


def test_without_a_day_it_tells_of_the_two_weeks_before_the_last_entry(world: World) -> None:
    assert look(world, since=None, view=View()).since == DAY - timedelta(days=14)
    assert look(world, since=None, view=View(DAY - timedelta(days=1))).since == DAY - timedelta(days=15)


def test_it_shows_what_was_so_as_of_a_day_and_known_by_a_moment(world: World) -> None:
    change(world, Status.OPEN, recorded=at(5))
    assert look(world).counts == [(Status.OPEN, 2), (None, 1)]
    assert look(world, view=View(LAST, NOON)).counts == [(None, 3)]
    assert look(world, view=View(DAY - timedelta(days=1)), since=DAY - timedelta(days=9)).counts == [
        (None, 3)
    ]


def test_strangers_get_no_source_above_clear(session: Session, world: World) -> None:
    secret = make_source(session, world.talks, "Kept")
    secret.handling = Handling.AMBER
    state(world, world.med, LATER, issue=world.water, citing=[world.cite(), Cite(secret)])
    told, kept = (json.dumps(asdict(look(world, user=user)), default=str) for user in (None, world.vera))
    assert "Kept" in kept
    assert "Kept" not in told


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE")):
            seen.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield seen
    event.remove(connection, "before_cursor_execute", note)


def test_of_a_large_record_it_shows_what_changed_first_in_as_many_statements(
    session: Session, world: World
) -> None:
    agree(world, DAY)

    def enter(issue: Issue) -> None:
        change(world, Status.OPEN, LATER, issue=issue)
        state(world, world.red, LATER, issue=issue)
        claim(world, world.red, LATER, issue=issue)

    enter(world.prisoners)
    session.flush()
    with statements(session) as few:
        look(world)
    for issue in add_issues(world, 40)[20:]:
        enter(issue)
    session.flush()
    with statements(session) as many:
        found = look(world)
    assert len(many) == len(few)
    assert (len(found.stands.shown), found.stands.more) == (ISSUES.first, 43 - ISSUES.first)
    assert [stand.issue.title for stand in found.stands.shown][:2] == ["Prisoners", "Point 20"]
    assert (len(found.points.shown), found.points.total) == (POINTS.first, 42)
    assert (len(found.steps.shown), found.steps.more) == (STEPS.first, 21 - STEPS.first)
    assert found.points.shown[0].issue.title == "Prisoners"
