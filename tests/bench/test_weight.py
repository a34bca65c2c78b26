"""What a page asks of the database: few statements, and none that reads a history from end to end.

SQLite keeps no statistics here, so its plans for the small record are those for the large one.
"""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench.generate import EMAIL, SIZES, generate
from tests.views.conftest import post
from tracker import create_app

PASSWORD = "four swans on a lake"
PAST = "as_of=2025-12-31&known_at=2026-01-15"
#: The most SQL statements that a page may take of an editor; BEGIN is one of them.
PAGES = {
    "/": 8,
    "/account": 4,
    "/keyboard": 3,
    "/sources": 9,
    "/sources?q=talks&sort=title": 9,
    "/sources?link=dead": 9,
    "/jobs": 6,
    "/search": 3,
    "/search?q=border+villages": 7,
    "/search?q=vill&negotiation=BENCH": 9,
    f"/search?q=party:belmark+status:open+annex&negotiation=BENCH&{PAST}": 9,
    "/search?q=kind:source+border&sort=newest": 7,
    "/search?q=topic:security+after:2025-12-01+mediator": 8,
    "/sources/1": 12,
    "/sources/new": 5,
    "/reference-lists/new": 5,
    "/sources?negotiation=BENCH": 10,
    "/negotiations/BENCH/inbox": 9,
    "/negotiations/BENCH/inbox?q=talks&state=set_aside&assignee=me&sort=oldest": 9,
    "/negotiations/BENCH/evidence": 12,
    f"/negotiations/BENCH/evidence?entries=all&reliability=B&credibility=2&trait=single&{PAST}": 12,
    "/sources/1/annotations": 8,
    "/sources.ris?q=talks": 5,
    "/sources.csv?q=talks": 9,
    "/negotiations/BENCH/issues.csv?status=open&sort=since": 11,
    f"/negotiations/BENCH/compare.csv?proposal=1&baseline=2025-12-01&{PAST}": 20,
    "/issues/BENCH-1/positions.csv": 16,
    "/negotiations/BENCH/parties/avarn.csv": 15,
    "/negotiations/BENCH/events.csv": 9,
    "/negotiations/BENCH/changes.csv?since=2025-12-01&until=2025-12-31&known_at=2026-01-15": 40,
    "/negotiations/BENCH/timeline.csv?kind=status": 40,
    "/negotiations/BENCH/evidence.csv": 14,
    "/negotiations/BENCH/bibliography.bib": 6,
    f"/negotiations/BENCH/bibliography.json?{PAST}": 6,
    "/sources/1/merges/new": 12,
    "/sources/1/merges/new?into=2": 12,
    "/negotiations/BENCH": 28,
    f"/negotiations/BENCH?{PAST}": 28,
    "/negotiations/BENCH?view=claims": 28,
    "/negotiations/BENCH/issues": 9,
    "/negotiations/BENCH/issues?status=open&sort=since": 9,
    f"/negotiations/BENCH/issues?q=border&sort=status&{PAST}": 9,
    "/negotiations/BENCH/compare": 17,
    f"/negotiations/BENCH/compare?status=open&{PAST}": 17,
    "/negotiations/BENCH/changes?since=2025-12-01&until=2025-12-31&known_at=2026-01-15": 36,
    "/negotiations/BENCH/changes?since=2025-12-01&until=2025-12-31&reading=recorded": 22,
    "/negotiations/BENCH/changes.atom": 13,
    f"/negotiations/BENCH/changes.atom?{PAST}": 13,
    "/negotiations/BENCH/parties/avarn.atom": 14,
    "/issues/BENCH-1.atom": 13,
    "/negotiations/BENCH/brief": 50,
    f"/negotiations/BENCH/brief?since=2025-12-01&{PAST}": 50,
    "/negotiations/BENCH/distance": 12,
    f"/negotiations/BENCH/distance?since=2025-12-01&{PAST}": 14,
    f"/negotiations/BENCH/compare?proposal=1&party=avarn&baseline=2025-12-01&swap=1&{PAST}": 22,
    f"/negotiations/BENCH/compare?differences=1&sort=latest&{PAST}": 20,
    f"/negotiations/BENCH/compare?differences=1&sort=distance&baseline=2025-12-01&{PAST}": 22,
    "/negotiations/BENCH/compare?sort=status&baseline=2025-12-01": 22,
    "/negotiations/BENCH/saved-views": 5,
    "/negotiations/BENCH/timeline": 22,
    f"/negotiations/BENCH/timeline?kind=status&party=belmark&topic=Security&{PAST}": 22,
    "/negotiations/BENCH/timeline?issue=BENCH-3&since=2025-01-01&until=2025-06-30": 22,
    "/negotiations/BENCH/parties": 12,
    "/negotiations/BENCH/claims": 12,
    "/negotiations/BENCH/events": 9,
    "/negotiations/BENCH/events?when=past&kind=round": 9,
    "/negotiations/BENCH/events.ics": 9,
    f"/negotiations/BENCH/events.ics?when=past&kind=round&{PAST}": 9,
    "/negotiations/BENCH/events/1": 11,
    "/negotiations/BENCH/events/1/record": 20,
    "/negotiations/BENCH/proposals": 10,
    "/negotiations/BENCH/proposals/1": 12,
    f"/negotiations/BENCH/proposals/1?{PAST}": 12,
    "/negotiations/BENCH/proposals/1?against=2": 12,
    "/issues/BENCH-1": 22,
    f"/issues/BENCH-1?{PAST}": 22,
    "/issues/BENCH-1/status-changes": 22,
    "/issues/BENCH-1/positions": 22,
    "/issues/BENCH-1/claims": 12,
    "/issues/BENCH-1/claims/new": 14,
    "/issues/BENCH-1/links/new": 5,
    "/negotiations/BENCH/claims/new": 14,
    "/issues/BENCH-1/notes": 22,
    "/issues/BENCH-1/notes/new": 6,
    "/negotiations/BENCH/notes": 10,
    f"/negotiations/BENCH/notes?kind=question&owner=Ed&{PAST}": 10,
    "/issues/BENCH-1/status-changes/new": 14,
}
HISTORY = "entries|status_changes|positions|status_claims|citations|retractions|reviews|notes|audit_entries"
#: A table read whole; or all of a negotiation's entries, unless in the order of the index, up to a limit,
#: or between two days or moments that were asked for.
SCANNED = re.compile(rf"SCAN (?:{HISTORY}|status_now|status_entry|issues)(?:_\d+)?\b")
GATHERED = re.compile(
    r"SEARCH entries(?:_\d+)? USING (?:COVERING )?INDEX ix_entries_negotiation_(?:effective|recorded)"
    r"(?! \(negotiation_id=\? AND \w+>\? AND \w+<\?\))"
)


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """An editor on the small record."""
    instance = tmp_path_factory.mktemp("weight")
    instance.chmod(0o700)
    generate(f"sqlite:///{instance / 'tracker.db'}", SIZES["small"], password=PASSWORD)
    app = create_app({"INSTANCE": str(instance), "SECRET_KEY": "a key for tests alone, " * 2})
    client = app.test_client()
    assert post(client, "/sign-in", {"email": EMAIL, "password": PASSWORD}).status_code == 303
    client.get("/negotiations/BENCH")  # notes the sign-in and the visit, which is done once a minute
    return client


