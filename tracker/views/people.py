"""People: who speaks for the parties, under which names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import SelectField

from tracker.db import db
from tracker.models import Fault, Negotiation, Party, Person, Refused, editable
from tracker.models.vocabulary import Role
from tracker.views.access import allow
from tracker.views.editing import EditForm, NamesField, form_page
from tracker.views.forms import TextField
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import negotiation_or_404, save, say

blueprint = Blueprint("people", __name__, url_prefix="/negotiations/<code>/people")


class PersonForm(EditForm):
    """The fields of a person."""

    name = TextField(_l("Name"))
    aliases = NamesField(_l("Other spellings"))
    party = SelectField(_l("Speaks for"), choices=[], validate_choice=False)
    office = TextField(_l("Office"))

    def offer(self, negotiation: Negotiation) -> None:
        parties = [(party.code, party.label) for party in negotiation.parties]
        self.party.choices = [("", _("Choose the party")), *parties]

    def fill(self, row: Person) -> None:
        self.party.data = row.party.code

    def values(self, negotiation: Negotiation) -> dict[str, Any]:
        """Give the fields that are edited.

        Raises: Refused.
        """
        party = negotiation.party(self.party.data or "")
        if party is None:
            raise Refused(Fault("party", _("Choose the party.")))
        return {
            "name": self.name.data,
            "aliases": self.aliases.names,
            "party": party,
            "office": self.office.data,
        }


@blueprint.get("/new")
@allow(Role.EDITOR)
def new(code: str) -> Response:
    """Show the form for a person; `party` in the address is chosen already."""
    return _page(negotiation_or_404(code), PersonForm(party=request.args.get("party", "")))(200)


def _page(
    negotiation: Negotiation, form: PersonForm, person: Person | None = None
) -> Callable[[int], Response]:
    url = url_for("parties.index", code=negotiation.code) + "#people"
    return form_page("people/edit.html", form, negotiation, person, url, person=person)


@blueprint.post("")
@allow(Role.EDITOR)
def create(code: str) -> Response:
    """Add a person."""
    negotiation = negotiation_or_404(code)
    form = PersonForm()

    def act() -> str:
        person = Person(**form.values(negotiation))
        editable.add(db.session(), person)
        say(_("%(name)s was added.", name=person.name))
        return url_for("parties.index", code=code) + "#people"

    return save(form, act, again=_page(negotiation, form))


def _person_or_404(code: str, id_: int) -> Person:
    query = select(Person).join(Person.party)
    query = query.where(Person.id == id_, Party.negotiation_id == negotiation_or_404(code).id)
    return db.session.scalar(query) or abort(404)


@blueprint.get("/<int:id_>/edit")
@allow(Role.EDITOR)
def edit(code: str, id_: int) -> Response:
    """Show the form for a person who is there."""
    person = _person_or_404(code, id_)
    negotiation = person.party.negotiation
    return _page(negotiation, PersonForm.of(person, negotiation), person)(200)


@blueprint.post("/<int:id_>")
@allow(Role.EDITOR)
def update(code: str, id_: int) -> Response:
    """Save a person's fields."""
    person = _person_or_404(code, id_)
    negotiation, form = person.party.negotiation, PersonForm()

    def act() -> str:
        editable.edit(person, form.values(negotiation), base_version=form.base_version.number)
        say(_("%(name)s was saved.", name=person.name))
        return url_for("parties.index", code=code) + "#people"

    return save(form, act, again=_page(negotiation, form, person))
