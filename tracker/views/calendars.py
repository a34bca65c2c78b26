"""Calendars: the events of a negotiation, for calendar programs."""

from __future__ import annotations

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.exchange.ical import MEDIA_TYPE, Calendar, CalendarDay, write_calendar
from tracker.models import Negotiation
from tracker.models.vocabulary import EventState
from tracker.queries.calendar import Dated, dated_events
from tracker.queries.happenings import EventFilters
from tracker.views.access import allow
from tracker.views.addresses import public
from tracker.views.events import asked_filters
from tracker.views.freshness import fresh
from tracker.views.languages import gettext as _
from tracker.views.rendering import PageView, address_of, negotiation_or_404
from tracker.views.words import named

blueprint = Blueprint("calendars", __name__)

_STATES = {EventState.PLANNED: "TENTATIVE", EventState.HELD: "CONFIRMED", EventState.CANCELLED: "CANCELLED"}


@blueprint.get("/negotiations/<code>/events.ics")
@blueprint.get("/negotiations/<code>/events/<int:id_>.ics")
@allow(None)
def show(code: str, id_: int | None = None) -> Response:
    """Give the events that the page of them would list, on all its pages, or one."""
    negotiation = negotiation_or_404(code)
    view = PageView(negotiation)
    filters = asked_filters() if id_ is None else EventFilters()
    events = dated_events(db.session(), negotiation, view.seen, filters, id_)
    if id_ is not None and not events:
        abort(404)
    handling = _(negotiation.handling.label)
    calendar = Calendar(
        title=f"{negotiation.code} {negotiation.title}",
        description=f"{_('Events of the talks, past and to come.')} {handling}",
        days=[_day(negotiation, event, view) for event in events],
    )
    return fresh(write_calendar(calendar), MEDIA_TYPE)


def _day(negotiation: Negotiation, event: Dated, view: PageView) -> CalendarDay:
    names, code = negotiation.names, negotiation.code
    told = [
        f"{_('Who takes part')}: {named(event.participants, names)}" if event.participants else "",
        f"{_('Track')}: {event.track}" if event.track else "",
        f"{_(event.kind.label)}, {_(event.state.label).lower()}",
    ]
    return CalendarDay(
        uid=event.uid,
        title=event.title,
        first_day=event.starts_on,
        last_day=event.ends_on or event.starts_on,
        place=event.place,
        state=_STATES[event.state],
        category=_(event.kind.label),
        description="\n".join(line for line in told if line),
        address=public(address_of("events.show", code=code, id_=event.id, **view.args)),
        written_at=event.written_at,
        edits=event.edits,
    )
