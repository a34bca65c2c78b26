"""Who may: sign-in sessions, and the permission of each view. The only file that meets Flask-Login."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.db import _writing, db, now, writing
from tracker.models import User, UserSession, act_as
from tracker.models.vocabulary import Role

SAFE = {"GET", "HEAD", "OPTIONS"}
View = TypeVar("View", bound=Callable[..., Any])


class Visitor:
    """A signed-in user at one browser, in the form that Flask-Login asks for."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, token: str, user_session: UserSession) -> None:
        self.token = token
        self.user_session = user_session
        self.user = user_session.user

    def get_id(self) -> str:
        return self.token

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def email(self) -> str:
        return self.user.email

    @property
    def role(self) -> Role:
        return self.user.role

    @property
    def is_editor(self) -> bool:
        return self.user.may(Role.EDITOR)


def allow(role: Role | None) -> Callable[[View], View]:
    """Declare who may use a view: those with a role or above; None: anyone."""

    def declare(view: View) -> View:
        view.allowed = role  # type: ignore[attr-defined]
        return view

    return declare


def user() -> User | None:
    """Give the user who asks; None: a stranger."""
    return current_user.user if current_user.is_authenticated else None


def signed_in() -> User:
    """Give the user who asks, in a view that strangers do not reach."""
    found = user()
    if found is None:
        raise RuntimeError("this view is open to strangers")
    return found


def is_editor() -> bool:
    """Tell whether the one who asks may write the record."""
    found = user()
    return found is not None and found.may(Role.EDITOR)


def begin_session(who: User) -> None:
    """Sign a user in under a new, opaque session id; nothing of the stranger's session is kept."""
    session.clear()
    token = UserSession.start(db.session(), who)
    db.session.flush()
    found = UserSession.find(db.session(), token)
    if found is None:
        raise RuntimeError("the new session is gone")
    login_user(Visitor(token, found))


def end_session(everywhere: bool = False) -> None:
    """Sign the user out here, or everywhere."""
    if current_user.is_authenticated:
        if everywhere:
            current_user.user.end_sessions()
        else:
            db.session.delete(current_user.user_session)
    logout_user()
    session.clear()


def this_session() -> UserSession:
    """Give the sign-in of this browser."""
    found: UserSession = current_user.user_session
    return found


def _load(token: str) -> Visitor | None:
    found = UserSession.find(db.session(), token)
    return Visitor(token, found) if found else None


def _touch_session() -> None:
    """Note that the session was used, at most once a minute, apart from what the request does."""
    if not current_user.is_authenticated or not current_user.user_session.is_due(now()):
        return
    try:
        with writing(), Session(db.engine) as apart:
            seen = apart.get(UserSession, current_user.user_session.id)
            if seen:
                seen.seen_at = now()
                apart.commit()
    except OperationalError:  # the database is busy: the next request notes it
        pass


def is_from_here() -> bool:
    """Tell whether a browser says that a page of ours sent this. Scripts say nothing: the token decides."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _check() -> Response | None:
    """Hold each request to the permission its view declares."""
    if request.method not in SAFE and not is_from_here():
        abort(403, _("This form was sent from another site."))
    act_as(db.session(), user() or "stranger")
    if request.endpoint is None:  # no such page, or not by this method: Flask answers
        return None
    allowed: Role | None = vars(current_app.view_functions[request.endpoint])["allowed"]
    if allowed is None:
        return None
    if not current_user.is_authenticated:
        if request.method in SAFE and "HX-Request" not in request.headers:
            return redirect(url_for("sessions.new", next=here()), 303)
        abort(401)
    if not current_user.user.may(allowed):
        abort(403, _("Your role does not allow this. An administrator can change it."))
    return None


def here() -> str:
    """Give this request's address on this site, to come back to."""
    return request.full_path.rstrip("?") if request.query_string else request.path


def is_here(address: str) -> bool:
    """Tell whether an address is a path of this site, and nothing that a browser reads as another."""
    if not address.startswith("/") or address.startswith(("//", "/\\")):
        return False
    if any(ord(letter) < 33 or letter == "\\" for letter in address):
        return False
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc


def _hold_write_lock() -> None:
    g.writing = None if request.method in SAFE else _writing.set(True)


def _let_go(_error: BaseException | None) -> None:
    token = g.pop("writing", None)
    if token is not None:
        _writing.reset(token)


def install(app: Flask) -> None:
    """Set the guards of all views."""
    login = LoginManager(app)
    login.session_protection = None
    login.user_loader(_load)
    app.before_request(_hold_write_lock)
    app.before_request(_check)
    app.before_request(_touch_session)
    app.teardown_request(_let_go)


def hold_declared(app: Flask) -> None:
    """Refuse to start while a view does not declare who may use it.

    Raises: RuntimeError.
    """
    bare = [name for name, view in app.view_functions.items() if not hasattr(view, "allowed")]
    if bare:
        raise RuntimeError(f"no permission is declared for: {', '.join(sorted(bare))}")
