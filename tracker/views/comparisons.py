"""Comparisons: the positions of the parties, and what tabled texts say, side by side."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time
from typing import Any
from urllib.parse import quote

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from tracker.dates import Unreadable, View, moment_words, read_as_of
from tracker.db import db
from tracker.models import Negotiation
from tracker.models.vocabulary import Status
from tracker.queries.clauses import ProposalLine, proposals_on
from tracker.queries.columns import Named
from tracker.queries.comparison import Arrangement, Comparison, compare, unknown_issues
from tracker.queries.comparison_rows import RowSort
from tracker.queries.issue_list import Filters
from tracker.queries.saved_views import saved_views
from tracker.views import access
from tracker.views.access import allow
from tracker.views.columns import asked_columns, asked_folds, controls, refuse_fold
from tracker.views.issues import asked_filters
from tracker.views.languages import gettext as _
from tracker.views.rendering import PageView, address_without, negotiation_or_404, page, page_number
from tracker.views.saved_views import kept_query

blueprint = Blueprint("comparisons", __name__, url_prefix="/negotiations/<code>/compare")


@blueprint.get("")
@allow(None)
def show(code: str) -> Response:
    """Set what the address names side by side, in its order."""
    negotiation = negotiation_or_404(code)
    view = PageView(negotiation)
    session, user = db.session(), access.user()
    proposals = proposals_on(session, negotiation, view.seen, user)
    columns = asked_columns(negotiation, proposals)
    filters = _asked_rows(negotiation)
    found = compare(
        session,
        negotiation,
        columns=columns,
        filters=filters,
        view=view.seen,
        user=user,
        page=page_number(),
        baseline=_asked_baseline(view.seen),
        arrangement=_asked_arrangement(negotiation),
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
        sorts=RowSort,
        names=negotiation.names,
        controls=controls(found, columns),
        saved=saved_views(session, negotiation, user),
        shown_query=kept_query(request.query_string.decode("ascii", "replace")),
        known_at=_known_words(view.asked),
        here=quote(access.here(), safe=""),
        may_edit=access.is_editor() and not view.is_past,
        address=address_without("page"),
        unfiltered=address_without("topic", "status", "issue", "q", "differences", "page"),
        **_choices(negotiation, proposals, columns, found),
    )


def _choices(
    negotiation: Negotiation, proposals: list[ProposalLine], columns: list[Named], found: Comparison
) -> dict[str, Any]:
    """Say what the form offers: the columns asked for, in their order, and what else could be one."""
    places = {party.code: index for index, party in enumerate(negotiation.parties)}
    codes = {column.code for column in columns}
    return {
        "asked": [(column, places.get(column.code)) for column in columns],
        "other_parties": [
            (each, places[each.code]) for each in negotiation.parties if each.code not in codes
        ],
        "other_proposals": [each for each in proposals if each.code not in codes],
        "blocs": [party for party in negotiation.parties if party.code in found.blocs],
    }


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


def _asked_baseline(seen: View) -> date | None:
    """Read the day against which changes are marked; it cannot lie after the day that the page shows."""
    text = request.args.get("baseline", "")
    if not text:
        return None
    try:
        day = read_as_of(text)
    except Unreadable as error:
        abort(400, f"baseline: {_(str(error))}")
    if day > seen.day:
        abort(400, "baseline: " + _("This day lies after the one that the page shows."))
    return day


def _asked_arrangement(negotiation: Negotiation) -> Arrangement:
    """Read how the table is laid out."""
    word = request.args.get("sort") or RowSort.ORDER
    if word not in [*RowSort]:
        abort(400, "sort: " + _("“%(word)s” is not one of the choices.", word=word[:60]))
    return Arrangement(
        sort=RowSort(word),
        differences=_asked_switch("differences"),
        is_swapped=_asked_switch("swap"),
        folds=asked_folds(negotiation),
    )


def _asked_switch(name: str) -> bool:
    word = request.args.get(name, "")
    if word not in ("", "1"):
        abort(400, f"{name}: " + _("“%(word)s” is not one of the choices.", word=word[:60]))
    return bool(word)


def _refuse_what_is_not_there(filters: Filters, found: Comparison) -> None:
    for topic in filters.topics:
        if topic not in found.topics:
            abort(400, "topic: " + _("There is no topic “%(topic)s” in this negotiation.", topic=topic[:60]))
    for code in found.arrangement.folds:
        if code not in found.blocs:
            refuse_fold(code)
    if found.paging.number > found.paging.count:
        abort(404)


def _known_words(asked: View) -> str:
    """Write the moment of knowing for its field; the end of a day as the day, as it was typed."""
    if asked.known_at is None:
        return ""
    is_day = asked.known_at.time() == time.max
    return asked.known_at.date().isoformat() if is_day else moment_words(asked.known_at)
