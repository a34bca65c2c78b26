"""Passages: the exact search of the stored texts for the words that an editor pasted."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, request
from jinja2_fragments import render_block
from werkzeug.wrappers import Response

from tracker.db import PROSE, db
from tracker.models import Negotiation, Source
from tracker.models.vocabulary import Role
from tracker.queries.passages import LIMIT, Hit, find_passages, is_enough
from tracker.queries.sources import SourceFilters, SourceSort, choices
from tracker.text import nearest, whole_number
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import asked_negotiation
from tracker.views.languages import gettext as _
from tracker.views.languages import templates
from tracker.views.rendering import address_with, back_to, page, wants_part

blueprint = Blueprint("passages", __name__, url_prefix="/passages")


@blueprint.get("")
@allow(Role.EDITOR)
def index() -> Response:
    """Find the stored texts in which a quote stands; with `source`, look in that one first.

    With htmx, a source that was found or chosen takes its place in the form beside this answer.
    """
    quote = (_asked("quote") or _asked("citations-0-quote")).strip()
    if len(quote) > PROSE or "\x00" in quote:
        abort(400, "quote: " + _("These words are too many, or cannot be searched for."))
    negotiation, limit = asked_negotiation(), _limit()
    chosen = _source(negotiation)
    hits = _find(quote, negotiation, chosen, limit)
    if chosen is None and len(hits) == 1:
        chosen = Source.find(db.session(), hits[0].id, access.user())
    is_searched = is_enough(quote)
    offered = []
    if is_searched and not hits and chosen is None:
        filters = SourceFilters(negotiation=negotiation, sort=SourceSort.RECORDED)
        offered = choices(db.session(), access.user(), filters)
    context: dict[str, Any] = {
        "section": "sources",
        "negotiation": negotiation,
        "code": negotiation.code if negotiation else None,
        "quote": quote,
        "hits": hits,
        "limit": limit,
        "chosen": chosen,
        "passage": hits[0] if chosen and hits else None,
        "nearest": _nearest(quote, chosen) if chosen and is_searched and not hits else "",
        "is_searched": is_searched,
        "choices": offered,
        "next": _next(),
        "taken": _taken,
    }
    response = page("passages/index.html", fragment="passages", **context)
    if chosen and wants_part():
        response.set_data(response.get_data(as_text=True) + _beside(context))
    return response


def _find(quote: str, negotiation: Negotiation | None, chosen: Source | None, limit: int) -> list[Hit]:
    if not is_enough(quote):
        return []
    return find_passages(
        db.session(),
        quote,
        access.signed_in(),
        negotiation=negotiation,
        source_id=chosen.id if chosen else None,
        limit=limit,
    )


def _nearest(quote: str, source: Source) -> str:
    return nearest(quote, source.text) if source.text else ""


def _beside(context: dict[str, Any]) -> str:
    """Give the chosen source in the place where the form holds it."""
    current_app.update_template_context(context)
    block = render_block(templates(), "sources/_chosen.html", "chosen", **context)
    return f'<hx-partial hx-target="#citation-source" hx-swap="outerHTML">{block}</hx-partial>'


def _taken(source_id: int, quote: str) -> str:
    """Give the form to go back to, with a source and the words from it."""
    return address_with(_next(), source=str(source_id), quote=quote)


def _asked(name: str) -> str:
    return request.args.get(name, "")


def _next() -> str:
    return back_to(_asked("next"), "")


def _source(negotiation: Negotiation | None) -> Source | None:
    """Read the source that was chosen already, which must be one of that negotiation."""
    text = _asked("source")
    if not text:
        return None
    number = whole_number(text)
    found = None if number is None else Source.find(db.session(), number, access.user())
    if found is None or (negotiation and all(f.negotiation is not negotiation for f in found.filings)):
        abort(400, "source: " + _("There is no such source here."))
    return found


def _limit() -> int:
    number = whole_number(request.args.get("limit", str(LIMIT)))
    if number is None or not 1 <= number <= LIMIT:
        abort(400, "limit: " + _("This is not a number from 1 to %(limit)s.", limit=LIMIT))
    return number
