"""Bibliography: the sources of a record, or of a list, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.db import past_index
from tracker.models import Citation, Entry, Event, Filing, Proposal, Retraction, Source, User
from tracker.models.entry import counts, known
from tracker.models.vocabulary import Handling, SourceKind
from tracker.queries.asking import At, asked, one
from tracker.queries.merging import shown, with_kept
from tracker.queries.paging import BATCH
from tracker.queries.references import is_withheld
from tracker.queries.sources import SourceFilters, listed

SOURCE, CITATION, GONE = Source.__table__.c, Citation.__table__.c, Retraction.__table__.c


@dataclass(frozen=True, slots=True)
class Work:
    """A source as a bibliography tells of it."""

    id: int
    kind: SourceKind
    title: str
    authors: list[str]
    publisher: str
    origin: str
    url: str
    archived_url: str
    published_on: date | None
    accessed_on: date | None
    language: str
    handling: Handling

    @property
    def key(self) -> str:
        """What it is cited by: the same for ever, whatever is edited."""
        return f"source-{self.id}"


_WORK: Any = tuple(SOURCE[name] for name in Work.__dataclass_fields__)


def cited_works(session: Session, negotiation_id: int, view: View, user: User | None) -> list[Work]:
    """Give what the entries, events and proposals of a negotiation rest on, the oldest first.

    One SQL statement. Copies that were merged stand for the source that is shown in their place.
    """
    rows = _cited(session, view, negotiation=negotiation_id)
    return [work for row in rows if not is_withheld((work := Work(*row)).handling, user)]


def listed_works(session: Session, user: User | None, filters: SourceFilters) -> Iterator[Work]:
    """Give all sources of a list in its order. One SQL statement."""
    query = listed(user, filters, _WORK)
    for row in session.execute(query, execution_options={"yield_per": BATCH}):
        yield Work(*row)


def work_of(source: Source) -> Work:
    return Work(**{name: getattr(source, name) for name in Work.__dataclass_fields__})


@asked
def _cited(at: At) -> Select[Any]:
    """Select by ids, since not every database compares lists of authors."""
    filing = Filing.__table__.c
    found = (
        select(*shown(SOURCE.id))
        .select_from(Source.__table__)
        .join(Filing.__table__, filing.source_id == SOURCE.id)
        .where(filing.negotiation_id == one("negotiation"), _is_rested_on(at))
    )
    ids = with_kept(found, at.known_at, filing.negotiation_id).correlate(None)
    return select(*_WORK).where(SOURCE.id.in_(ids)).order_by(SOURCE.published_on.nulls_last(), SOURCE.id)


def _is_rested_on(at: At) -> ColumnElement[bool]:
    """Say in SQL that a standing citation of what counts, or a proposal, names a source."""
    entry, event, proposal = Entry.__table__.c, Event.__table__.c, Proposal.__table__.c
    gone = exists().where(GONE.citation_id == CITATION.id, *known(GONE, at.known_at))
    cited = exists().where(CITATION.source_id == SOURCE.id, *known(CITATION, at.known_at), ~gone)
    counting = past_index(
        and_(entry.negotiation_id == one("negotiation"), counts(entry, at.day, at.known_at))
    )
    happened = (event.negotiation_id == one("negotiation"), *known(event, at.known_at))
    tabled = exists().where(proposal.source_id == SOURCE.id, *known(proposal, at.known_at))
    return or_(
        cited.where(entry.id == CITATION.entry_id, counting),
        cited.where(event.id == CITATION.event_id, *happened),
        tabled.where(proposal.negotiation_id == one("negotiation")),
    )
