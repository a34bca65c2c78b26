"""Distances: how far the parties stand apart on issues with a scale, and how far they moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from tracker.dates import FIRST_DAY, moment_words
from tracker.db import db
from tracker.models import Negotiation
from tracker.queries.distance import distances, scaled
from tracker.queries.staleness import last_day
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import asked_numbers, asked_parties, asked_since, hold_known
from tracker.views.beginnings import begins_with
from tracker.views.languages import gettext as _
from tracker.views.rendering import PageView, address_without, negotiation_or_404, page, page_number
from tracker.views.visits import last_visit

blueprint = Blueprint("distances", __name__, url_prefix="/negotiations/<code>/distance")

WEEK, MONTH = timedelta(days=7), timedelta(days=30)


@blueprint.get("")
@allow(None)
def show(code: str) -> Response:
    """Show where the parties stand on each scale, beside where they stood on an earlier day."""
    negotiation = negotiation_or_404(code)
    last_visit(negotiation)
    view = PageView(negotiation)
    parties, numbers = asked_parties(negotiation), asked_numbers(negotiation)
    has_scale = scaled(db.session(), negotiation, numbers) if numbers else {}
    hold_known(negotiation, numbers, has_scale)
    found = distances(
        db.session(),
        negotiation,
        parties=parties,
        view=view.seen,
        user=access.user(),
        since=asked_since(view.seen),
        numbers=numbers,
        page=page_number(),
    )
    if found.paging.number > found.paging.count:
        abort(404)
    offered, offered_words = _offered(negotiation, view)
    return page(
        "distances/show.html",
        negotiation=negotiation,
        section="distance",
        view=view,
        found=found,
        chosen=parties,
        keys=[f"{code}-{number}" for number in numbers],
        without_scale=[f"{code}-{number}" for number in numbers if not has_scale[number]],
        known_at=moment_words(view.known_at) if view.known_at else "",
        offered=offered,
        offered_words=offered_words,
        may_edit=access.is_editor() and not view.is_past,
        begins="" if found.issues else begins_with(negotiation),
        address=address_without("page"),
        backless=address_without("page", "since"),
        unfiltered=address_without("page", "party", "issue"),
    )


def _offered(negotiation: Negotiation, view: PageView) -> tuple[list[date], str]:
    """Offer days to look back to, a week and a month before another; and say before which."""
    today = datetime.now(UTC).date()
    last = None if view.as_of else last_day(db.session(), negotiation, view.seen)
    if view.as_of:
        day, words = view.as_of, _("a week and a month before the day that the page looks from")
    elif last and last <= today:
        day, words = last, _("a week and a month before the last entry")
    else:
        day, words = today, _("a week and a month before today")
    return [max(day - time, FIRST_DAY) for time in (WEEK, MONTH)], words
