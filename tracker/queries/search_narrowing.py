"""By what a search is narrowed: who looks, from when, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Date, bindparam, case, exists, func, literal_column

from tracker.db import UTCDateTime
from tracker.models import ClauseIssue, Entry, Issue, StatusChange
from tracker.models.status import status_in_force
from tracker.queries.asking import many

DAY = bindparam("day", type_=Date)
AT: Any = bindparam("known_at", type_=UTCDateTime)
#: Of the negotiation of the statement around it, however deep inside it is asked.
_PUBLISHED: Any = literal_column("negotiations.published_at", UTCDateTime)
_FAR: Any = literal_column("'9999-01-01'", UTCDateTime)


@dataclass(frozen=True)
class Narrowing:
    """What a statement is written for: the reader, and by what it is narrowed."""

    by_stranger: bool
    by_negotiation: bool = False
    by_issue: bool = False
    by_topic: bool = False
    by_status: bool = False
    by_day: bool = False
    by_moment: bool = False

    @property
    def reader(self) -> Any:
        return None if self.by_stranger else bindparam("reader")

    @property
    def known_at(self) -> Any:
        """The moment from which a record is looked at: for strangers no later than it was published."""
        if not self.by_stranger:
            return AT if self.by_moment else None
        if not self.by_moment:
            return func.coalesce(_PUBLISHED, _FAR)
        return case((_PUBLISHED < AT, _PUBLISHED), else_=AT)

    @property
    def by_issues(self) -> bool:
        return self.by_issue or self.by_topic or self.by_status

    def about(self, issue_id: Any) -> list[ColumnElement[bool]]:
        """Say in SQL that an issue is one of those wanted."""
        found: list[ColumnElement[bool]] = []
        if self.by_issue:
            found.append(issue_id.in_(many("issues")))
        if self.by_topic:
            other = Issue.__table__.alias("of_topic")
            found.append(exists().where(other.c.id == issue_id, other.c.topic.in_(many("topics"))))
        if self.by_status:
            change = StatusChange.__table__.alias("status_now")
            in_force = status_in_force(issue_id, None, DAY, self.known_at)
            outer = (Entry.__table__, Issue.__table__, ClauseIssue.__table__)
            in_force = in_force.correlate(*outer)
            found.append(exists().where(change.c.id == in_force, change.c.status.in_(many("statuses"))))
        return found
