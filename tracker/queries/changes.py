"""Changes between two days: what slipped back, who moved, and what is new; the later day included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Negotiation, Party, User
from tracker.models.step import Step
from tracker.queries.cells import Place, cells
from tracker.queries.ladder import Ends, Flow, IssueName, Ladder, happened
from tracker.queries.moves import Move, MoveKind, Tally, moves_of, tallies, who_moved
from tracker.queries.novelties import Novelties, novelties
from tracker.queries.paging import Paging
from tracker.queries.parties import PartyLine
from tracker.queries.runs import Run, Subject, runs_between
from tracker.queries.steps import ORDER, StatusStep, slips_between, steps_of


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
    before = View(since, view.known_at)
    ladder = happened(session, negotiation, before, view)
    places = {party.id: place for place, party in enumerate(negotiation.parties)}
    told = [PartyLine(p.id, p.code, p.label, places[p.id]) for p in parties or negotiation.parties]
    told_ids = {party.id for party in told}
    moved = {
        place: kind
        for place, kind in who_moved(session, negotiation, before, view).items()
        if place[1] in told_ids
    }
    touched = ladder.touched
    slips = slips_between(session, negotiation, ladder, before, view)
    ids = _in_order(ladder, touched, slips, moved)
    shown = Paging(page, len(ids))
    here = ids[shown.offset : shown.offset + shown.size]
    runs = runs_between(session, before, view, here, user)
    kinds = Counter(ends.kind for ends in touched)
    return Changes(
        since=since,
        until=view.day,
        counts=[(kind, kinds[kind]) for kind in ORDER if kinds[kind]],
        on_the_way=sum(ends.kind is not Step.SLIPPED and ends.subject in slips for ends in touched),
        tallies=tallies(moved, told),
        flow=ladder.flow(),
        steps=steps_of(session, ladder, _on(here, touched), runs),
        moves=_moves(session, before, here, runs, moved, ladder.names, told, user),
        novelties=novelties(session, negotiation, since, view, user),
        issues=len(ladder.names),
        paging=shown,
    )


def _in_order(
    ladder: Ladder, touched: Sequence[Ends], slips: Mapping[Subject, int], moved: Mapping[Place, MoveKind]
) -> list[int]:
    """Order the issues that changed: those that slipped back, then those that did on the way, then others."""
    ranks = dict.fromkeys((subject[0] for subject in slips), 1)
    ranks |= dict.fromkeys((ends.issue_id for ends in touched if ends.kind is Step.SLIPPED), 0)
    changed = {ends.issue_id for ends in touched} | {issue_id for issue_id, _party_id in moved}
    return sorted((id_ for id_ in ladder.names if id_ in changed), key=lambda id_: ranks.get(id_, 2))


def _on(issue_ids: Sequence[int], touched: Sequence[Ends]) -> list[Ends]:
    """Give what is touched of these issues, issue by issue in their order, the whole before the tracks."""
    place = {id_: number for number, id_ in enumerate(issue_ids)}
    here = [ends for ends in touched if ends.issue_id in place]
    return sorted(here, key=lambda ends: (place[ends.issue_id], ends.track_id or 0))


def _moves(
    session: Session,
    before: View,
    issue_ids: Sequence[int],
    runs: Mapping[Subject, Run],
    moved: Mapping[Place, MoveKind],
    names: Mapping[int, IssueName],
    parties: Sequence[PartyLine],
    user: User | None,
) -> list[Move]:
    by_id = {party.id: party for party in parties}
    lines = {
        (issue_id, party_id): run
        for (issue_id, party_id, _track), run in runs.items()
        if party_id is not None and party_id in by_id
    }
    old = cells(session, issue_ids, sorted({party_id for _issue_id, party_id in lines}), before, user)
    return moves_of(lines, moved, old, {id_: names[id_] for id_ in issue_ids}, by_id)
