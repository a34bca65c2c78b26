"""Text: cleaning, numbers, paragraphs, and finding a quotation in a text. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

CONTEXT = 32
LONGEST_SHOWN = 500
#: Left out when a text is stored: marks that no reader sees and that differ from copy to copy.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
_QUOTES = "'\"`´‘’‚‛“”„‟‹›«»′″"
_DASHES = "-‐‑‒–—―−"
#: What no XML document may hold, and other controls: none is a sign that a reader sees.
NOT_IN_XML = r"\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff"
_CONTROLS = re.compile(rf"[{NOT_IN_XML}\x7f-\x9f]")
_RUNS = re.compile(rf"\s{{2,}}|[{_DASHES}]{{2,}}")
_OTHER_SPACE = re.compile(r"\s{2,}|[^\S ]")
_OTHER_DASHES = re.compile(f"[{_DASHES}]{{2,}}|[{_DASHES.replace('-', '')}]")
_OTHER_QUOTES = re.compile(f"[{_QUOTES.replace(chr(34), '')}]")
_PLAIN = re.compile(rf"[^{_DASHES}\s{_QUOTES}]+")
#: No script needs as many marks on one letter, and to put them in order takes the square of their number.
#: Source: Unicode Standard Annex 15, Stream-Safe Text Format.
_MARKS = 30
_MANY_MARKS = re.compile(rf"[^\w\s\x00-\u02ff]{{{_MARKS + 1},}}")

#: Where a sentence ends, but for short words such as "No." and for what goes on in small letters or digits.
_SENTENCE = re.compile('(?<=\\w\\w\\w)[.!?…]["”’»)]*(?=\\s)(?!\\s+[a-zа-яё0-9])')


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
    text = _UNSEEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _MANY_MARKS.sub(_fewer_marks, text))


def _fewer_marks(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for letter in run[0]:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= _MARKS:
            kept.append(letter)
    return "".join(kept)


def one_line(text: str) -> str:
    """Fold every run of white space into one blank."""
    return " ".join(text.split())


def printable(text: str) -> str:
    """Leave out the controls, which files for other programs may not hold; line ends become line feeds."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def printable_line(text: str) -> str:
    """Put a text into one line without controls."""
    return printable(one_line(text))


def first_sentence(text: str, most: int) -> str:
    """Give the first sentence of a text, cut where it is longer; an ellipsis says that there is more."""
    line = one_line(text)
    end = _SENTENCE.search(line)
    said = cut(line[: end.end()].rstrip() if end else line, most)
    return said if said == line or said.endswith("…") else f"{said} …"


def cut(text: str, most: int) -> str:
    """Give a text on one line; what is longer is cut between words, and says so."""
    line = one_line(text)
    if len(line) <= most:
        return line
    kept = line[:most]
    return (kept.rpartition(" ")[0] or kept).rstrip(" ,;:-–") + "…"


