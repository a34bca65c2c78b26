"""Users: an administrator adds them, changes what they may do, and makes lost passwords anew."""

from __future__ import annotations

import secrets

from flask import Blueprint, abort, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import BooleanField
from wtforms.validators import DataRequired

from tracker.db import db
from tracker.models import User
from tracker.models.vocabulary import Role
from tracker.views import access
from tracker.views.access import allow
from tracker.views.forms import Form, TextField, WordField
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import go, page, save, say

blueprint = Blueprint("users", __name__, url_prefix="/users")


class NewUserForm(Form):
    email = TextField(_l("E-mail"))
    name = TextField(_l("Name"))
    role = WordField(_l("Role"), Role, default=Role.VIEWER, validators=[DataRequired(_l("Choose a role."))])


class UserForm(Form):
    name = TextField(_l("Name"))
    role = WordField(_l("Role"), Role, validators=[DataRequired(_l("Choose a role."))])
    is_disabled = BooleanField(_l("Disabled: cannot sign in; what was recorded stays"))
    is_password_new = BooleanField(_l("Make a new password, and end all sessions"))


def _user_or_404(id: int) -> User:  # noqa: A002 - the argument's name in the address
    return db.session.get(User, id) or abort(404)


def _new_password() -> str:
    return secrets.token_urlsafe(12)


@blueprint.get("")
@allow(Role.ADMIN)
def index() -> Response:
    """List everyone with an account."""
    users = db.session.scalars(select(User).order_by(User.is_disabled, User.name, User.id)).all()
    return page("users/index.html", users=users)


@blueprint.get("/new")
@allow(Role.ADMIN)
def new() -> Response:
    """Show the form for a new account."""
    return page("users/new.html", form=NewUserForm())


@blueprint.post("")
@allow(Role.ADMIN)
def create() -> Response:
    """Open an account; its first password is shown once."""
    form, password = NewUserForm(), _new_password()
    made: list[User] = []

    def act() -> str:
        user = User.add(
            db.session(),
            email=form.email.data or "",
            name=form.name.data or "",
            role=form.role.data,
            password=password,
        )
        db.session.flush()
        made.append(user)
        return url_for("users.edit", id=user.id)

    def done(address: str) -> Response:
        return page("users/password.html", user=made[0], password=password) if made else go(address)

    return save(form, act, again=lambda status: page("users/new.html", status=status, form=form), done=done)


@blueprint.get("/<int:id>/edit")
@allow(Role.ADMIN)
def edit(id: int) -> Response:  # noqa: A002
    """Show the form for an account."""
    user = _user_or_404(id)
    return _form(UserForm(obj=user), user)


def _form(form: UserForm, user: User, status: int = 200) -> Response:
    sessions = user.live_sessions()
    return page("users/edit.html", status=status, form=form, user=user, sessions=sessions)


@blueprint.post("/<int:id>")
@allow(Role.ADMIN)
def update(id: int) -> Response:  # noqa: A002
    """Change an account: name, role, whether it is open; a new password is shown once."""
    user, form, password = _user_or_404(id), UserForm(), _new_password()
    shown: list[str] = []

    def act() -> str:
        user.edit(name=form.name.data or "", role=form.role.data, is_disabled=form.is_disabled.data)
        if form.is_password_new.data:
            user.set_password(password)
            shown.append(password)
        return url_for("users.index") if access.signed_in().may(Role.ADMIN) else url_for("negotiations.index")

    def done(address: str) -> Response:
        if shown:
            return page("users/password.html", user=user, password=password)
        say(_("Saved."))
        return go(address)

    return save(form, act, again=lambda status: _form(form, user, status), done=done)
