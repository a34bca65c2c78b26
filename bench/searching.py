"""Search as floor B does it: raw FTS5 over the product's table, the newest of each kind, without ranks."""

from __future__ import annotations

import json
import re
from typing import Any

from bench.rows import Found, Reader, Row
from tracker.models.search_doc import OFFSET, ROW, SOURCE_BIT, Kind

LOOKED_AT, SHOWN, PIECES = 31, 5, 8
_ENTRY = """JOIN entries e ON e.id = d.rowid & {row} JOIN negotiations n ON n.id = e.negotiation_id
    WHERE n.visibility = 'public' AND e.effective_on <= :day AND e.recorded_at <= :known"""
_GONE = """EXISTS (SELECT 1 FROM retractions x WHERE x.entry_id = e.id AND x.recorded_at <= :known)"""
_SOURCE = """JOIN sources s ON s.id = {id} WHERE s.handling = 'clear' AND EXISTS (
    SELECT 1 FROM filings f JOIN negotiations n ON n.id = f.negotiation_id
    WHERE f.source_id = s.id AND n.visibility = 'public')"""
_TABLED = """JOIN proposals p ON p.id = {id} JOIN negotiations n ON n.id = p.negotiation_id
    WHERE n.visibility = 'public'"""
_FROM: dict[Kind, tuple[str, str]] = {
    Kind.ISSUE: (
        "NULL",
        """JOIN issues i ON i.id = d.rowid & {row} JOIN negotiations n ON n.id = i.negotiation_id
        WHERE n.visibility = 'public'""",
    ),
    **dict.fromkeys((Kind.POSITION, Kind.STATUS, Kind.CLAIM), ("e.effective_on", _ENTRY)),
    Kind.PROPOSAL: ("p.tabled_on", _TABLED.replace("{id}", "d.rowid & {row}")),
    Kind.CLAUSE: (
        "p.tabled_on",
        "JOIN clauses c ON c.id = d.rowid & {row} " + _TABLED.replace("{id}", "c.proposal_id"),
    ),
    Kind.EVENT: (
        "v.starts_on",
        """JOIN events v ON v.id = d.rowid & {row} JOIN negotiations n ON n.id = v.negotiation_id
        WHERE n.visibility = 'public'""",
    ),
    Kind.SOURCE: ("s.published_on", _SOURCE.replace("{id}", "d.rowid & {row}")),
    Kind.TEXT: (
        "s.published_on",
        _SOURCE.replace("{id}", f"d.rowid >> {SOURCE_BIT} & {{row}}") + " AND s.is_free_to_show",
    ),
}


def _arm(kind: Kind) -> str:
    day, source = _FROM[kind]
    first, last = kind.ids
    match = "open" if kind in (Kind.SOURCE, Kind.TEXT) else "match"
    gone = _GONE if kind in (Kind.POSITION, Kind.STATUS, Kind.CLAIM) else "0"
    return f"""SELECT * FROM (SELECT '{kind}' AS kind, d.rowid AS id, {day} AS day, {gone} AS gone
        FROM search_doc d
        {source.format(row=ROW)} AND search_doc MATCH :{match} AND d.rowid BETWEEN {first} AND {last}
        ORDER BY d.rowid DESC LIMIT {LOOKED_AT})"""


def _of_each() -> str:
    """One piece of each source among the last pieces: as in the product, no long source hides another."""
    last = _arm(Kind.TEXT).replace(f"LIMIT {LOOKED_AT}", f"LIMIT {PIECES * LOOKED_AT}")
    return f"""SELECT * FROM (SELECT kind, max(id) AS id, max(day) AS day, gone FROM ({last})
        GROUP BY id >> {SOURCE_BIT} ORDER BY id >> {SOURCE_BIT} DESC LIMIT {LOOKED_AT})"""


_CANDIDATES = " UNION ALL ".join([*map(_arm, _FROM), _of_each()])
_ENTRIES = f"""SELECT d.value AS doc, e.uid, n.code, i.number, i.title, e.effective_on AS day,
        coalesce(nullif(y.short_name, ''), y.name) AS party,
        coalesce(h.stated_by, m.stated_by) AS stated_by, h.stance, coalesce(c.status, m.status) AS status,
        coalesce(h.summary || ' · ' || h.condition, c.reason || ' · ' || c.subject_to, m.words) AS words
    FROM json_each(:ids) d JOIN entries e ON e.id = d.value & {ROW}
        JOIN negotiations n ON n.id = e.negotiation_id
        LEFT JOIN issues i ON i.id = e.issue_id LEFT JOIN parties y ON y.id = e.party_id
        LEFT JOIN positions h ON h.id = e.id LEFT JOIN status_changes c ON c.id = e.id
        LEFT JOIN status_claims m ON m.id = e.id"""
