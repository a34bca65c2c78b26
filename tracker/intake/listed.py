"""Listed: what one record of a list of references says, before it is checked."""

from __future__ import annotations

from contextlib import suppress
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


def kind_of(words: object, otherwise: SourceKind) -> SourceKind:
    """Give the kind that a list names in words, as ours do; else the one that its type stands for."""
    with suppress(ValueError):
        return SourceKind(str(words).strip().lower().replace(" ", "_"))
    return otherwise


def in_order(name: str) -> str:
    """Write “Last, First” as people are named; other names stay as they are.

    A comma at the end says that it is a name as it stands: “Ministry, Department,”.
    """
    if name.rstrip().endswith(","):
        return name.strip(" ,")
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and "," not in first else name.strip()
