from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.dates import (
    FIRST_DAY,
    Day,
    Unreadable,
    View,
    latest_day,
    moment_words,
    read_as_of,
    read_day,
    read_moment,
    type_day,
)

TODAY = date(2025, 12, 5)
MOMENT = datetime(2025, 12, 3, 10, 0, tzinfo=UTC)
#: Words, digits and signs that days are made of, so that random texts come near to being one.
PIECES = st.sampled_from(
    [
        *"0123456789/.- –",
        "early ",
        "late ",
        "mid-",
        "december",
        "Feb",
        "summer",
        "today",
        "2025",
        "٣",
        "９",
        "²",
    ]
)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2025-12-02", date(2025, 12, 2)),
        ("2025-12-2", date(2025, 12, 2)),
        ("2/12", date(2025, 12, 2)),
        ("2.12", date(2025, 12, 2)),
        ("2/12/2024", date(2024, 12, 2)),
        ("02.12.2024", date(2024, 12, 2)),
        ("2 Dec", date(2025, 12, 2)),
        ("2 dec.", date(2025, 12, 2)),
        ("  2   December  2024 ", date(2024, 12, 2)),
        ("0", TODAY),
        ("today", TODAY),
        ("Yesterday", date(2025, 12, 4)),
        ("-1", date(2025, 12, 4)),
        ("-30", date(2025, 11, 5)),
    ],
)
def test_exact_day_is_read_as_typed(typed: str, day: date) -> None:
    assert type_day(typed, TODAY) == Day(day)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("6/12", date(2024, 12, 6)),
        ("5/12", TODAY),
        ("31 Dec", date(2024, 12, 31)),
        ("29 Feb", date(2024, 2, 29)),
        ("29/2", date(2024, 2, 29)),
    ],
)
def test_day_without_a_year_is_the_latest_that_is_not_to_come(typed: str, day: date) -> None:
    assert type_day(typed, TODAY) == Day(day)


def test_a_leap_day_is_found_across_a_century_without_one() -> None:
    assert type_day("29 Feb", date(2103, 5, 1)) == Day(date(2096, 2, 29))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("November", date(2025, 11, 30)),
        ("December", TODAY),
        ("dec 2024", date(2024, 12, 31)),
        ("Feb 2024", date(2024, 2, 29)),
        ("early November", date(2025, 11, 10)),
        ("mid-November", date(2025, 11, 20)),
        ("late  November", date(2025, 11, 30)),
        ("early December", TODAY),
        ("mid December", date(2024, 12, 20)),
        ("late December", date(2024, 12, 31)),
        ("summer 2025", date(2025, 8, 31)),
        ("summer", date(2025, 8, 31)),
        ("autumn 2024", date(2024, 11, 30)),
        ("fall", date(2025, 11, 30)),
    ],
)
def test_vague_day_is_the_last_possible_and_keeps_its_words(typed: str, day: date) -> None:
    assert type_day(typed, TODAY) == Day(day, " ".join(typed.split()))


def test_season_that_has_begun_lasts_until_today() -> None:
    assert type_day("summer", date(2025, 7, 15)).on == date(2025, 7, 15)
    assert type_day("summer", date(2025, 5, 31)).on == date(2024, 8, 31)


def test_vague_day_typed_with_a_year_to_come_is_its_last_day() -> None:
    assert type_day("March 2030", TODAY).on == date(2030, 3, 31)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        ".",
        "soon",
        "tomorrow",
        "+1",
        "0 Dec",
        "0/12",
        "31/11",
        "31 Nov",
        "30 Feb 2024",
        "29 Feb 2025",
        "2025-02-30",
        "2/13",
        "2/12/25",
        "2025/12/02",
        "-12345",
        "-١",
        "٢/١٢",
        "２/１２",
        "2²/12",
        "winter",
        "early summer",
        "early",
        "ma 2025",
        "December 0000",
        "December 0999",
        "0999-12-31",
        "2025-12-02\x00",
        "2025-12-02 or so",
        "\ud800",
        "2" * 100_000,
    ],
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable):
        type_day(typed, TODAY)


@given(
    st.one_of(st.text(), st.lists(PIECES, max_size=6).map("".join)),
    st.dates(date(1100, 1, 1), date(9000, 1, 1)),
)
@example("-0", TODAY)
@example("december 9999", TODAY)
def test_any_text_is_a_day_or_unreadable(typed: str, today: date) -> None:
    try:
        day = type_day(typed, today)
    except Unreadable:
        return
    assert day.on >= FIRST_DAY
    assert day.on <= today or str(day.on.year) in typed
    assert day.words in (None, " ".join(typed.split()))


