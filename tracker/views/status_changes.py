"""Status changes: their history, and the form that must be fast."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response

from tracker.dates import View
from tracker.db import db
from tracker.models import Issue, Negotiation, StatusChange, Track
from tracker.models.refused import N_, Faults
from tracker.models.vocabulary import Level, Role, Status
from tracker.queries.connections import neighbours
from tracker.queries.issue_list import issue_lines
from tracker.views import access
from tracker.views.access import allow
from tracker.views.choosing import track_of, tracks_of
from tracker.views.citing import EntryForm, to_correct
from tracker.views.editing import conflict_panel, last_writer
from tracker.views.extracts import back
from tracker.views.forms import ChoiceField, CodesField, TextField, WordField
from tracker.views.issues import answer, dossier_page
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import (
    go,
    issue_or_404,
    page,
    save,
    say,
)
from tracker.views.retractions import undo_offer
from tracker.views.words import in_words, named, tongue

blueprint = Blueprint("status_changes", __name__, url_prefix="/issues/<key>/status-changes")


class StatusForm(EntryForm):
    """A status change as typed."""

    status = WordField(_l("Status"), Status, empty="Choose the status")
    track = ChoiceField(_l("For"))
    level = WordField(_l("At which level"), Level, empty="Not said")
    agreed_between = CodesField(_l("Between whom"))
    subject_to = TextField(_l("Subject to"))
    reason = TextField(_l("Why"))

    def missing(self) -> Faults:
        faults = super().missing()
        if self.status.data is None and not self.status.errors:
            faults.find("status", N_("Choose the status."))
        return faults

    def track_of(self, issue: Issue) -> Track | None:
        """Give the track asked for.

        Raises: Refused.
        """
        return track_of(self.track.data, issue.negotiation)

    def values(self, issue: Issue) -> dict[str, Any]:
        """Give what was typed, as `change_status` asks for it.

        Raises: Refused.
        """
        return {
            "status": self.status.data,
            "track": self.track_of(issue),
            "level": self.level.data,
            "agreed_between": self.agreed_between.data or [],
            "subject_to": self.subject_to.text,
            "reason": self.reason.text,
            "dating": self.dating(issue.negotiation),
            "citing": self.cites(issue.negotiation),
            "base_version": self.base_version.number,
            "corrects": self.correction(issue.negotiation),
        }

    def offer_words(self, negotiation: Negotiation) -> None:
        """Fill the choices that depend on the negotiation, but for sources and events."""
        self.track.choices = tracks_of(negotiation)
        self.agreed_between.choices = [(party.code, party.label) for party in negotiation.parties]


@blueprint.get("")
@allow(None)
def index(key: str) -> Response:
    """Show the history of an issue's status."""
    return dossier_page("status_changes/index.html", key)


@blueprint.get("/new")
@allow(Role.EDITOR)
def new(key: str) -> Response:
    """Show the form, empty, or filled with the entry to correct."""
    issue = issue_or_404(key)
    form = StatusForm()
    old = to_correct(StatusChange, issue)
    if old is None:
        form.begin(issue.negotiation)
        form.track.data = request.args.get("track", "")
    else:
        form.begin_correction(old)
        form.status.data, form.level.data = old.status, old.level
        form.track.data = old.track.code if old.track else ""
        form.agreed_between.data = old.agreed_between
        form.subject_to.data, form.reason.data = old.subject_to, old.reason
    form.base_version.data = str(issue.version)
    return _show(issue, form, 200)


@blueprint.post("")
@allow(Role.EDITOR)
def create(key: str) -> Response:
    """Record the change."""
    issue = issue_or_404(key)
    form = StatusForm()
    saved: list[Markup] = []

    def act() -> str:
        change = issue.change_status(by=access.signed_in(), **form.values(issue))
        form.remember(issue)
        saved.append(told(issue, change, form.next.data or ""))
        return url_for("issues.show", key=key) + "#status"

    def done(location: str) -> Response:
        say(saved[0] if saved else _("This was saved already."))
        onward = _onward(issue, form) if request.form.get("onward") else None
        if onward:
            return go(onward)
        if form.next.data:
            return back(form, location)
        return answer(issue, "status")

    return save(form, act, again=lambda status: _show(issue, form, status), done=done)


def _onward(issue: Issue, form: StatusForm) -> str | None:
    """Give the form of the next issue, with the same source."""
    _before, following = neighbours(db.session(), issue)
    if following is None:
        return None
    return url_for("status_changes.new", key=following, source=form.citations[0].form.source.data)


def told(issue: Issue, change: StatusChange, back: str, source: str = "") -> Markup:
    """Say what was recorded and whether it is in force; and its source, where the form did not ask for it."""
    is_in_force = issue.status_on(track=change.track) is change
    text = _(
        "%(place)s: %(status)s since %(day)s, recorded.",
        place=f"{issue.key}, {change.track.title}" if change.track else issue.key,
        status=_(change.status.label),
        day=tongue().on(change.effective_on, change.effective_words),
    )
    later = "" if is_in_force else " " + _("A later status stays in force.")
    under = " " + _("Source: %(source)s.", source=source) if source else ""
    return Markup("{}{}{} {}").format(text, later, under, undo_offer(change, back))


def _show(issue: Issue, form: StatusForm, status: int) -> Response:
    conflict = None
    if status == 409:
        db.session.refresh(issue)
        form.base_version.data = str(issue.version)
        conflict = conflict_of(issue, form)
    form.offer(issue.negotiation)
    form.offer_words(issue.negotiation)
    return page(
        "status_changes/new.html",
        fragment="status_form",
        status=status,
        issue=issue,
        negotiation=issue.negotiation,
        form=form,
        supported=issue.status_on(form.effective_on.on) if form.chosen else None,
        now_in_force=issue_lines(db.session(), issue.negotiation, [issue.id], View())[issue.id].statuses,
        conflict=conflict,
    )


def conflict_of(issue: Issue, form: StatusForm) -> dict[str, object]:
    """Set what was saved last beside what was typed, field by field.

    Where the issue was edited or a change retracted since, that is what stands in the record now.
    """
    query = select(StatusChange).where(StatusChange.issue_id == issue.id)
    theirs = db.session.scalar(query.order_by(StatusChange.id.desc()).limit(1))
    track = issue.negotiation.track(form.track.data or "")
    who, at = last_writer(issue)
    if theirs and at and theirs.recorded_at < at:
        theirs = issue.status_on(track=track)
    if theirs is None:
        return conflict_panel(who, at, [])
    whole = _("The talks as a whole")
    rows = [
        (_("Status"), in_words(theirs.status), in_words(form.status.data)),
        (_("For"), theirs.track.title if theirs.track else whole, track.title if track else whole),
        (_("Level"), in_words(theirs.level), in_words(form.level.data)),
        (
            _("Between whom"),
            named(theirs.agreed_between, issue.negotiation.names),
            named(form.agreed_between.data or [], issue.negotiation.names),
        ),
        (_("Subject to"), theirs.subject_to, form.subject_to.text),
        (_("Why"), theirs.reason, form.reason.text),
    ]
    return conflict_panel(who, at, [*rows, *form.rows_beside(theirs)])
