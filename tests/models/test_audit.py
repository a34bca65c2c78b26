import hashlib
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.models.acts import at, change, claim, refuses, state, withdraw
from tests.models.chains import check_chains, count, told
from tests.world import DAY, PASSWORD, TEXT, World, make_source
from tracker.models import (
    AuditEntry,
    AuditHead,
    Grant,
    Issue,
    Negotiation,
    Party,
    Refused,
    Source,
    User,
    act_as,
)
from tracker.models.audit import DESK
from tracker.models.audit_body import GENESIS, canonical, plain, values_of
from tracker.models.vocabulary import Role, Stance, Status, Visibility


def test_a_new_row_is_told_with_its_values(world: World, session: Session) -> None:
    entered = change(world, Status.OPEN)
    session.commit()
    citation, entry, version = told(session)
    assert (entry["table"], entry["row"], entry["action"]) == ("status_changes", entered.id, "insert")
    assert (entry["chain"], entry["actor"]) == ("TK", "ed@example.org")
    assert entry["new"]["status"] == "open"
    assert entry["new"]["effective_on"] == "2025-12-02"
    assert entry["new"]["recorded_at"] == entry["at"] == entered.recorded_at.isoformat()
    assert citation["new"]["entry_id"] == entered.id
    assert version["table"] == "issues"
    assert (version["old"], version["new"]) == ({"version": 1}, {"version": 2})


def test_a_change_is_told_with_old_and_new_values_only_of_what_changed(
    world: World, session: Session
) -> None:
    session.expire_all()  # the old value is not at hand and must be read
    world.talks.title = "Talks by the lake"
    world.talks.summary = ""
    session.commit()
    [entry] = told(session)
    assert (entry["action"], entry["row"]) == ("update", world.talks.id)
    assert entry["old"] == {"title": "Talks on the lake"}
    assert entry["new"] == {"title": "Talks by the lake"}


def test_what_is_emptied_is_told(world: World, session: Session) -> None:
    world.water.deciding_parties = ["red"]
    session.commit()
    world.water.deciding_parties = None
    session.commit()
    [entry] = told(session)
    assert (entry["old"], entry["new"]) == ({"deciding_parties": ["red"]}, {"deciding_parties": None})


def test_a_deletion_is_told_with_what_stood_there(world: World, session: Session) -> None:
    session.add(Grant(negotiation=world.talks, user=world.vera))
    session.commit()
    grant = session.scalars(select(Grant)).one()
    session.expire(grant)
    session.delete(grant)
    session.commit()
    [entry] = told(session)
    assert (entry["action"], entry["chain"]) == ("delete", "TK")
    assert entry["old"] == {"negotiation_id": world.talks.id, "user_id": world.vera.id}


def test_nothing_is_told_where_nothing_changes(world: World, session: Session) -> None:
    before = count(session)
    world.talks.title = "Talks on the lake"
    world.red.name = "Rouge"
    world.red.name = "Red"
    session.commit()
    assert count(session) == before


def test_the_log_is_rolled_back_with_the_write(world: World, session: Session) -> None:
    before = count(session)
    change(world, Status.OPEN)
    session.flush()
    session.rollback()
    assert count(session) == before
    session.commit()
    assert count(session) == before


def test_what_a_savepoint_took_back_is_not_told(world: World, session: Session) -> None:
    before = count(session)
    world.talks.title = "Before"
    with session.begin_nested() as savepoint:
        change(world, Status.OPEN)
        session.flush()
        savepoint.rollback()
    world.blue.name = "After"
    session.commit()
    assert [entry["table"] for entry in told(session)] == ["negotiations", "parties"]
    assert count(session) == before + 2
    check_chains(session)


def test_what_a_savepoint_kept_is_told_with_the_rest(world: World, session: Session) -> None:
    world.talks.title = "Before"
    with session.begin_nested():
        with session.begin_nested() as inner:
            world.red.name = "Gone"
            session.flush()
            inner.rollback()
        change(world, Status.OPEN)
    session.commit()
    assert [entry["table"] for entry in told(session)] == [
        "negotiations",
        "citations",
        "status_changes",
        "issues",
    ]
    check_chains(session)


@pytest.mark.usefixtures("world")
def test_a_chain_begun_in_a_lost_savepoint_is_begun_again(session: Session) -> None:
    with session.begin_nested() as savepoint:
        lost = Negotiation(code="OT", title="Lost")
        session.add(lost)
        lost.recorded_at = lost.moment
        session.flush()
        savepoint.rollback()
    found = Negotiation(code="OT", title="Found")
    session.add(found)
    found.recorded_at = found.moment
    session.commit()
    assert [entry["new"]["title"] for entry in told(session)] == ["Found"]
    check_chains(session)


def test_a_write_needs_an_actor_each_time_it_is_tried(world: World, session: Session) -> None:
    before = count(session)
    del session.info["actor"]
    world.talks.title = "Quietly"
    for _ in range(2):
        with pytest.raises(RuntimeError, match="needs an actor"):
            session.commit()
    session.rollback()
    assert world.talks.title == "Talks on the lake"
    assert count(session) == before


