"""Tracks: the strands of the talks, each with parties of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from flask import Blueprint, abort, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.models import Negotiation, Track, editable
from tracker.models.vocabulary import Role
from tracker.views.access import allow
from tracker.views.editing import EditForm, again
from tracker.views.forms import CodesField, TextField
from tracker.views.rendering import negotiation_or_404, page, save, say

blueprint = Blueprint("tracks", __name__, url_prefix="/negotiations/<code>/tracks")


class TrackForm(EditForm):
    """The fields of a track. The code is asked for once and never changes."""

    once = ("code",)
    code = TextField(_l("Code"))
    title = TextField(_l("Title"))
    parties = CodesField(_l("Parties"))

    def offer(self, negotiation: Negotiation) -> Self:
        """Fill the choices that depend on the negotiation."""
        self.parties.choices = [(party.code, party.label) for party in negotiation.parties]
        return self

    def values(self) -> dict[str, Any]:
        """Give the fields that are edited, by column."""
        return {"title": self.title.data, "parties": sorted(set(self.parties.data or []))}


@blueprint.get("/new")
@allow(Role.EDITOR)
def new(code: str) -> Response:
    """Show the form for a track."""
    return _new_page(negotiation_or_404(code), TrackForm(), 200)


def _new_page(negotiation: Negotiation, form: TrackForm, status: int) -> Response:
    form.offer(negotiation)
    return page("tracks/edit.html", status=status, negotiation=negotiation, track=None, form=form)


@blueprint.post("")
@allow(Role.EDITOR)
def create(code: str) -> Response:
    """Add a track."""
    negotiation = negotiation_or_404(code)
    form = TrackForm()

    def act() -> str:
        track = Track(negotiation=negotiation, code=form.code.text.lower(), **form.values())
        editable.add(db.session(), track)
        say(_("%(name)s was added.", name=track.title))
        return url_for("parties.index", code=code) + "#tracks"

    return save(form, act, again=lambda status: _new_page(negotiation_or_404(code), form, status))


def _track_or_404(code: str, track: str) -> Track:
    return negotiation_or_404(code).track(track) or abort(404)


def _filled(track: Track) -> EditForm:
    return TrackForm(formdata=None, obj=track).begin(track).offer(track.negotiation)


def _again(track: Track, form: TrackForm) -> Callable[[int], Response]:
    negotiation = track.negotiation
    form.offer(negotiation)
    url = url_for("parties.index", code=negotiation.code) + "#tracks"
    return again(
        "tracks/edit.html", form, track, lambda: _filled(track), url, negotiation=negotiation, track=track
    )


@blueprint.get("/<track>/edit")
@allow(Role.EDITOR)
def edit(code: str, track: str) -> Response:
    """Show the form for a track that is there."""
    found = _track_or_404(code, track)
    return _again(found, TrackForm(formdata=None, obj=found).begin(found))(200)


@blueprint.post("/<track>")
@allow(Role.EDITOR)
def update(code: str, track: str) -> Response:
    """Save a track's fields."""
    found = _track_or_404(code, track)
    form = TrackForm()

    def act() -> str:
        editable.edit(found, form.values(), base_version=form.base_version.number)
        say(_("%(name)s was saved.", name=found.title))
        return url_for("parties.index", code=code) + "#tracks"

    return save(form, act, again=_again(found, form))
