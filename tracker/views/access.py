"""Who may: sign-in sessions, and the permission of each view. The only file that meets Flask-Login."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask_login import AnonymousUserMixin, LoginManager, current_user, login_user, logout_user
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from tracker.db import db, now, writing
from tracker.models import SignInAttempt, User, UserSession, act_as
from tracker.models.preference import Wishes
from tracker.models.user import WINDOW, matches, nobodys_hash
from tracker.models.vocabulary import Role
from tracker.views.languages import gettext as _

#: What an open page, or a program that follows, asks by itself: no sign that somebody sits before it.
UNATTENDED = {"jobs.show", "pulses.show", "feeds.show", "calendars.show"}
#: The cookie of strangers that tells how they want the pages.
WISHES = "wishes"
SAFE = {"GET", "HEAD", "OPTIONS"}
ADDRESS_LONGEST = 8000
View = TypeVar("View", bound=Callable[..., Any])


class Visitor:
    """A signed-in user at one browser, in the form that Flask-Login asks for.

    What the frame of a page shows is copied, so that error pages need no database.
    """

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, token: str, user_session: UserSession) -> None:
        self.token = token
        self.user_session = user_session
        self.user = user_session.user
        self.name = self.user.name
        self.email = self.user.email
        self.role = self.user.role
        self.is_editor = self.user.may(Role.EDITOR)
        self.wishes = self.user.preference.wishes if self.user.preference else Wishes()

    def get_id(self) -> str:
        return self.token


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


def wishes() -> Wishes:
    """Tell how the one who asks wants the pages; of strangers their own browser knows."""
    if current_user.is_authenticated:
        found: Wishes = current_user.wishes
        return found
    return Wishes.read(request.cookies.get(WISHES, ""))


def is_editor() -> bool:
    """Tell whether the one who asks may write the record."""
    return bool(current_user.is_authenticated and current_user.is_editor)


def is_known() -> bool:
    """Tell whether this request was found to be a user's, without asking the database now."""
    return bool("_login_user" in g and g._login_user.is_authenticated)


def ask_no_more() -> None:
    """Take who has not been looked up yet for a stranger: the database may be what is broken."""
    if "_login_user" not in g:
        g._login_user = AnonymousUserMixin()


def prove(email: str, password: str, then: Callable[[User], None]) -> bool:
    """Tell whether e-mail and password are somebody's who may come in, and do for them what follows.

    It is done in the transaction that looks at the account for the last time, after the hash.
    Each try is counted before it is looked at, and no lock is held while the hash is computed, so that
    others can save meanwhile. Takes the same steps for accounts that are not there.
    Raises: TooManyRequests.
    """
    address = request.remote_addr or ""
    with transaction() as session:
        may_try = SignInAttempt.begin(session, email, address)
    if not may_try:
        raise TooManyRequests(
            _("Too many attempts from here. Wait a quarter of an hour."),
            retry_after=int(WINDOW.total_seconds()),
        )
    known = User.find(session, email)
    kept = known.password_hash if known else nobodys_hash()
    session.rollback()
    if not matches(kept, password):
        return False
    with transaction() as session:
        who = User.find(session, email)
        if who is None or who.is_disabled or who.password_hash != kept:  # it may have changed meanwhile
            return False
        SignInAttempt.clear(session, email, address)
        then(who)
    return True


@contextmanager
def transaction() -> Iterator[Session]:
    """Write in one transaction, its lock held from beginning to end; what was read before is read anew.

    All or nothing: what is raised inside rolls back.
    """
    session = db.session()
    session.rollback()
    with writing():
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


def begin_session(who: User) -> None:
    """Sign a user in under a new, opaque session id; nothing of what this browser held before is kept."""
    end_session()
    token, started = UserSession.start(db.session(), who)
    act_as(db.session(), who)
    login_user(Visitor(token, started))


def end_session(everywhere: bool = False) -> None:
    """Sign the user out here, or everywhere."""
    token = session.get("_user_id")
    if everywhere and current_user.is_authenticated:
        current_user.user.end_sessions()
    elif isinstance(token, str):
        UserSession.end(db.session(), token)
    logout_user()
    session.clear()
    g.pop("csrf_token", None)  # it was the old session's


