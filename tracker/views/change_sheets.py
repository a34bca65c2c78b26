"""Changes to take along, in the reading of the page: all of them, whatever the page has room for."""

from __future__ import annotations

from functools import partial

from tracker.dates import View
from tracker.db import db
from tracker.exchange.change_sheets import ChangeSheets, flow_told, proposals_told
from tracker.exchange.citations import Sources
from tracker.exchange.sheets import Book
from tracker.models import Negotiation
from tracker.queries.changes import changed_between
from tracker.queries.corrections import every_act, every_known_step
from tracker.queries.novelties import novelties
from tracker.queries.paging import EVERY
from tracker.views import access
from tracker.views.addresses import asked_parties, asked_word, named, refuse
from tracker.views.books import book_of
from tracker.views.changes import CORRECTIONS, HAPPENED, READINGS, Period, asked_period, ends_of
from tracker.views.languages import gettext as _
from tracker.views.rendering import PageView, negotiation_or_404
from tracker.views.words import signer, tongue_of


def changes(code: str) -> Book:
    """Give what changed between the two days of the address."""
    negotiation = negotiation_or_404(code)
    view = PageView(negotiation)
    reading = asked_word("reading", READINGS, HAPPENED)
    period = asked_period(negotiation, view, reading)
    if reading == HAPPENED:
        return _happened(negotiation, view, period)
    return _recorded(negotiation, view, period, reading)


def _happened(negotiation: Negotiation, view: PageView, period: Period) -> Book:
    session, user, seen = db.session(), access.user(), View(period.to_on, view.seen.known_at)
    parties, (before, after) = asked_parties(negotiation), ends_of(view, period)
    found = changed_between(session, negotiation, period.from_on, seen, parties)
    new = novelties(session, negotiation, period.from_on, seen, user, EVERY)
    flow, write = found.ladder.flow(), _written(negotiation)
    late = partial(every_act, session, negotiation, before, after, user, unexpected=True)
    sheets = [
        write.every(found.every_step(session, user), found.every_move(session, user), new.claims),
        write.steps(found.every_step(session, user)),
        write.moves(found.every_move(session, user)),
        write.claims(new.claims),
        write.proposals(new.proposals),
        write.published(new),
        write.flow(flow),
        write.acts(late()),
        write.sources.sheet(),
    ]
    body = {
        "negotiation": negotiation.code,
        "since": period.from_on,
        "until": period.to_on,
        "known_at": seen.known_at,
        "reading": HAPPENED,
        "status_steps": write.steps_told(found.every_step(session, user)),
        "moves": write.moves_told(found.every_move(session, user)),
        "claims": write.claims_told(new.claims),
        "proposals": proposals_told(new.proposals),
        "sources": map(write.sources.source, new.sources),
        "flow": flow_told(flow),
        "recorded": write.acts_told(late()),
    }
    return book_of(negotiation, seen, "changes", _("Changes"), sheets, body)


def _recorded(negotiation: Negotiation, view: PageView, period: Period, reading: str) -> Book:
    if named("party"):
        refuse("party", _("What was recorded is told of all parties."))
    session, user, unexpected = db.session(), access.user(), reading == CORRECTIONS
    before, after = ends_of(view, period)
    known = partial(every_known_step, session, negotiation, before, after)
    acts = partial(every_act, session, negotiation, before, after, user, unexpected=unexpected)
    write = _written(negotiation)
    about = {"negotiation": negotiation.code, "since": period.since, "until": period.until}
    body = {**about, "reading": reading, "recorded": write.acts_told(acts())}
    sheets = [write.acts(acts())]
    if not unexpected:
        body["status_steps"] = write.steps_told(known())
        sheets.append(write.steps(known()))
    return book_of(negotiation, after, "changes", _("Changes"), [*sheets, write.sources.sheet()], body)


def _written(negotiation: Negotiation) -> ChangeSheets:
    return ChangeSheets(negotiation.code, tongue_of(negotiation), Sources(_), signer)
