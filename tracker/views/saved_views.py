"""Saved views: comparisons under a name, one's own and those that editors share."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField

from tracker.dates import View
from tracker.db import db
from tracker.models import Negotiation, SavedView, editable
from tracker.models.form_token import RESULT
from tracker.models.vocabulary import Role
from tracker.queries.clauses import proposals_on
from tracker.queries.saved_views import saved_views
from tracker.views import access
from tracker.views.access import allow
from tracker.views.comparison_words import comparison_words
from tracker.views.editing import EditForm, form_page
from tracker.views.forms import Form, TextField
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import go, negotiation_or_404, page, save, say

blueprint = Blueprint("saved_views", __name__, url_prefix="/negotiations/<code>/saved-views")

#: What a comparison's address may say; the page of its rows is not kept.
KEPT = (
    *("party", "proposal", "fold", "as_of", "known_at", "baseline"),
    *("topic", "status", "issue", "q", "sort", "differences", "swap"),
)


def kept_query(query: str) -> str:
    """Give the arguments of a query string that a comparison knows, in their order, written anew."""
    return urlencode([pair for pair in parse_qsl(query) if pair[0] in KEPT])


class SavedViewForm(EditForm):
    """A view's name, and who is offered it. What is compared comes with the address."""

    once = ("query", "replaces")
    name = TextField(_l("Name"))
    is_shared = BooleanField(_l("Share it with all who see this negotiation"))
    replaces = BooleanField(_l("Replace my view of this name, if I have one"))
    query = HiddenField(filters=[lambda query: kept_query(query or "")])


@blueprint.get("")
@allow(None)
def index(code: str) -> Response:
    """List one's own views, and what is shared."""
    negotiation = negotiation_or_404(code)
    user = access.user()
    return page(
        "saved_views/index.html",
        negotiation=negotiation,
        section="compare",
        saved=saved_views(db.session(), negotiation, user),
        may_delete_shared=user is not None and user.may(Role.ADMIN),
        form=Form() if user else None,
    )


@blueprint.get("/new")
@allow(Role.VIEWER)
def new(code: str) -> Response:
    """Ask for the name of the comparison whose arguments the address holds."""
    query = kept_query(request.query_string.decode("ascii", "replace"))
    return _page(negotiation_or_404(code), SavedViewForm(formdata=None, query=query))(200)


def _page(
    negotiation: Negotiation, form: SavedViewForm, view: SavedView | None = None
) -> Callable[[int], Response]:
    query = (view.query if view else form.query.data) or ""
    session, user = db.session(), access.user()
    texts = proposals_on(session, negotiation, negotiation.view_for(user, View()), user)
    offered = saved_views(session, negotiation, user)
    return form_page(
        "saved_views/edit.html",
        form,
        negotiation,
        view,
        url_for("saved_views.index", code=negotiation.code),
        section="compare",
        saved_view=view,
        kept=comparison_words(query, negotiation.names, {text.code: text.title for text in texts}),
        has_own=any(line.is_own for line in offered),
        compared=_address(negotiation.code, query),
    )


def _address(code: str, query: str) -> str:
    """Give the address of a comparison; its arguments are read anew, so that it leads nowhere else."""
    kept = kept_query(query)
    return url_for("comparisons.show", code=code) + (f"?{kept}" if kept else "")


@blueprint.post("")
@allow(Role.VIEWER)
def create(code: str) -> Response:
    """Keep a comparison under a name, or in the place of one's own of that name."""
    negotiation = negotiation_or_404(code)
    form = SavedViewForm()

    def act() -> str:
        session, owner = db.session(), access.signed_in()
        values = {"query": form.query.data, "is_shared": form.is_shared.data}
        earlier = SavedView.named(session, form.name.text, negotiation, owner)
        if earlier and form.replaces.data:
            earlier.change(values)
        else:
            view = SavedView(negotiation=negotiation, owner=owner, name=form.name.text, **values)
            view.add(session)
        say(_("The view “%(name)s” was saved.", name=form.name.text))
        address = _address(code, form.query.data or "")
        # What a form led to is remembered up to a length; the list has the link to the whole.
        return address if len(address) <= RESULT else url_for("saved_views.index", code=code)

    return save(form, act, again=_page(negotiation, form))


def _own_or_abort(code: str, id_: int) -> SavedView:
    """Find one's own view: another's is 404, or 403 where it is shared."""
    found = _seen_or_404(code, id_)
    if found.owner_id != access.signed_in().id:
        abort(403, _("This view is somebody else’s. You can save it under a name of your own."))
    return found


def _seen_or_404(code: str, id_: int) -> SavedView:
    negotiation = negotiation_or_404(code)
    return SavedView.find(db.session(), id_, negotiation, access.signed_in()) or abort(404)


@blueprint.get("/<int:id_>/edit")
@allow(Role.VIEWER)
def edit(code: str, id_: int) -> Response:
    """Show the form for the name of one's own view."""
    view = _own_or_abort(code, id_)
    return _page(view.negotiation, SavedViewForm.of(view, view.negotiation), view)(200)


@blueprint.post("/<int:id_>")
@allow(Role.VIEWER)
def update(code: str, id_: int) -> Response:
    """Rename one's own view, share it or take it back."""
    view = _own_or_abort(code, id_)
    form = SavedViewForm()

    def act() -> str:
        values = {"name": form.name.text, "is_shared": form.is_shared.data}
        view.change(values, base_version=form.base_version.number)
        say(_("The view “%(name)s” was saved.", name=form.name.text))
        return url_for("saved_views.index", code=code)

    return save(form, act, again=_page(view.negotiation, form, view))


@blueprint.post("/<int:id_>/delete")
@allow(Role.VIEWER)
def destroy(code: str, id_: int) -> Response:
    """Delete one's own view; an administrator may delete what others share."""
    view = _seen_or_404(code, id_)
    if not view.may_be_deleted_by(access.signed_in()):
        abort(403, _("This view is somebody else’s."))
    name = view.name

    def act() -> str:
        editable.remove(view)
        say(_("The view “%(name)s” was deleted.", name=name))
        return url_for("saved_views.index", code=code)

    return save(Form(), act, again=lambda _status: go(url_for("saved_views.index", code=code)))
