"""Annotations: standing citations, each with the words it rests on and the record that rests on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import (
    Citation,
    Entry,
    Event,
    Issue,
    Negotiation,
    Party,
    QuoteCheck,
    Retraction,
    Source,
    User,
)
from tracker.models.entry import known
from tracker.models.quote_check import found_later
from tracker.models.vocabulary import Handling
from tracker.queries.cited import known_to
from tracker.queries.paging import BATCH


@dataclass(frozen=True, slots=True)
class CitedSource:
    """The source of a citation, as far as an annotation tells of it."""

    id: int
    title: str
    url: str
    accessed_on: date | None


@dataclass(frozen=True, slots=True)
class Record:
    """What rests on the words: `kind` is status_change, position, claim or event. `id`: among its kind."""

    kind: str
    id: int
    uid: str
    code: str
    issue: int | None
    title: str
    party: str | None
    on: date


@dataclass(frozen=True, slots=True)
class Annotated:
    """A citation. `exact`: its quote, as it stands in the stored text where it was found there; "": none.

    `start` and `end` count code points into that text; with `prefix` and `suffix` they are None where the
    quote was not found there, or the reader does not see the text.
    """

    uid: str
    recorded_at: datetime
    recorded_by: str
    exact: str
    start: int | None
    end: int | None
    prefix: str | None
    suffix: str | None
    source: CitedSource
    record: Record


def annotated_sources(
    session: Session, sources: Sequence[int], view: View, user: User | None
) -> Iterator[Annotated]:
    """Give what rests on sources, in the order of recording. One SQL statement."""
    return _read(session, _asked(view, user).where(Citation.source_id.in_(sources)), user)


def annotated(
    session: Session, negotiation: Negotiation, view: View, user: User | None
) -> Iterator[Annotated]:
    """Give all citations of a negotiation, in the order of recording. One SQL statement."""
    entries = select(Entry.id).where(Entry.negotiation_id == negotiation.id)
    events = select(Event.id).where(Event.negotiation_id == negotiation.id)
    mine = or_(Citation.entry_id.in_(entries), Citation.event_id.in_(events))
    return _read(session, _asked(view, user).where(mine), user)


def _read(session: Session, query: Select[Any], user: User | None) -> Iterator[Annotated]:
    rows = session.execute(query.order_by(Citation.id), execution_options={"yield_per": BATCH})
    for uid, at, by, quote, words, offset, length, prefix, suffix, is_free, *rest in rows:
        source, record = CitedSource(*rest[:4]), Record(*rest[4:])
        if offset is None:
            yield Annotated(uid, at, by, quote, None, None, None, None, source, record)
        elif user is None and not is_free:
            yield Annotated(uid, at, by, words, None, None, None, None, source, record)
        else:
            place = (offset, offset + length, prefix, suffix)
            yield Annotated(uid, at, by, words, *place, source, record)


def _asked(view: View, user: User | None) -> Select[Any]:
    reader = user.id if user else None
    later = _known(QuoteCheck, view, reader)
    place: dict[str, Any] = {
        name: case(
            (Citation.offset.is_not(None), getattr(Citation, name)),
            else_=found_later(name, Citation, *later),
        )
        for name in ("offset", "length", "prefix", "suffix")
    }
    subject: Any = func.coalesce(Entry.negotiation_id, Event.negotiation_id)
    query = (
        select(
            Citation.uid,
            Citation.recorded_at,
            Citation.recorded_by,
            Citation.quote,
            func.substr(Source.text, place["offset"] + 1, place["length"]),
            *place.values(),
            Source.is_free_to_show,
            Source.id,
            Source.title,
            Source.url,
            Source.accessed_on,
            func.coalesce(Entry.kind, "event"),
            func.coalesce(Entry.id, Event.id),
            func.coalesce(Entry.uid, Event.uid),
            Negotiation.code,
            Issue.number,
            func.coalesce(Issue.title, Event.title, Negotiation.title),
            func.coalesce(func.nullif(Party.short_name, ""), Party.name),
            func.coalesce(Entry.effective_on, Event.starts_on),
        )
        .select_from(Citation)
        .join(Source, Source.id == Citation.source_id)
        .outerjoin(Entry, Entry.id == Citation.entry_id)
        .outerjoin(Event, Event.id == Citation.event_id)
        .join(Negotiation, Negotiation.id == subject)
        .outerjoin(Issue, Issue.id == Entry.issue_id)
        .outerjoin(Party, Party.id == Entry.party_id)
        .where(Negotiation.visible_to_id(reader), *_known(Citation, view, reader))
        .where(or_(Entry.id.is_(None), and_(Entry.effective_on <= view.day, *_known(Entry, view, reader))))
        .where(or_(Event.id.is_(None), and_(true(), *_known(Event, view, reader))))
    )
    for withdrawn in (Retraction.entry_id == Citation.entry_id, Retraction.citation_id == Citation.id):
        query = query.where(~exists().where(withdrawn, *_known(Retraction, view, reader)))
    return query if user else query.where(Source.handling == Handling.CLEAR)


def _known(table: Any, view: View, reader: int | None) -> list[ColumnElement[bool]]:
    """Say in SQL that a row was recorded by the moment of the view, and may be known to the reader."""
    return [*known(table, view.known_at), *known_to(table, reader)]
