"""Listed: what one record of a list of references says, before it is checked."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.models.refused import Fault
from tracker.models.vocabulary import SourceKind


@dataclass(frozen=True)
class Listed:
    """One record as its list says it. `issued`: its day in words; `broken`: why it could not be read."""

    line: int | None = None
    title: str = ""
    publisher: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    doi: str = ""
    language: str = ""
    kind: SourceKind = SourceKind.ARTICLE
    issued: str = ""
    broken: Fault | None = None


def in_order(name: str) -> str:
    """Write “Last, First” as people are named; other names stay as they are."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and "," not in first else name.strip()
