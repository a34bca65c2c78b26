"""Notes: the desk's own remarks, shown to those who sign in, and what is still to be done."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField, TextAreaField

from tracker.dates import Unreadable, type_coming_day
from tracker.db import db, now
from tracker.models import Issue, Negotiation, Note, User
from tracker.models.vocabulary import NoteKind, Role
from tracker.queries.notes import OPEN, NoteFilters, agenda
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import asked_words
from tracker.views.forms import Form, TextField, WordField, stripped
from tracker.views.issues import answer, dossier_page
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import (
    PageView,
    address_without,
    back_to,
    go,
    issue_or_404,
    negotiation_or_404,
    page,
    page_number,
    save,
    say,
)
from tracker.views.retractions import told

blueprint = Blueprint("notes", __name__)


class DueField(StringField):
    """The day by which something is to be done; `on` is what was read, None when empty."""

    on = None

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = (self.data or "").strip()
        try:
            self.on = type_coming_day(self.data, now().date()) if self.data else None
        except Unreadable as error:
            raise ValueError(_(str(error))) from None


class NoteForm(Form):
    """A note as typed."""

    kind = WordField(_l("Kind"), NoteKind, default=NoteKind.ASSESSMENT)
    text = TextAreaField(_l("Note"), filters=[stripped])
    owner = TextField(_l("Owner"))
    due_on = DueField(_l("Due"))
    next = HiddenField(filters=[lambda address: back_to(address, "")])


@blueprint.get("/negotiations/<code>/notes")
@blueprint.get("/issues/<key>/notes")
@allow(Role.VIEWER)
def index(code: str = "", key: str = "") -> Response:
    """List what is still to be done in a negotiation; or all notes on one issue."""
    return dossier_page("notes/index.html", key) if key else _agenda(negotiation_or_404(code))


def _agenda(negotiation: Negotiation) -> Response:
    view = PageView(negotiation)
    kinds = [NoteKind(word) for word in asked_words("kind", [*NoteKind])]
    filters = NoteFilters(kinds or OPEN, request.args.get("owner", "")[:300].replace("\x00", ""))
    return page(
        "notes/agenda.html",
        negotiation=negotiation,
        view=view,
        found=agenda(db.session(), negotiation, view.seen, filters, page=page_number()),
        filters=filters,
        kinds=NoteKind,
        address=address_without("page"),
        may_edit=access.is_editor() and not view.is_past,
    )


@blueprint.get("/issues/<key>/notes/new")
@allow(Role.EDITOR)
def new(key: str) -> Response:
    """Show the empty form."""
    form = NoteForm()
    form.next.data = back_to(request.args.get("next"), "")
    return _show(issue_or_404(key), form, 200)


@blueprint.post("/issues/<key>/notes")
@allow(Role.EDITOR)
def create(key: str) -> Response:
    """Write the note."""
    issue = issue_or_404(key)
    form = NoteForm()
    made: list[Note] = []

    def act() -> str:
        note = issue.note(
            form.text.data or "",
            by=access.signed_in(),
            kind=form.kind.data or NoteKind.ASSESSMENT,
            owner=form.owner.text,
            due_on=form.due_on.on,
        )
        db.session.flush()
        made.append(note)
        return url_for("issues.show", key=key) + "#notes"

    def done(location: str) -> Response:
        say(told(_("The note on %(key)s was written.", key=key), made, form.next.data))
        if form.next.data:
            return go(back_to(form.next.data, location))
        return answer(issue, "notes")

    return save(form, act, again=lambda status: _show(issue, form, status), done=done)


def _show(issue: Issue, form: NoteForm, status: int) -> Response:
    names = select(User.name).where(~User.is_disabled).order_by(User.name)
    return page(
        "notes/new.html",
        fragment="note_form",
        status=status,
        issue=issue,
        negotiation=issue.negotiation,
        form=form,
        names=db.session.scalars(names).all(),
    )
