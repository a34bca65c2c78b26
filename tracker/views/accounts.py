"""One's own account: how pages look, the password, and where one is signed in."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response
from wtforms import PasswordField

from tracker.models import Refused, User
from tracker.models.user import password_faults
from tracker.models.vocabulary import Role
from tracker.views import access
from tracker.views.access import allow
from tracker.views.forms import Form
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.preferences import preferences_form
from tracker.views.rendering import go, page, say

blueprint = Blueprint("accounts", __name__)


class PasswordForm(Form):
    password = PasswordField(_l("Present password"))
    new_password = PasswordField(_l("New password"))
    new_password_again = PasswordField(_l("New password, once more"))


def _page(form: PasswordForm, status: int = 200) -> Response:
    me = access.signed_in()
    return page(
        "accounts/show.html",
        status=status,
        form=form,
        preferences=preferences_form(url_for("accounts.show")),
        me=me,
        sessions=me.live_sessions(),
        this_session=access.this_session(),
    )


@blueprint.get("/account")
@allow(Role.VIEWER)
def show() -> Response:
    """Show one's name, one's sign-ins, and the forms for one's choices and the password."""
    return _page(PasswordForm())


@blueprint.post("/account")
@allow(Role.VIEWER)
def update() -> Response:
    """Change the password, and sign out everywhere else."""
    form = PasswordForm()
    try:
        _take(form)
    except Refused as refused:
        form.refuse(refused)
    except TooManyRequests as error:
        form.form_errors.append(error.description or "")
        response = _page(form, 429)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    if form.errors:
        return _page(form, 422)
    say(_("Your password is changed, and you are signed out everywhere else."))
    return go(url_for("accounts.show"))


def _take(form: PasswordForm) -> None:
    """Change the password if all is right; what is wrong stands in the form then."""
    new = form.new_password.data or ""
    password_faults(new, "new_password").refuse()
    if new != form.new_password_again.data:
        form.new_password_again.errors = [_("This is not the same as above.")]
        return

    def change(me: User) -> None:
        me.set_password(new)
        access.begin_session(me)

    if not access.prove(access.signed_in().email, (form.password.data or "")[:1000], change):
        form.password.errors = [_("This is not your present password.")]
