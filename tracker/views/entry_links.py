"""Entry links: an entry contradicts, denies or confirms another, which is found by issue, party or words."""

from __future__ import annotations

import re

from flask import Blueprint, request
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import HiddenField

from tracker.db import db
from tracker.models import Entry, EntryLink, Fault, Refused
from tracker.models.refused import Faults
from tracker.models.vocabulary import EntryLinkKind, Role
from tracker.queries.candidates import CandidateFilters, candidates
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import asked_issues, asked_word
from tracker.views.citations import address_of, entry_context, entry_or_404
from tracker.views.forms import Form, TextField, WordField
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import back_to, go, page, save, say
from tracker.views.retractions import told

blueprint = Blueprint("entry_links", __name__, url_prefix="/entries/<uid>/links")

_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class EntryLinkForm(Form):
    """How an entry speaks to another: chosen from a list, or named by its address."""

    kind = WordField(_l("What this entry does"), EntryLinkKind, empty="Choose")
    to = HiddenField()
    address = TextField(_l("Or the address of the other entry"))
    next = HiddenField(filters=[lambda address: back_to(address, "")])

    @property
    def chosen(self) -> str:
        """The uid of the other entry; of an address its last one."""
        typed = [found[0] for found in _UID.finditer(self.address.text)]
        return typed[-1].lower() if typed else self.to.data or ""


@blueprint.get("/new")
@allow(Role.EDITOR)
def new(uid: str) -> Response:
    """Show the entry, and those among which the other one is looked for."""
    return _show(entry_or_404(uid), EntryLinkForm(next=request.args.get("next", "")), 200)


@blueprint.post("")
@allow(Role.EDITOR)
def create(uid: str) -> Response:
    """Link the two."""
    entry, form = entry_or_404(uid), EntryLinkForm()
    made: list[EntryLink] = []

    def act() -> str:
        other = db.session.scalar(select(Entry).where(Entry.uid == form.chosen))
        faults = Faults()
        if form.kind.data is None:
            faults.find("kind", _("Say how this entry speaks to the other one."))
        if other is None or other.negotiation is not entry.negotiation:
            faults.find("address", _("Choose the other entry, or paste its address from this negotiation."))
        faults.refuse()
        try:
            link = EntryLink(from_entry=entry, kind=form.kind.data, to_entry=other)
            link.add(db.session(), by=access.signed_in())
            made.append(link)
        except Refused as refused:  # the other entry is named in either of two fields
            raise Refused(
                *(Fault("address", fault.message, fault.values) for fault in refused.faults)
            ) from None
        return address_of(entry)

    def done(location: str) -> Response:
        say(told(_("The entries are linked. Each of them names the other."), made, form.next.data))
        return go(back_to(form.next.data, location))

    return save(form, act, again=lambda status: _show(entry, form, status), done=done)


def _show(entry: Entry, form: EntryLinkForm, status: int) -> Response:
    negotiation = entry.negotiation
    numbers = asked_issues(negotiation)
    filters = CandidateFilters(
        issue=numbers[0] if numbers else None,
        party=asked_word("party", [*negotiation.names]),
        q=request.args.get("q", "").strip()[:200],
    )
    return page(
        "entry_links/new.html",
        fragment="entry_link_form",
        status=status,
        form=form,
        filters=filters,
        found=candidates(
            db.session(), negotiation, entry.id, access.signed_in(), filters, form.to.data or ""
        ),
        **entry_context(entry),
    )
