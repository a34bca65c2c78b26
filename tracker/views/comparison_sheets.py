"""Compare to take along: every row, and every cell that is stated."""

from __future__ import annotations

from tracker.db import db
from tracker.exchange.citations import Sources
from tracker.exchange.comparison_sheets import Compared
from tracker.exchange.sheets import Book
from tracker.exchange.workbook import COLUMNS
from tracker.queries.clauses import proposals_on
from tracker.queries.comparison import compare_all
from tracker.views import access
from tracker.views.addresses import refuse
from tracker.views.books import book_of
from tracker.views.comparisons import asked_comparison, refuse_what_is_not_there
from tracker.views.languages import gettext as _
from tracker.views.rendering import PageView, negotiation_or_404
from tracker.views.words import tongue_of


def comparison(code: str) -> Book:
    """Give what the page sets side by side, all of its rows."""
    negotiation = negotiation_or_404(code)
    seen = PageView(negotiation).seen
    session, user = db.session(), access.user()
    proposals = proposals_on(session, negotiation, seen, user)
    asked = asked_comparison(negotiation, proposals, seen)
    whole = compare_all(session, negotiation, **asked, user=user)
    refuse_what_is_not_there(asked["filters"], whole)
    if whole.arrangement.is_swapped and whole.count >= COLUMNS:
        refuse("swap", _("A table has no more than %(most)s columns.", most=COLUMNS))
    compared = Compared(whole, tongue_of(negotiation), Sources(_))
    about = {"negotiation": code, "as_of": seen.today, "known_at": seen.known_at}
    return book_of(negotiation, seen, "compare", _("Compare"), compared.sheets(), compared.document(about))
