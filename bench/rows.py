"""The rows of floor B: raw SQL over the product's own tables, as one writes it by hand. Knows no HTML."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from string import Template
from typing import Any, TypeAlias

Row: TypeAlias = sqlite3.Row
Found: TypeAlias = dict[str, Any]

PAGE = 50
IN_ORDER = "ORDER BY i.ordering, i.number"
_KNOWN = """e.effective_on <= :day AND e.recorded_at <= :known"""
_COUNTS = f"""{_KNOWN}
    AND NOT EXISTS (SELECT 1 FROM retractions x WHERE x.entry_id = e.id AND x.recorded_at <= :known)"""
_LAST = """ORDER BY e.effective_on DESC, e.first_recorded_at DESC, e.id DESC"""
_ABOUT = """SELECT e.id FROM entries e WHERE e.issue_id = i.id"""
#: The pieces that several statements share; a statement names them as $status and so on.
PARTS = {
    "known": _KNOWN,
    "counts": _COUNTS,
    "last": _LAST,
    "status": f"""({_ABOUT} AND e.kind = 'status_change' AND e.party_id IS NULL AND e.track_id IS NULL
        AND {_COUNTS} {_LAST} LIMIT 1)""",
    "on_track": f"""({_ABOUT} AND e.kind = 'status_change' AND e.party_id IS NULL AND e.track_id = t.id
        AND {_COUNTS} {_LAST} LIMIT 1)""",
    "line": f"""(SELECT e.id FROM entries e JOIN positions h ON h.id = e.id
        WHERE e.issue_id = i.id AND e.kind = 'position' AND e.party_id = y.id AND e.track_id IS NULL
        AND h.standing = 'line' AND h.clause_id IS NULL AND {_COUNTS} {_LAST} LIMIT 1)""",
    "gone": """LEFT JOIN retractions r ON r.entry_id = e.id AND r.recorded_at <= :known""",
}


def statement(text: str) -> str:
    """Write a statement out, with the pieces that it names."""
    return Template(text).substitute(PARTS)


@dataclass(frozen=True)
class View:
    """From when the record is looked at, as the database writes days and moments."""

    day: str
    known: str = "9999-12-31"


class Reader:
    """One connection, and the point of view of one page."""

    def __init__(self, db: sqlite3.Connection, view: View) -> None:
        self.db = db
        self.view = asdict(view)

    def all(self, text: str, **values: Any) -> list[Row]:
        return self.db.execute(text, self.view | values).fetchall()

    def one(self, text: str, **values: Any) -> Row | None:
        row: Row | None = self.db.execute(text, self.view | values).fetchone()
        return row

    def negotiation(self, code: str) -> Found | None:
        """Find a negotiation that strangers see, with its parties in column order and its tracks."""
        row = self.one(_NEGOTIATION, code=code)
        if row is None:
            return None
        parties = self.all(_PARTIES, n=row["id"])
        return {
            **dict(row),
            "parties": parties,
            "names": {party["code"]: party["label"] for party in parties},
            "tracks": self.all("SELECT id, code, title FROM tracks WHERE negotiation_id = :n", n=row["id"]),
        }

    def blocs(self, negotiation: Mapping[str, Any]) -> dict[int, list[int]]:
        """Tell in which blocs each party stands on the day, by ids."""
        return grouped((row["member_id"], row["bloc_id"]) for row in self.all(_BLOCS, n=negotiation["id"]))

    def citations(self, entry_ids: Sequence[int]) -> dict[int, list[Row]]:
        """Load the standing citations of entries, with their sources, in the order of recording."""
        rows = self.all(_CITATIONS, ids=json.dumps(entry_ids))
        return grouped((row["entry_id"], row) for row in rows)

    def issues(self, ids: Sequence[int]) -> list[Row]:
        """Load issues with their status as a whole, in the order given."""
        rows = {row["id"]: row for row in self.all(_ISSUES, ids=json.dumps(ids))}
        return [rows[id_] for id_ in ids]

    def on_tracks(self, ids: Sequence[int]) -> dict[int, list[Row]]:
        """Load the statuses on tracks, by issue."""
        return grouped((row["issue_id"], row) for row in self.all(_ON_TRACKS, ids=json.dumps(ids)))


def grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    """Gather the second of each pair under the first."""
    found: dict[Any, list[Any]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


_NEGOTIATION = """SELECT id, code, title, summary, handling FROM negotiations
    WHERE code = :code AND visibility = 'public'"""
_PARTIES = """SELECT id, code, name, coalesce(nullif(short_name, ''), name) AS label, role FROM parties
    WHERE negotiation_id = :n ORDER BY ordering, id"""
_BLOCS = """SELECT m.member_id, m.bloc_id FROM memberships m JOIN parties y ON y.id = m.bloc_id
    WHERE y.negotiation_id = :n AND coalesce(m.from_on, :day) <= :day AND coalesce(m.until_on, :day) >= :day
    ORDER BY y.ordering, y.id"""
_CITATIONS = """SELECT c.entry_id, c.quote, c.translation, c.translated_by, c.locator, c.directness, c.offset,
        s.id AS source_id, s.title, s.publisher, s.url, s.published_on, s.language, s.handling
    FROM citations c JOIN sources s ON s.id = c.source_id
    WHERE c.entry_id IN (SELECT value FROM json_each(:ids)) AND c.recorded_at <= :known
        AND NOT EXISTS (SELECT 1 FROM retractions x WHERE x.citation_id = c.id AND x.recorded_at <= :known)
    ORDER BY c.id"""
_ISSUES = statement("""SELECT i.id, i.number, i.title, i.question, i.topic, i.scale_unit, s.status, s.level,
        s.agreed_between, s.subject_to, f.effective_on, f.effective_words
    FROM issues i LEFT JOIN entries f ON f.id = $status LEFT JOIN status_changes s ON s.id = f.id
    WHERE i.id IN (SELECT value FROM json_each(:ids))""")
_ON_TRACKS = statement("""SELECT i.id AS issue_id, t.title AS track, s.status, s.agreed_between, s.subject_to,
        f.effective_on, f.effective_words
    FROM issues i JOIN tracks t ON t.negotiation_id = i.negotiation_id
        JOIN entries f ON f.id = $on_track JOIN status_changes s ON s.id = f.id
    WHERE i.id IN (SELECT value FROM json_each(:ids)) ORDER BY t.id""")


def issue_list(read: Reader, negotiation: Mapping[str, Any], status: str, q: str, page: int) -> Found:
    """Find a page of issues, by status or by key, and how many there are in all."""
    number = int(q.rpartition("-")[2]) if q.rpartition("-")[2].isdigit() else 0
    values = {"n": negotiation["id"], "status": status, "number": number}
    if status:
        every = [row["id"] for row in read.all(_BY_STATUS, **values)]
        total, ids = len(every), every[(page - 1) * PAGE : page * PAGE]
    else:
        counted = read.one(_COUNT, **values)
        total = counted["total"] if counted else 0
        ids = [row["id"] for row in read.all(_PLAIN, size=PAGE, start=(page - 1) * PAGE, **values)]
    return {"issues": read.issues(ids), "total": total, "page": page, "pages": -(-total // PAGE)}


_CHOSEN = "WHERE i.negotiation_id = :n AND (:number = 0 OR i.number = :number)"
_BY_STATUS = statement(f"""SELECT i.id FROM issues i JOIN status_changes s ON s.id = $status
    {_CHOSEN} AND s.status = :status {IN_ORDER}""")
_COUNT = f"SELECT count(*) AS total FROM issues i {_CHOSEN}"
_PLAIN = f"SELECT i.id FROM issues i {_CHOSEN} {IN_ORDER} LIMIT :size OFFSET :start"


def matrix(
    read: Reader, negotiation: Mapping[str, Any], codes: Sequence[str], numbers: Sequence[int], page: int
) -> Found:
    """Set the lines in force side by side: for one page of issues, by topic, the cells of each."""
    chosen = [party for party in negotiation["parties"] if not codes or party["code"] in codes]
    values = {"n": negotiation["id"], "numbers": json.dumps(numbers), "all": not numbers}
    counted = read.one(_ASKED, **values)
    ids = [row["id"] for row in read.all(BY_TOPIC, size=PAGE, start=(page - 1) * PAGE, **values)]
    blocs = read.blocs(negotiation)
    columns = [party["id"] for party in chosen]
    wanted = sorted({*columns, *(bloc for id_ in columns for bloc in blocs.get(id_, ()))})
    places = {"ids": json.dumps(ids), "parties": json.dumps(wanted)}
    cells = {(row["issue"], row["party"]): row for row in read.all(_CELLS, **places)}
    voices = {(row["issue_id"], row["party_id"]): row for row in read.all(_VOICES, **places)}
    cited = read.citations([row["id"] for row in cells.values()])
    sources = {id_: {row["source_id"]: row for row in rows}.values() for id_, rows in cited.items()}
    tracks = read.on_tracks(ids)
    names = {party["id"]: party["label"] for party in negotiation["parties"]}

    def cell(issue: int, party: int) -> tuple[Any, ...]:
        line = cells.get((issue, party))
        others = (
            [] if line else [(names[b], cells[issue, b]) for b in blocs.get(party, ()) if (issue, b) in cells]
        )
        return line, others, voices.get((issue, party))

    rows = [
        (issue, tracks.get(issue["id"], ()), [(party, *cell(issue["id"], party["id"])) for party in chosen])
        for issue in read.issues(ids)
    ]
    stated = sum(bool(line) for _issue, _tracks, cells in rows for _party, line, *_rest in cells)
    return {
        "columns": chosen,
        "topics": grouped((row[0]["topic"], row) for row in rows),
        "sources": sources,
        "stated": stated,
        "through": sum(bool(others) for *_issue, row in rows for _party, _line, others, _voices in row),
        "total": len(rows) * len(chosen),
        "page": page,
        "pages": -(-counted["total"] // PAGE) if counted else 1,
    }


_ASKED = """SELECT count(*) AS total FROM issues i WHERE i.negotiation_id = :n
    AND (:all OR i.number IN (SELECT value FROM json_each(:numbers)))"""
BY_TOPIC = """SELECT i.id FROM issues i JOIN (SELECT topic, min(ordering) AS first, min(number) AS least
        FROM issues WHERE negotiation_id = :n GROUP BY topic) g ON g.topic = i.topic
    WHERE i.negotiation_id = :n AND (:all OR i.number IN (SELECT value FROM json_each(:numbers)))
    ORDER BY g.first, g.least, i.ordering, i.number LIMIT :size OFFSET :start"""
_CELLS = statement("""SELECT i.id AS issue, y.id AS party, p.*, f.effective_on, f.effective_words
    FROM issues i JOIN parties y JOIN entries f ON f.id = $line JOIN positions p ON p.id = f.id
    WHERE i.id IN (SELECT value FROM json_each(:ids)) AND y.id IN (SELECT value FROM json_each(:parties))""")
_VOICES = statement("""SELECT e.issue_id, e.party_id, sum(p.standing = 'voice') AS voices,
        sum(p.standing = 'leak') AS leaks
    FROM entries e JOIN positions p ON p.id = e.id
    WHERE e.issue_id IN (SELECT value FROM json_each(:ids)) AND e.kind = 'position'
        AND e.party_id IN (SELECT value FROM json_each(:parties))
        AND p.standing <> 'line' AND p.clause_id IS NULL AND $counts
    GROUP BY e.issue_id, e.party_id""")


def source(read: Reader, id_: int, page: int) -> Found | None:
    """Find a source that strangers see, with a page of what rests on it."""
    row = read.one(_SOURCE, id=id_)
    if row is None:
        return None
    resting = read.all(_RESTING, id=id_, size=PAGE, start=(page - 1) * PAGE)
    counted = read.one("SELECT count(*) AS total FROM citations WHERE source_id = :id", id=id_)
    return {
        "source": row,
        "filed": read.all(_FILED, id=id_),
        "resting": resting,
        "proposals": read.all(_PROPOSALS, id=id_),
        "first": (page - 1) * PAGE + 1,
        "page": page,
        "pages": -(-counted["total"] // PAGE) if counted else 1,
    }


_SOURCE = """SELECT * FROM sources s WHERE id = :id AND handling = 'clear' AND EXISTS (
    SELECT 1 FROM filings f JOIN negotiations n ON n.id = f.negotiation_id
    WHERE f.source_id = s.id AND n.visibility = 'public')"""
_FILED = """SELECT n.id, n.code, n.title, n.handling
    FROM filings f JOIN negotiations n ON n.id = f.negotiation_id
    WHERE f.source_id = :id AND n.visibility = 'public' ORDER BY n.code"""
_RESTING = """SELECT coalesce(e.kind, 'event') AS kind, n.code, i.number, i.title, t.title AS track,
        coalesce(nullif(y.short_name, ''), y.name) AS party, s.status, m.status AS claimed, p.stance,
        p.standing,
        coalesce(p.summary, m.words, v.title) AS says, m.share, v.kind AS event_kind, v.state,
        coalesce(e.effective_on, v.starts_on) AS effective_on, e.effective_words,
        coalesce(e.uid, v.uid) AS uid,
        c.quote, c.translation, c.locator, c.offset, coalesce(e.recorded_by, v.recorded_by) AS recorded_by,
        r.reason AS gone_reason, r.recorded_by AS gone_by, r.recorded_at AS gone_at
    FROM citations c LEFT JOIN entries e ON e.id = c.entry_id LEFT JOIN events v ON v.id = c.event_id
        JOIN negotiations n ON n.id = coalesce(e.negotiation_id, v.negotiation_id) AND n.visibility = 'public'
        LEFT JOIN issues i ON i.id = e.issue_id LEFT JOIN parties y ON y.id = e.party_id
        LEFT JOIN tracks t ON t.id = coalesce(e.track_id, v.track_id)
        LEFT JOIN status_changes s ON s.id = e.id LEFT JOIN positions p ON p.id = e.id
        LEFT JOIN status_claims m ON m.id = e.id
        LEFT JOIN retractions r ON r.entry_id = e.id OR r.citation_id = c.id
    WHERE c.source_id = :id ORDER BY c.offset IS NULL, c.offset, c.id LIMIT :size OFFSET :start"""
_PROPOSALS = """SELECT p.title, n.code, p.tabled_on, count(c.id) AS clauses
    FROM proposals p JOIN negotiations n ON n.id = p.negotiation_id
        LEFT JOIN clauses c ON c.proposal_id = p.id
    WHERE p.source_id = :id AND n.visibility = 'public' GROUP BY p.id"""
