"""Importing the frame of a record: parties, tracks, memberships, people, issues and their links.

What is here already stays as it is; where the file says something else, the import tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select

from tracker.exchange import rows
from tracker.exchange.importing import Import
from tracker.exchange.rows import Written
from tracker.exchange.shapes import Row
from tracker.models import Issue, IssueLink, Membership, Party, Person, Track


def add_frame(work: Import) -> None:
    """Add what the file has of the frame and is not here."""
    if not work.is_new:
        work.compare("negotiation", work.document.negotiation, rows.negotiation(work.negotiation))
    for add in (_parties, _tracks, _memberships, _people, _issues, _issue_links):
        add(work)
        work.session.flush()
        work.names.parties = {party.id: code for code, party in work.known["party"].items()}
        work.names.tracks = {track.id: code for code, track in work.known["track"].items()}
        work.names.issues = {issue.id: number for number, issue in work.known["issue"].items()}


def new_rows(
    work: Import,
    name: str,
    ours: dict[Any, Any],
    identity: Callable[[Row], Any],
    write: Callable[[Any], Written],
) -> Iterator[Row]:
    """Give the rows of a list that are to be added; compare those that are here."""
    for row in work.document[name]:
        here = ours.get(identity(row))
        if here is not None:
            work.compare(name, row, write(here))
        elif row.is_sound:
            yield row


def values_of(row: Row, *but: str) -> dict[str, Any]:
    """Give what a row says under the names of the columns, lists as lists."""
    values = {key: value for key, value in row.values.items() if key not in but}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


def _parties(work: Import) -> None:
    ours = {party.code: party for party in work.negotiation.parties}
    ordering = max((party.ordering for party in ours.values()), default=0)
    for code, party in ours.items():
        work.declare("party", code, party)
    for row in work.document["parties"]:
        work.declare("party", row["code"])
    for row in new_rows(work, "parties", ours, lambda row: row["code"], rows.party):
        ordering += 1
        party = Party(**values_of(row, "from", "until"), from_on=row["from"], until_on=row["until"])
        party.ordering, party.negotiation = ordering, work.negotiation
        if work.add("parties", row, party):
            work.declare("party", party.code, party)
        else:
            work.negotiation.parties.remove(party)


def _tracks(work: Import) -> None:
    ours = {track.code: track for track in work.negotiation.tracks}
    for code, track in ours.items():
        work.declare("track", code, track)
    for row in work.document["tracks"]:
        work.declare("track", row["code"])
    for row in new_rows(work, "tracks", ours, lambda row: row["code"], rows.track):
        work.find_all(row, "parties", "party")
        track = Track(**values_of(row), negotiation=work.negotiation)
        if work.add("tracks", row, track):
            work.declare("track", track.code, track)
        else:
            work.negotiation.tracks.remove(track)


def _memberships(work: Import) -> None:
    query = select(Membership).where(Membership.bloc_id.in_(work.names.parties))
    ours = {(row.member.code, row.bloc.code, row.from_on): row for row in work.session.scalars(query)}
    for row in new_rows(
        work,
        "memberships",
        ours,
        lambda row: (row["member"], row["bloc"], row["from"]),
        lambda membership: rows.membership(membership, work.names),
    ):
        member, bloc = work.find(row, "member", "party"), work.find(row, "bloc", "party")
        if row.is_sound:
            membership = Membership(member=member, bloc=bloc, from_on=row["from"], until_on=row["until"])
            work.add("memberships", row, membership)


def _people(work: Import) -> None:
    ours = {
        (party.code, person.name): person for party in work.known["party"].values() for person in party.people
    }
    for row in new_rows(
        work,
        "people",
        ours,
        lambda row: (row["party"], row["name"]),
        lambda person: rows.person(person, work.names),
    ):
        party, person = work.find(row, "party"), Person(**values_of(row, "party"))
        if row.is_sound and work.add("people", row, person):
            person.party = party


def _issues(work: Import) -> None:
    for row in work.document["issues"]:
        work.declare("issue", row["number"])
    for row in new_rows(work, "issues", {**work.known["issue"]}, lambda row: row["number"], rows.issue):
        work.find_all(row, "deciding_parties", "party")
        scale = {f"scale_{key}": value for key, value in row["scale"].values.items()} if row["scale"] else {}
        issue = Issue(
            **values_of(row, "deciding_parties", "scale", "order"),
            **scale,
            deciding_parties=row["deciding_parties"] or None,
            ordering=row["order"],
            negotiation=work.negotiation,
            recorded_at=work.moment,
        )
        if work.add("issues", row, issue):
            work.declare("issue", issue.number, issue)


def _issue_links(work: Import) -> None:
    query = select(IssueLink).where(IssueLink.from_id.in_(work.names.issues))
    ours = {
        (row.from_issue.number, row.kind, row.to_issue.number): row for row in work.session.scalars(query)
    }
    for row in new_rows(
        work,
        "issue_links",
        ours,
        lambda row: (row["from"], row["kind"], row["to"]),
        lambda link: rows.issue_link(link, work.names),
    ):
        start, end = work.find(row, "from", "issue"), work.find(row, "to", "issue")
        if row.is_sound:
            work.add("issue_links", row, IssueLink(from_issue=start, kind=row["kind"], to_issue=end))
