"""Memberships: which party stands in which bloc, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import SelectField

from tracker.db import db
from tracker.models import Fault, Membership, Negotiation, Party, Refused, editable
from tracker.models.vocabulary import PartyKind, Role
from tracker.views.access import allow
from tracker.views.editing import EditForm, form_page
from tracker.views.forms import DayField, Form
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import go, negotiation_or_404, save, say

blueprint = Blueprint("memberships", __name__, url_prefix="/negotiations/<code>/memberships")


class MembershipForm(EditForm):
    """The fields of a membership."""

    member = SelectField(_l("Member"), choices=[], validate_choice=False)
    bloc = SelectField(_l("Bloc"), choices=[], validate_choice=False)
    from_on = DayField(_l("From"))
    until_on = DayField(_l("Until"))

    def offer(self, negotiation: Negotiation) -> None:
        empty = ("", _("Choose the party"))
        blocs = [party for party in negotiation.parties if party.kind is PartyKind.BLOC]
        self.member.choices = [empty, *((party.code, party.label) for party in negotiation.parties)]
        self.bloc.choices = [empty, *((party.code, party.label) for party in blocs)]

    def fill(self, row: Membership) -> None:
        self.member.data, self.bloc.data = row.member.code, row.bloc.code

    def values(self, negotiation: Negotiation) -> dict[str, Any]:
        """Give the fields that are edited.

        Raises: Refused.
        """
        found: dict[str, Any] = {"from_on": self.from_on.on, "until_on": self.until_on.on}
        missing = []
        for field in (self.member, self.bloc):
            found[field.name] = negotiation.party(field.data or "")
            if found[field.name] is None:
                missing.append(Fault(field.name, _("Choose the party.")))
        if missing:
            raise Refused(*missing)
        return found


@blueprint.get("/new")
@allow(Role.EDITOR)
def new(code: str) -> Response:
    """Show the form for a membership; `bloc` in the address is chosen already."""
    return _page(negotiation_or_404(code), MembershipForm(bloc=request.args.get("bloc", "")))(200)


def _page(
    negotiation: Negotiation, form: MembershipForm, membership: Membership | None = None
) -> Callable[[int], Response]:
    return form_page(
        "memberships/edit.html",
        form,
        negotiation,
        membership,
        url_for("parties.index", code=negotiation.code),
        membership=membership,
        removal=Form(formdata=None),
    )


@blueprint.post("")
@allow(Role.EDITOR)
def create(code: str) -> Response:
    """Put a party into a bloc."""
    negotiation = negotiation_or_404(code)
    form = MembershipForm()

    def act() -> str:
        membership = Membership(**form.values(negotiation))
        editable.add(db.session(), membership)
        say(_("%(name)s stands in %(bloc)s.", name=membership.member.label, bloc=membership.bloc.label))
        return url_for("parties.index", code=code)

    return save(form, act, again=_page(negotiation, form))


def _membership_or_404(code: str, id_: int) -> Membership:
    query = select(Membership).join(Party, Party.id == Membership.bloc_id)
    query = query.where(Membership.id == id_, Party.negotiation_id == negotiation_or_404(code).id)
    return db.session.scalar(query) or abort(404)


@blueprint.get("/<int:id_>/edit")
@allow(Role.EDITOR)
def edit(code: str, id_: int) -> Response:
    """Show the form for a membership that is there."""
    membership = _membership_or_404(code, id_)
    negotiation = membership.bloc.negotiation
    return _page(negotiation, MembershipForm.of(membership, negotiation), membership)(200)


@blueprint.post("/<int:id_>")
@allow(Role.EDITOR)
def update(code: str, id_: int) -> Response:
    """Save a membership's fields."""
    membership = _membership_or_404(code, id_)
    negotiation, form = membership.bloc.negotiation, MembershipForm()

    def act() -> str:
        editable.edit(membership, form.values(negotiation), base_version=form.base_version.number)
        say(_("The membership was saved."))
        return url_for("parties.index", code=code)

    return save(form, act, again=_page(negotiation, form, membership))


@blueprint.post("/<int:id_>/delete")
@allow(Role.EDITOR)
def destroy(code: str, id_: int) -> Response:
    """Take back a membership that never was; one that ended gets its last day instead."""
    membership = _membership_or_404(code, id_)
    back = url_for("parties.index", code=code)

    def act() -> str:
        editable.remove(membership)
        say(_("The membership was taken back."))
        return back

    return save(Form(), act, again=lambda _status: go(back))
