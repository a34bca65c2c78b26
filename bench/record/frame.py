"""The frame of the made-up record: its size, its days, which sources belong to which issues, and chance.

Nothing here knows what happens on those days.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any

START = date(2024, 1, 8)
MIDNIGHT = datetime(2024, 1, 8, tzinfo=UTC)
#: The days in which sources are published, and the last day on which anything is recorded (2026-06-30).
PUBLISHED, LAST_DAY = 870, 904
HOUR = 3_600_000
DAY = 24 * HOUR
#: The issues and parties whose facts are the same in a record of any size.
CORE, CORE_PARTIES = 12, 6
#: How one issue after the other gets more or fewer rows than its equal share.
_UNEVEN = (5, 3, 4, 4)


@dataclass(frozen=True)
class Size:
    """How many rows a record has; about four sources for each issue keep an issue's changes apart."""

    issues: int
    parties: int
    positions: int
    status_changes: int
    sources: int
    citations: int


SMALL = Size(12, 6, 70, 100, 60, 235)


@dataclass(slots=True)
class Act:
    """One act of the desk on an issue. `at`: milliseconds since MIDNIGHT; `day`: days since START.

    `source` counts the sources of the issue's block; `of` is the place in the plan of the act that this one
    corrects, withdraws or links to, which `is_referred`.
    """

    at: int
    kind: str
    day: int = 0
    source: int = 0
    is_cited_twice: bool = False
    is_referred: bool = False
    of: int | None = None
    values: dict[str, Any] = field(default_factory=dict)


def digest(*words: Any) -> bytes:
    """Draw 16 bytes from the words that name a thing."""
    return hashlib.blake2b("/".join(map(str, words)).encode(), digest_size=16).digest()


def uid(*words: Any) -> str:
    """Give the uid that belongs to the words that name a thing: a random one by its form."""
    letters = digest(*words).hex()
    return f"{letters[:8]}-{letters[8:12]}-4{letters[13:16]}-a{letters[17:20]}-{letters[20:]}"


def moment(at: int) -> datetime:
    return MIDNIGHT + timedelta(milliseconds=at)


def on(day: int) -> date:
    return START + timedelta(days=day)


def chance(*words: Any) -> Random:
    """Give the chance that belongs to the words that name a thing."""
    return Random(int.from_bytes(digest(*words)))


def _share(total: int, places: int, place: int) -> int:
    """Share a total unevenly out among places, of which the first is 1; nothing is left over."""

    def up_to(count: int) -> int:
        return count // 4 * sum(_UNEVEN) + sum(_UNEVEN[: count % 4])

    return total * up_to(place) // up_to(places) - total * up_to(place - 1) // up_to(places)


def is_closed(place: int) -> bool:
    """Tell whether a block's source is not for everyone; an entry then has another beside it."""
    return place % 16 == 15


def _open(place: int) -> int:
    return place - is_closed(place)


class Frame:
    """The frame of a record of some size."""

    def __init__(self, size: Size, seed: int) -> None:
        self.size, self.seed = size, seed
        self.blocks = 1 + max(1, (size.issues - CORE) // CORE)
        self.sources = lru_cache(8192)(self._sources)

    def block(self, issue: int) -> int:
        """Give the block of issues that share their sources; the last takes what is left over."""
        return 0 if issue <= CORE else min(1 + (issue - CORE - 1) // CORE, self.blocks - 1)

    def _sources(self, block: int) -> range:
        """Give the numbers of a block's sources, the earliest first."""
        if block == 0:
            return range(1, SMALL.sources + 1)
        issues, sources = self.size.issues - CORE, self.size.sources - SMALL.sources
        ends = [min(CORE * each, issues) for each in (block - 1, block)]
        if block == self.blocks - 1:
            ends[1] = issues
        first, last = (SMALL.sources + sources * end // issues for end in ends)
        return range(first + 1, last + 1)

    def published(self, block: int, place: int) -> int:
        """Tell the day on which a block's source was published."""
        return place * PUBLISHED // len(self.sources(block))

    def source_times(self) -> Iterator[tuple[int, int, int, int]]:
        """Give when each source is recorded, in the morning of its day; its number, block and place there."""
        for block in range(self.blocks if self.size.issues > CORE else 1):
            for place, number in enumerate(self.sources(block)):
                hours = Random(number).randrange(2 * HOUR) if number > 1 else -HOUR
                yield self.published(block, place) * DAY + 6 * HOUR + hours, number, block, place

    def quota(self, of_small: int, of_all: int, issue: int) -> int:
        """Tell how many rows of a kind an issue has, from how many a small record and this one have."""
        if issue <= CORE:
            return _share(of_small, CORE, issue)
        return _share(of_all - of_small, self.size.issues - CORE, issue - CORE)

    def within(self, luck: Random, day: int) -> int:
        """Draw a moment of a working day."""
        return day * DAY + 8 * HOUR + luck.randrange(10 * HOUR)

    def place_on(self, day: int) -> int:
        """Find the latest source of the first block on a day that everyone may see."""
        return _open(min(day, PUBLISHED - 1) * SMALL.sources // PUBLISHED)

    def act(self, luck: Random, kind: str, issue: int, when: float, lags: tuple[int, ...]) -> Act:
        """Plan an entry at a part of the whole time, resting on what was published then.

        What it tells became so on that day or shortly before; it was recorded some days (`lags`) after.
        """
        block = self.block(issue)
        place = _open(int(when * len(self.sources(block))))
        published = self.published(block, place)
        at = self.within(luck, published + luck.choice(lags))
        return Act(at, kind, max(0, published - luck.choice((0, 0, 0, 1, 2))), place)
