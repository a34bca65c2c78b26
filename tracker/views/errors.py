"""Errors: every one a page, or a message in the live region that leaves the typed text alone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from flask import Flask, current_app, request
from markupsafe import Markup
from sqlalchemy.exc import DataError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import ObjectDeletedError
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    InternalServerError,
    NotFound,
    SecurityError,
    ServiceUnavailable,
    Unauthorized,
)
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.views import access
from tracker.views.forms import CSRFError
from tracker.views.languages import gettext as _
from tracker.views.rendering import go, page, wants_part

#: Never sent back to a browser: tokens, which are made anew, and passwords, which are typed anew.
TOKENS = {"csrf_token"}
SEND_AGAIN = {400, 401, 429, 503}


def passwords() -> dict[str, str]:
    """Name the fields of passwords."""
    return {
        "password": _("Password"),
        "new_password": _("New password"),
        "new_password_again": _("New password, once more"),
    }


def titles() -> dict[int, str]:
    """Name each error in plain words."""
    return {
        400: _("This address or form cannot be read"),
        401: _("Please sign in"),
        403: _("This is not allowed"),
        404: _("There is no such page, or you may not see it"),
        405: _("This page does not take that"),
        409: _("Someone else was first"),
        413: _("This is too large"),
        415: _("This kind of content is not taken"),
        422: _("This cannot be saved"),
        429: _("Too many attempts"),
        500: _("Something went wrong on our side"),
        503: _("The record cannot be reached or written just now"),
    }


@dataclass(frozen=True)
class Typed:
    """What was posted, to be sent once more.

    `retype` names the passwords with their labels; `lost` the files that must be chosen again.
    """

    fields: list[tuple[str, str]]
    retype: list[tuple[str, str]]
    lost: list[str]
    has_files: bool


def _answer(error: HTTPException) -> Response:
    """Answer an error; a POST keeps what was typed and offers to send it again."""
    if error.response is not None:
        return error.get_response()
    code = error.code or 500
    with suppress(SQLAlchemyError):
        db.session.rollback()
    title = titles().get(code, error.name)
    told = error.description if code != 404 and _is_ours(error) else None
    if isinstance(error, SecurityError):  # the Host header is not ours: no address can be built
        return _plain(400, _("This site does not answer to that name."))
    if code < 500:
        return _with_headers(_shown(code, title, told), error)
    access.ask_no_more()
    try:
        return _with_headers(_shown(code, title, told), error)
    except Exception:
        current_app.logger.exception("The error page failed too.")
        return _plain(code, title)


def _shown(code: int, title: str, told: str | None) -> Response:
    is_reading = request.method in access.SAFE
    if code == 401 and is_reading and request.headers.get("HX-Request") == "true":
        response = go(access.sign_in_address())
        response.status_code = 401
        return response
    if wants_part():
        return _message(code, title, told)
    return page(
        "error.html",
        status=code,
        title=title,
        told=told,
        code=code,
        again=_again(code),
        sign_in_url=access.sign_in_address() if is_reading and not access.is_known() else None,
        keep_drafts=True,
    )


def _plain(code: int, text: str) -> Response:
    return Response(f"{text}\n", status=code, mimetype="text/plain")


def _is_ours(error: HTTPException) -> bool:
    """Tell whether the description is a sentence of ours, not the library's own."""
    return error.description is not None and error.description != type(error).description


def _again(code: int) -> Typed | None:
    """Give what was posted, where sending it again may help and it was typed on our own page."""
    if request.method != "POST" or code not in SEND_AGAIN or not access.is_surely_from_here():
        return None
    secret = passwords()
    return Typed(
        fields=[
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in TOKENS and name not in secret
        ],
        retype=[(name, label) for name, label in secret.items() if name in request.form],
        lost=[file.filename for file in request.files.values() if file.filename],
        has_files=request.mimetype == "multipart/form-data",
    )


def _message(code: int, title: str, told: str | None) -> Response:
    if told is None and request.method not in access.SAFE:
        told = _("Nothing was saved; what you typed is still here.")
    text = Markup('<p class="message bad" data-status="{}"><strong>{}.</strong> {}</p>').format(
        code, title, told or ""
    )
    response = Response(str(text), status=code, mimetype="text/html")
    response.headers["HX-Retarget"] = "#flash"
    response.headers["HX-Reswap"] = "innerHTML"
    response.headers["HX-Push-Url"] = "false"  # the page that is shown is still the one before
    return response


def _with_headers(response: Response, error: HTTPException) -> Response:
    for name, value in error.get_headers(None):
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _csrf(error: CSRFError) -> Response:
    """Tell an ended session from a stale form."""
    if access.user() is None and request.endpoint == "sessions.destroy":
        return go(access.sign_in_address())  # signed out already
    if access.user() is None and request.endpoint != "sessions.create":
        return _answer(Unauthorized())
    error.description = _("This form has expired. Send it again: everything you typed is still here.")
    return _answer(error)


def _busy(error: Exception) -> Response:
    """Say that the database does not answer, and when to try again."""
    current_app.logger.error("The database does not answer.", exc_info=error)
    return _answer(ServiceUnavailable(_("The database is busy or out of reach. Try again."), retry_after=5))


def _unstorable(error: DataError) -> Response:
    """Say that a value is none that the database could hold."""
    current_app.logger.warning("A value that the database refuses: %s", error.orig)
    return _answer(BadRequest(_("It holds a value that is too large, or a character that cannot be kept.")))


def _gone(_error: ObjectDeletedError) -> Response:
    """Say that what was looked up was taken away before it could be written."""
    return _answer(NotFound())


def install(app: Flask) -> None:
    """Give every error its page."""
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(CSRFError, _csrf)
    for kind in (OperationalError, InterfaceError, NoConnection):
        app.register_error_handler(kind, _busy)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(ObjectDeletedError, _gone)
    app.register_error_handler(InternalServerError, _answer)
