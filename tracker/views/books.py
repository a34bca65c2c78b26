"""Books: what a page gives to take along, put into a file that says what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from tracker.dates import View
from tracker.db import now
from tracker.exchange.sheets import Book, Sheet, Told
from tracker.models import Negotiation
from tracker.models.vocabulary import Handling
from tracker.views.addresses import public
from tracker.views.languages import gettext as _


def book_of(
    negotiation: Negotiation,
    seen: View,
    subject: str,
    title: str,
    sheets: Sequence[Sheet],
    body: Mapping[str, Any] | None = None,
) -> Book:
    """Put sheets about a negotiation into a file; `subject` names it in letters, digits and hyphens."""
    told = [
        Told("negotiation", _("Negotiation"), negotiation.code),
        Told("title", _("Title"), negotiation.title),
    ]
    title = f"{negotiation.code} {negotiation.title}: {title}"
    return book(f"{negotiation.code}-{subject}", title, sheets, negotiation.handling, seen, told, body)


def book(
    name: str,
    title: str,
    sheets: Sequence[Sheet],
    handling: Handling,
    seen: View,
    about: Sequence[Told] = (),
    body: Mapping[str, Any] | None = None,
) -> Book:
    """Put sheets into a file; its name tells the day and the handling marking."""
    made_at, marking = now(), _(handling.label)
    told = [
        *about,
        Told("as_of", _("As of"), seen.today),
        Told("known_at", _("As known at (UTC)"), seen.known_at or made_at),
        Told("handling", _("Handling"), marking),
        Told("address", _("Address"), _page()),
        Told("made_at", _("Made at (UTC)"), made_at),
    ]
    return Book(
        name=file_name(name, handling, seen),
        title=title,
        sheets=sheets,
        about=told,
        about_title=_("About"),
        marking=marking,
        body=body,
        cut=_(" […cut: no cell of Excel holds more]"),
    )


def file_name(name: str, handling: Handling, seen: View) -> str:
    """Name a file, but for its ending, by what it holds, its day and its marking."""
    return f"{name}-{seen.today}-{_(handling.label).replace(':', '-')}"


def _page() -> str:
    """Give the address of the page that is taken along."""
    asked = request.query_string.decode("ascii", "replace")
    return public(request.path.rpartition(".")[0] + (f"?{asked}" if asked else ""))
