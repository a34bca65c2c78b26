"""RIS: the records of a list, each read by itself, so that one that is broken breaks no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import rispy

from tracker.intake.listed import Listed, in_order, kind_of
from tracker.models.refused import N_, Fault
from tracker.models.vocabulary import SourceKind

BEGINS = re.compile(r"^TY  ?-", re.MULTILINE)
_TAG = re.compile(r"([A-Z][A-Z0-9])  ?-(?: |$)(.*)")
_KINDS = {
    **dict.fromkeys(
        ("RPRT", "BILL", "UNBILL", "LEGAL", "STAT", "GOVDOC", "CASE", "STAND"), SourceKind.OFFICIAL_DOCUMENT
    ),
    **dict.fromkeys(("DATA", "DBASE", "AGGR"), SourceKind.DATASET),
    "HEAR": SourceKind.TRANSCRIPT,
}
#: No reference has as many lines.
LINES = 1000
_UNENDED = N_("The record does not end: its line “ER  -” is missing.")
_OUTSIDE = N_("These lines stand outside of any record.")
_UNREAD = N_("The record cannot be read.")


def read_ris(text: str) -> Iterator[Listed]:
    """Read the records of a list in RIS."""
    for line, lines, fault in _records(text):
        listed = _listed(line, lines)
        yield Listed(line, title=listed.title or lines[0][:100], broken=Fault("", fault)) if fault else listed


def _records(text: str) -> Iterator[tuple[int, list[str], str]]:
    """Split a list into records: the line where each begins, its lines, and what is wrong with its ends."""
    begun, kept = 0, list[str]()
    is_open = False
    for number, line in enumerate(text.split("\n"), 1):
        match = _TAG.match(line)
        tag = match[1] if match else ""
        if tag == "TY":
            if any(each.strip() for each in kept):
                yield begun, kept, _UNENDED if is_open else _OUTSIDE
            begun, kept, is_open = number, [], True
        elif not is_open and not kept and line.strip():
            begun = number
        if is_open or line.strip():
            kept.append(f"{tag}  - {match[2]}" if match else line)
        if tag == "ER":
            yield begun, kept, "" if is_open else _OUTSIDE
            kept, is_open = [], False
    if any(each.strip() for each in kept):
        yield begun, kept, _UNENDED if is_open else _OUTSIDE


def _listed(line: int, lines: list[str]) -> Listed:
    if len(lines) > LINES:
        return Listed(line, title=lines[0][:100], broken=Fault("", N_("The entry is too long.")))
    try:
        # An address may hold a semicolon, at which the library would part it.
        records: list[dict[str, Any]] = rispy.loads(
            "\n".join([*lines, "ER  - "]), skip_unknown_tags=True, delimiter_tags_mapping={}
        )
        record = records[0]
    except (IndexError, KeyError, TypeError, AttributeError, ValueError):
        return Listed(line, title=lines[0][:100], broken=Fault("", _UNREAD))
    names = [*record.get("authors", ()), *record.get("first_authors", ())]
    return Listed(
        line,
        title=_first(record, "title", "primary_title", "short_title"),
        publisher=_first(
            record, "journal_name", "secondary_title", "alternate_title3", "alternate_title2", "publisher"
        ),
        authors=tuple(in_order(name) for name in names if name),
        url=next((url for url in record.get("urls", ()) if url), ""),
        doi=_first(record, "doi"),
        language=_first(record, "language"),
        kind=kind_of(
            record.get("type_of_work"),
            _KINDS.get(record.get("type_of_reference", "").upper(), SourceKind.ARTICLE),
        ),
        issued=_first(record, "date", "publication_year", "year").strip("/ "),
    )


def _first(record: dict[str, Any], *names: str) -> str:
    return next((str(record[name]) for name in names if record.get(name)), "")
