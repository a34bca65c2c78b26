"""Notes: the desk's own remarks on its issues, and what is still to be done. Never for strangers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Select, String, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Issue, Negotiation, Note, Retraction
from tracker.models.entry import known
from tracker.models.note import settles
from tracker.models.vocabulary import NoteKind
from tracker.queries.asking import At, asked, many, one
from tracker.queries.entries import Withdrawal
from tracker.queries.paging import Paging

NOTE, GONE, ISSUE = Note.__table__.c, Retraction.__table__.c, Issue.__table__.c
OPEN = tuple(kind for kind in NoteKind if kind.can_be_open)
DUE_SHOWN = 8


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note to print. `issue`: its number. `is_overdue`: it is open, and its day has passed."""

    uid: str
    kind: NoteKind
    text: str
    owner: str
    due_on: date | None
    recorded_at: datetime
    recorded_by: str
    issue: int
    issue_title: str
    retraction: Withdrawal | None
    is_overdue: bool

    @property
    def is_open(self) -> bool:
        return self.kind.can_be_open and self.retraction is None

    @property
    def is_settled(self) -> bool:
        return self.retraction is not None and settles(self.kind, self.retraction.reason)


@dataclass(frozen=True)
class NoteFilters:
    """Which notes are wanted: of these kinds, and of one owner; "" = of all."""

    kinds: Sequence[NoteKind] = OPEN
    owner: str = ""


@dataclass(frozen=True)
class Agenda:
    """A page of notes that stand, those due first on top. `owners`: whose notes there are, filters aside."""

    notes: list[NoteLine]
    owners: list[str]
    paging: Paging


def notes_on(session: Session, issue: Issue, view: View) -> list[NoteLine]:
    """List the notes on an issue, newest first, withdrawn ones in their place, in one SQL statement."""
    return _read(_on_issue(session, view, issue=issue.id), view)


def agenda(
    session: Session, negotiation: Negotiation, view: View, filters: NoteFilters, *, page: int = 1
) -> Agenda:
    """List the notes of a negotiation that stand, by the day they are due, in three SQL statements."""
    about = {"negotiation": negotiation.id, "kinds": filters.kinds, "owner": filters.owner}
    shown = Paging(page, _count(session, view, **about).scalar())
    rows = _standing(session, view, limit=shown.size, offset=shown.offset, **about)
    owners = _owners(session, view, negotiation=negotiation.id).scalars().all()
    return Agenda(_read(rows, view), [*owners], shown)


def due_next(session: Session, negotiation: Negotiation, view: View) -> list[NoteLine]:
    """List the open questions and actions that have a day, the first due on top, in one SQL statement."""
    return _read(_due(session, view, negotiation=negotiation.id, kinds=OPEN, limit=DUE_SHOWN), view)


def _read(rows: Iterable[Any], view: View) -> list[NoteLine]:
    today = view.as_of or datetime.now(UTC).date()
    found = []
    for gone_at, gone_by, reason, *values in rows:
        retraction = Withdrawal(gone_at, gone_by, reason, None) if gone_at else None
        kind, due_on = values[1], values[4]
        is_open = kind.can_be_open and retraction is None
        is_overdue = is_open and due_on is not None and due_on < today
        found.append(NoteLine(*[*values, retraction, is_overdue]))
    return found


def _notes(at: At) -> Select[Any]:
    withdrawn = and_(GONE.note_id == NOTE.id, *known(GONE, at.known_at))
    return (
        select(
            GONE.recorded_at.label("gone_at"),
            GONE.recorded_by.label("gone_by"),
            GONE.reason,
            NOTE.uid,
            NOTE.kind,
            NOTE.text,
            NOTE.owner,
            NOTE.due_on,
            NOTE.recorded_at,
            NOTE.recorded_by,
            ISSUE.number,
            ISSUE.title,
        )
        .select_from(Note.__table__)
        .join(Issue.__table__, ISSUE.id == NOTE.issue_id)
        .outerjoin(Retraction.__table__, withdrawn)
        .where(*known(NOTE, at.known_at))
    )


@asked
def _on_issue(at: At) -> Select[Any]:
    return _notes(at).where(NOTE.issue_id == one("issue")).order_by(NOTE.id.desc())


def _of_talks(at: At) -> Select[Any]:
    return _notes(at).where(ISSUE.negotiation_id == one("negotiation"), GONE.id.is_(None))


def _filtered(at: At) -> Select[Any]:
    owner = bindparam("owner", type_=String)
    wanted = (NOTE.kind.in_(many("kinds")), or_(owner == "", NOTE.owner == owner))
    return _of_talks(at).where(*wanted)


@asked
def _standing(at: At) -> Select[Any]:
    first = _filtered(at).order_by(NOTE.due_on.is_(None), NOTE.due_on, NOTE.id)
    return first.limit(one("limit")).offset(one("offset"))


@asked
def _count(at: At) -> Select[Any]:
    return _filtered(at).with_only_columns(func.count(NOTE.id))


@asked
def _owners(at: At) -> Select[Any]:
    named = _of_talks(at).where(NOTE.owner != "").with_only_columns(NOTE.owner).distinct()
    return named.order_by(NOTE.owner)


@asked
def _due(at: At) -> Select[Any]:
    dated = _of_talks(at).where(NOTE.kind.in_(many("kinds")), NOTE.due_on.is_not(None))
    return dated.order_by(NOTE.due_on, NOTE.id).limit(one("limit"))
