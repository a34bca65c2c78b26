"""Columns: parties and tabled texts in the order asked for, blocs with their members folded in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from sqlalchemy.orm import Session

from tracker.dates import lasts
from tracker.models import Negotiation, Party
from tracker.models.vocabulary import PartyKind
from tracker.queries.clauses import ProposalLine
from tracker.queries.parties import Blocs, blocs_on

#: What the reader names as a column. No two have the same code: a party's begins with a letter.
Named: TypeAlias = Party | ProposalLine


@dataclass(frozen=True)
class Column:
    """What a column shows: `kind` is "party" or "proposal". `index`: a party's place in the column order.

    `code`: a party's, or the id of a proposal. `members`: the codes of a bloc's members on the day;
    `is_folded`: they stand in this column. `is_there`: a party takes part on the day.
    """

    kind: str
    code: str
    name: str
    label: str
    index: int | None = None
    members: Sequence[str] = ()
    is_folded: bool = False
    is_there: bool = True
    proposal: ProposalLine | None = None

    @property
    def swatch(self) -> int | None:
        """Which of the twelve colours it has; a proposal has none."""
        return None if self.index is None else self.index % 12


@dataclass(frozen=True)
class Columns:
    """What stands in the columns. `members`: of each bloc that has any; `folds`: of those folded.

    `through`: the ids of the blocs that a party may be spoken for by, by the party's id.
    """

    shown: Sequence[Named]
    members: Mapping[str, Sequence[Party]]
    folds: Mapping[str, Sequence[Party]]
    through: Mapping[int, Sequence[int]]
    day: date

    @property
    def parties(self) -> list[Party]:
        return [column for column in self.shown if isinstance(column, Party)]

    @property
    def proposals(self) -> list[ProposalLine]:
        return [column for column in self.shown if isinstance(column, ProposalLine)]

    @property
    def compared(self) -> set[int]:
        """The parties whose lines are set side by side, members folded in among them."""
        return {party.id for party in self.parties}.union(
            *({party.id for party in members} for members in self.folds.values())
        )

    def heads(self, negotiation: Negotiation) -> list[Column]:
        """Say what stands at the head of each column."""
        places = {party.id: index for index, party in enumerate(negotiation.parties)}
        return [self._head(column, places) for column in self.shown]

    def _head(self, column: Named, places: Mapping[int, int]) -> Column:
        if isinstance(column, ProposalLine):
            return Column("proposal", column.code, column.title, column.title, proposal=column)
        members = [party.code for party in self.members.get(column.code, ())]
        is_folded = column.code in self.folds
        return Column(
            "party",
            column.code,
            column.name,
            column.label,
            places[column.id],
            members,
            is_folded,
            is_there=lasts(column.from_on, column.until_on, self.day),
        )


def arrange(
    session: Session, negotiation: Negotiation, columns: Sequence[Named], folds: Collection[str], day: date
) -> Columns:
    """Fold the members of blocs into the blocs' columns, in one SQL statement.

    A code that names no bloc with members on the day folds nothing.
    """
    blocs = blocs_on(session, negotiation, day)
    members = _members(negotiation.parties, blocs)
    folded = {code: members[code] for code in folds if code in members}
    shown = _folded(columns, {party.code: party for party in negotiation.parties}, folded)
    ids = [column.id for column in shown if isinstance(column, Party)]
    return Columns(shown, members, folded, {id_: blocs[id_] for id_ in ids if id_ in blocs}, day)


def _members(parties: Sequence[Party], blocs: Blocs) -> dict[str, list[Party]]:
    """List the members of each bloc that has any, by the bloc's code, in column order."""
    codes = {party.id: party.code for party in parties if party.kind is PartyKind.BLOC}
    found: dict[str, list[Party]] = {}
    for party in parties:
        for bloc_id in blocs.get(party.id, ()):
            if bloc_id in codes:
                found.setdefault(codes[bloc_id], []).append(party)
    return found


def _folded(
    columns: Sequence[Named], parties: Mapping[str, Party], folds: Mapping[str, Sequence[Party]]
) -> list[Named]:
    """Take the members of folded blocs out of a row of columns.

    A bloc that was not named takes the place of its first member. A folded bloc keeps its own column,
    though it be a member of another.
    """
    named = {column.code for column in columns}
    shown: dict[str, Named] = {}
    for column in columns:
        homes = [code for code, members in folds.items() if column in members]
        if not homes or column.code in folds:
            shown[column.code] = column
        shown |= {code: parties[code] for code in homes if code not in named}
    return [*({code: parties[code] for code in folds if code not in shown} | shown).values()]