@pytest.mark.parametrize("value", ["2025-12-02", "1000-01-01", "9999-12-31", "2024-02-29"])
def test_day_of_an_address_is_read(value: str) -> None:
    assert read_day(value).isoformat() == value


@pytest.mark.parametrize(
    "value",
    [
        "",
        "2025-12-2",
        "20251202",
        "2025-W49-2",
        "2025-02-30",
        "2025-02-29",
        "0000-01-01",
        "0999-12-31",
        "2025-12-02 ",
        "2025-12-02\n",
        "٢٠٢٥-١٢-٠٢",
        "yesterday",
        "-1",
        "2025-12-02T10:00Z",
        "\ud800",
    ],
)
def test_other_day_of_an_address_is_refused(value: str) -> None:
    with pytest.raises(Unreadable):
        read_day(value)


def test_a_page_is_looked_at_as_of_tomorrow_at_the_latest() -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    assert read_as_of(tomorrow.isoformat()) == tomorrow
    with pytest.raises(Unreadable):
        read_as_of((tomorrow + timedelta(days=1)).isoformat())
    with pytest.raises(Unreadable):
        read_as_of("9999-12-31")


@pytest.mark.parametrize(
    "value",
    [
        "2025-12-03T10:00:00Z",
        "2025-12-03T10:00Z",
        "2025-12-03T12:00:00+02:00",
        "2025-12-03T12:00:00 02:00",  # a "+" that was not escaped in an address
        "2025-12-03T05:00:00-05:00",
        "2025-12-03T10:00:00.000Z",
        "2025-12-03T12:00:00+0200",
        "2025-12-03 10:00:00Z",
    ],
)
def test_moment_is_read_in_utc(value: str) -> None:
    assert read_moment(value) == MOMENT


def test_day_as_a_moment_means_its_end_in_utc() -> None:
    assert read_moment("2025-12-03") == datetime(2025, 12, 3, 23, 59, 59, 999999, UTC)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "now",
        "2025-12-03T10:00:00",
        "2025-12-03x10:00:00Z",
        "20251203T100000Z",
        "2025-12-03 10:00",
        "2025-13-03T10:00:00Z",
        "2025-12-03T25:00:00Z",
        "2025-12-03T10:00:00+25:00",
        "0001-01-01T00:00:00+14:00",
        "1000-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "٢٠٢٥-١٢-٠٣T10:00:00Z",
        "2025-02-30",
        "2025-12-03T10:00:00Z\x00",
        "\ud800",
        "2025-12-03T10:00:00" + "Z" * 100_000,
    ],
)
def test_other_moment_is_refused(value: str) -> None:
    with pytest.raises(Unreadable):
        read_moment(value)


@given(st.one_of(st.text(), st.text("0123456789-:T.+Z 02٣", max_size=30)))
def test_any_text_is_a_day_and_a_moment_or_unreadable(value: str) -> None:
    for read in (read_day, read_as_of, read_moment):
        with suppress(Unreadable):
            read(value)


@given(st.datetimes(datetime(1001, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - the zone stands beside it
def test_moment_written_is_read_back(moment: datetime) -> None:
    assert read_moment(moment_words(moment)) == moment


def test_the_latest_day_is_that_of_the_earliest_zone() -> None:
    assert latest_day(datetime(2025, 12, 2, 9, 59, tzinfo=UTC)) == date(2025, 12, 2)
    assert latest_day(datetime(2025, 12, 2, 10, 0, tzinfo=UTC)) == date(2025, 12, 3)


def test_a_view_is_of_the_past_when_its_day_or_its_moment_is_named() -> None:
    assert not View().is_past
    assert View().day == latest_day()
    assert View(as_of=TODAY).is_past
    assert View(as_of=TODAY).day == TODAY
    assert View(known_at=MOMENT).is_past


def test_a_view_is_narrowed_to_what_was_published_and_never_widened() -> None:
    later = MOMENT + timedelta(days=1)
    assert View(as_of=TODAY).no_later_than(None) == View(as_of=TODAY)
    assert View(as_of=TODAY).no_later_than(MOMENT) == View(TODAY, MOMENT)
    assert View(known_at=later).no_later_than(MOMENT) == View(known_at=MOMENT)
    assert View(known_at=MOMENT).no_later_than(later) == View(known_at=MOMENT)
