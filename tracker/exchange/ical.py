"""iCalendar: days on their way into a calendar. Words and addresses come ready made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from tracker.text import printable, printable_line

if TYPE_CHECKING:
    from icalendar import Event

MEDIA_TYPE = "text/calendar"
#: What made the calendar, in the form that the standard asks for.
PRODUCT = "-//Negotiation Tracker//Events//EN"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """Something on one day or several; `last_day` is one of them. `state`: of RFC 5545, 3.8.1.11."""

    uid: str
    title: str
    first_day: date
    last_day: date
    place: str
    state: str
    category: str
    description: str
    address: str
    written_at: datetime
    edits: int


@dataclass(frozen=True)
class Calendar:
    """A calendar of whole days."""

    title: str
    description: str
    days: Sequence[CalendarDay]


def write_calendar(calendar: Calendar) -> bytes:
    """Write a calendar: the same days give the same bytes. Source: RFC 5545; for the names RFC 7986."""
    import icalendar  # no page needs it

    made = icalendar.Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    for name in ("x-wr-calname", "name"):
        made.add(name, icalendar.vText(printable_line(calendar.title)))
    for name in ("x-wr-caldesc", "description"):
        made.add(name, icalendar.vText(printable_line(calendar.description)))
    for day in calendar.days:
        event = icalendar.Event()
        _fill(event, day)
        made.add_component(event)
    written: bytes = made.to_ical()
    return written


def _fill(event: Event, day: CalendarDay) -> None:
    event.add("uid", day.uid)
    event.add("dtstamp", day.written_at)
    event.add("last-modified", day.written_at)
    event.add("sequence", day.edits)
    event.add("dtstart", day.first_day)
    if day.last_day < date.max:  # the end is the day after; where there is none, it lasts for the first
        event.add("dtend", day.last_day + timedelta(days=1))
    event.add("summary", printable_line(day.title))
    if day.place:
        event.add("location", printable_line(day.place))
    event.add("status", day.state)
    event.add("transp", "TRANSPARENT")  # the reader is no busier for it
    event.add("categories", [printable_line(day.category)])
    event.add("description", printable(day.description))
    event.add("url", day.address)
