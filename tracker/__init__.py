"""Negotiation Tracker: the record of a negotiation, each entry with its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

import tracker.models  # noqa: F401 - maps the tables
from tracker import views
from tracker.config import folder, settings
from tracker.db import db
from tracker.views.languages import Templates

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
HTTPS_HEADERS = {"Strict-Transport-Security": "max-age=31536000"}


def protect(site: WSGIApplication, headers: dict[str, str]) -> WSGIApplication:
    """Put the headers on every answer that does not bring its own, static files and errors among them."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, given: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:
            has = {name.lower() for name, _value in given}
            missing = [(name, value) for name, value in headers.items() if name.lower() not in has]
            return start_response(status, given + missing, *rest)

        return site(environ, start)

    return answer


def create_app(config: dict[str, Any] | None = None) -> Flask:
    """Build the application; `config` holds settings that come before the environment's.

    Raises: config.Unsafe, RuntimeError where a view declares no permission.
    """
    read = settings(config)
    is_https = read["PUBLIC_URL"].startswith("https://")
    app = Flask(__name__, static_folder=None, template_folder=str(folder("templates")))
    app.config.update(read)
    app.config.update(
        MAX_FORM_MEMORY_SIZE=read["MAX_CONTENT_LENGTH"],
        PERMANENT_SESSION_LIFETIME=timedelta(days=7),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_NAME="__Host-session" if is_https else "session",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_https,
        TEMPLATES_AUTO_RELOAD=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # views/access.py looks at Sec-Fetch-Site and Origin instead
    )
    app.jinja_environment = Templates
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    db.init_app(app)
    Babel(app)
    views.install(app)
    app.wsgi_app = protect(  # type: ignore[assignment,method-assign]
        app.wsgi_app, HEADERS | HTTPS_HEADERS if is_https else HEADERS
    )

    if read["PROXIES"]:
        count = read["PROXIES"]
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )
    return app
