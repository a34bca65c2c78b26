"""The tables of a record that are no histories: statements whose columns are those of a file, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.models import (
    Citation,
    Clause,
    ClauseIssue,
    Entry,
    EntryLink,
    Event,
    Filing,
    Issue,
    IssueLink,
    Membership,
    Note,
    Party,
    Person,
    Proposal,
    Retraction,
    Review,
    Source,
    SourceMerge,
    Track,
    User,
)
from tracker.queries.paging import BATCH
from tracker.queries.references import SOURCE_LINE

#: A select of columns of any number and kind.
Statement: TypeAlias = Any
_OTHER: Any = aliased(Issue, name="other_issue")
_TO: Any = aliased(Entry, name="to_entry")
_BLOC: Any = aliased(Party, name="bloc")
_KEPT: Any = aliased(Source, name="kept_source")


def _issues(here: int) -> Statement:
    columns = (Issue.number, Issue.title, Issue.question, Issue.proposition, Issue.description, Issue.topic)
    scale = (Issue.scale_unit, Issue.scale_low, Issue.scale_high, Issue.scale_from, Issue.scale_to)
    query = select(*columns, User.name, Issue.deciding_parties, *scale, Issue.recorded_at)
    query = query.outerjoin(User, User.id == Issue.lead_id).where(Issue.negotiation_id == here)
    return query.order_by(Issue.ordering, Issue.number)


def _issue_links(here: int) -> Statement:
    query = select(Issue.number, IssueLink.kind, _OTHER.number)
    query = query.join(Issue, Issue.id == IssueLink.from_id).join(_OTHER, _OTHER.id == IssueLink.to_id)
    return query.where(Issue.negotiation_id == here).order_by(IssueLink.id)


def _parties(here: int) -> Statement:
    columns = (Party.code, Party.name, Party.short_name, Party.aliases, Party.kind, Party.role)
    query = select(*columns, Party.from_on, Party.until_on).where(Party.negotiation_id == here)
    return query.order_by(Party.ordering, Party.id)


def _memberships(here: int) -> Statement:
    query = select(Party.code, _BLOC.code, Membership.from_on, Membership.until_on)
    query = query.join(Party, Party.id == Membership.member_id).join(_BLOC, _BLOC.id == Membership.bloc_id)
    return query.where(Party.negotiation_id == here).order_by(Membership.id)


def _people(here: int) -> Statement:
    query = select(Person.name, Person.aliases, Party.code, Person.office).join(Person.party)
    return query.where(Party.negotiation_id == here).order_by(Person.id)


def _tracks(here: int) -> Statement:
    query = select(Track.code, Track.title, Track.parties)
    return query.where(Track.negotiation_id == here).order_by(Track.id)


def _events(here: int) -> Statement:
    columns = (Event.starts_on, Event.ends_on, Event.kind, Event.state, Event.title, Event.place)
    signed = (Event.recorded_at, Event.recorded_by, Event.uid)
    query = select(*columns, Event.participants, Track.title, *signed)
    query = query.outerjoin(Track, Track.id == Event.track_id).where(Event.negotiation_id == here)
    return query.order_by(Event.starts_on, Event.id)


def _proposals(here: int) -> Statement:
    columns = (Proposal.id, Proposal.title, Proposal.tabled_by, Proposal.tabled_on, Track.title)
    query = select(*columns, Proposal.source_id, Proposal.recorded_at, Proposal.recorded_by, Proposal.uid)
    query = query.outerjoin(Track, Track.id == Proposal.track_id).where(Proposal.negotiation_id == here)
    return query.order_by(Proposal.id)


def _clauses(here: int) -> Statement:
    query = select(Proposal.id, Clause.number, Clause.text, Clause.locator, Issue.number, Clause.added_at)
    query = query.join(Clause.proposal).outerjoin(ClauseIssue, ClauseIssue.clause_id == Clause.id)
    query = query.outerjoin(Issue, Issue.id == ClauseIssue.issue_id).where(Proposal.negotiation_id == here)
    return query.order_by(Clause.id, Issue.number)


def _notes(here: int) -> Statement:
    columns = (Issue.number, Note.kind, Note.text, Note.owner, Note.due_on)
    query = select(*columns, Note.recorded_at, Note.recorded_by, Note.uid)
    query = query.join(Issue, Issue.id == Note.issue_id).where(Issue.negotiation_id == here)
    return query.order_by(Note.id)


def _reviews(here: int) -> Statement:
    columns = (Issue.number, Review.checked_on, Review.note)
    query = select(*columns, Review.recorded_at, Review.recorded_by, Review.uid)
    query = query.join(Issue, Issue.id == Review.issue_id).where(Issue.negotiation_id == here)
    return query.order_by(Review.id)


def _entry_links(here: int) -> Statement:
    columns = (Entry.uid, EntryLink.kind, _TO.uid)
    query = select(*columns, EntryLink.recorded_at, EntryLink.recorded_by, EntryLink.uid)
    query = query.join(Entry, Entry.id == EntryLink.from_id).join(_TO, _TO.id == EntryLink.to_id)
    return query.where(Entry.negotiation_id == here).order_by(EntryLink.id)


def _source_merges(here: int) -> Statement:
    columns = (SourceMerge.source_id, SourceMerge.into_id, SourceMerge.reason)
    query = select(*columns, SourceMerge.recorded_at, SourceMerge.recorded_by, SourceMerge.uid)
    return query.where(SourceMerge.source_id.in_(_filed(here))).order_by(SourceMerge.id)


def _retractions(here: int) -> Statement:
    """Select what was withdrawn: each names one row of one table."""
    link: Any = aliased(Entry, name="linked")
    subjects = (Entry, Citation, EntryLink, Note, SourceMerge)
    keys = (Retraction.entry_id, Retraction.citation_id, Retraction.entry_link_id, Retraction.note_id)
    query = select(
        func.coalesce(Entry.kind, case(*_named(keys), else_="source_merge")),
        func.coalesce(*(subject.uid for subject in subjects)),
        Retraction.reason,
        Retraction.replaced_by,
        Retraction.recorded_at,
        Retraction.recorded_by,
        Retraction.uid,
    )
    cited: Any = aliased(Entry, name="cited")
    happened: Any = aliased(Event, name="happened")
    query = (
        query.outerjoin(Entry, Entry.id == Retraction.entry_id)
        .outerjoin(Citation, Citation.id == Retraction.citation_id)
        .outerjoin(cited, cited.id == Citation.entry_id)
        .outerjoin(happened, happened.id == Citation.event_id)
        .outerjoin(EntryLink, EntryLink.id == Retraction.entry_link_id)
        .outerjoin(link, link.id == EntryLink.from_id)
        .outerjoin(Note, Note.id == Retraction.note_id)
        .outerjoin(Issue, Issue.id == Note.issue_id)
        .outerjoin(SourceMerge, SourceMerge.id == Retraction.source_merge_id)
    )
    mine = [row.negotiation_id == here for row in (Entry, cited, happened, link, Issue)]
    return query.where(or_(*mine, SourceMerge.source_id.in_(_filed(here)))).order_by(Retraction.id)


def _named(keys: Any) -> list[Any]:
    return [(key.is_not(None), kind) for key, kind in zip(keys, KINDS, strict=True)]


#: What a retraction can withdraw besides an entry, in the order of its columns.
KINDS = ("entry", "citation", "entry_link", "note")


def _filed(here: int) -> Statement:
    return select(Filing.source_id).where(Filing.negotiation_id == here)


def _sources(here: int) -> Statement:
    filed = (Source.kind, Source.handling, Source.origin, Source.authors)
    query = select(*SOURCE_LINE, *filed, Source.accessed_on, Source.archived_url, Source.recorded_at)
    return query.where(Source.id.in_(_filed(here))).order_by(Source.id)


#: The tables by name, the sources last.
TABLES: Mapping[str, Callable[[int], Statement]] = {
    "issues": _issues,
    "issue_links": _issue_links,
    "parties": _parties,
    "memberships": _memberships,
    "people": _people,
    "tracks": _tracks,
    "events": _events,
    "proposals": _proposals,
    "clauses": _clauses,
    "notes": _notes,
    "reviews": _reviews,
    "entry_links": _entry_links,
    "source_merges": _source_merges,
    "retractions": _retractions,
    "sources": _sources,
}


def table_rows(session: Session, name: str, here: int) -> Iterator[Any]:
    """Read a table, so many rows at once."""
    yield from session.execute(TABLES[name](here), execution_options={"yield_per": BATCH})
