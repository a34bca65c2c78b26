"""The list of issues: filtered, sorted and paged, each with its statuses in force."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Entry, Issue, Negotiation, StatusChange, User
from tracker.models.status import status_in_force
from tracker.models.vocabulary import Status
from tracker.queries.asking import At, asked, many, one
from tracker.queries.cells import StatusLine, statuses_on_tracks
from tracker.queries.paging import SIZE, Paging, batches
from tracker.queries.references import Reference, references

CHANGE = StatusChange.__table__.alias("status_now")
ENTRY = Entry.__table__.alias("status_entry")
ISSUE = Issue.__table__.c
IN_ORDER = (ISSUE.ordering, ISSUE.number)


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issue as lists print it. `status`: of the talks as a whole, None where none is in force yet."""

    id: int
    key: str
    title: str
    question: str
    topic: str
    scale_unit: str
    status: StatusLine | None
    tracks: Sequence[StatusLine]

    @property
    def statuses(self) -> list[StatusLine]:
        """What is in force, of the whole first."""
        return [*([self.status] if self.status else []), *self.tracks]


_MINE = ISSUE.negotiation_id == one("negotiation")


def _topics() -> Select[Any]:
    """Select the topics, each found from the one before it by the index: few, where issues are many."""
    found = select(func.min(ISSUE.topic).label("topic")).where(_MINE).cte("topics", recursive=True)
    following = select(func.min(ISSUE.topic)).where(_MINE, ISSUE.topic > found.c.topic)
    found = found.union_all(select(following.scalar_subquery()).where(found.c.topic.is_not(None)))
    first = select(ISSUE.number).where(_MINE, ISSUE.topic == found.c.topic).order_by(*IN_ORDER).limit(1)
    orderings = select(func.min(ISSUE.ordering)).where(_MINE, ISSUE.topic == found.c.topic)
    return (
        select(found.c.topic)
        .where(found.c.topic.is_not(None))
        .order_by(orderings.scalar_subquery(), first.scalar_subquery())
    )


_TOPICS = _topics()


class IssueSort(StrEnum):
    """The orders that a list may have."""

    ORDER = "order"
    TITLE = "title"
    STATUS = "status"
    SINCE = "since"


@dataclass(frozen=True)
class Filters:
    """Which issues are wanted. `statuses`: None stands for "no status yet"; empty: any."""

    statuses: tuple[Status | None, ...] = ()
    topics: tuple[str, ...] = ()
    q: str = ""
    numbers: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.statuses or self.topics or self.q or self.numbers)


@dataclass(frozen=True)
class ByTopic:
    """One page of issues, by id. `topics`: all that the negotiation has, whether shown or not."""

    topics: list[str]
    ids: Sequence[int]
    paging: Paging


@dataclass(frozen=True)
class IssueList:
    """One page of issues. `topics`: all that the negotiation has, in the order of its issues."""

    issues: list[IssueLine]
    paging: Paging
    topics: list[str]


def list_issues(
    session: Session,
    negotiation: Negotiation,
    view: View,
    filters: Filters = Filters(),
    *,
    sort: IssueSort = IssueSort.ORDER,
    page: int = 1,
) -> IssueList:
    """List a page of issues in five SQL statements at most."""
    by_status = bool(filters.statuses) or sort in (IssueSort.STATUS, IssueSort.SINCE)
    query = wanted(select(ISSUE.id), negotiation, filters, view, by_status=by_status)
    ids: Sequence[int]
    if by_status:
        # The status of every issue is looked up anyway: once will do, to count and to cut the page out.
        every = session.scalars(query.order_by(*_order(sort))).all()
        shown = Paging(page, len(every))
        ids = every[shown.offset : shown.offset + SIZE]
    else:
        counted = wanted(select(func.count()), negotiation, filters, view)
        shown = Paging(page, session.scalar(counted) or 0)
        ids = session.scalars(query.order_by(*_order(sort)).limit(SIZE).offset(shown.offset)).all()
    lines = issue_lines(session, negotiation, ids, view, on_tracks=False)
    return IssueList([lines[id_] for id_ in ids], shown, topics_of(session, negotiation))


def every_issue(
    session: Session,
    negotiation: Negotiation,
    view: View,
    user: User | None,
    filters: Filters,
    sort: IssueSort,
) -> Iterator[tuple[IssueLine, Mapping[int, Sequence[Reference]]]]:
    """Read all issues of a list, each with what its statuses rest on, by entry; batch by batch."""
    by_status = bool(filters.statuses) or sort in (IssueSort.STATUS, IssueSort.SINCE)
    query = wanted(select(ISSUE.id), negotiation, filters, view, by_status=by_status)
    for ids in batches(session.scalars(query.order_by(*_order(sort))).all()):
        lines = issue_lines(session, negotiation, ids, view)
        entries = [status.entry_id for line in lines.values() for status in line.statuses]
        cited = references(session, entries, user, view.known_at)
        for id_ in ids:
            yield lines[id_], cited


def wanted(
    query: Any, negotiation: Negotiation, filters: Filters, view: View, *, by_status: bool = False
) -> Any:
    """Narrow a statement over issues; statuses are looked up, which takes long, only where asked for."""
    known = with_status(query, view) if filters.statuses or by_status else query
    return known.where(ISSUE.negotiation_id == negotiation.id, *conditions(negotiation, filters))