@pytest.fixture
def asked() -> Iterator[list[tuple[sqlite3.Cursor, str, Any]]]:
    """Every statement of the test, with its connection and what it was asked for."""
    found: list[tuple[Any, str, Any]] = []

    def note(_connection: Any, cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        found.append((cursor.connection, statement, given))

    event.listen(Engine, "before_cursor_execute", note)
    yield found
    event.remove(Engine, "before_cursor_execute", note)


def plan(connection: sqlite3.Connection, statement: str, given: Any) -> str:
    """Tell how SQLite goes about a statement."""
    return "\n".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", given))


@pytest.mark.parametrize("address", PAGES)
def test_page_asks_few_statements_and_none_reads_a_history_whole(
    editor: FlaskClient, asked: list[tuple[Any, str, Any]], address: str
) -> None:
    with editor:  # keeps the connection until the plans are told
        assert editor.get(address).status_code == 200
        assert len(asked) <= PAGES[address]
        for connection, statement, given in [*asked]:
            if not statement.startswith(("SELECT", "WITH")):
                continue
            steps = plan(connection, statement, given)
            assert not SCANNED.search(steps), f"{statement}\n{steps}"
            if GATHERED.search(steps) and "SELECT max(" not in statement:
                assert "LIMIT" in statement, f"{statement}\n{steps}"
                assert "TEMP B-TREE FOR" not in steps, f"{statement}\n{steps}"


def test_a_plan_that_reads_a_history_whole_is_seen(editor: FlaskClient) -> None:
    database = editor.application.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    assert Path(database).exists()
    with sqlite3.connect(database) as connection:
        for table in ("entries", "entries AS entries_1", "positions AS positions_2"):
            assert SCANNED.search(plan(connection, f"SELECT count(*) FROM {table} WHERE id % 7 = 1", ()))
        gathered = (
            "SELECT id FROM entries WHERE negotiation_id = 1 AND effective_on < '2026-01-01'"
            " ORDER BY recorded_at DESC LIMIT 10"
        )
        steps = plan(connection, gathered, ())
        assert GATHERED.search(steps)
        assert "TEMP B-TREE FOR" in steps
