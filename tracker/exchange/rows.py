"""Rows of the record as the interchange form writes them. Asks the database nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

from tracker.dates import moment_words
from tracker.exchange import form
from tracker.exchange.shapes import Row, Shape
from tracker.models import Issue, IssueLink, Membership, Negotiation, Party, Person, Proposal, Source, Track
from tracker.models.vocabulary import Word

Written: TypeAlias = dict[str, Any]


@dataclass
class Names:
    """What a file calls the rows that others refer to, by their ids here.

    `emails` holds the addresses of accounts; where it is empty no address is written.
    """

    issues: dict[int, int] = field(default_factory=dict)
    parties: dict[int, str] = field(default_factory=dict)
    tracks: dict[int, str] = field(default_factory=dict)
    sources: dict[int, str] = field(default_factory=dict)
    events: dict[int, str] = field(default_factory=dict)
    proposals: dict[int, str] = field(default_factory=dict)
    clauses: dict[int, Written] = field(default_factory=dict)
    entries: dict[int, str] = field(default_factory=dict)
    emails: dict[int, str] | None = None


def plain(value: Any) -> Any:
    """Turn a column's value, or one that was read, into what the file holds; a text of blanks is null."""
    if isinstance(value, Word):
        return value.value
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, datetime):
        return moment_words(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, Row):
        return {key: plain(one) for key, one in value.values.items()}
    return value


def _written(shape: Shape, row: Any, **changed: Any) -> Written:
    """Write a row: what is not changed stands in the column of the key's name."""
    return {key: plain(changed[key] if key in changed else getattr(row, key)) for key in shape}


def _signed(shape: Shape, row: Any, names: Names, **changed: Any) -> Written:
    if names.emails is None:
        by = row.recorded_by.partition("@")[0]
    else:
        by = names.emails.get(row.recorded_by_id, row.recorded_by)
    return _written(shape, row, recorded_by=by, **changed)


def _period(row: Party | Membership) -> dict[str, Any]:
    return {"from": row.from_on, "until": row.until_on}


def negotiation(row: Negotiation) -> Written:
    return _written(form.NEGOTIATION, row)


def party(row: Party) -> Written:
    return _written(form.PARTY, row, **_period(row))


def track(row: Track) -> Written:
    return _written(form.TRACK, row, parties=sorted(row.parties))


def membership(row: Membership, names: Names) -> Written:
    member, bloc = names.parties[row.member_id], names.parties[row.bloc_id]
    return _written(form.MEMBERSHIP, row, member=member, bloc=bloc, **_period(row))


def person(row: Person, names: Names) -> Written:
    return _written(form.PERSON, row, party=names.parties[row.party_id])


def issue(row: Issue) -> Written:
    scale = {key: plain(value) for key, value in zip(form.SCALE, row.scale, strict=True)}
    return _written(
        form.ISSUE,
        row,
        deciding_parties=sorted(row.deciding_parties or ()) or None,
        scale=scale if any(value is not None for value in scale.values()) else None,
        order=row.ordering,
    )


def issue_link(row: IssueLink, names: Names) -> Written:
    ends = {"from": names.issues[row.from_id], "to": names.issues[row.to_id]}
    return _written(form.ISSUE_LINK, row, **ends)


def source(row: Source, names: Names) -> Written:
    """Write a source; what the desk does with it leaves the house no more than its notes do."""
    ours = {} if names.emails is not None else {"inbox_state": None, "inbox_reason": None}
    named = {"ref": names.sources.get(row.id), "free_to_show": row.is_free_to_show}
    return _signed(form.SOURCE, row, names, **named, **ours)


def citation(row: Any, names: Names) -> Written:
    return _signed(
        form.CITATION,
        row,
        names,
        source=names.sources.get(row.source_id),
        credibility=int(row.credibility),
        is_checked=row.offset is not None if row.quote else None,
    )


def event(row: Any, names: Names, citations: Iterable[Any]) -> Written:
    return _signed(
        form.EVENT,
        row,
        names,
        ref=names.events.get(row.id),
        track=names.tracks.get(row.track_id),
        citations=[citation(one, names) for one in citations],
    )


def proposal(row: Proposal, names: Names) -> Written:
    return _signed(
        form.PROPOSAL,
        row,
        names,
        ref=names.proposals.get(row.id),
        track=names.tracks.get(row.track_id) if row.track_id else None,
        source=names.sources.get(row.source_id) if row.source_id else None,
        clauses=[
            _written(
                form.CLAUSE,
                clause,
                issues=sorted(names.issues[touched.issue_id] for touched in clause.touches),
            )
            for clause in row.clauses
        ],
    )


def entry(shape: Shape, row: Any, names: Names, citations: Iterable[Any]) -> Written:
    """Write a status change, claim or position."""
    changed: dict[str, Any] = {
        "issue": names.issues.get(row.issue_id),
        "event": names.events.get(row.event_id),
        "citations": [citation(one, names) for one in citations],
    }
    if "party" in shape:
        changed["party"] = names.parties[row.party_id]
    if "track" in shape:
        changed["track"] = names.tracks.get(row.track_id)
    if "clause" in shape:
        changed["clause"] = names.clauses.get(row.clause_id)
    return _signed(shape, row, names, **changed)


def on_issue(shape: Shape, row: Any, names: Names) -> Written:
    """Write a review or a note."""
    return _signed(shape, row, names, issue=names.issues[row.issue_id])


def quote_check(row: Any, names: Names) -> Written:
    return _signed(form.QUOTE_CHECK, row, names, is_found=row.offset is not None)


def entry_link(row: Any, names: Names) -> Written:
    ends = {"from": names.entries[row.from_id], "to": names.entries[row.to_id]}
    return _signed(form.ENTRY_LINK, row, names, **ends)


def source_merge(row: Any, names: Names) -> Written:
    ends = {"from": names.sources.get(row.source_id), "into": names.sources.get(row.into_id)}
    return _signed(form.SOURCE_MERGE, row, names, **ends)


def retraction(row: Any, names: Names, subject: dict[str, str]) -> Written:
    """Write a retraction; `subject` is the one of its five keys that names what was withdrawn."""
    nothing = dict.fromkeys(("entry", "citation", "link", "note", "merge"))
    written = _signed(form.RETRACTION, row, names, **(nothing | subject))
    return {key: value for key, value in written.items() if key not in nothing or key in subject}
