"""Feeds: what became known of a negotiation, an issue or a party, for feed readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from flask import Blueprint
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.exchange.atom import MEDIA_TYPE, Feed, FeedEntry, write_atom
from tracker.exchange.tongue import Tongue
from tracker.models import Issue, Negotiation, Party
from tracker.queries.corrections import ActKind
from tracker.queries.feed import News, feed
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import entry_address, public
from tracker.views.freshness import fresh
from tracker.views.languages import gettext as _
from tracker.views.languages import locale, templates
from tracker.views.parties import party_or_404
from tracker.views.rendering import PageView, address_of, issue_or_404, negotiation_or_404
from tracker.views.words import signer, tongue_of

blueprint = Blueprint("feeds", __name__)

#: So many letters of what an entry says stand in a title; the entry holds them all.
SHORT = 240


@blueprint.get("/negotiations/<code>/changes.atom")
@blueprint.get("/negotiations/<code>/parties/<party>.atom")
@blueprint.get("/issues/<key>.atom")
@allow(None)
def show(code: str = "", key: str = "", party: str = "") -> Response:
    """Tell what became known last, as far as the one who asks may see it."""
    issue = issue_or_404(key) if key else None
    negotiation = issue.negotiation if issue else negotiation_or_404(code)
    whose = party_or_404(negotiation, party) if party else None
    view = PageView(negotiation)
    found = feed(db.session(), negotiation, view.seen, access.user(), issue=issue, party=whose)
    return fresh(write_atom(_feed(negotiation, issue, whose, view, found)), MEDIA_TYPE)


def _feed(
    negotiation: Negotiation, issue: Issue | None, party: Party | None, view: PageView, found: list[News]
) -> Feed:
    code, page = negotiation.code, "changes.show"
    title, values = f"{code} {negotiation.title}", {"code": code}
    if issue:
        title, page, values = f"{issue.key} {issue.title}", "issues.show", {"key": issue.key}
    elif party:
        title, page, values = f"{party.label}, {title}", "parties.show", {"code": code, "party": party.code}
    handling = _(negotiation.handling.label)

    def address(endpoint: str, **values: Any) -> str:
        return public(address_of(endpoint, **view.args | values))

    return Feed(
        # Of what does not change when the site moves, and is another where another desk has such a code.
        uid=str(
            uuid5(NAMESPACE_URL, " ".join([page, *values.values(), negotiation.recorded_at.isoformat()]))
        ),
        title=title,
        subtitle=f"{_('What became known, the newest first; corrections are entries too.')} {handling}",
        rights=handling,
        language=str(locale()).replace("_", "-"),
        address=address("feeds.show", **values),
        page=address(page, **values),
        updated=found[0].at if found else negotiation.recorded_at,
        entries=[_entry(negotiation, news, address) for news in found],
    )


def _entry(negotiation: Negotiation, news: News, address: Callable[..., str]) -> FeedEntry:
    entry, tongue, is_new = news.entry, tongue_of(negotiation), news.kind is ActKind.ENTERED
    if entry.issue:
        place = f"{negotiation.code}-{entry.issue} {entry.issue_title}"
    else:
        place = f"{negotiation.code} {negotiation.title}"
    what = f"{place}{f' ({entry.track})' if entry.track else ''}: {_told(news, tongue)}"
    content = templates().get_template("feeds/_entry.html")
    return FeedEntry(
        uid=news.uid,
        title=what if is_new else f"{_(news.kind.label)}: {what}",
        at=news.at,
        author=signer(news.by) or _("the desk"),
        category=entry.kind if is_new else news.kind,
        address=entry_address(negotiation.code, entry.issue, entry.uid, entry.effective_on, address),
        content=content.render(news=news, tongue=tongue, address=address),
    )


def _told(news: News, tongue: Tongue) -> str:
    """Say what an entry says, a status with the one before it."""
    told = tongue.gist(news.entry)
    before = news.before.status if news.before else None
    if before is None or before is news.entry.status:
        return told if len(told) <= SHORT else f"{told[:SHORT]} …"
    return f"{tongue.say(before.label)} → {told}"
