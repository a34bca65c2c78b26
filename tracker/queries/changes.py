"""Changes between two days: what slipped back, who moved, and what is new; the later day included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Negotiation, Party, User
from tracker.models.step import Step
from tracker.queries.cells import Place, cells
from tracker.queries.ladder import Ends, Flow, Ladder, happened
from tracker.queries.moves import Move, MoveKind, Tally, moves_of, tallies, who_moved
from tracker.queries.novelties import Novelties, novelties
from tracker.queries.paging import EVERY, Paging, batches
from tracker.queries.parties import PartyLine
from tracker.queries.runs import Run, Subject, runs_between
from tracker.queries.steps import ORDER, StatusStep, slips_between, steps_of

#: So many issues are read at once where all are, each with all that was entered on it in between.
_AT_ONCE = 100


@dataclass(frozen=True)
class Changes:
    """What changed after `since`, up to and with `until`.

    Steps, moves and `page` are of one page of the issues on which something changed, those that slipped
    back first; counts, tallies and flow are of all. `on_the_way`: how many statuses slipped back in between,
    and not on balance. `novelties`: the first of each kind.
    """

    since: date
    until: date
    counts: Sequence[tuple[Step | None, int]]
    on_the_way: int
    tallies: Sequence[Tally]
    flow: Sequence[Flow]
    steps: Sequence[StatusStep]
    moves: Sequence[Move]
    novelties: Novelties
    issues: int
    paging: Paging

    @property
    def slipped(self) -> list[StatusStep]:
        """What slipped back, of this page: on balance first, then on the way to where it is."""
        found = [each for each in self.steps if each.has_slipped]
        return sorted(found, key=lambda each: each.kind is not Step.SLIPPED)

    @property
    def by_kind(self) -> list[tuple[Step | None, list[StatusStep]]]:
        """Give the other steps of this page, kind by kind."""
        others = [each for each in self.steps if not each.has_slipped]
        found = [(kind, [each for each in others if each.kind is kind]) for kind in ORDER]
        return [(kind, steps) for kind, steps in found if steps]

    @property
    def net_slips(self) -> int:
        """How many statuses slipped back on balance."""
        return dict(self.counts).get(Step.SLIPPED, 0)


def changes(
    session: Session,
    negotiation: Negotiation,
    since: date,
    view: View,
    user: User | None,
    *,
    parties: Sequence[Party] | None = None,
    page: int = 1,
) -> Changes:
    """Tell what changed between two days, read as known at one moment, in a fixed number of SQL statements.

    `view`: of the later day. `parties`: whose moves are told; None: everybody's.
    """
    found = changed_between(session, negotiation, since, view, parties)
    shown = Paging(page, len(found.ids))
    here = found.ids[shown.offset : shown.offset + shown.size]
    runs = runs_between(session, found.before, view, here, user)
    kinds = Counter(ends.kind for ends in found.touched)
    on_the_way = (ends.kind is not Step.SLIPPED and ends.subject in found.slips for ends in found.touched)
    return Changes(
        since=since,
        until=view.day,
        counts=[(kind, kinds[kind]) for kind in ORDER if kinds[kind]],
        on_the_way=sum(on_the_way),
        tallies=tallies(found.moved, [*found.told.values()]),
        flow=found.ladder.flow(),
        steps=found.steps_on(session, here, runs),
        moves=found.moves_on(session, here, runs, user),
        novelties=novelties(session, negotiation, since, view, user),
        issues=len(found.ladder.names),
        paging=shown,
    )


@dataclass(frozen=True)
class Changed:
    """What changed between two days, by ids; what is to be told of it is asked for issue by issue.

    `ids`: of the issues on which something changed, those that slipped back first.
    """

    before: View
    after: View
    ladder: Ladder
    told: Mapping[int, PartyLine]
    moved: Mapping[Place, MoveKind]
    touched: Sequence[Ends]
    slips: Mapping[Subject, int]
    ids: Sequence[int]

    def steps_on(self, session: Session, ids: Sequence[int], runs: Mapping[Subject, Run]) -> list[StatusStep]:
        """Tell of the steps on some of the issues, in one SQL statement."""
        return steps_of(session, self.ladder, _on(ids, self.touched), runs)

    def moves_on(
        self, session: Session, ids: Sequence[int], runs: Mapping[Subject, Run], user: User | None
    ) -> list[Move]:
        """Tell of the moves on some of the issues, in two SQL statements."""
        lines = {
            (issue_id, party_id): run
            for (issue_id, party_id, _track), run in runs.items()
            if party_id is not None and party_id in self.told
        }
        old = cells(session, ids, sorted({party_id for _issue_id, party_id in lines}), self.before, user)
        return moves_of(lines, self.moved, old, {id_: self.ladder.names[id_] for id_ in ids}, self.told)

    def every_step(self, session: Session, user: User | None) -> Iterator[StatusStep]:
        """Tell of all steps, each with all that lies in between, batch by batch."""
        for ids in batches(self.ids, _AT_ONCE):
            yield from self.steps_on(session, ids, self._runs(session, ids, user))

    def every_move(self, session: Session, user: User | None) -> Iterator[Move]:
        """Tell of all moves, each with all that was said in between, batch by batch."""
        for ids in batches(self.ids, _AT_ONCE):
            yield from self.moves_on(session, ids, self._runs(session, ids, user), user)

    def _runs(self, session: Session, ids: Sequence[int], user: User | None) -> dict[Subject, Run]:
        return runs_between(session, self.before, self.after, ids, user, latest=EVERY)


def changed_between(
    session: Session,
    negotiation: Negotiation,
    since: date,
    view: View,
    parties: Sequence[Party] | None = None,
) -> Changed:
    """Find what changed between two days, in four SQL statements."""
    before = View(since, view.known_at)
    ladder = happened(session, negotiation, before, view)
    places = {party.id: place for place, party in enumerate(negotiation.parties)}
    chosen = parties or negotiation.parties
    told = {each.id: PartyLine(each.id, each.code, each.label, places[each.id]) for each in chosen}
    every = who_moved(session, negotiation, before, view)
    moved = {place: kind for place, kind in every.items() if place[1] in told}
    touched = ladder.touched
    slips = slips_between(session, negotiation, ladder, before, view)
    ids = _in_order(ladder, touched, slips, moved)
    return Changed(before, view, ladder, told, moved, touched, slips, ids)


def _in_order(
    ladder: Ladder, touched: Sequence[Ends], slips: Mapping[Subject, int], moved: Mapping[Place, MoveKind]
) -> list[int]:
    """Order the issues that changed: what slipped back, what did on the way, what was lost, others."""
    slipped, dropped, sidelined = (
        {ends.issue_id for ends in touched if ends.kind is kind}
        for kind in (Step.SLIPPED, Step.DROPPED, Step.SIDELINED)
    )
    first = (slipped, {subject[0] for subject in slips}, dropped, sidelined)
    ranks = {id_: place for place, ids in reversed([*enumerate(first)]) for id_ in ids}
    changed = {ends.issue_id for ends in touched} | {issue_id for issue_id, _party_id in moved}
    return sorted((id_ for id_ in ladder.names if id_ in changed), key=lambda id_: ranks.get(id_, len(first)))


def _on(issue_ids: Sequence[int], touched: Sequence[Ends]) -> list[Ends]:
    """Give what is touched of these issues, issue by issue in their order, the whole before the tracks."""
    place = {id_: number for number, id_ in enumerate(issue_ids)}
    here = [ends for ends in touched if ends.issue_id in place]
    return sorted(here, key=lambda ends: (place[ends.issue_id], ends.track_id or 0))
