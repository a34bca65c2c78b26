"""Negotiations: the list, the state of play of one, and the form for its own fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField
from wtforms.widgets import TextArea

from tracker.dates import moment_words
from tracker.db import db
from tracker.models import Negotiation, publication
from tracker.models.vocabulary import Handling, Role, Visibility
from tracker.queries.according import according
from tracker.queries.inbox import new_count
from tracker.queries.latest import latest_entries
from tracker.queries.negotiation_list import list_negotiations
from tracker.queries.notes import due_next
from tracker.queries.state_of_play import Thresholds, state_of_play
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import asked_number, asked_word
from tracker.views.editing import EditForm, form_page
from tracker.views.forms import DayField, Form, TextField, WordField
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import (
    PageView,
    address_with,
    address_without,
    negotiation_or_404,
    page,
    page_number,
    save,
    say,
)
from tracker.views.visits import last_visit

blueprint = Blueprint("negotiations", __name__)

OLD = timedelta(days=30)


class NegotiationForm(EditForm):
    """The fields of a negotiation. The code is asked for once and never changes."""

    once = ("code",)
    code = TextField(_l("Code"))
    title = TextField(_l("Title"))
    summary = TextField(_l("Summary"), widget=TextArea())
    started_on = DayField(_l("Started on"))
    ended_on = DayField(_l("Ended on"))
    visibility = WordField(_l("Who sees it"), Visibility, default=Visibility.INTERNAL)
    handling = WordField(_l("Handling"), Handling, default=Handling.CLEAR)
    single_undertaking = BooleanField(_l("Nothing is agreed until everything is agreed"))

    def values(self) -> dict[str, Any]:
        """Give the fields that are edited, by column."""
        return {
            "title": self.title.data,
            "summary": self.summary.data,
            "started_on": self.started_on.on,
            "ended_on": self.ended_on.on,
            "visibility": self.visibility.data or Visibility.INTERNAL,
            "handling": self.handling.data or Handling.CLEAR,
            "single_undertaking": self.single_undertaking.data,
        }


@blueprint.get("/")
@allow(None)
def index() -> Response:
    """List the negotiations that one may see."""
    return page(
        "negotiations/index.html",
        section="negotiations",
        found=list_negotiations(db.session(), access.user(), page=page_number()),
        address=address_without("page"),
    )


@blueprint.get("/negotiations/new")
@allow(Role.EDITOR)
def new() -> Response:
    """Show the form for a new negotiation."""
    return _new_page(NegotiationForm())(200)


def _new_page(form: NegotiationForm) -> Callable[[int], Response]:
    return form_page("negotiations/edit.html", form, None, section="negotiations")


@blueprint.post("/negotiations")
@allow(Role.EDITOR)
def create() -> Response:
    """Begin the record of a negotiation."""
    form = NegotiationForm()

    def act() -> str:
        negotiation = Negotiation(code=form.code.text.upper(), **form.values())
        publication.found(db.session(), negotiation, by=access.signed_in())
        say(_("The record is open. Add its parties, then its issues."))
        return url_for("negotiations.show", code=negotiation.code)

    return save(form, act, again=_new_page(form))


@blueprint.get("/negotiations/<code>")
@allow(None)
def show(code: str) -> Response:
    """Show the state of play."""
    negotiation = negotiation_or_404(code)
    view = PageView(negotiation)
    last = last_visit(negotiation)
    visit = None if view.known_at else last  # a fixed past is the same for everyone
    play = state_of_play(
        db.session(),
        negotiation,
        view.seen,
        access.user(),
        page=page_number(),
        thresholds=_asked_thresholds(),
        visit=visit,
    )
    today = datetime.now(UTC).date()
    is_old = play.last_day is not None and today - play.last_day > OLD
    return page(
        "negotiations/show.html",
        negotiation=negotiation,
        section="state",
        view=view,
        play=play,
        according=asked_word("view", ["claims"]) and according(negotiation, play),
        new_count=new_count(db.session(), negotiation) if access.user() else 0,
        visit=visit,
        visit_words=moment_words(visit.replace(microsecond=0)) if visit else "",
        names=negotiation.names,
        latest=latest_entries(db.session(), negotiation, view.seen, access.user()),
        due=due_next(db.session(), negotiation, view.seen) if access.user() else None,
        offered_day=play.last_day if is_old and not view.is_past else None,
        may_edit=access.is_editor() and not view.is_past,
        address=address_without("page"),
        desk_url=address_without("view"),
        claims_url=address_with(address_without(), view="claims"),
    )


def _asked_thresholds() -> Thresholds:
    """Read from when on an issue is stale, in days, and under which share of lines it is thinly covered."""
    usual = Thresholds()
    return Thresholds(
        asked_number("stale", usual.stale, 1, 3650), asked_number("coverage", usual.coverage, 0, 100)
    )


@blueprint.get("/negotiations/<code>/edit")
@allow(Role.EDITOR)
def edit(code: str) -> Response:
    """Show the form for a negotiation that is there."""
    negotiation = negotiation_or_404(code)
    return _again(negotiation, NegotiationForm.of(negotiation, negotiation))(200)


def _again(negotiation: Negotiation, form: NegotiationForm) -> Callable[[int], Response]:
    url = url_for("negotiations.show", code=negotiation.code)
    return form_page("negotiations/edit.html", form, negotiation, negotiation, url, publication=Form())


@blueprint.post("/negotiations/<code>")
@allow(Role.EDITOR)
def update(code: str) -> Response:
    """Save a negotiation's fields."""
    negotiation = negotiation_or_404(code)
    form = NegotiationForm()

    def act() -> str:
        publication.change(
            negotiation, form.values(), by=access.signed_in(), base_version=form.base_version.number
        )
        say(_("%(code)s was saved.", code=negotiation.code))
        return url_for("negotiations.show", code=negotiation.code)

    return save(form, act, again=_again(negotiation, form))
