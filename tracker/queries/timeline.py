"""The timeline: events, proposals and entries of every kind, in one order by day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from tracker.dates import View
from tracker.models import (
    Clause,
    ClauseIssue,
    Entry,
    Issue,
    Negotiation,
    Proposal,
    Source,
    Track,
    User,
)
from tracker.models.entry import comes_before, counts, known, latest_first
from tracker.models.proposal import added_by
from tracker.models.status import StatusChange
from tracker.models.step import Step, step
from tracker.models.vocabulary import Status
from tracker.queries.asking import At, asked, many
from tracker.queries.entries import ENTRY, EntryLine, entries_named
from tracker.queries.events import EventLine, events_named
from tracker.queries.ladder import IssueName
from tracker.queries.merging import shown, with_kept
from tracker.queries.paging import EVERY, Onward, batches
from tracker.queries.references import SOURCE_LINE, SourceLine, is_withheld
from tracker.queries.succession import Happening, Wanted, succession

PROPOSAL, SOURCE = Proposal.__table__.c, Source.__table__.c
ISSUE, TRACK = Issue.__table__.c, Track.__table__.c


@dataclass(frozen=True, slots=True)
class TabledText:
    """A proposal to print, and the issues that its clauses touch. `tabled_by`: party codes.

    `is_withheld`: its source is kept from the reader.
    """

    issues: Sequence[IssueName]
    source: SourceLine | None
    is_withheld: bool
    id: int
    title: str
    tabled_by: Sequence[str]
    tabled_on: date | None
    track: str | None


@dataclass(frozen=True, slots=True)
class StatusStep:
    """What a status change meant after the one before it (None: it was the first) on its issue and track."""

    step: Step
    before: Status | None


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One thing that happened: an event, a proposal or an entry, the others being None.

    `day`: None where it is not known. `anchor` names it on the page. `step`: of a status change.
    """

    kind: Happening
    anchor: str
    day: date | None
    event: EventLine | None = None
    proposal: TabledText | None = None
    entry: EntryLine | None = None
    step: StatusStep | None = None


@dataclass(frozen=True)
class Timeline:
    """One page of what happened, day after day, the newest first."""

    days: list[tuple[date | None, list[TimelineLine]]]
    paging: Onward

    @property
    def anchors(self) -> set[str]:
        """What can be pointed at on this page."""
        return {line.anchor for _, lines in self.days for line in lines}


def timeline(
    session: Session,
    negotiation: Negotiation,
    view: View,
    user: User | None,
    wanted: Wanted,
    *,
    page: int = 1,
) -> Timeline:
    """Tell what happened, as wanted, in eight SQL statements at most."""
    found, goes_on = succession(session, negotiation, view, wanted, page)
    days: dict[date | None, list[TimelineLine]] = {}
    for line in _lines_of(session, negotiation, found, wanted.view(view), user):
        days.setdefault(line.day, []).append(line)
    return Timeline([*days.items()], Onward(page, is_last=not goes_on))


def every_happening(
    session: Session, negotiation: Negotiation, view: View, user: User | None, wanted: Wanted
) -> Iterator[TimelineLine]:
    """Tell all that happened, as wanted, newest day first, batch by batch."""
    found, _ = succession(session, negotiation, view, wanted, 1, EVERY)
    for places in batches(found):
        yield from _lines_of(session, negotiation, places, wanted.view(view), user)


def _lines_of(
    session: Session,
    negotiation: Negotiation,
    found: Sequence[tuple[Happening, int]],
    seen: View,
    user: User | None,
) -> list[TimelineLine]:
    """Load what stands at these places, in seven SQL statements at most."""
    of: dict[Happening, list[int]] = {kind: [] for kind in Happening}
    for kind, id_ in found:
        of[kind].append(id_)
    entries = [*of[Happening.STATUS], *of[Happening.CLAIM], *of[Happening.POSITION]]
    lines: _Lines = {
        **_event_lines(session, of[Happening.EVENT], seen, user),
        **_proposal_lines(session, negotiation, of[Happening.PROPOSAL], seen, user),
        **_entry_lines(session, entries, of[Happening.STATUS], seen, user),
    }
    return [lines[place] for place in found]


_Lines = dict[tuple[Happening, int], TimelineLine]


def _event_lines(session: Session, ids: Sequence[int], view: View, user: User | None) -> _Lines:
    kind = Happening.EVENT
    return {
        (kind, event.id): TimelineLine(kind, f"event-{event.id}", event.starts_on, event=event)
        for event in events_named(session, ids, view, user).values()
    }


