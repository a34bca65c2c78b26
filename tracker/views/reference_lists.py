"""Lists of references: looked over, shown with all that is wrong or here already, and then added by a job."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response
from wtforms import FileField, HiddenField, TextAreaField

from tracker.db import db
from tracker.intake.references import read_text
from tracker.intake.taking_over import CheckedList, check_references
from tracker.models import Fault, Job, Negotiation, Refused
from tracker.models.job import JobKind
from tracker.models.refused import N_
from tracker.models.source import UNFILED
from tracker.models.vocabulary import Role
from tracker.text import whole_number
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import asked_negotiation
from tracker.views.filing import Filed, bytes_of
from tracker.views.forms import say
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import page, save

blueprint = Blueprint("reference_lists", __name__, url_prefix="/reference-lists")

#: What is wrong with one thing is told with its name.
NAMES = {
    "title": _l("Title"),
    "publisher": _l("Publisher"),
    "authors": _l("Authors"),
    "url": _l("Address"),
    "published_on": _l("Published on"),
}


class ReferenceListForm(Filed):
    """A list as typed or sent, and which of its doubtful references are to be added too."""

    text = TextAreaField(_l("The list"))
    file = FileField(_l("Or a file"))
    #: What the preview was made from: only that is added.
    checked = HiddenField()

    def take_file(self) -> list[Fault]:
        """Take the letters of the file over into the field; gives what is to be said of them.

        Raises: Refused.
        """
        if not self.file.data:
            return []
        text, remarks = read_text(bytes_of(self.file.data))
        if self.words not in ("", _words(text)) and self.checked.data != self.fingerprint:
            raise Refused(Fault("file", N_("Paste the list or choose a file, not both.")))
        self.text.data = text
        return [*remarks]

    @property
    def words(self) -> str:
        """The list itself, however a browser ends its lines."""
        return _words(self.text.data or "")

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.words.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def also(self) -> list[int]:
        """The numbers of references to be added though they look like others."""
        numbers = {whole_number(number) for number in request.form.getlist("also")}
        return sorted(number for number in numbers if number)


def _words(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


@blueprint.get("/new")
@allow(Role.EDITOR)
def new() -> Response:
    """Show the form."""
    negotiation = asked_negotiation()
    form = ReferenceListForm()
    form.offer([negotiation.code] if negotiation else None)
    return _show(form, 200)


@blueprint.post("")
@allow(Role.EDITOR)
def create() -> Response:
    """Look the list over; where that was done and shown, ask for the job that adds it."""
    form = ReferenceListForm()
    seen = form.offer()
    if not form.checked.data or form.file.data or form.checked.data != form.fingerprint:
        return _preview(form, seen)

    def act() -> str:
        filed_under = [negotiation.code for negotiation in form.filed_under(seen)]
        asked = {"text": form.words, "filed_under": filed_under, "also": form.also}
        job = Job.add(db.session(), JobKind.REFERENCES, asked, by=access.signed_in())
        db.session.flush()
        return url_for("jobs.show", id=job.id)

    return save(form, act, again=lambda status: _show(form, status, _check(form)))


def _preview(form: ReferenceListForm, seen: list[Negotiation]) -> Response:
    if not form.validate():
        return _show(form, 422)
    try:
        remarks = form.take_file()
        if not form.filed_under(seen):
            raise Refused(Fault("negotiations", UNFILED))
        checked = check_references(db.session(), form.words, access.signed_in(), also=form.also)
    except Refused as refused:
        form.refuse(refused)
        return _show(form, 422)
    form.checked.data = form.fingerprint
    return _show(form, 200, checked, [say(remark) for remark in remarks])


def _check(form: ReferenceListForm) -> CheckedList | None:
    try:
        return check_references(db.session(), form.words, access.signed_in(), also=form.also)
    except Refused:
        return None


def _show(
    form: ReferenceListForm, status: int, checked: CheckedList | None = None, remarks: Any = ()
) -> Response:
    if checked is None:
        form.checked.data = ""
    return page(
        "reference_lists/new.html",
        status=status,
        section="sources",
        form=form,
        checked=checked,
        remarks=remarks,
        say=say,
        names=NAMES,
    )
