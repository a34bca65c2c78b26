"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField

from tracker.db import db
from tracker.models import SignInAttempt
from tracker.models.user import sign_in
from tracker.views import access
from tracker.views.access import allow
from tracker.views.forms import Form, TextField
from tracker.views.rendering import page

blueprint = Blueprint("sessions", __name__)


class SignInForm(Form):
    email = TextField("E-mail")
    password = PasswordField("Password")
    next = HiddenField()


def _wanted(address: str | None) -> str:
    """Give the page to go on to: a path of ours, else the list of negotiations."""
    return address if address and access.is_here(address) else url_for("negotiations.index")


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
    session, address = db.session(), request.remote_addr or ""
    email, password = (form.email.data or "")[:300], (form.password.data or "")[:1000]
    if SignInAttempt.is_too_many(session, email, address):
        abort(429, _("Too many attempts with this account from here. Wait a quarter of an hour."))
    who = sign_in(session, email, password)
    if who is None or not form.validate():
        SignInAttempt.note(session, email, address)
        db.session.commit()
        form.form_errors.append(_("E-mail and password do not match an account that is open."))
        return page("sessions/new.html", form=form, status=422, keep_drafts=True)
    SignInAttempt.clear(session, email, address)
    access.begin_session(who)
    db.session.commit()
    return redirect(_wanted(form.next.data), 303)


@blueprint.post("/sign-out")
@allow(None)
def destroy() -> Response:
    """Sign out here, or everywhere."""
    access.end_session(everywhere=request.form.get("everywhere") == "1")
    db.session.commit()
    return redirect(url_for("negotiations.index"), 303)
