"""The rules of the record that hold at any time, asked of what is stored.

What can be edited later (the deciding parties of an issue, the parties of a track) is asked as it was when
the entry was recorded, where the entry kept it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from tracker.dates import FIRST_DAY, latest_day
from tracker.db import now
from tracker.models import (
    AuditHead,
    Citation,
    Clause,
    Entry,
    Event,
    Filing,
    Issue,
    Negotiation,
    Party,
    Position,
    QuoteCheck,
    Retraction,
    Review,
    Source,
    SourceMerge,
    StatusChange,
    StatusClaim,
)
from tracker.models.alike import address_key, text_hash
from tracker.models.source_merge import undone
from tracker.models.vocabulary import Stance
from tracker.text import find

#: A rule in words, and how the places that break it are found.
Rule = tuple[str, Callable[[Session], Iterator[str]]]


def find_broken_rules(session: Session) -> Iterator[tuple[str, list[str]]]:
    """Give each rule with the places where it is broken."""
    for rule, places in RULES:
        yield rule, [*places(session)]


def _rows(table: str, query: Callable[[], Select[Any]]) -> Callable[[Session], Iterator[str]]:
    """Name the rows whose ids a query gives; each is one that breaks a rule."""

    def places(session: Session) -> Iterator[str]:
        return (f"{table} {id_}" for id_ in session.scalars(query()))

    return places


def _without_source() -> Select[Any]:
    withdrawn = exists().where(Retraction.citation_id == Citation.id)
    return select(Entry.id).where(~exists().where(Citation.entry_id == Entry.id, ~withdrawn))


def _without_kind() -> Select[Any]:
    kinds = (StatusChange, StatusClaim, Position)
    tables = [kind.__table__ for kind in kinds]
    return select(Entry.id).where(*(~exists().where(table.c.id == Entry.id) for table in tables))


def _in_the_future() -> Select[Any]:
    latest = select(AuditHead.moment).where(AuditHead.chain == Negotiation.code).scalar_subquery()
    late = and_(Entry.recorded_at > now(), Entry.recorded_at > latest)
    day = or_(Entry.effective_on > latest_day(), Entry.effective_on < FIRST_DAY)
    return select(Entry.id).join(Entry.negotiation).where(or_(day, late))


def _review_in_the_future() -> Select[Any]:
    return select(Review.id).where(Review.checked_on > latest_day())


def _jumping_the_queue() -> Select[Any]:
    """Find entries with a first moment that is neither their own nor that of what they correct."""
    corrected = aliased(Entry)
    inherits = (
        exists()
        .where(Retraction.replaced_by == Entry.uid, Retraction.entry_id == corrected.id)
        .where(corrected.first_recorded_at == Entry.first_recorded_at)
    )
    return select(Entry.id).where(Entry.first_recorded_at != Entry.recorded_at, ~inherits)


def _bad_correction() -> Select[Any]:
    """Find retractions that name a replacement that is not one."""
    new, old = aliased(Entry), aliased(Entry)
    same = (
        exists()
        .where(new.uid == Retraction.replaced_by, old.id == Retraction.entry_id)
        .where(new.kind == old.kind, new.negotiation_id == old.negotiation_id)
        .where(new.recorded_at == Retraction.recorded_at, new.first_recorded_at == old.first_recorded_at)
    )
    return select(Retraction.id).where(Retraction.replaced_by.is_not(None), ~same)


def _retracted_too_early() -> Select[Any]:
    return select(Retraction.id).join(Retraction.entry).where(Retraction.recorded_at < Entry.recorded_at)


def _cited_too_early() -> Select[Any]:
    return select(Citation.id).join(Citation.entry).where(Citation.recorded_at < Entry.recorded_at)


def _unfiled() -> Select[Any]:
    """Find citations of sources that are not filed under the negotiation of what cites them."""
    filed = exists().where(
        Filing.source_id == Citation.source_id,
        or_(Filing.negotiation_id == Entry.negotiation_id, Filing.negotiation_id == Event.negotiation_id),
    )
    return select(Citation.id).outerjoin(Citation.entry).outerjoin(Citation.event).where(~filed)


def _merged_twice() -> Select[Any]:
    """Find standing merges of a source that is merged into another besides, or into one that is merged."""
    other = aliased(SourceMerge)
    ends = or_(
        other.source_id == SourceMerge.into_id,
        and_(other.source_id == SourceMerge.source_id, other.id < SourceMerge.id),
    )
    return select(SourceMerge.id).where(~undone(SourceMerge), exists().where(ends, ~undone(other)))


def _merged_elsewhere() -> Select[Any]:
    """Find standing merges into a source that is not filed wherever its copy is."""
    kept, copy = aliased(Filing), aliased(Filing)
    same = exists().where(kept.source_id == SourceMerge.into_id, kept.negotiation_id == copy.negotiation_id)
    missing = select(copy.id).where(copy.source_id == SourceMerge.source_id, ~same).exists()
    return select(SourceMerge.id).where(~undone(SourceMerge), missing)


def _strangers(kind: Any, *ways: tuple[Any, ...]) -> Callable[[], Select[Any]]:
    """Find entries of a kind from which a way leads into another negotiation."""

    def query() -> Select[Any]:
        statement = select(kind.id)
        for step in (step for way in ways for step in way):
            statement = statement.outerjoin(step)
        ends = [way[-1].property.mapper.class_ for way in ways]
        return statement.where(or_(*(end.negotiation_id != kind.negotiation_id for end in ends)))

    return query


def _bad_condition() -> Select[Any]:
    needs = Position.stance == Stance.CONDITIONAL
    return select(Position.id).where(
        or_(
            Position.summary == "",
            and_(needs, Position.condition == ""),
            and_(~needs, Position.condition != ""),
        )
    )


def _value_without_scale() -> Select[Any]:
    return select(Position.id).join(Position.issue).where(Position.value.is_not(None), Issue.scale_unit == "")


def _empty_claim() -> Select[Any]:
    claim = StatusClaim
    return select(claim.id).where(claim.status.is_(None), claim.words == "", claim.share.is_(None))


def _codes(session: Session) -> dict[int, set[str]]:
    codes = defaultdict(set)
    for negotiation_id, code in session.execute(select(Party.negotiation_id, Party.code)):
        codes[negotiation_id].add(code)
    return codes


def _bad_agreement(session: Session) -> Iterator[str]:
    codes = _codes(session)
    for change in session.execute(
        select(
            StatusChange.id,
            StatusChange.negotiation_id,
            StatusChange.status,
            StatusChange.track_id,
            StatusChange.agreed_between,
            StatusChange.deciding_parties,
        )
    ):
        named, known = set(change.agreed_between), codes[change.negotiation_id]
        if sorted(named) != change.agreed_between or not named <= known or not _is_agreement(change, named):
            yield f"status_changes {change.id}"


def _is_agreement(change: Any, named: set[str]) -> bool:
    if not change.status.is_agreed:
        return not named
    deciding = set(change.deciding_parties or ())
    return (
        bool(named) and named >= deciding if change.track_id is None else named <= deciding and len(named) > 1
    )


def _bad_between(session: Session) -> Iterator[str]:
    codes = _codes(session)
    query = select(StatusClaim.id, StatusClaim.negotiation_id, StatusClaim.between)
    for id_, negotiation_id, between in session.execute(query):
        if between != sorted(set(between)) or not codes[negotiation_id].issuperset(between):
            yield f"status_claims {id_}"


def _misquoted(session: Session) -> Iterator[str]:
    """Find quotes that do not stand where they were found; each source's text is read once."""
    quotes = select(Citation.id, Citation.source_id, Citation.quote)
    at_once = quotes.add_columns(Citation.offset, Citation.length).where(Citation.offset.is_not(None))
    later = quotes.add_columns(QuoteCheck.offset, QuoteCheck.length).join(QuoteCheck.citation)
    found = union_all(at_once, later.where(QuoteCheck.offset.is_not(None)))
    source_id, text = None, ""
    for citation in session.execute(found.order_by("source_id")):
        if citation.source_id != source_id:
            source_id = citation.source_id
            text = session.scalar(select(Source.text).where(Source.id == source_id)) or ""
        words = text[citation.offset : citation.offset + citation.length]
        passage = find(citation.quote, words)
        if passage is None or (passage.start, passage.end) != (0, citation.length):
            yield f"citations {citation.id}"


