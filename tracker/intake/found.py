"""Found: what was read from an address, a file or a paste. All of it is a proposal for an editor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.db import TEXT, TITLE
from tracker.models.refused import N_, Fault, Refused
from tracker.models.vocabulary import SourceKind
from tracker.text import clean, one_line

#: What is looked for in everything that is read, in the order of the form.
LOOKED_FOR = ("title", "publisher", "authors", "published_on", "language", "url", "text")
_AUTHORS = 20
_CUT = N_("The title is longer than the record takes, and was cut.")


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
    def of(cls, drawn: Mapping[str, Any], field: str) -> Found:
        """Make it of what a reader has drawn out, in the form in which the record keeps it.

        Raises: Refused, about the field that was read, where the text is longer than the record takes.
        """
        title, publisher = _line(drawn["title"]), _line(drawn["publisher"])
        authors = [_line(each)[:TITLE] for each in drawn["authors"]]
        text = clean(drawn["text"]).strip()
        if len(text) > TEXT:
            message = N_("This text has more than %(limit)s characters: give the part that matters.")
            raise Refused(Fault(field, message, {"limit": TEXT}))
        day = drawn["published_on"]
        found = {
            "title": title[:TITLE],
            "publisher": publisher[:TITLE],
            "authors": tuple(dict.fromkeys(each for each in authors if each))[:_AUTHORS],
            "language": drawn["language"],
            "url": drawn["url"],
            "published_on": date.fromisoformat(day) if day else None,
            "text": text,
        }
        remarks = [*drawn["remarks"], _CUT] if len(title) > TITLE else drawn["remarks"]
        return cls(
            **found,
            kind=SourceKind(drawn["kind"]) if drawn["kind"] else None,
            missing=tuple(name for name in LOOKED_FOR if not found[name]),
            remarks=tuple(dict.fromkeys(remarks)),
        )


def _line(text: str) -> str:
    return one_line(clean(text))
