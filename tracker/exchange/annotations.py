"""Citations as W3C Web Annotations (https://www.w3.org/TR/annotation-model/), in JSON-LD.

Each annotation links words of a source to the entry or event that rests on them. Positions count code points
into the stored text, as the model asks; a TimeState says where that text is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import chain
from typing import Any

from tracker.dates import moment_words
from tracker.queries.annotations import Annotated, CitedSource, Record

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_TYPE = f'application/ld+json; profile="{CONTEXT}"'


@dataclass(frozen=True)
class Addresses:
    """Where things stand: this collection, sources by id, records; and how a record and a signer are told."""

    collection: str
    source: Callable[[int], str]
    annotations: Callable[[int], str]
    record: Callable[[Record], str]
    label: Callable[[Record], str]
    signer: Callable[[str], str]


def write(citations: Iterable[Annotated], label: str, addresses: Addresses) -> Iterator[str]:
    """Write a collection of one page, piece by piece; its total stands last, when it is known."""
    here = addresses.collection
    head = {"@context": CONTEXT, "id": here, "type": "AnnotationCollection", "label": label}
    page = {"id": f"{here}#page", "type": "AnnotationPage", "partOf": here, "startIndex": 0}
    left = iter(citations)
    first = next(left, None)
    if first is None:
        yield _json(head | {"total": 0}) + "\n"
        return
    yield _open(head) + ', "first": ' + _open(page) + ', "items": ['
    total = 0
    for citation in chain([first], left):
        yield (",\n" if total else "\n") + _json(annotation(citation, addresses))
        total += 1
    yield f'\n]}}, "total": {total}}}\n'


def annotation(citation: Annotated, addresses: Addresses) -> dict[str, Any]:
    """Give one citation as an annotation."""
    source, record = citation.source, citation.record
    return {
        "id": f"{addresses.annotations(source.id)}#{citation.uid}",
        "type": "Annotation",
        "motivation": "linking",
        "created": moment_words(citation.recorded_at),
        "creator": {"type": "Person", "name": addresses.signer(citation.recorded_by)},
        "body": {
            "id": addresses.record(record),
            "type": "Text",
            "format": "text/html",
            "label": addresses.label(record),
        },
        "target": _target(citation, source, addresses.source(source.id)),
    }


def _target(citation: Annotated, source: CitedSource, here: str) -> Any:
    outside = source.url or here
    if not citation.exact:
        return outside
    quote = {"type": "TextQuoteSelector", "exact": citation.exact}
    target: dict[str, Any] = {"type": "SpecificResource", "source": outside, "selector": [quote]}
    if citation.start is None:
        return target
    quote |= {"prefix": citation.prefix or "", "suffix": citation.suffix or ""}
    place = {"type": "TextPositionSelector", "start": citation.start, "end": citation.end}
    target["selector"].append(place)
    target["state"] = {"type": "TimeState", "cached": here}
    if source.accessed_on:
        day = datetime.combine(source.accessed_on, time(), UTC)
        target["state"]["sourceDate"] = moment_words(day)
    return target


def _open(value: dict[str, Any]) -> str:
    """Write an object that goes on."""
    return _json(value)[:-1]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
