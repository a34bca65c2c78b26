"""Histories to take along: of an issue, and of the whole record."""

from __future__ import annotations

from tracker.db import db
from tracker.exchange.citations import Sources
from tracker.exchange.history_sheets import NAMES, Histories
from tracker.exchange.sheets import Book
from tracker.models import Issue, Negotiation
from tracker.models.vocabulary import Status
from tracker.queries.histories import History
from tracker.queries.history_kinds import CLAIMS, POSITIONS, STATUS_CHANGES, HistoryFilters, Kind
from tracker.queries.issue_list import topics_of
from tracker.views import access
from tracker.views.addresses import (
    asked_day,
    asked_issues,
    asked_parties,
    asked_topics,
    asked_words,
    named,
)
from tracker.views.books import book_of
from tracker.views.languages import gettext as _
from tracker.views.rendering import PageView, issue_or_404, negotiation_or_404
from tracker.views.words import signer, tongue_of


def status_changes(code: str = "", key: str = "") -> Book:
    """Give the status changes on an issue, or of the whole record."""
    return _history(STATUS_CHANGES, code, key)


def positions(code: str = "", key: str = "") -> Book:
    """Give the positions on an issue, or of the whole record."""
    return _history(POSITIONS, code, key)


def claims(code: str = "", key: str = "") -> Book:
    """Give the claims on an issue, or of the whole record."""
    return _history(CLAIMS, code, key)


def _history(kind: Kind, code: str, key: str) -> Book:
    issue = issue_or_404(key) if key else None
    negotiation = issue.negotiation if issue else negotiation_or_404(code)
    seen = PageView(negotiation).seen
    filters = _asked(negotiation, issue)
    sources = Sources(_)
    history = History(db.session(), negotiation, seen, is_stranger=access.user() is None)
    written = Histories(history, tongue_of(negotiation), sources, signer)
    name, title = NAMES[kind.name]
    subject = (f"{issue.number}-" if issue else "") + name.replace("_", "-")
    sheets = [written.sheet(kind, filters), written.citations([kind], filters), sources.sheet()]
    told = f"{issue.key} {issue.title}, {_(title)}" if issue else _(title)
    return book_of(negotiation, seen, subject, told, sheets)


def _asked(negotiation: Negotiation, issue: Issue | None) -> HistoryFilters:
    """Read from the address which entries are wanted."""
    topics = topics_of(db.session(), negotiation) if named("topic") else ()
    numbers = asked_issues(negotiation)
    return HistoryFilters(
        numbers=(issue.number,) if issue else numbers,
        topics=asked_topics(topics),
        parties=[party.id for party in asked_parties(negotiation)] if named("party") else (),
        statuses=asked_words("status", [*Status]),
        since=asked_day("since"),
        until=asked_day("until"),
    )
