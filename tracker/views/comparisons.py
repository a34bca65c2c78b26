"""Comparisons: the positions of the parties, and what tabled texts say, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any
from urllib.parse import quote

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from tracker.dates import View, moment_words, read_as_of
from tracker.db import db
from tracker.models import Negotiation
from tracker.models.vocabulary import Status
from tracker.queries.clauses import ProposalLine, proposals_on
from tracker.queries.columns import Named
from tracker.queries.comparison import Arrangement, Comparison, Whole, compare
from tracker.queries.comparison_rows import RowSort
from tracker.queries.issue_list import Filters
from tracker.queries.saved_views import saved_views
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import asked_day, asked_issues, asked_word, hold_topic, named, refuse
from tracker.views.columns import asked_columns, asked_folds, controls, refuse_fold
from tracker.views.comparison_words import SORTS
from tracker.views.issues import asked_filters
from tracker.views.languages import gettext as _
from tracker.views.rendering import PageView, address_without, negotiation_or_404, page, page_number
from tracker.views.saved_views import kept_query
from tracker.views.visits import last_visit

blueprint = Blueprint("comparisons", __name__, url_prefix="/negotiations/<code>/compare")


@blueprint.get("")
@allow(None)
def show(code: str) -> Response:
    """Set what the address names side by side, in its order."""
    negotiation = negotiation_or_404(code)
    view = PageView(negotiation)
    last_visit(negotiation)
    session, user = db.session(), access.user()
    proposals = proposals_on(session, negotiation, view.seen, user)
    asked = asked_comparison(negotiation, proposals, view.seen)
    columns, filters = asked["columns"], asked["filters"]
    if not named("party") and not named("proposal"):
        view.taken = {"party": [column.code for column in columns]}
    found = compare(session, negotiation, **asked, user=user, page=page_number())
    refuse_what_is_not_there(filters, found)
    if found.paging.number > found.paging.count:
        abort(404)
    return page(
        "comparisons/show.html",
        fragment="table",
        negotiation=negotiation,
        section="compare",
        view=view,
        found=found,
        filters=filters,
        statuses=Status,
        sorts=SORTS,
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


def asked_comparison(
    negotiation: Negotiation, proposals: Sequence[ProposalLine], seen: View
) -> dict[str, Any]:
    """Read from the address what is compared, as the query asks for it."""
    return {
        "columns": asked_columns(negotiation, proposals),
        "filters": replace(asked_filters(), numbers=asked_issues(negotiation)),
        "view": seen,
        "baseline": _asked_baseline(seen),
        "arrangement": _asked_arrangement(negotiation),
    }


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


def _asked_baseline(seen: View) -> date | None:
    """Read the day against which changes are marked; it cannot lie after the day that the page shows."""
    day = asked_day("baseline", read_as_of)
    if day and day > seen.day:
        refuse("baseline", _("This day lies after the one that the page shows."))
    return day


def _asked_arrangement(negotiation: Negotiation) -> Arrangement:
    """Read how the table is laid out."""
    return Arrangement(
        sort=RowSort(asked_word("sort", [*RowSort], RowSort.ORDER)),
        differences=bool(asked_word("differences", ["1"])),
        is_swapped=bool(asked_word("swap", ["1"])),
        folds=asked_folds(negotiation),
    )


def refuse_what_is_not_there(filters: Filters, found: Comparison | Whole) -> None:
    """Refuse topics and blocs of the address that the negotiation has not."""
    for topic in filters.topics:
        hold_topic(topic, found.topics)
    for code in found.arrangement.folds:
        if code not in found.blocs:
            refuse_fold(code)


def _known_words(asked: View) -> str:
    """Write the moment of knowing for its field; the end of a day as the day, as it was typed."""
    if asked.known_at is None:
        return ""
    is_day = asked.known_at.time() == time.max
    return asked.known_at.date().isoformat() if is_day else moment_words(asked.known_at)
