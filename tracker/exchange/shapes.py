"""Shapes: reading JSON by a declared form, every fault with its place. Knows no form and no table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias, TypeVar

from tracker.dates import Unreadable, read_day, read_moment
from tracker.models.refused import N_, Faults
from tracker.models.vocabulary import Word

#: Reads one value that stands at a place; what is wrong is added to the faults.
Reader: TypeAlias = Callable[[Any, str, Faults], Any]

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_KINDS = {
    type(None): N_("nothing"),
    bool: N_("true or false"),
    int: N_("a number"),
    float: N_("a number"),
    str: N_("a text"),
    list: N_("a list"),
    dict: N_("an object"),
}
Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Key:
    """A key of an object: how its value is read, and what counts where it is absent."""

    read: Reader
    default: Any = None
    is_required: bool = False


Shape: TypeAlias = Mapping[str, Key]


def need(read: Reader) -> Key:
    """Declare a key that must be given."""
    return Key(read, is_required=True)


def may(read: Reader, default: Any = None) -> Key:
    """Declare a key that may be left out."""
    return Key(read, default)


@dataclass
class Row:
    """An object read by its shape: every key with a value, and whether all of it could be read."""

    place: str
    values: dict[str, Any]
    given: set[str]
    is_sound: bool = True

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def at(self, key: str) -> str:
        """Name the place of a key."""
        return f"{self.place}.{key}" if self.place else key


def read(shape: Shape, value: Any, place: str, faults: Faults) -> Row:
    """Read an object; where it has faults the row is not sound and what could not be read is missing."""
    row = Row(place, {name: key.default for name, key in shape.items()}, set())
    before = len(faults)
    found: dict[str, Any] | None = _of(dict, value, place, faults)
    if found is None:
        row.is_sound = False
        return row
    for name in getattr(found, "keys_repeated", ()):
        faults.find(row.at(_shown(name)), N_("This key stands here more than once."))
    for name in found.keys() - shape.keys():
        faults.find(row.at(_shown(name)), N_("This key is not known."))
    for name, key in shape.items():
        given = found.get(name)
        if given is None or (isinstance(given, str) and not given.strip()):
            if key.is_required:
                faults.find(row.at(name), N_("This must be given."))
        else:
            row.given.add(name)
            row.values[name] = key.read(given, row.at(name), faults)
    row.is_sound = len(faults) == before
    return row


def _shown(name: str) -> str:
    """Shorten a key of the file to what a message can hold."""
    return name[:60].encode("unicode_escape").decode() if not name.isprintable() else name[:60]


def _of(kind: type[Kind], value: Any, place: str, faults: Faults) -> Kind | None:
    """Take a value of this kind of JSON; a bool is no number."""
    if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
        return value
    faults.find(
        place,
        N_("Expected is %(expected)s, not %(found)s."),
        expected=_KINDS[kind],
        found=next((word for kind, word in _KINDS.items() if isinstance(value, kind)), ""),
    )
    return None


def text(limit: int) -> Reader:
    """Read a text up to a length."""

    def read_text(value: Any, place: str, faults: Faults) -> str | None:
        words = _of(str, value, place, faults)
        if words is None:
            return None
        if "\x00" in words:
            faults.find(place, N_("This text holds a NUL character."))
        elif any("\ud800" <= letter <= "\udfff" for letter in words):
            faults.find(place, N_("This text holds half a character (a lone surrogate)."))
        elif len(words) > limit:
            faults.find(
                place,
                N_("This text has %(length)s characters; %(limit)s is the most."),
                length=len(words),
                limit=limit,
            )
        else:
            return words
        return None

    return read_text


def matching(pattern: re.Pattern[str], message: str, fold: Callable[[str], str] = str) -> Reader:
    """Read a text that has a form."""

    def read_matching(value: Any, place: str, faults: Faults) -> str | None:
        words = _of(str, value, place, faults)
        if words is None:
            return None
        if not pattern.fullmatch(words):
            faults.find(place, message)
            return None
        return fold(words)

    return read_matching


uid = matching(_UID, N_("This is not a UUID."), str.lower)


def word(kind: type[Word]) -> Reader:
    """Read a word of a vocabulary."""

    def read_word(value: Any, place: str, faults: Faults) -> Word | None:
        found = _of(str, value, place, faults)
        if found is None:
            return None
        if found not in [*kind]:
            faults.find(
                place,
                N_("“%(word)s” is none of: %(words)s."),
                word=_shown(found),
                words=", ".join(kind),
            )
            return None
        return kind(found)

    return read_word


def day(value: Any, place: str, faults: Faults) -> date | None:
    """Read a day, YYYY-MM-DD."""
    words = _of(str, value, place, faults)
    try:
        return None if words is None else read_day(words)
    except Unreadable as error:
        faults.find(place, str(error))
        return None


def moment(value: Any, place: str, faults: Faults) -> datetime | None:
    """Read a moment with its zone."""
    words = _of(str, value, place, faults)
    try:
        if words is None:
            return None
        if not _MOMENT.fullmatch(words):
            raise Unreadable(N_("This is not a moment of the form 2025-12-03T10:00:00Z."))
        return read_moment(words)
    except Unreadable as error:
        faults.find(place, str(error))
        return None


def flag(value: Any, place: str, faults: Faults) -> bool | None:
    """Read true or false."""
    return _of(bool, value, place, faults)


def whole(low: int, high: int) -> Reader:
    """Read a whole number between two."""

    def read_whole(value: Any, place: str, faults: Faults) -> int | None:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if is_number and low <= value <= high:
            return int(value)
        faults.find(place, N_("Expected is a whole number between %(low)s and %(high)s."), low=low, high=high)
        return None

    return read_whole


def number(value: Any, place: str, faults: Faults) -> float | None:
    """Read a number of a size that every database keeps exactly."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if abs(value) <= 1e15:  # NaN is not
            return float(value)
        faults.find(place, N_("This number cannot be recorded."))
        return None
    _of(float, value, place, faults)
    return None


def each(read_one: Reader) -> Reader:
    """Read a list; an empty text in it counts as absent."""

    def read_each(value: Any, place: str, faults: Faults) -> list[Any] | None:
        found = _of(list, value, place, faults)
        if found is None:
            return None
        return [read_one(one, f"{place}[{i}]", faults) for i, one in enumerate(found) if one != ""]

    return read_each


def several(read_one: Reader) -> Reader:
    """Read a list whose order and repetitions say nothing; gives it sorted."""

    def read_several(value: Any, place: str, faults: Faults) -> list[Any] | None:
        found = each(read_one)(value, place, faults)
        return None if found is None else sorted({one for one in found if one is not None})

    return read_several


def one(shape: Shape) -> Reader:
    """Read an object."""
    return lambda value, place, faults: read(shape, value, place, faults)
