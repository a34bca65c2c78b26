"""Duplicates: sources that are there already and look like the same article as one that is to be added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import Boolean, ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from tracker.models import Source, User
from tracker.models.alike import NEAR, are_near, title_key
from tracker.models.refused import N_
from tracker.models.vocabulary import Word
from tracker.queries.asking import Asking, asked_by, many
from tracker.queries.merging import SOURCE, shown, with_kept

#: Of those alike for one reason, so many are named; titles are compared with so many of each day: where all
#: are like each other, naming all would take the square of their number.
SHOWN, TITLES = 5, 300
#: Titles are alike where the days are so near to each other.
NEAR_DAYS = 3
#: So many sources at most are compared for one reason; the last added first.
COMPARED = 5_000
#: So many values at most are asked for at once: databases take no more than some ten thousand.
_AT_ONCE = 10_000


class Likeness(Word):
    """Why two sources look like the same."""

    ADDRESS = "address", N_("the same address")
    TEXT = "text", N_("the same text")
    TITLE = "title", N_("nearly the same title, published within three days")
    UNDATED = "undated", N_("the same title; the day of one is not known")


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A source that is there, and why it may be the same."""

    id: int
    title: str
    publisher: str
    published_on: date | None
    language: str
    why: tuple[Likeness, ...]


def find_duplicates(
    session: Session, reader: User | str | None, sources: Sequence[Source]
) -> list[tuple[Duplicate, ...]]:
    """Find for each source, not yet added, those it may be the same as, as far as the reader sees them.

    The shell, a reader by name alone, sees all. Four SQL statements at most for a few thousand sources. Each
    of them goes by an index.
    """
    there = Compared(_candidates(session, reader, sources))
    return [_told(there.alike(source)) for source in sources]


class Compared:
    """Sources, or rows of them, to look up what is like another one."""

    def __init__(self, rows: Iterable[Any] = ()) -> None:
        self._addresses: dict[str, list[Any]] = defaultdict(list)
        self._texts: dict[str, list[Any]] = defaultdict(list)
        self._days: dict[date, tuple[list[str], list[Any]]] = defaultdict(lambda: ([], []))
        self._titles: dict[str, list[Any]] = defaultdict(list)
        for row in rows:
            self.add(row)

    def add(self, row: Any) -> None:
        """Take in one more."""
        key = title_key(row.title)
        self._addresses[row.url_key or ""].append(row)
        self._texts[row.text_hash or ""].append(row)
        self._titles[key].append(row)
        keys, rows = self._days[row.published_on] if row.published_on else ([], [])
        if len(keys) < TITLES:
            keys.append(key)
            rows.append(row)

    def alike(self, source: Any) -> list[tuple[Any, tuple[Likeness, ...]]]:
        """Give those like this source, each with the reasons."""
        found: dict[int, tuple[Any, dict[Likeness, None]]] = {}
        for likeness, row in self._matches(source):
            found.setdefault(id(row), (row, {}))[1][likeness] = None
        return [(row, tuple(why)) for row, why in found.values()]

    def _matches(self, source: Any) -> Iterator[tuple[Likeness, Any]]:
        if source.url_key:
            yield from ((Likeness.ADDRESS, row) for row in self._addresses.get(source.url_key, ())[:SHOWN])
        if source.text_hash:
            yield from ((Likeness.TEXT, row) for row in self._texts.get(source.text_hash, ())[:SHOWN])
        key, day = title_key(source.title), source.published_on
        for near in _near(day):
            keys, rows = self._days.get(near, ((), ()))
            likely = process.extract(key, keys, scorer=fuzz.ratio, score_cutoff=NEAR, limit=SHOWN * SHOWN)
            yield from ((Likeness.TITLE, rows[at]) for other, _, at in likely if are_near(key, other))
        for row in self._titles.get(key, ())[:SHOWN] if key else ():
            if not (day and row.published_on):
                yield Likeness.UNDATED, row


def _near(day: date | None) -> Iterator[date]:
    """Give the days around a day, as far as the calendar goes."""
    if day is None:
        return
    for distance in range(-NEAR_DAYS, NEAR_DAYS + 1):
        try:
            yield day + timedelta(days=distance)
        except OverflowError:
            continue


def _told(alike: Sequence[tuple[Any, tuple[Likeness, ...]]]) -> tuple[Duplicate, ...]:
    """Tell of what was found; in place of a copy, of the source that it was merged into."""
    found: dict[int, tuple[Any, dict[Likeness, None]]] = {}
    for row, why in alike:
        found.setdefault(row.shown_id, (row, {}))[1].update(dict.fromkeys(why))
    return tuple(
        Duplicate(
            row.shown_id,
            row.shown_title,
            row.shown_publisher,
            row.shown_published_on,
            row.shown_language,
            tuple(why),
        )
        for row, why in found.values()
    )


def _candidates(session: Session, reader: User | str | None, sources: Sequence[Source]) -> list[Any]:
    wanted: list[tuple[Asking, set[Any]]] = [
        (_by_address, {source.url_key for source in sources if source.url_key}),
        (_by_text, {source.text_hash for source in sources if source.text_hash}),
        (_by_day, {near for source in sources for near in _near(source.published_on)}),
        (_by_title, {source.title for source in sources if source.title}),
    ]
    user, sees_all = (None, True) if isinstance(reader, str) else (reader, False)
    found = {
        row.id: row
        for ask, values in wanted
        for some in _runs(sorted(values))
        for row in ask(session, user, values=some, sees_all=sees_all)
    }
    return [found[id_] for id_ in sorted(found, reverse=True)]


def _runs(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def _seen(condition: ColumnElement[bool], reader: Any) -> Select[Any]:
    compared: Any = (SOURCE.id, SOURCE.title, SOURCE.published_on, SOURCE.url_key, SOURCE.text_hash)
    columns = (SOURCE.id, SOURCE.title, SOURCE.publisher, SOURCE.published_on, SOURCE.language)
    told = (each.label(f"shown_{column.name}") for each, column in zip(shown(*columns), columns, strict=True))
    rows = select(*compared, *told).select_from(Source.__table__)
    seen = or_(bindparam("sees_all", type_=Boolean), Source.visible_to_id(reader))
    query = with_kept(rows, None, None).where(condition, seen)
    return query.order_by(Source.id.desc()).limit(COMPARED)


@asked_by
def _by_address(reader: Any) -> Select[Any]:
    return _seen(Source.url_key.in_(many("values")), reader)


@asked_by
def _by_text(reader: Any) -> Select[Any]:
    return _seen(Source.text_hash.in_(many("values")), reader)


@asked_by
def _by_day(reader: Any) -> Select[Any]:
    return _seen(Source.published_on.in_(many("values")), reader)


@asked_by
def _by_title(reader: Any) -> Select[Any]:
    return _seen(Source.title.in_(many("values")), reader)
