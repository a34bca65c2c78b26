"""The dossier of one issue: everything on its row, as of a day and as known at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from tracker.dates import View
from tracker.models import (
    Clause,
    ClauseIssue,
    EntryLink,
    Issue,
    IssueLink,
    Note,
    Party,
    Position,
    Proposal,
    Retraction,
    Review,
    StatusChange,
    StatusClaim,
    Track,
    User,
)
from tracker.models.entry import Entry, known, latest_first
from tracker.models.position import position_in_force
from tracker.models.status import status_in_force
from tracker.models.step import Step, step
from tracker.models.vocabulary import Standing, Status
from tracker.queries.parties import blocs_on
from tracker.queries.references import Reference, SourceLine, references, retractions
from tracker.text import Change, word_changes


@dataclass(frozen=True)
class Record:
    """An entry, or a note, with what is needed to print it. `retraction`: it is withdrawn, and by what."""

    entry: Any
    references: list[Reference]
    retraction: Retraction | None
    #: What a status change means after the one before it; None for retracted and other entries.
    step: Step | None = None
    #: A position's summary word by word against the line before it; empty where nothing differs.
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class Standings:
    """What is in force of a status: for the talks as a whole (track None), or on a track."""

    track: Track | None
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
    """All that stands about an issue. Histories are newest first, retracted entries in their place."""

    issue: Issue
    standings: list[Standings]
    history: list[Record]
    lines: list[Line]
    claims: list[Record]
    links_of_claims: list[EntryLink]
    clauses: list[Clause]
    links: list[IssueLink]
    notes: list[Record]
    review: Review | None
    sources: list[SourceLine]
    neighbours: tuple[Issue | None, Issue | None]

    @property
    def status(self) -> Record | None:
        """The status in force for the talks as a whole."""
        return self.standings[0].record


def dossier(session: Session, issue: Issue, view: View, user: User | None) -> Dossier:
    """Gather an issue's dossier in a fixed number of SQL statements."""
    changes = _entries(session, StatusChange, StatusChange.issue_id == issue.id, view)
    clause = joinedload(Position.clause).joinedload(Clause.proposal)
    positions = _entries(session, Position, Position.issue_id == issue.id, view, clause)
    claims = _entries(session, StatusClaim, StatusClaim.issue_id == issue.id, view)
    entries = [*changes, *positions, *claims]
    cited = references(session, (entry.id for entry in entries), user, view.known_at)
    gone = retractions(session, (entry.id for entry in entries), view.known_at)

    def record(entry: Any, **more: Any) -> Record:
        return Record(entry, cited[entry.id], gone.get(entry.id), **more)

    steps = _steps(changes, gone)
    records = {entry.id: record(entry, step=steps.get(entry.id)) for entry in [*changes, *claims]}
    texts = _texts(positions, gone)
    records |= {entry.id: record(entry, changes=texts.get(entry.id, [])) for entry in positions}
    return Dossier(
        issue=issue,
        standings=_standings(session, issue, view, records),
        history=[records[entry.id] for entry in changes],
        lines=_lines(session, issue, view, positions, records),
        claims=[records[entry.id] for entry in claims],
        links_of_claims=_entry_links(session, [claim.id for claim in claims], view),
        clauses=_clauses(session, issue, view),
        links=_links(session, issue),
        notes=_notes(session, issue, view) if user else [],
        review=_review(session, issue, view),
        sources=_sources(cited.values()),
        neighbours=neighbours(session, issue),
    )


def _entries(session: Session, kind: Any, about: Any, view: View, *more: Any) -> Sequence[Any]:
    """Load the entries of one kind, newest first, retracted ones too; with their event, and `more`."""
    query = (
        select(kind)
        .where(about, Entry.effective_on <= view.day, *known(Entry, view.known_at))
        .order_by(*latest_first(Entry))
        .options(joinedload(kind.event), *more)
    )
    return session.scalars(query).all()


def _steps(changes: Sequence[StatusChange], gone: dict[int, Retraction]) -> dict[int, Step]:
    """Name the step of each standing change from the one before it on the same track."""
    found: dict[int, Step] = {}
    before: dict[int | None, Status] = {}
    for change in reversed(changes):
        if change.id not in gone:
            found[change.id] = step(before.get(change.track_id), change.status)
            before[change.track_id] = change.status
    return found


def _texts(positions: Sequence[Position], gone: dict[int, Retraction]) -> dict[int, list[Change]]:
    """Compare the words of each standing line with those of the party's line before it."""
    found: dict[int, list[Change]] = {}
    before: dict[int, str] = {}
    for position in reversed(positions):
        if position.standing is not Standing.LINE or position.clause_id or position.id in gone:
            continue
        old = before.get(position.party_id)
        if old is not None and old != position.summary:
            found[position.id] = word_changes(old, position.summary)
        before[position.party_id] = position.summary
    return found


