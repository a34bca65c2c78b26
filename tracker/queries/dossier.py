"""The dossier of one issue: everything on its row, as of a day and as known at a moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Select, select, union_all
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Issue, Party, Review, Track, User
from tracker.models.entry import known
from tracker.models.position import position_in_force
from tracker.models.status import status_in_force
from tracker.models.step import Step, step
from tracker.models.vocabulary import Standing, Status
from tracker.queries.asking import At, asked, one
from tracker.queries.connections import ClauseLine, IssueLinkLine, clauses_on, links_of, neighbours
from tracker.queries.entries import EntryLine, Withdrawal, entries_on
from tracker.queries.notes import NoteLine, notes_on
from tracker.queries.parties import blocs_on
from tracker.queries.references import Reference, SourceLine
from tracker.queries.scale import IssueDistance, Looked, Scale, held, measure, party_lines, those_on
from tracker.queries.speaking import Spoken, spoken_of
from tracker.text import Change, word_changes

PARTY, TRACK = Party.__table__.c, Track.__table__.c


@dataclass(frozen=True)
class Record:
    """An entry in its history."""

    entry: EntryLine
    #: What a status change means after the one before it; None for retracted and other entries.
    step: Step | None = None
    #: A position's summary word by word against the line before it; empty where nothing differs.
    changes: list[Change] = field(default_factory=list)
    #: What it contradicts, denies or confirms, and what does so to it.
    spoken: Sequence[Spoken] = ()

    @property
    def references(self) -> Sequence[Reference]:
        return self.entry.references

    @property
    def retraction(self) -> Withdrawal | None:
        return self.entry.retraction


@dataclass(frozen=True)
class Standings:
    """What is in force of a status: for the talks as a whole (track None), or on a track."""

    track: str | None
    record: Record | None


@dataclass(frozen=True)
class Line:
    """One party's row: its line in force, the bloc that speaks for it where it has none, all else beneath."""

    party: Party
    index: int
    record: Record | None
    through: tuple[Party, Record] | None
    beneath: list[Record]


@dataclass(frozen=True)
class Dossier:
    """All that stands about an issue. Histories are newest first, retracted entries in their place.

    `neighbours`: keys. `distance`: if it has a scale.
    """

    issue: Issue
    standings: list[Standings]
    history: list[Record]
    lines: list[Line]
    distance: IssueDistance | None
    claims: list[Record]
    clauses: list[ClauseLine]
    links: list[IssueLinkLine]
    notes: list[NoteLine]
    review: Review | None
    sources: list[SourceLine]
    neighbours: tuple[str | None, str | None]

    @property
    def desk(self) -> dict[str | None, EntryLine]:
        """What the desk has in force, of the whole (None) and by the title of the track."""
        return {each.track: each.record.entry for each in self.standings if each.record}

    @property
    def line_of(self) -> dict[int, Line]:
        """The parties' lines by the party's id."""
        return {line.party.id: line for line in self.lines}

    @property
    def status(self) -> Record | None:
        """The status in force for the talks as a whole."""
        return self.standings[0].record


def dossier(session: Session, issue: Issue, view: View, user: User | None) -> Dossier:
    """Gather an issue's dossier in a fixed number of SQL statements."""
    entries = entries_on(session, issue, view, user)
    changes, positions, claims = (
        [entry for entry in entries if entry.kind == kind] for kind in ("status_change", "position", "claim")
    )
    steps, texts = _steps(changes), _texts(positions)
    spoken = spoken_of(session, [entry.id for entry in entries], view)
    records = {
        entry.id: Record(entry, steps.get(entry.id), texts.get(entry.id, []), spoken.get(entry.id, ()))
        for entry in entries
    }
    in_force = {*_in_force(session, view, issue=issue.id, negotiation=issue.negotiation_id).scalars()}
    lines = _lines(session, issue, view, positions, records, in_force)
    return Dossier(
        issue=issue,
        standings=_standings(records[change.id] for change in changes if change.id in in_force),
        history=[records[entry.id] for entry in changes],
        lines=lines,
        distance=_distance(issue, lines, view) if issue.scale_unit else None,
        claims=[records[entry.id] for entry in claims],
        clauses=clauses_on(session, issue, view, user),
        links=links_of(session, issue),
        notes=notes_on(session, issue, view) if user else [],
        review=_reviews(session, view, issue=issue.id).scalar(),
        sources=_sources(entry.references for entry in entries),
        neighbours=neighbours(session, issue),
    )


