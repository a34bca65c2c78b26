"""Histories on their way out: a row for each entry, and one for each citation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain, repeat
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
from tracker.queries.histories import Columns, History
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


#: Cells of so many rows, column by column.
Told: TypeAlias = Sequence[Iterable[Any]]
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
        own = _OWN[kind.name]
        for columns in self.history.entries(kind, filters):
            told = own(self.history, columns)
            yield from zip(*told, *self._common(columns), self._cited(columns[0]), strict=True)

    def _common(self, columns: Columns) -> Told:
        uid, _issue, _party, _track, event, on, words, basis, at, by, first = columns[1:12]
        gone_at, gone_by, gone_for, replaced_by = columns[12:16]
        signed = (at, map(self.signer, by), first, gone_at, map(self.signer, gone_by), gone_for, replaced_by)
        return (on, words, basis, map(self.history.events.get, event), *signed, uid)

    def _cited(self, ids: Sequence[int]) -> Iterable[list[Citation]]:
        """Give what entries rest on, but for what was withdrawn."""
        found: dict[int, list[Citation]] = {id_: [] for id_ in ids}
        cited = [*self.history.cited(ids)]
        self._load(cited)
        named, is_withheld = self.sources.named, self.history.is_withheld
        for row in cited:
            id_, source, handling, copy, offset, uid, quote, translation, by, locator, *judged = row
            credibility, directness = judged
            if is_withheld(handling):
                judgement = {"uid": uid, "credibility": credibility, "directness": directness}
                found[id_].append(self.sources.whole(None) | judgement)
                continue
            citation = {
                "uid": uid,
                "source": named[source],
                "quote": quote,
                "translation": translation,
                "translated_by": by,
                "locator": locator,
                "credibility": credibility,
                "directness": directness,
                "is_checked": offset is not None,
                "copy": copy,
            }
            found[id_].append(citation)
        return found.values()

    def _load(self, rows: Iterable[Any]) -> None:
        """Read the sources that were not named before, as far as the reader may see them."""
        named, is_withheld = self.sources.named, self.history.is_withheld
        new = {row[1] for row in rows if row[1] not in named and not is_withheld(row[2])}
        for source in self.history.sources([*new]) if new else ():
            named[source["id"]] = source

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
        keys = self.history.issues[0]
        for ids, uids, issues, *_rest in self.history.entries(kind, filters):
            names = zip(repeat(kind.name), uids, map(keys.get, issues), strict=False)
            yield from self._under(dict(zip(ids, names, strict=True)))

    def _of_events(self) -> Iterator[Cells]:
        for events in batches(self.history.event_uids()):
            yield from self._under({id_: ("event", uid, None) for id_, uid in events}, of_events=True)

    def _under(self, named: Mapping[int, tuple[Any, ...]], *, of_events: bool = False) -> Iterator[Cells]:
        """Put the citations of so many under what names each."""
        found = self.history.citations([*named], of_events=of_events)
        self._load(row for cited in found.values() for row in cited)
        for id_, names in named.items():
            for row in found[id_]:
                yield (*names, *self._fields(row))

    def _fields(self, row: Any) -> tuple[Any, ...]:
        (_entry, id_, handling, copy, offset, uid, quote, translation, by, locator, *judged) = row[:12]
        at, who, gone_at, gone_by, gone_for = row[12:]
        signed = (at, self.signer(who), gone_at, self.signer(gone_by), gone_for, uid)
        if self.history.is_withheld(handling):
            return (None, self.sources.withheld, *[None] * 10, None, *judged, *signed)
        source = self.sources.named[id_].values()
        checked = offset is not None if quote else None
        return (*source, copy, quote, checked, translation, by, locator, *judged, *signed)


def _status_changes(history: History, columns: Columns) -> Told:
    keys, titles, topics, _units = history.issues
    issues, tracks, status, was = columns[2], columns[4], columns[16], columns[-1]
    steps = [None if old is None else _step(old, new) for old, new in zip(was, status, strict=True)]
    places = (map(keys.get, issues), map(titles.get, issues), map(topics.get, issues))
    return (*places, map(history.tracks.get, tracks), steps, [old or None for old in was], *columns[16:-1])


@cache
def _step(before: str, after: str) -> str:
    return step(Status(before) if before else None, Status(after)).value


def _positions(history: History, columns: Columns) -> Told:
    keys, titles, topics, units = history.issues
    issues, parties = columns[2], columns[3]
    clause, standing, movement, stance, firmness, condition, summary, value, stated_by, before = columns[16:]
    was = [word or None for word in before]
    unit = [None if each is None else units[id_] for each, id_ in zip(value, issues, strict=True)]
    return (
        *(map(names.get, issues) for names in (keys, titles, topics)),
        *(map(names.get, parties) for names in history.parties),
        *(map(names.get, clause) for names in history.clauses),
        *(standing, movement, was, stance, firmness, condition, summary, value, unit, stated_by),
    )


def _claims(history: History, columns: Columns) -> Told:
    keys, titles, topics, _units = history.issues
    issues, parties, tracks = columns[2:5]
    return (
        *(map(names.get, issues) for names in (keys, titles, topics)),
        *(map(names.get, parties) for names in history.parties),
        map(history.tracks.get, tracks),
        *columns[16:-1],
    )


_OWN: Mapping[str, Callable[[History, Columns], Told]] = {
    STATUS_CHANGES.name: _status_changes,
    POSITIONS.name: _positions,
    CLAIMS.name: _claims,
}
