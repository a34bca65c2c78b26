"""A document in blocks, as a page and a Word file both print it: what is said, and not how it looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tracker.models.vocabulary import Status
from tracker.queries.references import SourceLine


@dataclass(frozen=True, slots=True)
class Words:
    """Words in a line. `status`: drawn as one. `issue`: the key of the one that they lead to.

    `cited`: numbers in the list of sources, instead of words.
    """

    text: str = ""
    is_strong: bool = False
    is_muted: bool = False
    status: Status | None = None
    issue: str = ""
    cited: tuple[int, ...] = ()


Line: TypeAlias = Sequence[Words]


@dataclass(frozen=True)
class Paragraph:
    """A line of its own. `onward`: the page, by name, on which there is more."""

    line: Line
    onward: str = ""
    kind: str = "paragraph"


@dataclass(frozen=True)
class Bullets:
    """Lines in a list."""

    lines: Sequence[Line]
    kind: str = "bullets"


@dataclass(frozen=True)
class Table:
    """A table. `widths`: of its columns, in hundredths; rows[i][j], lines, belongs to heads[j].

    The first cell of each row is its head.
    """

    caption: str
    heads: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[Sequence[Line]]]
    kind: str = "table"


Block: TypeAlias = Paragraph | Bullets | Table


@dataclass(frozen=True)
class Section:
    """A part of a document, by its name in addresses."""

    name: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Document:
    """A document. sources[i] has the number i + 1 in the text."""

    title: str
    subtitle: str
    lead: str
    sections: Sequence[Section]
    sources: Sequence[SourceLine]


@dataclass(frozen=True)
class Frame:
    """What stands around a document: of what it is, its marking, the exact state shown and its address."""

    subject: str
    handling: str
    state: str
    address: str
