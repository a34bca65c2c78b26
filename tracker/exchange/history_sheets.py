"""Histories on their way out: a row for each entry, and one for each citation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import Any, TypeAlias

from tracker.exchange.citations import CITATIONS, SOURCES, Citation, Sources
from tracker.exchange.sheets import Cells, Column, Sheet, spoken
from tracker.exchange.tongue import Tongue
from tracker.models.refused import N_
from tracker.models.step import Step, step
from tracker.models.vocabulary import (
    Credibility,
    DayBasis,
    Directness,
    Firmness,
    Level,
    Movement,
    Stance,
    Standing,
    Status,
    Translator,
)
from tracker.queries.cited import CitedKind
from tracker.queries.histories import History
from tracker.queries.history_kinds import CLAIMS, POSITIONS, STATUS_CHANGES, HistoryFilters, Kind
from tracker.queries.paging import batches

ISSUE = (
    Column("issue", N_("Issue"), 10),
    Column("title", N_("Title"), 30, is_long=True),
    Column("topic", N_("Topic"), 14),
)
PARTY = (Column("party", N_("Code"), 8), Column("party_name", N_("Party"), 16))
ENTRY = (
    Column("effective_on", N_("Effective on"), 12),
    Column("effective_words", N_("Day, in words"), 16),
    Column("day_basis", N_("How the day is known"), 22, words=DayBasis),
    Column("event", N_("Event"), 24),
    Column("recorded_at", N_("Recorded at (UTC)"), 20),
    Column("recorded_by", N_("Recorded by"), 16),
    Column("first_recorded_at", N_("First recorded at (UTC)"), 20),
    Column("withdrawn_at", N_("Withdrawn at (UTC)"), 20),
    Column("withdrawn_by", N_("Withdrawn by"), 16),
    Column("withdrawn_for", N_("Why it was withdrawn"), 30, is_long=True),
    Column("replaced_by", N_("Replaced by"), 38),
    Column("uid", N_("Entry"), 38),
    CITATIONS,
)
COLUMNS: Mapping[str, Sequence[Column]] = {
    "status_change": (
        *ISSUE,
        Column("track", N_("Track"), 20),
        Column("step", N_("Step"), 14, words=Step),
        Column("status_before", N_("Status before"), 20, words=Status),
        Column("status", N_("Status"), 20, words=Status),
        Column("level", N_("Level"), 16, words=Level),
        Column("agreed_between", N_("Between whom"), 20),
        Column("subject_to", N_("Subject to"), 24, is_long=True),
        Column("reason", N_("Why"), 50, is_long=True),
        *ENTRY,
    ),
    "position": (
        *ISSUE,
        *PARTY,
        Column("clause", N_("Clause"), 8),
        Column("proposal", N_("Proposal"), 20),
        Column("standing", N_("Standing"), 18, words=Standing),
        Column("movement", N_("Movement"), 16, words=Movement),
        Column("stance_before", N_("Stance before"), 20, words=Stance),
        Column("stance", N_("Stance"), 20, words=Stance),
        Column("firmness", N_("Firmness"), 18, words=Firmness),
        Column("condition", N_("Condition"), 30, is_long=True),
        Column("summary", N_("Summary"), 60, is_long=True),
        Column("value", N_("Value"), 10),
        Column("unit", N_("Unit"), 12),
        Column("stated_by", N_("Stated by"), 20),
        *ENTRY,
    ),
    "claim": (
        *ISSUE,
        *PARTY,
        Column("track", N_("Track"), 20),
        Column("stated_by", N_("Stated by"), 20),
        Column("status", N_("Status"), 20, words=Status),
        Column("share", N_("Share, per cent"), 10),
        Column("between", N_("Between whom"), 20),
        Column("words", N_("Words"), 50, is_long=True),
        *ENTRY,
    ),
}
KIND = Column("kind", N_("Kind"), 14, words=CitedKind)
NAMES: Mapping[str, tuple[str, str]] = {
    "status_change": ("status_changes", N_("Status changes")),
    "position": ("positions", N_("Positions")),
    "claim": ("claims", N_("Claims")),
}
CITED = (
    KIND,
    Column("entry", N_("Entry"), 38),
    Column("issue", N_("Issue"), 10),
    *SOURCES,
    Column("copy", N_("From the copy"), 10),
    Column("quote", N_("Quote"), 60, is_long=True),
    Column("is_checked", N_("Found in the text"), 10),
    Column("translation", N_("Translation"), 60, is_long=True),
    Column("translated_by", N_("Translated by"), 20, words=Translator),
    Column("locator", N_("Place"), 14),
    Column("credibility", N_("Credibility"), 28, words=Credibility),
    Column("directness", N_("Directness"), 18, words=Directness),
    Column("recorded_at", N_("Recorded at (UTC)"), 20),
    Column("recorded_by", N_("Recorded by"), 16),
    Column("withdrawn_at", N_("Withdrawn at (UTC)"), 20),
    Column("withdrawn_by", N_("Withdrawn by"), 16),
    Column("withdrawn_for", N_("Why it was withdrawn"), 30, is_long=True),
    Column("uid", N_("Citation"), 38),
)


#: The values of so many rows, column by column.
Columns: TypeAlias = Sequence[Iterable[Any]]
#: Every entry.
ALL = HistoryFilters()


class Histories:
    """Writes entries and their citations. `signer`: how who recorded something is named."""

    def __init__(
        self, history: History, speech: Tongue, sources: Sources, signer: Callable[[str], str]
    ) -> None:
        self.history, self.speech, self.sources = history, speech, sources
        self.signer = lru_cache(256)(lambda name: name and signer(name))

    def sheet(self, kind: Kind, filters: HistoryFilters = ALL) -> Sheet:
        """Give the entries of a kind, oldest first."""
        named = self.speech.named
        name, title = NAMES[kind.name]
        columns = spoken(
            COLUMNS[kind.name],
            self.speech.say,
            citations=self.sources.words,
            agreed_between=named,
            between=named,
        )
        return Sheet(name, self.speech.say(title), columns, self._rows(kind, filters))

    def _rows(self, kind: Kind, filters: HistoryFilters) -> Iterator[Cells]:
        """Put rows together column by column, which takes a fraction of the time."""
        ids, before = self.history.order(kind, filters)
        own = _OWN[kind.name]
        for rows in self.history.rows(kind, ids):
            columns = [*zip(*rows, strict=True)]
            told = own(self.history, columns, before)
            yield from zip(*told, *self._common(columns), self._cited(columns[0]), strict=True)

    def _common(self, columns: Columns) -> Iterable[Iterable[Any]]:
        uid, _issue, _party, _track, event, on, words, basis, at, by, first = columns[1:12]
        gone_at, gone_by, gone_for, replaced_by = columns[12:16]
        signed = (at, map(self.signer, by), first, gone_at, map(self.signer, gone_by), gone_for, replaced_by)
        return (on, words, basis, map(self.history.events.get, event), *signed, uid)

    def _cited(self, ids: Sequence[int]) -> Iterator[list[Citation]]:
        """Give what entries rest on, but for what was withdrawn."""
        found = self.history.cited(ids)
        self._load(row for rows in found.values() for row in rows)
        return ([self._citation(row) for row in found[id_] if row[11] is None] for id_ in ids)

    def _load(self, rows: Iterable[Any]) -> None:
        """Read the sources that were not named before, as far as the reader may see them."""
        seen = self.sources.named
        new = {row[14] for row in rows if row[14] not in seen and not self.history.is_withheld(row[15])}
        for source in self.history.sources([*new]) if new else ():
            seen[source["id"]] = source

    def _citation(self, row: Any) -> Citation:
        if self.history.is_withheld(row[15]):
            return self.sources.whole(None) | {"uid": row[1], "credibility": row[6], "directness": row[7]}
        return {
            "uid": row[1],
            "source": self.sources.named[row[14]],
            "quote": row[2],
            "translation": row[3],
            "translated_by": row[4],
            "locator": row[5],
            "credibility": row[6],
            "directness": row[7],
            "is_checked": row[8] is not None,
            "copy": row[16],
        }

    def citations(
        self, kinds: Sequence[Kind], filters: HistoryFilters = ALL, *, with_events: bool = False
    ) -> Sheet:
        """Give the citations of entries, one in a row, withdrawn ones among them."""
        say = self.speech.say
        rows = chain.from_iterable(self._citations(kind, filters) for kind in kinds)
        if with_events:
            rows = chain(rows, self._of_events())
        return Sheet("citations", say(N_("Citations")), spoken(CITED, say), rows)

    def _citations(self, kind: Kind, filters: HistoryFilters) -> Iterator[Cells]:
        ids = self.history.ids(kind, filters)
        keys = self.history.issues[0]
        for rows in self.history.rows(kind, ids):
            named = {row[0]: (kind.name, row[1], keys.get(row[2])) for row in rows}
            yield from self._under(named, self.history.cited([*named]))

    def _of_events(self) -> Iterator[Cells]:
        for events in batches(self.history.event_uids()):
            named = {id_: ("event", uid, None) for id_, uid in events}
            yield from self._under(named, self.history.cited([*named], of_events=True))

    def _under(
        self, named: Mapping[int, tuple[Any, ...]], found: Mapping[int, Sequence[Any]]
    ) -> Iterator[Cells]:
        """Put the citations of so many under what names each."""
        self._load(row for cited in found.values() for row in cited)
        for id_, names in named.items():
            for row in found[id_]:
                yield (*names, *self._fields(row))

    def _fields(self, row: Any) -> tuple[Any, ...]:
        (_entry, uid, quote, translation, by, locator, credibility, directness, offset, at, who) = row[:11]
        signed = (at, self.signer(who), row[11], self.signer(row[12]), row[13], uid)
        judged = (credibility, directness)
        if self.history.is_withheld(row[15]):
            return (None, self.sources.withheld, *[None] * 10, None, *judged, *signed)
        source = self.sources.named[row[14]].values()
        checked = offset is not None if quote else None
        return (*source, row[16], quote, checked, translation, by, locator, *judged, *signed)


def _status_changes(history: History, columns: Columns, before: Mapping[int, str]) -> Columns:
    keys, titles, topics, _units = history.issues
    ids, issues, tracks, status = columns[0], columns[2], columns[4], columns[16]
    was = [before.get(id_) for id_ in ids]
    steps = [None if old is None else _step(old, new) for old, new in zip(was, status, strict=True)]
    places = (map(keys.get, issues), map(titles.get, issues), map(topics.get, issues))
    return (*places, map(history.tracks.get, tracks), steps, [old or None for old in was], *columns[16:])


@cache
def _step(before: str, after: str) -> str:
    return step(Status(before) if before else None, Status(after)).value


def _positions(history: History, columns: Columns, before: Mapping[int, str]) -> Columns:
    keys, titles, topics, units = history.issues
    ids, issues, parties = columns[0], columns[2], columns[3]
    clause, standing, movement, stance, firmness, condition, summary, value, stated_by = columns[16:]
    was = [before.get(id_) or None for id_ in ids]
    unit = [None if each is None else units[id_] for each, id_ in zip(value, issues, strict=True)]
    return (
        *(map(names.get, issues) for names in (keys, titles, topics)),
        *(map(names.get, parties) for names in history.parties),
        *(map(names.get, clause) for names in history.clauses),
        *(standing, movement, was, stance, firmness, condition, summary, value, unit, stated_by),
    )


def _claims(history: History, columns: Columns, _before: Mapping[int, str]) -> Columns:
    keys, titles, topics, _units = history.issues
    issues, parties, tracks = columns[2:5]
    return (
        *(map(names.get, issues) for names in (keys, titles, topics)),
        *(map(names.get, parties) for names in history.parties),
        map(history.tracks.get, tracks),
        *columns[16:],
    )


_OWN: Mapping[str, Callable[[History, Columns, Mapping[int, str]], Columns]] = {
    STATUS_CHANGES.name: _status_changes,
    POSITIONS.name: _positions,
    CLAIMS.name: _claims,
}
