"""Timelines: what happened, day after day, under a drawing of the issues' statuses."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from tracker.dates import Unreadable, read_day
from tracker.db import db
from tracker.models import Negotiation, Party
from tracker.queries.comparison import unknown_issues
from tracker.queries.issue_list import topics_of
from tracker.queries.panorama import panorama
from tracker.queries.succession import Happening, Wanted
from tracker.queries.timeline import timeline
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import asked_numbers, asked_parties, hold_known
from tracker.views.languages import gettext as _
from tracker.views.rendering import PageView, address_without, negotiation_or_404, page, page_number

blueprint = Blueprint("timelines", __name__, url_prefix="/negotiations/<code>/timeline")

_FILTERS = ("kind", "party", "issue", "topic", "since", "until", "page")


@blueprint.get("")
@allow(None)
def show(code: str) -> Response:
    """Show what happened, as far as the address asks for it."""
    negotiation = negotiation_or_404(code)
    view = PageView(negotiation)
    topics = [topic for topic in topics_of(db.session(), negotiation) if topic]
    wanted = _asked(negotiation, topics)
    found = timeline(db.session(), negotiation, view.seen, access.user(), wanted, page=page_number())
    if found.paging.number > 1 and not found.days:
        abort(404)
    return page(
        "timelines/show.html",
        negotiation=negotiation,
        section="timeline",
        view=view,
        found=found,
        drawing=panorama(db.session(), negotiation, view.seen, wanted),
        wanted=wanted,
        kinds=Happening,
        topics=topics,
        names=negotiation.names,
        address=_open(address_without("page")),
        unfiltered=address_without(*_FILTERS),
        every_day=address_without("since", "until", "page"),
        of_days=_open(address_without("since", "until", "page")),
        of_all=_open(address_without(*_FILTERS)),
    )


def _open(address: str) -> str:
    """Make an address end where an argument can follow."""
    return address + ("&" if "?" in address else "?")


def _asked(negotiation: Negotiation, topics: list[str]) -> Wanted:
    """Read from the address what is wanted; what cannot be read, or is not there, is 400."""
    since, until = _asked_day("since"), _asked_day("until")
    if since and until and since > until:
        abort(400, "since: " + _("The first day lies after the last."))
    return Wanted(
        kinds=_asked_kinds(),
        parties=_asked_parties(negotiation),
        numbers=_asked_numbers(negotiation),
        topics=_asked_topics(topics),
        since=since,
        until=until,
    )


def _asked_day(name: str) -> date | None:
    """Read a day from the address; what cannot be read is 400."""
    typed = request.args.get(name, "")
    try:
        return read_day(typed) if typed else None
    except Unreadable as error:
        abort(400, f"{name}: {_(str(error))}")


def _named(name: str) -> list[str]:
    """Give the values of an argument that may be repeated, each once."""
    return [*dict.fromkeys(value for value in request.args.getlist(name) if value)]


def _asked_kinds() -> tuple[Happening, ...]:
    words = _named("kind")
    for word in words:
        if word not in [*Happening]:
            abort(400, "kind: " + _("“%(word)s” is not one of the choices.", word=word[:60]))
    return tuple(Happening(word) for word in words)


def _asked_parties(negotiation: Negotiation) -> tuple[Party, ...]:
    """Give the parties of the address; none named narrows nothing."""
    return tuple(asked_parties(negotiation)) if _named("party") else ()


def _asked_numbers(negotiation: Negotiation) -> tuple[int, ...]:
    numbers = asked_numbers(negotiation)
    unknown = unknown_issues(db.session(), negotiation, numbers) if numbers else []
    hold_known(negotiation, unknown, {})
    return tuple(numbers)


def _asked_topics(topics: list[str]) -> tuple[str, ...]:
    named = _named("topic")
    for topic in named:
        if topic not in topics:
            abort(400, "topic: " + _("There is no topic “%(topic)s” in this negotiation.", topic=topic[:60]))
    return tuple(named)
