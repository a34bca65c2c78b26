"""Migration 0012 with clauses from before it, and with clauses that were added later."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tests.queries.comparing import propose
from tests.test_migrations import FOLDER
from tests.world import make_world
from tracker.db import migrate
from tracker.models import Clause
from tracker.models.proposal import Tabled
from tracker.queries.integrity import verify


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Table a plan with two clauses."""
    with Session(engine) as session:
        propose(make_world(session))
        session.commit()
        yield session


def again(engine: Engine, session: Session) -> None:
    """Take the migration back and apply it anew."""
    session.close()
    migrate(engine, FOLDER, "0011", down=True)
    migrate(engine, FOLDER, "0012")


def moments(session: Session) -> list[datetime | None]:
    return [*session.scalars(select(Clause.added_at).order_by(Clause.id))]


def test_clauses_from_before_are_as_old_as_their_proposals_and_intact(
    engine: Engine, session: Session
) -> None:
    with engine.connect() as connection:
        told = connection.scalar(text("SELECT count(*) FROM audit_entries WHERE body LIKE '%added_at%'"))
        assert told == 0  # as the log told of them before the migration
    again(engine, session)
    assert moments(session) == [None, None]
    for clause in session.scalars(select(Clause)):
        assert clause.recorded_at == clause.proposal.recorded_at
    assert verify(session).faults == []


def test_clauses_that_were_added_later_keep_their_moments(engine: Engine, session: Session) -> None:
    plan = session.scalars(select(Clause)).all()[0].proposal
    plan.add_clauses([Tabled("3", 'In silver, as "added_at":"noon".')])
    session.commit()
    plan.clauses[2].edit({"text": "In gold."}, [])
    session.commit()
    before = moments(session)
    assert before[:2] == [None, None]
    assert before[2]
    again(engine, session)
    assert moments(session) == before
    assert verify(session).faults == []


@pytest.mark.parametrize("number", ["1", "3"])
def test_a_moment_that_was_moved_is_found(session: Session, number: str) -> None:
    plan = session.scalars(select(Clause)).all()[0].proposal
    plan.add_clauses([Tabled("3", "In silver.")])
    session.commit()
    here = session.scalars(select(Clause.id).where(Clause.number == number)).one()
    session.execute(text(f"UPDATE clauses SET added_at = '2020-01-01 00:00:00+00:00' WHERE id = {here}"))
    session.expire_all()
    assert verify(session).faults == [f"clauses {here}: is not as the log tells it (added_at)"]


def test_a_moment_that_was_taken_away_is_found(session: Session) -> None:
    plan = session.scalars(select(Clause)).all()[0].proposal
    plan.add_clauses([Tabled("3", "In silver.")])
    session.commit()
    session.execute(text("UPDATE clauses SET added_at = NULL"))
    session.expire_all()
    assert verify(session).faults == ["clauses 3: is not as the log tells it (added_at)"]