def _steps(changes: Sequence[EntryLine]) -> dict[int, Step]:
    """Name the step of each standing change from the one before it on the same track."""
    found: dict[int, Step] = {}
    before: dict[int | None, Status] = {}
    for change in reversed(changes):
        if change.status and not change.retraction:
            found[change.id] = step(before.get(change.track_id), change.status)
            before[change.track_id] = change.status
    return found


def _texts(positions: Sequence[EntryLine]) -> dict[int, list[Change]]:
    """Compare the words of each standing line with those of the party's line before it."""
    found: dict[int, list[Change]] = {}
    before: dict[int | None, str] = {}
    for position in reversed(positions):
        if position.standing is not Standing.LINE or position.clause_id or position.retraction:
            continue
        old, new = before.get(position.party_id), position.summary or ""
        if old is not None and old != new:
            found[position.id] = word_changes(old, new)
        before[position.party_id] = new
    return found


@asked
def _in_force(at: At) -> CompoundSelect[Any]:
    """Select the ids of what is in force: a status of the whole and on each track, a line of each party."""
    issue, mine = one("issue"), one("negotiation")
    whole = select(status_in_force(issue, None, at.day, at.known_at))
    on_tracks = select(status_in_force(issue, TRACK.id, at.day, at.known_at))
    lines = select(position_in_force(issue, PARTY.id, at.day, at.known_at))
    return union_all(
        whole, on_tracks.where(TRACK.negotiation_id == mine), lines.where(PARTY.negotiation_id == mine)
    )


def _standings(changes: Iterable[Record]) -> list[Standings]:
    """Put what is in force in order: the whole first, then each track that has a status."""
    of = {change.entry.track_id: change for change in changes}
    whole = of.pop(None, None)
    return [
        Standings(None, whole),
        *(Standings(of[id_].entry.track, of[id_]) for id_ in sorted(filter(None, of))),
    ]


def _lines(
    session: Session,
    issue: Issue,
    view: View,
    positions: Sequence[EntryLine],
    records: dict[int, Record],
    in_force: Collection[int],
) -> list[Line]:
    parties = issue.negotiation.parties
    every: dict[int | None, list[Record]] = {}
    for position in positions:
        every.setdefault(position.party_id, []).append(records[position.id])
    now = {position.party_id: records[position.id] for position in positions if position.id in in_force}
    blocs = blocs_on(session, issue.negotiation, view.day)
    lines = []
    for index, party in enumerate(parties):
        mine, own = now.get(party.id), blocs.get(party.id)
        speaking = [bloc for bloc in parties if bloc.id in own] if own and not mine else []
        through = next(((bloc, now[bloc.id]) for bloc in speaking if bloc.id in now), None)
        beneath = [record for record in every.get(party.id, ()) if record is not mine]
        lines.append(Line(party, index, mine, through, beneath))
    return lines


def _distance(issue: Issue, lines: Sequence[Line], view: View) -> IssueDistance:
    """Measure the issue by the lines that were read already."""
    parties = issue.negotiation.parties
    there = those_on(parties, view.day)
    in_force = {
        line.party.id: held(line.record.entry, line.record.references)
        for line in lines
        if line.record and line.party.id in there
    }
    printed = party_lines(issue.negotiation, parties)
    return measure(issue.key, issue.title, issue.topic, Scale(*issue.scale), printed, Looked(there, in_force))


@asked
def _reviews(at: At) -> Select[Any]:
    return (
        select(Review)
        .where(Review.issue_id == one("issue"), Review.checked_on <= at.day)
        .where(*known(Review, at.known_at))
        .order_by(Review.checked_on.desc(), Review.id.desc())
        .limit(1)
    )


def _sources(cited: Iterable[Sequence[Reference]]) -> list[SourceLine]:
    """List each source once, newest first, those without a day last."""
    found = {r.source.id: r.source for group in cited for r in group if r.source}
    return sorted(found.values(), key=lambda s: (s.published_on or date.min, s.id), reverse=True)
