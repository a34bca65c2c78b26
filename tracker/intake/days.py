"""Days that a page or letter declares, in the forms that can be read in one way only."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from tracker.dates import latest_day

_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_ISO = re.compile(r"\s*(\d{4})(-|/|\.|)(\d{2})\2(\d{2})(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.? ([A-Za-z]{3,9})\.?,? (\d{4})(?!\d)")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)")
#: With full stops between, the day stands first wherever this is written.
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
_FIRST_YEAR = 1900
_SAME = timedelta(minutes=10)


def read_day(text: str) -> date | None:
    """Read a day at the start of a text; None: there is none, or it may be read in two ways.

    03/12/2025 is read in two ways, 13/12/2025 is left out with it; a day is the one that its own clock names.
    """
    text = " ".join(text.split())
    text = re.sub(r"^[A-Za-z]{3,9}\.?, (?=\w)", "", text)  # Tuesday, December 2, 2025
    try:
        if found := _ISO.match(text):
            return _day(int(found[1]), int(found[3]), int(found[4]))
        if found := _DOTTED.match(text):
            return _day(int(found[3]), int(found[2]), int(found[1]))
        for form, place, month in ((_DAY_FIRST, 1, 2), (_MONTH_FIRST, 2, 1)):
            if (found := form.match(text)) and found[month].lower() in _MONTHS:
                return _day(int(found[3]), _MONTHS[found[month].lower()], int(found[place]))
    except ValueError:
        return None
    return None


def one_day(told: Iterable[str]) -> date | None:
    """Give the one day that all of these name; of one moment on two clocks, the day that is not UTC's."""
    days = {day: text for text in told if (day := read_day(text))}
    if len(days) < 2:
        return next(iter(days), None)
    moments = {day: moment for day, text in days.items() if (moment := _moment(text))}
    if len(moments) < len(days) or max(moments.values()) - min(moments.values()) > _SAME:
        return None
    return next((day for day, moment in moments.items() if moment.utcoffset()), None)


def is_near_midnight(text: str) -> bool:
    """Tell a moment in UTC at which it was another day in much of the world."""
    moment = _moment(text)
    return moment is not None and not moment.utcoffset() and not 6 <= moment.hour < 20


def _moment(text: str) -> datetime | None:
    """Read a moment that names its clock."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _day(year: int, month: int, day: int) -> date | None:
    return _believed(date(year, month, day))


def _believed(day: date) -> date | None:
    """Leave out days on which no page was published."""
    return day if day.year >= _FIRST_YEAR and day <= latest_day() else None
