"""The rows of the comparison: which issues, in which order, cut into pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.dates import FIRST_DAY, View
from tracker.db import past_index
from tracker.models import Clause, ClauseIssue, Entry, Issue, Negotiation, Party, Position, StatusChange
from tracker.models.entry import counts
from tracker.models.position import is_line, position_in_force
from tracker.models.proposal import added_by
from tracker.models.status import states_differ, status_in_force
from tracker.models.vocabulary import Movement, Status
from tracker.queries.baseline import HELD
from tracker.queries.issue_list import CHANGE, IN_ORDER, ISSUE, ByTopic, Filters, by_topic, topics_of, wanted
from tracker.queries.paging import Paging

PARTY = Party.__table__.c
_RANKS: dict[Any, int] = {status: rank for rank, status in enumerate(Status)}


class RowSort(StrEnum):
    """The orders that the rows may have.

    LATEST: the latest change of a status, or of a line of the parties shown, restatements apart, first.
    DISTANCE: the widest spread of the parties' values first, as a share of the issue's scale; scales
    without ends come after, issues with fewer than two values last.
    """

    ORDER = "order"
    STATUS = "status"
    LATEST = "latest"
    DISTANCE = "distance"


@dataclass(frozen=True)
class RowsWanted:
    """Which issues are rows.

    `party_ids`: whose lines are compared; `present_ids`: those of them who are there on the day, and can be
    coded; `proposal_ids`: of the texts shown, those tabled since the baseline day.
    `differences`: without a baseline, issues on which at least two of the parties state different stances
    or values (silence is no difference); with one, those where a line, a status or a tabled text changed.
    """

    filters: Filters
    sort: RowSort
    differences: bool
    baseline: date | None
    party_ids: Sequence[int]
    present_ids: Sequence[int]
    proposal_ids: Sequence[int]

    @property
    def since(self) -> date:
        """The baseline day; all is new where there is none."""
        return self.baseline or FIRST_DAY


def comparison_rows(
    session: Session, negotiation: Negotiation, view: View, rows: RowsWanted, page: int, size: int
) -> ByTopic:
    """Find a page of rows, in three SQL statements at most."""
    if rows.sort is RowSort.ORDER and not rows.differences:
        return by_topic(session, negotiation, rows.filters, view, page, size)
    topics = topics_of(session, negotiation)
    columns, key = _sorting(rows, view, topics)
    query = wanted(
        select(ISSUE.id, *columns), negotiation, rows.filters, view, by_status=rows.sort is RowSort.STATUS
    )
    if rows.differences:
        query = query.where(_changed(rows, view) if rows.baseline else _differing(rows, view))
    every = session.execute(query.order_by(*IN_ORDER)).all()
    shown = Paging(page, len(every), size)
    ids = [row[0] for row in sorted(every, key=key)]
    return ByTopic(topics, ids[shown.offset : shown.offset + size], shown)


def _sorting(
    rows: RowsWanted, view: View, topics: Sequence[str]
) -> tuple[list[ColumnElement[Any]], Callable[[Any], Any]]:
    """Give what the order looks at, and how; rows that are alike stay in the negotiation's order."""
    if rows.sort is RowSort.STATUS:
        return [CHANGE.c.status], lambda row: _RANKS.get(row[1], len(_RANKS))
    if rows.sort is RowSort.LATEST:
        return [_latest_change(rows, view)], lambda row: -row[1].toordinal() if row[1] else 0
    if rows.sort is RowSort.DISTANCE:
        return [_spread(rows, view), ISSUE.scale_to - ISSUE.scale_from], _by_spread
    places = {topic: index for index, topic in enumerate(topics)}
    return [ISSUE.topic], lambda row: places.get(row[1], len(places))


def _by_spread(row: Any) -> tuple[int, float]:
    _, spread, length = row
    if spread is None:
        return (2, 0.0)
    return (0, -spread / length) if length else (1, 0.0)


def _spread(rows: RowsWanted, view: View) -> ColumnElement[Any]:
    """Say in SQL how far the values in force of an issue lie apart, where there are two at least."""
    held = Position.__table__.alias("valued")
    low, high = func.min(held.c.value), func.max(held.c.value)
    spread = _of_lines(case((func.count(held.c.value) > 1, high - low)), held, rows.present_ids, view)
    return case((ISSUE.scale_unit != "", spread))


def _differing(rows: RowsWanted, view: View) -> ColumnElement[bool]:
    """Say in SQL that lines in force of an issue hold different stances or values."""
    held = Position.__table__.alias("held")
    stance, value = held.c.stance, held.c.value
    differ = or_(func.min(stance) != func.max(stance), func.min(value) != func.max(value))
    return _of_lines(differ, held, rows.party_ids, view)


