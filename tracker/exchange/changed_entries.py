"""Changes in one table: each entry that changed something, with what it changed, as CSV holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tracker.exchange.citations import Sources
from tracker.exchange.entry_cells import LINE, SIGNED, STATUS, EntryCells, columns_of
from tracker.exchange.history_sheets import KIND
from tracker.exchange.sheets import Cells, Column, Sheet
from tracker.exchange.tongue import Tongue
from tracker.models.refused import N_
from tracker.models.vocabulary import Word
from tracker.queries.entries import EntryLine
from tracker.queries.moves import Move
from tracker.queries.steps import StatusStep

#: What an entry is about and says, whatever its kind.
FACTS = ("issue", "title", "track", "party", "party_name", *STATUS, *LINE, "share", "words")
_CHANGE = (KIND, Column("change", N_("Change"), 18), Column("before", N_("Before"), 20))


def changed_entries(
    code: str,
    speech: Tongue,
    sources: Sources,
    signer: Callable[[str], str],
    changes: tuple[Iterable[StatusStep], Iterable[Move], Iterable[EntryLine]],
) -> Sheet:
    """Give the status changes of steps, then the lines of moves, then claims."""
    steps, moves, claims = changes
    cells = EntryCells(code, speech, sources, signer, *FACTS, *SIGNED)

    def row(entry: EntryLine, change: Word | None, before: Word | None) -> Cells:
        return [entry.kind, label(change), label(before), *cells(entry)]

    def label(word: Word | None) -> str | None:
        return word and speech.say(word.label)

    def rows() -> Iterator[Cells]:
        for step in steps:
            status = step.before.status if step.before else None
            for taken in step.changes:
                yield row(taken.entry, taken.kind, status)
                status = taken.entry.status
        for move in moves:
            for said in move.said:
                yield row(said.entry, move.kind, said.stance_before)
        for claim in claims:
            yield row(claim, None, None)

    columns = [*columns_of(speech, sources, *_CHANGE), *cells.columns]
    return Sheet("changes", speech.say(N_("All changes")), columns, rows())
