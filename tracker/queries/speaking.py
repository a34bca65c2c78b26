"""Speaking: the entries that contradict, deny or confirm one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, false, func, select, true, union_all
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.db import past_index
from tracker.models import Entry, EntryLink, Issue, Negotiation, Party, Retraction, StatusChange
from tracker.models.entry import counts, known
from tracker.models.refused import N_
from tracker.models.vocabulary import EntryLinkKind, Status
from tracker.queries.asking import At, asked, many, one

ENTRY, LINK, GONE = Entry.__table__.c, EntryLink.__table__.c, Retraction.__table__.c
CHANGE = StatusChange.__table__.c


@dataclass(frozen=True, slots=True)
class Spoken:
    """Another entry to which one is linked: `is_by` says that it is the other that speaks to this one.

    `uid` is the link's; `issue` a number, `party` a short name: None for the desk's status.
    """

    uid: str
    kind: EntryLinkKind
    is_by: bool
    other: str
    other_kind: str
    issue: int | None
    party: str | None
    status: Status | None
    effective_on: date
    effective_words: str

    @property
    def label(self) -> str:
        return _BY[self.kind] if self.is_by else self.kind.label


_BY = {
    EntryLinkKind.CONTRADICTS: N_("Contradicted by"),
    EntryLinkKind.DENIES: N_("Denied by"),
    EntryLinkKind.CONFIRMS: N_("Confirmed by"),
}


def spoken_of(session: Session, ids: Sequence[int], view: View) -> dict[int, list[Spoken]]:
    """Find the links from and to entries, by entry, where the other one counts. One SQL statement."""
    found: dict[int, list[Spoken]] = {}
    for row in _links(session, view, ids=ids) if ids else ():
        found.setdefault(row[0], []).append(Spoken(*row[1:]))
    return found


def _standing(at: At) -> list[Any]:
    gone = exists().where(GONE.entry_link_id == LINK.id, *known(GONE, at.known_at))
    return [*known(LINK, at.known_at), ~gone]


@asked
def _links(at: At) -> Select[Any]:
    ends = (LINK.from_id, LINK.to_id)
    ways = [
        select(
            mine.label("mine"), other.label("other"), is_by.label("is_by"), LINK.id, LINK.uid, LINK.kind
        ).where(mine.in_(many("ids")), *_standing(at))
        for mine, other, is_by in ((*ends, false()), (*reversed(ends), true()))
    ]
    link = union_all(*ways).subquery("link").c
    issue, party = Issue.__table__.c, Party.__table__.c
    return (
        select(
            link.mine,
            link.uid,
            link.kind,
            link.is_by,
            ENTRY.uid,
            ENTRY.kind,
            issue.number,
            func.coalesce(func.nullif(party.short_name, ""), party.name),
            CHANGE.status,
            ENTRY.effective_on,
            ENTRY.effective_words,
        )
        .join(Entry.__table__, ENTRY.id == link.other)
        .outerjoin(Issue.__table__, issue.id == ENTRY.issue_id)
        .outerjoin(Party.__table__, party.id == ENTRY.party_id)
        .outerjoin(StatusChange.__table__, CHANGE.id == ENTRY.id)
        .where(counts(ENTRY, at.day, at.known_at))
        .order_by(link.id)
    )


def spoken_against(
    session: Session, negotiation: Negotiation, view: View
) -> Mapping[int, frozenset[EntryLinkKind]]:
    """Tell which entries of a negotiation others contradict, deny or confirm, by id. One SQL statement.

    To contradict is mutual.
    """
    found: dict[int, set[EntryLinkKind]] = {}
    for from_id, kind, to_id in _every(session, view, negotiation=negotiation.id):
        found.setdefault(to_id, set()).add(kind)
        if kind is EntryLinkKind.CONTRADICTS:
            found.setdefault(from_id, set()).add(kind)
    return {id_: frozenset(kinds) for id_, kinds in found.items()}


@asked
def _every(at: At) -> Select[Any]:
    end = Entry.__table__.alias("end_entry")
    mine = past_index(ENTRY.negotiation_id == one("negotiation"))  # links are fewer than entries
    return (
        select(LINK.from_id, LINK.kind, LINK.to_id)
        .join(Entry.__table__, ENTRY.id == LINK.from_id)
        .join(end, end.c.id == LINK.to_id)
        .where(mine, *_standing(at))
        .where(past_index(counts(ENTRY, at.day, at.known_at)), past_index(counts(end.c, at.day, at.known_at)))
    )
