"""Notes: the desk's private remarks, shown to those who sign in."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.models.vocabulary import Role
from tracker.queries.dossier import dossier
from tracker.views import access
from tracker.views.access import allow
from tracker.views.rendering import PageView, issue_or_404, page

blueprint = Blueprint("notes", __name__, url_prefix="/issues/<key>/notes")


@blueprint.get("")
@allow(Role.VIEWER)
def index(key: str) -> Response:
    """Show the notes on an issue."""
    issue = issue_or_404(key)
    view = PageView(issue.negotiation)
    file = dossier(db.session(), issue, view.seen, access.user())
    return page("notes/index.html", issue=issue, negotiation=issue.negotiation, file=file, view=view)
