"""The order of what was found: the project's own, so that it is the same on either database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.models.search_doc import Kind, Phrase


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate. `score`: the higher the better."""

    id: int
    kind: Kind
    row: int
    score: int
    is_gone: bool
    day: date


def shown_as(kind: Kind) -> Kind:
    return Kind.SOURCE if kind is Kind.TEXT else kind


def ranked(hits: Iterable[Hit]) -> list[Hit]:
    """Put the best first, what was withdrawn last; of a source its best place alone."""
    ordered = sorted(hits, key=lambda hit: (hit.is_gone, -hit.score, -hit.day.toordinal(), -hit.id))
    return [*_once(ordered)]


def newest(hits: Iterable[Hit]) -> list[Hit]:
    return [*_once(sorted(hits, key=lambda hit: (-hit.day.toordinal(), -hit.score, -hit.id)))]


def _once(hits: Iterable[Hit]) -> Iterable[Hit]:
    """Leave out what stands for the same source again."""
    seen: dict[tuple[Kind, int], Hit] = {}
    for hit in hits:
        seen.setdefault((shown_as(hit.kind), hit.row), hit)
    return seen.values()


def score(groups: Sequence[Sequence[Phrase]], title: str, words: str) -> int:
    """Weigh where the words stand: whole before begun, title before text, in a row before apart."""
    title, words = f" {title} ", f" {words} "
    score = whole = titled = 0
    row = ""
    for group in groups:
        best = 0
        for phrase in group:
            said = " ".join(phrase.words)
            if f" {said} " in title:
                best = max(best, 6)
            elif f" {said} " in words:
                best = max(best, 4)
            elif phrase.is_open and f" {said}" in title:
                best = max(best, 3)
            elif phrase.is_open and f" {said}" in words:
                best = max(best, 2)
        row += f" {' '.join(group[0].words)}"
        score += best
        whole += best in (4, 6)
        titled += best in (3, 6)
    count = len(groups)
    if count > 1:
        score += 3 * count * (f"{row} " in title) + 2 * count * (f"{row} " in words)
    return score + 4 * count * (whole == count) + 2 * count * (titled == count)