def test_reading_needs_no_actor(world: World, session: Session) -> None:
    del session.info["actor"]
    assert world.water.status_on()
    session.commit()


def test_who_has_no_account_acts_by_name(world: World, session: Session) -> None:
    act_as(session, "shell")
    world.talks.title = "Talks by the lake"
    session.commit()
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry
    assert (entry.actor, entry.actor_id) == ("shell", None)


def test_talks_have_a_chain_each_and_the_desk_has_one(world: World, session: Session) -> None:
    other = Negotiation(code="OT", title="Other talks")
    session.add(other)
    other.recorded_at = other.moment
    session.add(Party(negotiation=other, code="red", name="Red"))
    make_source(session, other, "Another article")
    world.talks.title = "Talks by the lake"
    session.commit()
    assert {(entry["chain"], entry["table"]) for entry in told(session)} == {
        ("OT", "negotiations"),
        ("OT", "parties"),
        ("TK", "negotiations"),
        (DESK, "sources"),
        (DESK, "filings"),
    }
    heads = session.execute(select(AuditHead.chain, func.count()).group_by(AuditHead.chain)).all()
    assert {chain for chain, _ in heads} == {"TK", "OT", DESK}
    assert check_chains(session) == count(session)


def test_chains_hold_over_many_writes(world: World, session: Session) -> None:
    withdraw(world, change(world, Status.OPEN))
    claim(world, world.red)
    session.commit()
    state(world, world.red, issue=world.prisoners, value=3)
    world.ed.name = "Edith"
    session.commit()
    assert GENESIS == "0" * 64
    assert check_chains(session) > 30


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_heads SET sequence = sequence - 1",
        "UPDATE audit_heads SET hash = 'x'",
    ],
)
def test_a_chain_that_was_meddled_with_is_noticed(session: Session, statement: str) -> None:
    session.connection().exec_driver_sql(statement)
    with pytest.raises(AssertionError):
        check_chains(session)


def test_secrets_are_not_told_and_long_texts_by_their_hash_alone(world: World, session: Session) -> None:
    user = User.add(session, email="new@example.org", name="New", role=Role.VIEWER, password=PASSWORD)
    session.commit()
    user.set_password(PASSWORD + "!")
    source = make_source(session, world.talks, "With its text", TEXT)
    session.commit()
    bodies = [entry.body for entry in session.scalars(select(AuditEntry))]
    assert not [body for body in bodies if "argon2" in body or PASSWORD in body or "third time" in body]
    [change] = [entry for entry in told(session) if entry["table"] == "users"]
    assert (change["old"], change["new"]) == (
        {"password_hash": "(not shown)"},
        {"password_hash": "(not shown)"},
    )
    [text] = [entry["new"]["text"] for entry in told(session) if entry["table"] == "sources"]
    assert source.text
    assert text == "sha256:" + hashlib.sha256(source.text.encode()).hexdigest()


def test_what_is_told_of_a_new_row_is_what_is_read_of_it(world: World, session: Session) -> None:
    state(world, world.red, issue=world.prisoners, value=3)
    state(world, world.blue, issue=world.prisoners, stance=Stance.OPPOSES, value=0.1)
    change(world, Status.AGREED, agreed_between=("red", "blue"), recorded=at(-1, uid="u"))
    issue = Issue(
        negotiation=world.talks, number=9, title="Scaled", scale_unit="km", scale_from=0, scale_to=1
    )
    issue.add(session)
    session.commit()
    session.expire_all()
    tables = {
        mapper.class_.__tablename__: mapper.class_
        for mapper in Issue.registry.mappers
        if mapper.class_.is_audited
    }
    inserts = [entry for entry in told(session) if entry["action"] == "insert"]
    assert len(inserts) == 7
    for entry in inserts:
        row = session.get_one(tables[entry["table"]], entry["row"])
        assert json.loads(canonical(values_of(row))) == entry["new"], entry["table"]


def test_the_body_is_canonical() -> None:
    value = {"b": [1, "ї"], "a": None, "c": True}
    assert canonical(value) == '{"a":null,"b":[1,"ї"],"c":true}'
    assert plain(0.1) == "0.1"
    assert plain(DAY) == "2025-12-02"
    assert plain(datetime(2025, 12, 2, 14, tzinfo=UTC)) == "2025-12-02T14:00:00+00:00"
    assert plain(Status.OPEN) == "open"


def test_what_has_entries_under_it_cannot_be_deleted(world: World, session: Session) -> None:
    for row in (world.water, world.border, world.red, world.vera, world.talks):
        session.delete(row)
        with pytest.raises(Refused, match="cannot be deleted"):
            session.commit()
        session.rollback()
    for filing in world.article.filings:
        session.delete(filing)
    session.delete(world.article)
    with pytest.raises(Refused, match="cannot be deleted"):
        session.commit()


def test_the_second_to_save_the_same_thing_is_told(world: World, session: Session) -> None:
    session.add(Party(negotiation=world.talks, code="red", name="Rouge"))
    with refuses(""):
        session.commit()
    session.rollback()
    world.talks.visibility = Visibility.INTERNAL
    session.commit()
    assert session.scalars(select(Source.title).order_by(Source.id)).first() == world.article.title
