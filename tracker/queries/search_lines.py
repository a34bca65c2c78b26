"""What search prints of what it found: where it stands, and the passage with its words marked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    Date,
    Integer,
    Select,
    String,
    Text,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from tracker.models import (
    Clause,
    Entry,
    Event,
    Issue,
    Negotiation,
    Note,
    Party,
    Position,
    Proposal,
    Source,
    StatusChange,
    StatusClaim,
)
from tracker.models.search import pieces
from tracker.models.search_doc import OFFSET, Kind, Phrase, kind_of, row_of
from tracker.models.vocabulary import EventKind, Handling, NoteKind, SourceKind, Stance, Status, Word
from tracker.queries.asking import many
from tracker.queries.search_marks import Finder, Piece
from tracker.text import one_line


@dataclass(slots=True)
class Line:
    """Something found. `number`: of its issue, clause or paragraph; `row`: its id; `of`: its proposal's.

    `who`: the party, or publisher, by name; `by`: who said it; `word`: a status, stance or kind.
    """

    kind: Kind
    row: int
    code: str
    number: str
    of: int | None
    uid: str
    title: list[Piece]
    who: str
    by: str
    word: Word | None
    day: date | None
    language: str
    passage: list[Piece]
    handling: Handling | None
    is_withdrawn: bool = False

    @property
    def key(self) -> str:
        return f"{self.code}-{self.number}"


_WORDS: dict[Kind, type[Word]] = {
    Kind.POSITION: Stance,
    Kind.STATUS: Status,
    Kind.CLAIM: Status,
    Kind.EVENT: EventKind,
    Kind.NOTE: NoteKind,
    Kind.SOURCE: SourceKind,
    Kind.TEXT: SourceKind,
}


def lines(session: Session, ids: Sequence[int], marking: Sequence[Phrase]) -> dict[int, Line]:
    """Read what is printed of these, by id, with the words marked. One SQL statement."""
    if not ids:
        return {}
    wanted = {(kind_of(id_), row_of(id_)): id_ for id_ in ids}
    kinds = tuple(kind for kind in Kind if any(kind is each for each, _ in wanted))
    given = {f"of_{kind}": [row for each, row in wanted if each is kind] for kind in kinds}
    finder = Finder(marking)
    found = {}
    for row in session.execute(_statement(kinds), given).all():
        id_ = wanted[Kind(row[0]), row[1]]
        if line := _line(id_, row, finder):
            found[id_] = line
    return found


def _line(id_: int, row: Any, finder: Finder) -> Line | None:
    kind = Kind(row[0])
    code, number, of, uid, title, who, by, word, day, language, handling, one, two, three = row[2:]
    if kind is Kind.TEXT:
        number, texts = _place(one or "", id_ & OFFSET)
        if not number:
            return None
    else:
        texts = [one, two, *(_names(three) if kind is Kind.SOURCE else [three])]
    return Line(
        kind=Kind.SOURCE if kind is Kind.TEXT else kind,
        row=row[1],
        code=code,
        number=number,
        of=of,
        uid=uid,
        title=finder.mark(title),
        who=who,
        by=by,
        word=_WORDS[kind](word) if word else None,
        day=day,
        language=language,
        passage=finder.passage([one_line(text) for text in texts if text]),
        handling=Handling(handling) if handling else None,
    )


def _place(written: str, offset: int) -> tuple[str, list[str]]:
    """Tell the number of the paragraph of a piece of a text, by where it begins, and give the piece."""
    found = ((str(number), [words]) for number, start, words in pieces(written) if start == offset)
    return next(found, ("", []))


def _names(written: str) -> list[str]:
    return [", ".join(json.loads(written))] if written else []


ENTRY, ISSUE, NOTE, EVENT = Entry.__table__.c, Issue.__table__.c, Note.__table__.c, Event.__table__.c
PROPOSAL, CLAUSE, SOURCE = Proposal.__table__.c, Clause.__table__.c, Source.__table__.c
CHANGE, LINE, CLAIM = StatusChange.__table__.c, Position.__table__.c, StatusClaim.__table__.c
CODE = Negotiation.__table__.c.code
_NONE: Any = literal("")
_NUMBER = cast(null(), Integer)
_LABEL: Any = func.coalesce(func.nullif(Party.short_name, ""), Party.name, "")


@cache
def _statement(kinds: Sequence[Kind]) -> Any:
    return union_all(*(_ARMS[kind](kind) for kind in kinds))


def _columns(kind: Kind, row: Any, **given: Any) -> Select[Any]:
    names = ("code", "number", "of", "uid", "title", "who", "by", "word", "day", "language", "handling")
    texts = ("one", "two", "three")
    usual = {"of": _NUMBER, "day": cast(null(), Date)}
    columns = [given.get(name, usual.get(name, _NONE)) for name in (*names, *texts)]
    typed = [
        each if name in usual else type_coerce(each, Text)
        for name, each in zip((*names, *texts), columns, strict=True)
    ]
    return select(literal(kind.value), row, *typed).where(row.in_(many(f"of_{kind}")))


def _of_talks(query: Select[Any], negotiation_id: Any) -> Select[Any]:
    return query.join(Negotiation.__table__, Negotiation.__table__.c.id == negotiation_id)


def _entry(kind: Kind, table: Any, **given: Any) -> Select[Any]:
    query = _columns(
        kind,
        ENTRY.id,
        code=CODE,
        number=func.coalesce(cast(ISSUE.number, String), ""),
        uid=ENTRY.uid,
        title=func.coalesce(ISSUE.title, ""),
        who=_LABEL,
        day=ENTRY.effective_on,
        **given,
    )
    query = query.select_from(Entry.__table__).join(table, table.c.id == ENTRY.id)
    query = query.outerjoin(Issue.__table__, ISSUE.id == ENTRY.issue_id)
    return _of_talks(query, ENTRY.negotiation_id).outerjoin(Party, Party.id == ENTRY.party_id)


def _positions(kind: Kind) -> Select[Any]:
    given = {"by": LINE.stated_by, "word": LINE.stance, "one": LINE.summary, "two": LINE.condition}
    return _entry(kind, Position.__table__, **given)


def _statuses(kind: Kind) -> Select[Any]:
    given = {"word": CHANGE.status, "one": CHANGE.reason, "two": CHANGE.subject_to}
    return _entry(kind, StatusChange.__table__, **given)


def _claims(kind: Kind) -> Select[Any]:
    given = {"by": CLAIM.stated_by, "word": func.coalesce(CLAIM.status, ""), "one": CLAIM.words}
    return _entry(kind, StatusClaim.__table__, **given)


def _issues(kind: Kind) -> Select[Any]:
    texts = {"one": ISSUE.question, "two": ISSUE.proposition, "three": ISSUE.description}
    number = cast(ISSUE.number, String)
    query = _columns(kind, ISSUE.id, code=CODE, number=number, title=ISSUE.title, word=_NONE, **texts)
    return _of_talks(query.select_from(Issue.__table__), ISSUE.negotiation_id)


def _notes(kind: Kind) -> Select[Any]:
    given = {"code": CODE, "number": cast(ISSUE.number, String), "uid": NOTE.uid, "title": ISSUE.title}
    query = _columns(kind, NOTE.id, by=NOTE.owner, word=NOTE.kind, one=NOTE.text, **given)
    query = query.select_from(Note.__table__).join(Issue.__table__, ISSUE.id == NOTE.issue_id)
    return _of_talks(query, ISSUE.negotiation_id)


def _proposals(kind: Kind) -> Select[Any]:
    given = {"code": CODE, "title": PROPOSAL.title, "day": PROPOSAL.tabled_on}
    query = _columns(kind, PROPOSAL.id, **given).select_from(Proposal.__table__)
    return _of_talks(query, PROPOSAL.negotiation_id)


def _clauses(kind: Kind) -> Select[Any]:
    given = {"code": CODE, "number": CLAUSE.number, "of": PROPOSAL.id, "title": PROPOSAL.title}
    query = _columns(kind, CLAUSE.id, day=PROPOSAL.tabled_on, one=CLAUSE.text, **given)
    query = query.select_from(Clause.__table__).join(Proposal.__table__, PROPOSAL.id == CLAUSE.proposal_id)
    return _of_talks(query, PROPOSAL.negotiation_id)


def _events(kind: Kind) -> Select[Any]:
    given = {"code": CODE, "title": EVENT.title, "day": EVENT.starts_on, "word": EVENT.kind}
    query = _columns(kind, EVENT.id, one=EVENT.place, **given).select_from(Event.__table__)
    return _of_talks(query, EVENT.negotiation_id)


def _sources(kind: Kind) -> Select[Any]:
    given = {"title": SOURCE.title, "who": SOURCE.publisher, "day": SOURCE.published_on}
    given |= {"word": SOURCE.kind, "language": SOURCE.language, "handling": SOURCE.handling}
    texts = {"one": SOURCE.publisher, "two": SOURCE.origin, "three": cast(SOURCE.authors, Text)}
    if kind is Kind.TEXT:
        texts = {"one": SOURCE.text}
    return _columns(kind, SOURCE.id, **given, **texts).select_from(Source.__table__)


_ARMS = {
    Kind.ISSUE: _issues,
    Kind.POSITION: _positions,
    Kind.STATUS: _statuses,
    Kind.CLAIM: _claims,
    Kind.PROPOSAL: _proposals,
    Kind.CLAUSE: _clauses,
    Kind.EVENT: _events,
    Kind.NOTE: _notes,
    Kind.SOURCE: _sources,
    Kind.TEXT: _sources,
}
