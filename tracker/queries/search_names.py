"""The names that search knows: parties and people with their aliases, as the record has them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Text, and_, cast, select, tuple_
from sqlalchemy.orm import Session

from tracker.letters import plain_text
from tracker.models import Issue, Negotiation, Party, Person, User
from tracker.models.refused import N_, Fault
from tracker.models.search_doc import (
    DOC,
    ROW,
    Kind,
    Phrase,
    either,
    matching,
    negotiation_mark,
    party_mark,
    search_doc,
    sought,
    topic_mark,
)
from tracker.queries.asking import asked_by, many, one
from tracker.queries.search_wish import Name, Names

_PARTY, _PERSON = Party.__table__.c, Person.__table__.c
#: A last name alone stands for its bearer from so many letters on: shorter ones are words of their own.
_LAST_NAME = 4
#: So many codes of parties are offered instead of one that there is not.
OFFERED = 20
#: For so many negotiations is asked by their marks: each makes a search of a large record up to a millisecond
#: longer. (To pass by what is hidden instead takes longer the more is hidden.)
MARKED = 32


@dataclass(frozen=True)
class Known:
    """Who is called what, the codes of parties, and their marks by code and by plain name.

    `within`: of which marks something has one that may be found, where not all may be. Hidden rows then stay
    inside the index, so that the time of a search for whole words does not tell of them.
    """

    names: Names
    codes: Sequence[str]
    marks: Mapping[str, Sequence[str]]
    within: Sequence[Sequence[Phrase]]

    def no_party(self, asked: str) -> Fault:
        """Say that no party is called so, and how those that there are can be asked for."""
        codes = ", ".join(self.codes[:OFFERED]) + (", …" if len(self.codes) > OFFERED else "")
        told = N_("There is no party “%(value)s”; known are %(codes)s.")
        return Fault("party", told, {"value": asked[:60], "codes": codes or "–"})


def load_names(session: Session, user: User | None, negotiation: Negotiation | None) -> Known:
    """Read the names that the reader may see. One SQL statement."""
    rows = _called(session, user).all()
    return _known(tuple(map(tuple, rows)), negotiation and negotiation.id)


@lru_cache(64)
def _known(rows: Sequence[tuple[Any, ...]], within: int | None) -> Known:
    """Sort out names; the same are asked for again and again. Lists are read as they are stored."""
    seen = {row[0]: row[1] and within in (None, row[0]) for row in rows}
    names: dict[tuple[str, ...], list[Name]] = {}
    marks: dict[str, list[str]] = {}
    parties: dict[str, list[str]] = {}
    for of, _, code, name, short, aliases, person, known_as in rows:
        if code is None or not seen[of]:
            continue
        mark = party_mark(of, code)
        if mark not in parties:
            parties[mark] = [name, short, *json.loads(aliases)]
            for word in {code, *map(plain_text, parties[mark])} - {""}:
                marks.setdefault(word, []).append(mark)
            _enter(names, parties[mark], mark)
        if person:
            called = [person, *json.loads(known_as)]
            last = [word[-1] for each in called if len(word := plain_text(each).split()) > 1]
            _enter(names, [*called, *(word for word in last if len(word) >= _LAST_NAME)], "")
    codes = sorted({row[2] for row in rows if row[2] and seen[row[0]]})
    return Known(names, codes, marks, _within(seen))


def _within(negotiations: Mapping[int, bool]) -> list[list[Phrase]]:
    """Write by which marks those negotiations are asked for that are seen, where these are not all."""
    seen = sorted(of for of, is_seen in negotiations.items() if is_seen) or [0]  # who sees none finds nothing
    if all(negotiations.values()) or len(seen) > MARKED:
        return []
    return [[Phrase((negotiation_mark(of),)) for of in seen]]


def _enter(names: dict[tuple[str, ...], list[Name]], called: list[str], mark: str) -> None:
    plain = [*dict.fromkeys(words for each in called if (words := tuple(plain_text(each).split())))]
    for words in plain:
        names.setdefault(words, []).append(Name(tuple(plain), mark))


@asked_by
def _called(reader: Any) -> Select[Any]:
    """Of a negotiation that the reader does not see, its id alone."""
    is_seen = Negotiation.visible_to_id(reader)
    return (
        select(
            Negotiation.id,
            is_seen.label("is_seen"),
            _PARTY.code,
            _PARTY.name,
            _PARTY.short_name,
            cast(_PARTY.aliases, Text).label("aliases"),
            _PERSON.name,
            cast(_PERSON.aliases, Text).label("known_as"),
        )
        .select_from(Negotiation)
        .outerjoin(Party.__table__, and_(_PARTY.negotiation_id == Negotiation.id, is_seen))
        .outerjoin(Person.__table__, _PERSON.party_id == _PARTY.id)
        .order_by(_PARTY.id, _PERSON.id)
    )


def topics_called(session: Session, user: User | None, asked: Iterable[str], known: Known) -> list[str]:
    """Find the topics whose words begin so, as any of those asked for do. One SQL statement."""
    begun = (
        [[Phrase((topic_mark(word),), is_open=True)] for word in plain_text(each).split()] for each in asked
    )
    wanted = [sought(session, words, known.within) for words in begun if words]
    return [*_topics(session, user, match=either(session, wanted)).scalars()] if wanted else []


@asked_by
def _topics(reader: Any) -> Select[Any]:
    first, last = Kind.ISSUE.ids
    number: Any = DOC.rowid.op("&")(ROW)
    return (
        select(Issue.topic)
        .select_from(search_doc)
        .join(Issue, Issue.id == number)
        .join(Negotiation, Negotiation.id == Issue.negotiation_id)
        .where(matching(one("match")), DOC.rowid.between(first, last), Negotiation.visible_to_id(reader))
        .distinct()
    )


def issues_keyed(session: Session, user: User | None, keys: Sequence[tuple[str, int]]) -> list[int]:
    """Find the issues of these codes and numbers. One SQL statement."""
    return [*_issues(session, user, keys=keys).scalars()]


@asked_by
def _issues(reader: Any) -> Select[Any]:
    return (
        select(Issue.id)
        .join(Negotiation, Negotiation.id == Issue.negotiation_id)
        .where(tuple_(Negotiation.code, Issue.number).in_(many("keys")), Negotiation.visible_to_id(reader))
    )
