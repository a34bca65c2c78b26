"""The rows of floor B, the longer half: one issue with its history, the state of play, a change of status."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from bench.rows import BY_TOPIC, Found, Reader, Row, grouped, statement

ISSUES_SHOWN, LATEST, NEXT, OFFERED, STALE_AFTER = 100, 10, 10, 100, 30


def issue(read: Reader, negotiation: Mapping[str, Any], number: int) -> Found | None:
    """Gather everything about an issue; histories are newest first, what was retracted in its place."""
    row = read.one(_ISSUE, n=negotiation["id"], number=number)
    if row is None:
        return None
    id_ = row["id"]
    changes, positions, claims = (read.all(each, i=id_) for each in (_CHANGES, _POSITIONS, _CLAIMS))
    cited = read.citations([entry["id"] for entry in (*changes, *positions, *claims)])
    sources = {each["source_id"]: each for group in cited.values() for each in group}
    place = {"n": negotiation["id"], "ordering": row["ordering"], "number": number}
    return {
        "issue": row,
        "standings": _first(changes, "track_id"),
        "changes": changes,
        "lines": _lines(read, negotiation, positions),
        "claims": claims,
        "links_of_claims": grouped((link["from_id"], link) for link in read.all(_CLAIM_LINKS, i=id_)),
        "clauses": read.all(_CLAUSES, i=id_),
        "links": read.all(_LINKS, i=id_),
        "review": read.one(_REVIEW, i=id_),
        "before": read.one(_BEFORE, **place),
        "after": read.one(_AFTER, **place),
        "cited": cited,
        "sources": sorted(sources.values(), key=lambda each: each["published_on"] or "", reverse=True),
        "deciding": json.loads(row["deciding_parties"] or "null")
        or [party["code"] for party in negotiation["parties"] if party["role"] == "party"],
    }


def _first(entries: Sequence[Row], column: str) -> list[Row]:
    """Give the first that was not retracted for each value of a column: of a history, what is in force."""
    found: dict[Any, Row] = {}
    for entry in entries:
        if not entry["gone_at"]:
            found.setdefault(entry[column], entry)
    return sorted(found.values(), key=lambda entry: entry[column] or 0)


def _lines(read: Reader, negotiation: Mapping[str, Any], positions: Sequence[Row]) -> list[Found]:
    """Give each party's line in force, the bloc that speaks where it has none, and all else beneath."""
    own = [each for each in positions if each["standing"] == "line" and not each["clause_id"]]
    in_force = {each["party_id"]: each for each in _first(own, "party_id")}
    by_party = grouped((each["party_id"], each) for each in positions)
    blocs = read.blocs(negotiation)
    names = {party["id"]: party["label"] for party in negotiation["parties"]}
    found = []
    for party in negotiation["parties"]:
        line = in_force.get(party["id"])
        speaking = [bloc for bloc in blocs.get(party["id"], ()) if bloc in in_force and not line]
        beneath = [each for each in by_party.get(party["id"], ()) if each is not line]
        through = [(names[bloc], in_force[bloc]) for bloc in speaking[:1]]
        found.append({"party": party, "line": line, "through": through, "beneath": beneath})
    return found


_ISSUE = "SELECT * FROM issues WHERE negotiation_id = :n AND number = :number"
_GONE = """r.reason AS gone_reason, r.recorded_by AS gone_by, r.recorded_at AS gone_at, r.replaced_by"""
_CHANGES = statement(f"""SELECT e.*, s.*, t.title AS track, v.title AS event, {_GONE}
    FROM entries e JOIN status_changes s ON s.id = e.id LEFT JOIN tracks t ON t.id = e.track_id
        LEFT JOIN events v ON v.id = e.event_id $gone
    WHERE e.issue_id = :i AND e.kind = 'status_change' AND $known $last""")
_POSITIONS = statement(f"""SELECT e.*, p.*, v.title AS event, c.number AS clause, o.title AS proposal, {_GONE}
    FROM entries e JOIN positions p ON p.id = e.id LEFT JOIN clauses c ON c.id = p.clause_id
        LEFT JOIN proposals o ON o.id = c.proposal_id LEFT JOIN events v ON v.id = e.event_id $gone
    WHERE e.issue_id = :i AND e.kind = 'position' AND $known $last""")
_CLAIMS = statement(f"""SELECT e.*, m.*, coalesce(nullif(y.short_name, ''), y.name) AS party, {_GONE}
    FROM entries e JOIN status_claims m ON m.id = e.id JOIN parties y ON y.id = e.party_id $gone
    WHERE e.issue_id = :i AND e.kind = 'claim' AND $known $last""")
_CLAIM_LINKS = """SELECT l.from_id, l.kind, e.uid, coalesce(nullif(y.short_name, ''), y.name) AS party
    FROM entries f JOIN entry_links l ON l.from_id = f.id JOIN entries e ON e.id = l.to_id
        JOIN parties y ON y.id = e.party_id
    WHERE f.issue_id = :i AND f.kind = 'claim' AND l.recorded_at <= :known AND NOT EXISTS (
        SELECT 1 FROM retractions x WHERE x.entry_link_id = l.id AND x.recorded_at <= :known)"""
