"""Found: what was read from an address, a file or a paste. All of it is a proposal for an editor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.models.vocabulary import SourceKind

#: What is looked for in everything that is read, in the order of the form.
LOOKED_FOR = ("title", "publisher", "authors", "published_on", "language", "url", "text")


@dataclass(frozen=True)
class Found:
    """A source as it was read; "" and None: not found.

    The text is clean, with a blank line between its paragraphs. `missing` names the fields that were looked
    for and not found, `remarks` are sentences for the editor.
    """

    title: str = ""
    publisher: str = ""
    authors: tuple[str, ...] = ()
    language: str = ""
    url: str = ""
    published_on: date | None = None
    text: str = ""
    kind: SourceKind | None = None
    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @classmethod
    def of(cls, drawn: Mapping[str, Any]) -> Found:
        """Make it of what the reader wrote as JSON."""
        return cls(
            title=drawn["title"],
            publisher=drawn["publisher"],
            authors=tuple(drawn["authors"]),
            language=drawn["language"],
            url=drawn["url"],
            published_on=date.fromisoformat(drawn["published_on"]) if drawn["published_on"] else None,
            text=drawn["text"],
            kind=SourceKind(drawn["kind"]) if drawn["kind"] else None,
            missing=tuple(field for field in LOOKED_FOR if not drawn[field]),
            remarks=tuple(dict.fromkeys(drawn["remarks"])),
        )
