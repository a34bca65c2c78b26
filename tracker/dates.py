"""Days and moments: reading what people type, and the point of view of a page. Pure functions."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

FIRST_DAY = date(1000, 1, 1)
#: A "+" that was not escaped in an address arrives as a blank.
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[ +-]\d{2}:?\d{2})", re.ASCII
)
_EARLIEST_ZONE = timezone(timedelta(hours=14))
_MONTHS = [name.lower() for name in calendar.month_name]
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}
_PARTS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}


class Unreadable(ValueError):
    """A day or moment that cannot be read; its text says what is wrong and what would do."""


@dataclass(frozen=True)
class Day:
    """A day as typed: the day stored, and the words printed instead of it where it is vague."""

    on: date
    words: str | None = None


@dataclass(frozen=True)
class View:
    """From when a record is looked at: as of a day, as known at a moment; None = today, now."""

    as_of: date | None = None
    known_at: datetime | None = None

    @property
    def is_past(self) -> bool:
        return self.as_of is not None or self.known_at is not None

    @property
    def day(self) -> date:
        """The last day that counts."""
        return self.as_of or latest_day()

    @property
    def today(self) -> date:
        """The day that ages, and days still to go, are counted from: the one asked for, else today in UTC."""
        return self.as_of or datetime.now(UTC).date()

    def no_later_than(self, moment: datetime | None) -> View:
        """Narrow what is known to what was published."""
        if moment is None or (self.known_at is not None and self.known_at <= moment):
            return self
        return View(self.as_of, moment)


def lasts(from_on: date | None, until_on: date | None, day: date) -> bool:
    """Tell whether a day lies in a time whose ends, both within it, may be open."""
    return (from_on or day) <= day <= (until_on or day)


def latest_day(at: datetime | None = None) -> date:
    """Give the latest day that it is anywhere (UTC+14): the last on which a thing can have happened."""
    return (at or datetime.now(UTC)).astimezone(_EARLIEST_ZONE).date()


def read_day(value: str) -> date:
    """Read a day written YYYY-MM-DD.

    Raises: Unreadable.
    """
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            raise ValueError
        day = date.fromisoformat(value)
    except ValueError:
        raise Unreadable("This is not a day of the form 2025-12-02.") from None
    if day < FIRST_DAY:
        raise Unreadable("This day is before the year 1000.")
    return day


def read_as_of(value: str) -> date:
    """Read the day a page is asked to look from; tomorrow is the latest.

    Raises: Unreadable.
    """
    day = read_day(value)
    if day > datetime.now(UTC).date() + timedelta(days=1):
        raise Unreadable("This day lies in the future.")
    return day


def read_moment(value: str) -> datetime:
    """Read a moment in ISO 8601 with its zone; a day alone means its end in UTC.

    Raises: Unreadable.
    """
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return end_of(read_day(value))
    match = _MOMENT.fullmatch(value)
    try:
        if not match:
            raise ValueError
        day, clock, zone = match.groups()
        moment = datetime.fromisoformat(f"{day}T{clock}{zone.replace(' ', '+')}").astimezone(UTC)
        if moment.year < FIRST_DAY.year:
            raise ValueError
        return moment
    except (ValueError, OverflowError):
        raise Unreadable("This is not a moment of the form 2025-12-03T10:00:00Z.") from None


def end_of(day: date) -> datetime:
    """Give the last moment of a day in UTC."""
    return datetime.combine(day, time.max, UTC)


def moment_words(moment: datetime) -> str:
    """Write a moment in ISO 8601, UTC, with Z; microseconds only where there are any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def type_day(typed: str, today: date) -> Day:
    """Read a day as an editor types it: 2025-12-02, 2/12, 2.12.2025, 2 Dec, -1, today, early December.

    A day without a year is the latest such day that is not in the future. Of a vague time the last
    possible day is taken, and its words are kept.
    Raises: Unreadable.
    """
    text = " ".join(typed.strip().lower().rstrip(".").split())
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text, re.ASCII):
        year, month, number = map(int, text.split("-"))
        return Day(_day(year, month, number))
    if text in ("0", "today"):
        return Day(today)
    if text == "yesterday":
        return Day(today - timedelta(days=1))
    if re.fullmatch(r"-\d{1,4}", text, re.ASCII):
        return Day(today - timedelta(days=int(text[1:])))
    exact = _numbers(text, today) or _day_and_month(text, today)
    if exact:
        return Day(exact)
    vague = _vague(text, today)
    if vague:
        return Day(vague, " ".join(typed.split()))
    raise Unreadable("Write the day as 2025-12-02, 2/12, 2 Dec, -1 for yesterday, or “early December”.")