def _proposal_lines(
    session: Session, negotiation: Negotiation, ids: Sequence[int], view: View, user: User | None
) -> _Lines:
    touched = _touched(session, negotiation, ids, view)
    found = {}
    for row in _proposals(session, view, ids=ids).all() if ids else ():
        id_, title, tabled_by, tabled_on, track, handling, *source = row
        withheld = is_withheld(handling, user)
        shown = SourceLine(*source) if handling and not withheld else None
        line = TabledText(touched.get(id_, []), shown, withheld, id_, title, tabled_by, tabled_on, track)
        kind = Happening.PROPOSAL
        found[kind, id_] = TimelineLine(kind, f"proposal-{id_}", tabled_on, proposal=line)
    return found


@asked
def _proposals(at: At) -> Select[Any]:
    query = (
        select(
            PROPOSAL.id,
            PROPOSAL.title,
            PROPOSAL.tabled_by,
            PROPOSAL.tabled_on,
            TRACK.title,
            SOURCE.handling,
            *shown(*SOURCE_LINE),
        )
        .outerjoin(Track.__table__, TRACK.id == PROPOSAL.track_id)
        .outerjoin(Source.__table__, SOURCE.id == PROPOSAL.source_id)
        .where(PROPOSAL.id.in_(many("ids")), *known(PROPOSAL, at.known_at))
    )
    return with_kept(query, at.known_at, PROPOSAL.negotiation_id)


def _touched(
    session: Session, negotiation: Negotiation, ids: Sequence[int], view: View
) -> Mapping[int, list[IssueName]]:
    found: dict[int, dict[int, IssueName]] = {}
    for id_, number, title in _touches(session, view, ids=ids).all() if ids else ():
        found.setdefault(id_, {})[number] = IssueName(f"{negotiation.code}-{number}", title)
    return {id_: [*issues.values()] for id_, issues in found.items()}


@asked
def _touches(at: At) -> Select[Any]:
    clause, touch = Clause.__table__.c, ClauseIssue.__table__.c
    return (
        select(clause.proposal_id, ISSUE.number, ISSUE.title)
        .join(ClauseIssue.__table__, touch.clause_id == clause.id)
        .join(Issue.__table__, ISSUE.id == touch.issue_id)
        .where(clause.proposal_id.in_(many("ids")), *added_by(clause, at.known_at))
        .order_by(ISSUE.ordering, ISSUE.number)
    )


def _entry_lines(
    session: Session, ids: Sequence[int], changes: Sequence[int], view: View, user: User | None
) -> _Lines:
    steps = status_steps(session, changes, view)
    kinds = {"status_change": Happening.STATUS, "claim": Happening.CLAIM, "position": Happening.POSITION}
    found = {}
    for entry in entries_named(session, ids, view, user).values():
        kind = kinds[entry.kind]
        line = TimelineLine(kind, f"e-{entry.uid}", entry.effective_on, entry=entry, step=steps.get(entry.id))
        found[kind, entry.id] = line
    return found


def status_steps(session: Session, ids: Iterable[int], view: View) -> dict[int, StatusStep]:
    """Name the steps that status changes were, by their ids, in one SQL statement."""
    wanted = [*ids]
    rows = _steps(session, view, ids=wanted).all() if wanted else ()
    return {id_: StatusStep(step(before, after), before) for id_, before, after in rows}


@asked
def _steps(at: At) -> Select[Any]:
    """Set each change beside the one in force before it, of those that count."""
    now, then = StatusChange.__table__.alias("status_after"), StatusChange.__table__.alias("status_before")
    entry: Any = aliased(Entry, name="earlier")
    before = (
        select(entry.id)
        .where(entry.issue_id == ENTRY.issue_id, entry.kind == "status_change", entry.party_id.is_(None))
        .where(entry.track_id.is_not_distinct_from(ENTRY.track_id), comes_before(entry, ENTRY))
        .where(counts(entry, at.day, at.known_at))
        .order_by(*latest_first(entry))
        .limit(1)
        .correlate(Entry.__table__)
        .scalar_subquery()
    )
    return (
        select(ENTRY.id, then.c.status, now.c.status)
        .join(now, now.c.id == ENTRY.id)
        .outerjoin(then, then.c.id == before)
        .where(ENTRY.id.in_(many("ids")))
    )
