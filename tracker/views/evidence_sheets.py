"""Evidence to take along: the entries that the page lists, with what they rest on."""

from __future__ import annotations

from tracker.db import db
from tracker.exchange.citations import Sources
from tracker.exchange.evidence_sheets import founded_sheet
from tracker.exchange.sheets import Book
from tracker.queries.evidence import every_founded
from tracker.views import access
from tracker.views.books import book_of
from tracker.views.evidence import asked_filters
from tracker.views.languages import gettext as _
from tracker.views.rendering import PageView, negotiation_or_404
from tracker.views.words import signer, tongue_of


def evidence(code: str) -> Book:
    """Give a row for each entry."""
    negotiation = negotiation_or_404(code)
    seen, sources = PageView(negotiation).seen, Sources(_)
    found = every_founded(db.session(), negotiation, seen, access.user(), asked_filters())
    sheet = founded_sheet(found, negotiation.code, tongue_of(negotiation), sources, signer)
    return book_of(negotiation, seen, "evidence", _("Evidence"), [sheet, sources.sheet()])
