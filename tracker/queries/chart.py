"""A chart: courses and events laid out on a line of time, in hundredths of its length. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.dates import FIRST_DAY
from tracker.models.vocabulary import Status
from tracker.queries.courses import Course, Span

ONE = timedelta(days=1)
#: The most words along the line, and the least part of it that holds one.
TICKS, TICK_WIDTH = 12, 6
#: Marks that stand nearer to each other are one.
NEAR = 0.8
#: The part of a line that a letter takes, on a screen of usual width.
LETTER = 0.85
#: The steps between the words, in months.
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000)


@dataclass(frozen=True, slots=True)
class Days:
    """Days in a row. `before` is the last one that is not among them, as a period (since, until] has it."""

    first: date
    last: date

    @property
    def before(self) -> date:
        return max(FIRST_DAY, self.first - ONE)

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    def place(self, day: date) -> float:
        """Give how far along a day begins; days outside stand at the ends."""
        passed = min(max((day - self.first).days, 0), self.length)
        return round(100 * passed / self.length, 2)


@dataclass(frozen=True, slots=True)
class Tick:
    """Where on the line a day, a week or some months begin. `unit`: "day", "week" or "month"."""

    unit: str
    days: Days
    x: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a course as drawn. `is_named`: there is room for the word."""

    uid: str
    status: Status
    since: date
    since_words: str
    until: date | None
    x: float
    width: float

    @property
    def before(self) -> date:
        """The day before its first."""
        return Days(self.since, self.since).before

    @property
    def is_named(self) -> bool:
        return self.width >= LETTER * (len(self.status.label) + 1)


@dataclass(frozen=True, slots=True)
class Marked:
    """An event that a mark stands for."""

    id: int
    title: str
    on: date


@dataclass(frozen=True, slots=True)
class Mark:
    """One event, or several so near to each other that they share a mark."""

    events: Sequence[Marked]
    days: Days
    x: float


def bars(course: Course, days: Days) -> list[Bar]:
    """Draw the spans of a course, as far as they fall into the days."""
    return [_bar(span, days) for span in course if _is_seen(span, days)]


def _is_seen(span: Span, days: Days) -> bool:
    return span.since <= days.last and (span.until is None or span.until > days.first)


def _bar(span: Span, days: Days) -> Bar:
    x = days.place(span.since)
    end = 100.0 if span.until is None else days.place(span.until)
    return Bar(span.uid, span.status, span.since, span.since_words, span.until, x, round(end - x, 2))


def marks(events: Iterable[Marked], days: Days) -> list[Mark]:
    """Mark events, given from the first to the last, each in the middle of its day."""
    found: list[Mark] = []
    half = 50 / days.length
    for event in events:
        x = round(days.place(event.on) + half, 2)
        last = found[-1] if found else None
        if last and (x - last.x < NEAR or last.days.last == event.on):
            found[-1] = Mark([*last.events, event], Days(last.days.first, event.on), last.x)
        else:
            found.append(Mark([event], Days(event.on, event.on), x))
    return found


def ticks(days: Days) -> list[Tick]:
    """Divide the line into days, weeks or months, so that there is room for their names."""
    if days.length <= TICKS:
        parts = [("day", Days(day, day)) for day in _days(days.first, days.last, 1)]
    elif days.length <= 7 * TICKS - 6:
        monday = days.first - timedelta(days=days.first.weekday())
        weeks = [Days(day, day + 6 * ONE) for day in _days(monday, days.last, 7)]
        parts = [("week", Days(max(week.first, days.first), week.last)) for week in weeks]
    else:
        parts = [("month", part) for part in _months(days)]
    found = [Tick(unit, part, days.place(part.first)) for unit, part in parts]
    ends = [*(tick.x for tick in found[1:]), 100.0]
    return [tick for tick, end in zip(found, ends, strict=True) if end - tick.x >= TICK_WIDTH]


def _days(first: date, last: date, step: int) -> list[date]:
    return [first + timedelta(days=passed) for passed in range(0, (last - first).days + 1, step)]


def _months(days: Days) -> list[Days]:
    first, last = (day.year * 12 + day.month - 1 for day in (days.first, days.last))
    step = next(step for step in _MONTHS if last // step - first // step < TICKS)
    return [
        Days(_first_of(max(number, 12)), _first_of(number + step) - ONE)
        for number in range(first - first % step, last + 1, step)
    ]


def _first_of(month: int) -> date:
    """Give the first day of a month, counted from the year 0; none lies after the calendar's end."""
    return date(month // 12, month % 12 + 1, 1) if month < 120_000 else date.max