def whole_number(text: str | None) -> int | None:
    """Read a whole number of at most nine digits; None: this is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


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


def _folded(text: str) -> str:
    """Bring to one form what may differ between a quote and its text; only what is not in it is touched."""
    return _OTHER_QUOTES.sub('"', _OTHER_DASHES.sub("-", _OTHER_SPACE.sub(" ", text)))


def _unfolded(text: str, *places: int) -> list[int]:
    """Find in a text the places, in ascending order, that are known in its folded form."""
    found = []
    shift = 0
    runs = _RUNS.finditer(text)
    run = next(runs, None)
    for place in places:
        while run and run.start() - shift < place:
            shift += len(run[0]) - 1
            run = next(runs, None)
        found.append(place + shift)
    return found


def plain_words(quote: str) -> list[str]:
    """Give the words of a quote, the longest first: each stands in every text in which `find` finds it."""
    return sorted(set(_PLAIN.findall(clean(quote))), key=lambda word: (-len(word), word))


def find(quote: str, text: str) -> Passage | None:
    """Find where a quote first stands in a cleaned text, letter for letter.

    White space, Unicode normal form, and the shape of quotation marks and dashes may differ.
    """
    wanted = _folded(clean(quote).strip())
    if not wanted or any(word not in text for word in plain_words(quote)[:1]):
        return None  # most texts are passed over without folding them
    place = _folded(text).find(wanted)
    if place < 0:
        return None
    start, end = _unfolded(text, place, place + len(wanted))
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
    quote = one_line(clean(quote))[:LONGEST_SHOWN]
    whole = one_line(text)
    # Windows of twice the quote's length, half over one another: one of them holds the passage whole.
    size = max(len(quote), 1)
    windows = {start: whole[start : start + 2 * size] for start in range(0, max(len(whole) - size, 1), size)}
    likely = process.extract(quote, windows, scorer=fuzz.ratio, limit=10)
    closer = {start: window for window, _, start in likely}
    best = process.extractOne(quote, closer, scorer=fuzz.partial_ratio, score_cutoff=50)
    if best is None:
        return ""
    window, _, start = best
    place = fuzz.partial_ratio_alignment(quote, window)
    if place is None or len(quote) > len(window):
        return str(window)
    return _whole_words(whole, start + place.dest_start, start + place.dest_end)


def _whole_words(text: str, start: int, end: int) -> str:
    """Widen a passage to the blanks around it, unless they are far."""
    start -= len(text[max(0, start - CONTEXT) : start].rpartition(" ")[2])
    end += len(text[end : end + CONTEXT].partition(" ")[0])
    return text[start:end].strip()


@dataclass(frozen=True)
class Change:
    """A run of words in a comparison: kept ("same"), taken out ("del") or put in ("ins").

    `is_joined`: no blank stands before it.
    """

    kind: str
    words: str
    is_joined: bool = False


class _Token(NamedTuple):
    """A word, or a mark at an end of one, as written; `key`: what of it is compared."""

    text: str
    key: str
    is_joined: bool


_ENDS = f".,;:!?…()[]{{}}{_QUOTES}"
_SHAPES = str.maketrans(dict.fromkeys(_QUOTES, "'"))
_DASHED = re.compile(rf"[{_DASHES}]+")


def _tokens(text: str) -> list[_Token]:
    """Split a text into words and the marks at their ends; quotation marks and dashes are of one shape."""
    found = []
    for word in text.split():
        if word.isalnum():
            found.append(_Token(word, word, is_joined=False))
            continue
        rest = word.lstrip(_ENDS)
        core = rest.rstrip(_ENDS)
        parts = [*word[: len(word) - len(rest)], *([core] if core else []), *rest[len(core) :]]
        found += [
            _Token(part, part if part.isalnum() else _key(part), nth > 0) for nth, part in enumerate(parts)
        ]
    return found


def _key(part: str) -> str:
    return _DASHED.sub("-", part.translate(_SHAPES))


def _keys(tokens: list[_Token]) -> list[str]:
    return [token.key for token in tokens]


def _count(tokens: list[_Token]) -> int:
    """Count words; marks are none."""
    return sum(token.key.isalnum() or any(map(str.isalnum, token.key)) for token in tokens)


def _run(kind: str, tokens: list[_Token]) -> Change:
    words = "".join(
        token.text if token.is_joined or not nth else f" {token.text}" for nth, token in enumerate(tokens)
    )
    return Change(kind, words, tokens[0].is_joined)


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts have the same words, whatever the shape of quotation marks and dashes."""
    return one == other or _keys(_tokens(one)) == _keys(_tokens(other))


def _compared(old: str, new: str) -> list[tuple[bool, list[_Token], list[_Token]]]:
    """Set what was against what is, run by run: whether it is the same, and how each text writes it.

    Texts of the same words give nothing. Texts with little in common stand whole, one after the other: few
    words kept here and there tell nothing.
    """
    before, after = _tokens(old), _tokens(new)
    if _keys(before) == _keys(after):
        return []
    runs = [
        (each.tag == "equal", before[each.src_start : each.src_end], after[each.dest_start : each.dest_end])
        for each in Indel.opcodes(_keys(before), _keys(after))
    ]
    kept = sum(_count(was) for is_same, was, _ in runs if is_same)
    return [(False, before, after)] if kept * 2 < max(_count(before), _count(after)) else runs


def word_changes(old: str, new: str) -> list[Change]:
    """Compare two texts word by word, in the order in which they are read.

    What is kept stands as the new text writes it. Texts of the same words have no changes.
    """
    changes: list[Change] = []
    for is_same, was, now in _compared(old, new):
        runs = [("same", now)] if is_same else [("del", was), ("ins", now)]
        changes += [_run(kind, tokens) for kind, tokens in runs if tokens]
    return changes


def word_sides(old: str, new: str) -> tuple[list[Change], list[Change]]:
    """Compare the same way, each text by itself: what only it has is marked."""
    runs = _compared(old, new)
    before = [_run("same" if is_same else "del", was) for is_same, was, _ in runs if was]
    after = [_run("same" if is_same else "ins", now) for is_same, _, now in runs if now]
    return before, after
