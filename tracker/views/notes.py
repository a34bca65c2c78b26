"""Notes: the desk's private remarks, shown to those who sign in."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from tracker.models.vocabulary import Role
from tracker.views.access import allow
from tracker.views.issues import dossier_page

blueprint = Blueprint("notes", __name__, url_prefix="/issues/<key>/notes")


@blueprint.get("")
@allow(Role.VIEWER)
def index(key: str) -> Response:
    """Show the notes on an issue."""
    return dossier_page("notes/index.html", key)
