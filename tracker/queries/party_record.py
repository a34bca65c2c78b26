"""The record of one party: what it wants everywhere, and where it moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Entry, Issue, Negotiation, Party, Position, User
from tracker.models.entry import counts, latest_first
from tracker.models.position import position_in_force
from tracker.models.vocabulary import Firmness, Movement, Stance, Standing
from tracker.queries.issue_list import IN_ORDER, IssueLine, issue_lines
from tracker.queries.paging import Paging, batches, paging
from tracker.queries.parties import PartyLine, blocs_on, parties_on
from tracker.queries.references import Reference, references

ENTRY = Entry.__table__.c
ISSUES_SHOWN = 100
MOVES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class PositionLine:
    """A position to print: a voice, a leak, or a line of any time."""

    references: Sequence[Reference]
    id: int
    party_id: int
    issue_id: int
    issue_key: str
    issue_title: str
    stance: Stance
    condition: str
    firmness: Firmness
    movement: Movement
    standing: Standing
    summary: str
    stated_by: str
    on: date
    on_words: str


@dataclass(frozen=True)
class HeldOnIssue:
    """What the party holds on one issue. `through`: the bloc that speaks for it where it has no line."""

    issue: IssueLine
    line: PositionLine | None
    through: tuple[PartyLine, PositionLine] | None
    voices: list[PositionLine]


@dataclass(frozen=True)
class PartyRecord:
    """A page of issues in their order, and the moves, newest first, restatements left out."""

    held: list[HeldOnIssue]
    paging: Paging
    moves: list[PositionLine]

    @property
    def stated(self) -> int:
        return sum(held.line is not None for held in self.held)


def party_record(
    session: Session, negotiation: Negotiation, party: Party, view: View, user: User | None, *, page: int = 1
) -> PartyRecord:
    """Gather what a party holds on each issue, in a fixed number of SQL statements."""
    query = select(Issue.id).where(Issue.negotiation_id == negotiation.id)
    shown = paging(session, query, page, ISSUES_SHOWN)
    ids = session.scalars(query.order_by(*IN_ORDER).limit(shown.size).offset(shown.offset)).all()
    held = _held_on(session, negotiation, party, ids, view, user)
    return PartyRecord(held, shown, party_moves(session, negotiation, party, view, user, MOVES_SHOWN))


def every_held(
    session: Session, negotiation: Negotiation, party: Party, view: View, user: User | None
) -> Iterator[HeldOnIssue]:
    """Tell what a party holds on every issue, in their order, batch by batch."""
    query = select(Issue.id).where(Issue.negotiation_id == negotiation.id)
    for ids in batches(session.scalars(query.order_by(*IN_ORDER)).all()):
        yield from _held_on(session, negotiation, party, ids, view, user)


def _held_on(
    session: Session,
    negotiation: Negotiation,
    party: Party,
    ids: Sequence[int],
    view: View,
    user: User | None,
) -> list[HeldOnIssue]:
    """Gather what a party holds on some issues, in a fixed number of SQL statements."""
    issues = issue_lines(session, negotiation, ids, view)
    parties = {each.id: each for each in parties_on(session, negotiation, view.day)}
    blocs = [
        parties[id_] for id_ in blocs_on(session, negotiation, view.day).get(party.id, ()) if id_ in parties
    ]
    here = and_(ENTRY.issue_id.in_(ids), ENTRY.kind == "position")
    speakers = [party.id, *(bloc.id for bloc in blocs)]
    in_force = position_in_force(ENTRY.issue_id, ENTRY.party_id, view.day, view.known_at)
    line_of = [here, ENTRY.party_id.in_(speakers), ENTRY.id == in_force.correlate(Entry.__table__)]
    found = _positions(session, negotiation, view, user, line_of)
    lines = {(each.issue_id, each.party_id): each for each in found}
    mine = and_(ENTRY.party_id == party.id, ENTRY.kind == "position")
    voice = [here, mine, Position.standing != Standing.LINE]
    voices = _positions(session, negotiation, view, user, voice)
    held = []
    for id_ in ids:
        line = lines.get((id_, party.id))
        through = None
        if line is None:
            through = next(((bloc, lines[id_, bloc.id]) for bloc in blocs if (id_, bloc.id) in lines), None)
        held.append(
            HeldOnIssue(issues[id_], line, through, [voice for voice in voices if voice.issue_id == id_])
        )
    return held


def party_moves(
    session: Session,
    negotiation: Negotiation,
    party: Party,
    view: View,
    user: User | None,
    limit: int | None = None,
) -> list[PositionLine]:
    """List the moves of a party, newest first, restatements left out, in two SQL statements."""
    moved = [
        ENTRY.party_id == party.id,
        ENTRY.kind == "position",
        Position.standing == Standing.LINE,
        Position.clause_id.is_(None),
        Position.movement != Movement.RESTATED,
    ]
    return _positions(session, negotiation, view, user, moved, limit)


def _positions(
    session: Session,
    negotiation: Negotiation,
    view: View,
    user: User | None,
    conditions: Sequence[ColumnElement[bool]],
    limit: int | None = None,
) -> list[PositionLine]:
    """Load positions that count, newest first, in two SQL statements."""
    position = Position.__table__
    columns: list[Any] = [
        ENTRY.id,
        ENTRY.party_id,
        Issue.id.label("issue_id"),
        Issue.number,
        Issue.title,
        position.c.stance,
        position.c.condition,
        position.c.firmness,
        position.c.movement,
        position.c.standing,
        position.c.summary,
        position.c.stated_by,
        ENTRY.effective_on,
        ENTRY.effective_words,
    ]
    query = (
        select(*columns)
        .select_from(position)
        .join(Entry.__table__, ENTRY.id == position.c.id)
        .join(Issue, Issue.id == ENTRY.issue_id)
        .where(*conditions, counts(ENTRY, view.day, view.known_at))
        .order_by(*latest_first(ENTRY))
        .limit(limit)
    )
    rows = session.execute(query).all()
    cited = references(session, (row.id for row in rows), user, view.known_at)
    found = []
    for id_, party_id, issue_id, number, *held in rows:
        key = f"{negotiation.code}-{number}"
        found.append(PositionLine(cited[id_], id_, party_id, issue_id, key, *held))
    return found
