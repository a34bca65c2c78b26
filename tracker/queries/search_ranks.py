"""The order of what was found: the project's own, so that it is the same on either database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tracker.models.search_doc import Kind, Phrase

_KINDS = [*Kind]


@dataclass(slots=True)
class Hit:
    """A candidate. `score`: the higher the better; `day`: its ordinal."""

    id: int
    kind: Kind
    row: int
    score: int
    is_gone: bool
    day: int


def shown_as(kind: Kind) -> Kind:
    return Kind.SOURCE if kind is Kind.TEXT else kind


def ranked(hits: Iterable[Hit]) -> list[Hit]:
    """Put the best first, what was withdrawn last; of a source its best place alone."""
    ordered = sorted(hits, key=lambda hit: (hit.is_gone, -hit.score, -hit.day, -hit.id))
    return [*_once(ordered)]


def newest(hits: Iterable[Hit]) -> list[Hit]:
    """Put the newest first; on a day as the database does, so that no page depends on the one before."""
    return [*_once(sorted(hits, key=_age))]


def _age(hit: Hit) -> tuple[int, ...]:
    kind = _KINDS.index(shown_as(hit.kind))
    return -hit.day, -kind, -hit.row, -hit.score, -hit.id


def _once(hits: Iterable[Hit]) -> Iterable[Hit]:
    """Leave out what stands for the same source again."""
    seen: dict[tuple[Kind, int], Hit] = {}
    for hit in hits:
        seen.setdefault((shown_as(hit.kind), hit.row), hit)
    return seen.values()


#: Of what it is worth that a phrase stands whole in the title, or in the text; or is begun in either.
_IN_TITLE, _IN_TEXT, _BEGUN_IN_TITLE, _BEGUN_IN_TEXT = 6, 4, 3, 2
_WHOLE, _TITLED = {_IN_TITLE, _IN_TEXT}, {_IN_TITLE, _BEGUN_IN_TITLE}


def weigher(groups: Sequence[Sequence[Phrase]]) -> Callable[[str, str], int]:
    """Make what weighs a title and words: whole before begun, title before text, in a row before apart."""
    said = [[(f" {' '.join(each.words)}", each.is_open) for each in group] for group in groups]
    row = "".join(group[0][0] for group in said) + " "
    count = len(groups)

    def weigh(title: str, words: str) -> int:
        title, words = f" {title} ", f" {words} "
        found = [_worth(group, title, words) for group in said]
        score = sum(found)
        score += 4 * count * _WHOLE.issuperset(found)
        score += 2 * count * _TITLED.issuperset(found)
        return score + ((3 * count * (row in title) + 2 * count * (row in words)) if count > 1 else 0)

    return weigh


def _worth(group: Sequence[tuple[str, bool]], title: str, words: str) -> int:
    best = 0
    for said, is_open in group:
        if f"{said} " in title:
            return _IN_TITLE
        if f"{said} " in words:
            best = _IN_TEXT
        elif is_open and best < _BEGUN_IN_TITLE:
            best = _BEGUN_IN_TITLE if said in title else max(best, _BEGUN_IN_TEXT * (said in words))
    return best
