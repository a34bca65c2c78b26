"""References: the citations of many entries at once, as far as the reader may see their sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.models import Citation, Retraction, Source, User
from tracker.models.entry import known
from tracker.models.vocabulary import Credibility, Directness, Handling, Reliability, Translator


@dataclass(frozen=True, slots=True)
class SourceLine:
    """What a reference prints of its source."""

    id: int
    title: str
    publisher: str
    url: str
    published_on: date | None
    language: str
    reliability: Reliability


@dataclass(frozen=True, slots=True)
class Reference:
    """A citation to print. `source` is None where it is withheld from the reader."""

    uid: str
    source: SourceLine | None
    quote: str
    translation: str
    translated_by: Translator | None
    locator: str
    credibility: Credibility
    directness: Directness
    is_checked: bool


def references(
    session: Session,
    entry_ids: Iterable[int],
    user: User | None,
    known_at: datetime | None = None,
    *,
    of_events: bool = False,
) -> dict[int, list[Reference]]:
    """Load the standing citations of entries (or of events), by entry id, in the order of recording.

    One SQL statement. Strangers get sources above TLP:CLEAR withheld, quote and all.
    """
    ids = list(entry_ids)
    subject: Any = Citation.event_id if of_events else Citation.entry_id
    gone = exists().where(Retraction.citation_id == Citation.id)
    if known_at is not None:
        gone = gone.where(Retraction.recorded_at <= known_at)
    query = (
        select(
            subject,
            Citation.uid,
            Citation.quote,
            Citation.translation,
            Citation.translated_by,
            Citation.locator,
            Citation.credibility,
            Citation.directness,
            Citation.offset,
            Source.id,
            Source.title,
            Source.publisher,
            Source.url,
            Source.published_on,
            Source.language,
            Source.reliability,
            Source.handling,
        )
        .join(Source, Source.id == Citation.source_id)
        .where(subject.in_(ids), *known(Citation, known_at), ~gone)
        .order_by(Citation.id)
    )
    found: dict[int, list[Reference]] = {id_: [] for id_ in ids}
    for row in session.execute(query) if ids else ():
        entry_id, uid, quote, translation, translated_by, locator, credibility, directness, offset = row[:9]
        source: SourceLine | None = SourceLine(*row[9:16])
        if user is None and row[16] is not Handling.CLEAR:
            source, quote, translation, translated_by, locator = None, "", "", None, ""
        found[entry_id].append(
            Reference(
                uid,
                source,
                quote,
                translation,
                translated_by,
                locator,
                credibility,
                directness,
                is_checked=offset is not None,
            )
        )
    return found


def retractions(
    session: Session, entry_ids: Iterable[int], known_at: datetime | None
) -> dict[int, Retraction]:
    """Load what withdraws entries, by entry id, in one SQL statement."""
    query = select(Retraction).where(Retraction.entry_id.in_(list(entry_ids)), *known(Retraction, known_at))
    return {row.entry_id: row for row in session.scalars(query) if row.entry_id}