_CLAUSES = """SELECT c.number, c.text, c.locator, o.title, o.tabled_on, s.id AS source_id, s.title AS source,
        s.publisher, s.handling
    FROM clause_issues k JOIN clauses c ON c.id = k.clause_id JOIN proposals o ON o.id = c.proposal_id
        LEFT JOIN sources s ON s.id = o.source_id
    WHERE k.issue_id = :i AND o.recorded_at <= :known AND coalesce(o.tabled_on, :day) <= :day
        AND coalesce(c.added_at, o.recorded_at) <= :known
    ORDER BY o.tabled_on, o.id, c.id"""
_LINKS = """SELECT l.kind, l.from_id = :i AS is_from, i.number, i.title FROM issue_links l
        JOIN issues i ON i.id = CASE WHEN l.from_id = :i THEN l.to_id ELSE l.from_id END
    WHERE l.from_id = :i OR l.to_id = :i ORDER BY l.id"""
_REVIEW = """SELECT checked_on, note, recorded_by FROM reviews
    WHERE issue_id = :i AND checked_on <= :day AND recorded_at <= :known
    ORDER BY checked_on DESC, id DESC LIMIT 1"""
_BEFORE = """SELECT number FROM issues WHERE negotiation_id = :n AND (ordering, number) < (:ordering, :number)
    ORDER BY ordering DESC, number DESC LIMIT 1"""
_AFTER = """SELECT number FROM issues WHERE negotiation_id = :n AND (ordering, number) > (:ordering, :number)
    ORDER BY ordering, number LIMIT 1"""


