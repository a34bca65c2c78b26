"""Merging: the source that is shown in place of a copy of it, and the merges of one source.

A merge is resolved only while both sources have the same handling: see SourceMerge. One that was undone
is resolved as known while it stood, and only where what was kept is filed still.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.models import Filing, Negotiation, Retraction, Source, SourceMerge, User
from tracker.models.entry import known
from tracker.queries.asking import asked_by, one

SOURCE = Source.__table__.c
_MERGE = SourceMerge.__table__.alias("copied")
_KEPT = Source.__table__.alias("kept")
#: The source that is shown in place of a copy, where there is one.
KEPT: Any = aliased(Source, _KEPT)
#: The source of a row where another is shown in its place, else NULL.
COPY: Any = case((_KEPT.c.id.is_not(None), SOURCE.id))


def shown(*columns: Any) -> tuple[Any, ...]:
    """Give columns of the source that is shown, in a statement that `with_kept` was put to."""
    return tuple(case((_KEPT.c.id.is_(None), each), else_=_KEPT.c[each.name]) for each in columns)


def with_kept(query: Select[Any], known_at: Any, under: Any) -> Select[Any]:
    """Join to the sources of a statement those that they were merged into, as known at a moment.

    `under`: the id of the negotiation, in SQL, under which a source that is shown has to be filed.
    """
    gone = Retraction.__table__.alias("parted")
    undone = select(gone.c.id).where(gone.c.source_merge_id == _MERGE.c.id, *known(gone.c, known_at))
    merged = and_(
        _MERGE.c.source_id == SOURCE.id, *known(_MERGE.c, known_at), ~undone.correlate(_MERGE).exists()
    )
    same = [_KEPT.c.id == _MERGE.c.into_id, _KEPT.c.handling == SOURCE.handling]
    if known_at is not None:  # while a merge stands, what is kept is filed wherever its copy is
        filed = Filing.__table__.alias("kept_under")
        there = exists().where(filed.c.source_id == _KEPT.c.id, filed.c.negotiation_id == under)
        same.append(there.correlate_except(filed))
    return query.outerjoin(_MERGE, merged).outerjoin(_KEPT, and_(*same))


def unmerged(query: Select[Any], known_at: Any, under: Any) -> Select[Any]:
    """Leave the copies out of a statement that selects sources."""
    return with_kept(query, known_at, under).where(_KEPT.c.id.is_(None))


def is_copy(reader: Any) -> ColumnElement[bool]:
    """Say in SQL of Source that another is shown in its place, as far as a reader (by id) may know."""
    kept: Any = aliased(Source, name="shown")
    into = exists().where(
        SourceMerge.source_id == Source.id,
        kept.id == SourceMerge.into_id,
        kept.handling == Source.handling,
        merge_known_to(reader),
    )
    return into.correlate(Source)


def merge_known_to(reader: Any) -> ColumnElement[bool]:
    """Say in SQL that a merge stands, as far as a reader (by id; None: a stranger) may know.

    Strangers know of it when it stood as a negotiation was published under which both are filed.
    """
    gone: Any = aliased(Retraction, name="parted")
    undone = select(gone.id).where(gone.source_merge_id == SourceMerge.id)
    if reader is not None:
        return ~undone.correlate(SourceMerge).exists()
    kept = aliased(Filing, name="kept_under")
    by: Any = func.coalesce(Negotiation.published_at, SourceMerge.recorded_at)
    later = or_(Negotiation.published_at.is_(None), gone.recorded_at <= Negotiation.published_at)
    return (
        select(Filing.id)
        .join(Negotiation, Negotiation.id == Filing.negotiation_id)
        .join(kept, and_(kept.source_id == SourceMerge.into_id, kept.negotiation_id == Negotiation.id))
        .where(Filing.source_id == SourceMerge.source_id, Negotiation.visible_to_id(None))
        .where(SourceMerge.recorded_at <= by)
        .where(~undone.where(later).correlate(SourceMerge, Negotiation).exists())
        .correlate(SourceMerge)
        .exists()
    )


@dataclass(frozen=True, slots=True)
class Merged:
    """A standing merge as seen from one of its sources: the other source, and by whom, when and why."""

    id: int
    title: str
    publisher: str
    url: str
    published_on: date | None
    language: str
    uid: str
    reason: str
    recorded_by: str
    recorded_at: datetime
    is_same_handling: bool


@dataclass(frozen=True, slots=True)
class Merges:
    """What a source was merged into, if it was, and the copies that were merged into it."""

    into: Merged | None
    copies: Sequence[Merged]

    @property
    def shown(self) -> Sequence[Merged]:
        """The copies in whose place this source is shown."""
        return [copy for copy in self.copies if copy.is_same_handling]


def merges_of(session: Session, source: Source, user: User | None) -> Merges:
    """Tell of the merges of a source, as far as the reader may see the others. One SQL statement."""
    into, copies = None, []
    for is_into, *row in _merges(session, user, source=source.id, handling=source.handling):
        if is_into:
            into = Merged(*row)
        else:
            copies.append(Merged(*row))
    return Merges(into, copies)


@asked_by
def _merges(reader: Any) -> Select[Any]:
    other: Any = aliased(Source, name="other")
    forth = and_(SourceMerge.source_id == one("source"), other.id == SourceMerge.into_id)
    back = and_(SourceMerge.into_id == one("source"), other.id == SourceMerge.source_id)
    same = other.handling == one("handling")
    return (
        select(
            SourceMerge.source_id == one("source"),
            other.id,
            other.title,
            other.publisher,
            other.url,
            other.published_on,
            other.language,
            SourceMerge.uid,
            SourceMerge.reason,
            SourceMerge.recorded_by,
            SourceMerge.recorded_at,
            same,
        )
        .select_from(SourceMerge)
        .join(other, or_(forth, back))
        .where(other.visible_to_id(reader), merge_known_to(reader))
        .order_by(SourceMerge.id)
    )