def this_session() -> UserSession:
    """Give the sign-in of this browser."""
    found: UserSession = current_user.user_session
    return found


def _load(token: str) -> Visitor | None:
    found = UserSession.find(db.session(), token)
    return Visitor(token, found) if found else None


def _touch_session() -> None:
    """Note that the session was used, at most once a minute, apart from what the request does.

    Its own transaction waits but a moment for the database: reading goes on while another writes for long.
    """
    if not is_known() or request.endpoint in UNATTENDED or not current_user.user_session.is_due(now()):
        return
    seen = update(UserSession).where(UserSession.id == current_user.user_session.id).values(seen_at=now())
    with suppress(OperationalError), writing(wait=0.1), db.engine.begin() as connection:
        connection.execute(seen)


def is_from_here() -> bool:
    """Tell whether a page of ours sent this, as browsers say. Scripts say nothing: the token decides."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site in ("same-origin", "none")
    return origin is None or _is_our_origin(origin)


def is_surely_from_here() -> bool:
    """Tell whether a browser says that a page of ours sent this."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin", "")
    return site == "same-origin" if site is not None else _is_our_origin(origin)


def _is_our_origin(origin: str) -> bool:
    public = urlsplit(current_app.config["PUBLIC_URL"])
    return origin in (f"{request.scheme}://{request.host}", f"{public.scheme}://{public.netloc}")


def _check() -> Response | None:
    """Hold each request to the permission its view declares."""
    if request.method not in SAFE and not is_from_here():
        abort(403, _("This form was sent from another site."))
    typed = "q" if request.endpoint == "searches.index" else ""  # search takes whatever it is
    pairs = request.args.items(multi=True)
    given = [request.path, *(word for pair in pairs if pair[0] != typed for word in pair)]
    if any("\0" in word for word in given):
        abort(400, _("The address holds a NUL character."))
    act_as(db.session(), user() or "stranger")
    if request.endpoint is None:  # no such page, or not by this method: Flask answers
        return None
    allowed: Role | None = vars(current_app.view_functions[request.endpoint])["allowed"]
    if allowed is None:
        return None
    if not current_user.is_authenticated:
        if request.method in SAFE and "HX-Request" not in request.headers:
            return redirect(sign_in_address(), 303)
        abort(401)
    if not current_user.user.may(allowed):
        abort(403, _("Your role does not allow this. An administrator can change it."))
    return None


def here() -> str:
    """Give this request's address on this site, to come back to."""
    return request.full_path.rstrip("?") if request.query_string else request.path


def arguments() -> list[tuple[str, str]]:
    """Give the arguments of this address in its own order; `request.args` gathers those of one name."""
    return parse_qsl(request.query_string.decode("ascii", "replace"), keep_blank_values=True)


def sign_in_address() -> str:
    """Give the address to sign in at and come back from: to this page, or the one that asked for a part."""
    back = asked_from() or here()
    return url_for("sessions.new", next=back if is_here(back) else None)


def asked_from() -> str:
    """Give the page that htmx says it stands on; "" where it says none, or what is no address."""
    try:
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return ""
    return shown.path + (f"?{shown.query}" if shown.path and shown.query else "")


def is_here(address: str) -> bool:
    """Tell whether an address is a path of this site, and nothing that a browser reads as another."""
    if not address.startswith("/") or address.startswith("//") or len(address) > ADDRESS_LONGEST:
        return False
    if "\\" in address or any(letter <= " " or letter == "\x7f" for letter in address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc


def install(app: Flask) -> None:
    """Set the guards of all views."""
    login = LoginManager(app)
    login.session_protection = None
    login.user_loader(_load)
    app.before_request(_check)
    app.before_request(_touch_session)


def hold_declared(app: Flask) -> None:
    """Refuse to start while a view does not declare who may use it.

    Raises: RuntimeError.
    """
    bare = [name for name, view in app.view_functions.items() if not hasattr(view, "allowed")]
    if bare:
        raise RuntimeError(f"no permission is declared for: {', '.join(sorted(bare))}")
