"""What of a file is in this database already: found by uid, and compared."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.exchange.importing import Import, agrees
from tracker.exchange.reading import ENTRIES
from tracker.exchange.shapes import Row
from tracker.exchange.writing import Writer
from tracker.models import Citation, Entry, EntryLink, Note, QuoteCheck, Retraction, Review, SourceMerge
from tracker.models.refused import N_

_CHUNK = 500
#: The lists of history in their order, and where the uids of each stand.
HISTORY = {
    **dict.fromkeys(ENTRIES, Entry),
    "reviews": Review,
    "quote_checks": QuoteCheck,
    "entry_links": EntryLink,
    "notes": Note,
    "source_merges": SourceMerge,
    "retractions": Retraction,
}


def rows_here(work: Import, name: str, model: Any, *options: Any) -> dict[str, Any]:
    """Find the rows of a list that are in this database, by uid."""
    queries = [select(model).where(model.uid.in_(chunk)) for chunk in _chunks(work.document[name])]
    found = (work.session.scalars(query.options(*options)) for query in queries)
    return {row.uid: row for rows in found for row in rows}


def _chunks(rows: list[Row]) -> list[list[str]]:
    uids = [row["uid"] for row in rows if row["uid"]]
    return [uids[start : start + _CHUNK] for start in range(0, len(uids), _CHUNK)]


def _uids(work: Import, model: Any, rows: list[Row]) -> set[str]:
    """Find which uids of the file are in this database."""
    queries = [select(model.uid).where(model.uid.in_(chunk)) for chunk in _chunks(rows)]
    return {uid for query in queries for uid in work.session.scalars(query)}


def new_history(work: Import) -> list[tuple[str, Row]]:
    """Find the rows of history that are not here yet, in the order of their recording."""
    there = {name: _uids(work, model, work.document[name]) for name, model in HISTORY.items()}
    cited = _uids(work, Citation, [*work.document.citations()])
    ours: dict[str, dict[str, Any]] = {}
    if any(there.values()):
        entries = select(Entry.id, Entry.uid).where(Entry.negotiation_id == work.negotiation.id)
        work.names.entries = {id_: uid for id_, uid in work.session.execute(entries)}  # noqa: C416
        history = Writer(work.negotiation, work.names).history()
        ours = {name: {row["uid"]: row for row in rows} for name, rows in history.items()}
    new = []
    for name in HISTORY:
        for row in work.document[name]:
            if row["uid"] in there[name]:
                _skip(work, name, row, ours.get(name, {}).get(row["uid"]))
            else:
                _find_known_citations(work, row, cited)
                new.append((name, row))
    lists = list(HISTORY)
    return sorted(new, key=lambda it: (it[1]["recorded_at"] or work.moment, lists.index(it[0])))


def _skip(work: Import, name: str, row: Row, ours: dict[str, Any] | None) -> None:
    work.outcome.skipped[name] += 1
    if not row.is_sound:
        return
    row.is_sound = ours is not None and agrees(row, ours)
    if ours is None:
        work.faults.find(row.at("uid"), N_("This uid stands here for something else."))
    elif not row.is_sound:
        keys = [key for key in row.values if not agrees(row[key], ours.get(key)) and key in row.given]
        work.faults.find(
            row.at("uid"),
            N_("This is recorded here with other content (%(keys)s); history is never changed."),
            keys=", ".join(keys),
        )


def _find_known_citations(work: Import, row: Row, cited: set[str]) -> None:
    for citation in row.values.get("citations") or ():
        if citation["uid"] in cited:
            work.faults.find(citation.at("uid"), N_("This uid stands here for something else."))
            row.is_sound = False
