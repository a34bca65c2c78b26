"""What was edited behind the program's back is found."""

from collections.abc import Callable
from typing import TypeAlias

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.world import World
from tracker.db import Base
from tracker.models import Correction, Dating
from tracker.models.retraction import retract
from tracker.models.vocabulary import Status
from tracker.queries.integrity import audited, verify

Tampers: TypeAlias = Callable[..., str]
THEN = "'2020-01-01 00:00:00+00:00'"
ENTRY = (
    "INSERT INTO entries (uid, kind, negotiation_id, party_id, effective_on, effective_words, day_basis, "
    "recorded_at, first_recorded_at, recorded_by) "
    f"VALUES ('u', 'claim', 1, 1, '2025-12-02', '', 'stated', {THEN}, {THEN}, 'x')"
)
REVIEW = (
    "INSERT INTO reviews (id, uid, issue_id, checked_on, note, recorded_at, recorded_by) "
    f"VALUES (1000, 'u', 1, '2025-12-02', '', {THEN}, 'x')"
)
#: What someone does who owns the database, and a part of what verify says of it.
EDITS = {
    "UPDATE positions SET summary = 'Red pays.' WHERE id = 2": "positions 2: is not as the log tells it",
    "UPDATE entries SET effective_on = '2025-11-30' WHERE id = 2": "positions 2: is not as the log tells it",
    "UPDATE sources SET text = 'Nothing.' WHERE id = 1": "sources 1: is not as the log tells it (text)",
    "UPDATE sources SET text = NULL WHERE id = 1": "citations 1: a quote stands in the stored text",
    "UPDATE users SET role = 'admin' WHERE id = 3": "users 3: is not as the log tells it (role)",
    "DELETE FROM citations WHERE entry_id = 3": "is in the log and not in its table",
    "DELETE FROM positions WHERE id = 4": "entries 4: an entry is a status change, a claim or a position",
    REVIEW: "reviews 1000: is not in the log",
    ENTRY: "an entry rests on a source that was not withdrawn",
    "UPDATE audit_entries SET actor = 'vera@example.org' WHERE id = 5": "say something else than its body",
    "UPDATE audit_entries SET body = '{}' WHERE id = 5": "was changed, its hash is another",
    "UPDATE audit_entries SET body = 'x' WHERE id = 5": "its columns say something else than its body",
    "UPDATE audit_entries SET table_name = 'x' WHERE id = 5": "its columns say something else than its body",
    "DELETE FROM audit_entries WHERE chain = 'TK' AND sequence = 2": "TK 3: the chain has a gap",
    "DELETE FROM audit_entries WHERE sequence > 1": "TK: does not end where its head says",
    "UPDATE audit_entries SET previous_hash = hash WHERE sequence = 4": "TK 4: does not continue",
    f"UPDATE audit_entries SET body = '{'[' * 20_000}' WHERE id = 5": "its columns say something else",
    "UPDATE audit_entries SET actor_id = 3 WHERE id = 25": "names another account than its body",
    f"UPDATE audit_heads SET moment = {THEN} WHERE chain = 'TK'": "TK: does not end when its head says",
    "UPDATE audit_heads SET sequence = 1": "TK: does not end where its head says",
    "DELETE FROM audit_heads WHERE chain = 'TK'": "TK: does not end where its head says",
    "UPDATE citations SET \"offset\" = 3 WHERE id = 1": "citations 1: a quote stands in the stored text",
    "UPDATE entries SET effective_on = '2999-01-01' WHERE id = 2": "entries 2: an entry is not of the future",
    f"UPDATE entries SET first_recorded_at = {THEN} WHERE id = 2": "only a correction was first recorded",
    "UPDATE positions SET \"condition\" = '' WHERE id = 3": "positions 3: a position has a summary",
    "UPDATE positions SET value = 3 WHERE id = 2": "positions 2: a value stands on a scale",
    "UPDATE status_changes SET agreed_between = '[\"red\"]' WHERE id = 1": "agreement names who agreed",
    "DELETE FROM filings WHERE source_id = 2": "a cited source is filed under the negotiation",
    f"UPDATE citations SET recorded_at = {THEN} WHERE id = 1": "a citation is not earlier than its entry",
}  # fmt: skip


@pytest.fixture
def tampers(session: Session) -> Tampers:
    """Run statements on the lake's record as no client should, and verify."""
    assert verify(session).faults == []

    def tamper(*statements: str) -> str:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for (name,) in connection.execute(text(triggers)).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.execute(text(statement.replace(":", r"\:")))
        return "\n".join(verify(session).faults)

    return tamper


@pytest.mark.parametrize(("statement", "fault"), EDITS.items())
def test_an_edit_past_the_program_is_found(tampers: Tampers, statement: str, fault: str) -> None:
    assert fault in tampers(statement)


def test_a_chain_mended_after_its_end_was_cut_is_caught_by_the_tables(tampers: Tampers) -> None:
    last = "(SELECT max(sequence) FROM audit_entries WHERE chain = 'TK')"
    faults = tampers(
        f"UPDATE audit_heads SET sequence = {last} - 1, hash = (SELECT previous_hash FROM audit_entries "
        f"WHERE chain = 'TK' AND sequence = {last}) WHERE chain = 'TK'",
        f"DELETE FROM audit_entries WHERE chain = 'TK' AND sequence = {last}",
    )
    assert "the log" in faults
    assert "\n" not in faults


def test_what_was_made_by_the_verbs_is_intact(session: Session, world: World) -> None:
    old, line = world.water.status_on(), world.water.position_of(world.red)
    assert old
    assert line
    world.water.change_status(
        Status.PARKED,
        dating=Dating(old.effective_on),
        by=world.ed,
        citing=[world.cite()],
        reason="It was parked.",
        corrects=Correction(old, "Misread."),
    )
    assert retract(line, reason="Wrong.", by=world.ed) == []
    world.water.edit({"title": "Waters"})
    world.prisoners.edit({"scale_to": 600})
    world.ed.disable()
    session.commit()
    found = verify(session)
    assert found.faults == []
    assert found.counts["audit entries"] > found.counts["rows"] > 20
    assert (found.counts["chains"], found.counts["rules"]) == (2, 21)


def test_every_table_is_compared_but_those_that_hold_no_record() -> None:
    silent = {
        "entries",
        "audit_entries",
        "audit_heads",
        "user_sessions",
        "form_tokens",
        "sign_in_attempts",
        "visits",
        "jobs",
        "link_checks",
        "preferences",
    }
    compared = {mapper.class_.__tablename__ for mapper in audited()}
    assert set(Base.metadata.tables) == compared | silent
