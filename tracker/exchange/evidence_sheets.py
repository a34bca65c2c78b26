"""Evidence on its way out: entries with how many independent sources they rest on, and how firmly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from tracker.exchange.citations import Sources
from tracker.exchange.entry_cells import ABOUT, SIGNED, EntryCells
from tracker.exchange.history_sheets import KIND
from tracker.exchange.sheets import Cells, Column, Sheet, spoken
from tracker.exchange.tongue import Tongue
from tracker.models.refused import N_
from tracker.queries.evidence import Founded
from tracker.queries.speaking import Spoken

_FOUNDED = (
    KIND,
    Column("independent", N_("Independent sources"), 12),
    Column("grade", N_("Best grade"), 10),
    Column("spoken", N_("What other entries say of it"), 40, is_long=True),
)


def founded_sheet(
    found: Iterable[Founded], code: str, speech: Tongue, sources: Sources, signer: Callable[[str], str]
) -> Sheet:
    """Give a row for each entry."""
    names = ("status", "stance", "standing", "summary", "reason", "share", "words")
    entry = EntryCells(code, speech, sources, signer, *ABOUT, *names, *SIGNED)
    columns = spoken(_FOUNDED, speech.say)

    def words(spoken: Sequence[Spoken]) -> str:
        told = (f"{speech.say(each.label)} {each.other}" for each in spoken)
        return "; ".join(told)

    def rows() -> Iterator[Cells]:
        for each in found:
            grade = each.best.code if each.best and each.best.is_judged else None
            about = [each.entry.kind, each.independent, grade, words(each.spoken)]
            yield [*about, *entry(each.entry)]

    return Sheet("evidence", speech.say(N_("Evidence")), [*columns, *entry.columns], rows())
