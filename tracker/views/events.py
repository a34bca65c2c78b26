"""Events: the list, one with what was recorded at it, and their form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response
from wtforms import ValidationError

from tracker.db import db
from tracker.models import Event, Negotiation, Source
from tracker.models.vocabulary import EventKind, EventState, Role
from tracker.queries.events import event_file
from tracker.queries.happenings import EventFilters, When, list_events
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import asked_word, asked_words, row_or_404
from tracker.views.beginnings import begins_with
from tracker.views.choosing import track_of, tracks_of
from tracker.views.citing import CitingForm
from tracker.views.editing import EditForm, form_page
from tracker.views.extracts import back
from tracker.views.forms import ChoiceField, CodesField, DayField, TextField, WordField
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.recalling import day_of
from tracker.views.rendering import (
    PageView,
    address_without,
    back_to,
    negotiation_or_404,
    page,
    page_number,
    save,
    say,
)

blueprint = Blueprint("events", __name__, url_prefix="/negotiations/<code>/events")


class EventForm(CitingForm, EditForm):
    """An event as typed, and sources to cite for it beside those that it has."""

    title = TextField(_l("What it is"))
    kind = WordField(_l("Kind"), EventKind, empty="Choose the kind")
    state = WordField(_l("State"), EventState, default=EventState.HELD)
    starts_on = DayField(_l("Day"))
    ends_on = DayField(_l("Last day"))
    place = TextField(_l("Place"))
    track = ChoiceField(_l("For"))
    participants = CodesField(_l("Who takes part"))

    def validate_starts_on(self, field: DayField) -> None:
        """Take a day, not words: an event has its day."""
        if field.day and field.day.words:
            raise ValidationError(_("Give the exact day."))

    validate_ends_on = validate_starts_on

    def validate_kind(self, field: WordField) -> None:
        """Ask for a kind: none is guessed."""
        if field.data is None and not field.errors:
            raise ValidationError(_("Choose the kind."))

    def offer(self, negotiation: Negotiation) -> None:
        self.offer_sources(negotiation)
        self.track.choices = tracks_of(negotiation)
        self.participants.choices = [(party.code, party.label) for party in negotiation.parties]

    def fill(self, row: Event) -> None:
        self.track.data = row.track.code if row.track else ""
        while self.citations.entries:
            self.citations.pop_entry()
        self.citations.append_entry()  # what it rests on already is not edited

    def values(self, negotiation: Negotiation) -> dict[str, Any]:
        """Give the fields that are edited, by attribute.

        Raises: Refused.
        """
        found = {name: self[name].data for name in ("title", "kind", "state", "place")}
        return found | {
            "starts_on": self.starts_on.on,
            "ends_on": self.ends_on.on,
            "participants": sorted(set(self.participants.data or [])),
            "track": track_of(self.track.data, negotiation),
        }


@blueprint.get("")
@allow(None)
def index(code: str) -> Response:
    """List the events, newest first; of those to come, the next first."""
    negotiation = negotiation_or_404(code)
    view = PageView(negotiation)
    filters = asked_filters()
    found = list_events(db.session(), negotiation, view.seen, access.user(), filters, page=page_number())
    return page(
        "events/index.html",
        negotiation=negotiation,
        view=view,
        found=found,
        filters=filters,
        kinds=EventKind,
        names=negotiation.names,
        address=address_without("page"),
        may_edit=access.is_editor() and not view.is_past,
        begins="" if found.events or filters else begins_with(negotiation),
    )


def asked_filters() -> EventFilters:
    """Read from the address which events are wanted; what cannot be read is 400."""
    when = asked_word("when", [*When])
    kinds = tuple(EventKind(word) for word in asked_words("kind", [*EventKind]))
    return EventFilters(When(when) if when else None, kinds)


@blueprint.get("/<int:id_>")
@allow(None)
def show(code: str, id_: int) -> Response:
    """Show an event, with what was recorded at it."""
    event = row_or_404(Event, code, id_)
    negotiation = event.negotiation
    view = PageView(negotiation)
    found = event_file(db.session(), negotiation, id_, view.seen, access.user(), page=page_number())
    return page(
        "events/show.html",
        negotiation=negotiation,
        view=view,
        file=found or abort(404),
        names=negotiation.names,
        address=address_without("page"),
        may_edit=access.is_editor() and not view.is_past,
    )


@blueprint.get("/new")
@allow(Role.EDITOR)
def new(code: str) -> Response:
    """Show the form for an event, with the source and the words of the address."""
    negotiation = negotiation_or_404(code)
    form = EventForm()
    source = _begin(form, negotiation)
    form.state.data = EventState.PLANNED if request.args.get("state") == "planned" else EventState.HELD
    if form.state.data is EventState.HELD:
        form.starts_on.data = day_of(source)
    return _page(negotiation, form)(200)


def _begin(form: EventForm, negotiation: Negotiation) -> Source | None:
    """Fill in the source of the address, and none that was used before: an event may do without."""
    if "source" in request.args:
        return form.begin_citing(negotiation)
    form.next.data = back_to(request.args.get("next"), "")
    return None


def _page(negotiation: Negotiation, form: EventForm, event: Event | None = None) -> Callable[[int], Response]:
    leave_url = form.next.data or (
        url_for("events.show", code=negotiation.code, id_=event.id)
        if event
        else url_for("events.index", code=negotiation.code)
    )
    return form_page(
        "events/edit.html", form, negotiation, event, leave_url, event=event, fragment="event_form"
    )


@blueprint.post("")
@allow(Role.EDITOR)
def create(code: str) -> Response:
    """Add an event."""
    negotiation = negotiation_or_404(code)
    form = EventForm()

    def act() -> str:
        event = Event(negotiation=negotiation, **form.values(negotiation))
        event.add(db.session(), by=access.signed_in(), citing=form.cites(negotiation))
        db.session.flush()
        say(_("%(name)s was added.", name=event.title))
        return url_for("events.show", code=code, id_=event.id)

    return save(form, act, again=_page(negotiation, form), done=lambda location: back(form, location))


@blueprint.get("/<int:id_>/edit")
@allow(Role.EDITOR)
def edit(code: str, id_: int) -> Response:
    """Show the form for an event that is there."""
    event = row_or_404(Event, code, id_)
    form = EventForm.of(event, event.negotiation)
    _begin(form, event.negotiation)
    return _page(event.negotiation, form, event)(200)


@blueprint.post("/<int:id_>")
@allow(Role.EDITOR)
def update(code: str, id_: int) -> Response:
    """Save an event's fields, and cite further sources for it."""
    event = row_or_404(Event, code, id_)
    negotiation, form = event.negotiation, EventForm()

    def act() -> str:
        event.edit(
            form.values(negotiation),
            by=access.signed_in(),
            citing=form.cites(negotiation),
            base_version=form.base_version.number,
        )
        say(_("%(name)s was saved.", name=event.title))
        return url_for("events.show", code=code, id_=event.id)

    again = _page(negotiation, form, event)
    return save(form, act, again=again, done=lambda location: back(form, location))
