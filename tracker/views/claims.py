"""Claims: what the parties say the status is, for reading."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.queries.claims import claim_history
from tracker.views import access
from tracker.views.access import allow
from tracker.views.beginnings import begins_with
from tracker.views.rendering import (
    PageView,
    address_without,
    issue_or_404,
    negotiation_or_404,
    page,
    page_number,
)

blueprint = Blueprint("claims", __name__)


@blueprint.get("/negotiations/<code>/claims")
@blueprint.get("/issues/<key>/claims")
@allow(None)
def index(code: str = "", key: str = "") -> Response:
    """List the claims of a negotiation, or on one issue, newest first."""
    issue = issue_or_404(key) if key else None
    negotiation = issue.negotiation if issue else negotiation_or_404(code)
    view = PageView(negotiation)
    found = claim_history(db.session(), negotiation, view.seen, access.user(), issue, page=page_number())
    return page(
        "claims/index.html",
        negotiation=negotiation,
        issue=issue,
        view=view,
        found=found,
        names=negotiation.names,
        address=address_without("page"),
        may_edit=access.is_editor() and not view.is_past,
        begins="" if found.records else begins_with(negotiation),
    )
