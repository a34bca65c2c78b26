"""Novelties: the claims, proposals and sources that are new between two days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.db import past_index
from tracker.models import Entry, Filing, Negotiation, Proposal, Source, User
from tracker.models.entry import counts, known, latest_first
from tracker.models.vocabulary import Handling
from tracker.queries.asking import At, asked_between, many, one
from tracker.queries.entries import STANDING, EntryLine, entry_lines, read_entries
from tracker.queries.merging import unmerged
from tracker.queries.references import SOURCE_LINE, SourceLine

ENTRY, PROPOSAL, SOURCE = Entry.__table__.c, Proposal.__table__.c, Source.__table__.c
FILING = Filing.__table__.c
SHOWN = 20


@dataclass(frozen=True, slots=True)
class TabledText:
    """A proposal to name. `tabled_by`: party codes, sorted."""

    id: int
    title: str
    tabled_by: Sequence[str]
    tabled_on: date


@dataclass(frozen=True)
class Novelties:
    """The latest of each kind, newest first, and how many there are in all."""

    claims: Sequence[EntryLine]
    claim_count: int
    proposals: Sequence[TabledText]
    proposal_count: int
    sources: Sequence[SourceLine]
    source_count: int


def novelties(
    session: Session,
    negotiation: Negotiation,
    since: date,
    view: View,
    user: User | None,
    limit: int = SHOWN,
) -> Novelties:
    """List what is new after a day, up to the day of the view, in seven SQL statements.

    A source is of the day of its publication: those whose day is unknown are new in no period.
    """
    before, about = View(since), {"negotiation": negotiation.id, "limit": limit}
    kinds = [Handling.CLEAR] if user is None else [*Handling]
    claims = _claims(session, before, view, **about).all()
    return Novelties(
        claims=read_entries(session, claims, view, user),
        claim_count=_claim_count(session, before, view, **about).scalar(),
        proposals=[TabledText(*row) for row in _proposals(session, before, view, **about)],
        proposal_count=_proposal_count(session, before, view, **about).scalar(),
        sources=[SourceLine(*row) for row in _sources(session, before, view, **about, kinds=kinds)],
        source_count=_source_count(session, before, view, **about, kinds=kinds).scalar(),
    )


def _made(query: Any, before: At) -> Any:
    mine = (ENTRY.negotiation_id == one("negotiation"), ENTRY.kind == "claim")
    return query.where(*mine, ENTRY.effective_on > before.day)


@asked_between
def _claims(before: At, after: At) -> Select[Any]:
    query: Select[Any] = _made(entry_lines(after).where(STANDING), before)
    return query.order_by(*latest_first(ENTRY)).limit(one("limit"))


@asked_between
def _claim_count(before: At, after: At) -> Select[Any]:
    every = select(func.count(ENTRY.id)).where(counts(ENTRY, after.day, after.known_at))
    query: Select[Any] = _made(every, before)
    return query


def _new(table: Any, day: Any, before: At, after: At) -> list[ColumnElement[bool]]:
    return [day > before.day, day <= after.day, *known(table, after.known_at)]


def _tabled(query: Any, before: At, after: At) -> Any:
    return query.where(
        PROPOSAL.negotiation_id == one("negotiation"), *_new(PROPOSAL, PROPOSAL.tabled_on, before, after)
    )


@asked_between
def _proposals(before: At, after: At) -> Select[Any]:
    query = select(PROPOSAL.id, PROPOSAL.title, PROPOSAL.tabled_by, PROPOSAL.tabled_on)
    shown: Select[Any] = _tabled(query, before, after)
    return shown.order_by(PROPOSAL.tabled_on.desc(), PROPOSAL.id.desc()).limit(one("limit"))


@asked_between
def _proposal_count(before: At, after: At) -> Select[Any]:
    query: Select[Any] = _tabled(select(func.count()).select_from(Proposal.__table__), before, after)
    return query


def _published(query: Any, before: At, after: At) -> Any:
    new = (
        query.select_from(Source.__table__)
        .join(Filing.__table__, FILING.source_id == SOURCE.id)
        .where(past_index(FILING.negotiation_id == one("negotiation")), SOURCE.handling.in_(many("kinds")))
        .where(*_new(SOURCE, SOURCE.published_on, before, after))
    )
    return unmerged(new, after.known_at, FILING.negotiation_id)


@asked_between
def _sources(before: At, after: At) -> Select[Any]:
    shown: Select[Any] = _published(select(*SOURCE_LINE), before, after)
    return shown.order_by(SOURCE.published_on.desc(), SOURCE.id.desc()).limit(one("limit"))


@asked_between
def _source_count(before: At, after: At) -> Select[Any]:
    query: Select[Any] = _published(select(func.count()), before, after)
    return query
