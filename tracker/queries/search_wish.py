"""What somebody looks for: words, phrases and filters, read from one line. Any line at all is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.dates import Unreadable, read_day
from tracker.letters import NUMBER, plain_text
from tracker.models.refused import N_, Fault
from tracker.models.search_doc import Kind, Phrase
from tracker.models.vocabulary import Status

#: So many letters of a line are read, so many filters, and so many words looked for, over all phrases.
LONGEST, MOST, WORDS = 500, 12, 16
#: The last word may be only begun where so much of it is there.
BEGUN = 2
#: A star stands for the rest of a word from so many letters on, and in so many places.
STARRED, STARS = 3, 2
_PART = re.compile(rf'(?:(?P<name>[^\W\d_]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<bare>{NUMBER}|[^\s"]+))')
_KEY = re.compile(r"([A-Z][A-Z0-9]{1,11})-([1-9][0-9]{0,4})", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Sought:
    """One thing looked for. `is_free`: not quoted or ended by a star: it may be part of a name."""

    phrase: Phrase
    is_free: bool = True


@dataclass
class Wish:
    """What is looked for. `is_begun`: the last word may be only begun. `faults`: what was not understood."""

    words: list[Sought] = field(default_factory=list)
    is_begun: bool = False
    kinds: list[Kind] = field(default_factory=list)
    parties: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    issues: list[tuple[str, int]] = field(default_factory=list)
    before: date | None = None
    after: date | None = None
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_filtered(self) -> bool:
        return bool(
            self.kinds
            or self.parties
            or self.topics
            or self.statuses
            or self.issues
            or self.before
            or self.after
        )

    def __bool__(self) -> bool:
        return bool(self.words) or self.is_filtered


def read_wish(line: str) -> Wish:
    """Read what is looked for; what cannot be read is told as a fault, and left out."""
    wish = Wish()
    if len(line) > LONGEST:
        wish.faults.append(Fault("", N_("Only the first %(count)s letters were read."), {"count": LONGEST}))
    line = line[:LONGEST]
    filters = 0
    for match in _PART.finditer(line):
        is_filter = (match["name"] or "").lower() in _FILTERS
        filters += is_filter
        if not is_filter or filters <= MOST:
            _read_part(wish, match)
    if filters > MOST:
        wish.faults.append(Fault("", N_("Only the first %(count)s filters were read."), {"count": MOST}))
    if line.strip() and not wish and not wish.faults:
        wish.faults.append(Fault("", N_("There is no letter or digit in this to look for.")))
    is_cut = _cut_words(wish)
    _cut_stars(wish)
    if wish.words and not is_cut and not line.endswith('"') and line == line.rstrip():
        wish.is_begun = _may_be_begun(wish.words[-1], line)
    return wish


def _cut_words(wish: Wish) -> bool:
    """Leave out the words after the first so many, be they of one phrase or of several."""
    count = sum(len(each.phrase.words) for each in wish.words)
    if count <= WORDS:
        return False
    wish.faults.append(Fault("", N_("Only the first %(count)s words were looked for."), {"count": WORDS}))
    left, kept = WORDS, []
    for each in wish.words:
        words = each.phrase.words[:left]
        if words:
            is_whole = words == each.phrase.words
            kept.append(each if is_whole else replace(each, phrase=Phrase(words)))
        left -= len(words)
    wish.words = kept
    return True


def _cut_stars(wish: Wish) -> None:
    """Look for the words alone where a star would stand for too much."""
    stars = 0
    for at, each in enumerate(wish.words):
        is_short = each.phrase.is_open and len(each.phrase.words[-1]) < STARRED
        stars += each.phrase.is_open and not is_short
        if is_short or (each.phrase.is_open and stars > STARS):
            wish.words[at] = replace(each, phrase=Phrase(each.phrase.words))
            message = _SHORT_STAR if is_short else _STARS
            fault = Fault("", message, {"count": STARRED if is_short else STARS})
            if fault not in wish.faults:
                wish.faults.append(fault)


_SHORT_STAR = N_("A star stands for the rest of a word only after its first %(count)s letters.")
_STARS = N_("Only the first %(count)s stars were read.")


def _may_be_begun(last: Sought, line: str) -> bool:
    """Tell whether the line ends with a word that may go on."""
    word = last.phrase.words[-1]
    return last.is_free and not last.phrase.is_open and len(word) >= BEGUN and plain_text(line).endswith(word)


def _read_part(wish: Wish, match: re.Match[str]) -> None:
    name, value = (match["name"] or "").lower(), match["quoted"] if match["bare"] is None else match["bare"]
    if name in _FILTERS:
        fault = _FILTERS[name](wish, value)
        if fault:
            wish.faults.append(Fault(name, fault, {"value": value[:60]}))
        return
    words = tuple(plain_text(name, value).split())
    if words:
        is_open = match["bare"] is not None and value.endswith("*")
        wish.words.append(Sought(Phrase(words, is_open), is_free=match["bare"] is not None and not is_open))


def _read_kind(wish: Wish, value: str) -> str | None:
    kind = _KINDS.get(plain_text(value))
    if kind is None:
        return N_(
            "“%(value)s” is no kind: write issue, position, status, claim, clause, note, event or source."
        )
    wish.kinds.append(kind)
    return None


def _read_status(wish: Wish, value: str) -> str | None:
    status = _STATUSES.get(plain_text(value))
    if status is None:
        return N_("“%(value)s” is no status: write open, agreed, parked, blocked and so on.")
    wish.statuses.append(status)
    return None


def _read_issue(wish: Wish, value: str) -> str | None:
    match = _KEY.fullmatch(value)
    if match is None:
        return N_("“%(value)s” is no key of an issue: write it as UA-3.")
    wish.issues.append((match[1].upper(), int(match[2])))
    return None


def _read_before(wish: Wish, value: str) -> str | None:
    try:
        wish.before = read_day(value)
    except Unreadable:
        return _NO_DAY
    return None


def _read_after(wish: Wish, value: str) -> str | None:
    try:
        wish.after = read_day(value)
    except Unreadable:
        return _NO_DAY
    return None


def _read_party(wish: Wish, value: str) -> str | None:
    """Keep the name of a party: which it is, is known where the record is."""
    wish.parties.append(value)
    return None


def _read_topic(wish: Wish, value: str) -> str | None:
    wish.topics.append(value)
    return None


_NO_DAY = N_("“%(value)s” is no day: write it as 2025-12-10.")
_FILTERS: Mapping[str, Callable[[Wish, str], str | None]] = {
    "kind": _read_kind,
    "party": _read_party,
    "topic": _read_topic,
    "status": _read_status,
    "issue": _read_issue,
    "before": _read_before,
    "after": _read_after,
}
_KINDS = {
    word: kind
    for kind in Kind
    if kind is not Kind.TEXT
    for word in (kind.value, plain_text(kind.label), *(["text", "texts"] if kind is Kind.SOURCE else []))
}
_STATUSES = {plain_text(word): status for status in Status for word in (status.value, status.label)}


@dataclass(frozen=True)
class Name:
    """Who goes by several names: a person, or a party, whose entries its `mark` finds."""

    names: tuple[tuple[str, ...], ...]
    mark: str = ""


#: What is called by plain words in a row.
Names = Mapping[tuple[str, ...], Sequence[Name]]
_LONGEST_NAME = 5


def grouped(words: Sequence[Sought], names: Names, *, is_begun: bool) -> list[list[Phrase]]:
    """Set beside each thing looked for what else it is called. Of each group one has to be found."""
    groups = []
    at = 0
    while at < len(words):
        count, key = _longest(words, at, names)
        phrase = words[at].phrase if count == 1 else Phrase(key)
        is_last = is_begun and at + count == len(words)
        own = [Phrase(phrase.words, is_open=phrase.is_open or is_last)]
        other = [each for name in names.get(key, ()) for each in _called(name)]
        groups.append([*dict.fromkeys([*own, *other])])
        at += count
    return groups


def _called(name: Name) -> list[Phrase]:
    return [*map(Phrase, name.names), *([Phrase((name.mark,))] if name.mark else [])]


def _longest(words: Sequence[Sought], at: int, names: Names) -> tuple[int, tuple[str, ...]]:
    """Tell how many of the words from here on are a name, and how they read."""
    for count in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
        part = words[at : at + count]
        key = tuple(word for each in part for word in each.phrase.words)
        if key in names and (count == 1 or all(each.is_free for each in part)):
            return count, key
    return 1, words[at].phrase.words
