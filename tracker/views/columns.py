"""Columns: which the address of a comparison names, and the addresses that move, fold and take them away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import urlencode

from flask import request

from tracker.models import Negotiation
from tracker.models.vocabulary import PartyKind
from tracker.queries.clauses import ProposalLine
from tracker.queries.columns import Column, Named
from tracker.queries.comparison import Comparison
from tracker.views import access
from tracker.views.addresses import named, refuse
from tracker.views.languages import gettext as _

#: What an address calls a column: "party" or "proposal", and its code.
Pair: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class Controls:
    """The addresses behind the controls at a column's head; None where there is nothing to do.

    `beside`: the id of the control that takes the focus once the column is gone.
    """

    left: str | None
    right: str | None
    remove: str | None
    fold: str | None
    beside: str


def asked_columns(negotiation: Negotiation, proposals: Sequence[ProposalLine]) -> list[Named]:
    """Give the columns of the address in its order, each once; none named: all parties, in theirs."""
    known: dict[Pair, Named] = {("party", party.code): party for party in negotiation.parties}
    known |= {("proposal", proposal.code): proposal for proposal in proposals}
    named = _named()
    for kind, code in named:
        if (kind, code) not in known:
            told = _("There is no party “%(code)s” in this negotiation.", code=code[:60])
            if kind == "proposal":
                told = _("No proposal “%(code)s” was on the table, as far as is known.", code=code[:60])
            refuse(kind, told)
    return [known[pair] for pair in named] or [*negotiation.parties]


def _named() -> list[Pair]:
    return [
        *dict.fromkeys(pair for pair in access.arguments() if pair[0] in ("party", "proposal") and pair[1])
    ]


def asked_folds(negotiation: Negotiation) -> tuple[str, ...]:
    """Give the blocs whose members the address folds in."""
    codes = named("fold")
    for code in codes:
        party = negotiation.party(code)
        if party is None or party.kind is not PartyKind.BLOC:
            refuse_fold(code)
    return tuple(codes)


def refuse_fold(code: str) -> None:
    refuse("fold", _("There is no bloc “%(code)s” with members on that day.", code=code[:60]))


def controls(found: Comparison, asked: Sequence[Named]) -> list[Controls]:
    """Write the addresses behind the controls of each column."""
    here = _Here(found, asked)
    return [here.controls(index) for index in range(len(found.columns))]


class _Here:
    """This page's address, to be written with other columns, from its first page on.

    `hidden`: columns that were asked for and stand folded in others.
    """

    def __init__(self, found: Comparison, asked: Sequence[Named]) -> None:
        self.columns, self.folds = found.columns, found.arrangement.folds
        self.shown = [(column.kind, column.code) for column in found.columns]
        named = [("proposal" if isinstance(each, ProposalLine) else "party", each.code) for each in asked]
        self.hidden = [pair for pair in named if pair not in self.shown]
        self.is_named = bool(_named())
        moved = ("party", "proposal", "fold", "page")
        self.kept = [pair for pair in access.arguments() if pair[0] not in moved and pair[1]]

    def address(self, columns: Sequence[Pair], folds: Sequence[str]) -> str:
        """Give this page's address with other columns."""
        written = map(_argument, [*self.kept, *columns, *(("fold", code) for code in folds)])
        query = "&".join(written)
        return request.path + (f"?{query}" if query else "")

    def controls(self, index: int) -> Controls:
        """Write the addresses behind the controls of a column."""
        column, shown = self.columns[index], self.shown
        others = [*shown[:index], *shown[index + 1 :]]
        unfolded = [code for code in self.folds if code != column.code]
        members = self._members(column) if column.is_folded else []
        kept = [*others, *(pair for pair in self.hidden if pair not in members)]
        neighbours = others[index : index + 1] or others[-1:]
        return Controls(
            left=self._moved(index - 1),
            right=self._moved(index),
            remove=self.address(kept, unfolded) if others else None,
            fold=self._folded(column, index) if column.members else None,
            beside=f"remove-{neighbours[0][1]}" if len(others) > 1 else "compared",
        )

    def _moved(self, left: int) -> str | None:
        """Let a column and the one on its right change places."""
        shown = self.shown
        if left < 0 or left + 1 >= len(shown):
            return None
        order = [*shown[:left], shown[left + 1], shown[left], *shown[left + 2 :]]
        return self.address([*order, *self.hidden], self.folds)

    def _folded(self, column: Column, index: int) -> str:
        """Fold the members of a bloc in; or out, to stand behind their bloc."""
        order = [*self.shown, *self.hidden]
        if not column.is_folded:
            return self.address(order if self.is_named else [], [*self.folds, column.code])
        members = self._members(column)
        order = [pair for pair in order if pair not in members]
        order[index + 1 : index + 1] = members
        unfolded = [code for code in self.folds if code != column.code]
        return self.address(order if self.is_named else [], unfolded)

    def _members(self, column: Column) -> list[Pair]:
        """List the members of a bloc that are folded in."""
        return [("party", code) for code in column.members if ("party", code) not in self.shown]


def _argument(pair: Pair) -> str:
    """Write an argument; what somebody typed is not kept beyond the request."""
    return _written(pair) if pair[0] in ("party", "proposal", "fold") else urlencode([pair])


@lru_cache(4096)
def _written(pair: Pair) -> str:
    return urlencode([pair])
