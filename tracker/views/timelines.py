"""Timelines: what happened, day after day, under a drawing of the issues' statuses."""

from __future__ import annotations

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.models import Negotiation
from tracker.queries.issue_list import topics_of
from tracker.queries.panorama import panorama
from tracker.queries.succession import Happening, Wanted
from tracker.queries.timeline import timeline
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import (
    asked_day,
    asked_issues,
    asked_parties,
    asked_topics,
    asked_words,
    named,
    refuse,
)
from tracker.views.beginnings import begins_with
from tracker.views.languages import gettext as _
from tracker.views.rendering import PageView, address_without, negotiation_or_404, page, page_number
from tracker.views.visits import last_visit

blueprint = Blueprint("timelines", __name__, url_prefix="/negotiations/<code>/timeline")

_FILTERS = ("kind", "party", "issue", "topic", "since", "until", "page")


@blueprint.get("")
@allow(None)
def show(code: str) -> Response:
    """Show what happened, as far as the address asks for it."""
    negotiation = negotiation_or_404(code)
    last_visit(negotiation)
    view = PageView(negotiation)
    topics = [topic for topic in topics_of(db.session(), negotiation) if topic]
    wanted = asked_wanted(negotiation, topics)
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
        may_edit=access.is_editor() and not view.is_past,
        begins="" if found.days else begins_with(negotiation),
        address=_open(address_without("page")),
        unfiltered=address_without(*_FILTERS),
        every_day=address_without("since", "until", "page"),
        of_days=_open(address_without("since", "until", "page")),
        of_all=_open(address_without(*_FILTERS)),
    )


def _open(address: str) -> str:
    """Make an address end where an argument can follow."""
    return address + ("&" if "?" in address else "?")


def asked_wanted(negotiation: Negotiation, topics: list[str]) -> Wanted:
    """Read from the address what is wanted; what cannot be read, or is not there, is 400."""
    since, until = asked_day("since"), asked_day("until")
    if since and until and since > until:
        refuse("since", _("The first day lies after the last."))
    return Wanted(
        kinds=tuple(map(Happening, asked_words("kind", [*Happening]))),
        parties=tuple(asked_parties(negotiation)) if named("party") else (),
        numbers=asked_issues(negotiation),
        topics=asked_topics(topics),
        since=since,
        until=until,
    )
