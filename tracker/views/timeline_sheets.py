"""The timeline to take along: all that happened, as far as the address asks for it."""

from __future__ import annotations

from tracker.db import db
from tracker.exchange.citations import Sources
from tracker.exchange.sheets import Book
from tracker.exchange.timeline_sheets import TimelineSheet
from tracker.queries.issue_list import topics_of
from tracker.queries.timeline import every_happening
from tracker.views import access
from tracker.views.books import book_of
from tracker.views.languages import gettext as _
from tracker.views.rendering import PageView, negotiation_or_404
from tracker.views.timelines import asked_wanted
from tracker.views.words import signer, tongue_of


def timeline(code: str) -> Book:
    """Give a row for each thing that happened."""
    negotiation = negotiation_or_404(code)
    seen, session = PageView(negotiation).seen, db.session()
    wanted = asked_wanted(negotiation, [topic for topic in topics_of(session, negotiation) if topic])
    found, sources = every_happening(session, negotiation, seen, access.user(), wanted), Sources(_)
    sheet = TimelineSheet(negotiation.code, tongue_of(negotiation), sources, signer).sheet(found)
    return book_of(negotiation, seen, "timeline", _("Timeline"), [sheet, sources.sheet()])
