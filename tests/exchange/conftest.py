"""A small file of the interchange form, and how a test has it read."""

import copy
import json
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from sqlalchemy.orm import Session

from tracker.db import Base
from tracker.exchange.interchange import Outcome, import_
from tracker.models import Refused, act_as

File: TypeAlias = dict[str, Any]

EARLY, LATE = "a0000000-0000-4000-8000-000000000001", "a0000000-0000-4000-8000-000000000002"
CITING = [{"source": "s1", "quote": "We will not pay"}]
LAKE: File = {
    "format": "negotiation-tracker/1",
    "negotiation": {"code": "TK", "title": "Talks on the lake"},
    "parties": [
        {"code": "red", "name": "Red"},
        {"code": "blue", "name": "Blue"},
        {"code": "union", "name": "Union", "kind": "bloc", "role": "supporter"},
    ],
    "tracks": [{"code": "shuttle", "title": "Shuttle", "parties": ["red", "union"]}],
    "memberships": [{"member": "blue", "bloc": "union", "from": "2020-01-01"}],
    "people": [{"name": "Rosa Reed", "party": "red"}],
    "issues": [
        {"number": 1, "title": "Water", "scale": {"unit": "years", "from": 0, "to": 50}},
        {"number": 4, "title": "Border", "deciding_parties": ["red"]},
    ],
    "issue_links": [{"from": 1, "kind": "conditional_on", "to": 4}],
    "sources": [
        {"ref": "s1", "title": "The lake", "text": "First.\n\n“We will not pay”, he said."},
        {"ref": "s2", "title": "A report"},
    ],
    "events": [
        {
            "ref": "e1",
            "title": "Round",
            "starts_on": "2025-06-02",
            "participants": ["red", "blue"],
            "citations": [{"source": "s2"}],
        }
    ],
    "proposals": [
        {
            "ref": "p1",
            "title": "Plan",
            "tabled_by": ["blue"],
            "source": "s2",
            "clauses": [{"number": "7", "text": "Red pays.", "issues": [4, 1]}],
        }
    ],
    "status_changes": [
        {"uid": EARLY, "issue": 1, "status": "open", "effective_on": "2025-06-02", "citations": CITING},
        {
            "issue": 1,
            "track": "shuttle",
            "status": "agreed_in_principle",
            "agreed_between": ["union", "red"],
            "effective_on": "2025-06-03",
            "reason": "Both say so.",
            "event": "e1",
            "citations": [{"source": "s2"}],
        },
    ],
    "claims": [{"party": "red", "share": 90, "effective_on": "2025-06-03", "citations": [{"source": "s2"}]}],
    "positions": [
        {
            "uid": LATE,
            "issue": 1,
            "party": "red",
            "stance": "opposes",
            "summary": "Red does not pay.",
            "value": 5,
            "effective_on": "2025-06-02",
            "citations": CITING,
        },
        {
            "issue": 1,
            "party": "blue",
            "clause": {"proposal": "p1", "number": "7"},
            "stance": "accepts",
            "summary": "Blue can live with it.",
            "effective_on": "2025-06-02",
            "citations": [{"source": "s2"}],
        },
    ],
    "reviews": [{"issue": 4, "checked_on": "2025-06-05"}],
    "entry_links": [{"from": LATE, "kind": "contradicts", "to": EARLY}],
    "notes": [{"issue": 1, "text": "Ask again.", "kind": "action", "owner": "Ed", "due_on": "2030-01-01"}],
    "source_merges": [{"from": "s2", "into": "s1", "reason": "The same article."}],
}


@pytest.fixture
def lake() -> File:
    """A file that holds one of each, to be changed by the test."""
    return copy.deepcopy(LAKE)


Reads: TypeAlias = Callable[[File | bytes], Outcome]


@pytest.fixture
def reads(session: Session) -> Reads:
    """Import a file into the session's database and commit."""

    def read(file: File | bytes) -> Outcome:
        act_as(session, "tests")
        data = file if isinstance(file, bytes) else json.dumps(file).encode()
        outcome = import_(session, data, by="tests")
        session.commit()
        return outcome

    return read


@pytest.fixture
def faults(session: Session, reads: Reads) -> Callable[[File | bytes], dict[str, str]]:
    """Import a file that is refused; gives the messages by their places, and nothing was written."""

    def find(file: File | bytes) -> dict[str, str]:
        with pytest.raises(Refused) as refused:
            reads(file)
        session.rollback()
        return {fault.field: str(fault) for fault in refused.value.faults}

    return find


def empty(session: Session) -> None:
    """Make the database of the test empty again, triggers and all."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all()
        for (name,) in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    else:
        connection.exec_driver_sql("SET session_replication_role = replica")
    for table in reversed(Base.metadata.sorted_tables):
        connection.execute(table.delete())
    session.commit()
    session.expunge_all()
