"""Cited: the citations that a reader may know of, and how many entries rest on each source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from tracker.models import Citation, Entry, Event, Negotiation, Retraction, Source, SourceMerge, User
from tracker.models.refused import N_
from tracker.models.vocabulary import Word
from tracker.queries.asking import asked_by, many
from tracker.queries.merging import merge_known_to


class CitedKind(Word):
    """What rests on a citation: a kind of entry, or an event."""

    STATUS_CHANGE = "status_change", N_("Status")
    POSITION = "position", N_("Position")
    CLAIM = "claim", N_("Claim")
    EVENT = "event", N_("Event")


_BY_ENTRY, _BY_CITATION = aliased(Retraction), aliased(Retraction)
#: Of a citation that was withdrawn, alone or with its entry: why, by whom and when.
GONE: Any = {
    name: func.coalesce(getattr(_BY_ENTRY, name), getattr(_BY_CITATION, name))
    for name in ("reason", "recorded_by", "recorded_at")
}


def known_to(table: Any, reader: Any) -> list[ColumnElement[bool]]:
    """Say in SQL that the reader may know of a row of a negotiation: strangers not beyond `published_at`.

    `reader`: a user, or the id of one; None: a stranger.
    """
    if reader is not None:
        return []
    return [table.recorded_at <= func.coalesce(Negotiation.published_at, table.recorded_at)]


def entry_counts(session: Session, ids: Sequence[int], user: User | None) -> dict[int, int]:
    """Count the standing entries that rest on each source, or on a copy of it."""
    return {int(row[0]): int(row[1]) for row in _counted(session, user, ids=ids)}


@asked_by
def _counted(reader: Any) -> Select[Any]:
    """Select from the sources asked for and their copies, so that what cites two of them counts once."""
    copy: Any = aliased(Source, name="copy")
    copies = (
        select(Source.id.label("shown"), copy.id.label("cited"))
        .join(SourceMerge, SourceMerge.into_id == Source.id)
        .join(copy, and_(copy.id == SourceMerge.source_id, copy.handling == Source.handling))
        .where(Source.id.in_(many("ids")), merge_known_to(reader))
    )
    themselves = select(Source.id.label("shown"), Source.id.label("cited")).where(Source.id.in_(many("ids")))
    wanted = themselves.union_all(copies).subquery()
    return (
        cited_by(reader, wanted.c.shown, func.count(Citation.entry_id.distinct()))
        .join(wanted, wanted.c.cited == Citation.source_id)
        .where(*still_standing())
        .group_by(wanted.c.shown)
    )


def cited_by(reader: Any, *columns: Any) -> Select[Any]:
    """Select from the citations that the reader may know of, each with its subject and its retractions."""
    gone_entry = and_(_BY_ENTRY.entry_id == Citation.entry_id, *known_to(_BY_ENTRY, reader))
    gone_citation = and_(_BY_CITATION.citation_id == Citation.id, *known_to(_BY_CITATION, reader))
    return (
        select(*columns)
        .select_from(Citation)
        .outerjoin(Entry, Entry.id == Citation.entry_id)
        .outerjoin(Event, Event.id == Citation.event_id)
        .join(Negotiation, Negotiation.id == func.coalesce(Entry.negotiation_id, Event.negotiation_id))
        .outerjoin(_BY_ENTRY, gone_entry)
        .outerjoin(_BY_CITATION, gone_citation)
        .where(Negotiation.visible_to_id(reader), *known_to(Citation, reader))
    )


def still_standing() -> list[ColumnElement[bool]]:
    return [_BY_ENTRY.id.is_(None), _BY_CITATION.id.is_(None)]
