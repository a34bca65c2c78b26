"""The floors: A, what the server itself costs; B, the product's pages as the least that shows the same rows.

Floor B is Flask, Jinja and sqlite3, with one connection kept open in each thread. It holds no rule of the
domain, no permissions, no audit log, no forms library and no translation: what the product costs more is for
those. It reads and writes a database of the product's schema.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from threading import local
from typing import TYPE_CHECKING, Any

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from flask import Flask, abort, g, redirect, render_template, request, session
from werkzeug.wrappers import Response

from bench.histories import change_form, change_status, issue, play
from bench.rows import Found, Reader, View, issue_list, matrix, source
from bench.searching import search

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

#: Names the database of floor B.
DATABASE = "BENCH_DATABASE"
SIZE = 30_000
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_body = b"<!DOCTYPE html><title>Floor A</title>".ljust(SIZE - len(b"</html>")) + b"</html>"
_open = local()


def floor_a(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer everything with 30 kB."""
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(_body)))]
    start_response("200 OK", headers)
    return [_body]


def connection() -> sqlite3.Connection:
    """Give this thread's connection."""
    if not hasattr(_open, "connection"):
        found = sqlite3.connect(os.environ[DATABASE], isolation_level=None, timeout=5)
        found.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            found.execute(f"PRAGMA {pragma}")
        _open.connection = found
    made: sqlite3.Connection = _open.connection
    return made


def day(written: str | None) -> str:
    """Write a day as "2 Dec 2025"."""
    if not written:
        return "date unknown"
    found = date.fromisoformat(written)
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}"


def moment(written: str) -> str:
    """Write a moment as "2 Dec 2025, 14:05 UTC"."""
    return f"{day(written[:10])}, {written[11:16]} UTC"


def words(written: str) -> str:
    """Write a word of a vocabulary for people."""
    return written.replace("_", " ").capitalize()


def floor_b() -> Flask:
    """Build the application."""
    app = Flask("bench", template_folder="templates", static_folder=None)
    app.secret_key = "of a floor that only this machine reaches"  # noqa: S105
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(day=day, moment=moment, words=words, codes=json.loads)
    for path, view in _PAGES.items():
        app.add_url_rule(path, view_func=view)
    app.add_url_rule("/sign-in", "sign_in", sign_in, methods=["POST"])
    app.add_url_rule("/issues/<key>/status-changes", "change", change, methods=["POST"])
    return app


def _asked() -> Reader:
    known = request.args.get("known_at")
    today = datetime.now(UTC).date().isoformat()
    view = View(request.args.get("as_of") or today, f"{known} 23:59:59.999999" if known else "9999-12-31")
    return Reader(connection(), view)


def _negotiation(read: Reader, code: str) -> Found:
    g.negotiation = read.negotiation(code) or abort(404)
    return g.negotiation  # type: ignore[no-any-return]


def _page() -> int:
    return request.args.get("page", 1, int)


def live() -> str:
    """Tell that the server answers."""
    return "alive\n"


def negotiations() -> str:
    """List the negotiations."""
    rows = connection().execute("SELECT code, title FROM negotiations WHERE visibility = 'public'").fetchall()
    return render_template("negotiations.html", rows=rows)


def show_play(code: str) -> str:
    """Show the state of play."""
    read = _asked()
    return render_template("play.html", **play(read, _negotiation(read, code), _page()))


def show_issues(code: str) -> str:
    """List the issues."""
    read, status, q = _asked(), request.args.get("status", ""), request.args.get("q", "")
    found = issue_list(read, _negotiation(read, code), status, q, _page())
    return render_template("issues.html", **found)


def show_matrix(code: str) -> str:
    """Compare the positions."""
    read = _asked()
    numbers = [int(key.rpartition("-")[2]) for key in request.args.getlist("issue")]
    found = matrix(read, _negotiation(read, code), request.args.getlist("party"), numbers, _page())
    return render_template("matrix.html", **found)


def _key(read: Reader, key: str) -> tuple[Found, int]:
    code, _dash, number = key.rpartition("-")
    return _negotiation(read, code), int(number)


def show_issue(key: str) -> str:
    """Show everything on an issue."""
    read = _asked()
    return render_template("issue.html", **(issue(read, *_key(read, key)) or abort(404)))


def show_source(id: int) -> str:  # noqa: A002 - the name in the address
    """Show a source and what rests on it."""
    found = source(_asked(), id, _page()) or abort(404)
    g.negotiation = found["filed"][0] if len(found["filed"]) == 1 else None
    return render_template("source.html", **found)


def show_search() -> str:
    """Search."""
    return render_template("search.html", **search(_asked(), request.args.get("q", "")))


def show_change(key: str) -> str:
    """Show the form of a status change."""
    read = _asked()
    return render_template("change.html", **(change_form(read, *_key(read, key)) or abort(404)))


def change(key: str) -> Response:
    """Record a status change."""
    read = _asked()
    negotiation, number = _key(read, key)
    row = read.one(
        "SELECT id FROM issues WHERE negotiation_id = :n AND number = :i", n=negotiation["id"], i=number
    )
    names = ("status", "subject_to", "effective_on", "reason", "source", "quote", "locator")
    typed = {name: request.form.get(name, "") for name in names}
    change_status(connection(), negotiation["id"], (row or abort(404))["id"], typed)
    return redirect(f"/issues/{key}", 303)


def show_sign_in() -> str:
    """Show the form."""
    return render_template("sign_in.html")


_hasher = PasswordHasher()  # what a hash cost stands in it


def sign_in() -> Any:
    """Sign in."""
    query = "SELECT id, password_hash FROM users WHERE email = ?"
    user = connection().execute(query, [request.form["email"]]).fetchone() or abort(422)
    try:
        _hasher.verify(user["password_hash"], request.form["password"])
    except VerifyMismatchError:
        abort(422)
    session["user"] = user["id"]
    return redirect("/", 303)


_PAGES: dict[str, Callable[..., str]] = {
    "/livez": live,
    "/": negotiations,
    "/negotiations/<code>": show_play,
    "/negotiations/<code>/issues": show_issues,
    "/negotiations/<code>/compare": show_matrix,
    "/issues/<key>": show_issue,
    "/issues/<key>/status-changes/new": show_change,
    "/sources/<int:id>": show_source,
    "/search": show_search,
    "/sign-in": show_sign_in,
}
