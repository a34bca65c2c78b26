"""A party on its way out: what it holds on each issue, its moves, and what it claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.exchange.citations import Sources
from tracker.exchange.entry_cells import COLUMNS, columns_of, renamed
from tracker.exchange.sheets import Cells, Column, Sheet
from tracker.exchange.tongue import Tongue
from tracker.models.refused import N_
from tracker.models.vocabulary import Word
from tracker.queries.party_record import HeldOnIssue, PositionLine


class Whose(Word):
    """Whose line stands in a row for a party on an issue."""

    OWN = "own", N_("Its own")
    BLOC = "bloc", N_("Not stated; through its bloc")
    NOBODY = "nobody", N_("Not stated")
    VOICE = "voice", N_("Another voice")


_POSITION = (
    COLUMNS["effective_on"],
    COLUMNS["effective_words"],
    COLUMNS["stance"],
    COLUMNS["standing"],
    COLUMNS["movement"],
    COLUMNS["firmness"],
    COLUMNS["summary"],
    COLUMNS["condition"],
    COLUMNS["stated_by"],
    COLUMNS["citations"],
)
_ISSUE = (COLUMNS["issue"], COLUMNS["title"])
_HELD = (
    *_ISSUE,
    renamed("issue_status", N_("Status of the issue"), COLUMNS["status"]),
    Column("whose", N_("Whose line"), 18, words=Whose),
    Column("through", N_("Through the bloc"), 16),
    *_POSITION,
)


@dataclass(frozen=True)
class PartySheets:
    """Writes the record of a party."""

    speech: Tongue
    sources: Sources

    def positions(self, held: Iterable[HeldOnIssue]) -> Sheet:
        """Give a row for each issue, and after it one for each other voice of the party on it.

        Where the party has no line, that of the bloc which speaks for it.
        """

        def rows() -> Iterator[Cells]:
            for each in held:
                status = each.issue.status and each.issue.status.status
                about = [each.issue.key, each.issue.title, status]
                bloc, line = each.through or (None, None)
                whose = Whose.OWN if each.line else Whose.BLOC if line else Whose.NOBODY
                yield [*about, whose, bloc and bloc.label, *self._position(each.line or line)]
                for voice in each.voices:
                    yield [*about, Whose.VOICE, None, *self._position(voice)]

        return self._sheet("positions", N_("What it wants"), _HELD, rows())

    def moves(self, moves: Iterable[PositionLine]) -> Sheet:
        """Give a row for each move."""
        rows = ([move.issue_key, move.issue_title, *self._position(move)] for move in moves)
        return self._sheet("moves", N_("How its line developed"), (*_ISSUE, *_POSITION), rows)

    def _sheet(self, name: str, title: str, columns: Sequence[Column], rows: Iterable[Cells]) -> Sheet:
        return Sheet(name, self.speech.say(title), columns_of(self.speech, self.sources, *columns), rows)

    def _position(self, line: PositionLine | None) -> Sequence[Any]:
        if line is None:
            return (None,) * len(_POSITION)
        return (
            line.on,
            line.on_words,
            line.stance,
            line.standing,
            line.movement,
            line.firmness,
            line.summary,
            line.condition,
            line.stated_by,
            self.sources.cited(line.references),
        )
