import math
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.models.acts import NOON, at, refuses, state, withdraw
from tests.world import DAY, World
from tracker.models import Cite, Clause, Conflict, Correction, Negotiation, Party, Proposal
from tracker.models.position import position_version
from tracker.models.vocabulary import Directness, Firmness, Movement, Stance, Standing

LATER = DAY + timedelta(days=1)


def version(world: World) -> int:
    return position_version(world.talks.session, world.border.id, world.red.id)


def test_position_is_in_force_from_its_day_on(world: World) -> None:
    first = state(world, world.red)
    second = state(world, world.red, LATER, stance=Stance.RESERVES, summary="It has second thoughts.")
    assert world.border.position_of(world.red) is second
    assert world.border.position_of(world.red, DAY) is first
    assert world.border.position_of(world.red, DAY - timedelta(days=1)) is None
    assert world.border.position_of(world.blue) is None


def test_position_needs_a_stance_and_a_sentence(world: World) -> None:
    with refuses("stance", "summary"):
        state(world, world.red, stance=None, summary=" ")


def test_conditional_needs_its_condition_and_nothing_else_takes_one(world: World) -> None:
    with refuses("condition"):
        state(world, world.red, stance=Stance.CONDITIONAL, condition=" ")
    for stance in Stance:
        if stance is not Stance.CONDITIONAL:
            with refuses("condition"):
                state(world, world.red, stance=stance, condition="if it rains")
    entered = state(world, world.red, stance=Stance.CONDITIONAL, condition=" if it rains ")
    assert entered.condition == "if it rains"


def test_firmness_and_movement_are_not_judged_unless_someone_judges(world: World) -> None:
    entered = state(world, world.red)
    assert (entered.firmness, entered.movement, entered.standing) == (
        Firmness.UNKNOWN,
        Movement.UNJUDGED,
        Standing.LINE,
    )


def test_analysis_alone_is_never_a_party_s_position(world: World) -> None:
    analysis = Cite(world.article, directness=Directness.ANALYSIS)
    with refuses("citations"):
        state(world, world.red, citing=[analysis, analysis])
    assert state(world, world.red, citing=[analysis, world.cite()])


def test_a_restatement_takes_from_the_line_what_is_not_given(world: World, session: Session) -> None:
    line = state(
        world,
        world.red,
        issue=world.prisoners,
        stance=Stance.CONDITIONAL,
        condition="all at once",
        firmness=Firmness.FIRM,
        value=100,
        summary="All of them.",
    )
    again = state(
        world, world.red, LATER, issue=world.prisoners, movement=Movement.RESTATED, stance=None, summary=""
    )
    session.commit()
    assert world.prisoners.position_of(world.red) is again
    for field in ("stance", "condition", "firmness", "value", "summary"):
        assert getattr(again, field) == getattr(line, field)
    assert again.citations[0].id != line.citations[0].id


def test_a_restatement_keeps_what_is_given(world: World) -> None:
    state(world, world.red, firmness=Firmness.FIRM, summary="As before.")
    again = state(
        world,
        world.red,
        LATER,
        movement=Movement.RESTATED,
        stance=None,
        summary="In other words.",
        firmness=Firmness.RED_LINE,
    )
    assert (again.stance, again.summary, again.firmness) == (
        Stance.SUPPORTS,
        "In other words.",
        Firmness.RED_LINE,
    )


def test_what_was_never_stated_cannot_be_restated(world: World) -> None:
    state(world, world.red, LATER)
    state(world, world.blue)
    with refuses("movement"):
        state(world, world.red, DAY, movement=Movement.RESTATED, stance=None, summary="")


def test_an_answer_to_a_clause_does_not_restate_the_line(world: World, session: Session) -> None:
    plan = Proposal(negotiation=world.talks, title="Plan", clauses=[Clause(number="1", text="A dam.")])
    plan.add(session, by=world.ed)
    state(world, world.red)
    with refuses("movement"):
        state(world, world.red, movement=Movement.RESTATED, stance=None, summary="", clause=plan.clauses[0])


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 1e16])
def test_a_value_is_a_number_that_can_be_kept(world: World, value: float) -> None:
    with refuses("value"):
        state(world, world.red, issue=world.prisoners, value=value)


@pytest.mark.parametrize("value", [0, -3, 0.1, 1e15])
def test_a_value_is_put_on_the_issue_s_scale(world: World, session: Session, value: float) -> None:
    with refuses("value"):
        state(world, world.red, value=value)  # the border has no scale
    entered = state(world, world.red, issue=world.prisoners, value=value)
    session.commit()
    assert entered.value == value


def test_party_and_clause_are_of_the_same_talks(world: World, session: Session) -> None:
    other = Negotiation(code="OT", title="Other talks", recorded_at=NOON)
    stranger = Party(negotiation=other, code="red", name="Red")
    plan = Proposal(negotiation=other, title="Plan", clauses=[Clause(number="1", text="A dam.")])
    session.add_all([other, stranger])
    plan.add(session, by=world.ed)
    session.flush()
    with refuses("party"):
        state(world, stranger)
    with refuses("clause"):
        state(world, world.red, clause=plan.clauses[0])


def test_a_form_declares_the_number_of_entries_and_retractions(world: World, session: Session) -> None:
    assert version(world) == 0
    first = state(world, world.red, base_version=0)
    assert version(world) == 1
    with pytest.raises(Conflict):
        state(world, world.red, LATER, base_version=0)
    state(world, world.red, LATER, standing=Standing.VOICE, base_version=1)
    state(world, world.blue)
    assert version(world) == 2
    withdraw(world, first)
    assert version(world) == 3
    state(world, world.red, corrects=None, base_version=3)
    assert version(world) == 4
    session.commit()
    assert version(world) == 4


def test_a_correction_moves_the_number_by_two(world: World) -> None:
    wrong = state(world, world.red)
    state(world, world.red, corrects=Correction(wrong, "Misread."), base_version=1)
    assert version(world) == 3


def test_a_position_does_not_move_the_issue_s_version(world: World, session: Session) -> None:
    withdraw(world, state(world, world.red))
    session.commit()
    assert world.border.version == 1


def test_an_import_declares_no_version(world: World) -> None:
    assert state(world, world.red, recorded=at(0)).base_version is None
