"""Sources on their way out, without their stored texts: a list of them, and what rests on one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tracker.exchange.citations import SOURCES
from tracker.exchange.entry_cells import COLUMNS
from tracker.exchange.history_sheets import KIND
from tracker.exchange.sheets import Cells, Column, Say, Sheet, spoken
from tracker.models.link_check import LinkState
from tracker.models.refused import N_
from tracker.models.vocabulary import Handling, SourceKind
from tracker.queries.resting import Resting, Rests
from tracker.queries.sources import SourceRow

#: What else is told of a source by itself.
FILED = (
    Column("kind", N_("Kind"), 18, words=SourceKind),
    Column("handling", N_("Handling"), 16, words=Handling),
    Column("origin", N_("Taken over from"), 20),
    Column("authors", N_("Authors"), 24, is_long=True, said=", ".join),
    Column("accessed_on", N_("Read on"), 12),
    Column("archived_url", N_("Copy in an archive"), 40),
)
_SOURCES = (
    *SOURCES,
    *FILED,
    Column("link", N_("Link"), 12, words=LinkState),
    Column("filed_under", N_("Filed under"), 16, said=", ".join),
    Column("entries", N_("Entries"), 10),
)
_RESTING = (
    Column("number", N_("Number"), 8),
    KIND,
    COLUMNS["issue"],
    COLUMNS["title"],
    COLUMNS["track"],
    COLUMNS["party_name"],
    COLUMNS["status"],
    COLUMNS["stance"],
    COLUMNS["standing"],
    Column("says", N_("What it says"), 50, is_long=True),
    COLUMNS["share"],
    COLUMNS["effective_on"],
    COLUMNS["effective_words"],
    Column("quote", N_("Quote"), 60, is_long=True),
    Column("translation", N_("Translation"), 60, is_long=True),
    Column("locator", N_("Place in the text"), 16),
    Column("is_checked", N_("Quote found in the text"), 12),
    COLUMNS["recorded_at"],
    COLUMNS["recorded_by"],
    COLUMNS["withdrawn_at"],
    COLUMNS["withdrawn_by"],
    COLUMNS["withdrawn_for"],
    Column("source_id", N_("Source or copy"), 10),
    Column("uid", N_("Entry or event"), 38),
)


def sources_sheet(found: Iterable[SourceRow], say: Say) -> Sheet:
    """Give a row for each source."""
    names = [column.name for column in _SOURCES]

    def rows() -> Iterator[Cells]:
        for row in found:
            codes = [negotiation.code for negotiation in row.filed_under]
            yield [codes if name == "filed_under" else getattr(row, name) for name in names]

    return Sheet("sources", say(N_("Sources")), spoken(_SOURCES, say), rows())


def resting_sheet(found: Rests, say: Say, signer: Callable[[str], str]) -> Sheet:
    """Give a row for each citation of a source, withdrawn ones in their places."""
    rows = (_resting(each, signer) for each in found.rows)
    return Sheet("resting", say(N_("What rests on it")), spoken(_RESTING, say), rows)


def _resting(each: Resting, signer: Callable[[str], str]) -> Cells:
    told = {column.name: getattr(each, column.name, None) for column in _RESTING}
    told["issue"] = f"{each.code}-{each.issue}" if each.issue else each.code
    told |= {"title": each.issue_title, "party_name": each.party}
    told["recorded_by"] = signer(each.recorded_by)
    told |= {"withdrawn_at": each.gone_at, "withdrawn_for": each.gone_reason}
    told["withdrawn_by"] = each.gone_by and signer(each.gone_by)
    told["is_checked"] = each.is_checked if each.quote else None
    return [*told.values()]
