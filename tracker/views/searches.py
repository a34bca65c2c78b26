"""Search: one line of words over all that the reader may see."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from tracker.dates import View
from tracker.db import db
from tracker.models.refused import N_, Fault
from tracker.queries.search import PAGE, RANKED, Found, Search, SearchSort
from tracker.queries.search_wish import LONGEST, read_wish
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import asked_negotiation, asked_word
from tracker.views.languages import gettext as _
from tracker.views.rendering import (
    LONGEST_QUERY,
    PageView,
    address_with,
    address_without,
    asked_view,
    page,
    page_number,
)

#: What of an address says from when the record is looked at.
_POINT = ("as_of", "known_at")
blueprint = Blueprint("searches", __name__, url_prefix="/search")


@blueprint.get("")
@allow(None)
def index() -> Response:
    """Show what was found; any words at all are looked for, or it is said why not."""
    q = request.args.get("q", "")
    if len(request.query_string) > LONGEST_QUERY:
        too_long = Fault("", N_("This is too long to be looked for."))
        return _show(q, Found([], [], [too_long]))
    negotiation = asked_negotiation()
    view = PageView(negotiation) if negotiation else None
    sort = SearchSort(asked_word("sort", [*SearchSort]) or SearchSort.BEST)
    number = page_number()
    seen = view.seen if view else asked_view()
    found = Search(db.session(), access.user(), seen, read_wish(q), negotiation).find(sort, number)
    if number > 1 and found.is_empty:
        abort(404)
    kept = view.args if view else {name: request.args[name] for name in _POINT if request.args.get(name)}
    return _show(q, found, negotiation=negotiation, view=view, sort=sort, seen=seen, kept=kept)


def _show(q: str, found: Found, **context: Any) -> Response:
    here = address_with(request.path, q=q[:LONGEST]) if len(q) > LONGEST else address_without("page")
    plain: dict[str, Any] = {
        "negotiation": None,
        "view": None,
        "sort": SearchSort.BEST,
        "seen": View(),
        "kept": {},
    } | context
    return page(
        "searches/index.html",
        fragment="results",
        section="search",
        q=q[:LONGEST],
        found=found,
        sorts=SearchSort,
        faults=[_(fault.message, **fault.values) for fault in found.faults],
        address=here + ("&" if "?" in here else "?"),
        past="?" + urlencode(plain["kept"]) if plain["kept"] else "",
        every=address_without("negotiation", "page"),
        today_url=address_without("page", *_POINT),
        most=RANKED,
        size=PAGE,
        **plain,
    )
