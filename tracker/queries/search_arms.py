"""The statement of search: of each kind the last that hold the words, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Select,
    and_,
    bindparam,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)

from tracker.dates import FIRST_DAY
from tracker.models import (
    Clause,
    ClauseIssue,
    Entry,
    Event,
    Filing,
    Issue,
    Negotiation,
    Note,
    Proposal,
    Retraction,
    Source,
)
from tracker.models.entry import known
from tracker.models.proposal import added_by
from tracker.models.search_doc import DOC, ROW, SOURCE_BIT, Kind, matching, search_doc
from tracker.queries.asking import one
from tracker.queries.cited import known_to
from tracker.queries.merging import is_copy
from tracker.queries.search_narrowing import AT, DAY, Narrowing

ENTRY, ISSUE, NOTE, EVENT = Entry.__table__.c, Issue.__table__.c, Note.__table__.c, Event.__table__.c
PROPOSAL, CLAUSE, TOUCH = Proposal.__table__.c, Clause.__table__.c, ClauseIssue.__table__.c
NEGOTIATION, GONE = Negotiation.__table__.c, Retraction.__table__.c
_AFTER, _BEFORE = bindparam("after", type_=Date), bindparam("before", type_=Date)
_NO_DAY = cast(null(), Date)
_NO_PIECES: Any = literal_column("0")
_ENTRIES = (Kind.POSITION, Kind.STATUS, Kind.CLAIM)
#: For each source wanted so many of the last pieces of texts are looked at, where the best come first.
PIECES = 8
_MOST: Any = bindparam("most", type_=BigInteger)


@lru_cache(512)
def statement(
    kinds: Sequence[Kind], narrowing: Narrowing, matches: Sequence[str], *, by_day: bool
) -> Select[Any] | Any:
    """Write the statement: id, title and words of each candidate, its day, and whether it was withdrawn.

    And for how many pieces of a text it stands. `matches`: what is looked for, by name. `by_day`: the
    sources are those of the latest days, each one that holds the words being looked at; else those added
    last.
    """
    arms = []
    for kind in kinds:
        name = "match_of_sources" if kind in (Kind.SOURCE, Kind.TEXT) else "match"
        if kind is Kind.ISSUE and "match_in_title" in matches:  # it counts more than that one is recent
            arms.append(_arm(kind, narrowing, "match_in_title"))
        if kind is Kind.TEXT and not by_day:
            arms += _last_texts(narrowing, name)
            continue
        if kind is Kind.TEXT:  # one long source may not hide the others
            arms.append(_one_of_each(narrowing, name))
        arms.append(_arm(kind, narrowing, name if name in matches else None))
    return union_all(*(select(arm.subquery()) for arm in arms))


def _arm(kind: Kind, narrowing: Narrowing, match: str | None) -> Select[Any]:
    query = _WRITERS[kind](narrowing).select_from(search_doc)
    if match:
        query = query.where(matching(one(match)))
    first, last = (literal_column(str(id_), BigInteger) for id_ in kind.ids)
    query = query.where(DOC.rowid.between(first, last))
    if narrowing.by_day and kind in (*_ENTRIES, Kind.NOTE):
        query = query.where(DOC.rowid.between(one(f"first_{kind}"), one(f"last_{kind}")))
    return query.order_by(DOC.rowid.desc()).limit(one("most"))


def _found(
    is_gone: ColumnElement[bool] | None = None, day: Any = _NO_DAY, pieces: Any = _NO_PIECES
) -> Select[Any]:
    """Select what is weighed; `day`: where the id tells none."""
    gone = cast(false(), Boolean) if is_gone is None else is_gone
    of = day.label("day"), gone.label("is_gone"), pieces.label("pieces")
    return select(DOC.rowid, DOC.title, DOC.words, *of)


def _seen(narrowing: Narrowing) -> ColumnElement[bool]:
    seen = Negotiation.visible_to_id(narrowing.reader)
    mine = NEGOTIATION.id == one("negotiation") if narrowing.by_negotiation else true()
    return and_(seen, mine)


def _between(narrowing: Narrowing, day: Any) -> ColumnElement[bool]:
    return and_(day > _AFTER, day < _BEFORE) if narrowing.by_day else true()


_ROW: Any = DOC.rowid.op("&")(literal_column(str(ROW), BigInteger))


def _entries(narrowing: Narrowing) -> Select[Any]:
    gone = exists().where(GONE.entry_id == ENTRY.id, *known(GONE, narrowing.known_at))
    return (
        _found(gone.correlate(Entry.__table__))
        .join(Entry.__table__, ENTRY.id == _ROW)
        .join(Negotiation.__table__, NEGOTIATION.id == ENTRY.negotiation_id)
        .where(_seen(narrowing), *known(ENTRY, narrowing.known_at), ENTRY.effective_on <= DAY)
        .where(*narrowing.about(ENTRY.issue_id))
    )


def _issues(narrowing: Narrowing) -> Select[Any]:
    return (
        _found()
        .join(Issue.__table__, ISSUE.id == _ROW)
        .join(Negotiation.__table__, NEGOTIATION.id == ISSUE.negotiation_id)
        .where(_seen(narrowing), *narrowing.about(ISSUE.id))
    )


def _notes(narrowing: Narrowing) -> Select[Any]:
    gone = exists().where(GONE.note_id == NOTE.id, *known(GONE, narrowing.known_at))
    return (
        _found(gone.correlate(Note.__table__))
        .join(Note.__table__, NOTE.id == _ROW)
        .join(Issue.__table__, ISSUE.id == NOTE.issue_id)
        .join(Negotiation.__table__, NEGOTIATION.id == ISSUE.negotiation_id)
        .where(_seen(narrowing), *known(NOTE, narrowing.known_at), *narrowing.about(ISSUE.id))
    )


def _tabled(narrowing: Narrowing) -> list[ColumnElement[bool]]:
    by_then = or_(PROPOSAL.tabled_on.is_(None), PROPOSAL.tabled_on <= DAY)
    return [by_then, *known(PROPOSAL, narrowing.known_at), _between(narrowing, PROPOSAL.tabled_on)]


def _proposals(narrowing: Narrowing) -> Select[Any]:
    return (
        _found()
        .join(Proposal.__table__, PROPOSAL.id == _ROW)
        .join(Negotiation.__table__, NEGOTIATION.id == PROPOSAL.negotiation_id)
        .where(_seen(narrowing), *_tabled(narrowing))
    )


def _clauses(narrowing: Narrowing) -> Select[Any]:
    query = (
        _found()
        .join(Clause.__table__, CLAUSE.id == _ROW)
        .join(Proposal.__table__, PROPOSAL.id == CLAUSE.proposal_id)
        .join(Negotiation.__table__, NEGOTIATION.id == PROPOSAL.negotiation_id)
        .where(_seen(narrowing), *_tabled(narrowing), *added_by(CLAUSE, narrowing.known_at))
    )
    if not narrowing.by_issues:
        return query
    touched = exists().where(TOUCH.clause_id == CLAUSE.id, *narrowing.about(TOUCH.issue_id))
    return query.where(touched.correlate(Clause.__table__))


def _events(narrowing: Narrowing) -> Select[Any]:
    return (
        _found()
        .join(Event.__table__, EVENT.id == _ROW)
        .join(Negotiation.__table__, NEGOTIATION.id == EVENT.negotiation_id)
        .where(_seen(narrowing), *known(EVENT, narrowing.known_at), _between(narrowing, EVENT.starts_on))
    )


def _sources(narrowing: Narrowing) -> Select[Any]:
    return _of_sources(_found().join(Source, Source.id == _ROW), narrowing)


def _texts(narrowing: Narrowing) -> Select[Any]:
    query = _found(day=Source.published_on).join(Source, Source.id == _source_of(DOC.rowid))
    return _of_texts(query, narrowing)


def _one_of_each(narrowing: Narrowing, match: str) -> Select[Any]:
    """Select a piece of each of the newest sources whose texts hold the words."""
    first, last = (literal_column(str(id_), BigInteger) for id_ in Kind.TEXT.ids)
    pieces = (
        select(func.max(DOC.rowid).label("id"))
        .select_from(search_doc)
        .where(matching(one(match)), DOC.rowid.between(first, last))
        .group_by(DOC.rowid.op(">>")(literal_column(str(SOURCE_BIT))))
        .subquery("pieces")
    )
    day = func.coalesce(Source.published_on, literal(FIRST_DAY, Date))
    query = select(pieces.c.id, Source.published_on).join(Source, Source.id == _source_of(pieces.c.id))
    query = _of_texts(query, narrowing).order_by(day.desc(), Source.id.desc()).limit(one("most"))
    chosen = query.subquery("chosen")
    return _found(day=chosen.c.published_on).join(chosen, chosen.c.id == DOC.rowid)


def _last_texts(narrowing: Narrowing, match: str) -> list[Select[Any]]:
    """Select the last pieces that hold the words, and a piece of each source among more of these."""
    first, last = (literal_column(str(id_), BigInteger) for id_ in Kind.TEXT.ids)
    query = select(DOC.rowid, Source.published_on).join(Source, Source.id == _source_of(DOC.rowid))
    query = query.where(matching(one(match)), DOC.rowid.between(first, last))
    pieces = _of_texts(query, narrowing).order_by(DOC.rowid.desc()).limit(_MOST * PIECES).cte("pieces")
    of = pieces.c.rowid.op(">>")(literal_column(str(SOURCE_BIT)))
    chosen = (
        select(func.max(pieces.c.rowid).label("id"), func.max(pieces.c.published_on).label("day"))
        .add_columns(func.count().label("pieces"))
        .group_by(of)
        .order_by(of.desc())
        .limit(_MOST)
        .cte("chosen")
    )
    each = _found(day=chosen.c.day, pieces=chosen.c.pieces).join(chosen, chosen.c.id == DOC.rowid)
    latest = pieces.select().order_by(pieces.c.rowid.desc()).limit(_MOST).subquery("latest")
    others = _found(day=latest.c.published_on).join(latest, latest.c.rowid == DOC.rowid)
    return [each, others.where(latest.c.rowid.not_in(select(chosen.c.id)))]


def _source_of(id_: Any) -> Any:
    """Say in SQL which source a piece of a text is of."""
    return id_.op(">>")(literal_column(str(SOURCE_BIT))).op("&")(literal_column(str(ROW), BigInteger))


def _of_texts(query: Select[Any], narrowing: Narrowing) -> Select[Any]:
    query = _of_sources(query, narrowing)
    return query.where(Source.is_free_to_show) if narrowing.by_stranger else query


def _of_sources(query: Select[Any], narrowing: Narrowing) -> Select[Any]:
    query = query.where(Source.visible_to_id(narrowing.reader), ~is_copy(narrowing.reader)).where(
        Source.recorded_at <= AT if narrowing.by_moment else true(), _between(narrowing, Source.published_on)
    )
    if not narrowing.by_negotiation:
        return query
    filed = exists().where(Filing.source_id == Source.id, Filing.negotiation_id == one("negotiation"))
    filed = filed.where(Negotiation.id == Filing.negotiation_id, *known_to(Source, narrowing.reader))
    return query.where(filed.correlate(Source))


_WRITERS = {
    Kind.ISSUE: _issues,
    **dict.fromkeys(_ENTRIES, _entries),
    Kind.PROPOSAL: _proposals,
    Kind.CLAUSE: _clauses,
    Kind.EVENT: _events,
    Kind.NOTE: _notes,
    Kind.SOURCE: _sources,
    Kind.TEXT: _texts,
}
