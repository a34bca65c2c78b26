"""Search: what is found of what is looked for, as far as the reader may see it, and in which order.

The database gives the last of each kind that hold the words; which of these are best is told here, by where
the words stand. So both databases give the same, in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tracker.dates import FIRST_DAY, View
from tracker.letters import plain_text
from tracker.models import Negotiation, User
from tracker.models.refused import N_, Fault
from tracker.models.search_doc import (
    OPEN,
    ROW,
    Kind,
    Phrase,
    day_of,
    id_of,
    kind_of,
    row_of,
    sought,
)
from tracker.models.vocabulary import Word
from tracker.queries.search_arms import PIECES, statement
from tracker.queries.search_lines import Line, lines
from tracker.queries.search_names import Known, issues_keyed, load_names, topics_called
from tracker.queries.search_narrowing import Narrowing
from tracker.queries.search_ranks import Hit, newest, ranked, shown_as, weigher
from tracker.queries.search_wish import Wish, grouped

#: Of each kind so many are looked at, and so many shown, where all kinds are.
LOOKED_AT, SHOWN = 30, 5
#: Where fewer hold the last word whole, it may also be the beginning of one.
FEW = 20
#: So many are ranked where one kind is asked for, and so many stand on a page.
RANKED, PAGE = 500, 20


class SearchSort(Word):
    """The order of what is found."""

    BEST = "best", N_("Best first")
    NEWEST = "newest", N_("Newest first")


@dataclass(frozen=True)
class Group:
    """What was found of one kind. `count`: how many, or at least how many where there are `more`."""

    kind: Kind
    lines: list[Line]
    count: int
    more: bool


@dataclass(frozen=True)
class Found:
    """What was found: by kind, or as a page of a list. `faults`: what of the question was not understood.

    `count`: how many, or at least how many where there is `more`; None: not known before the last page.
    """

    groups: list[Group]
    lines: list[Line]
    faults: list[Fault]
    count: int | None = None
    more: bool = False
    number: int = 1
    is_last: bool = True

    @property
    def is_empty(self) -> bool:
        return not self.groups and not self.lines


@dataclass(frozen=True)
class Search:
    """Who looks, from where, for what."""

    session: Session
    user: User | None
    view: View
    wish: Wish
    negotiation: Negotiation | None = None

    def find(self, sort: SearchSort, page: int) -> Found:
        """Find a page: of all kinds a few of each, or one list where a kind or the newest are asked for.

        At most six SQL statements.
        """
        faults = [*self.wish.faults]
        ask = _Asking.of(self, faults, by_day=sort is SearchSort.NEWEST)
        if ask is None:
            return Found([], [], faults)
        if sort is SearchSort.BEST and not self.wish.kinds:
            return self._overview(ask, faults) if page == 1 else Found([], [], faults)
        return self._list(ask, faults, sort, page)

    def _overview(self, ask: _Asking, faults: list[Fault]) -> Found:
        hits = ask.hits(LOOKED_AT + 1)
        by_kind: dict[Kind, list[Hit]] = {}
        for hit in ranked(hits):
            by_kind.setdefault(shown_as(hit.kind), []).append(hit)
        best = {kind: of[:SHOWN] for kind, of in by_kind.items()}
        made = lines(self.session, [hit.id for of in best.values() for hit in of], ask.marking)
        found = []
        for kind in Kind:
            if shown := _shown(made, best.get(kind, [])):
                count = len(by_kind[kind])
                more = count > LOOKED_AT or (kind is Kind.SOURCE and ask.is_cut)
                found.append(Group(kind, shown, min(count, LOOKED_AT), more))
        count, more = sum(group.count for group in found), any(group.more for group in found)
        return Found(found, [], faults, count, more)

    def _list(self, ask: _Asking, faults: list[Fault], sort: SearchSort, page: int) -> Found:
        most = RANKED if sort is SearchSort.BEST else min(page * PAGE, RANKED)
        hits = ask.hits(most + 1)
        ordered = ranked(hits) if sort is SearchSort.BEST else newest(hits)
        shown = ordered[(page - 1) * PAGE : page * PAGE]
        made = lines(self.session, [hit.id for hit in shown], ask.marking)
        is_last = len(ordered) <= page * PAGE or page * PAGE >= RANKED
        count = min(len(ordered), RANKED) if is_last or sort is SearchSort.BEST else None
        more = len(ordered) > RANKED or ask.is_cut
        return Found([], _shown(made, shown), faults, count, more, page, is_last)


def _shown(made: dict[int, Line], hits: Sequence[Hit]) -> list[Line]:
    """Give the lines of hits; what the index holds of rows that are not there is passed over."""
    found = [hit for hit in hits if hit.id in made]
    for hit in found:
        made[hit.id].is_withdrawn = hit.is_gone
    return [made[hit.id] for hit in found]


@dataclass
class _Asking:
    """A search that has been understood: what the database is asked for, and how what it gives is weighed."""

    search: Search
    kinds: tuple[Kind, ...]
    groups: list[list[Phrase]]
    begun: list[list[Phrase]]
    marks: list[list[Phrase]]
    known: Known
    given: dict[str, Any]
    narrowing: Narrowing
    by_day: bool
    #: Whether texts hold the words in more places than were looked at.
    is_cut: bool = False

    @classmethod
    def of(cls, search: Search, faults: list[Fault], *, by_day: bool) -> _Asking | None:
        """Resolve names, parties, topics and issues; None: nothing can be found."""
        wish, session, user = search.wish, search.session, search.user
        if not wish:
            return None
        known = load_names(session, user, search.negotiation)
        marks = []
        for asked in wish.parties:
            found = known.marks.get(asked.lower()) or known.marks.get(plain_text(asked), [])
            if not found:
                faults.append(known.no_party(asked))
                return None
            marks.append([Phrase((mark,)) for mark in found])
        topics = topics_called(session, user, wish.topics, known) if wish.topics else []
        if wish.topics and not topics:
            faults.append(
                Fault("topic", N_("There is no topic “%(value)s”."), {"value": wish.topics[0][:60]})
            )
            return None
        issues = issues_keyed(session, user, wish.issues) if wish.issues else []
        if wish.issues and not issues:
            key = "-".join(map(str, wish.issues[0]))
            faults.append(Fault("issue", N_("There is no issue %(value)s."), {"value": key}))
            return None
        narrowing = Narrowing(
            by_stranger=user is None,
            by_negotiation=search.negotiation is not None,
            by_issue=bool(issues),
            by_topic=bool(topics),
            by_status=bool(wish.statuses),
            by_day=bool(wish.before or wish.after),
            by_moment=search.view.known_at is not None,
        )
        given = {
            "reader": user and user.id,
            "negotiation": search.negotiation and search.negotiation.id,
            "day": search.view.day,
            "known_at": search.view.known_at,
            "issues": issues,
            "topics": topics,
            "statuses": wish.statuses,
            "after": wish.after or date.min,
            "before": wish.before or date.max,
            **(_ids(wish.after, wish.before) if narrowing.by_day else {}),
        }
        groups = grouped(wish.words, known.names, is_begun=False)
        begun = grouped(wish.words, known.names, is_begun=wish.is_begun)
        return cls(search, _kinds(wish, user), groups, begun, marks, known, given, narrowing, by_day)

    @property
    def marking(self) -> list[Phrase]:
        """What is marked in the texts that are shown."""
        return [phrase for group in self.begun for phrase in group if not phrase.words[0] >= OPEN]

    def hits(self, most: int) -> list[Hit]:
        """Give the last of each kind that hold the words; where few do, the last word may be only begun.

        One SQL statement or two: a beginning costs much where many words begin so.
        """
        if not self.kinds:
            return []
        hits = self._ask(self.groups, most)
        if self.search.wish.is_begun and len(hits) < FEW:
            hits = [*{hit.id: hit for hit in [*self._ask(self.begun, most), *hits]}.values()]
        return hits

    def _ask(self, groups: list[list[Phrase]], most: int) -> list[Hit]:
        matches = {name: match for name, match in self._matches(groups) if match}
        query = statement(self.kinds, self.narrowing, tuple(matches), by_day=self.by_day)
        given = self.given | matches | {"most": most}
        rows = self.search.session.execute(query, given).all()
        self.is_cut = sum(row[5] for row in rows) >= most * PIECES
        weigh = weigher(groups)
        return [_hit(row[0], weigh(row[1], row[2]), *row[3:5]) for row in rows]

    def _matches(self, groups: list[list[Phrase]]) -> Iterator[tuple[str, str]]:
        """Write what is looked for in negotiations that the reader sees; marks of parties are of these."""
        session, within = self.search.session, self.known.within
        marks = self.marks or within
        yield "match", sought(session, groups, marks)
        if groups:
            yield "match_in_title", sought(session, groups, marks, in_title=True)
        is_open = [[Phrase((OPEN,))]] if self.search.user is None else []
        yield "match_of_sources", sought(session, groups, [*is_open, *within])


def _hit(id_: int, score: int, day: date | None, is_gone: bool) -> Hit:
    kind = kind_of(id_)
    of = (day or FIRST_DAY).toordinal() if kind is Kind.TEXT else day_of(id_)
    return Hit(id_, kind, row_of(id_), score, bool(is_gone), of)


def _ids(after: date | None, before: date | None) -> dict[str, int]:
    """Give the first and the last id of the entries and notes between two days."""
    found = {}
    for kind in (Kind.POSITION, Kind.STATUS, Kind.CLAIM, Kind.NOTE):
        found[f"first_{kind}"] = id_of(kind, after, ROW) + 1 if after else kind.ids[0]
        found[f"last_{kind}"] = id_of(kind, before) - 1 if before else kind.ids[1]
    return found


def _kinds(wish: Wish, user: User | None) -> tuple[Kind, ...]:
    """Tell of which kinds anything can be found."""
    wanted = {*(wish.kinds or Kind)}
    if Kind.SOURCE in wanted:
        wanted.add(Kind.TEXT)
    if user is None:
        wanted.discard(Kind.NOTE)
    if wish.parties:
        wanted -= {Kind.ISSUE, Kind.NOTE, Kind.SOURCE, Kind.TEXT}
    if wish.topics or wish.statuses or wish.issues:
        wanted -= {Kind.PROPOSAL, Kind.EVENT, Kind.SOURCE, Kind.TEXT}
    if wish.before or wish.after:
        wanted.discard(Kind.ISSUE)
    if not wish.words:
        wanted.discard(Kind.TEXT)
    return tuple(kind for kind in Kind if kind in wanted)
