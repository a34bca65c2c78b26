"""Several at once, each with a connection of its own: nothing is lost, doubled or told wrong."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import ObjectDeletedError

from tests.models.acts import change, refuses, withdraw
from tests.models.chains import check_chains
from tests.world import DAY, PASSWORD, find_world, make_source, make_world
from tracker.db import writing
from tracker.models import (
    Cite,
    Conflict,
    Dating,
    Entry,
    Grant,
    Issue,
    Position,
    Refused,
    Retraction,
    Source,
    StatusChange,
    User,
    act_as,
    publication,
)
from tracker.models.position import position_version
from tracker.models.vocabulary import Role, Stance, Status, Visibility

EDITORS, CHANGES = 8, 20
Write = Callable[[Session, int, str], None]


@pytest.fixture
def shared(engine: Engine) -> Engine:
    """Make the world in a database that takes several connections."""
    with Session(engine) as session, writing():
        make_world(session)
    return engine


def run(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Do all at the same time and give what each gave, or raised."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        futures = [pool.submit(job) for job in jobs]
        return [future.exception() or future.result() for future in futures]


def edit(engine: Engine, base: Callable[[Session], int], write: Write, editors: int, changes: int) -> None:
    """Let each editor read the version and write from it, anew after a conflict, until all is accepted."""
    barrier = threading.Barrier(editors)

    def editor(number: int) -> None:
        accepted = tries = 0
        while accepted < changes:
            with Session(engine) as session:
                version = base(session)
            if tries == 0:
                barrier.wait(30)  # all start from the same version
            tries += 1
            try:
                with Session(engine) as session, writing():
                    write(session, version, f"{number}-{accepted}")
                    session.commit()
            except Conflict:
                time.sleep(0.01 * number)  # as people do: else the processor is busy with conflicts alone
                continue
            accepted += 1

    assert run([partial(editor, number) for number in range(editors)]) == [None] * editors


def check(engine: Engine, kind: Any, words: Any, first: int, editors: int, changes: int) -> None:
    """Hold that each change is there once, the k-th made from version k, and that the chains are whole."""
    with Session(engine) as session:
        world = find_world(session)
        entries = session.scalars(select(kind).where(kind.issue == world.border).order_by(Entry.id)).all()
        written = sorted(words(entry) for entry in entries)
        assert written == sorted(f"{e}-{c}" for e in range(editors) for c in range(changes))
        assert [entry.base_version for entry in entries] == [*range(first, first + len(entries))]
        assert [entry.recorded_at for entry in entries] == sorted(entry.recorded_at for entry in entries)
        check_chains(session)


def border(session: Session) -> Issue:
    """Find the border alone: to take hold of the whole world takes longer than to write."""
    act_as(session, "editor")
    return session.scalars(select(Issue).where(Issue.number == 2)).one()


def change_border(session: Session, version: int, words: str) -> None:
    citing = [Cite(session.get_one(Source, 1))]
    border(session).change_status(
        Status.OPEN,
        dating=Dating(DAY),
        by="editor",
        citing=citing,
        reason="So it was said.",
        subject_to=words,
        base_version=version,
    )


def state_border(session: Session, version: int, words: str) -> None:
    citing = [Cite(session.get_one(Source, 1))]
    issue = border(session)
    red = issue.negotiation.parties[0]
    issue.state_position(
        red,
        dating=Dating(DAY),
        by="editor",
        citing=citing,
        stance=Stance.SUPPORTS,
        summary=words,
        base_version=version,
    )


def version_of_border(session: Session) -> int:
    return border(session).version


def version_of_red(session: Session) -> int:
    issue = border(session)
    return position_version(session, issue.id, issue.negotiation.parties[0].id)


def test_each_status_change_is_made_from_the_one_before(shared: Engine) -> None:
    edit(shared, version_of_border, change_border, EDITORS, CHANGES)
    check(shared, StatusChange, lambda entry: entry.subject_to, 1, EDITORS, CHANGES)
    with Session(shared) as session:
        assert find_world(session).border.version == EDITORS * CHANGES + 1


def test_without_the_check_of_versions_this_would_be_noticed(
    shared: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_version = Issue.at_version
    monkeypatch.setattr(Issue, "at_version", lambda issue, _base: at_version(issue, None))
    edit(shared, version_of_border, change_border, 3, 2)
    with pytest.raises(AssertionError):
        check(shared, StatusChange, lambda entry: entry.subject_to, 1, 3, 2)


def test_each_position_is_made_from_the_one_before(shared: Engine) -> None:
    edit(shared, version_of_red, state_border, 4, 5)
    check(shared, Position, lambda entry: entry.summary, 0, 4, 5)


def test_one_of_many_retracts_an_entry(shared: Engine) -> None:
    with Session(shared) as session:
        uid = change(find_world(session), Status.OPEN).uid
        session.commit()
    barrier = threading.Barrier(4)

    def editor() -> None:
        with Session(shared) as session, writing():
            world = find_world(session)
            barrier.wait(30) if shared.dialect.name == "postgresql" else None
            withdraw(world, session.scalars(select(Entry).where(Entry.uid == uid)).one())
            session.commit()

    outcomes = run([editor] * 4)
    assert outcomes.count(None) == 1
    assert [str(each) for each in outcomes if each] == ["This was retracted already."] * 3
    with Session(shared) as session:
        assert len(session.scalars(select(Retraction)).all()) == 1
        assert find_world(session).border.version == 3
        check_chains(session)


def test_changes_and_retractions_move_the_version_together(shared: Engine) -> None:
    with Session(shared) as session, writing():
        world = find_world(session)
        uids = [change(world, Status.OPEN, subject_to=str(number)).uid for number in range(4)]
        session.commit()

    def retracting() -> None:
        for uid in uids:
            with Session(shared) as session, writing():
                world = find_world(session)
                withdraw(world, session.scalars(select(Entry).where(Entry.uid == uid)).one())
                session.commit()

    def changing() -> None:
        for number in range(4):
            with Session(shared) as session, writing():
                change(find_world(session), Status.BLOCKED, subject_to=str(number))
                session.commit()

    assert run([retracting, changing]) == [None, None]
    with Session(shared) as session:
        assert find_world(session).border.version == 1 + 4 + 4 + 4
        check_chains(session)


def test_one_of_many_opens_an_account(shared: Engine) -> None:
    barrier = threading.Barrier(3)

    def opening() -> None:
        with Session(shared) as session, writing():
            find_world(session)
            barrier.wait(30) if shared.dialect.name == "postgresql" else None
            User.add(session, email="new@example.org", name="New", role=Role.VIEWER, password=PASSWORD)
            session.commit()

    outcomes = run([opening] * 3)
    assert outcomes.count(None) == 1
    assert all(isinstance(each, Refused) for each in outcomes if each)
    with Session(shared) as session:
        assert len(session.scalars(select(User)).all()) == 4
        check_chains(session)


@pytest.fixture
def unquoted(shared: Engine) -> int:
    """Add a source whose text nobody quotes yet."""
    with Session(shared) as session, writing():
        source = make_source(session, find_world(session).talks, "Unquoted", "The words of the envoy.")
        session.flush()
        number = source.id
        session.commit()
    return number


def test_a_text_does_not_change_while_it_is_being_quoted(shared: Engine, unquoted: int) -> None:
    begun = threading.Event()

    def retyping() -> None:
        with Session(shared) as session, writing():
            begun.set()
            find_world(session)
            session.get_one(Source, unquoted).edit({"text": "Other words."})
            session.commit()

    with Session(shared) as session, writing(), ThreadPoolExecutor(1) as pool:
        world = find_world(session)
        source = session.get_one(Source, unquoted)
        change(world, Status.OPEN, citing=[Cite(source, quote="the envoy")])
        session.flush()
        waiting = pool.submit(retyping)
        assert begun.wait(30)
        with pytest.raises(TimeoutError):
            waiting.result(0.5)
        session.commit()
        with refuses("text"):
            waiting.result(30)


@pytest.mark.parametrize("leave", [("ann", "ed"), ("ann", "ann")])
def test_two_who_take_grants_back_leave_one(shared: Engine, leave: tuple[str, str]) -> None:
    with Session(shared) as session, writing():
        world = find_world(session)
        publication.change(world.talks, {"visibility": Visibility.RESTRICTED}, by=world.ed)
        session.flush()
        publication.let_in(world.talks, "ann@example.org")
        session.commit()
    barrier = threading.Barrier(2)

    def take_back(name: str) -> None:
        with Session(shared) as session:
            act_as(session, "tests")
            query = select(Grant).join(Grant.user).where(User.email == f"{name}@example.org")
            grant = session.scalars(query).one()
            assert len(grant.negotiation.grants) == 2
            session.rollback()
            barrier.wait()
            with writing():
                publication.let_out(grant)
                session.commit()

    raised = [each for each in run([partial(take_back, name) for name in leave]) if each is not None]
    assert all(isinstance(each, (Refused, ObjectDeletedError)) for each in raised)
    with Session(shared) as session:
        assert len(session.scalars(select(Grant)).all()) == 1
        check_chains(session)
