"""Grants: who may see a restricted negotiation."""

from __future__ import annotations

from flask import Blueprint, abort, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.models import Grant, Negotiation, publication
from tracker.models.vocabulary import Role
from tracker.views.access import allow
from tracker.views.forms import Form, TextField
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import go, negotiation_or_404, page, save, say

blueprint = Blueprint("grants", __name__, url_prefix="/negotiations/<code>/grants")


class GrantForm(Form):
    """Whom to let in."""

    email = TextField(_l("E-mail"))


@blueprint.get("/new")
@allow(Role.EDITOR)
def new(code: str) -> Response:
    """Show the form for a member."""
    return _new_page(negotiation_or_404(code), GrantForm(), 200)


def _new_page(negotiation: Negotiation, form: GrantForm, status: int) -> Response:
    return page("grants/edit.html", status=status, negotiation=negotiation, form=form)


@blueprint.post("")
@allow(Role.EDITOR)
def create(code: str) -> Response:
    """Let someone see the negotiation."""
    negotiation = negotiation_or_404(code)
    form = GrantForm()

    def act() -> str:
        grant = publication.let_in(negotiation, form.email.text)
        say(_("%(name)s may see this negotiation.", name=grant.user.name))
        return url_for("parties.index", code=code) + "#members"

    return save(form, act, again=lambda status: _new_page(negotiation_or_404(code), form, status))


@blueprint.post("/<int:id_>/delete")
@allow(Role.EDITOR)
def destroy(code: str, id_: int) -> Response:
    """Let someone see the negotiation no longer."""
    negotiation = negotiation_or_404(code)
    query = select(Grant).where(Grant.id == id_, Grant.negotiation_id == negotiation.id)
    grant = db.session.scalar(query) or abort(404)
    form = Form()
    back = url_for("parties.index", code=code) + "#members"

    def act() -> str:
        publication.let_out(grant)
        say(_("%(name)s may no longer see this negotiation.", name=grant.user.name))
        return back

    def refused(_status: int) -> Response:
        for message in form.form_errors:
            say(message, "bad")
        return go(back)

    return save(form, act, again=refused)
