"""Values that are never written, and rows that never change. History has a file of its own."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.models.acts import NOON, change, refuses, state
from tests.world import World
from tracker.db import PROSE, TITLE, Base
from tracker.models import Event, Grant, Issue, Negotiation, Party, Proposal, Refused, Source, StatusChange
from tracker.models.guard import text_faults
from tracker.models.vocabulary import Status


def other(session: Session) -> Negotiation:
    """Add other talks."""
    talks = Negotiation(code="OT", title="Other talks", recorded_at=NOON)
    session.add(talks)
    session.flush()
    return talks


@pytest.mark.parametrize(
    ("handle", "field", "value"),
    [
        ("talks", "code", "TT"),
        ("talks", "recorded_at", NOON),
        ("red", "code", "rouge"),
        ("water", "number", 7),
        ("water", "recorded_at", NOON),
        ("article", "uid", "another"),
        ("article", "recorded_at", NOON),
    ],
)
def test_what_is_fixed_never_changes(world: World, handle: str, field: str, value: object) -> None:
    session = world.talks.session
    setattr(getattr(world, handle), field, value)
    with refuses(field):
        session.commit()
    session.rollback()
    assert getattr(getattr(world, handle), field) != value


@pytest.mark.parametrize("handle", ["red", "water"])
def test_nothing_moves_to_other_talks(world: World, session: Session, handle: str) -> None:
    row = getattr(world, handle)
    row.negotiation = other(session)
    with refuses("negotiation"):
        session.commit()
    session.rollback()
    row.negotiation_id = other(session).id
    with refuses("negotiation_id"):
        session.commit()


def test_events_and_proposals_keep_their_uid_and_their_day_of_recording(
    world: World, session: Session
) -> None:
    event = Event(negotiation=world.talks, title="Round three", starts_on=NOON.date())
    proposal = Proposal(negotiation=world.talks, title="A plan")
    event.add(session, by=world.ed)
    proposal.add(session, by=world.ed)
    session.commit()
    for row in (event, proposal):
        row.uid, row.recorded_at = "another", NOON
        with refuses("uid", "recorded_at"):
            session.flush()
        session.rollback()


def test_setting_the_same_value_is_no_change(world: World, session: Session) -> None:
    session.expire_all()
    world.talks.code = "TK"
    world.water.number = 1
    session.commit()


def test_what_is_not_fixed_may_change(world: World, session: Session) -> None:
    world.talks.title = "Talks by the lake"
    world.shuttle.code = "pendulum"
    session.commit()
    assert session.scalars(select(Negotiation.title)).one() == "Talks by the lake"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("a\x00b", "NUL"),
        ("a\ud800b", "surrogate"),
        ("\udfff", "surrogate"),
        ("a" * (TITLE + 1), "301 characters; 300 is the most"),
    ],
)
def test_texts_that_a_database_would_not_take_are_refused(world: World, value: str, message: str) -> None:
    world.talks.title = value
    with pytest.raises(Refused, match=message):
        world.talks.session.flush()


@pytest.mark.parametrize("value", ["a\x00b", "a\ud800b", "a" * (TITLE + 1)])
def test_texts_in_lists_are_held_to_the_same(world: World, value: str) -> None:
    world.red.aliases = ["Red", value]
    with refuses("aliases"):
        world.talks.session.flush()


def test_the_longest_text_is_taken(world: World, session: Session) -> None:
    world.talks.title = "ї" * TITLE
    world.talks.summary = "💧" * PROSE
    world.red.aliases = ["ї" * TITLE]
    session.commit()
    session.expire_all()
    assert world.talks.title == "ї" * TITLE
    assert world.talks.summary == "💧" * PROSE


def test_numbers_that_a_database_would_not_take_are_refused(world: World) -> None:
    world.water.ordering = 2**31
    with refuses("ordering"):
        world.talks.session.flush()
    world.water.ordering = -(2**31)
    with refuses("ordering"):
        world.talks.session.flush()
    world.water.ordering = 2**31 - 1
    world.talks.session.flush()


def test_entries_are_held_to_the_same(world: World) -> None:
    with refuses("reason"):
        change(world, Status.OPEN, reason="a\x00b")
    with refuses("summary"):
        state(world, world.red, summary="a" * (PROSE + 1))
    with refuses("citations-0-quote"):
        change(world, Status.OPEN, citing=[world.cite("a" * (PROSE + 1))])


@pytest.mark.parametrize("table", sorted((m.class_ for m in Base.registry.mappers), key=str), ids=str)
def test_the_database_holds_the_length_of_each_text(table: Any) -> None:
    limits = {rule.name for rule in table.__table__.constraints}
    for column in table.__table__.columns:
        limit = getattr(column.type, "length", None)
        if limit and not hasattr(column.type, "enums"):
            assert f"ck_{table.__tablename__}_{column.name}_length" in limits


def test_a_statement_past_the_session_meets_the_database(session: Session) -> None:
    statement = update(Negotiation.__table__).values(title="a" * (TITLE + 1))  # type: ignore[arg-type]
    with pytest.raises(DBAPIError):
        session.execute(statement)


@pytest.mark.parametrize("statement", [update(StatusChange).values(reason=""), delete(StatusChange)])
def test_a_statement_does_not_change_history(session: Session, statement: Any) -> None:
    with refuses(""):
        session.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        update(Negotiation).values(title="Quietly"),
        delete(Grant),
        insert(Party).values(code="x", name="X", negotiation_id=1),
        insert(StatusChange).values(reason=""),
    ],
)
def test_no_statement_writes_what_the_log_would_not_tell(session: Session, statement: Any) -> None:
    with pytest.raises(RuntimeError, match="the log would not tell"):
        session.execute(statement)


def test_nobody_writes_in_bulk_past_the_listeners() -> None:
    sources = (Path(__file__).parents[2] / "tracker").rglob("*.py")
    assert [path.name for path in sources if ".bulk_" in path.read_text()] == []


def test_lists_changed_in_place_are_not_written(world: World, session: Session) -> None:
    entered = change(world, Status.AGREED, agreed_between=["blue", "red"])
    session.commit()
    entered.agreed_between.append("med")
    session.commit()
    session.expire_all()
    assert entered.agreed_between == ["blue", "red"]


def test_faults_are_found_before_a_row_is_in_a_session() -> None:
    assert [fault.field for fault in text_faults(Issue(number=2**40, title="\x00", topic="fine"))] == [
        "number",
        "title",
    ]
    assert not text_faults(Source(title="fine", authors=["A. Author"]))