def _misnamed(session: Session) -> Iterator[str]:
    """Find sources whose keys are not those of their address and text; the texts are read one by one."""
    query = select(Source.id, Source.url, Source.text, Source.url_key, Source.text_hash)
    for id_, url, text, *keys in session.execute(query, execution_options={"yield_per": 50}):
        if keys != [address_key(url), None if text is None else text_hash(text)]:
            yield f"sources {id_}"


RULES: tuple[Rule, ...] = (
    ("an entry rests on a source that was not withdrawn", _rows("entries", _without_source)),
    ("an entry is a status change, a claim or a position", _rows("entries", _without_kind)),
    ("an entry is not of the future, nor from before the year 1000", _rows("entries", _in_the_future)),
    ("a review is not of the future", _rows("reviews", _review_in_the_future)),
    ("only a correction was first recorded earlier", _rows("entries", _jumping_the_queue)),
    ("a correction is of the kind and of the moment it has to be", _rows("retractions", _bad_correction)),
    ("a retraction is not earlier than its entry", _rows("retractions", _retracted_too_early)),
    ("a citation is not earlier than its entry", _rows("citations", _cited_too_early)),
    ("a cited source is filed under the negotiation", _rows("citations", _unfiled)),
    ("a source is found by its address and its text", _misnamed),
    ("a quote stands in the stored text where it was found", _misquoted),
    ("a source is merged in one step, into one other", _rows("source_merges", _merged_twice)),
    ("a source is filed wherever its copy is", _rows("source_merges", _merged_elsewhere)),
    (
        "a status change stays inside its negotiation",
        _rows(
            "status_changes",
            _strangers(StatusChange, (StatusChange.issue,), (StatusChange.track,), (StatusChange.event,)),
        ),
    ),
    (
        "a claim stays inside its negotiation",
        _rows(
            "status_claims",
            _strangers(
                StatusClaim,
                (StatusClaim.issue,),
                (StatusClaim.track,),
                (StatusClaim.party,),
                (StatusClaim.event,),
            ),
        ),
    ),
    (
        "a position stays inside its negotiation",
        _rows(
            "positions",
            _strangers(
                Position,
                (Position.issue,),
                (Position.party,),
                (Position.clause, Clause.proposal),
                (Position.event,),
            ),
        ),
    ),
    ("agreement names who agreed, and nothing else names anyone", _bad_agreement),
    ("a claim names parties of the negotiation", _bad_between),
    ("a claim says something", _rows("status_claims", _empty_claim)),
    (
        "a position has a summary, and a condition where its stance takes one",
        _rows("positions", _bad_condition),
    ),
    ("a value stands on a scale", _rows("positions", _value_without_scale)),
)
