"""Errors: every one a page, or a message in the live region that leaves the typed text alone."""

from __future__ import annotations

from flask import Flask, request
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable, Unauthorized
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.views import access
from tracker.views.forms import CSRFError
from tracker.views.rendering import page, wants_part

SECRETS = {"csrf_token", "password", "new_password", "new_password_again"}


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
        503: _("The record cannot be written just now"),
    }


def _answer(error: HTTPException) -> Response:
    """Answer an error; a POST keeps what was typed and offers to send it again."""
    if error.response is not None and error.code and error.code < 400:
        return error.get_response()
    code = error.code or 500
    db.session.rollback()
    title = titles().get(code, error.name)
    told = error.description if error.code != 404 and _is_ours(error) else None
    if wants_part():
        return _message(code, title, told)
    response = page(
        "error.html",
        status=code,
        title=title,
        told=told,
        code=code,
        again=_again(code),
        keep_drafts=True,
    )
    return _with_headers(response, error)


def _is_ours(error: HTTPException) -> bool:
    """Tell whether the description is a sentence of ours, not the library's own."""
    return error.description is not None and error.description != type(error).description


def _again(code: int) -> list[tuple[str, str]] | None:
    """Give what was posted, to be sent once more, where that may help and was typed on our own page."""
    if request.method != "POST" or code not in (400, 401, 429, 503) or not access.is_from_here():
        return None
    return [(name, value) for name, value in request.form.items(multi=True) if name not in SECRETS]


def _message(code: int, title: str, told: str | None) -> Response:
    text = Markup('<p class="message bad" data-status="{}"><strong>{}.</strong> {}</p>').format(
        code, title, told or _("Nothing was saved; what you typed is still here.")
    )
    response = Response(str(text), status=code, mimetype="text/html")
    response.headers["HX-Retarget"] = "#flash"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _with_headers(response: Response, error: HTTPException) -> Response:
    for name, value in error.get_headers(None):
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _csrf(error: CSRFError) -> Response:
    """Tell an ended session from a stale form."""
    if access.user() is None and request.endpoint != "sessions.create":
        return _answer(Unauthorized())
    error.description = _("This form has expired. Send it again: everything you typed is still here.")
    return _answer(error)


def _busy(_error: OperationalError) -> Response:
    """Say that the database does not answer, and when to try again."""
    return _answer(ServiceUnavailable(_("The database is busy or out of reach. Try again."), retry_after=5))


def install(app: Flask) -> None:
    """Give every error its page."""
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(InternalServerError, _answer)
