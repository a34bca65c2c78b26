"""According to whom: the status that each party claims on each issue, beside the desk's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.models import Negotiation
from tracker.queries.claims import ClaimLine
from tracker.queries.issue_list import IssueLine
from tracker.queries.parties import PartyLine
from tracker.queries.state_of_play import PlayLine, StateOfPlay


@dataclass(frozen=True, slots=True)
class Claimed:
    """A party's latest claim on an issue and track. `differs`: from the desk's status there."""

    claim: ClaimLine
    differs: bool


@dataclass(frozen=True)
class ClaimRow:
    """What is claimed of an issue (None: of the whole talks). cells[i] belongs to columns[i]."""

    issue: IssueLine | None
    cells: Sequence[Sequence[Claimed]]


@dataclass(frozen=True)
class According:
    """What the parties claim, a column each: those who are there on the day, or claimed something."""

    columns: Sequence[PartyLine]
    talks: ClaimRow
    topics: Sequence[tuple[str, Sequence[ClaimRow]]]


def according(negotiation: Negotiation, play: StateOfPlay) -> According:
    """Set the claims of a state of play out by party; asks nothing of the database."""
    made = [*play.claims, *(claim for line in play.lines for claim in line.claims)]
    shown = {claim.party_code for claim in made} | {party.code for party in play.parties}
    columns = [
        PartyLine(party.id, party.code, party.label, index)
        for index, party in enumerate(negotiation.parties)
        if party.code in shown
    ]

    def cells(claims: Iterable[ClaimLine], differing: Sequence[int]) -> list[list[Claimed]]:
        found: dict[str, list[Claimed]] = {party.code: [] for party in columns}
        for claim in claims:
            found[claim.party_code].append(Claimed(claim, claim.id in differing))
        return [*found.values()]

    def row(line: PlayLine) -> ClaimRow:
        return ClaimRow(line.issue, cells(line.claims, line.differing))

    return According(
        columns=columns,
        talks=ClaimRow(None, cells(play.claims, ())),
        topics=[(topic, [row(line) for line in lines]) for topic, lines in play.topics],
    )
