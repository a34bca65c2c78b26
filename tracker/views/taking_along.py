"""Taking along: what a page offers to be carried away, as files and feeds, and as addresses that stay true.

Tables are offered where `exports.PAGES` has them; all else by a line in `OF_PAGE` or `BESIDE`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from urllib.parse import urlencode

from flask import request
from markupsafe import Markup

from tracker.dates import moment_words
from tracker.db import now
from tracker.models import Negotiation
from tracker.models.refused import N_
from tracker.views import access, exports, freshness
from tracker.views.addresses import public
from tracker.views.languages import gettext as _
from tracker.views.rendering import PageView, address_of, address_without
from tracker.views.words import day_words, moment_of_day, today

Offered: TypeAlias = Mapping[str, Mapping[str, Sequence[str]]]
TABLES = tuple(exports.ENDINGS)
#: What a form is called, and what it is for, in the order of the menu: by its ending, else by its endpoint.
FORMS = {
    "briefs.show": (N_("Brief"), N_("for a superior, to print")),
    "docx": (N_("Word"), N_("the brief, for the dossier")),
    "xlsx": (N_("Excel"), N_("to work on in a spreadsheet")),
    "csv": (N_("CSV"), N_("for a script or another program")),
    "json": (N_("JSON"), N_("for a program")),
    "feeds.show": (N_("Feed (Atom)"), N_("to follow in a feed reader")),
    "calendars.show": (N_("Calendar"), N_("for your calendar")),
    "ris": (N_("RIS"), N_("the sources, for Zotero, EndNote and the like")),
    "bib": (N_("BibTeX"), N_("the sources, for Zotero, EndNote and the like")),
    "csl": (N_("CSL-JSON"), N_("the sources, for Zotero, EndNote and the like")),
}
WORKS = ("ris", "bib", "csl")
#: Where else than in tables a page is had, and in which endings; it is asked all that the page was.
OF_PAGE: Offered = {
    "briefs.show": {"briefs.show": ("docx",)},
    "events.index": {"calendars.show": ("",)},
    "events.show": {"calendars.show": ("",)},
    "sources.index": {"bibliographies.index": WORKS},
    "sources.show": {"bibliographies.show": WORKS},
}
#: Tables of all that was entered on the subject of a page, and what the menu calls them.
HISTORIES = {
    exports.table_of("status_changes.index"): N_("all status changes"),
    exports.table_of("positions.index"): N_("all positions"),
    exports.table_of("claims.index"): N_("all claims"),
}
_FEED = {"feeds.show": ("",)}
#: What else there is on the subject of a page; it is asked the page's point of view alone.
BESIDE: Offered = {
    "negotiations.show": {
        "briefs.show": ("", "docx"),
        **dict.fromkeys(HISTORIES, TABLES),
        **_FEED,
        "calendars.show": ("",),
        "bibliographies.index": WORKS,
    },
    "changes.show": _FEED,
    "timelines.show": _FEED,
    "issues.show": {**dict.fromkeys(HISTORIES, TABLES), **_FEED},
    "parties.show": _FEED,
}
#: Arguments that a page takes up to tomorrow, and never after the day that it looks from.
_DAYS = ("since", "until", "baseline")


@dataclass(frozen=True, slots=True)
class Offer:
    """A form: what it is called, what it is for, and its addresses, with words where there are several."""

    form: str
    label: str
    purpose: str
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TakingAlong:
    """What the menu of a page holds. `address`: its own. `frozen`, `reference`: "" where none is."""

    offers: tuple[Offer, ...]
    address: str
    frozen: str
    reference: str


def taking_along(title: str, negotiation: Negotiation | None, view: PageView | None) -> TakingAlong | None:
    """Say what the page of this title, as written in HTML, offers to be taken along, if anything."""
    offers = _offers(view)
    if not negotiation or not view:
        return TakingAlong(offers, public(access.here()), "", "") if offers else None
    as_of, known_at, frozen = frozen_state(view)
    reference = _(
        "%(title)s. %(negotiation)s. Negotiation Tracker. As of %(day)s, as known on %(moment)s. "
        "%(address)s (accessed %(accessed)s)",
        title=Markup(title).unescape().strip(),  # noqa: S704 - our own
        negotiation=negotiation.title,
        day=day_words(as_of),
        moment=moment_of_day(known_at),
        address=frozen,
        accessed=day_words(today()),
    )
    return TakingAlong(offers, public(access.here()), frozen, reference)


def frozen_state(view: PageView, path: str = "") -> tuple[date, datetime, str]:
    """Give the day and the moment that a page tells of, and the address that shows them for ever."""
    as_of, known_at = _day_seen(view), _moment_seen(view)
    return as_of, known_at, public(_frozen(view, as_of, known_at, path or request.path))


def _offers(view: PageView | None) -> tuple[Offer, ...]:
    links: dict[str, list[tuple[str, str]]] = {}
    for form, address, words in _links(view):
        links.setdefault(form, []).append((address, words))
    return tuple(
        Offer(form, _(label), _(purpose), tuple(links[form]))
        for form, (label, purpose) in FORMS.items()
        if form in links
    )


def _links(view: PageView | None) -> Iterator[tuple[str, str, str]]:
    """Give form, address and words of all that the page offers. Nothing is paged in a file."""
    page = request.endpoint or ""
    tables = {exports.table_of(page): TABLES} if page in exports.PAGES else {}
    if own := {**tables, **OF_PAGE.get(page, {})}:
        _path, mark, asked = address_without("page").partition("?")
        for endpoint, ending, address in _addresses(own):
            yield ending or endpoint, f"{address}{mark}{asked}", ""
    for endpoint, ending, address in _addresses(BESIDE.get(page, {})):
        words = _(HISTORIES[endpoint]) if endpoint in HISTORIES else ""
        seen = view.query if view and endpoint not in _FEED else ""  # a feed brings what comes
        yield ending or endpoint, f"{address}{seen}", words


def _addresses(offered: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str, str]]:
    """Give endpoint, ending and path of each form."""
    for endpoint, endings in offered.items():
        for ending in endings:
            named = {**(request.view_args or {}), **({"ending": ending} if ending else {})}
            yield endpoint, ending, address_of(endpoint, **named)


def _day_seen(view: PageView) -> date:
    """Give the last day that the page tells of: today in UTC, or one that it is in the east already."""
    felt = None if view.is_past else freshness.felt()
    return view.as_of or (felt and felt.ahead) or today()


def _moment_seen(view: PageView) -> datetime:
    """Give the moment up to which the page knows: this second, or that of a write within it."""
    second, felt = now().replace(microsecond=0), freshness.felt()
    return view.seen.known_at or max(second, (felt and felt.at) or second)


def _frozen(view: PageView, as_of: date, known_at: datetime, path: str) -> str:
    """Give the address that answers this for ever: with the days and columns that the page took by itself."""
    day = as_of.isoformat()
    args = {**view.taken, "as_of": [day], "known_at": [moment_words(known_at)]}
    kept = [pair for pair in access.arguments() if pair[0] not in args]
    filled = [*kept, *((name, value) for name, values in args.items() for value in values)]
    query = [(name, day if name in _DAYS and value[:10] > day else value) for name, value in filled]
    return f"{path}?{urlencode(query, safe=':')}"
