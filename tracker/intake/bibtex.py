"""BibTeX: the entries of a list, each read by itself, so that one that is broken breaks no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from pybtex.bibtex.utils import split_name_list
from pybtex.database.input.bibtex import LowLevelParser, month_names
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text
from pybtex.scanner import PybtexSyntaxError
from pybtex.utils import CaseInsensitiveDict

from tracker.intake.listed import Listed, in_order, kind_of
from tracker.models.refused import N_, Fault
from tracker.models.vocabulary import SourceKind
from tracker.text import one_line

BEGINS = re.compile(r"^[ \t]*@[ \t]*\w+[ \t]*[{(]", re.MULTILINE)
#: No entry is longer, has more braces or is put together of more strings.
_LONGEST, _BRACES, _PARTS = 50_000, 2_000, 200
_LONGEST_NAMES = 5_000
_KINDS = {
    **dict.fromkeys(
        ("techreport", "report", "legislation", "legal", "jurisdiction"), SourceKind.OFFICIAL_DOCUMENT
    ),
    "dataset": SourceKind.DATASET,
}
_COMMAND = re.compile(r"\\[A-Za-z]+\s*")
#: Signs that the library does not know, or takes for TeX again, each by how TeX names it; _STAND_INS keep
#: their places meanwhile.
_SIGN = re.compile(
    r"(?<!\\)\\(?:(textbackslash|textasciicircum|textbrace(?:left|right))(?![A-Za-z])(?:\{\}|\s+)?|([{}]))"
)
_SIGNS = {"textbackslash": "\uf8f0", "textbraceleft": "\uf8f1", "textbraceright": "\uf8f2"}
_SIGNS |= {"{": "\uf8f1", "}": "\uf8f2", "textasciicircum": "\uf8f3"}
_STAND_INS = str.maketrans({"\uf8f0": "\\", "\uf8f1": "{", "\uf8f2": "}", "\uf8f3": "^"})
_IN_BRACES = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}")
_ESCAPED = re.compile(r"\\([&%$#_{}~^])")
_IN_URL = re.compile(r"https?://[^\s{}]+")


class _Reader(LowLevelParser):  # type: ignore[misc]
    """Pybtex's reader, which does not let strings of strings grow beyond all measure."""

    parts = 0
    letters = 0

    def parse_value_part(self) -> str:
        """Read one part of a value, and count it."""
        part = str(super().parse_value_part())
        self.parts += 1
        self.letters += len(part)
        if self.parts > _PARTS or self.letters > _LONGEST:
            raise PybtexSyntaxError("the entry is too long", self)
        return part


def read_bibtex(text: str) -> Iterator[Listed]:
    """Read the entries of a list in BibTeX; what stands between them is comment."""
    macros: Any = CaseInsensitiveDict(month_names)
    starts = [match.start() for match in BEGINS.finditer(text)]
    line, before = 1, 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        line, before = line + text.count("\n", before, start), start
        listed = _read(text[start:end], line, macros)
        if listed:
            yield listed


def _read(entry: str, line: int, macros: Any) -> Listed | None:
    """Read what stands from one @ to the next; None for what is no reference."""
    if len(entry) > _LONGEST or entry.count("{") > _BRACES:
        return Listed(line, title=_start(entry), broken=Fault("", N_("The entry is too long.")))
    try:
        kind, found = next(iter(_Reader(entry, macros=macros)), ("comment", ("", [])))
    except PybtexError as error:
        at = line + (getattr(error, "lineno", None) or 1) - 1
        reason = f"{getattr(error, 'error_type', '')}, {error.args[0]}"[:100]
        values = {"line": at, "reason": reason}
        broken = Fault("", N_("The entry breaks off at line %(line)s: %(reason)s."), values)
        return Listed(line, title=_start(entry), broken=broken)
    if kind.lower() in ("string", "preamble", "comment"):
        return None
    fields = {name.lower(): "".join(parts) for name, parts in reversed(found[1])}
    return _listed(line, kind.lower(), fields)


def _start(entry: str) -> str:
    return one_line(entry[:100])


def _listed(line: int, kind: str, fields: dict[str, str]) -> Listed:
    def first(*names: str) -> str:
        return next((_plain(fields[name]) for name in names if fields.get(name)), "")

    people = fields.get("author", "")
    if len(people) > _LONGEST_NAMES:
        return Listed(line, first("title"), broken=Fault("", N_("The entry is too long.")))
    address = fields.get("url", "") or fields.get("howpublished", "")
    url = _IN_URL.search(_ESCAPED.sub(r"\1", address))
    return Listed(
        line,
        title=first("title"),
        publisher=first("journal", "journaltitle", "booktitle", "publisher", "institution", "organization"),
        authors=tuple(_name(name) for name in split_name_list(one_line(people)) if name),
        url=url[0] if url else fields.get("url", ""),
        doi=fields.get("doi", ""),
        language=first("langid", "language"),
        kind=kind_of(first("type"), _KINDS.get(kind, SourceKind.ARTICLE)),
        issued=_issued(*(first(name) for name in ("date", "year", "month", "day"))),
    )


def _issued(whole: str, year: str, month: str, day: str) -> str:
    if whole or not month:
        return whole or year
    return "-".join(filter(None, (year, month, day))) if month.isdigit() else f"{day} {month} {year}".strip()


def _name(written: str) -> str:
    """Give a name in order, unless it stands in braces and is to be left as it is."""
    name = _plain(written)
    return name if _IN_BRACES.fullmatch(written) else in_order(name)


def _plain(value: str) -> str:
    """Write what stands there in TeX as letters."""
    is_short = (
        len(value) <= 2_000 and value.count("{") <= 100
    )  # what is longer is refused, and takes its time
    if is_short and re.search(r"[\\{}~]|--|``|''", value):
        value = _SIGN.sub(lambda found: _SIGNS[found[1] or found[2]], value)
        with suppress(PybtexError, ValueError):  # what is no TeX stays as it is
            value = str(Text.from_latex(value))
        value = _COMMAND.sub("", _ESCAPED.sub(r"\1", value)).translate(_STAND_INS)
    return one_line(value)