def _standings(session: Session, issue: Issue, view: View, records: dict[int, Record]) -> list[Standings]:
    """Tell what is in force: the whole first, then each track that has a status."""
    whole = session.scalar(select(status_in_force(issue.id, None, view.day, view.known_at)))
    tracks = select(Track.id, status_in_force(issue.id, Track.id, view.day, view.known_at)).where(
        Track.negotiation_id == issue.negotiation_id
    )
    on_tracks = {track: id_ for track, id_ in session.execute(tracks) if id_}
    return [
        Standings(None, records.get(whole or 0)),
        *(
            Standings(track, records[on_tracks[track.id]])
            for track in issue.negotiation.tracks
            if track.id in on_tracks
        ),
    ]


def _lines(
    session: Session,
    issue: Issue,
    view: View,
    positions: Sequence[Position],
    records: dict[int, Record],
) -> list[Line]:
    parties = issue.negotiation.parties
    query = select(Party.id, position_in_force(issue.id, Party.id, view.day, view.known_at)).where(
        Party.negotiation_id == issue.negotiation_id
    )
    in_force = {party: records[id_] for party, id_ in session.execute(query) if id_}
    blocs = blocs_on(session, issue.negotiation, view.day)
    lines = []
    for index, party in enumerate(parties):
        mine = in_force.get(party.id)
        speaking = [] if mine else [bloc for bloc in parties if bloc.id in blocs.get(party.id, ())]
        through = next(((bloc, in_force[bloc.id]) for bloc in speaking if bloc.id in in_force), None)
        beneath = [records[p.id] for p in positions if p.party_id == party.id and records[p.id] is not mine]
        lines.append(Line(party, index, mine, through, beneath))
    return lines


def _entry_links(session: Session, ids: list[int], view: View) -> list[EntryLink]:
    query = (
        select(EntryLink)
        .outerjoin(
            Retraction, and_(Retraction.entry_link_id == EntryLink.id, *known(Retraction, view.known_at))
        )
        .where(EntryLink.from_id.in_(ids), EntryLink.to_id.in_(ids), Retraction.id.is_(None))
        .where(*known(EntryLink, view.known_at))
        .order_by(EntryLink.id)
    )
    return [*session.scalars(query)] if ids else []


def _clauses(session: Session, issue: Issue, view: View) -> list[Clause]:
    query = (
        select(Clause)
        .join(ClauseIssue, ClauseIssue.clause_id == Clause.id)
        .join(Clause.proposal)
        .where(ClauseIssue.issue_id == issue.id, *known(Proposal, view.known_at))
        .where(or_(Proposal.tabled_on.is_(None), Proposal.tabled_on <= view.day))
        .order_by(Proposal.tabled_on, Proposal.id, Clause.id)
        .options(joinedload(Clause.proposal).joinedload(Proposal.source))
    )
    return [*session.scalars(query)]


def _links(session: Session, issue: Issue) -> list[IssueLink]:
    query = (
        select(IssueLink)
        .where(or_(IssueLink.from_id == issue.id, IssueLink.to_id == issue.id))
        .order_by(IssueLink.id)
        .options(joinedload(IssueLink.from_issue), joinedload(IssueLink.to_issue))
    )
    return [*session.scalars(query)]


def _notes(session: Session, issue: Issue, view: View) -> list[Record]:
    query = (
        select(Note, Retraction)
        .outerjoin(Retraction, and_(Retraction.note_id == Note.id, *known(Retraction, view.known_at)))
        .where(Note.issue_id == issue.id, *known(Note, view.known_at))
        .order_by(Note.id.desc())
    )
    return [Record(note, [], retraction) for note, retraction in session.execute(query)]


def _review(session: Session, issue: Issue, view: View) -> Review | None:
    query = (
        select(Review)
        .where(Review.issue_id == issue.id, Review.checked_on <= view.day)
        .where(*known(Review, view.known_at))
        .order_by(Review.checked_on.desc(), Review.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def _sources(cited: Iterable[list[Reference]]) -> list[SourceLine]:
    """List each source once, newest first, those without a day last."""
    found = {r.source.id: r.source for group in cited for r in group if r.source}
    return sorted(found.values(), key=lambda s: (s.published_on or date.min, s.id), reverse=True)


def neighbours(session: Session, issue: Issue) -> tuple[Issue | None, Issue | None]:
    """Find the issues before and after this one in the negotiation's order."""
    place = tuple_(Issue.ordering, Issue.number)
    here = (issue.ordering, issue.number)
    others = select(Issue).where(Issue.negotiation_id == issue.negotiation_id).limit(1)
    before = others.where(place < here).order_by(Issue.ordering.desc(), Issue.number.desc())
    after = others.where(place > here).order_by(Issue.ordering, Issue.number)
    return session.scalar(before), session.scalar(after)
