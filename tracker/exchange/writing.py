"""Writing the interchange form: a negotiation's record as one JSON document, one row to a line."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, func, inspect, select
from sqlalchemy.orm import selectinload, undefer

from tracker.exchange import form, rows
from tracker.exchange.rows import Names, Written
from tracker.exchange.shapes import Shape
from tracker.models import (
    Citation,
    Clause,
    Entry,
    EntryLink,
    Event,
    Filing,
    Issue,
    IssueLink,
    Membership,
    Negotiation,
    Note,
    Person,
    Position,
    Proposal,
    QuoteCheck,
    Retraction,
    Review,
    Source,
    SourceMerge,
    StatusChange,
    StatusClaim,
    User,
)

ENTRIES = {
    "status_changes": (form.STATUS_CHANGE, StatusChange),
    "claims": (form.CLAIM, StatusClaim),
    "positions": (form.POSITION, Position),
}


def export(negotiation: Negotiation, *, for_page: bool = False) -> str:
    """Write all of a negotiation; a page's export leaves out notes and e-mail addresses.

    Lists stand in the order of (recorded_at, entry); what has no recorded_at in its own order.
    """
    writer = Writer(negotiation, names_of(negotiation, emails=not for_page))
    lists = writer.lists()
    if for_page:
        lists["notes"] = []
        lists["retractions"] = [row for row in lists["retractions"] if "note" not in row]
    parts = [f'"format": {_json(form.FORMAT)}', f'"negotiation": {_json(rows.negotiation(negotiation))}']
    for name in form.LISTS:
        lines = ",\n  ".join(map(_json, lists[name]))
        parts.append(f'"{name}": [\n  {lines}\n ]' if lines else f'"{name}": []')
    return "{" + ",\n ".join(parts) + "}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def columns(model: Any) -> Select[Any]:
    """Select all columns of a model by their names, without making objects of the rows."""
    return select(*(getattr(model, attribute.key) for attribute in inspect(model).column_attrs))


def names_of(negotiation: Negotiation, *, emails: bool = True) -> Names:
    """Name what others refer to: sources s1, s2, events e1, e2 and proposals p1, p2 in their order."""
    session, here = negotiation.session, negotiation.id

    def pairs(query: Any) -> dict[int, Any]:
        return {row[0]: row[1] for row in session.execute(query)}

    def numbered(letter: str, query: Any) -> dict[int, str]:
        return {id_: f"{letter}{number}" for number, id_ in enumerate(session.scalars(query), 1)}

    proposals = numbered("p", _ordered(select(Proposal.id), Proposal).where(Proposal.negotiation_id == here))
    clauses = select(Clause.id, Clause.proposal_id, Clause.number).join(Clause.proposal)
    return Names(
        issues=pairs(select(Issue.id, Issue.number).where(Issue.negotiation_id == here)),
        parties={party.id: party.code for party in negotiation.parties},
        tracks={track.id: track.code for track in negotiation.tracks},
        sources=numbered("s", _ordered(select(Source.id).join(Source.filings), Source).where(_filed(here))),
        events=numbered("e", _ordered(select(Event.id), Event).where(Event.negotiation_id == here)),
        proposals=proposals,
        clauses={
            id_: {"proposal": proposals[proposal_id], "number": number}
            for id_, proposal_id, number in session.execute(clauses.where(Proposal.negotiation_id == here))
        },
        entries=pairs(select(Entry.id, Entry.uid).where(Entry.negotiation_id == here)),
        emails=pairs(select(User.id, User.email)) if emails else None,
    )


def _filed(negotiation_id: int) -> ColumnElement[bool]:
    return Filing.negotiation_id == negotiation_id


def _ordered(query: Select[Any], model: Any) -> Select[Any]:
    return query.order_by(model.recorded_at, model.id)


class Writer:
    """Writes the lists of one negotiation, under the names of one file."""

    def __init__(self, negotiation: Negotiation, names: Names) -> None:
        self._negotiation = negotiation
        self._session = negotiation.session
        self._here = negotiation.id
        self._names = names

    def lists(self) -> dict[str, list[Written]]:
        """Give every list of the form by its name."""
        return {**self.editable(), **self.history()}

    def editable(self) -> dict[str, list[Written]]:
        """Give the lists of what can be edited."""
        names, here = self._names, self._here
        issues = select(Issue).where(Issue.negotiation_id == here).order_by(Issue.ordering, Issue.number)
        links = select(IssueLink).join(IssueLink.from_issue).where(Issue.negotiation_id == here)
        memberships = select(Membership).where(Membership.bloc_id.in_(names.parties))
        people = select(Person).where(Person.party_id.in_(names.parties))
        return {
            "parties": [rows.party(row) for row in self._negotiation.parties],
            "tracks": [rows.track(row) for row in self._negotiation.tracks],
            "memberships": [
                rows.membership(row, names) for row in self._all(memberships.order_by(Membership.id))
            ],
            "people": [rows.person(row, names) for row in self._all(people.order_by(Person.id))],
            "issues": [rows.issue(row) for row in self._all(issues)],
            "issue_links": [rows.issue_link(row, names) for row in self._all(links.order_by(IssueLink.id))],
            "sources": [*self._sources()],
            "events": [*self._events()],
            "proposals": [*self._proposals()],
        }

    def history(self) -> dict[str, list[Written]]:
        """Give the lists of what is never changed."""
        return {
            **{name: [*self._entries(shape, model)] for name, (shape, model) in ENTRIES.items()},
            "reviews": [*self._on_issues(form.REVIEW, Review)],
            "quote_checks": [*self._quote_checks()],
            "entry_links": [*self._entry_links()],
            "notes": [*self._on_issues(form.NOTE, Note)],
            "source_merges": [*self._source_merges()],
            "retractions": [*self._retractions()],
        }

    def _all(self, query: Select[Any]) -> Iterable[Any]:
        return self._session.scalars(query)

    def _sources(self) -> Iterator[Written]:
        query = select(Source).join(Source.filings).where(_filed(self._here)).options(undefer(Source.text))
        for source in self._all(_ordered(query, Source)):
            yield rows.source(source, self._names)

    def _events(self) -> Iterator[Written]:
        cited = self._citations(Citation.event_id, Event)
        query = columns(Event).where(Event.negotiation_id == self._here)
        for event in self._session.execute(_ordered(query, Event)):
            yield rows.event(event, self._names, cited[event.id])

    def _proposals(self) -> Iterator[Written]:
        clauses = selectinload(Proposal.clauses).selectinload(Clause.touches)
        query = select(Proposal).where(Proposal.negotiation_id == self._here).options(clauses)
        for proposal in self._all(_ordered(query, Proposal)):
            yield rows.proposal(proposal, self._names)

    def _entries(self, shape: Shape, model: Any) -> Iterator[Written]:
        cited = self._citations(Citation.entry_id, model)
        query = columns(model).where(model.negotiation_id == self._here)
        for entry in self._session.execute(_ordered(query, model)):
            yield rows.entry(shape, entry, self._names, cited[entry.id])

    def _citations(self, key: Any, model: Any) -> defaultdict[int, list[Any]]:
        """Find the citations of all events, or of all entries of a kind, by the id of what cites."""
        query = columns(Citation).join(model, key == model.id).where(model.negotiation_id == self._here)
        found = defaultdict(list)
        for citation in self._session.execute(query.order_by(Citation.id)):
            found[getattr(citation, key.key)].append(citation)
        return found

    def _on_issues(self, shape: Shape, model: Any) -> Iterator[Written]:
        query = columns(model).join(model.issue).where(Issue.negotiation_id == self._here)
        for row in self._session.execute(_ordered(query, model)):
            yield rows.on_issue(shape, row, self._names)

    def _quote_checks(self) -> Iterator[Written]:
        here = func.coalesce(Entry.negotiation_id, Event.negotiation_id) == self._here
        query = columns(QuoteCheck).add_columns(Citation.uid.label("citation")).join(QuoteCheck.citation)
        query = query.outerjoin(Citation.entry).outerjoin(Citation.event).where(here)
        for row in self._session.execute(_ordered(query, QuoteCheck)):
            yield rows.quote_check(row, self._names)

    def _entry_links(self) -> Iterator[Written]:
        query = columns(EntryLink).join(EntryLink.from_entry).where(Entry.negotiation_id == self._here)
        for link in self._session.execute(_ordered(query, EntryLink)):
            yield rows.entry_link(link, self._names)

    def _source_merges(self) -> Iterator[Written]:
        for merge in self._session.execute(_ordered(self._merged(columns(SourceMerge)), SourceMerge)):
            yield rows.source_merge(merge, self._names)

    def _merged(self, query: Any) -> Any:
        """Keep the merges of sources that are both filed here."""
        filed = select(Filing.source_id).where(_filed(self._here))
        return query.where(SourceMerge.source_id.in_(filed), SourceMerge.into_id.in_(filed))

    def _retractions(self) -> Iterator[Written]:
        subjects = self._subjects()
        for retraction in self._session.execute(_ordered(columns(Retraction), Retraction)):
            if subject := subjects.get(retraction.id):
                yield rows.retraction(retraction, self._names, subject)

    def _subjects(self) -> dict[int, dict[str, str]]:
        """Find what each retraction withdraws: the key of the form and the uid."""
        here = self._here
        event_cited = select(Retraction.id, Citation.uid).join(Retraction.citation).join(Citation.event)
        cited = select(Retraction.id, Citation.uid).join(Retraction.citation).join(Citation.entry)
        linked = select(Retraction.id, EntryLink.uid).join(Retraction.entry_link)
        noted = select(Retraction.id, Note.uid).join(Retraction.note).join(Note.issue)
        found: list[tuple[str, Any, Any]] = [
            ("entry", select(Retraction.id, Entry.uid).join(Retraction.entry), Entry),
            ("citation", cited, Entry),
            ("citation", event_cited, Event),
            ("link", linked.join(EntryLink.from_entry), Entry),
            ("note", noted, Issue),
        ]
        merged = self._merged(select(Retraction.id, SourceMerge.uid).join(Retraction.source_merge))
        queries = [(key, query.where(model.negotiation_id == here)) for key, query, model in found]
        return {
            id_: {key: uid}
            for key, query in [*queries, ("merge", merged)]
            for id_, uid in self._session.execute(query)
        }
