"""Events: the list, for reading."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.queries.happenings import list_events
from tracker.views import access
from tracker.views.access import allow
from tracker.views.rendering import PageView, address_without, negotiation_or_404, page, page_number

blueprint = Blueprint("events", __name__, url_prefix="/negotiations/<code>/events")


@blueprint.get("")
@allow(None)
def index(code: str) -> Response:
    """List the events, newest first."""
    negotiation = negotiation_or_404(code)
    view = PageView(negotiation)
    return page(
        "events/index.html",
        negotiation=negotiation,
        view=view,
        found=list_events(db.session(), negotiation, view.seen, access.user(), page=page_number()),
        names=negotiation.names,
        address=address_without("page"),
    )
