"""Drawn: what a reader has drawn out so far, before it is told as Found."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

_END_OF_PARAGRAPH = "\n\n"
#: No text holds them: control characters, and halves of characters.
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028]")
_PARAGRAPH_ENDS = re.compile("[\x0b\x0c\u2029]")


def plain(text: str) -> str:
    """Take out of a text what is none, and bring its line ends to one form."""
    return _NO_TEXT.sub("", _PARAGRAPH_ENDS.sub("\n\n", _LINE_ENDS.sub("\n", text)))


@dataclass
class Drawn:
    """A source as it is being read. `remark` adds a sentence for the editor."""

    title: str = ""
    publisher: str = ""
    authors: list[str] = field(default_factory=list)
    language: str = ""
    url: str = ""
    published_on: date | None = None
    paragraphs: list[str] = field(default_factory=list)
    kind: str = ""
    remarks: list[str] = field(default_factory=list)

    def remark(self, sentence: str) -> None:
        self.remarks.append(sentence)

    def as_json(self) -> dict[str, Any]:
        """Give it as what JSON can hold, cleaned of what no text holds."""
        written = asdict(self)
        text = _END_OF_PARAGRAPH.join(part for each in written.pop("paragraphs") if (part := each.strip()))
        written |= {"text": text, "published_on": self.published_on and self.published_on.isoformat()}
        return {
            name: [plain(each) for each in value] if isinstance(value, list) else plain(value or "")
            for name, value in written.items()
        }
