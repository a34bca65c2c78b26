"""Reading the interchange form: from bytes to rows, with every fault that the file alone shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tracker.exchange import form
from tracker.exchange.parsing import parse
from tracker.exchange.shapes import Row, read
from tracker.models.refused import N_, Faults

#: What no two rows of a list, or of several, share.
_UNIQUE: dict[str, list[tuple[str, ...]]] = {
    "parties": [("code",)],
    "tracks": [("code",)],
    "memberships": [("member", "bloc", "from")],
    "people": [("party", "name")],
    "issues": [("number",)],
    "issue_links": [("from", "kind", "to")],
    "sources": [("ref",)],
    "events": [("ref",)],
    "proposals": [("ref",)],
    "retractions": [("entry",), ("citation",), ("link",), ("note",), ("merge",)],
}
ENTRIES = ("status_changes", "claims", "positions")


class Document:
    """A file as read: its negotiation and its lists of rows, sound or not."""

    def __init__(self, rows: Row) -> None:
        self.negotiation: Row = rows["negotiation"]
        self.lists: dict[str, list[Row]] = {name: list(rows[name] or ()) for name in form.LISTS}

    def __getitem__(self, name: str) -> list[Row]:
        return self.lists[name]

    def citations(self) -> Iterator[Row]:
        """Give all citations of events and entries."""
        for name in ("events", *ENTRIES):
            for row in self[name]:
                yield from row["citations"] or ()

    def signed(self) -> Iterator[Row]:
        """Give all rows that say when they were recorded."""
        for rows in self.lists.values():
            yield from (row for row in rows if "recorded_at" in row.values)
        yield from self.citations()
        for proposal in self["proposals"]:
            yield from proposal["clauses"] or ()


def read_document(data: bytes, moment: datetime, faults: Faults) -> Document | None:
    """Read a file; `moment` is the latest at which anything can have been recorded.

    None: there is nothing to go on with. Raises: Refused where it is no JSON at all.
    """
    rows = parse(data)
    if isinstance(rows, dict) and rows.get("format") != form.FORMAT:
        form.this_format(str(rows.get("format")), "format", faults)
        return None
    found = read(form.DOCUMENT, rows, "", faults)
    if found["negotiation"] is None:
        return None
    document = Document(found)
    for name, keys in _UNIQUE.items():
        for key in keys:
            _find_doubles(document[name], key, faults)
    for proposal in document["proposals"]:
        _find_doubles(proposal["clauses"] or (), ("number",), faults)
    _find_double_uids(document, faults)
    _find_late(document, moment, faults)
    return document


def _find_doubles(rows: Any, keys: tuple[str, ...], faults: Faults) -> None:
    first: dict[tuple[Any, ...], str] = {}
    for row in rows:
        key = tuple(row[name] for name in keys)
        if key == (None,) * len(keys):
            continue
        place = first.setdefault(key, row.place)
        if place != row.place:
            _fault(row, keys[-1] if len(keys) == 1 else keys[0], faults, place)


def _fault(row: Row, key: str, faults: Faults, place: str) -> None:
    faults.find(row.at(key), N_("The same stands in %(place)s already."), place=place)
    row.is_sound = False


def _find_double_uids(document: Document, faults: Faults) -> None:
    together = [[row for name in ENTRIES for row in document[name]], [*document.citations()]]
    alone = [document[name] for name, shape in form.LISTS.items() if "uid" in shape and name not in ENTRIES]
    for rows in together + alone:
        _find_doubles(rows, ("uid",), faults)


def _find_late(document: Document, moment: datetime, faults: Faults) -> None:
    """Find what says that it was recorded in the future."""
    keys = ("recorded_at", "first_recorded_at")
    late = [(row, key) for row in document.signed() for key in keys if _is_after(row.values.get(key), moment)]
    if _is_after(document.negotiation["published_at"], moment):
        late.append((document.negotiation, "published_at"))
    for row, key in late:
        faults.find(row.at(key), N_("This moment lies in the future."))
        row.is_sound = False


def _is_after(value: datetime | None, moment: datetime) -> bool:
    return value is not None and value > moment
