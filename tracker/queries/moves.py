"""Moves: who said something new between two days, and whether it was a move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from tracker.dates import View
from tracker.models import Entry, Negotiation, Position
from tracker.models.entry import comes_before, counts, standing
from tracker.models.position import is_line
from tracker.models.refused import N_
from tracker.models.vocabulary import Firmness, Movement, Stance, Word
from tracker.queries.asking import At, asked_between, one
from tracker.queries.cells import Cell, Place
from tracker.queries.entries import EntryLine
from tracker.queries.ladder import IssueName
from tracker.queries.parties import PartyLine
from tracker.queries.runs import Run
from tracker.text import Change, word_changes

ENTRY, POSITION = Entry.__table__.c, Position.__table__.c


class MoveKind(Word):
    """What a party did on an issue between two days, the most that it did."""

    RESTATED = "restated", N_("Restated")
    CLARIFIED = "clarified", N_("Clarified")
    FIRST = "first", N_("First statement")
    MOVED = "moved", N_("Moved")


#: By the rank that the statement gives.
_KINDS = [*MoveKind]


@dataclass(frozen=True)
class Said:
    """A line stated between two days, and what was the line before it. `words`: empty where none differs."""

    entry: EntryLine
    stance_before: Stance | None
    firmness_before: Firmness | None
    value_before: float | None
    words: Sequence[Change]


@dataclass(frozen=True)
class Move:
    """What a party said on an issue between two days, oldest first. `before`: its line at the earlier.

    `earlier`: how often it spoke between the two before what is in `said`.
    """

    issue: IssueName
    party: PartyLine
    kind: MoveKind
    before: Cell | None
    said: Sequence[Said]
    earlier: int

    @property
    def after(self) -> EntryLine:
        """The line at the second day."""
        return self.said[-1].entry

    @property
    def way(self) -> list[EntryLine]:
        """The lines between the two ends; where there was none before, the first is an end. None repeats."""
        between = self.said[0 if self.before else 1 : -1]
        return [said.entry for said in between if said.entry.movement is not Movement.RESTATED]


@dataclass(slots=True)
class Tally:
    """On how many issues a party moved, spoke for the first time, clarified, or only repeated its line."""

    party: PartyLine
    moved: int = 0
    first: int = 0
    clarified: int = 0
    restated: int = 0

    @property
    def is_silent(self) -> bool:
        """Whether nothing it said was recorded."""
        return not (self.moved or self.first or self.clarified or self.restated)


def who_moved(session: Session, negotiation: Negotiation, before: View, after: View) -> dict[Place, MoveKind]:
    """Tell what each party did on each issue between two days, in one SQL statement."""
    rows = _ranked(session, before, after, negotiation=negotiation.id)
    return {(issue_id, party_id): _KINDS[rank] for issue_id, party_id, rank in rows}


def tallies(moves: Mapping[Place, MoveKind], parties: Sequence[PartyLine]) -> list[Tally]:
    """Count for each party on how many issues it did what."""
    found = {party.id: Tally(party) for party in parties}
    for (_issue_id, party_id), kind in moves.items():
        tally = found.get(party_id)
        if tally:
            setattr(tally, kind.value, getattr(tally, kind.value) + 1)
    return [*found.values()]


@asked_between
def _ranked(before: At, after: At) -> Select[Any]:
    """Rank what was said as _KINDS does. What nobody judged is a move, if there was a line to move from."""
    older, other = aliased(Entry.__table__).c, aliased(Position.__table__).c
    earlier = (
        select(older.id)
        .join(other.id.table, other.id == older.id)
        .where(older.issue_id == ENTRY.issue_id, older.kind == "position", older.party_id == ENTRY.party_id)
        .where(comes_before(older, ENTRY), is_line(other), *standing(older, after.known_at))
        .correlate(Entry.__table__)
        .exists()
    )
    rank = case(
        (and_(POSITION.movement == Movement.UNJUDGED, ~earlier), 2),
        (POSITION.movement.in_([movement for movement in Movement if movement.is_move]), 3),
        (POSITION.movement == Movement.FIRST, 2),
        (POSITION.movement == Movement.CLARIFIED, 1),
        else_=0,
    )
    return (
        select(ENTRY.issue_id, ENTRY.party_id, func.max(rank))
        .join(Position.__table__, POSITION.id == ENTRY.id)
        .where(ENTRY.negotiation_id == one("negotiation"), ENTRY.kind == "position", is_line(POSITION))
        .where(ENTRY.effective_on > before.day, counts(ENTRY, after.day, after.known_at))
        .group_by(ENTRY.issue_id, ENTRY.party_id)
    )


def moves_of(
    runs: Mapping[Place, Run],
    kinds: Mapping[Place, MoveKind],
    before: Mapping[Place, Cell],
    names: Mapping[int, IssueName],
    parties: Mapping[int, PartyLine],
) -> list[Move]:
    """Put together what was said on these issues, oldest first, by issue and party, in their orders."""
    order = {id_: number for number, id_ in enumerate(names)}
    found = []
    for place in sorted(runs, key=lambda place: (order[place[0]], parties[place[1]].index)):
        name, party, line, run = names[place[0]], parties[place[1]], before.get(place), runs[place]
        found.append(Move(name, party, kinds[place], line, _chain(run.previous or line, run), run.earlier))
    return found


def _chain(before: Cell | EntryLine | None, run: Run) -> list[Said]:
    olds = [before, *run.entries]
    return [_said(entry, old) for entry, old in zip(run.entries, olds, strict=False)]


def _said(entry: EntryLine, old: Cell | EntryLine | None) -> Said:
    if old is None:
        return Said(entry, None, None, None, [])
    words = word_changes(old.summary or "", entry.summary or "")
    return Said(entry, old.stance, old.firmness, old.value, words)
