"""Columns: which the address of a comparison names, and the addresses that move, fold and take them away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlencode

from flask import abort, request

from tracker.models import Negotiation
from tracker.models.vocabulary import PartyKind
from tracker.queries.clauses import ProposalLine
from tracker.queries.columns import Column, Named
from tracker.queries.comparison import Comparison
from tracker.views.languages import gettext as _
from tracker.views.rendering import arguments

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
            abort(400, f"{kind}: {told}")
    return [known[pair] for pair in named] or [*negotiation.parties]


def _named() -> list[Pair]:
    return [*dict.fromkeys(pair for pair in arguments() if pair[0] in ("party", "proposal") and pair[1])]


def asked_folds(negotiation: Negotiation) -> tuple[str, ...]:
    """Give the blocs whose members the address folds in."""
    codes = dict.fromkeys(code for code in request.args.getlist("fold") if code)
    for code in codes:
        party = negotiation.party(code)
        if party is None or party.kind is not PartyKind.BLOC:
            refuse_fold(code)
    return tuple(codes)


def refuse_fold(code: str) -> None:
    abort(400, "fold: " + _("There is no bloc “%(code)s” with members on that day.", code=code[:60]))


def controls(found: Comparison, asked: Sequence[Named]) -> list[Controls]:
    """Write the addresses behind the controls of each column."""
    return [_controls(found, asked, index) for index in range(len(found.columns))]


def _controls(found: Comparison, asked: Sequence[Named], index: int) -> Controls:
    shown = [_pair(column) for column in found.columns]
    hidden = [pair for pair in map(_pair_named, asked) if pair not in shown]
    column, folds = found.columns[index], found.arrangement.folds

    def moved(left: int) -> str | None:
        if left < 0 or left + 1 >= len(shown):
            return None
        order = [*shown[:left], shown[left + 1], shown[left], *shown[left + 2 :]]
        return _address([*order, *hidden], folds)

    others = [pair for pair in shown if pair != shown[index]]
    members = {("party", code) for code in column.members} if column.is_folded else set()
    kept = [*others, *(pair for pair in hidden if pair not in members)]
    neighbours = others[index : index + 1] or others[-1:]
    return Controls(
        left=moved(index - 1),
        right=moved(index),
        remove=_address(kept, [code for code in folds if code != column.code]) if others else None,
        fold=_folded(column, shown, hidden, folds) if column.members else None,
        beside=f"remove-{neighbours[0][1]}" if len(others) > 1 else "compared",
    )


def _folded(column: Column, shown: list[Pair], hidden: list[Pair], folds: Sequence[str]) -> str:
    """Fold the members of a bloc in; or out, to stand behind their bloc."""
    order = [*shown, *hidden] if _named() else []
    if not column.is_folded:
        return _address(order, [*folds, column.code])
    members = [("party", code) for code in column.members if ("party", code) not in shown]
    order = [pair for pair in order if pair not in members]
    place = order.index(_pair(column)) + 1 if order else 0
    out = members if order else []
    return _address([*order[:place], *out, *order[place:]], [code for code in folds if code != column.code])


def _pair(column: Column) -> Pair:
    return column.kind, column.code


def _pair_named(column: Named) -> Pair:
    return "proposal" if isinstance(column, ProposalLine) else "party", column.code


def _address(columns: Sequence[Pair], folds: Sequence[str]) -> str:
    """Give this page's address with other columns, from its first page on."""
    moved = ("party", "proposal", "fold", "page")
    kept = [pair for pair in arguments() if pair[0] not in moved and pair[1]]
    query = urlencode([*kept, *columns, *(("fold", code) for code in folds)])
    return request.path + (f"?{query}" if query else "")
