"""Taking along: what a page offers to be carried away, as files and feeds, and as addresses that stay true.

A line in `OFFERED` puts a form into the menu of a page; it is shown once there is an address for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from flask import current_app, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from tracker.dates import latest_day, moment_words
from tracker.db import db, now
from tracker.models import Negotiation
from tracker.models.refused import N_
from tracker.queries.staleness import last_day
from tracker.views import access, freshness
from tracker.views.addresses import public
from tracker.views.languages import gettext as _
from tracker.views.rendering import PageView, address_without
from tracker.views.words import day_words, moment_of_day, today

#: What a form is called, and what it is for, by the ending of its address; a page of its own by its endpoint.
FORMS = {
    "briefs.show": (N_("Brief"), N_("one page for a superior")),
    "docx": (N_("Word"), N_("for the dossier")),
    "xlsx": (N_("Excel"), N_("to work on in a spreadsheet")),
    "csv": (N_("CSV"), N_("for a script or another program")),
    "json": (N_("JSON"), N_("for a program")),
    "feeds.show": (N_("Atom"), N_("to follow in a feed reader")),
    "ics": (N_("Calendar"), N_("for your calendar")),
    "ris": (N_("RIS"), N_("the sources, for a reference manager")),
    "bib": (N_("BibTeX"), N_("the sources, for a reference manager")),
    "csl": (N_("CSL-JSON"), N_("the sources, for a reference manager")),
}
TABLES = (".xlsx", ".csv", ".json")
WORKS = (".ris", ".bib", ".csl")
#: What the page of each endpoint offers, in the order of the menu: what follows its address, or an endpoint.
OFFERED = {
    "negotiations.show": (
        "briefs.show",
        *TABLES,
        "feeds.show",
        "/events.ics",
        "/bibliography.ris",
        "/bibliography.bib",
    ),
    "briefs.show": (".docx", ".json"),
    "comparisons.show": TABLES,
    "changes.show": (*TABLES, "feeds.show"),
    "timelines.show": (*TABLES, "feeds.show"),
    "distances.show": TABLES,
    "issues.index": TABLES,
    "issues.show": (*TABLES, "feeds.show"),
    "status_changes.index": TABLES,
    "positions.index": TABLES,
    "claims.index": TABLES,
    "events.index": (*TABLES, ".ics"),
    "events.show": (".ics",),
    "proposals.index": TABLES,
    "proposals.show": TABLES,
    "parties.index": TABLES,
    "parties.show": (*TABLES, "feeds.show"),
    "evidence.show": TABLES,
    "sources.index": (*TABLES, *WORKS),
    "sources.show": (*TABLES, *WORKS),
}
#: Arguments that a page takes up to tomorrow, and never after the day that it looks from.
_DAYS = ("since", "until", "baseline")


@dataclass(frozen=True, slots=True)
class Offer:
    """A form of the page: its address, what it is called, and what it is for."""

    form: str
    address: str
    label: str
    purpose: str


@dataclass(frozen=True, slots=True)
class TakingAlong:
    """What the menu of a page holds. `address`: its own. `frozen`, `reference`: "" where nothing is."""

    offers: tuple[Offer, ...]
    address: str
    frozen: str
    reference: str

    def __bool__(self) -> bool:
        return bool(self.offers or self.frozen)


def taking_along(title: str, negotiation: Negotiation | None, view: PageView | None) -> TakingAlong:
    """Say what the page of this title offers to be taken along."""
    offers, here = tuple(_offers(view)), public(access.here())
    if not negotiation or not view:
        return TakingAlong(offers, here, "", "")
    as_of, known_at, frozen = frozen_state(negotiation, view)
    reference = _(
        "%(title)s. %(negotiation)s. Negotiation Tracker. As of %(day)s, as known on %(moment)s. "
        "%(address)s (accessed %(accessed)s)",
        title=Markup(title).unescape().strip().removesuffix(f", {negotiation.title}"),  # noqa: S704 - our own
        negotiation=negotiation.title,
        day=day_words(as_of),
        moment=moment_of_day(known_at),
        address=frozen,
        accessed=day_words(today()),
    )
    return TakingAlong(offers, here, frozen, reference)


def frozen_state(negotiation: Negotiation, view: PageView, path: str = "") -> tuple[date, datetime, str]:
    """Give the day and the moment that a page tells of, and the address that shows them for ever."""
    as_of, known_at = _day_seen(negotiation, view), _moment_seen(view)
    return as_of, known_at, public(_frozen(view, as_of, known_at, path or request.path))


def _offers(view: PageView | None) -> Iterator[Offer]:
    for form in OFFERED.get(request.endpoint or "", ()):
        name = form.rpartition(".")[2] if form.startswith((".", "/")) else form
        address = _of_another(form, view) if name == form else _of_ending(form)
        if address:
            label, purpose = FORMS[name]
            yield Offer(name, address, _(label), _(purpose))


def _of_another(endpoint: str, view: PageView | None) -> str:
    """Give the address of another page on the same, from the same point of view; "" where there is none."""
    if endpoint not in current_app.view_functions:
        return ""
    named: dict[str, Any] = {**(request.view_args or {}), **(view.args if view else {})}
    return url_for(endpoint, **named)


def _of_ending(ending: str) -> str:
    """Give this page's address with an ending, and with all that the page was asked; "" where there is none.

    Nothing is paged in a file.
    """
    address = urlsplit(address_without("page"))
    path = f"{address.path}{ending}"
    routes = current_app.create_url_adapter(request)
    with suppress(HTTPException):
        if routes and routes.match(path, "GET", return_rule=True)[0] is not request.url_rule:
            return address._replace(path=quote(path)).geturl()
    return ""


def _day_seen(negotiation: Negotiation, view: PageView) -> date:
    """Give the last day that the page tells of: today in UTC, or tomorrow where it is that somewhere already.

    Of tomorrow can speak only what was written today.
    """
    written = freshness.written_at()
    if view.as_of or not written or latest_day(written) <= today():
        return view.as_of or today()
    return max(today(), last_day(db.session(), negotiation, view.seen) or today())


def _moment_seen(view: PageView) -> datetime:
    """Give the moment up to which the page knows: this second, or that of a write within it."""
    second = now().replace(microsecond=0)
    return view.seen.known_at or max(second, freshness.written_at() or second)


def _frozen(view: PageView, as_of: date, known_at: datetime, path: str) -> str:
    """Give the address that answers this for ever: with the days and columns that the page took by itself."""
    day = as_of.isoformat()
    args = {**view.taken, "as_of": [day], "known_at": [moment_words(known_at)]}
    kept = [pair for pair in access.arguments() if pair[0] not in args]
    filled = [*kept, *((name, value) for name, values in args.items() for value in values)]
    query = [(name, day if name in _DAYS and value[:10] > day else value) for name, value in filled]
    return f"{path}?{urlencode(query, safe=':')}"
