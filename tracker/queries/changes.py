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
from tracker.queries.moves import Move, MoveKind, Tally, moves_of, tallies, who_moved
from tracker.queries.novelties import Novelties, novelties
from tracker.queries.paging import Paging
from tracker.queries.parties import PartyLine
from tracker.queries.runs import LATEST, Run, Subject, runs_between
from tracker.queries.steps import ORDER, Ends, Flow, IssueName, Ladder, StatusStep, happened, steps_of


@dataclass(frozen=True)
class Changes:
    """What changed after `since`, up to and with `until`.

    Steps, moves and `page` are of one page of the issues on which something changed, those that slipped
    back first; counts, tallies and flow are of all. `novelties`: the first of each kind.
    """

    since: date
    until: date
    counts: Sequence[tuple[Step | None, int]]
    tallies: Sequence[Tally]
    flow: Sequence[Flow]
    steps: Sequence[StatusStep]
    moves: Sequence[Move]
    novelties: Novelties
    issues: int
    paging: Paging

    @property
    def slipped(self) -> list[StatusStep]:
        return [each for each in self.steps if each.kind is Step.SLIPPED]

    @property
    def by_kind(self) -> list[tuple[Step | None, list[StatusStep]]]:
        """Give the other steps of this page, kind by kind."""
        found = [(kind, [each for each in self.steps if each.kind is kind]) for kind in ORDER]
        return [(kind, steps) for kind, steps in found if steps and kind is not Step.SLIPPED]


def changes(
    session: Session,
    negotiation: Negotiation,
    since: date,
    view: View,
    user: User | None,
    *,
    parties: Sequence[Party] | None = None,
    page: int = 1,
    latest: int | None = LATEST,
) -> Changes:
    """Tell what changed between two days, read as known at one moment, in a fixed number of SQL statements.

    `view`: of the later day. `parties`: whose moves are told; None: everybody's. `latest`: so many entries
    of each status and line; None: all of them.
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
    ids = _in_order(ladder, touched, moved)
    shown = Paging(page, len(ids))
    here = ids[shown.offset : shown.offset + shown.size]
    runs = runs_between(session, before, view, here, user, latest)
    kinds = Counter(ends.kind for ends in touched)
    return Changes(
        since=since,
        until=view.day,
        counts=[(kind, kinds[kind]) for kind in ORDER if kinds[kind]],
        tallies=tallies(moved, told),
        flow=ladder.flow(),
        steps=steps_of(session, ladder, _on(here, touched), runs),
        moves=_moves(session, before, here, runs, moved, ladder.names, told, user),
        novelties=novelties(session, negotiation, since, view, user),
        issues=len(ladder.names),
        paging=shown,
    )


def _in_order(ladder: Ladder, touched: Sequence[Ends], moved: Mapping[Place, MoveKind]) -> list[int]:
    """Order the issues on which something changed: those that slipped back first, else in their own order."""
    slipped = {ends.issue_id for ends in touched if ends.kind is Step.SLIPPED}
    changed = {ends.issue_id for ends in touched} | {issue_id for issue_id, _party_id in moved}
    return sorted((id_ for id_ in ladder.names if id_ in changed), key=lambda id_: id_ not in slipped)


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
