"""Parties: who takes part, and what one of them wants everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.models import Negotiation, Party, editable
from tracker.models.vocabulary import PartyKind, PartyRole, Role
from tracker.queries.parties import directory
from tracker.queries.party_record import party_record
from tracker.views import access
from tracker.views.access import allow
from tracker.views.editing import EditForm, NamesField, form_page, whole
from tracker.views.forms import DayField, Form, NumberField, TextField, WordField
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import (
    PageView,
    address_without,
    negotiation_or_404,
    page,
    page_number,
    save,
    say,
)

blueprint = Blueprint("parties", __name__, url_prefix="/negotiations/<code>/parties")


class PartyForm(EditForm):
    """The fields of a party. The code is asked for once and never changes."""

    once = ("code",)
    code = TextField(_l("Code"))
    name = TextField(_l("Name"))
    short_name = TextField(_l("Short name"))
    aliases = NamesField(_l("Other names"))
    kind = WordField(_l("Kind"), PartyKind, default=PartyKind.STATE)
    role = WordField(_l("Role"), PartyRole, default=PartyRole.PARTY)
    ordering = NumberField(_l("Place in the order"))
    from_on = DayField(_l("From"))
    until_on = DayField(_l("Until"))

    def values(self) -> dict[str, Any]:
        """Give the fields that are edited, by column."""
        return {
            "name": self.name.data,
            "short_name": self.short_name.data,
            "aliases": self.aliases.names,
            "kind": self.kind.data or PartyKind.OTHER,
            "role": self.role.data or PartyRole.PARTY,
            "ordering": whole(self.ordering),
            "from_on": self.from_on.on,
            "until_on": self.until_on.on,
        }


def party_or_404(negotiation: Negotiation, code: str) -> Party:
    """Find the party of an address."""
    return negotiation.party(code) or abort(404)


@blueprint.get("")
@allow(None)
def index(code: str) -> Response:
    """Show who takes part."""
    negotiation = negotiation_or_404(code)
    return page(
        "parties/index.html",
        negotiation=negotiation,
        directory=directory(db.session(), negotiation),
        form=Form(),
    )


@blueprint.get("/new")
@allow(Role.EDITOR)
def new(code: str) -> Response:
    """Show the form for a party."""
    negotiation = negotiation_or_404(code)
    query = select(func.max(Party.ordering)).where(Party.negotiation_id == negotiation.id)
    form = PartyForm(ordering=(db.session.scalar(query) or 0) + 1)
    return _page(negotiation, form)(200)


def _page(negotiation: Negotiation, form: PartyForm, party: Party | None = None) -> Callable[[int], Response]:
    url = url_for("parties.show", code=negotiation.code, party=party.code) if party else ""
    return form_page("parties/edit.html", form, negotiation, party, url, party=party)


@blueprint.post("")
@allow(Role.EDITOR)
def create(code: str) -> Response:
    """Add a party."""
    negotiation = negotiation_or_404(code)
    form = PartyForm()

    def act() -> str:
        party = Party(negotiation=negotiation, code=form.code.text.lower(), **form.values())
        editable.add(db.session(), party)
        say(_("%(name)s was added.", name=party.name))
        return url_for("parties.new" if request.form.get("onward") else "parties.index", code=code)

    return save(form, act, again=_page(negotiation, form))


@blueprint.get("/<party>")
@allow(None)
def show(code: str, party: str) -> Response:
    """Show what a party wants everywhere, and how its line developed."""
    negotiation = negotiation_or_404(code)
    found = party_or_404(negotiation, party)
    view = PageView(negotiation)
    return page(
        "parties/show.html",
        negotiation=negotiation,
        party=found,
        place=negotiation.parties.index(found),
        view=view,
        directory=directory(db.session(), negotiation),
        record=party_record(db.session(), negotiation, found, view.seen, access.user(), page=page_number()),
        may_edit=access.is_editor() and not view.is_past,
        address=address_without("page"),
    )


@blueprint.get("/<party>/edit")
@allow(Role.EDITOR)
def edit(code: str, party: str) -> Response:
    """Show the form for a party that is there."""
    negotiation = negotiation_or_404(code)
    found = party_or_404(negotiation, party)
    return _page(negotiation, PartyForm.of(found, negotiation), found)(200)


@blueprint.post("/<party>")
@allow(Role.EDITOR)
def update(code: str, party: str) -> Response:
    """Save a party's fields."""
    negotiation = negotiation_or_404(code)
    found, form = party_or_404(negotiation, party), PartyForm()

    def act() -> str:
        editable.edit(found, form.values(), base_version=form.base_version.number)
        say(_("%(name)s was saved.", name=found.name))
        return url_for("parties.show", code=code, party=party)

    return save(form, act, again=_page(negotiation, form, found))
