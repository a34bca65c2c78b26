"""The inbox: the sources of a negotiation that nothing rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.models import (
    Citation,
    Filing,
    Grant,
    Negotiation,
    Proposal,
    Retraction,
    Source,
    SourceMerge,
    User,
)
from tracker.models.refused import N_
from tracker.models.vocabulary import Handling, InboxState, Role, SourceKind, Visibility, Word
from tracker.queries.asking import asked_by
from tracker.queries.merging import is_copy, merge_known_to
from tracker.queries.paging import Paging, paging
from tracker.queries.sources import mentions

#: More than a head has to tell exactly.
MANY = 100


#: Any reader who is no stranger: those know of all merges.
STAFF = 0


class InboxSort(Word):
    """In which order the sources of an inbox are listed."""

    NEWEST = "newest", N_("Last added first")
    OLDEST = "oldest", N_("First added first")


@dataclass(frozen=True)
class InboxFilters:
    """Which sources are asked for. `states`: None is new. `assignee`: a user's id; `is_nobodys`: none's."""

    states: tuple[InboxState | None, ...] = (None, InboxState.IN_WORK)
    assignee: int | None = None
    is_nobodys: bool = False
    kind: SourceKind | None = None
    language: str = ""
    q: str = ""
    sort: InboxSort = InboxSort.NEWEST


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A source that waits. `state`: None is new; `version`: what a form about it is made from."""

    id: int
    title: str
    publisher: str
    published_on: date | None
    language: str
    kind: SourceKind
    handling: Handling
    recorded_at: datetime
    recorded_by: str
    version: int
    state: InboxState | None
    reason: str | None
    assignee_id: int | None
    assignee: str | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody to whom sources can be given."""

    id: int
    name: str


@dataclass(frozen=True)
class Inbox:
    """A page of the inbox. `counts`: of all that waits, by state, None (new) first; `people`: who may act."""

    counts: Mapping[InboxState | None, int]
    rows: Sequence[InboxRow]
    paging: Paging
    people: Sequence[Colleague]
    languages: Sequence[str]


def inbox(
    session: Session, negotiation: Negotiation, user: User, filters: InboxFilters, page: int = 1
) -> Inbox:
    """List a page of what waits, the last one where there are fewer by now. Four SQL statements.

    The reason for setting a source aside may tell of every negotiation that it is filed under: it is for
    those who see all of them.
    """
    counts: dict[InboxState | None, int] = dict.fromkeys((None, *InboxState), 0)
    languages = set()
    for state, language, number in session.execute(_counted(negotiation)):
        counts[state] += number
        languages.add(language)
    query = _listed(negotiation, user, filters)
    shown = paging(session, query, page)
    shown = Paging(min(page, shown.count), shown.total)
    found = session.execute(query.offset(shown.offset).limit(shown.size))
    rows = [InboxRow(*row) for row in found]
    return Inbox(counts, rows, shown, colleagues(session, negotiation), sorted(languages - {""}))


def colleagues(session: Session, negotiation: Negotiation) -> list[Colleague]:
    """List those to whom sources of a negotiation can be given."""
    query = select(User.id, User.name).where(~User.is_disabled, User.role.in_([Role.EDITOR, Role.ADMIN]))
    if negotiation.visibility is Visibility.RESTRICTED:
        query = query.where(exists().where(Grant.user_id == User.id, Grant.negotiation_id == negotiation.id))
    return [Colleague(*row) for row in session.execute(query.order_by(User.name, User.id))]


def new_counts(session: Session, user: User) -> dict[str, int]:
    """Count the new sources in the inbox of each negotiation that the user sees, by its code."""
    return {row[0]: int(row[1]) for row in _new(session, user)}


def new_count(session: Session, negotiation: Negotiation) -> int:
    """Count the new sources in the inbox of one negotiation, to MANY: there it stops looking."""
    return session.scalar(_new_in(negotiation)) or 0


@asked_by
def _new(reader: Any) -> Any:
    waits = and_(
        Source.id == Filing.source_id,
        Source.inbox_state.is_(None),
        rests_on_nothing(Filing.source_id),
        ~is_copy(STAFF),
    )
    return (
        select(Negotiation.code, func.count(Source.id))
        .select_from(Negotiation)
        .outerjoin(Filing, Filing.negotiation_id == Negotiation.id)
        .outerjoin(Source, waits)
        .where(Negotiation.visible_to_id(reader))
        .group_by(Negotiation.code)
        .order_by(Negotiation.code)
    )


def _new_in(negotiation: Negotiation) -> Select[Any]:
    query = select(Source.id).join(Source.filings).order_by(Filing.id.desc()).limit(MANY)
    found = query.where(*_waiting(negotiation), Source.inbox_state.is_(None)).subquery()
    return select(func.count()).select_from(found)


def rests_on_nothing(source_id: Any) -> ColumnElement[bool]:
    """Say in SQL that no entry or event rests by now on a source or on a copy of it, nor a proposal."""
    withdrawn = or_(
        exists().where(Retraction.citation_id == Citation.id),
        exists().where(Retraction.entry_id == Citation.entry_id),
    )
    cited = exists().where(Citation.source_id == source_id, ~withdrawn)
    copied = exists().where(
        SourceMerge.into_id == source_id,
        merge_known_to(STAFF),
        Citation.source_id == SourceMerge.source_id,
        ~withdrawn,
    )
    return and_(~cited, ~copied, ~exists().where(Proposal.source_id == source_id))


def _waiting(negotiation: Negotiation) -> list[ColumnElement[bool]]:
    """Ask it of the filing, so that of what is cited, which is most, the source itself is not read."""
    return [
        Filing.negotiation_id == negotiation.id,
        rests_on_nothing(Filing.source_id),
        ~is_copy(STAFF),
    ]


def _counted(negotiation: Negotiation) -> Any:
    query = select(Source.inbox_state, Source.language, func.count(Source.id)).join(Source.filings)
    return query.where(*_waiting(negotiation)).group_by(Source.inbox_state, Source.language)


def _listed(negotiation: Negotiation, user: User, filters: InboxFilters) -> Any:
    other = exists().where(Filing.source_id == Source.id, Negotiation.id == Filing.negotiation_id)
    is_elsewhere = other.where(~Negotiation.visible_to(user)).correlate(Source)
    query = (
        select(
            Source.id,
            Source.title,
            Source.publisher,
            Source.published_on,
            Source.language,
            Source.kind,
            Source.handling,
            Source.recorded_at,
            Source.recorded_by,
            Source.version,
            Source.inbox_state,
            case((is_elsewhere, None), else_=Source.inbox_reason),
            Source.assignee_id,
            User.name,
        )
        .join(Source.filings)
        .outerjoin(User, User.id == Source.assignee_id)
        .where(*_waiting(negotiation), *_asked_for(filters))
    )
    order: tuple[Any, ...] = (Source.recorded_at, Source.id)
    if filters.sort is InboxSort.NEWEST:
        order = tuple(column.desc() for column in order)
    return query.order_by(*order)


def _asked_for(filters: InboxFilters) -> list[ColumnElement[bool]]:
    states = [state for state in filters.states if state is not None]
    asked: list[ColumnElement[bool]] = [Source.inbox_state.in_(states)]
    if None in filters.states:
        asked = [or_(Source.inbox_state.is_(None), *asked)]
    if filters.is_nobodys:
        asked.append(Source.assignee_id.is_(None))
    if filters.assignee is not None:
        asked.append(Source.assignee_id == filters.assignee)
    if filters.kind is not None:
        asked.append(Source.kind == filters.kind)
    if filters.language:
        asked.append(Source.language == filters.language)
    return [*asked, *(mentions(word) for word in filters.q.lower().split())]
