"""Retractions: withdrawing an entry, with a reason. It stays readable."""

from __future__ import annotations

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from tracker.db import db
from tracker.models import Citation, Entry, EntryLink, Fault, Issue, Negotiation, Refused
from tracker.models.retraction import Subject, find_subject, retract
from tracker.models.vocabulary import Role
from tracker.queries.references import Reference, references
from tracker.views import access
from tracker.views.access import allow
from tracker.views.forms import Form, TextField
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import back_to, go, negotiation_or_404, page, save, say

blueprint = Blueprint("retractions", __name__, url_prefix="/retractions")


class RetractionForm(Form):
    """What is withdrawn, and why."""

    entry = HiddenField()
    retraction_reason = TextField(_l("Why"))
    next = HiddenField(filters=[lambda address: back_to(address, "")])


def _subject(uid: str | None) -> tuple[Subject, Negotiation]:
    """Find what a uid names, as far as the one who asks may see it, or answer 404."""
    subject = find_subject(db.session(), uid or "") or abort(404)
    return subject, negotiation_or_404(subject.audit_chain)


def _issue_of(subject: Subject) -> Issue | None:
    """Find the issue on whose page the subject stands; None: it stands on the whole talks."""
    if isinstance(subject, Citation):
        return getattr(subject.entry, "issue", None)
    return getattr(subject.from_entry if isinstance(subject, EntryLink) else subject, "issue", None)


@blueprint.get("/new")
@allow(Role.EDITOR)
def new() -> Response:
    """Show what will be withdrawn, and ask why."""
    uid = request.args.get("entry", "")
    _subject(uid)
    return _show(RetractionForm(entry=uid, next=request.args.get("next", "")), 200)


@blueprint.post("")
@allow(Role.EDITOR)
def create() -> Response:
    """Withdraw it."""
    form = RetractionForm()
    subject, negotiation = _subject(form.entry.data)

    def act() -> str:
        faults = retract(subject, reason=form.retraction_reason.text, by=access.signed_in())
        for fault in faults:
            if fault.field == "entry":
                raise Refused(Fault("", fault.message, fault.values))
        faults.refuse()
        issue = _issue_of(subject)
        if issue is None:
            return url_for("negotiations.show", code=negotiation.code)
        return url_for("issues.show", key=issue.key)

    def done(location: str) -> Response:
        say(
            _("The citation was retracted. The entry rests on its other sources.")
            if isinstance(subject, Citation)
            else _("Retracted. It stays readable, struck through, with your reason.")
        )
        return go(back_to(form.next.data, location))

    return save(form, act, again=lambda status: _show(form, status), done=done)


def _show(form: RetractionForm, status: int) -> Response:
    subject, negotiation = _subject(form.entry.data)
    return page(
        "retractions/new.html",
        fragment="retraction_form",
        status=status,
        form=form,
        subject=subject,
        negotiation=negotiation,
        references=_references(subject),
        is_citation=isinstance(subject, Citation),
        issue=_issue_of(subject),
    )


def _references(subject: Subject) -> list[Reference]:
    """Give what an entry cites; of a citation, itself."""
    if isinstance(subject, Entry):
        return references(db.session(), [subject.id], access.user())[subject.id]
    if isinstance(subject, Citation):
        id_ = subject.entry_id or subject.event_id or 0
        cited = references(db.session(), [id_], access.user(), of_events=subject.entry_id is None)
        return [reference for reference in cited[id_] if reference.uid == subject.uid]
    return []
