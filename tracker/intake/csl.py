"""CSL-JSON: the references of a list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tracker.intake.listed import Listed, kind_of
from tracker.models.refused import N_, Fault, Refused
from tracker.models.vocabulary import SourceKind

_KINDS = {
    **dict.fromkeys(
        ("report", "legislation", "bill", "treaty", "legal_case", "regulation", "standard"),
        SourceKind.OFFICIAL_DOCUMENT,
    ),
    "dataset": SourceKind.DATASET,
    "hearing": SourceKind.TRANSCRIPT,
    "interview": SourceKind.TRANSCRIPT,
    "speech": SourceKind.STATEMENT,
    "post": SourceKind.SOCIAL_POST,
}


def read_csl(text: str) -> Iterator[Listed]:
    """Read the references of a list in CSL-JSON.

    Raises: Refused where it is no JSON.
    """
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        values = {"line": error.lineno, "reason": error.msg}
        raise Refused(Fault("text", N_("This is no JSON: line %(line)s, %(reason)s."), values)) from None
    except (RecursionError, ValueError):  # lists in lists by the thousand, numbers of thousands of digits
        raise Refused(Fault("text", N_("This JSON cannot be read."))) from None
    if isinstance(found, dict):
        found = found.get("items", [found])
    for each in found if isinstance(found, list) else [found]:
        if isinstance(each, dict):
            yield _listed(each)
        else:
            yield Listed(broken=Fault("", N_("This is no reference of CSL-JSON.")))


def _listed(given: dict[str, Any]) -> Listed:
    names = given.get("author")
    return Listed(
        title=_text(given.get("title")),
        publisher=_text(given.get("container-title")) or _text(given.get("publisher")),
        authors=tuple(filter(None, map(_name, names if isinstance(names, list) else ()))),
        url=_text(given.get("URL")),
        doi=_text(given.get("DOI")),
        language=_text(given.get("language")),
        kind=kind_of(_text(given.get("genre")), _KINDS.get(_text(given.get("type")), SourceKind.ARTICLE)),
        issued=_issued(given.get("issued")),
    )


def _text(value: Any) -> str:
    if isinstance(value, list) and value:
        value = value[0]
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _name(given: Any) -> str:
    if not isinstance(given, dict):
        return _text(given)
    words = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    return _text(given.get("literal")) or " ".join(filter(None, (_text(given.get(word)) for word in words)))


def _issued(given: Any) -> str:
    """Write the day of a reference: the first of a span stands with the second, and is no day then."""
    if not isinstance(given, dict):
        return _text(given)
    parts = given.get("date-parts")
    if not isinstance(parts, list) or not parts:
        return _text(given.get("raw")) or _text(given.get("literal"))
    ends = ["-".join(map(_text, end)) if isinstance(end, list) else _text(end) for end in parts[:2]]
    return "/".join(filter(None, ends))