def type_coming_day(typed: str, today: date) -> date:
    """Read a day by which something is to be done: 2026-12-02, 2/12, 2 Dec, tomorrow, +3.

    A day without a year is the next such day.
    Raises: Unreadable.
    """
    text = " ".join(typed.strip().lower().split())
    ahead = re.fullmatch(r"\+(\d{1,4})", text, re.ASCII)
    if ahead or text in ("0", "today", "tomorrow"):
        return today + timedelta(days=int(ahead[1]) if ahead else int(text == "tomorrow"))
    has_year = re.search(r"\d{4}", text, re.ASCII)
    is_day = re.search(r"\d", text, re.ASCII) and not text.startswith("-")
    found = None if not is_day else type_day(typed, today + timedelta(days=364))
    if found is None or found.words or (found.on < today and not has_year):
        raise Unreadable("Write the exact day as 2026-12-02, 2/12/2026, 2 Dec, tomorrow, or +3.")
    return found.on


def _day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise Unreadable("There is no such day in the calendar.") from None
    if found < FIRST_DAY:
        raise Unreadable("This day is before the year 1000.")
    return found


def _latest(month: int, day: int, today: date) -> date:
    """Give the latest such day not after today; 29 February looks back to a leap year."""
    for year in range(today.year, today.year - 9, -1):
        if 1 <= day <= calendar.monthrange(year, month)[1] and date(year, month, day) <= today:
            return date(year, month, day)
    raise Unreadable("There is no such day in the calendar.")


def _numbers(text: str, today: date) -> date | None:
    match = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?", text, re.ASCII)
    if not match:
        return None
    day, month = int(match[1]), int(match[2])
    if not 1 <= month <= 12:
        raise Unreadable("There is no such day in the calendar.")
    return _day(int(match[3]), month, day) if match[3] else _latest(month, day, today)


def _month(word: str) -> int | None:
    found = [i for i, name in enumerate(_MONTHS) if i and len(word) >= 3 and name.startswith(word)]
    return found[0] if len(found) == 1 else None


def _day_and_month(text: str, today: date) -> date | None:
    match = re.fullmatch(r"(\d{1,2}) ([a-z]+)\.?(?: (\d{4}))?", text, re.ASCII)
    month = _month(match[2]) if match else None
    if not match or not month:
        return None
    if match[3]:
        return _day(int(match[3]), month, int(match[1]))
    return _latest(month, int(match[1]), today)


def _vague(text: str, today: date) -> date | None:
    """Give the last possible day of a part of a month, a month or a season that is not all to come."""
    match = re.fullmatch(r"(?:(early|mid|late)[ -])?([a-z]+)(?: (\d{4}))?", text, re.ASCII)
    if not match:
        return None
    part, word, typed_year = match.groups()
    month = _month(word)
    months = (month, month) if month else _SEASONS.get(word)
    if not months or (part and not month):
        return None
    for year in [int(typed_year)] if typed_year else [today.year, today.year - 1]:
        start, end = _PARTS.get(part, (1, 31))
        first = _day(year, months[0], start)
        last = _day(year, months[1], min(end, calendar.monthrange(max(year, 1), months[1])[1]))
        if first <= today:
            return min(last, today)
        if typed_year:
            return last
    return None
