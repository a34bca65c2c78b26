"""Text: cleaning, paragraphs, and finding a quotation in a text. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

CONTEXT = 32
#: Left out when a text is stored: marks that no reader sees and that differ from copy to copy.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
_QUOTES = "'\"`´‘’‚‛“”„‟‹›«»′″"
_DASHES = "-‐‑‒–—―−"
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Passage:
    """Where a quotation stands in a text: offsets count characters, end is not included."""

    start: int
    end: int
    prefix: str
    suffix: str
    paragraph: int


def clean(text: str) -> str:
    """Bring a text into the one form in which it is stored: NFC, line feeds, nothing unseen."""
    text = unicodedata.normalize("NFC", text)
    return _UNSEEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def one_line(text: str) -> str:
    """Fold every run of white space into one blank."""
    return _SPACE.sub(" ", text).strip()


def paragraphs(text: str) -> list[tuple[int, str]]:
    """Split a text at its blank lines, or, where it has none, at its line ends.

    Gives (offset, words) in order; paragraph n of a locator is element n - 1.
    """
    break_at = r"\n[ \t]*\n\s*" if re.search(r"\S[ \t]*\n[ \t]*\n\s*\S", text) else r"\n+"
    found = []
    start = 0
    for match in [*re.finditer(break_at, text), None]:
        end = match.start() if match else len(text)
        words = text[start:end]
        if words.strip():
            found.append((start + len(words) - len(words.lstrip()), words.strip()))
        start = match.end() if match else end
    return found


def _pattern(quote: str) -> str:
    """Make the expression that finds a quote but for white space, quotation marks and dashes."""
    parts = []
    for piece in re.findall(rf"\s+|[{re.escape(_QUOTES)}]+|[{re.escape(_DASHES)}]+|[^\s]", quote):
        if piece[0].isspace():
            parts.append(r"\s+")
        elif piece[0] in _QUOTES:
            parts.append(rf"[{re.escape(_QUOTES)}]{{{len(piece)}}}")
        elif piece[0] in _DASHES:
            parts.append(rf"[{re.escape(_DASHES)}]+")
        else:
            parts.append(re.escape(piece))
    return "".join(parts)


def plain_words(quote: str) -> list[str]:
    """Give the words of a quote, the longest first: each stands in every text in which `find` finds it."""
    words = set(re.split(rf"[\s{re.escape(_QUOTES + _DASHES)}]+", clean(quote)))
    return sorted(words - {""}, key=lambda word: (-len(word), word))


def find(quote: str, text: str) -> Passage | None:
    """Find where a quote first stands in a cleaned text, letter for letter.

    White space, Unicode normal form, and the shape of quotation marks and dashes may differ.
    """
    quote = clean(quote).strip()
    if not quote:
        return None
    match = re.search(_pattern(quote), text)
    if not match:
        return None
    start, end = match.span()
    number = sum(1 for offset, _ in paragraphs(text) if offset <= start)
    return Passage(
        start=start,
        end=end,
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        paragraph=max(number, 1),
    )


def nearest(quote: str, text: str) -> str:
    """Give the passage of a text most like a quote that was not found in it; "" if none is near."""
    quote = one_line(clean(quote))[:500]
    passages = [one_line(words) for _, words in paragraphs(text)]
    best = process.extractOne(quote, passages, scorer=fuzz.partial_ratio, score_cutoff=50)
    if best is None:
        return ""
    words: str = best[0]
    place = fuzz.partial_ratio_alignment(quote, words)
    if place is None:
        return words[:500]
    if len(quote) > len(words):
        return words
    start = words.rfind(" ", 0, place.dest_start + 1) + 1
    end = words.find(" ", place.dest_end)
    return words[start : end if end != -1 else len(words)]


@dataclass(frozen=True)
class Change:
    """A run of words in a comparison: kept ("same"), taken out ("del") or put in ("ins")."""

    kind: str
    words: str


def word_changes(old: str, new: str) -> list[Change]:
    """Compare two texts word by word, in the order in which they are read."""
    before, after = old.split(), new.split()
    changes: list[Change] = []
    for each in Indel.opcodes(before, after):
        tag = each.tag
        kept = before[each.src_start : each.src_end]
        put = after[each.dest_start : each.dest_end]
        runs = [("same", kept)] if tag == "equal" else [("del", kept), ("ins", put)]
        changes += [Change(kind, " ".join(words)) for kind, words in runs if words]
    return changes
