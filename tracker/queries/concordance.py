"""Concordance: two tabled texts clause by clause, with the words in which they differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from math import isqrt
from typing import Any

from rapidfuzz.distance import Indel
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.models import Clause, ClauseIssue, Issue, Negotiation, Position, User
from tracker.models.entry import latest_first
from tracker.models.proposal import added_by
from tracker.queries.asking import At, asked, many, one
from tracker.queries.clauses import ProposalLine
from tracker.queries.entries import ENTRY, STANDING, EntryLine, entry_lines, read_entries
from tracker.queries.ladder import IssueName
from tracker.text import Change, same_words, word_sides

CLAUSE, TOUCH, ISSUE = Clause.__table__.c, ClauseIssue.__table__.c, Issue.__table__.c
#: An issue that both clauses touch counts as much as so many per cent of their words in common.
SHARED = 50
#: Clauses with fewer points than this have no counterpart in one another.
LEAST = 50
#: So many words of a clause are compared: what is alike, or not, shows by then. Of long texts fewer are, so
#: that all pairs of clauses together take no more than EFFORT, in words times words.
COMPARED, EFFORT = 300, 300_000_000
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause to print, with the issues it touches and the positions that answer it, newest first."""

    id: int
    number: str
    text: str
    locator: str
    issues: Sequence[IssueName]
    answers: Sequence[EntryLine]


@dataclass(frozen=True, slots=True)
class Pair:
    """A clause of each text, or of one alone. `shared`: keys of issues that both touch.

    `before` and `after` are their words as each writes them, those that only this one has marked; empty
    where the two have the same words, or so few in common that marks would tell nothing (`is_other`).
    """

    left: ClauseLine | None
    right: ClauseLine | None
    shared: Sequence[str] = ()
    likeness: int = 0
    before: Sequence[Change] = ()
    after: Sequence[Change] = ()

    @property
    def is_other(self) -> bool:
        return self.left is not None and self.right is not None and not self.before and not self.is_same

    @property
    def is_same(self) -> bool:
        return bool(self.left and self.right and same_words(self.left.text, self.right.text))


@dataclass(frozen=True)
class Concordance:
    """Two texts, the earlier on the left: in its order, then what only the other has."""

    left: ProposalLine
    right: ProposalLine
    pairs: Sequence[Pair]
    #: So many words of each clause were compared.
    compared: int

    @property
    def both(self) -> int:
        return sum(bool(pair.left and pair.right) for pair in self.pairs)

    @property
    def same(self) -> int:
        return sum(pair.is_same for pair in self.pairs)

    @property
    def left_alone(self) -> int:
        return sum(pair.right is None for pair in self.pairs)

    @property
    def right_alone(self) -> int:
        return sum(pair.left is None for pair in self.pairs)


def clauses_of(
    session: Session,
    negotiation: Negotiation,
    proposal: ProposalLine,
    view: View,
    user: User | None,
    *,
    with_answers: bool = True,
) -> list[ClauseLine]:
    """Load the clauses of a text in their order, in four SQL statements at most."""
    rows = _clauses(session, view, proposal=proposal.id).all()
    ids = [row.id for row in rows]
    touched: dict[int, list[IssueName]] = {}
    for id_, number, title in _touches(session, view, proposal=proposal.id):
        touched.setdefault(id_, []).append(IssueName(f"{negotiation.code}-{number}", title))
    answers: dict[int, list[EntryLine]] = {}
    if ids and with_answers:
        for entry in read_entries(session, _answers(session, view, clauses=ids).all(), view, user):
            answers.setdefault(entry.clause_id or 0, []).append(entry)
    return [
        ClauseLine(
            row.id,
            row.number,
            row.text,
            "" if proposal.is_withheld else row.locator,
            touched.get(row.id, []),
            answers.get(row.id, []),
        )
        for row in rows
    ]


@asked
def _clauses(at: At) -> Select[Any]:
    columns = (CLAUSE.id, CLAUSE.number, CLAUSE.text, CLAUSE.locator)
    mine = (CLAUSE.proposal_id == one("proposal"), *added_by(CLAUSE, at.known_at))
    return select(*columns).where(*mine).order_by(CLAUSE.id)


@asked
def _touches(at: At) -> Select[Any]:
    return (
        select(TOUCH.clause_id, ISSUE.number, ISSUE.title)
        .join(Issue.__table__, ISSUE.id == TOUCH.issue_id)
        .join(Clause.__table__, CLAUSE.id == TOUCH.clause_id)
        .where(CLAUSE.proposal_id == one("proposal"), *added_by(CLAUSE, at.known_at))
        .order_by(ISSUE.ordering, ISSUE.number)
    )


@asked
def _answers(at: At) -> Select[Any]:
    answering = select(Position.__table__.c.id).where(Position.__table__.c.clause_id.in_(many("clauses")))
    return entry_lines(at).where(ENTRY.id.in_(answering), STANDING).order_by(*latest_first(ENTRY))


def concord(left: Sequence[ClauseLine], right: Sequence[ClauseLine]) -> list[Pair]:
    """Pair the clauses of two texts, each with one other at most.

    Two clauses have a point for each per cent of their first words (`compared`) in common, and SHARED
    points where they touch the same issue. The pairs with the most points are made first, down to LEAST;
    of equals the earlier.
    """
    most = compared(len(left), len(right))
    words = [[_words(clause.text, most) for clause in side] for side in (left, right)]
    shared = {
        (one_, other): [each.key for each in left[one_].issues if each in right[other].issues]
        for one_ in range(len(left))
        for other in range(len(right))
    }
    likeness = {
        (one_, other): _likeness(words[0][one_], words[1][other], least=0 if keys else LEAST)
        for (one_, other), keys in shared.items()
    }
    points = {pair: each + (SHARED if shared[pair] else 0) for pair, each in likeness.items()}
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for one_, other in sorted(points, key=lambda pair: (-points[pair], pair)):
        if points[one_, other] >= LEAST and one_ not in partner and other not in taken:
            partner[one_] = other
            taken.add(other)
    pairs = [
        _pair(clause, right[partner[n]], shared[n, partner[n]], likeness[n, partner[n]])
        if n in partner
        else Pair(clause, None)
        for n, clause in enumerate(left)
    ]
    return [*pairs, *(Pair(None, clause) for n, clause in enumerate(right) if n not in taken)]


def compared(left: int, right: int) -> int:
    """Tell how many words of each clause are compared where the texts have so many clauses."""
    return min(COMPARED, isqrt(EFFORT // max(1, left * right)))


def _words(text: str, most: int) -> list[str]:
    return [found[0].casefold() for found in islice(_WORD.finditer(text), most)]


def _likeness(words: Sequence[str], others: Sequence[str], least: int) -> int:
    """Give the per cent of words in common and in order; 0 where it is surely less than the least."""
    return round(100 * Indel.normalized_similarity(words, others, score_cutoff=max(0, least - 1) / 100))


def _pair(left: ClauseLine, right: ClauseLine, shared: Sequence[str], likeness: int) -> Pair:
    before, after = word_sides(left.text, right.text)
    if all(change.kind != "same" for change in before):
        return Pair(left, right, shared, likeness)
    return Pair(left, right, shared, likeness, before, after)
