"""The brief: where a negotiation stands and what changed, on one page, put together from what others ask.

It has no rule of its own but what comes first and how much is shown: what changed, then the rest in order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from tracker.dates import FIRST_DAY, View, end_of
from tracker.models import Negotiation, User
from tracker.models.vocabulary import Movement, Status
from tracker.queries.changes import Changes, changes
from tracker.queries.claims import ClaimLine, latest_claims
from tracker.queries.doubts import FEW, Doubts, doubts
from tracker.queries.happenings import Coming, coming
from tracker.queries.issue_list import IssueLine, issue_lines
from tracker.queries.ladder import IssueName, Ladder, happened
from tracker.queries.moves import Move, MoveKind
from tracker.queries.open_points import Point, open_points
from tracker.queries.paging import Cut
from tracker.queries.references import Reference, references
from tracker.queries.staleness import evidence_of_all, last_day
from tracker.queries.state_of_play import Thresholds, differs
from tracker.queries.steps import StatusStep

Each = TypeVar("Each")
TWO_WEEKS = timedelta(days=14)


@dataclass(frozen=True)
class Room:
    """How much is shown: all, where there are so many at most, else so many of the first."""

    whole: int
    first: int

    def take(self, found: Sequence[Each]) -> Sequence[Each]:
        return found[: self.whole if len(found) <= self.whole else self.first]


ISSUES, STEPS, POINTS = Room(25, 8), Room(12, 8), Room(12, 6)


@dataclass(frozen=True)
class Stand:
    """An issue with its statuses in force, and what the parties claim of it.

    `references`: what each status rests on, by the code of its track, "" for the whole. `differing`: the
    claims, by id, that differ from the desk's status.
    """

    issue: IssueLine
    references: Mapping[str, Sequence[Reference]]
    claims: Sequence[ClaimLine]
    differing: Sequence[int]

    @property
    def is_agreed(self) -> bool:
        """Whether the desk has it agreed, in some degree, as a whole or on a track."""
        return any(line.status.is_agreed for line in self.issue.statuses)


@dataclass(frozen=True)
class Stale:
    """An issue without evidence for longer than the threshold, by so many days."""

    issue: IssueName
    checked_on: date
    age: int


@dataclass(frozen=True)
class Brief:
    """The brief. `day`: the one it is as of.

    `counts`: every status in force, None last. `steps`: what became of statuses, what slipped back first.
    `moves`: the moves alone, as the editors judged them. `doubts`: of the entries that it rests on.
    """

    title: str
    is_single_undertaking: bool
    day: date
    since: date
    last_day: date | None
    counts: Sequence[tuple[Status | None, int]]
    stands: Cut[Stand]
    changes: Changes
    steps: Cut[StatusStep]
    moves: Cut[Move]
    agreed: Cut[Stand]
    claims: Sequence[ClaimLine]
    points: Cut[Point]
    stale: Cut[Stale]
    doubts: Doubts
    coming: Sequence[tuple[Coming, Sequence[Reference]]]

    @property
    def issues(self) -> int:
        return self.stands.total

    @property
    def unjudged(self) -> int:
        """How many of the new lines told here nobody judged."""
        said = (each.entry for move in self.changes.moves for each in move.said)
        return sum(entry.movement is Movement.UNJUDGED for entry in said)


def usual_since(last: date | None, view: View) -> date:
    """Give the day since which changes are told where none is asked for: two weeks before the last entry."""
    until = min(view.today, last) if last else view.today
    return max(until - TWO_WEEKS, FIRST_DAY)


def brief(
    session: Session, negotiation: Negotiation, view: View, user: User | None, since: date | None = None
) -> Brief:
    """Tell where a negotiation stands and what changed since a day, in a fixed number of SQL statements."""
    last = last_day(session, negotiation, view)
    since = since or usual_since(last, view)
    found = changes(session, negotiation, since, view, user)
    ladder = happened(session, negotiation, View(date.min, view.known_at), view)
    ids = _changed_first(ladder, found)
    agreed = {
        each.issue_id for each in (*ladder.whole, *ladder.tracks) if each.after and each.after.is_agreed
    }
    pending = {each.issue_id for each in ladder.whole if each.after is None or each.after.is_pending}
    stands, points = _cut(ladder, ids, {*ids}, ISSUES), _cut(ladder, ids, pending)
    wanted = {*stands.shown, *_cut(ladder, ids, agreed).shown}
    told = _stands(session, negotiation, view, user, wanted)
    # What a party claims to be agreed stands beside what is, also where the desk has it otherwise.
    settled = _cut(ladder, ids, agreed.union(id_ for id_, stand in told.items() if stand.claims))
    names = {id_: ladder.names[id_] for id_ in points.shown}
    lines = open_points(session, negotiation, view, user, names)
    shown, according = [told[id_] for id_ in stands.shown], [told[id_] for id_ in settled.shown]
    claims = latest_claims(session, negotiation, view, user, None).get(None, [])
    steps, moves = _steps(found), _moves(found)
    rests_on = [*_of_stands(shown, according, claims), *_of_changes(steps, moves), *_of_points(lines)]
    return Brief(
        title=negotiation.title,
        is_single_undertaking=negotiation.single_undertaking,
        day=view.today,
        since=since,
        last_day=last,
        counts=[(flow.status, flow.at_until) for flow in found.flow if flow.at_until],
        stands=Cut(shown, stands.total),
        changes=found,
        steps=steps,
        moves=moves,
        agreed=Cut(according, settled.total),
        claims=claims,
        points=Cut(lines, points.total),
        stale=_stale(session, negotiation, view, ladder),
        doubts=doubts(session, negotiation, view, user, [*dict.fromkeys(rests_on)]),
        coming=_coming(session, negotiation, view, user),
    )


def _cut(ladder: Ladder, ids: Iterable[int], wanted: Collection[int], room: Room = POINTS) -> Cut[int]:
    """Take the first of what is wanted; where that is all of it, it stands in its own order."""
    found = [id_ for id_ in ids if id_ in wanted]
    shown = room.take(found)
    if len(shown) == len(found):
        shown = [id_ for id_ in ladder.names if id_ in wanted]
    return Cut(shown, len(found))


def _changed_first(ladder: Ladder, found: Changes) -> list[int]:
    """Order the issues: those that changed as Changes has them, then the others in their own order."""
    told = [*(step.issue for step in (*found.slipped, *found.steps)), *(move.issue for move in found.moves)]
    order = {key: place for place, key in enumerate(dict.fromkeys(name.key for name in told))}
    return sorted(ladder.names, key=lambda id_: order.get(ladder.names[id_].key, len(order)))


def _stands(
    session: Session, negotiation: Negotiation, view: View, user: User | None, ids: Collection[int]
) -> dict[int, Stand]:
    """Load issues with what their statuses rest on and what is claimed of them, in five SQL statements."""
    lines = issue_lines(session, negotiation, [*ids], view)
    claims = latest_claims(session, negotiation, view, user, [*ids])
    in_force = [status.entry_id for line in lines.values() for status in line.statuses]
    cited = references(session, in_force, user, view.known_at)
    found = {}
    for id_, line in lines.items():
        made = claims.get(id_, [])
        rests = {status.track_code: cited[status.entry_id] for status in line.statuses}
        found[id_] = Stand(line, rests, made, [claim.id for claim in made if differs(claim, line)])
    return found


def _stale(session: Session, negotiation: Negotiation, view: View, ladder: Ladder) -> Cut[Stale]:
    """Find the issues nobody looked at for long, the longest first, in one SQL statement."""
    usual, today = Thresholds(), view.today
    rows = evidence_of_all(session, view, negotiation=negotiation.id)
    ages = [(usual.age(day, today) or 0, id_, day) for id_, day in rows]
    old = sorted((-age, id_, day) for age, id_, day in ages if usual.is_stale(age))
    return Cut([Stale(ladder.names[id_], day, -age) for age, id_, day in old[:FEW]], len(old))


def _steps(found: Changes) -> Cut[StatusStep]:
    steps = [*found.slipped, *(step for _, steps in found.by_kind for step in steps)]
    return Cut(STEPS.take(steps), sum(number for _, number in found.counts))


def _moves(found: Changes) -> Cut[Move]:
    moves = [move for move in found.moves if move.kind is MoveKind.MOVED]
    return Cut(STEPS.take(moves), sum(tally.moved for tally in found.tallies))


def _of_stands(
    stands: Iterable[Stand], agreed: Iterable[Stand], claims: Iterable[ClaimLine]
) -> Iterator[int]:
    """Name the statuses that are told, and the claims: those on issues stand beside what is agreed."""
    for stand in (*stands, *agreed):
        yield from (status.entry_id for status in stand.issue.statuses)
    yield from (claim.id for claim in (*claims, *(claim for stand in agreed for claim in stand.claims)))


def _of_changes(steps: Cut[StatusStep], moves: Cut[Move]) -> Iterator[int]:
    """Name the last change of each step, and of each move the lines at its ends and between them."""
    yield from (taken.entry.id for step in steps.shown for taken in step.changes[-1:])
    for move in moves.shown:
        yield from (move.before.entry_id if move.before else move.said[0].entry.id, move.after.id)
        yield from (line.id for line in move.way)


def _of_points(points: Iterable[Point]) -> Iterator[int]:
    return (held.cell.entry_id for point in points for held in point.held if held.cell)


def _coming(
    session: Session, negotiation: Negotiation, view: View, user: User | None
) -> list[tuple[Coming, Sequence[Reference]]]:
    """Tell what lies ahead: what was recorded by the end of the day, on what was cited by then."""
    ahead = coming(session, negotiation, view)
    late = {event.id for event in ahead if event.recorded_on > view.today}
    then = view.no_later_than(end_of(view.today))
    cited = references(session, {event.id for event in ahead} - late, user, then.known_at, of_events=True)
    cited |= references(session, late, user, view.known_at, of_events=True)
    return [(event, cited[event.id]) for event in ahead]
