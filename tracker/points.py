"""Points: a pasted text split at its numbers, or where it has none at its paragraphs. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.text import clean, one_line, paragraphs

#: Words that stand before the number of a point, in the languages that such texts are written in.
_WORDS = "article|art|clause|point|section|chapter|annex|стаття|статья|пункт|розділ|раздел|п|артикул|член"
_BEGINNING = re.compile(
    rf"""^[ \t]*(?:[-*•][ \t]+)?(?:
      (?P<named>(?:(?:{_WORDS})\.?[ \t]*(?:№[ \t]*)?|§[ \t]*)
        (?:\d{{1,3}}(?:\.\d{{1,3}})*|[IVXLC]{{1,7}})\b)[ \t]*[.:)–—-]?
      |\((?P<within>\d{{1,3}}|[^\W\d_]|[ivxlc]{{2,5}})\)
      |(?P<digits>\d{{1,3}}(?:\.\d{{1,3}}){{0,4}})(?P<end>[.)]|(?=[ \t]))
      |(?P<letter>[^\W\d_]|[ivxlc]{{2,5}})\)
      |(?P<dotted>[a-zа-яіїєґ])\.
    )(?=\s|$)[ \t]*""",
    re.VERBOSE | re.IGNORECASE,
)
_ROMAN = re.compile("[ivxlc]+", re.IGNORECASE)


@dataclass(frozen=True)
class Point:
    """A point of a text: its number as it stands there, that of what it stands under before it."""

    number: str
    text: str


@dataclass(frozen=True)
class Points:
    """A text in points. `before`: what stands before the first number. `is_numbered`: it has numbers."""

    points: tuple[Point, ...]
    before: str
    is_numbered: bool


def split(text: str) -> Points:
    """Split a text at the lines that begin with a number; without any, each paragraph is a point.

    Read are "1.", "1)", "(1)", "1.1", "a)", "(a)", "(iv)", "§ 1" and "Article 1", in Latin and Cyrillic
    letters. A letter under a number is told with it: "1(a)". White space within a point is folded.
    """
    text = clean(text)
    before: list[str] = []
    found: list[tuple[str, list[str]]] = []
    place = _Place()
    for line in text.split("\n"):
        match = _BEGINNING.match(line)
        number = place.step(match) if match else ""
        if match and number:
            found.append((number, [line[match.end() :]]))
        else:
            (found[-1][1] if found else before).append(line)
    if not found:
        plain = enumerate((one_line(words) for _, words in paragraphs(text)), start=1)
        return Points(tuple(Point(str(count), words) for count, words in plain), "", is_numbered=False)
    points = [Point(number, one_line(" ".join(lines))) for number, lines in found]
    return Points(tuple(_headed(points)), one_line(" ".join(before)), is_numbered=True)


class _Place:
    """Where in a text we are: the numbers of the points that are open, the outer before the inner."""

    def __init__(self) -> None:
        self.named = self.digits = self.letter = self.roman = ""

    def step(self, match: re.Match[str]) -> str:
        """Go on to the point that a line begins; "": it begins none."""
        part = match.groupdict()
        if part["named"]:
            self.named, self.digits, self.letter, self.roman = one_line(part["named"]), "", "", ""
            return self.named
        within = part["within"] or part["letter"] or part["dotted"] or ""
        if part["digits"] or within.isdigit():
            return self._count(part["digits"] or within, is_marked=bool(part["end"] or within))
        if part["dotted"] and not (within in ("a", "а") or _follows(within, self.letter)):
            return ""  # somebody's initial
        return self._letter(within)

    def _count(self, number: str, *, is_marked: bool) -> str:
        # "1.1 Text" is a point where it comes next; "1.5 million" or "20 people" begins none.
        if not is_marked and not self._comes_next(number):
            return ""
        self.digits, self.letter, self.roman = number, "", ""
        return f"{self.named}({number})" if self.named else number

    def _comes_next(self, number: str) -> bool:
        outer, _, last = number.rpartition(".")
        before, _, previous = self.digits.rpartition(".")
        is_first = last == "1" and outer == self.digits
        return bool(outer) and (is_first or (outer == before and int(last) == int(previous or 0) + 1))

    def _letter(self, letter: str) -> str:
        if _ROMAN.fullmatch(letter) and self.letter and not _follows(letter, self.letter):
            self.roman = letter
        else:
            self.letter, self.roman = letter, ""
        outer = f"{self.named}({self.digits})" if self.named and self.digits else self.named or self.digits
        parts = [self.letter, *([self.roman] if self.roman else [])]
        if not outer:
            return parts[0] + "".join(f"({part})" for part in parts[1:])
        return outer + "".join(f"({part})" for part in parts)


def _follows(letter: str, before: str) -> bool:
    """Tell whether a letter comes next in its alphabet."""
    return len(letter) == len(before) == 1 and ord(letter) == ord(before) + 1


def _headed(points: list[Point]) -> Iterator[Point]:
    """Leave out a number that has no words of its own because points stand under it."""
    for point, following in zip(points, [*points[1:], None], strict=True):
        has_inner = following is not None and following.number.startswith(
            (f"{point.number}(", f"{point.number}.")
        )
        if point.text or not has_inner:
            yield point
