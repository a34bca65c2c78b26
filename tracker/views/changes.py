"""Changes: what became different between two days, and what was recorded in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from tracker.dates import FIRST_DAY, View, moment_words, read_as_of, read_moment
from tracker.db import db
from tracker.models import Negotiation
from tracker.queries.changes import changes
from tracker.queries.corrections import acts_between, steps_between
from tracker.queries.happenings import event_days
from tracker.queries.staleness import last_day
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import asked_day, asked_parties, asked_word, named, refuse
from tracker.views.languages import gettext as _
from tracker.views.rendering import (
    PageView,
    address_with,
    address_without,
    negotiation_or_404,
    page,
    page_number,
)
from tracker.views.visits import last_visit

blueprint = Blueprint("changes", __name__, url_prefix="/negotiations/<code>/changes")

HAPPENED, RECORDED, CORRECTIONS = "happened", "recorded", "corrections"
READINGS = (HAPPENED, RECORDED, CORRECTIONS)
A_MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Period:
    """What the address asks for. `since` and `until` as typed; `from_on` and `to_on` as days."""

    since: str
    until: str
    from_on: date
    to_on: date
    is_chosen: bool

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Give the moments at the two ends; of a day it is the end, in UTC."""
        return read_moment(self.since), read_moment(self.until)


@blueprint.get("")
@allow(None)
def show(code: str) -> Response:
    """Tell what changed between the two days of the address, in one of two readings."""
    negotiation = negotiation_or_404(code)
    visit = last_visit(negotiation)
    view = PageView(negotiation)
    reading = asked_word("reading", READINGS, HAPPENED)
    period = asked_period(negotiation, view, reading)
    view.taken = {"since": [period.since], "until": [period.until]}
    context: dict[str, Any] = {
        "negotiation": negotiation,
        "section": "changes",
        "view": view,
        "names": negotiation.names,
        "reading": reading,
        "period": period,
        "presets": _presets(period, visit),
        "events": event_days(db.session(), negotiation, view.seen),
        "address": address_without("page"),
        "readings": {each: _address(period, reading=each) for each in READINGS},
    }
    if reading == HAPPENED:
        return page("changes/show.html", **context, **_happened(negotiation, view, period))
    return page("changes/show.html", **context, **_recorded(negotiation, view, period, reading))


def _happened(negotiation: Negotiation, view: PageView, period: Period) -> dict[str, Any]:
    session, user, number = db.session(), access.user(), page_number()
    seen = View(period.to_on, view.seen.known_at)
    parties = asked_parties(negotiation)
    found = changes(session, negotiation, period.from_on, seen, user, parties=parties, page=number)
    if number > found.paging.count:
        abort(404)
    before, after = ends_of(view, period)
    late = acts_between(session, negotiation, before, after, user, unexpected=True)
    return {"found": found, "late": late, "chosen": parties}


def _recorded(negotiation: Negotiation, view: PageView, period: Period, reading: str) -> dict[str, Any]:
    session, user, number = db.session(), access.user(), page_number()
    if named("party"):
        refuse("party", _("What was recorded is told of all parties."))
    before, after = ends_of(view, period)
    unexpected = reading == CORRECTIONS
    acts = acts_between(session, negotiation, before, after, user, page=number, unexpected=unexpected)
    if number > acts.paging.count:
        abort(404)
    known = None if unexpected else steps_between(session, negotiation, before, after)
    return {"acts": acts, "steps_known": known, "moments": period.moments}


def ends_of(view: PageView, period: Period) -> tuple[View, View]:
    """Give what was known at the two ends of a period, as far as the one who asks may know."""
    first, second = (View(view.as_of, moment).no_later_than(view.seen.known_at) for moment in period.moments)
    return first, second


def asked_period(negotiation: Negotiation, view: PageView, reading: str) -> Period:
    """Read the two days; without any, the last month of the record."""
    since, until = request.args.get("since", ""), request.args.get("until", "")
    latest = view.as_of or datetime.now(UTC).date()
    if not since and not until and view.as_of is None:
        last = last_day(db.session(), negotiation, view.seen)
        latest = min(latest, last) if last else latest
    read = read_as_of if reading == HAPPENED else _read_either
    to_on = asked_day("until", read) or latest
    from_on = asked_day("since", read) or max(to_on - A_MONTH, FIRST_DAY)
    if view.as_of and to_on > view.as_of:
        refuse("until", _("This day lies after the one that the page looks from."))
    period = Period(
        since or from_on.isoformat(), until or to_on.isoformat(), from_on, to_on, bool(since or until)
    )
    first, second = period.moments
    if first > second:
        refuse("since", _("The first day lies after the second."))
    return period


def _read_either(word: str) -> date:
    """Read a day, or the day of a moment.

    Raises: Unreadable.
    """
    return read_moment(word).date() if "T" in word else read_as_of(word)


def _presets(period: Period, visit: datetime | None) -> list[tuple[str, str]]:
    """Give words and addresses of the periods most asked for."""
    is_today = period.to_on >= datetime.now(UTC).date()
    spans = [(_("Yesterday") if is_today else _("The day before"), 1), (_("A week"), 7), (_("A month"), 30)]
    found = [
        (words, _address(period, since=max(period.to_on - timedelta(days=days), FIRST_DAY).isoformat()))
        for words, days in spans
    ]
    if visit:
        now = datetime.now(UTC).date().isoformat()
        since = moment_words(visit.replace(microsecond=0))
        address = _address(period, since=since, until=now, reading=RECORDED)
        found.insert(0, (_("Since your last visit"), address))
    return found


def _address(period: Period, **args: str) -> str:
    given = {"since": period.since, "until": period.until} | args
    if (given.get("reading") or request.args.get("reading") or HAPPENED) != HAPPENED:
        return address_with(address_without("page", "party"), **given)
    days = {end: given[end].partition("T")[0] for end in ("since", "until")}
    return address_with(address_without("page"), **given | days)