def _of_lines(
    answer: ColumnElement[Any], held: Any, party_ids: Sequence[int], view: View
) -> ColumnElement[Any]:
    """Ask something of parties' lines in force on an issue of the enclosing statement."""
    line = position_in_force(ISSUE.id, PARTY.id, view.day, view.known_at)
    return (
        select(answer)
        .select_from(Party.__table__)
        .join(held, held.c.id == line.correlate(Issue.__table__, Party.__table__))
        .where(PARTY.id.in_(party_ids))
        .correlate(Issue.__table__)
        .scalar_subquery()
    )


def _latest_change(rows: RowsWanted, view: View) -> ColumnElement[Any]:
    """Say in SQL on which day a status, or a line of the parties, changed last."""
    entry, held = Entry.__table__.alias("told"), Position.__table__.alias("held")
    line = and_(entry.c.kind == "position", entry.c.party_id.in_(rows.party_ids), is_line(held.c))
    moved = and_(line, held.c.movement != Movement.RESTATED)
    return (
        select(func.max(entry.c.effective_on))
        .select_from(entry.outerjoin(held, held.c.id == entry.c.id))
        .where(entry.c.issue_id == ISSUE.id, entry.c.kind.in_(("position", "status_change")))
        .where(or_(entry.c.kind == "status_change", moved), counts(entry.c, view.day, view.known_at))
        .correlate(Issue.__table__)
        .scalar_subquery()
    )


def _changed(rows: RowsWanted, view: View) -> ColumnElement[bool]:
    """Say in SQL that a line, a status or a tabled text of an issue changed since the baseline day."""
    touch, clause = ClauseIssue.__table__.c, Clause.__table__
    tabled = (
        select(touch.issue_id)
        .join(clause, clause.c.id == touch.clause_id)
        .where(clause.c.proposal_id.in_(rows.proposal_ids), *added_by(clause.c, view.known_at))
    )
    return or_(
        _line_changed(rows, view),
        _status_changed(rows, view, on_track=False),
        _status_changed(rows, view, on_track=True),
        ISSUE.id.in_(tabled),
    )


def _line_changed(rows: RowsWanted, view: View) -> ColumnElement[bool]:
    """Say so of lines entered since: one is no mere restatement, or holds other than the one before."""
    entry, held = Entry.__table__.alias("entered"), Position.__table__.alias("held")
    was = Position.__table__.alias("was")
    place = (entry.c.issue_id, entry.c.party_id)
    now = position_in_force(*place, view.day, view.known_at).correlate(entry)
    then = position_in_force(*place, rows.since, view.known_at).correlate(entry)
    others = or_(was.c.id.is_(None), *(held.c[name].is_distinct_from(was.c[name]) for name in HELD))
    lines = entry.join(held, held.c.id == entry.c.id).outerjoin(was, was.c.id == then)
    return exists(
        select(entry.c.id)
        .select_from(lines)
        .where(*_entered(entry, "position", rows, view), entry.c.party_id.in_(rows.party_ids))
        .where(is_line(held.c), or_(held.c.movement != Movement.RESTATED, and_(entry.c.id == now, others)))
        .correlate(Issue.__table__)
    )


def _status_changed(rows: RowsWanted, view: View, *, on_track: bool) -> ColumnElement[bool]:
    entry, is_now = Entry.__table__.alias("entered"), StatusChange.__table__.alias("is_now")
    was = StatusChange.__table__.alias("was")
    place = (entry.c.issue_id, entry.c.track_id if on_track else None)
    now = status_in_force(*place, view.day, view.known_at).correlate(entry)
    then = status_in_force(*place, rows.since, view.known_at).correlate(entry)
    steps = entry.join(is_now, is_now.c.id == entry.c.id).outerjoin(was, was.c.id == then)
    return exists(
        select(entry.c.id)
        .select_from(steps)
        .where(*_entered(entry, "status_change", rows, view), entry.c.party_id.is_(None))
        .where(entry.c.track_id.is_not(None) if on_track else entry.c.track_id.is_(None))
        .where(entry.c.id == now, states_differ(is_now.c, was.c))
        .correlate(Issue.__table__)
    )


def _entered(entry: Any, kind: str, rows: RowsWanted, view: View) -> tuple[ColumnElement[bool], ...]:
    """Say in SQL that an entry of a kind on the issue counts, and became so since the baseline day."""
    counting = and_(entry.c.effective_on > rows.since, counts(entry.c, view.day, view.known_at))
    # An issue's entries are few: those of all issues in the days between are many.
    return (entry.c.issue_id == ISSUE.id, entry.c.kind == kind, past_index(counting))
