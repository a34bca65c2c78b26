"""Importing what a record rests on and refers to: sources, events, proposals.

What is here already stays as it is; where the file says something else, the import tells it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import selectinload, undefer

from tracker.exchange import rows
from tracker.exchange.frame import new_rows, values_of
from tracker.exchange.importing import Import
from tracker.exchange.present import rows_here
from tracker.exchange.shapes import Row
from tracker.models import Cite, Clause, ClauseIssue, Event, Proposal, Source
from tracker.models.citation import held_texts
from tracker.models.refused import N_
from tracker.models.vocabulary import Credibility

SIGNATURE = ("uid", "recorded_at", "recorded_by")


def add_material(work: Import) -> None:
    """Add what the file has of sources, events and proposals and is not here."""
    for add in (_sources, _events, _proposals):
        add(work)
        work.session.flush()
        work.names.sources = {source.id: ref for ref, source in work.known["source"].items()}
        work.names.events = {event.id: ref for ref, event in work.known["event"].items()}
    work.names.clauses = {
        clause.id: {"proposal": ref, "number": number}
        for (ref, number), clause in work.known["clause"].items()
    }


def _ours(work: Import, name: str, found: dict[str, Any]) -> dict[str, Any]:
    """Give what is here for this negotiation; what is here for another cannot be added twice."""
    for row in work.document[name]:
        if row["uid"] in found and found[row["uid"]].negotiation is not work.negotiation:
            work.faults.find(row.at("uid"), N_("This uid stands in another negotiation here."))
            row.is_sound = False
            del found[row["uid"]]
    return found


def _sources(work: Import) -> None:
    # A source may be here for another negotiation: then it is filed under this one too.
    ours = rows_here(work, "sources", Source, undefer(Source.text), selectinload(Source.filings))
    for row in work.document["sources"]:
        work.declare("source", row["ref"], ours.get(row["uid"]))
    for source in ours.values():
        source.file_under(work.negotiation)
    made = []
    for row in new_rows(
        work, "sources", ours, lambda row: row["uid"], lambda source: rows.source(source, work.names)
    ):
        source = Source(**values_of(row, *SIGNATURE, "ref", "text", "free_to_show"))
        source.is_free_to_show = row["free_to_show"]
        source.set_text(row["text"])
        with work.gathering(row):
            source.add(work.session, filed_under=[work.negotiation], by=work.by, recorded=work.recorded(row))
            work.outcome.added["sources"] += 1
            work.declare("source", row["ref"], source)
            made.append(source)
    work.session.flush()
    held_texts(work.session).update(source.id for source in made)  # nobody else sees them yet


def cites(work: Import, row: Row) -> list[Cite]:
    """Read the citations of an event or entry; the row is no longer sound where one is not."""
    found = []
    begun = row["recorded_at"] or work.moment
    for citation in row["citations"]:
        source = work.find(citation, "source")
        if (citation["recorded_at"] or begun) < begun:
            _find_early(work, citation)
        row.is_sound = row.is_sound and citation.is_sound
        found.append(
            Cite(
                **values_of(citation, *SIGNATURE, "source", "credibility", "is_checked"),
                source=source,
                credibility=Credibility(str(citation["credibility"])),
                recorded=work.recorded(citation, like=row),
                is_unchecked=citation["is_checked"] is False,
            )
        )
    return found


def _events(work: Import) -> None:
    ours = _ours(work, "events", rows_here(work, "events", Event, selectinload(Event.citations)))
    for row in work.document["events"]:
        work.declare("event", row["ref"], ours.get(row["uid"]))
    for row in new_rows(
        work, "events", ours, lambda row: row["uid"], lambda it: rows.event(it, work.names, it.citations)
    ):
        track, citing = work.find(row, "track"), cites(work, row)
        work.find_all(row, "participants", "party")
        if not row.is_sound:
            continue
        values = values_of(row, *SIGNATURE, "ref", "track", "citations")
        event = Event(**values, track=track, negotiation=work.negotiation)
        with work.gathering(row):
            event.add(work.session, by=work.by, citing=citing, recorded=work.recorded(row))
            work.outcome.added["events"] += 1
            work.declare("event", row["ref"], event)


def _proposals(work: Import) -> None:
    ours = _ours(work, "proposals", rows_here(work, "proposals", Proposal, selectinload(Proposal.clauses)))
    work.names.proposals = {
        ours[row["uid"]].id: row["ref"] for row in work.document["proposals"] if row["uid"] in ours
    }
    for row in work.document["proposals"]:
        there = ours.get(row["uid"])
        known = {clause.number: clause for clause in there.clauses} if there else {}
        for clause in row["clauses"] or ():
            work.declare("clause", (row["ref"], clause["number"]), known.get(clause["number"]))
    for row in new_rows(
        work, "proposals", ours, lambda row: row["uid"], lambda it: rows.proposal(it, work.names)
    ):
        track, source, clauses = work.find(row, "track"), work.find(row, "source"), _clauses(work, row)
        work.find_all(row, "tabled_by", "party")
        if not row.is_sound:
            continue
        values = values_of(row, *SIGNATURE, "ref", "track", "source", "clauses")
        proposal = Proposal(
            **values, track=track, source=source, clauses=clauses, negotiation=work.negotiation
        )
        with work.gathering(row):
            proposal.add(work.session, by=work.by, recorded=work.recorded(row))
            work.outcome.added["proposals"] += 1
            for clause in clauses:
                work.declare("clause", (row["ref"], clause.number), clause)


def _clauses(work: Import, row: Row) -> list[Clause]:
    made = []
    begun = row["recorded_at"] or work.moment
    for clause in row["clauses"] or ():
        touched = work.find_all(clause, "issues", "issue")
        added = clause["recorded_at"] or begun
        if added < begun:
            _find_early(work, clause)
        row.is_sound = row.is_sound and clause.is_sound
        values = values_of(clause, "issues", "recorded_at")
        values["added_at"] = None if added == begun else added
        made.append(Clause(**values, touches=[ClauseIssue(issue=issue) for issue in touched]))
    return made


def _find_early(work: Import, row: Row) -> None:
    work.faults.find(row.at("recorded_at"), N_("This is earlier than the moment of what it belongs to."))
    row.is_sound = False
