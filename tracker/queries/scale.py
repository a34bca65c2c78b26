"""Scales: where the parties' values lie, how far apart, and how far they moved. Asks nothing of the database.

Numbers are never imputed: a party is coded where its line in force has a value, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from tracker.dates import lasts
from tracker.models import Negotiation, Party
from tracker.queries.parties import PartyLine
from tracker.queries.references import Reference, SourceLine


class End(StrEnum):
    """The two ends of a scale."""

    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Scale:
    """What an issue's values are measured on. `low`, `high`: the ends in words."""

    unit: str
    low: str
    high: str
    from_value: float | None
    to_value: float | None


@dataclass(frozen=True, slots=True)
class Held:
    """A party's line in force. `value` None: not coded. `sources`: one None for all that are withheld."""

    uid: str
    value: float | None
    summary: str
    effective_on: date
    effective_words: str
    sources: Sequence[SourceLine | None]


#: The parties' lines in force on an issue, by the party's id.
Lines: TypeAlias = Mapping[int, Held]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a value is drawn: from 0 to 100 along the scale. `beyond`: the end that it lies outside of."""

    place: float
    beyond: End | None


@dataclass(frozen=True, slots=True)
class Shift:
    """How far a party moved, in the unit of the scale, and toward which end; None: it stayed."""

    by: float
    toward: End | None


@dataclass(frozen=True, slots=True)
class Holder:
    """A party's row. `is_here`, `was_here`: whether it is there on the day, and on the day looked back to.

    `shift` is None where it is not coded on both. `through`, `through_then`: the blocs that speak for it
    where it has no line.
    """

    party: PartyLine
    is_here: bool
    was_here: bool
    now: Held | None
    then: Held | None
    mark: Mark | None
    mark_then: Mark | None
    shift: Shift | None
    through: Sequence[str] = ()
    through_then: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Spread:
    """How far the outermost values lie apart; None with fewer than two. `parties`: those who are there."""

    coded: int
    parties: int
    lowest: float | None
    highest: float | None
    spread: float | None


@dataclass(frozen=True, slots=True)
class IssueDistance:
    """An issue with a scale. apart[i][j] is the distance between coded[i] and coded[j].

    `drawn_from`, `drawn_to`: the ends of the drawing, the outermost values where the scale names none;
    None where nothing is coded. `then`: None where no day is looked back to.
    """

    key: str
    title: str
    topic: str
    scale: Scale
    holders: Sequence[Holder]
    now: Spread
    then: Spread | None
    drawn_from: float | None
    drawn_to: float | None
    coded: Sequence[PartyLine]
    apart: Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Looked:
    """The parties who are there on a day, and their lines in force then.

    `through`: by the id of a party without a line, the labels of its blocs that have one.
    """

    party_ids: frozenset[int]
    lines: Lines
    through: Mapping[int, Sequence[str]] = field(default_factory=dict)


def party_lines(negotiation: Negotiation, parties: Sequence[Party]) -> list[PartyLine]:
    """Give parties as rows print them."""
    order = {party.id: index for index, party in enumerate(negotiation.parties)}
    return [PartyLine(party.id, party.code, party.label, order[party.id]) for party in parties]


def those_on(parties: Iterable[Party], day: date) -> frozenset[int]:
    """Tell which parties are there on a day, by id."""
    return frozenset(party.id for party in parties if lasts(party.from_on, party.until_on, day))


def held(line: Any, references: Iterable[Reference]) -> Held:
    """Take of a line in force, a cell or an entry, what distance needs."""
    sources = {r.source.id if r.source else 0: r.source for r in references}
    return Held(
        line.uid, line.value, line.summary, line.effective_on, line.effective_words, [*sources.values()]
    )


def measure(
    key: str,
    title: str,
    topic: str,
    scale: Scale,
    parties: Sequence[PartyLine],
    now: Looked,
    then: Looked | None = None,
) -> IssueDistance:
    """Measure one issue from the lines in force on it; asks nothing of the database."""
    before = then or Looked(frozenset(), {})
    values = [line.value for line in [*now.lines.values(), *before.lines.values()] if line.value is not None]
    ends = _drawn(scale, values)

    def holder(party: PartyLine) -> Holder:
        line, old = now.lines.get(party.id), before.lines.get(party.id)
        value, value_then = line.value if line else None, old.value if old else None
        return Holder(
            party=party,
            is_here=party.id in now.party_ids,
            was_here=party.id in before.party_ids,
            now=line,
            then=old,
            mark=_mark(value, scale, ends),
            mark_then=_mark(value_then, scale, ends),
            shift=_shift(value_then, value),
            through=now.through.get(party.id, ()),
            through_then=before.through.get(party.id, ()),
        )

    here = now.party_ids | before.party_ids
    holders = [holder(party) for party in parties if party.id in here]
    coded = [(each.party, each.now.value) for each in holders if each.now and each.now.value is not None]
    return IssueDistance(
        key=key,
        title=title,
        topic=topic,
        scale=scale,
        holders=holders,
        now=_spread(now),
        then=_spread(then) if then else None,
        drawn_from=ends[0] if ends else None,
        drawn_to=ends[1] if ends else None,
        coded=[party for party, _value in coded],
        apart=[[abs(difference(other, value)) for _party, other in coded] for _party, value in coded],
    )


def spread_of(values: Sequence[float | None]) -> Spread:
    """Measure the values of the parties who are there; None: not coded."""
    known = [value for value in values if value is not None]
    lowest, highest = (min(known), max(known)) if known else (None, None)
    apart = difference(lowest, highest) if len(known) > 1 else None
    return Spread(len(known), len(values), lowest, highest, apart)


def _spread(looked: Looked) -> Spread:
    lines = [looked.lines.get(party_id) for party_id in looked.party_ids]
    return spread_of([line.value if line else None for line in lines])


def difference(before: Any, after: Any) -> float:
    """Take one value from another as they are written: of 0.3 and 0.1 it is 0.2."""
    return float(Decimal(repr(after)) - Decimal(repr(before)))


def _shift(before: float | None, after: float | None) -> Shift | None:
    if before is None or after is None:
        return None
    if before == after:
        return Shift(0.0, None)
    return Shift(difference(before, after), End.HIGH if after > before else End.LOW)


def _drawn(scale: Scale, values: Sequence[float]) -> tuple[float, float] | None:
    """Tell from where to where the scale is drawn; None where there is nothing to draw."""
    if not values:
        return None
    ends = [end for end in (scale.from_value, scale.to_value) if end is not None]
    low = scale.from_value if scale.from_value is not None else min([*values, *ends])
    high = scale.to_value if scale.to_value is not None else max([*values, *ends])
    return low, high


def _mark(value: float | None, scale: Scale, ends: tuple[float, float] | None) -> Mark | None:
    if value is None or ends is None:
        return None
    if scale.from_value is not None and value < scale.from_value:
        return Mark(0.0, End.LOW)
    if scale.to_value is not None and value > scale.to_value:
        return Mark(100.0, End.HIGH)
    low, high = (end / 2 for end in ends)  # halves: their difference is finite, whatever the ends
    return Mark(round((value / 2 - low) / (high - low) * 100, 2) if low < high else 50.0, None)