_ISSUES = f"""SELECT d.value AS doc, n.code, i.number, i.title,
        i.question || ' · ' || i.proposition || ' · ' || i.description AS words
    FROM json_each(:ids) d JOIN issues i ON i.id = d.value & {ROW}
        JOIN negotiations n ON n.id = i.negotiation_id"""
_CLAUSES = f"""SELECT d.value AS doc, n.code, p.id AS proposal, p.title, p.tabled_on AS day, c.id, c.number,
        c.text AS words
    FROM json_each(:ids) d JOIN clauses c ON c.id = d.value & {ROW}
        JOIN proposals p ON p.id = c.proposal_id JOIN negotiations n ON n.id = p.negotiation_id"""
_PROPOSALS = f"""SELECT d.value AS doc, n.code, p.id, p.title, p.tabled_on AS day, '' AS words
    FROM json_each(:ids) d JOIN proposals p ON p.id = d.value & {ROW}
        JOIN negotiations n ON n.id = p.negotiation_id"""
_EVENTS = f"""SELECT d.value AS doc, n.code, v.id, v.title, v.starts_on AS day, v.kind, v.place AS words
    FROM json_each(:ids) d JOIN events v ON v.id = d.value & {ROW}
        JOIN negotiations n ON n.id = v.negotiation_id"""
_SOURCES = f"""SELECT d.value AS doc, s.id, s.title, s.publisher, s.published_on AS day, s.kind,
        s.publisher || ' · ' || s.origin AS words
    FROM json_each(:ids) d JOIN sources s ON s.id = d.value & {ROW}"""
_TEXTS = f"""SELECT d.value AS doc, s.id, s.title, s.publisher, s.published_on AS day, s.kind,
        substr(s.text, 1, d.value & {OFFSET}) AS before,
        substr(s.text, (d.value & {OFFSET}) + 1, 2000) AS words
    FROM json_each(:ids) d JOIN sources s ON s.id = d.value >> {SOURCE_BIT} & {ROW}"""
_SHOWN = {
    Kind.ISSUE: _ISSUES,
    **dict.fromkeys((Kind.POSITION, Kind.STATUS, Kind.CLAIM), _ENTRIES),
    Kind.PROPOSAL: _PROPOSALS,
    Kind.CLAUSE: _CLAUSES,
    Kind.EVENT: _EVENTS,
    Kind.SOURCE: _SOURCES,
    Kind.TEXT: _TEXTS,
}


def search(read: Reader, q: str) -> Found:
    """Find what holds all words: of each kind how many, and the newest."""
    words = re.findall(r"\w+", q.lower())
    match = " AND ".join(f'"{word}"' for word in words) or '""'
    rows = read.all(_CANDIDATES, match=match, open=f'{match} AND "\ue000"')
    by_kind: dict[str, list[Row]] = {}
    for row in rows:
        by_kind.setdefault("source" if row["kind"] == Kind.TEXT else row["kind"], []).append(row)
    groups = []
    marked = re.compile(r"\b(" + "|".join(map(re.escape, words)) + r")\b", re.IGNORECASE)
    for kind in Kind:
        found = _newest(by_kind.get(kind, []))
        shown = [_marked(row, marked) for row in _read(read, found[:SHOWN])]
        if shown:
            groups.append({"kind": kind, "count": min(len(found), LOOKED_AT - 1), "rows": shown})
    return {"q": q, "groups": groups}


def _newest(rows: list[Row]) -> list[Row]:
    ordered = sorted(rows, key=lambda row: (-row["gone"], row["day"] or "", row["id"]), reverse=True)
    sources = {
        (row["id"] >> SOURCE_BIT if row["kind"] == Kind.TEXT else row["id"]) & ROW: row
        for row in ordered[::-1]
    }
    return (
        ordered if not ordered or ordered[0]["kind"] not in ("source", "text") else [*sources.values()][::-1]
    )


def _read(read: Reader, rows: list[Row]) -> list[Row]:
    """Read what is printed of rows of one kind, or of sources and their texts, in their order."""
    found: dict[int, Row] = {}
    for kind in {row["kind"] for row in rows}:
        ids = json.dumps([row["id"] for row in rows if row["kind"] == kind])
        found |= {row["doc"]: row for row in read.all(_SHOWN[kind], ids=ids)}
    return [found[row["id"]] for row in rows]


def _marked(row: Row, words: re.Pattern[str]) -> dict[str, Any]:
    """Cut a text around the first word found, and split it where words stand."""
    text = row["words"].strip(" ·")
    first = words.search(text)
    start = max(0, first.start() - 90) if first and len(text) > 280 else 0
    given = dict(row)
    paragraph = given["before"].count("\n\n") + 1 if "before" in given else None
    return {**given, "paragraph": paragraph, "pieces": words.split(text[start : start + 280])}
