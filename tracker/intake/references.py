"""References: a list of them in RIS, BibTeX or CSL-JSON, looked over one by one. Nothing is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from babel import Locale

from tracker.dates import Unreadable
from tracker.intake import bibtex, ris
from tracker.intake.csl import read_csl
from tracker.intake.issued import read_issued
from tracker.intake.listed import Listed
from tracker.models import Fault, Refused, Source
from tracker.models.refused import N_
from tracker.models.source import LANGUAGE
from tracker.models.vocabulary import SourceKind
from tracker.text import clean, one_line

MOST = 5_000
#: So many authors of a reference are taken over.
AUTHORS = 50
LARGEST = 5 * 1024 * 1024
_HALF = re.compile("[\ud800-\udfff]")
_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d+/\S+)$", re.IGNORECASE)
_NEITHER = N_("This is neither RIS nor BibTeX nor CSL-JSON.")


@dataclass(frozen=True)
class Reference:
    """One reference: what it would be added as. `remarks`: what was left out; `broken`: why it cannot be."""

    number: int
    line: int | None
    title: str
    publisher: str
    authors: tuple[str, ...]
    url: str
    language: str
    kind: SourceKind
    published_on: date | None
    remarks: tuple[Fault, ...] = ()
    broken: tuple[Fault, ...] = ()

    def source(self) -> Source:
        """Make the source that it would be, in no session."""
        return Source(
            title=self.title,
            publisher=self.publisher,
            authors=[*self.authors],
            url=self.url,
            language=self.language,
            kind=self.kind,
            published_on=self.published_on,
        )


@dataclass(frozen=True)
class ReferenceList:
    """The references of a list in its order, the name of its format, and what is to be said of the whole."""

    format: str
    references: tuple[Reference, ...]
    remarks: tuple[Fault, ...] = ()


def read_text(content: bytes) -> tuple[str, tuple[Fault, ...]]:
    """Read the letters of a file, and say where that was a guess.

    Raises: Refused.
    """
    if len(content) > LARGEST:
        raise Refused(Fault("file", N_("This file is larger than 5 MB. Part it into several.")))
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding), ()
    except UnicodeDecodeError:
        said = Fault("file", N_("This file is not UTF-8 and was read as Windows-1252: check its letters."))
        return content.decode("cp1252", "replace"), (said,)


def read_references(text: str) -> ReferenceList:
    """Read a list; its format is told by what it holds.

    Raises: Refused, about the field "text".
    """
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise Refused(Fault("text", N_("This list is longer than 5 MB. Part it into several.")))
    text = clean(text).strip()
    name, read = _format(text)
    references: list[Reference] = []
    for listed in read(text):
        if len(references) == MOST:
            raise Refused(Fault("text", N_("A list has 5,000 references at most. Part it into several.")))
        references.append(_reference(len(references) + 1, listed))
    if not references:
        raise Refused(Fault("text", N_("No reference stands in this list.")))
    return ReferenceList(name, tuple(references))


def _format(text: str) -> tuple[str, Callable[[str], Iterator[Listed]]]:
    if "\x00" in text or not text:
        raise Refused(Fault("text", _NEITHER))
    if text.startswith(("[", "{")):
        return "CSL-JSON", read_csl
    found = [
        (match.start(), name, read)
        for name, pattern, read in (
            ("RIS", ris.BEGINS, ris.read_ris),
            ("BibTeX", bibtex.BEGINS, bibtex.read_bibtex),
        )
        if (match := pattern.search(text))
    ]
    if not found:
        raise Refused(Fault("text", _NEITHER))
    _, name, read = min(found)
    return name, read


def _reference(number: int, listed: Listed) -> Reference:
    """Look one record over: what is wrong with it, and what of it is not taken over."""
    remarks: list[Fault] = []
    broken = [listed.broken] if listed.broken else []
    authors = listed.authors[:AUTHORS]
    if len(listed.authors) > AUTHORS:
        said = N_("Of %(count)s authors the first %(limit)s are taken over.")
        remarks.append(Fault("authors", said, {"count": len(listed.authors), "limit": AUTHORS}))
    halves = _HALF.search(" ".join((listed.title, listed.publisher, listed.url, *authors)))
    if halves:
        broken.append(Fault("title", N_("This text holds half a character (a lone surrogate).")))
    reference = Reference(
        number,
        listed.line,
        title=_line(listed.title),
        publisher=_line(listed.publisher),
        authors=tuple(filter(None, map(_line, authors))),
        url=_address(listed),
        language=_language(_line(listed.language), remarks),
        kind=listed.kind,
        published_on=_day(_line(listed.issued), remarks, broken) if not listed.broken else None,
    )
    if not broken and not reference.title:
        broken.append(Fault("", N_("It has no title.")))
    if not broken:
        broken = [*reference.source().faults()]
    return Reference(**vars(reference) | {"remarks": tuple(remarks), "broken": tuple(broken)})


def _line(text: str) -> str:
    return one_line(clean(_HALF.sub("\ufffd", text)))


def _address(listed: Listed) -> str:
    """Give the address: that of the record, else that of its DOI."""
    url, doi = _line(listed.url), _DOI.match(_line(listed.doi))
    return url or (f"https://doi.org/{doi[1]}" if doi else "")


def _day(issued: str, remarks: list[Fault], broken: list[Fault]) -> date | None:
    try:
        day = read_issued(issued) if issued else None
    except Unreadable:
        broken.append(Fault("", N_("The day “%(day)s” cannot be read."), {"day": issued[:60]}))
        return None
    if issued and day is None:
        said = N_("Its day is given as “%(day)s”, which is not one day: it stays unknown.")
        remarks.append(Fault("published_on", said, {"day": issued[:60]}))
    return day


def _language(words: str, remarks: list[Fault]) -> str:
    code = words.replace("_", "-") if LANGUAGE.fullmatch(words.replace("_", "-")) else ""
    code = code or _languages().get(words.lower(), "")
    if words and not code:
        said = N_("The language “%(language)s” is none that is known here, and is left out.")
        remarks.append(Fault("language", said, {"language": words[:60]}))
    return code


@cache
def _languages() -> dict[str, str]:
    """Name the languages in English, as lists do."""
    return {name.lower(): code.replace("_", "-") for code, name in Locale("en").languages.items()}
