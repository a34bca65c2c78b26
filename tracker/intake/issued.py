"""Issued: the day of a reference, as lists of references write days. What is no whole day is no day."""

from __future__ import annotations

import calendar
import re
from datetime import date

from tracker.dates import Unreadable, read_day

_ISO = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?:[t ][\d:.,]+(?:z|[+-][\d:]+)?)?", re.ASCII)
_RANGE = re.compile(r"\d{4}(-\d{1,2}){0,2}/(\d{4}(-\d{1,2}){0,2}|\.\.)?", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})", re.ASCII)
_DAY_FIRST = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?\.? )?([a-z]+)\.?,? (\d{4})", re.ASCII)
_MONTH_FIRST = re.compile(r"([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.ASCII)
_SEASONS = {"spring", "summer", "autumn", "fall", "winter"}


def read_issued(words: str) -> date | None:
    """Read a day; None where the words name a year, a month, a span, or two days in one.

    Raises: Unreadable.
    """
    text = " ".join(words.lower().split())
    # RIS writes 2025/12/02/ and leaves parts empty: 2025///.
    parts = re.fullmatch(r"(\d{4})/(\d{0,2})/(\d{0,2})(?:/.*)?", text, re.ASCII)
    if parts:
        text = "-".join(part for part in parts.groups() if part)
    if _RANGE.fullmatch(text) and not _ISO.fullmatch(text):
        return None
    for pattern, read in (
        (_ISO, _iso),
        (_NUMBERS, _numbers),
        (_DAY_FIRST, _day_first),
        (_MONTH_FIRST, _month_first),
    ):
        if match := pattern.fullmatch(text):
            return read(match)
    raise Unreadable("This is not a day of the form 2025-12-02.")


def _iso(match: re.Match[str]) -> date | None:
    year, month, day = match.groups()
    if day:
        return _day(year, month, day)
    _day(year, month or "1", "1")
    return None


def _numbers(match: re.Match[str]) -> date | None:
    """Read 2.12.2025; 2/12/2025 only where it is one day by either custom."""
    one, mark, two, year = match.groups()
    if mark == ".":
        return _day(year, two, one)
    if int(one) <= 12 and int(two) <= 12 and one != two:
        return None
    return _day(year, one, two) if int(two) > 12 else _day(year, two, one)


def _day_first(match: re.Match[str]) -> date | None:
    day, month, year = match.groups()
    if not day and month in _SEASONS:
        return None
    found = _day(year, _month(month), day or "1")
    return found if day else None


def _month_first(match: re.Match[str]) -> date | None:
    month, day, year = match.groups()
    return _day(year, _month(month), day)


def _month(word: str) -> str:
    found = [
        n
        for n, name in enumerate(calendar.month_name)
        if n and len(word) >= 3 and name.lower().startswith(word)
    ]
    if not found:
        raise Unreadable("This is not a day of the form 2025-12-02.")
    return str(found[0])


def _day(year: str, month: str, day: str) -> date:
    return read_day(f"{year}-{int(month):02}-{int(day):02}")
