"""HTTP pages: one module for each noun. Views load, parse, call a model or a query, commit and answer."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from flask import Flask, Response
from jinja2 import select_autoescape
from werkzeug.routing import IntegerConverter, Map

from tracker.views import (
    access,
    addresses,
    compression,
    errors,
    exports,
    files,
    forms,
    freshness,
    rendering,
    static,
    taking_along,
    words,
)
from tracker.views.languages import gettext, templates

#: The nouns that have pages; each module has a blueprint of its name.
NOUNS = (
    "negotiations",
    "publications",
    "comparisons",
    "saved_views",
    "changes",
    "feeds",
    "briefs",
    "distances",
    "pulses",
    "timelines",
    "issues",
    "issue_links",
    "status_changes",
    "positions",
    "reviews",
    "claims",
    "notes",
    "retractions",
    "parties",
    "tracks",
    "people",
    "memberships",
    "grants",
    "events",
    "calendars",
    "records",
    "proposals",
    "clauses",
    "searches",
    "sources",
    "merges",
    "annotations",
    "bibliographies",
    "extracts",
    "quote_checks",
    "inboxes",
    "evidence",
    "citations",
    "entry_links",
    "reference_lists",
    "passages",
    "archived_copies",
    "jobs",
    "sessions",
    "accounts",
    "preferences",
    "shortcuts",
    "users",
    "health",
)


class RowId(IntegerConverter):
    """The id of a row in an address; larger numbers than a database holds are no address of ours."""

    def __init__(self, url_map: Map, **given: Any) -> None:
        super().__init__(url_map, **{"max": 2**31 - 1, **given})


def install(app: Flask) -> None:
    """Set up the pages, their guards and what their templates may use."""
    app.jinja_env.autoescape = select_autoescape(default=True)
    app.url_map.converters["int"] = RowId
    compression.install(app)
    forms.install(app)
    access.install(app)
    errors.install(app)
    freshness.install(app, static.install(app))
    for noun in NOUNS:
        app.register_blueprint(import_module(f"tracker.views.{noun}").blueprint)
    exports.install(app)
    files.install(app)
    access.hold_declared(app)
    app.jinja_env.filters.update(
        capitalize_first=words.capitalize_first,
        day=words.day_words,
        moment=words.moment_of_day,
        joined=words.joined,
        named=words.named,
        number=words.number_words,
        said=gettext,  # words out of the database: translated where they are ours, and escaped
        signer=words.signer,
        tick=words.tick_words,
    )
    app.jinja_env.globals.update(
        url_for=rendering.address_of,
        entry_address=addresses.entry_address,
        is_editor=access.is_editor,
        taking_along=taking_along.taking_along,
        today=words.today,
        wishes=access.wishes,
    )
    app.context_processor(_widgets)
    app.after_request(_mark)


def _widgets() -> dict[str, Any]:
    """Hand the leaf widgets to all templates, blocks rendered alone among them."""
    return {"ui": templates().widgets}


def _mark(response: Response) -> Response:
    """Say what may keep an answer: nobody what a user saw; and that htmx gets other answers."""
    response.vary.add("Cookie")
    if response.mimetype == "text/html":
        response.vary.update(("HX-Request", "HX-Request-Type"))
        response.headers.pop("Cache-Control", None)
    kept = "private, no-store" if access.is_known() else "private, no-cache"
    response.headers.setdefault("Cache-Control", kept)
    return response
