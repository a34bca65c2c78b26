"""Tracks: the strands of the talks, each with parties of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, url_for
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.models import Negotiation, Track, editable
from tracker.models.vocabulary import Role
from tracker.views.access import allow
from tracker.views.editing import EditForm, form_page
from tracker.views.forms import CodesField, TextField
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import negotiation_or_404, save, say

blueprint = Blueprint("tracks", __name__, url_prefix="/negotiations/<code>/tracks")


class TrackForm(EditForm):
    """The fields of a track. The code is asked for once and never changes."""

    once = ("code",)
    code = TextField(_l("Code"))
    title = TextField(_l("Title"))
    parties = CodesField(_l("Parties"))

    def offer(self, negotiation: Negotiation) -> None:
        self.parties.choices = [(party.code, party.label) for party in negotiation.parties]

    def values(self) -> dict[str, Any]:
        """Give the fields that are edited, by column."""
        return {"title": self.title.data, "parties": sorted(set(self.parties.data or []))}


@blueprint.get("/new")
@allow(Role.EDITOR)
def new(code: str) -> Response:
    """Show the form for a track."""
    return _page(negotiation_or_404(code), TrackForm())(200)


def _page(negotiation: Negotiation, form: TrackForm, track: Track | None = None) -> Callable[[int], Response]:
    url = url_for("parties.index", code=negotiation.code) + "#tracks"
    return form_page("tracks/edit.html", form, negotiation, track, url, track=track)


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

    return save(form, act, again=_page(negotiation, form))


def _track_or_404(code: str, track: str) -> Track:
    return negotiation_or_404(code).track(track) or abort(404)


@blueprint.get("/<track>/edit")
@allow(Role.EDITOR)
def edit(code: str, track: str) -> Response:
    """Show the form for a track that is there."""
    found = _track_or_404(code, track)
    return _page(found.negotiation, TrackForm.of(found, found.negotiation), found)(200)


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

    return save(form, act, again=_page(found.negotiation, form, found))
