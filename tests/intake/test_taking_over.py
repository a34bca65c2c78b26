"""What of a list is new, and adding it as sources, all or nothing."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.intake.lists import ris_of_five_hundred, ris_record
from tests.world import World, make_world
from tracker.db import writing
from tracker.intake.taking_over import ADDED, BROKEN, PASSED_OVER, add_references, check_references
from tracker.models import AuditEntry, Refused, Source
from tracker.queries.duplicates import Likeness
from tracker.queries.integrity import verify


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with writing(), Session(engine) as session:
        yield session


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session)


def count(session: Session, table: type[Source] | type[AuditEntry]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_list_of_five_hundred_names_its_twenty_duplicates_and_five_that_are_broken(
    session: Session, world: World
) -> None:
    steps: list[tuple[int, int]] = []
    checked = check_references(
        session, ris_of_five_hundred(), world.ed, progress=lambda *step: steps.append(step)
    )
    assert (len(checked.taken), len(checked.duplicates), len(checked.broken)) == (475, 20, 5)
    assert steps[-1] == (500, 500)
    by_number = {row.reference.number: row for row in checked.duplicates}
    assert [*by_number] == [*range(481, 501)]
    assert by_number[481].earlier[0].number == 1
    assert Likeness.ADDRESS in by_number[481].earlier[0].why
    assert by_number[491].earlier[0].why == (Likeness.TITLE,)
    assert by_number[500].here[0].id == world.article.id


def test_what_is_new_is_added_as_any_other_source(session: Session, world: World) -> None:
    before = count(session, AuditEntry)
    told = add_references(session, ris_of_five_hundred(), filed_under=[world.talks], by=world.ed)
    session.commit()
    assert told.counts == {ADDED: 475, PASSED_OVER: 20, BROKEN: 5}
    assert len(told.left_out) == 25
    assert count(session, Source) == 475 + 2
    assert count(session, AuditEntry) == before + 2 * 475  # each with where it is filed
    source = session.scalars(select(Source).where(Source.url == "https://example.org/r/3")).one()
    assert (source.title, source.recorded_by) == ("Report number 3", "Ed")
    assert verify(session).faults == []
    with pytest.raises(Refused, match="Nothing in this list is new"):
        add_references(session, ris_of_five_hundred(), filed_under=[world.talks], by=world.ed)


def test_what_only_looks_like_another_is_added_where_that_was_said(session: Session, world: World) -> None:
    text = ris_record(1) + ris_record(1, title="Another report") + ris_record(2, title="")
    told = add_references(session, text, filed_under=[world.talks], by=world.ed, also=[2, 3, 9])
    assert told.counts == {ADDED: 2, PASSED_OVER: 0, BROKEN: 1}
    assert told.left_out == [(3, "", BROKEN)]


def test_nothing_is_added_where_it_is_filed_nowhere(session: Session, world: World) -> None:
    with pytest.raises(Refused):
        add_references(session, ris_record(1), filed_under=[], by=world.ed)
    session.rollback()
    assert count(session, Source) == 2