def play(read: Reader, negotiation: Mapping[str, Any], page: int) -> Found:
    """Tell where the issues stand: counts per status, a hundred issues, claims, the latest, what comes."""
    n = negotiation["id"]
    counts = read.all(_PER_STATUS, n=n)
    total = sum(row["total"] for row in counts)
    start = (page - 1) * ISSUES_SHOWN
    wanted = {"all": True, "numbers": "[]", "size": ISSUES_SHOWN, "start": start}
    ids = [row["id"] for row in read.all(BY_TOPIC, n=n, **wanted)]
    of = json.dumps(ids)
    evidence = {row["issue_id"]: row["day"] for row in read.all(_EVIDENCE, ids=of)}
    stated = grouped((row["issue_id"], row["party_id"]) for row in read.all(_STATED, ids=of))
    tracks, claims = read.on_tracks(ids), _latest_claims(read.all(_CLAIMED, n=n, ids=of))
    blocs, parties = read.blocs(negotiation), {party["id"] for party in negotiation["parties"]}
    today = date.today()  # noqa: DTZ011 - a minimal page asks no more
    lines: list[Found] = []
    for row in read.issues(ids):
        own = {*stated.get(row["id"], ())}
        day = evidence.get(row["id"])
        age = (today - date.fromisoformat(day)).days if day else None
        lines.append(
            {
                "issue": row,
                "tracks": tracks.get(row["id"], ()),
                "claims": claims.get(row["id"], ()),
                "day": day,
                "age": age,
                "is_stale": age is not None and age > STALE_AFTER,
                "stated": len(own & parties),
                "through": sum(any(bloc in own for bloc in blocs.get(id_, ())) for id_ in parties - own),
            }
        )
    latest = read.all(_LATEST, n=n, limit=LATEST)
    return {
        "counts": counts,
        "topics": grouped((line["issue"]["topic"], line) for line in lines),
        "lines": lines,
        "claims": claims.get(None, ()),
        "latest": latest,
        "cited": read.citations(
            [each["id"] for each in [*latest, *(row for made in claims.values() for row in made)]]
        ),
        "coming": read.all(_COMING, n=n, limit=NEXT),
        "page": page,
        "pages": -(-total // ISSUES_SHOWN),
    }


def _latest_claims(claims: Sequence[Row]) -> dict[int | None, list[Row]]:
    """Keep the first, that is the latest, of each party and track on each issue."""
    last: dict[Any, Row] = {}
    for claim in claims:
        last.setdefault((claim["issue_id"], claim["party"], claim["track"]), claim)
    return grouped((claim["issue_id"], claim) for claim in last.values())


_PER_STATUS = statement("""SELECT s.status, count(*) AS total
    FROM issues i LEFT JOIN status_changes s ON s.id = $status
    WHERE i.negotiation_id = :n GROUP BY s.status""")
_EVIDENCE = statement("""SELECT issue_id, max(day) AS day FROM (
        SELECT e.issue_id, e.effective_on AS day FROM entries e
        WHERE e.issue_id IN (SELECT value FROM json_each(:ids)) AND $counts
        UNION ALL SELECT issue_id, checked_on FROM reviews
        WHERE issue_id IN (SELECT value FROM json_each(:ids)) AND checked_on <= :day AND recorded_at <= :known
    ) GROUP BY issue_id""")
_STATED = statement("""SELECT DISTINCT e.issue_id, e.party_id FROM entries e JOIN positions p ON p.id = e.id
    WHERE e.issue_id IN (SELECT value FROM json_each(:ids)) AND e.kind = 'position'
        AND p.standing = 'line' AND p.clause_id IS NULL AND $counts""")
_CLAIM_COLUMNS = """SELECT e.issue_id, coalesce(nullif(y.short_name, ''), y.name) AS party, t.title AS track,
        m.stated_by, m.status, m.share, m.words, m."between", e.effective_on, e.effective_words,
        e.first_recorded_at, e.id
    FROM entries e CROSS JOIN status_claims m ON m.id = e.id CROSS JOIN parties y ON y.id = e.party_id
        LEFT JOIN tracks t ON t.id = e.track_id"""
#: CROSS JOIN and the plus keep SQLite from looking the claims up by party, or by negotiation.
_CLAIMED = statement(f"""{_CLAIM_COLUMNS}
    WHERE e.issue_id IN (SELECT value FROM json_each(:ids)) AND e.kind = 'claim' AND $counts
    UNION ALL {_CLAIM_COLUMNS}
    WHERE e.issue_id IS NULL AND e.kind = 'claim' AND +e.negotiation_id = :n AND $counts
    ORDER BY 9 DESC, 11 DESC, 12 DESC""")
_LATEST = statement("""SELECT e.*, i.number, i.title, coalesce(nullif(y.short_name, ''), y.name) AS party,
        t.title AS track, coalesce(s.status, m.status) AS status, p.stance, p.movement, p.standing,
        coalesce(p.summary, m.words, '') AS words, m.share
    FROM entries e LEFT JOIN issues i ON i.id = e.issue_id LEFT JOIN parties y ON y.id = e.party_id
        LEFT JOIN tracks t ON t.id = e.track_id LEFT JOIN status_changes s ON s.id = e.id
        LEFT JOIN positions p ON p.id = e.id LEFT JOIN status_claims m ON m.id = e.id
    WHERE e.negotiation_id = :n AND $counts ORDER BY e.recorded_at DESC, e.id DESC LIMIT :limit""")
_COMING = """SELECT kind, title, starts_on, ends_on, place FROM events
    WHERE negotiation_id = :n AND state <> 'cancelled' AND recorded_at <= :known
        AND (starts_on > :day OR state = 'planned' AND coalesce(ends_on, starts_on) >= :day)
    ORDER BY starts_on, id LIMIT :limit"""


def change_form(read: Reader, negotiation: Mapping[str, Any], number: int) -> Found | None:
    """Find what the form of a status change offers: what is in force, the latest sources and events."""
    row = read.one(_ISSUE, n=negotiation["id"], number=number)
    if row is None:
        return None
    return {
        "issue": row,
        "now": read.issues([row["id"]])[0],
        "tracks": read.on_tracks([row["id"]]).get(row["id"], ()),
        "sources": read.all(_SOURCES, n=negotiation["id"], limit=OFFERED),
        "events": read.all(_EVENTS, n=negotiation["id"], limit=OFFERED),
    }


_SOURCES = """SELECT s.id, s.title, s.publisher, s.published_on FROM sources s
    WHERE EXISTS (SELECT 1 FROM filings f WHERE f.source_id = s.id AND f.negotiation_id = :n)
    ORDER BY s.id DESC LIMIT :limit"""
_EVENTS = """SELECT id, title, starts_on FROM events
    WHERE negotiation_id = :n ORDER BY starts_on DESC, id DESC LIMIT :limit"""


def change_status(db: sqlite3.Connection, n: int, issue_id: int, typed: Mapping[str, str]) -> None:
    """Insert a status change with its entry and its citation, in one transaction that waits for its lock."""
    moment = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    given = {**typed, "n": n, "issue_id": issue_id, "moment": moment}
    db.execute("BEGIN IMMEDIATE")
    try:
        given["id"] = db.execute(_NEW_ENTRY, given | {"uid": str(uuid.uuid4())}).lastrowid
        db.execute(_NEW_CHANGE, given)
        db.execute(_NEW_CITATION, given | {"uid": str(uuid.uuid4())})
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


_NEW_ENTRY = """INSERT INTO entries (uid, kind, negotiation_id, issue_id, effective_on, effective_words,
        day_basis, recorded_at, first_recorded_at, recorded_by)
    VALUES (:uid, 'status_change', :n, :issue_id, :effective_on, '', 'stated', :moment, :moment, 'floor')"""
_NEW_CHANGE = """INSERT INTO status_changes (id, status, agreed_between, subject_to, reason)
    VALUES (:id, :status, '[]', :subject_to, :reason)"""
_NEW_CITATION = """INSERT INTO citations (uid, source_id, entry_id, quote, translation, locator, credibility,
        directness, prefix, suffix, recorded_at, recorded_by)
    VALUES (:uid, :source, :id, :quote, '', :locator, '6', 'reported', '', '', :moment, 'floor')"""
