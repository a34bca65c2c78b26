"""The feed: what became known of a negotiation, an issue or a party, in the order of recording."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, literal, null, or_, select, true
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.db import past_index
from tracker.models import (
    Citation,
    Entry,
    Issue,
    Negotiation,
    Party,
    Position,
    Retraction,
    Source,
    StatusChange,
    User,
)
from tracker.models.entry import comes_before, counts, known, latest_first
from tracker.models.position import is_line
from tracker.models.step import Step, step
from tracker.models.vocabulary import Handling
from tracker.queries.asking import Asking, At, asked, many, one
from tracker.queries.corrections import ActKind, kind_of, reason_of, replaced_by
from tracker.queries.entries import EntryLine, entries_named

ENTRY, GONE, CITATION = Entry.__table__.c, Retraction.__table__.c, Citation.__table__.c
CHANGE, SOURCE = StatusChange.__table__.c, Source.__table__.c
LATEST = 50
#: Before anything was recorded: a bound by which retractions are walked newest first, by their index.
_EVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class News:
    """One thing that became known; `uid`: of the row that told it.

    `before`: of a status or a party's line, the one in force before it, and `step` what the status meant
    then; as known when it was recorded, so that neither becomes another later. `replaced`: what a
    correction took the place of. `reason`: why it was withdrawn, or what it replaced was.
    """

    kind: ActKind
    uid: str
    at: datetime
    by: str
    reason: str
    entry: EntryLine
    before: EntryLine | None
    step: Step | None
    replaced: EntryLine | None


def feed(
    session: Session,
    negotiation: Negotiation,
    view: View,
    user: User | None,
    *,
    issue: Issue | None = None,
    party: Party | None = None,
) -> list[News]:
    """List what became known last, the newest first, in six SQL statements.

    Of a party: what it holds and claims, and the statuses that name it among those who agreed.
    """
    given = {
        "negotiation": negotiation.id,
        "issue": issue and issue.id,
        "party": party and party.id,
        "named": party and f'%"{party.code}"%',
        "ever": _EVER,
    }
    about = "issue" if issue else "party" if party else "negotiation"
    rows = [row for ask in _ASKING[about] for row in ask(session, view, **given)]
    rows.sort(key=lambda row: (row.at, row.rank, row.id), reverse=True)
    return _told(session, rows[:LATEST], view, user)


def _told(session: Session, rows: Sequence[Any], view: View, user: User | None) -> list[News]:
    ids = {row.entry_id for row in rows}
    before = _befores(session, ids, view)
    replaced = replaced_by(session, [row.uid for row in rows])
    lines = entries_named(session, [*ids, *before.values(), *replaced.values()], view, user)
    return [_news(row, lines, before, replaced, user) for row in rows]


def _news(
    row: Any,
    lines: dict[int, EntryLine],
    before: dict[int, int],
    replaced: dict[str, int],
    user: User | None,
) -> News:
    entry = lines[row.entry_id]
    then = lines.get(before.get(entry.id, 0))
    old = lines.get(replaced.get(row.uid, 0))
    reason = old.retraction.reason if old and old.retraction else reason_of(row, user)
    taken = None
    if entry.kind == "status_change" and entry.status:
        taken = step(then.status if then else None, entry.status)
    return News(kind_of(entry, row.rank), row.uid, row.at, row.by, reason, entry, then, taken, old)


def _asking(about: ColumnElement[bool]) -> tuple[Asking, Asking]:
    """Write what finds the last entries, and the last retractions of entries and of their citations."""

    @asked
    def entered(at: At) -> Select[Any]:
        told = (ENTRY.recorded_at.label("at"), ENTRY.recorded_by.label("by"), null().label("reason"))
        rank, is_clear = literal(0).label("rank"), true().label("is_clear")
        query = select(*told, rank, is_clear, ENTRY.id, ENTRY.uid, ENTRY.id.label("entry_id"))
        return (
            query.outerjoin(StatusChange.__table__, CHANGE.id == ENTRY.id)
            .where(about, past_index(ENTRY.effective_on <= at.day), *known(ENTRY, at.known_at))
            .order_by(ENTRY.recorded_at.desc(), ENTRY.id.desc())
            .limit(LATEST)
        )

    @asked
    def withdrawn(at: At) -> Select[Any]:
        told = (GONE.recorded_at.label("at"), GONE.recorded_by.label("by"), GONE.reason)
        rank = case((GONE.citation_id.is_(None), 1), else_=2).label("rank")
        is_clear = or_(GONE.citation_id.is_(None), SOURCE.handling == Handling.CLEAR).label("is_clear")
        of = func.coalesce(GONE.entry_id, CITATION.entry_id)
        return (
            select(*told, rank, is_clear, GONE.id, GONE.uid, ENTRY.id.label("entry_id"))
            .select_from(Retraction.__table__)
            .outerjoin(Citation.__table__, CITATION.id == GONE.citation_id)
            .outerjoin(Source.__table__, SOURCE.id == CITATION.source_id)
            .join(Entry.__table__, ENTRY.id == of)
            .outerjoin(StatusChange.__table__, CHANGE.id == ENTRY.id)
            .where(past_index(and_(about, ENTRY.effective_on <= at.day, GONE.replaced_by.is_(None))))
            .where(GONE.recorded_at > one("ever"), *known(GONE, at.known_at))
            .order_by(GONE.recorded_at.desc(), GONE.id.desc())
            .limit(LATEST)
        )

    return entered, withdrawn


_MINE = ENTRY.negotiation_id == one("negotiation")
_NAMED = cast(CHANGE.agreed_between, String).like(one("named"))  # codes hold no sign of a pattern
_ASKING = {
    "negotiation": _asking(_MINE),
    "issue": _asking(ENTRY.issue_id == one("issue")),
    "party": _asking(and_(_MINE, or_(ENTRY.party_id == one("party"), _NAMED))),
}


def _befores(session: Session, ids: Iterable[int], view: View) -> dict[int, int]:
    """Find what was in force before statuses and lines, by the ids of both."""
    rows = _before(session, view, ids=[*ids])
    return {id_: before for id_, before in rows if before}


@asked
def _before(at: At) -> Select[Any]:
    this, earlier = Entry.__table__.alias("this"), Entry.__table__.alias("earlier")
    line = Position.__table__.alias("earlier_line")
    same = (earlier.c[name].is_not_distinct_from(this.c[name]) for name in ("party_id", "track_id"))
    before = (
        select(earlier.c.id)
        .select_from(this.join(earlier, earlier.c.issue_id == this.c.issue_id))
        .outerjoin(line, line.c.id == earlier.c.id)
        .where(this.c.id == ENTRY.id, earlier.c.kind == this.c.kind, *same)
        .where(or_(earlier.c.kind == "status_change", is_line(line.c)), comes_before(earlier.c, this.c))
        .where(counts(earlier.c, at.day, this.c.recorded_at))  # type: ignore[arg-type]
        .order_by(*latest_first(earlier.c))
        .limit(1)
        .correlate(Entry.__table__)
        .scalar_subquery()
    )
    mine = Position.__table__.c
    return (
        select(ENTRY.id, before)
        .outerjoin(Position.__table__, mine.id == ENTRY.id)
        .where(ENTRY.id.in_(many("ids")), or_(ENTRY.kind == "status_change", is_line(mine)))
    )
