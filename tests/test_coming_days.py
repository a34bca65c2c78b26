"""Days by which something is to be done, as people type them."""

from datetime import date

import pytest

from tracker.dates import Unreadable, type_coming_day


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", "2025-12-10"),
        ("tomorrow", "2025-12-11"),
        ("+3", "2025-12-13"),
        ("2/12", "2026-12-02"),
        ("10 Dec", "2025-12-10"),
        ("9 dec", "2026-12-09"),
        ("24.12.", "2025-12-24"),
        ("2027-01-05", "2027-01-05"),
        ("2/12/2020", "2020-12-02"),
    ],
)
def test_a_day_to_come_is_the_next_such_day(typed: str, day: str) -> None:
    assert type_coming_day(typed, date(2025, 12, 10)).isoformat() == day


@pytest.mark.parametrize("typed", ["", "-1", "yesterday", "early December 2026", "soon", "29 Feb", "+12345"])
def test_what_is_no_day_to_come_is_unreadable(typed: str) -> None:
    with pytest.raises(Unreadable):
        type_coming_day(typed, date(2025, 12, 10))
