"""Shortcuts: what can be done with single keys; also what the help in place shows."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from tracker.views import access
from tracker.views.access import allow
from tracker.views.preferences import preferences_form
from tracker.views.rendering import page

blueprint = Blueprint("shortcuts", __name__, url_prefix="/keyboard")


@blueprint.get("")
@allow(None)
def show() -> Response:
    """List the keys, and let them be switched off."""
    return page("shortcuts/show.html", preferences=preferences_form(access.here()))
