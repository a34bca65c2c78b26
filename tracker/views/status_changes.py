"""Status changes: their history, and the form that must be fast."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response

from tracker.dates import View
from tracker.db import db
from tracker.models import Fault, Issue, Refused, StatusChange, Track
from tracker.models.refused import N_, Faults
from tracker.models.vocabulary import Level, Role, Status
from tracker.queries.connections import neighbours
from tracker.queries.issue_list import issue_lines
from tracker.views import access
from tracker.views.access import allow
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
from tracker.views.words import day_words, in_words, named

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
        if not self.track.data:
            return None
        track = issue.negotiation.track(self.track.data)
        if track is None:
            raise Refused(Fault("track", _("There is no such track in this negotiation.")))
        return track

    def offer_words(self, issue: Issue) -> None:
        """Fill the choices that depend on the negotiation."""
        negotiation = issue.negotiation
        self.offer(negotiation)
        self.track.choices = [
            ("", _("The talks as a whole")),
            *((track.code, track.title) for track in negotiation.tracks),
        ]
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
    told: list[Markup] = []

    def act() -> str:
        assert form.status.data is not None  # validate() held that
        change = issue.change_status(
            form.status.data,
            track=form.track_of(issue),
            level=form.level.data,
            agreed_between=form.agreed_between.data or [],
            subject_to=form.subject_to.text,
            reason=form.reason.text,
            dating=form.dating(issue.negotiation),
            by=access.signed_in(),
            citing=form.cites(issue.negotiation),
            base_version=form.base_version.number,
            corrects=form.correction(issue.negotiation),
        )
        form.remember(issue)
        told.append(_told(issue, change, form.next.data or ""))
        return url_for("issues.show", key=key) + "#status"

    def done(location: str) -> Response:
        say(told[0] if told else _("This was saved already."))
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


def _told(issue: Issue, change: StatusChange, back: str) -> Markup:
    """Say what was recorded, and whether it is in force."""
    is_in_force = issue.status_on(track=change.track) is change
    text = _(
        "%(place)s: %(status)s since %(day)s, recorded.",
        place=f"{issue.key}, {change.track.title}" if change.track else issue.key,
        status=_(change.status.label),
        day=change.effective_words or day_words(change.effective_on),
    )
    later = "" if is_in_force else " " + _("A later status stays in force.")
    return Markup("{}{} {}").format(text, later, undo_offer(change, back))


def _show(issue: Issue, form: StatusForm, status: int) -> Response:
    conflict = None
    if status == 409:
        db.session.refresh(issue)
        form.base_version.data = str(issue.version)
        conflict = _conflict(issue, form)
    form.offer_words(issue)
    return page(
        "status_changes/new.html",
        fragment="status_form",
        status=status,
        issue=issue,
        negotiation=issue.negotiation,
        form=form,
        now_in_force=issue_lines(db.session(), issue.negotiation, [issue.id], View())[issue.id].statuses,
        conflict=conflict,
    )


def _conflict(issue: Issue, form: StatusForm) -> dict[str, object]:
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
