"""Runs: what each status, and each party's line on an issue, went through between two days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Entry, Position, StatusChange, User
from tracker.models.entry import counts, oldest_first
from tracker.models.position import is_line
from tracker.models.vocabulary import Status
from tracker.queries.asking import At, asked_between, many
from tracker.queries.entries import EntryLine, entries_named

ENTRY, POSITION, CHANGE = Entry.__table__.c, Position.__table__.c, StatusChange.__table__.c
#: So many entries of a run are shown; the others stand on the issue's page.
LATEST = 3

#: An issue, and the party whose line it is, or (party None) the track, None of the talks as a whole.
Subject: TypeAlias = tuple[int, int | None, int | None]


@dataclass(frozen=True)
class Run:
    """The last entries of a run, oldest first. `statuses`: of the whole run, where it is of a status.

    `previous`: the entry before the first of these; `earlier`: how many there are before it, it included.
    """

    statuses: Sequence[Status]
    entries: Sequence[EntryLine]
    previous: EntryLine | None
    earlier: int


def runs_between(
    session: Session,
    before: View,
    after: View,
    issue_ids: Sequence[int],
    user: User | None,
    *,
    latest: int = LATEST,
) -> dict[Subject, Run]:
    """Load the runs of statuses and lines of issues, the latest entries of each, in three SQL statements."""
    found: dict[Subject, list[tuple[int, Status]]] = {}
    for id_, issue_id, party_id, track_id, status in _between(session, before, after, issues=issue_ids):
        found.setdefault((issue_id, party_id, track_id), []).append((id_, status))
    kept = {subject: rows[-latest - 1 :] for subject, rows in found.items()}
    ids = [id_ for rows in kept.values() for id_, _status in rows]
    lines = entries_named(session, ids, after, user)
    runs = {}
    for subject, rows in found.items():
        entries = [lines[id_] for id_, _status in kept[subject]]
        is_cut = len(entries) > latest
        shown = entries[1:] if is_cut else entries
        statuses = [status for _id, status in rows if status]
        runs[subject] = Run(statuses, shown, entries[0] if is_cut else None, len(rows) - len(shown))
    return runs


@asked_between
def _between(before: At, after: At) -> Select[Any]:
    return (
        select(ENTRY.id, ENTRY.issue_id, ENTRY.party_id, ENTRY.track_id, CHANGE.status)
        .select_from(Entry.__table__)
        .outerjoin(StatusChange.__table__, CHANGE.id == ENTRY.id)
        .outerjoin(Position.__table__, POSITION.id == ENTRY.id)
        .where(ENTRY.issue_id.in_(many("issues")), ENTRY.kind.in_(["status_change", "position"]))
        .where(or_(ENTRY.kind == "status_change", is_line(POSITION)), ENTRY.effective_on > before.day)
        .where(counts(ENTRY, after.day, after.known_at))
        .order_by(*oldest_first(ENTRY))
    )
