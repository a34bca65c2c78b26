"""Links: what the last look at a source's address found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from tracker.models import LinkCheck, Source
from tracker.models.link_check import DEAD_AFTER, LinkState, state_of


@dataclass(frozen=True, slots=True)
class Link:
    """How an address answered when it was last looked at. `failures`: on so many days in a row it failed."""

    checked_at: datetime
    status: int | None
    reason: str
    failures: int

    @property
    def state(self) -> LinkState:
        return state_of(self.failures)


def link_of(session: Session, source: Source) -> Link | None:
    """Give the last look at a source's address; None: at the address it has now, nobody looked."""
    if not source.url:
        return None
    columns: Any = [getattr(LinkCheck, name) for name in Link.__slots__]
    query = select(*columns).where(LinkCheck.source_id == source.id, LinkCheck.url == source.url)
    found = session.execute(query).one_or_none()
    return Link(**found._mapping) if found else None


def with_checks(query: Select[Any]) -> Select[Any]:
    """Join the looks at the addresses that sources have now."""
    return query.outerjoin(LinkCheck, and_(LinkCheck.source_id == Source.id, LinkCheck.url == Source.url))


def is_dead() -> ColumnElement[bool]:
    """Say in SQL that an address is dead."""
    return LinkCheck.failures >= DEAD_AFTER
