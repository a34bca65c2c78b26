"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField

from tracker.views import access
from tracker.views.access import allow
from tracker.views.forms import Form, TextField
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import back_to, page

blueprint = Blueprint("sessions", __name__)

EMAIL_LONGEST, PASSWORD_LONGEST = 300, 1000


class SignInForm(Form):
    email = TextField(_l("E-mail"))
    password = PasswordField(_l("Password"))
    next = HiddenField()


def _wanted(address: str | None) -> str:
    """Give the page to go on to: a path of ours, else the list of negotiations."""
    return back_to(address, url_for("negotiations.index"))


@blueprint.get("/sign-in")
@allow(None)
def new() -> Response:
    """Show the form."""
    if access.user():
        return redirect(_wanted(request.args.get("next")), 303)
    form = SignInForm(next=_wanted(request.args.get("next")))
    return page("sessions/new.html", form=form, keep_drafts=True)


@blueprint.post("/sign-in")
@allow(None)
def create() -> Response:
    """Sign in, or say no in the same words and time whatever was wrong."""
    form = SignInForm()
    email, password = (form.email.data or "")[:EMAIL_LONGEST], (form.password.data or "")[:PASSWORD_LONGEST]
    try:
        is_somebody = access.prove(email, password, access.begin_session)
    except TooManyRequests as error:
        return _again(form, error.description or "", 429, error.retry_after)
    if not is_somebody:
        return _again(form, _("E-mail and password do not match an account that is open."), 422)
    return redirect(_wanted(form.next.data), 303)


def _again(form: SignInForm, fault: str, status: int, retry_after: object = None) -> Response:
    form.form_errors.append(fault)
    form.next.data = _wanted(form.next.data)
    response = page("sessions/new.html", form=form, status=status, keep_drafts=True)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


@blueprint.post("/sign-out")
@allow(None)
def destroy() -> Response:
    """Sign out here, or everywhere."""
    with access.transaction():
        access.end_session(everywhere=request.form.get("everywhere") == "1")
    return redirect(url_for("negotiations.index"), 303)
