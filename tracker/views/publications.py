"""Publications: up to which moment strangers see the record of a public negotiation."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from tracker.models.vocabulary import Role
from tracker.views.access import allow
from tracker.views.forms import Form
from tracker.views.languages import gettext as _
from tracker.views.rendering import go, negotiation_or_404, save, say

blueprint = Blueprint("publications", __name__, url_prefix="/negotiations/<code>/publications")


@blueprint.post("")
@allow(Role.EDITOR)
def create(code: str) -> Response:
    """Show strangers the record as it is known now and no later, or live again."""
    negotiation = negotiation_or_404(code)

    def act() -> str:
        if request.form.get("live") == "1":
            negotiation.published_at = None
            say(_("Strangers see the record live."))
        else:
            negotiation.publish()
            say(_("The record is published as it stands now. Later entries wait for the next time."))
        return url_for("negotiations.edit", code=code)

    return save(Form(), act, again=lambda _status: go(url_for("negotiations.edit", code=code)))
