"""Values on a scale: what is measured, what is not, and where it is drawn. No database."""

from datetime import date

import pytest

from tracker.queries.parties import PartyLine
from tracker.queries.scale import (
    End,
    Held,
    IssueDistance,
    Looked,
    Mark,
    Scale,
    Shift,
    Spread,
    measure,
    spread_of,
)

WALLS = Scale("metres", "no wall", "up to the sky", 0, 100)
RED, BLUE, MED = (PartyLine(number, code, code, number) for number, code in enumerate(("red", "blue", "med")))
EVERYONE = [RED, BLUE, MED]


def looked(**values: float | None) -> Looked:
    """Say what each party's line in force has for a value; who is not named has no line."""
    lines = {
        party.id: Held("", values[party.code], "", date(2025, 12, 2), "", ())
        for party in EVERYONE
        if party.code in values
    }
    return Looked(frozenset(party.id for party in EVERYONE), lines)


def measured(now: Looked, then: Looked | None = None, scale: Scale = WALLS) -> IssueDistance:
    return measure("TK-1", "Walls", "", scale, EVERYONE, now, then)


@pytest.mark.parametrize(
    ("values", "spread"),
    [
        ([], Spread(0, 0, None, None, None)),
        ([None, None], Spread(0, 2, None, None, None)),
        ([None, 7.0], Spread(1, 2, 7.0, 7.0, None)),
        ([3.0, None, -4.0], Spread(2, 3, -4.0, 3.0, 7.0)),
        ([5.0, 5.0], Spread(2, 2, 5.0, 5.0, 0.0)),
        ([0.3, 0.1, 0.2], Spread(3, 3, 0.1, 0.3, 0.2)),
    ],
)
def test_a_spread_needs_two_values_and_counts_who_is_coded(
    values: list[float | None], spread: Spread
) -> None:
    assert spread_of(values) == spread


def test_each_two_coded_parties_lie_apart_by_their_difference() -> None:
    found = measured(looked(red=10.0, blue=None, med=35.5))
    assert [party.code for party in found.coded] == ["red", "med"]
    assert found.apart == [[0.0, 25.5], [25.5, 0.0]]
    assert found.now == Spread(2, 3, 10.0, 35.5, 25.5)


def test_movement_has_a_sign_and_a_direction_and_needs_a_value_on_both_days() -> None:
    then = looked(red=10.0, blue=60.0, med=None)
    found = measured(looked(red=12.5, blue=40.0, med=5.0), then)
    assert [holder.shift for holder in found.holders] == [Shift(2.5, End.HIGH), Shift(-20.0, End.LOW), None]
    assert found.then == Spread(2, 3, 10.0, 60.0, 50.0)


def test_who_stays_moved_by_nothing_toward_no_end() -> None:
    [red, *_] = measured(looked(red=0.1), looked(red=0.1)).holders
    assert red.shift == Shift(0.0, None)


def test_without_a_day_to_look_back_to_nothing_moved() -> None:
    found = measured(looked(red=1.0, blue=2.0))
    assert found.then is None
    assert all(holder.shift is None and holder.mark_then is None for holder in found.holders)


@pytest.mark.parametrize(
    ("value", "mark"),
    [
        (0.0, Mark(0.0, None)),
        (25.0, Mark(25.0, None)),
        (100.0, Mark(100.0, None)),
        (100.5, Mark(100.0, End.HIGH)),
        (-3.0, Mark(0.0, End.LOW)),
    ],
)
def test_a_value_outside_of_the_scale_stands_at_its_end_and_is_marked(value: float, mark: Mark) -> None:
    [red, *_] = measured(looked(red=value)).holders
    assert red.mark == mark
    assert red.now
    assert red.now.value == value


@pytest.mark.parametrize(
    ("ends", "values", "drawn", "places"),
    [
        ((None, None), (2.0, 6.0), (2.0, 6.0), (0.0, 100.0)),
        ((None, None), (4.0, 4.0), (4.0, 4.0), (50.0, 50.0)),
        ((0, None), (2.0, 8.0), (0, 8.0), (25.0, 100.0)),
        ((None, 10), (5.0, 20.0), (5.0, 10), (0.0, 100.0)),
        ((None, 10), (20.0, 30.0), (10, 10), (100.0, 100.0)),
        ((-1.5e308, 1.5e308), (0.0, 7.0), (-1.5e308, 1.5e308), (50.0, 50.0)),
    ],
)
def test_where_the_scale_names_no_end_the_outermost_value_is_one(
    ends: tuple[float | None, float | None],
    values: tuple[float, float],
    drawn: tuple[float, float],
    places: tuple[float, float],
) -> None:
    found = measured(looked(red=values[0], blue=values[1]), scale=Scale("metres", "", "", *ends))
    assert (found.drawn_from, found.drawn_to) == drawn
    assert tuple(holder.mark.place for holder in found.holders if holder.mark) == places


def test_where_nothing_is_coded_nothing_is_drawn() -> None:
    found = measured(looked(red=None))
    assert (found.drawn_from, found.drawn_to) == (None, None)
    assert (found.coded, found.apart) == ([], [])


def test_only_those_who_are_there_are_counted() -> None:
    then = Looked(frozenset([RED.id]), looked(red=1.0).lines)
    found = measured(Looked(frozenset([BLUE.id]), looked(blue=3.0).lines), then)
    assert (found.now.parties, found.then and found.then.parties) == (1, 1)
    assert [(each.party.code, each.is_here, each.was_here) for each in found.holders] == [
        ("red", False, True),
        ("blue", True, False),
    ]
