"""Comparisons: the positions of the parties side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from itertools import pairwise
from urllib.parse import quote, urlencode

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from tracker.dates import View, moment_words
from tracker.db import db
from tracker.models import Negotiation, Party
from tracker.models.vocabulary import Status
from tracker.queries.comparison import Comparison, compare, unknown_issues
from tracker.queries.issue_list import Filters
from tracker.views import access
from tracker.views.access import allow
from tracker.views.issues import asked_filters
from tracker.views.languages import gettext as _
from tracker.views.rendering import PageView, address_without, negotiation_or_404, page, page_number

blueprint = Blueprint("comparisons", __name__, url_prefix="/negotiations/<code>/compare")


@blueprint.get("")
@allow(None)
def show(code: str) -> Response:
    """Set the lines of the parties that the address names side by side, in its order."""
    negotiation = negotiation_or_404(code)
    view = PageView(negotiation)
    parties = _asked_parties(negotiation)
    filters = _asked_rows(negotiation)
    found = compare(
        db.session(),
        negotiation,
        parties=parties,
        filters=filters,
        view=view.seen,
        user=access.user(),
        page=page_number(),
    )
    _refuse_what_is_not_there(filters, found)
    return page(
        "comparisons/show.html",
        fragment="table",
        negotiation=negotiation,
        section="compare",
        view=view,
        found=found,
        filters=filters,
        statuses=Status,
        others=[party for party in negotiation.parties if party not in parties],
        moves=_moves([party.code for party in parties]),
        known_at=_known_words(view.asked),
        here=quote(access.here(), safe=""),
        may_edit=access.is_editor() and not view.is_past,
        address=address_without("page"),
        unfiltered=address_without("topic", "status", "issue", "q", "page"),
    )


def _asked_parties(negotiation: Negotiation) -> list[Party]:
    """Give the parties of the address in its order, each once; none named: all, in their own order."""
    codes = dict.fromkeys(code for code in request.args.getlist("party") if code)
    parties = {party.code: party for party in negotiation.parties}
    for code in codes:
        if code not in parties:
            abort(400, "party: " + _("There is no party “%(code)s” in this negotiation.", code=code[:60]))
    return [parties[code] for code in codes] or [*negotiation.parties]


def _asked_rows(negotiation: Negotiation) -> Filters:
    """Read which issues are rows; those named by key must be there."""
    numbers = []
    for key in request.args.getlist("issue"):
        match = re.fullmatch(rf"{negotiation.code}-([1-9]\d{{0,4}})", key, re.ASCII)
        if key and not match:
            abort(400, "issue: " + _("“%(key)s” is not the key of an issue here.", key=key[:60]))
        numbers += [int(match[1])] if match else []
    if numbers:
        for number in unknown_issues(db.session(), negotiation, numbers):
            key = f"{negotiation.code}-{number}"
            abort(400, "issue: " + _("There is no issue %(key)s.", key=key))
    return replace(asked_filters(), numbers=tuple(dict.fromkeys(numbers)))


def _refuse_what_is_not_there(filters: Filters, found: Comparison) -> None:
    for topic in filters.topics:
        if topic not in found.topics:
            abort(400, "topic: " + _("There is no topic “%(topic)s” in this negotiation.", topic=topic[:60]))
    if found.paging.number > found.paging.count:
        abort(404)


def _moves(codes: Sequence[str]) -> list[tuple[str | None, str | None]]:
    """Give the addresses that move each column one place to the left and to the right; None at the edge."""
    base = address_without("party", "page")

    def swapped(index: int) -> str:
        order = [*codes[:index], codes[index + 1], codes[index], *codes[index + 2 :]]
        return base + ("&" if "?" in base else "?") + urlencode([("party", code) for code in order])

    between: list[str | None] = [None, *(swapped(index) for index in range(len(codes) - 1)), None]
    return [*pairwise(between)]


def _known_words(asked: View) -> str:
    """Write the moment of knowing for its field; the end of a day as the day, as it was typed."""
    if asked.known_at is None:
        return ""
    is_day = asked.known_at.time() == time.max
    return asked.known_at.date().isoformat() if is_day else moment_words(asked.known_at)
