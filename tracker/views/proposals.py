"""Proposals: the list, for reading."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.queries.happenings import list_proposals
from tracker.views import access
from tracker.views.access import allow
from tracker.views.beginnings import begins_with
from tracker.views.rendering import PageView, address_without, negotiation_or_404, page, page_number

blueprint = Blueprint("proposals", __name__, url_prefix="/negotiations/<code>/proposals")


@blueprint.get("")
@allow(None)
def index(code: str) -> Response:
    """List the proposals, newest first."""
    negotiation = negotiation_or_404(code)
    view = PageView(negotiation)
    found = list_proposals(db.session(), negotiation, view.seen, access.user(), page=page_number())
    return page(
        "proposals/index.html",
        negotiation=negotiation,
        view=view,
        found=found,
        names=negotiation.names,
        address=address_without("page"),
        may_edit=access.is_editor() and not view.is_past,
        begins="" if found.records else begins_with(negotiation),
    )
