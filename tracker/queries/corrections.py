"""What was recorded in between: entered, corrected and withdrawn between two moments, of whatever day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, literal, null, or_, select, true, union_all
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.db import past_index
from tracker.models import Citation, Entry, Negotiation, Retraction, Source, User
from tracker.models.entry import known
from tracker.models.refused import N_
from tracker.models.step import Step
from tracker.models.vocabulary import Handling, Word
from tracker.queries.asking import At, asked_between, many, one
from tracker.queries.entries import EntryLine, entries_named
from tracker.queries.ladder import Ends, Ladder, became_known
from tracker.queries.paging import BATCH, EVERY, Paging, batches
from tracker.queries.steps import ORDER, StatusStep, steps_of

ENTRY, GONE, CITATION = Entry.__table__.c, Retraction.__table__.c, Citation.__table__.c
SOURCE = Source.__table__.c
SHOWN = 50


class ActKind(Word):
    """What was done to the record."""

    ENTERED = "entered", N_("Entered")
    LATE = "late", N_("Entered late")
    CORRECTED = "corrected", N_("Corrected")
    RETRACTED = "retracted", N_("Retracted")
    SOURCE_WITHDRAWN = "source_withdrawn", N_("A source withdrawn")


@dataclass(frozen=True)
class Act:
    """Something done to the record. `replaced`: what a correction took the place of."""

    kind: ActKind
    at: datetime
    by: str
    reason: str
    entry: EntryLine
    replaced: EntryLine | None


@dataclass(frozen=True)
class Acts:
    """A page of what was done to the record between two moments, newest first."""

    acts: Sequence[Act]
    paging: Paging


def acts_between(
    session: Session,
    negotiation: Negotiation,
    before: View,
    after: View,
    user: User | None,
    *,
    page: int = 1,
    unexpected: bool = False,
) -> Acts:
    """List what was done to the record between the moments of two views, in five SQL statements.

    An entry is late when it speaks of the day of the earlier moment, or one before. `unexpected`: only
    what changes what was told of the time before: late entries, corrections and what was withdrawn.
    """
    assert before.known_at is not None
    about = {"negotiation": negotiation.id, "by_day": before.known_at.date()}
    count, ask = (_count_unexpected, _unexpected) if unexpected else (_count_every, _every)
    shown = Paging(page, count(session, before, after, **about).scalar())
    rows = ask(session, before, after, **about, limit=shown.size, offset=shown.offset).all()
    return Acts(_acts_of(session, rows, before, after, user), shown)


def every_act(
    session: Session,
    negotiation: Negotiation,
    before: View,
    after: View,
    user: User | None,
    *,
    unexpected: bool = False,
) -> Iterator[Act]:
    """Tell all of them, newest first, batch by batch."""
    assert before.known_at is not None
    about = {"negotiation": negotiation.id, "by_day": before.known_at.date()}
    ask = _unexpected if unexpected else _every
    found = ask(session, before, after, **about, limit=EVERY, offset=0)
    for some in found.partitions(BATCH):
        yield from _acts_of(session, some, before, after, user)


def _acts_of(
    session: Session, rows: Sequence[Any], before: View, after: View, user: User | None
) -> list[Act]:
    """Make acts of what was selected, in three SQL statements."""
    replaced = replaced_by(session, [row.uid for row in rows])
    ids = {row.entry_id for row in rows} | set(replaced.values())
    lines = entries_named(session, [*ids], after, user)
    acts = []
    for row in rows:
        entry = lines[row.entry_id]
        old = replaced.get(entry.uid) if row.rank == 0 else None
        by = row.by or entry.recorded_by
        kind, reason = kind_of(entry, row.rank, before), reason_of(row, user)
        acts.append(Act(kind, row.at, by, reason, entry, lines.get(old or 0)))
    return acts


def kind_of(entry: EntryLine, rank: int, before: View | None = None) -> ActKind:
    """Tell what was done. `rank`: 0 for an entry made, 1 for one retracted, 2 for a citation retracted.

    It is late where it speaks of a day that the moment of `before` had seen.
    """
    if rank:
        return ActKind.RETRACTED if rank == 1 else ActKind.SOURCE_WITHDRAWN
    if entry.first_recorded_at != entry.recorded_at:
        return ActKind.CORRECTED
    is_late = before and before.known_at and entry.effective_on <= before.known_at.date()
    return ActKind.LATE if is_late else ActKind.ENTERED


def reason_of(row: Any, user: User | None) -> str:
    """Give why something was withdrawn; why a withheld source was, is withheld with it."""
    return (row.reason or "") if user is not None or row.is_clear else ""


@dataclass(frozen=True)
class KnownSteps:
    """How what was known of the statuses differs: the first steps, those that slipped back before others."""

    steps: Sequence[StatusStep]
    count: int

    @property
    def by_kind(self) -> list[tuple[Step | None, list[StatusStep]]]:
        """Give them kind by kind; None: there is no status any more."""
        found = [(kind, [each for each in self.steps if each.kind is kind]) for kind in ORDER]
        return [(kind, steps) for kind, steps in found if steps]


def steps_between(session: Session, negotiation: Negotiation, before: View, after: View) -> KnownSteps:
    """Tell how the statuses known at the moments of two views differ, in three SQL statements."""
    ladder, touched = _became_known(session, negotiation, before, after)
    return KnownSteps(steps_of(session, ladder, touched[:SHOWN], {}), len(touched))


def every_known_step(
    session: Session, negotiation: Negotiation, before: View, after: View
) -> Iterator[StatusStep]:
    """Tell of all of them, batch by batch."""
    ladder, touched = _became_known(session, negotiation, before, after)
    for some in batches(touched):
        yield from steps_of(session, ladder, some, {})


def _became_known(
    session: Session, negotiation: Negotiation, before: View, after: View
) -> tuple[Ladder, list[Ends]]:
    """Set the statuses known at two moments side by side; gives what differs, slips first."""
    ladder = became_known(session, negotiation, before, after)
    touched = [ends for ends in ladder.touched if ends.kind or ends.after is None]
    return ladder, sorted(touched, key=lambda ends: ORDER.index(ends.kind))


def replaced_by(session: Session, uids: Sequence[str]) -> dict[str, int]:
    """Find which entries corrections took the place of, by the uid of the correction."""
    return {row[0]: row[1] for row in session.execute(_REPLACED, {"uids": uids})}


_REPLACED = select(GONE.replaced_by, GONE.entry_id).where(
    GONE.replaced_by.in_(many("uids")), GONE.entry_id.is_not(None)
)


def _acts(before: At, after: At, is_unexpected: bool) -> Any:
    """Select entries and what withdraws them; a correction stands for the retraction that came with it."""
    mine = ENTRY.negotiation_id == one("negotiation")
    columns = (ENTRY.id.label("entry_id"), ENTRY.uid)
    entered = select(
        ENTRY.recorded_at.label("at"), literal(0).label("rank"), ENTRY.id.label("row_id"), *columns
    )
    entered = entered.add_columns(null().label("by"), null().label("reason"), true().label("is_clear"))
    entered = entered.where(mine, ENTRY.effective_on <= after.day, *_within(ENTRY, before, after))
    if is_unexpected:
        late = or_(ENTRY.effective_on <= one("by_day"), ENTRY.first_recorded_at != ENTRY.recorded_at)
        entered = entered.where(late)
    about = (mine, ENTRY.effective_on <= after.day, *known(ENTRY, after.known_at))
    gone = [past_index(and_(*about)), *_within(GONE, before, after)]
    told = (GONE.recorded_by, GONE.reason)
    is_clear = SOURCE.handling == Handling.CLEAR
    retracted = (
        select(GONE.recorded_at, literal(1), GONE.id, *columns, *told, true())
        .join(Entry.__table__, ENTRY.id == GONE.entry_id)
        .where(*gone, GONE.replaced_by.is_(None))
    )
    withdrawn = (
        select(GONE.recorded_at, literal(2), GONE.id, *columns, *told, is_clear)
        .join(Citation.__table__, CITATION.id == GONE.citation_id)
        .join(Source.__table__, SOURCE.id == CITATION.source_id)
        .join(Entry.__table__, ENTRY.id == CITATION.entry_id)
        .where(*gone)
    )
    return union_all(entered, retracted, withdrawn).subquery("acts")


def _within(table: Any, before: At, after: At) -> list[Any]:
    return [table.recorded_at > before.known_at, table.recorded_at <= after.known_at]


def _asking(is_unexpected: bool) -> tuple[Any, Any]:
    """Make what counts the acts, and what lists a page of them."""

    @asked_between
    def count(before: At, after: At) -> Select[Any]:
        return select(func.count()).select_from(_acts(before, after, is_unexpected))

    @asked_between
    def rows(before: At, after: At) -> Select[Any]:
        acts = _acts(before, after, is_unexpected)
        newest = (acts.c.at.desc(), acts.c.rank.desc(), acts.c.row_id.desc())
        return select(acts).order_by(*newest).limit(one("limit")).offset(one("offset"))

    return count, rows


(_count_every, _every), (_count_unexpected, _unexpected) = _asking(False), _asking(True)
