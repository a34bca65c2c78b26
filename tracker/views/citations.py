"""Citations: one more source for an entry that is there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, request
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import FormField, HiddenField

from tracker.dates import View
from tracker.db import db
from tracker.models import Citation, Cite, Entry, Issue, Negotiation
from tracker.models.vocabulary import Role
from tracker.queries.entries import entries_named
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import entry_address
from tracker.views.choosing import offered_sources, source_of
from tracker.views.citing import CitationForm
from tracker.views.forms import FieldList, Form
from tracker.views.languages import gettext as _
from tracker.views.rendering import back_to, go, negotiation_or_404, page, save, say
from tracker.views.retractions import told

blueprint = Blueprint("citations", __name__, url_prefix="/entries/<uid>/citations")


class CiteForm(Form):
    """One source more."""

    citations = FieldList(FormField(CitationForm), min_entries=1, max_entries=1)
    next = HiddenField(filters=[lambda address: back_to(address, "")])

    @property
    def row(self) -> Any:
        return self.citations[0]

    def offer(self, negotiation: Negotiation) -> None:
        """Fill the choice of sources: those filed last, and the one that is chosen."""
        field = self.row.form.source
        field.choices = offered_sources([field.data], negotiation, _("Choose the source"))


@blueprint.get("/new")
@allow(Role.EDITOR)
def new(uid: str) -> Response:
    """Show the entry, what it rests on so far, and the form for one source more."""
    entry = entry_or_404(uid)
    form = CiteForm(next=request.args.get("next", ""))
    row = form.row.form
    row.quote.data = request.args.get("quote", "")[:10_000]
    source = source_of(request.args.get("source"), entry.negotiation)
    row.source.data = str(source.id) if source else ""
    return _show(entry, form, 200)


@blueprint.post("")
@allow(Role.EDITOR)
def create(uid: str) -> Response:
    """Let the entry rest on it."""
    entry, form = entry_or_404(uid), CiteForm()
    made: list[Citation] = []

    def act() -> str:
        asked = form.row.form.cite(entry.negotiation, form.row.name + "-")
        made.append(entry.cite(asked or Cite(None), by=access.signed_in()))
        return address_of(entry)

    def done(location: str) -> Response:
        say(told(_("The source was added. The entry rests on it from now on."), made, form.next.data))
        return go(back_to(form.next.data, location))

    return save(form, act, again=lambda status: _show(entry, form, status), done=done)


def _show(entry: Entry, form: CiteForm, status: int) -> Response:
    form.offer(entry.negotiation)
    return page(
        "citations/new.html", fragment="citation_form", status=status, form=form, **entry_context(entry)
    )


def entry_or_404(uid: str) -> Entry:
    """Find the entry of an address, as far as the one who asks may see it."""
    found: Entry = db.session.scalar(select(Entry).where(Entry.uid == uid)) or abort(404)
    negotiation_or_404(found.negotiation.code)
    return found


def entry_context(entry: Entry) -> dict[str, Any]:
    """Give what a page about one entry prints of it."""
    line = entries_named(db.session(), [entry.id], View(), access.user())[entry.id]
    negotiation = entry.negotiation
    return {
        "entry": line,
        "negotiation": negotiation,
        "names": negotiation.names,
        "place": address_of(entry),
        "key": f"{negotiation.code}-{line.issue}" if line.issue else "",
    }


def address_of(entry: Entry) -> str:
    """Give where an entry stands."""
    issue: Issue | None = getattr(entry, "issue", None)
    number = issue.number if issue else None
    return entry_address(entry.negotiation.code, number, entry.uid, entry.effective_on)
