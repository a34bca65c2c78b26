"""Preferences: light or dark, and whether single keys do something; a stranger's stand in their browser."""

from __future__ import annotations

from flask import Blueprint, current_app, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField

from tracker.models import Preference
from tracker.models.preference import Wishes
from tracker.models.vocabulary import Theme
from tracker.views import access
from tracker.views.access import allow
from tracker.views.forms import Form, WordField
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import back_to, go, page, say

blueprint = Blueprint("preferences", __name__, url_prefix="/preferences")

_A_YEAR = 365 * 24 * 3600


class PreferencesForm(Form):
    """What is chosen, and to which page it leads back."""

    theme = WordField(_l("Colours"), Theme, default=Theme.SYSTEM)
    has_keys = BooleanField(_l("Single keys do something"))
    next = HiddenField()


def preferences_form(back: str) -> PreferencesForm:
    """Make the form as the one who asks has it."""
    return PreferencesForm(formdata=None, obj=access.wishes(), next=back)


@blueprint.post("")
@allow(None)
def update() -> Response:
    """Keep what was chosen."""
    form = PreferencesForm()
    if not form.validate():
        return page("shortcuts/show.html", status=422, preferences=form)
    wishes, user = Wishes(form.theme.data or Theme.SYSTEM, form.has_keys.data), access.user()
    if user:
        with access.transaction() as session:
            Preference.keep(session, user, wishes)
    say(_("Your choice is kept."))
    response = go(back_to(form.next.data, url_for("shortcuts.show")))
    if not user:
        _keep(response, wishes)
    return response


def _keep(response: Response, wishes: Wishes) -> None:
    """Let a stranger's browser keep what was chosen."""
    response.set_cookie(
        access.WISHES,
        str(wishes),
        max_age=_A_YEAR,
        path=request.script_root or "/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
