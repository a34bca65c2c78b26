"""References: the citations of many entries at once, as far as the reader may see their sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Citation, Entry, Event, QuoteCheck, Retraction, Source, User
from tracker.models.entry import known
from tracker.models.quote_check import found_later
from tracker.models.vocabulary import Credibility, Directness, Handling, Reliability, Translator
from tracker.queries.asking import At, asked, many
from tracker.queries.merging import COPY, shown, with_kept
from tracker.queries.paging import batches

CITATION, SOURCE = Citation.__table__.c, Source.__table__.c


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


#: So many ids are named in one statement.
_AT_ONCE = 10_000
#: The columns of a SourceLine, in its order.
SOURCE_LINE = (
    SOURCE.id,
    SOURCE.title,
    SOURCE.publisher,
    SOURCE.url,
    SOURCE.published_on,
    SOURCE.language,
    SOURCE.reliability,
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A citation to print. `source` is None where it is withheld from the reader.

    `copy`: the id of the source that the words were taken from, where `source` is shown in its place.
    """

    uid: str
    source: SourceLine | None
    quote: str
    translation: str
    translated_by: Translator | None
    locator: str
    credibility: Credibility
    directness: Directness
    is_checked: bool
    copy: int | None = None


def is_withheld(handling: Handling | None, user: User | None) -> bool:
    """Tell whether a source of this handling is kept from the reader; None: there is no source."""
    return user is None and handling is not None and handling is not Handling.CLEAR


def references(
    session: Session,
    entry_ids: Iterable[int],
    user: User | None,
    known_at: datetime | None = None,
    *,
    of_events: bool = False,
) -> dict[int, list[Reference]]:
    """Load the standing citations of entries (or of events), by entry id, in the order of recording.

    One SQL statement for ten thousand ids. Strangers get sources above TLP:CLEAR withheld, quote and all.
    """
    ids = list(entry_ids)
    ask = _of_events if of_events else _of_entries
    found: dict[int, list[Reference]] = {id_: [] for id_ in ids}
    for row in chain.from_iterable(
        ask(session, View(known_at=known_at), ids=some) for some in batches(ids, _AT_ONCE)
    ):
        entry_id, uid, quote, translation, translated_by, locator, credibility, directness, offset = row[:9]
        source: SourceLine | None = SourceLine(*row[9:16])
        if is_withheld(row[16], user):
            source, quote, translation, translated_by, locator, offset = None, "", "", None, "", None
        copy = None if source is None else row[17]
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
                copy=copy,
            )
        )
    return found


@asked
def _of_entries(at: At) -> Select[Any]:
    return _citations(CITATION.entry_id, Entry.__table__.c, at)


@asked
def _of_events(at: At) -> Select[Any]:
    return _citations(CITATION.event_id, Event.__table__.c, at)


def _citations(subject: Any, of: Any, at: At) -> Select[Any]:
    retraction = Retraction.__table__.c
    gone = exists().where(retraction.citation_id == CITATION.id, *known(retraction, at.known_at))
    query = (
        select(
            subject,
            CITATION.uid,
            CITATION.quote,
            CITATION.translation,
            CITATION.translated_by,
            CITATION.locator,
            CITATION.credibility,
            CITATION.directness,
            func.coalesce(CITATION.offset, found_later("offset", CITATION, *known(QuoteCheck, at.known_at))),
            *shown(*SOURCE_LINE),
            SOURCE.handling,
            COPY,
        )
        .join(Source.__table__, SOURCE.id == CITATION.source_id)
        .where(subject.in_(many("ids")), *known(CITATION, at.known_at), ~gone)
        .order_by(CITATION.id)
    )
    under = select(of.negotiation_id).where(of.id == subject).correlate(Citation.__table__)
    return with_kept(query, at.known_at, under.scalar_subquery())
