"""Proposals and events as rows that are edited: versions, clauses, and what they touch."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.models.acts import refuses, state
from tests.models.test_event import COMING, hold, other_track, table
from tests.world import DAY, QUOTE, World
from tracker.models import (
    AuditEntry,
    Clause,
    ClauseIssue,
    Conflict,
    Issue,
    Proposal,
    Recorded,
    Refused,
    editable,
)
from tracker.models.proposal import Tabled
from tracker.models.vocabulary import EventState


@pytest.fixture
def plan(world: World, session: Session) -> Proposal:
    """Table a plan with one clause on the water."""
    plan = table(world, tabled_on=DAY, source=world.article)
    session.flush()
    plan.add_clauses([Tabled("1", "Red pays.", "para 3", [world.water])])
    session.commit()
    return plan


def touched(clause: Clause) -> list[int]:
    return [touch.issue.number for touch in clause.touches]


def test_a_planned_event_is_held_or_cancelled_later(world: World, session: Session) -> None:
    event = hold(world, starts_on=COMING, state=EventState.PLANNED)
    session.commit()
    version = editable.version_of(event)
    with refuses("state"):
        event.edit({"state": EventState.HELD}, by=world.ed, base_version=version)
    session.rollback()
    event.edit({"state": EventState.CANCELLED}, by=world.ed, base_version=version)
    session.commit()
    assert event.state is EventState.CANCELLED
    assert editable.version_of(event) == version + 1
    with pytest.raises(Conflict):
        event.edit({"title": "Mine"}, by=world.ed, base_version=version)


def test_a_source_that_is_cited_later_counts_from_then(world: World, session: Session) -> None:
    event = hold(world)
    session.commit()
    event.edit({"place": "The lake"}, by=world.ann, citing=[world.cite(QUOTE)])
    session.commit()
    assert event.citations[0].is_checked
    assert event.citations[0].recorded_by == "Ann"
    assert event.citations[0].recorded_at > event.recorded_at
    with refuses("citations-0-quote"):
        event.edit({}, by=world.ann, citing=[world.cite("nobody said this")])


@pytest.mark.parametrize(
    ("values", "field"),
    [({"starts_on": None}, "starts_on"), ({"ends_on": DAY - timedelta(days=1)}, "ends_on")],
)
def test_an_event_keeps_its_rules_when_it_is_edited(
    world: World, session: Session, values: dict[str, object], field: str
) -> None:
    event = hold(world)
    session.commit()
    with refuses(field):
        event.edit(values, by=world.ed)


def test_clauses_are_added_all_or_none(plan: Proposal, world: World, session: Session) -> None:
    before = session.scalar(select(func.count()).select_from(Clause))
    with refuses("a-number", "b-text", "c-number"):
        plan.add_clauses(
            [
                Tabled("1", "Again.", place="a-"),
                Tabled("2", " ", place="b-"),
                Tabled("2", "Twice.", place="c-"),
            ]
        )
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Clause)) == before
    plan.add_clauses(
        [Tabled("2", "Blue counts.", issues=[world.border, world.water]), Tabled("3", "So be it.")]
    )
    session.commit()
    assert [(clause.number, touched(clause)) for clause in plan.clauses] == [
        ("1", [1]),
        ("2", [2, 1]),
        ("3", []),
    ]


def test_nothing_to_add_and_a_number_that_is_too_long_are_refused(plan: Proposal) -> None:
    with refuses(""):
        plan.add_clauses([])
    with refuses("number"):
        plan.add_clauses([Tabled("1" * 33, "Text.")])


def test_a_clause_touches_issues_of_its_own_talks(plan: Proposal, session: Session) -> None:
    far = other_track(session).negotiation
    issue = Issue(negotiation=far, number=1, title="Far")
    issue.add(session)
    with refuses("issues"):
        plan.add_clauses([Tabled("2", "Text.", issues=[issue])])
    with refuses("issues"):
        plan.clauses[0].edit({}, [issue])


def test_a_clause_is_edited_with_the_issues_it_touches(
    plan: Proposal, world: World, session: Session
) -> None:
    clause = plan.clauses[0]
    clause.edit({"text": "Red pays half."}, [world.border], base_version=editable.version_of(clause))
    session.commit()
    session.expire_all()
    assert (clause.text, touched(clause)) == ("Red pays half.", [2])
    told = select(AuditEntry.action).where(AuditEntry.table_name == "clause_issues").order_by(AuditEntry.id)
    assert sorted([*session.scalars(told)][-2:]) == ["delete", "insert"]


def test_two_editors_of_a_clause_do_not_overwrite_each_other(
    plan: Proposal, world: World, session: Session
) -> None:
    clause = plan.clauses[0]
    begun = editable.version_of(clause)
    clause.edit({}, [world.water, world.border], base_version=begun)  # an issue alone, no word
    session.commit()
    with pytest.raises(Conflict):
        clause.edit({"text": "Mine."}, [world.water], base_version=begun)


def test_a_clause_keeps_a_number_of_its_own(plan: Proposal, session: Session) -> None:
    plan.add_clauses([Tabled("2", "Blue counts.")])
    session.commit()
    with refuses("number"):
        plan.clauses[1].edit({"number": "1"}, [])
    with refuses("text"):
        plan.clauses[1].edit({"text": ""}, [])


def test_a_clause_is_taken_back_unless_a_position_answers_it(
    plan: Proposal, world: World, session: Session
) -> None:
    plan.add_clauses([Tabled("2", "Blue counts.", issues=[world.border])])
    session.commit()
    state(world, world.red, issue=world.water, clause=plan.clauses[0])
    session.commit()
    plan.clauses[0].remove()
    with pytest.raises(Refused, match="cannot be deleted"):
        session.commit()
    session.rollback()
    plan.clauses[1].remove()
    session.commit()
    session.expire_all()
    assert [clause.number for clause in plan.clauses] == ["1"]
    assert session.scalar(select(func.count()).select_from(ClauseIssue)) == 1


def test_a_proposal_is_edited(plan: Proposal, session: Session) -> None:
    version = editable.version_of(plan)
    editable.edit(plan, {"tabled_by": ["red"], "title": "The plan"}, base_version=version)
    session.commit()
    with refuses("tabled_on"):
        editable.edit(plan, {"tabled_on": COMING})
    session.rollback()
    with pytest.raises(Conflict):
        editable.edit(plan, {"title": "Mine"}, base_version=version)


def test_a_clause_is_recorded_when_it_is_added(plan: Proposal, session: Session) -> None:
    plan.add_clauses([Tabled("2", "Blue counts.")])
    session.commit()
    first, second = plan.clauses
    assert first.recorded_at == plan.recorded_at
    assert first.added_at is None
    assert second.recorded_at == second.added_at
    assert second.recorded_at > plan.recorded_at
    told = select(AuditEntry.at).where(AuditEntry.table_name == "clauses", AuditEntry.row_id == second.id)
    assert session.scalar(told) == second.recorded_at
    with refuses("added_at"):
        second.added_at = None
        session.flush()


def test_a_position_does_not_answer_a_clause_that_was_added_later(
    plan: Proposal, world: World, session: Session
) -> None:
    plan.add_clauses([Tabled("2", "Blue counts.", issues=[world.water])])
    session.commit()
    first, second = plan.clauses
    then = Recorded(second.recorded_at - timedelta(microseconds=1), "Ed")
    with refuses("clause"):
        state(world, world.red, issue=world.water, clause=second, recorded=then)
    state(world, world.red, issue=world.water, clause=first, recorded=then)
    state(world, world.red, issue=world.water, clause=second)
    session.commit()
