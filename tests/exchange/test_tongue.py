"""Tongues: days, moments, numbers and parties as a reader meets them, in the shell as on a page."""

from dataclasses import replace
from datetime import UTC, date, datetime

from babel import Locale

from tracker.exchange.tongue import ENGLISH

DAY = date(2025, 12, 2)


def test_the_shell_writes_days_and_numbers_as_pages_do_with_every_digit() -> None:
    assert (ENGLISH.day(DAY), ENGLISH.day(None)) == ("2 Dec 2025", "date unknown")
    assert ENGLISH.on(DAY, "") == ENGLISH.day(DAY)
    assert ENGLISH.on(DAY, "early December") == "early December"
    assert ENGLISH.moment(datetime(2025, 12, 2, 14, 5, tzinfo=UTC)) == "2 Dec 2025, 14:05 UTC"
    assert ENGLISH.number(1234567.12345) == "1,234,567.12345"
    german = replace(ENGLISH, locale=Locale("de"))
    assert (german.day(DAY), german.number(1234.5)) == ("2 Dez. 2025", "1.234,5")


def test_parties_are_named_in_the_order_of_their_columns() -> None:
    tongue = replace(ENGLISH, names={"red": "Red", "blue": "Blue", "med": "Mediator"})
    assert tongue.named(["med", "red", "gone"]) == "Red, Mediator"
    assert (tongue.series([]), tongue.series(["Red"])) == ("", "Red")
    assert tongue.series(["Red", "Blue", "Mediator"]) == "Red, Blue and Mediator"