def with_status(query: Select[Any], view: View | At) -> Select[Any]:
    """Join the status in force as a whole, where there is one, to a statement over issues."""
    in_force = status_in_force(ISSUE.id, None, view.day, view.known_at).correlate(Issue.__table__)
    return (
        query.select_from(Issue.__table__)
        .outerjoin(CHANGE, CHANGE.c.id == in_force)
        .outerjoin(ENTRY, ENTRY.c.id == CHANGE.c.id)
    )


def issue_lines(
    session: Session, negotiation: Negotiation, ids: Sequence[int], view: View, *, on_tracks: bool = True
) -> dict[int, IssueLine]:
    """Load issues with their statuses in force, by id; on tracks in a SQL statement of its own."""
    tracks = statuses_on_tracks(session, ids, view) if on_tracks else {}
    found, code = {}, negotiation.code
    for id_, number, title, question, topic, scale_unit, *rest in _lines(session, view, issues=ids).all():
        key, status = f"{code}-{number}", _status(*rest) if rest[0] else None
        on_each = tracks.get(id_, [])
        found[id_] = IssueLine(id_, key, title, question, topic, scale_unit, status, on_each)
    return found


def _status(*row: Any) -> StatusLine:
    """Make a status of the talks as a whole; its entry comes last."""
    return StatusLine("", *row[:-1], entry_id=row[-1])  # type: ignore[misc]


@asked
def _lines(at: At) -> Select[Any]:
    issue = (ISSUE.id, ISSUE.number, ISSUE.title, ISSUE.question, ISSUE.topic, ISSUE.scale_unit)
    status = (CHANGE.c.status, CHANGE.c.level, CHANGE.c.agreed_between, CHANGE.c.subject_to)
    query = select(*issue, *status, ENTRY.c.effective_on, ENTRY.c.effective_words, CHANGE.c.id)
    return with_status(query, at).where(ISSUE.id.in_(many("issues")))


def topics_of(session: Session, negotiation: Negotiation) -> list[str]:
    """List the topics in the order of their first issues, "" last, in one SQL statement."""
    found = session.scalars(_TOPICS, {"negotiation": negotiation.id})
    return sorted(found, key=lambda topic: not topic)


def by_topic(
    session: Session, negotiation: Negotiation, filters: Filters, view: View, page: int, size: int = SIZE
) -> ByTopic:
    """Find a page of issues, topic after topic, in three SQL statements."""
    query = wanted(select(ISSUE.topic, func.count()), negotiation, filters, view).group_by(ISSUE.topic)
    counts = {row[0]: row[1] for row in session.execute(query)}
    topics = topics_of(session, negotiation)
    shown = Paging(page, sum(counts.values()), size)
    here, offset = _topics_on_page({topic: counts.get(topic, 0) for topic in topics}, shown)
    if not here:
        return ByTopic(topics, [], shown)
    place = case({topic: index for index, topic in enumerate(here)}, value=ISSUE.topic)
    rows = wanted(select(ISSUE.id), negotiation, filters, view).where(ISSUE.topic.in_(here))
    ids = session.scalars(rows.order_by(place, *IN_ORDER).offset(offset).limit(size)).all()
    return ByTopic(topics, ids, shown)


def _topics_on_page(counts: dict[str, int], shown: Paging) -> tuple[list[str], int]:
    """Tell which topics a page shows, and how many issues of the first stand before it."""
    topics: list[str] = []
    before = first = 0
    for topic, count in counts.items():
        if count and shown.offset < before + count and before < shown.offset + shown.size:
            first = first if topics else before
            topics.append(topic)
        before += count
    return topics, shown.offset - first


def conditions(negotiation: Negotiation, filters: Filters) -> list[ColumnElement[bool]]:
    """Say in SQL which issues are wanted; by status, of a statement that went through `with_status`."""
    found: list[ColumnElement[bool]] = []
    if filters.statuses:
        named = [status for status in filters.statuses if status]
        wanted = CHANGE.c.status.in_(named)
        found.append(or_(wanted, CHANGE.c.status.is_(None)) if None in filters.statuses else wanted)
    if filters.topics:
        found.append(ISSUE.topic.in_(filters.topics))
    if filters.numbers:
        found.append(ISSUE.number.in_(filters.numbers))
    if filters.q:
        found.append(_mentions(negotiation, filters.q))
    return found


def _mentions(negotiation: Negotiation, q: str) -> ColumnElement[bool]:
    """Look for words in title and question, or for a key."""
    key = re.fullmatch(rf"(?:{negotiation.code}-)?(\d{{1,5}})", q.strip(), re.ASCII | re.IGNORECASE)
    if key:
        return ISSUE.number == int(key[1])
    # SQLite folds the case of ASCII alone, so the usual spellings of other scripts are tried one by one.
    spellings = {q} if q.isascii() else {q, q.lower(), q.upper(), q.capitalize()}
    return or_(
        *(
            column.icontains(word, autoescape=True)
            for column in (ISSUE.title, ISSUE.question)
            for word in sorted(spellings)
        )
    )


def _order(sort: IssueSort) -> list[Any]:
    if sort is IssueSort.TITLE:
        return [func.lower(ISSUE.title), ISSUE.number]
    if sort is IssueSort.STATUS:
        ranks = {status.value: number for number, status in enumerate(Status)}
        return [case(ranks, value=CHANGE.c.status, else_=len(ranks)), *IN_ORDER]
    if sort is IssueSort.SINCE:
        return [ENTRY.c.effective_on.desc().nulls_last(), *IN_ORDER]
    return [*IN_ORDER]
