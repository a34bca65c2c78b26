"""Quote checks: quotes that were taken before the text was stored, looked up in it on demand."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from tracker.models.quote_check import check_unchecked
from tracker.models.vocabulary import Role
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import ID, source_or_404
from tracker.views.forms import Form
from tracker.views.languages import gettext as _
from tracker.views.rendering import go, save, say

blueprint = Blueprint("quote_checks", __name__, url_prefix=f"/sources/{ID}/quote-checks")


@blueprint.post("")
@allow(Role.EDITOR)
def create(id: int) -> Response:  # noqa: A002 - the name in the address
    """Look up every quote of the source that was never looked up."""
    source = source_or_404(id)
    address = url_for("sources.show", id=id) + "#rests"

    def act() -> str:
        done = check_unchecked(source, by=access.signed_in())
        found = sum(check.offset is not None for check in done)
        say(_("Looked up: %(found)s found, %(missing)s not.", found=found, missing=len(done) - found))
        return address

    return save(Form(), act, again=lambda _status: go(address))
