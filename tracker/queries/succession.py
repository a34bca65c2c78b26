"""Succession: in which order events, proposals and entries of every kind stand on one line of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import (
    Clause,
    ClauseIssue,
    Entry,
    Event,
    Issue,
    Negotiation,
    Party,
    Proposal,
    StatusChange,
)
from tracker.models.entry import counts, known
from tracker.models.proposal import added_by
from tracker.models.refused import N_
from tracker.models.vocabulary import Word
from tracker.queries.asking import Asking, At, asked, many, one
from tracker.queries.clauses import tabled

ENTRY, EVENT, PROPOSAL = Entry.__table__.c, Event.__table__.c, Proposal.__table__.c
ISSUE = Issue.__table__.c
ROWS = 50
#: Before all days: where a proposal stands whose day is not known.
NO_DAY = date.min
_SINCE = bindparam("since", type_=Date)
#: An event that began before the days wanted, and goes on in them, is one of theirs.
last_on = func.coalesce(EVENT.ends_on, EVENT.starts_on)


class Happening(Word):
    """What a line of the timeline tells of, in the order in which they stand within a day."""

    EVENT = "event", N_("Event")
    PROPOSAL = "proposal", N_("Proposal")
    STATUS = "status", N_("Status")
    CLAIM = "claim", N_("Claim")
    POSITION = "position", N_("Position")


#: The kind of entry that each is.
_ENTRIES = {Happening.STATUS: "status_change", Happening.CLAIM: "claim", Happening.POSITION: "position"}


@dataclass(frozen=True)
class Wanted:
    """What is wanted of the record; what is empty narrows nothing. The days are those after `since`.

    Parties: what they hold or claim, agreed, tabled or took part in. Issues, by number or topic: entries on
    them, events to which those belong, and proposals that touch them.
    """

    kinds: tuple[Happening, ...] = ()
    parties: tuple[Party, ...] = ()
    numbers: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return bool(self.kinds or self.parties or self.numbers or self.topics or self.since or self.until)

    def view(self, view: View) -> View:
        """Look no later than the last day wanted."""
        return view if self.until is None else View(min(self.until, view.day), view.known_at)


def succession(
    session: Session, negotiation: Negotiation, view: View, wanted: Wanted, page: int, size: int = ROWS
) -> tuple[list[tuple[Happening, int]], bool]:
    """Find what stands on a page, newest day first, by kind and id; and whether more follows.

    One SQL statement. Nothing is counted: that would read the record from end to end.
    """
    kinds = tuple(kind for kind in Happening if kind in wanted.kinds or not wanted.kinds)
    ask = _written(kinds, len(wanted.parties), bool(wanted.numbers), bool(wanted.topics))
    given: dict[str, Any] = {f"code_{i}": f'%"{party.code}"%' for i, party in enumerate(wanted.parties)}
    offset = (page - 1) * size
    rows = ask(
        session,
        wanted.view(view),
        negotiation=negotiation.id,
        since=wanted.since or NO_DAY,
        parties=[party.id for party in wanted.parties],
        numbers=wanted.numbers,
        topics=wanted.topics,
        most=offset + size + 1,
        limit=size + 1,
        offset=offset,
        **given,
    ).all()
    found = list(Happening)
    return [(found[row[0]], row[1]) for row in rows[:size]], len(rows) > size


@lru_cache(256)
def _written(kinds: Sequence[Happening], parties: int, by_number: bool, by_topic: bool) -> Asking:
    """Write the statement: of each kind as many rows as may be shown, of all these the page."""

    @asked
    def write(at: At) -> Select[Any]:
        about = _Narrowing(at, parties, by_number, by_topic)
        arms = [about.rows_of(kind).subquery() for kind in kinds]
        every = union_all(*(select(arm) for arm in arms)).subquery()
        order = (every.c.day.desc(), every.c.rank, every.c.first.desc(), every.c.id.desc())
        page = select(every.c.rank, every.c.id).order_by(*order)
        return page.limit(one("limit")).offset(one("offset"))

    return write


@dataclass(frozen=True)
class _Narrowing:
    """What a statement is narrowed to: how many parties, and whether to issues."""

    at: At
    parties: int
    by_number: bool
    by_topic: bool

    def rows_of(self, kind: Happening) -> Select[Any]:
        if kind is Happening.EVENT:
            return self._events()
        return self._proposals() if kind is Happening.PROPOSAL else self._entries(kind)

    def _entries(self, kind: Happening) -> Select[Any]:
        query = (
            _select(kind, ENTRY.id, ENTRY.effective_on, ENTRY.first_recorded_at)
            .where(self._among(), ENTRY.kind == _ENTRIES[kind])
            .where(counts(ENTRY, self.at.day, self.at.known_at), ENTRY.effective_on > _SINCE)
        )
        if self.parties and kind is Happening.STATUS:
            change = StatusChange.__table__.c
            query = query.join(StatusChange.__table__, change.id == ENTRY.id)
            query = query.where(self._names_one(change.agreed_between))
        elif self.parties:
            query = query.where(ENTRY.party_id.in_(many("parties")))
        return query

    def _among(self) -> ColumnElement[bool]:
        """Say in SQL where the entries are looked for: few issues are found by their own index."""
        if self.by_number:
            return ENTRY.issue_id.in_(self._issues())
        mine = ENTRY.negotiation_id == one("negotiation")
        return and_(mine, ENTRY.issue_id.in_(self._issues())) if self.by_topic else mine

    def _events(self) -> Select[Any]:
        query = (
            _select(Happening.EVENT, EVENT.id, EVENT.starts_on, EVENT.recorded_at)
            .where(EVENT.negotiation_id == one("negotiation"), *known(EVENT, self.at.known_at))
            .where(EVENT.starts_on <= self.at.day, last_on > _SINCE)
        )
        belonging = exists().where(
            ENTRY.event_id == EVENT.id,
            ENTRY.issue_id.in_(self._issues()),
            counts(ENTRY, self.at.day, self.at.known_at),
        )
        query = query.where(belonging) if self._by_issue else query
        return query.where(self._names_one(EVENT.participants)) if self.parties else query

    def _proposals(self) -> Select[Any]:
        day = func.coalesce(PROPOSAL.tabled_on, NO_DAY, type_=Date)
        query = (
            _select(Happening.PROPOSAL, PROPOSAL.id, day, PROPOSAL.recorded_at)
            .where(PROPOSAL.negotiation_id == one("negotiation"), *tabled(self.at))
            .where(or_(day > _SINCE, _SINCE == NO_DAY))
        )
        clause, touch = Clause.__table__.c, ClauseIssue.__table__.c
        touching = exists().where(
            clause.proposal_id == PROPOSAL.id,
            touch.clause_id == clause.id,
            touch.issue_id.in_(self._issues()),
            *added_by(clause, self.at.known_at),
        )
        query = query.where(touching) if self._by_issue else query
        return query.where(self._names_one(PROPOSAL.tabled_by)) if self.parties else query

    @property
    def _by_issue(self) -> bool:
        return self.by_number or self.by_topic

    def _issues(self) -> Select[Any]:
        return select(ISSUE.id).where(
            ISSUE.negotiation_id == one("negotiation"),
            ISSUE.number.in_(many("numbers")) if self.by_number else true(),
            ISSUE.topic.in_(many("topics")) if self.by_topic else true(),
        )

    def _names_one(self, codes: Any) -> ColumnElement[bool]:
        """Say in SQL that a list of codes names one of the parties: codes hold no sign of a pattern."""
        return or_(*(cast(codes, String).like(one(f"code_{i}")) for i in range(self.parties)))


def _select(kind: Happening, id_: Any, day: Any, first: Any) -> Select[Any]:
    rank = literal(list(Happening).index(kind), literal_execute=True).label("rank")
    query = select(rank, id_.label("id"), day.label("day"), first.label("first"))
    return query.order_by(day.desc(), first.desc(), id_.desc()).limit(one("most"))
