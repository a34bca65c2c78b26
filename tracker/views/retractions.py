"""Retractions: withdrawing an entry, with a reason. It stays readable."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, request, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response
from wtforms import HiddenField

from tracker.dates import View
from tracker.db import db
from tracker.models import (
    Citation,
    Entry,
    EntryLink,
    Fault,
    Issue,
    Negotiation,
    Note,
    Position,
    Refused,
    SourceMerge,
    StatusChange,
    StatusClaim,
)
from tracker.models.note import SETTLED
from tracker.models.retraction import Subject, find_subject, is_correction, retract, undo
from tracker.models.vocabulary import Role
from tracker.queries.entries import EntryLine, entries_named
from tracker.queries.references import Reference, references
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import source_or_404
from tracker.views.forms import Form, TextField
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import back_to, go, negotiation_or_404, page, save, say, wants_part

blueprint = Blueprint("retractions", __name__, url_prefix="/retractions")

LONGEST_BACK = 800
_FORMS = {StatusChange: "status_changes.new", Position: "positions.new", StatusClaim: "claims.new"}


class RetractionForm(Form):
    """What is withdrawn, and why; or that it is undone, by who has just entered it."""

    entry = HiddenField()
    undo = HiddenField()
    retraction_reason = TextField(_l("Why"))
    next = HiddenField(filters=[lambda address: back_to(address, "")])


def _subject(uid: str | None) -> tuple[Subject, Negotiation | None]:
    """Find what a uid names, as far as the one who asks may see it, or answer 404.

    A merge of sources is of no negotiation.
    """
    subject = find_subject(db.session(), uid or "") or abort(404)
    if isinstance(subject, SourceMerge):
        source_or_404(subject.source_id)
        source_or_404(subject.into_id)
        return subject, None
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
    form = RetractionForm(entry=uid, next=request.args.get("next", ""))
    if request.args.get("settle"):
        form.retraction_reason.data = f"{SETTLED} "
    return _show(form, 200)


@blueprint.post("")
@allow(Role.EDITOR)
def create() -> Response:
    """Withdraw it."""
    form = RetractionForm()
    subject, _negotiation = _subject(form.entry.data)
    undoes, form.undo.data = bool(form.undo.data), ""  # what is not undone can still be retracted

    def act() -> str:
        by = access.signed_in()
        faults = (
            undo(subject, by=by) if undoes else retract(subject, reason=form.retraction_reason.text, by=by)
        )
        for fault in faults:
            if fault.field == "entry":
                raise Refused(Fault("", fault.message, fault.values))
        faults.refuse()
        return _place(subject)

    def done(location: str) -> Response:
        say(_done_words(subject, undoes))
        return go(back_to(form.next.data, location))

    return save(form, act, again=lambda status: _show(form, status), done=done)


def _place(subject: Subject) -> str:
    """Give the address of the page on which the subject stands."""
    if isinstance(subject, SourceMerge):
        return url_for("sources.show", id=subject.source_id)
    if isinstance(subject, Citation) and subject.event_id is not None:
        return url_for("events.show", code=subject.audit_chain, id_=subject.event_id)
    issue = _issue_of(subject)
    if issue is None:
        endpoint = "claims.index" if isinstance(subject, StatusClaim) else "negotiations.show"
        return url_for(endpoint, code=subject.audit_chain)
    return url_for("issues.show", key=issue.key)


def _done_words(subject: Subject, undoes: bool) -> str:
    if isinstance(subject, SourceMerge):
        return _("Undone. Each of the two sources is shown for itself again.")
    if undoes:
        is_shown = isinstance(subject, (Entry, Note))
        return _("Undone. It stays readable, struck through.") if is_shown else _("Undone.")
    if isinstance(subject, Note):
        return _("The note stays readable, with your reason.")
    if isinstance(subject, Citation):
        return _("The citation was retracted. The entry rests on its other sources.")
    return _("Retracted. It stays readable, struck through, with your reason.")


def told(text: str, made: Sequence[Subject], back: str | None = "") -> Markup:
    """Say what was recorded, with the offer to undo it; or that the same press had recorded it already."""
    if not made:
        return escape(_("This was saved already."))
    return Markup("{} {}").format(text, undo_offer(made[0], back or ""))


def undo_offer(subject: Subject, back: str = "") -> Markup:
    """Offer to undo in one press what was just recorded, and to correct again what was a correction.

    `back`: where the message will be read, if that is not the page that asks, or else the subject's own.
    """
    if is_correction(subject):
        return Markup('<a href="{}">{}</a>').format(correct_url(subject), _("Correct"))
    back = back or (access.asked_from() if wants_part() else "")
    back = back if len(back) <= LONGEST_BACK else ""  # the message travels in a cookie, of 4 kB at most
    form = RetractionForm(formdata=None, entry=subject.uid, undo="1", next=back)
    return undo_button(url_for("retractions.create"), form)


def undo_button(address: str, form: Form) -> Markup:
    """Offer to take back what was just done, in one press that sends a form there."""
    hidden = Markup("").join(field(id=False) for field in form if isinstance(field, HiddenField))
    return Markup(
        '<form class="undo" method="post" action="{}">{}<button class="link">{}</button></form>'
    ).format(address, hidden, _("Undo"))


def correct_url(subject: Subject) -> str | None:
    """Give the address of the form that corrects an entry; None for what is retracted alone."""
    endpoint = _FORMS.get(type(subject))  # type: ignore[arg-type]
    if endpoint is None:
        return None
    issue = _issue_of(subject)
    if issue is None:
        return url_for(endpoint, code=subject.audit_chain, corrects=subject.uid)
    return url_for(endpoint, key=issue.key, corrects=subject.uid)


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
        is_note=isinstance(subject, Note),
        merge=subject if isinstance(subject, SourceMerge) else None,
        place=_place(subject),
        correct_url=correct_url(subject),
        linked=_linked(subject) if isinstance(subject, EntryLink) else (),
        issue=_issue_of(subject),
    )


def _linked(link: EntryLink) -> list[EntryLine]:
    """Give the two entries of a link."""
    found = entries_named(db.session(), [link.from_id, link.to_id], View(), access.user())
    return [found[link.from_id], found[link.to_id]]


def _references(subject: Subject) -> list[Reference]:
    """Give what an entry cites; of a citation, itself."""
    if isinstance(subject, Entry):
        return references(db.session(), [subject.id], access.user())[subject.id]
    if isinstance(subject, Citation):
        id_ = subject.entry_id or subject.event_id or 0
        cited = references(db.session(), [id_], access.user(), of_events=subject.entry_id is None)
        return [reference for reference in cited[id_] if reference.uid == subject.uid]
    return []
