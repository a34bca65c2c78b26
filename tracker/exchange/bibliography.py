"""Bibliographies: sources for reference managers, as CSL-JSON, BibTeX and RIS, work by work.

What the tables below do not tell apart is told by the kind itself, as "genre" or "type of work".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote

from tracker.models.vocabulary import Handling, SourceKind
from tracker.queries.bibliography import Work
from tracker.text import one_line


class _Form(NamedTuple):
    """What a kind of source is in each format, and the field of BibTeX that names who published it."""

    csl: str
    bibtex: str
    ris: str
    publisher: str = "publisher"


_FORMS = {
    SourceKind.ARTICLE: _Form("article-newspaper", "article", "NEWS", "journal"),
    SourceKind.OFFICIAL_DOCUMENT: _Form("report", "techreport", "GOVDOC", "institution"),
    SourceKind.TRANSCRIPT: _Form("hearing", "misc", "HEAR"),
    SourceKind.STATEMENT: _Form("speech", "misc", "GEN"),
    SourceKind.SOCIAL_POST: _Form("post", "misc", "ICOMM"),
    SourceKind.DATASET: _Form("dataset", "misc", "DATA"),
    SourceKind.INTERNAL_NOTE: _Form("manuscript", "unpublished", "UNPB"),
}


def write_csl(works: Iterable[Work]) -> Iterator[str]:
    """Write a list as CSL-JSON."""
    before = "[\n"
    for work in works:
        yield before + json.dumps(_csl(work), ensure_ascii=False, allow_nan=False)
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


def _csl(work: Work) -> dict[str, Any]:
    return _filled(
        {
            "id": work.key,
            "type": _FORMS[work.kind].csl,
            "genre": _genre(work),
            "title": work.title,
            "author": [{"literal": name} for name in work.authors],
            "container-title" if work.kind is SourceKind.ARTICLE else "publisher": work.publisher,
            "original-publisher": work.origin,
            "issued": _parts(work.published_on),
            "accessed": _parts(work.accessed_on),
            "language": work.language,
            "URL": work.url,
            "archive_location": work.archived_url,
            "keyword": _marking(work),
        }
    )


def _parts(day: date | None) -> Any:
    return day and {"date-parts": [[day.year, day.month, day.day]]}


def write_bibtex(works: Iterable[Work]) -> Iterator[str]:
    """Write a list as BibTeX, in UTF-8, with the fields that BibLaTeX reads besides."""
    from pybtex.database import BibliographyData, Entry
    from pybtex.database.output.bibtex import Writer

    class Plain(Writer):  # type: ignore[misc]
        """Pybtex's writer for values that are TeX already."""

        def _encode(self, text: str) -> str:
            return text

    for work in works:
        entry = Entry(_FORMS[work.kind].bibtex, fields=list(_bibtex(work).items()))
        yield str(Plain().to_string(BibliographyData({work.key: entry}))) + "\n"


def _bibtex(work: Work) -> dict[str, str]:
    day = work.published_on
    return _filled(
        {
            "author": " and ".join(_tex(name) for name in work.authors),
            "title": _tex(work.title),
            _FORMS[work.kind].publisher: _tex(work.publisher) if work.publisher else "",
            "origpublisher": _tex(work.origin) if work.origin else "",
            "type": _genre(work),
            "date": day and day.isoformat(),
            "year": day and str(day.year),
            "month": day and str(day.month),
            "url": _braceless(work.url),
            "urldate": work.accessed_on and work.accessed_on.isoformat(),
            "archiveurl": _braceless(work.archived_url),
            "language": work.language,
            "keywords": _marking(work),
        }
    )


_SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
} | {sign: f"\\{sign}" for sign in "&%$#_"}
#: Between signs that TeX draws as one: two hyphens, two quotes ...
_TOGETHER = re.compile(r"(?<=[-'`,<>?!])(?=[-'`,<>])")


def _tex(text: str) -> str:
    """Write letters as TeX, in braces: styles keep its capitals, and a name is not taken apart."""
    written = "".join(_SIGNS.get(letter, letter) for letter in _TOGETHER.sub("\0", one_line(text)))
    return "{" + written.replace("\0", "{}") + "}"


def _braceless(address: str) -> str:
    return "".join(quote(sign) if sign in "{}\\" else sign for sign in address)


def write_ris(works: Iterable[Work]) -> Iterator[str]:
    """Write a list as RIS."""
    from rispy import RisWriter, dumps

    class Unnumbered(RisWriter):  # type: ignore[misc]
        """Rispy's writer without a number before each record, which no standard knows."""

        def set_header(self, count: int) -> str:
            return ""

    for work in works:
        yield dumps([_ris(work)], implementation=Unnumbered) + "\n"


def _ris(work: Work) -> dict[str, Any]:
    day, accessed, marking = work.published_on, work.accessed_on, _marking(work)
    return _filled(
        {
            "type_of_reference": _FORMS[work.kind].ris,
            "id": work.key,
            "title": one_line(work.title),
            # By the custom of reference managers a comma at the end says that this is no "last, first".
            "authors": [f"{name}," if "," in name else name for name in map(one_line, work.authors)],
            "secondary_title" if work.kind is SourceKind.ARTICLE else "publisher": one_line(work.publisher),
            "original_publication": one_line(work.origin),
            "type_of_work": _genre(work),
            "year": day and str(day.year),
            "date": day and f"{day:%Y/%m/%d}/",
            "access_date": accessed and f"{accessed:%Y/%m/%d}/",
            "language": work.language,
            "urls": [work.url] if work.url else [],
            "file_attachments2": work.archived_url,
            "keywords": [marking] if marking else [],
        }
    )


def _genre(work: Work) -> str:
    return work.kind.value.replace("_", " ")


def _marking(work: Work) -> str:
    """Name the handling of what may not be passed on freely."""
    return "" if work.handling is Handling.CLEAR else str(work.handling.label)


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


#: By the ending of an address: what writes the list, its media type, and the ending of the file.
WRITERS: dict[str, tuple[Callable[[Iterable[Work]], Iterator[str]], str, str]] = {
    "csl": (write_csl, "application/vnd.citationstyles.csl+json", "json"),
    "bib": (write_bibtex, "application/x-bibtex; charset=utf-8", "bib"),
    "ris": (write_ris, "application/x-research-info-systems; charset=utf-8", "ris"),
}
