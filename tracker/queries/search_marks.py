"""Where the words that were looked for stand in a text as it is written, and the passage around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.letters import words_in
from tracker.models.search_doc import Phrase

#: So many letters are printed of a text, from so many before the first word that was found.
LONG, BEFORE = 280, 90


@dataclass(slots=True)
class Piece:
    """A run of letters; whether it was looked for."""

    words: str
    is_marked: bool = False


#: Anything but the letters of ASCII and usual punctuation: without it, words are plain but for their case.
_OTHER = re.compile("[^\x00-\x7f\xa0\xab\xb7\xbb\u2010-\u205e]")


def _simple(phrases: Sequence[Phrase]) -> re.Pattern[str] | None:
    """Write phrases as one expression for simple texts, the longest first; None: they stand in none.

    Each begins with its first letter, by which they are looked for far faster than by what stands before it.
    """
    found = []
    for each in sorted(phrases, key=lambda each: -len(each.words)):
        said = "[^0-9a-z]+".join(each.words) + ("[0-9a-z]*" if each.is_open else "")
        if said.isascii():
            found.append(f"{said[0]}(?<![0-9a-z]{said[0]}){said[1:]}")
    return re.compile(f"(?:{'|'.join(found)})(?![0-9a-z])") if found else None


class Finder:
    """Finds the phrases looked for in a text as it is written."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self.by_first: dict[str, list[Phrase]] = {}
        for each in phrases:
            self.by_first.setdefault(each.words[0], []).append(each)
        self.begun = tuple(each.words[0] for each in phrases if each.is_open and len(each.words) == 1)

        self.simple = _simple(phrases)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Tell where in a text the phrases stand."""
        if not _OTHER.search(text):
            return [match.span() for match in self.simple.finditer(text.lower())] if self.simple else []
        words = words_in(text)
        found: list[tuple[int, int]] = []
        for at, (start, end, word) in enumerate(words):
            if word.startswith(self.begun) or word in self.by_first:
                count = self._count(words, at)
                if count and not (found and start < found[-1][1]):
                    found.append((start, max(end, words[at + count - 1][1])))
        return found

    def _count(self, words: Sequence[tuple[int, int, str]], at: int) -> int:
        """Tell how many words from here on are a phrase."""
        most = int(words[at][2].startswith(self.begun))
        for phrase in self.by_first.get(words[at][2], ()):
            said = tuple(each[2] for each in words[at : at + len(phrase.words)])
            if said == phrase.words or (phrase.is_open and _is_begun(said, phrase.words)):
                most = max(most, len(said))
        return most

    def mark(self, text: str) -> list[Piece]:
        return _cut(text, self.spans(text), 0, len(text))

    def passage(self, texts: Sequence[str]) -> list[Piece]:
        """Give the texts around the first place where the words stand."""
        text = " · ".join(texts)
        spans = self.spans(text)
        if len(text) <= LONG:
            return _cut(text, spans, 0, len(text))
        first = spans[0][0] if spans else 0
        start = 0 if first <= BEFORE else text.rfind(" ", 0, first - BEFORE) + 1
        end = start + LONG
        if end < len(text):
            end = text.rfind(" ", start, end)
            end = start + LONG if end <= first else end
        return [
            *([Piece("… ")] if start else []),
            *_cut(text, spans, start, min(end, len(text))),
            *([Piece(" …")] if end < len(text) else []),
        ]


def _is_begun(said: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return len(said) == len(wanted) and said[:-1] == wanted[:-1] and said[-1].startswith(wanted[-1])


def _cut(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> list[Piece]:
    pieces_ = []
    for first, last in spans:
        if last <= start or first >= end:
            continue
        if first > start:
            pieces_.append(Piece(text[start:first]))
        pieces_.append(Piece(text[max(first, start) : min(last, end)], is_marked=True))
        start = last
    if start < end:
        pieces_.append(Piece(text[start:end]))
    return pieces_
