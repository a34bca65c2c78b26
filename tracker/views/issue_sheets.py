"""The list of issues to take along."""

from __future__ import annotations

from tracker.db import db
from tracker.exchange.citations import Sources
from tracker.exchange.issue_sheets import IssueSheet
from tracker.exchange.sheets import Book
from tracker.queries.issue_list import every_issue, topics_of
from tracker.views import access
from tracker.views.addresses import hold_topic
from tracker.views.books import book_of
from tracker.views.issues import asked_filters, asked_sort
from tracker.views.languages import gettext as _
from tracker.views.rendering import PageView, negotiation_or_404
from tracker.views.words import tongue_of


def issue_list(code: str) -> Book:
    """Give the issues that the page lists, all of them."""
    negotiation = negotiation_or_404(code)
    seen = PageView(negotiation).seen
    filters, sort = asked_filters(), asked_sort()
    if filters.topics:
        topics = topics_of(db.session(), negotiation)
        for topic in filters.topics:
            hold_topic(topic, topics)
    found = every_issue(db.session(), negotiation, seen, access.user(), filters, sort)
    sources = Sources(_)
    issues = IssueSheet(tongue_of(negotiation), sources).sheet(found)
    return book_of(negotiation, seen, "issues", _("Issues"), [issues, sources.sheet()])
