"""Charts: where days, spans and events stand on a line of time."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.dates import FIRST_DAY
from tracker.models.vocabulary import Status
from tracker.queries.chart import NEAR, TICK_WIDTH, TICKS, Days, Marked, bars, marks, ticks
from tracker.queries.courses import Span

DECEMBER = Days(date(2025, 12, 1), date(2025, 12, 20))
DAYS = st.dates(FIRST_DAY, date(2100, 1, 1))


def day(number: int) -> date:
    return date(2025, 12, 1) + timedelta(days=number - 1)


def span(status: Status, since: date, until: date | None = None) -> Span:
    return Span("uid", status, since, "", until)


def test_a_day_has_its_share_of_the_line() -> None:
    assert [DECEMBER.place(day(number)) for number in (-9, 1, 2, 11, 21, 40)] == [0, 0, 5, 50, 100, 100]
    assert DECEMBER.before == date(2025, 11, 30)
    assert Days(FIRST_DAY, FIRST_DAY).before == FIRST_DAY


def test_bars_are_the_spans_of_these_days() -> None:
    course = [
        span(Status.NOT_TABLED, day(-30), day(1)),
        span(Status.OPEN, day(-5), day(6)),
        span(Status.BLOCKED, day(6), day(20)),
        span(Status.AGREED, day(20), day(21)),
        span(Status.DROPPED, day(21)),
    ]
    found = [(bar.status, bar.x, bar.width) for bar in bars(course, DECEMBER)]
    assert found == [(Status.OPEN, 0, 25), (Status.BLOCKED, 25, 70), (Status.AGREED, 95, 5)]


def test_a_word_is_written_where_there_is_room() -> None:
    long, short = bars([span(Status.OPEN, day(1), day(19)), span(Status.BLOCKED, day(19))], DECEMBER)
    assert (long.is_named, short.is_named) == (True, True)
    [narrow] = bars([span(Status.PROVISIONALLY_AGREED, day(18))], DECEMBER)
    assert not narrow.is_named


def test_events_of_one_day_share_a_mark_and_others_do_not() -> None:
    events = [Marked(1, "One", day(2)), Marked(2, "Two", day(2)), Marked(3, "Three", day(3))]
    one, two = marks(events, DECEMBER)
    assert ([event.id for event in one.events], one.x) == ([1, 2], 7.5)
    assert ([event.id for event in two.events], two.x) == ([3], 12.5)


@given(st.lists(DAYS, min_size=1, max_size=30))
def test_every_event_is_marked_once_and_marks_can_be_told_apart(events: list[date]) -> None:
    events.sort()
    days = Days(events[0], events[-1])
    found = marks([Marked(number, "", on) for number, on in enumerate(events)], days)
    assert [event.id for mark in found for event in mark.events] == [*range(len(events))]
    places = [mark.x for mark in found]
    assert all(two - one >= NEAR for one, two in pairwise(places))


@pytest.mark.parametrize(
    ("first", "last", "unit", "told"),
    [
        (date(2025, 12, 1), date(2025, 12, 3), "day", ["2025-12-01", "2025-12-02", "2025-12-03"]),
        (
            date(2025, 11, 20),
            date(2025, 12, 10),
            "week",
            ["2025-11-20", "2025-11-24", "2025-12-01", "2025-12-08"],
        ),
        (
            date(2025, 6, 2),
            date(2025, 9, 28),
            "month",
            ["2025-06-01", "2025-07-01", "2025-08-01", "2025-09-01"],
        ),
        (date(2023, 6, 2), date(2025, 9, 28), "month", ["2023-07-01", "2023-10-01", "2024-01-01"]),
    ],
)
def test_the_line_is_divided_as_its_length_asks(first: date, last: date, unit: str, told: list[str]) -> None:
    found = ticks(Days(first, last))
    assert {tick.unit for tick in found} == {unit}
    assert [tick.days.first.isoformat() for tick in found][: len(told)] == told


@given(DAYS, DAYS)
def test_ticks_have_room_and_the_days_between_them_belong_to_one(one: date, two: date) -> None:
    days = Days(min(one, two), max(one, two))
    found = ticks(days)
    assert 1 <= len(found) <= TICKS
    places = [*(tick.x for tick in found), 100]
    assert all(right - left >= TICK_WIDTH for left, right in pairwise(places))
    assert all(tick.days.first <= tick.days.last for tick in found)
    assert all(left.days.last + timedelta(days=1) <= right.days.first for left, right in pairwise(found))
