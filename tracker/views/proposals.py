"""Proposals: the list, one with its clauses, alone or against another, and their form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, ValidationError

from tracker.db import db
from tracker.models import Negotiation, Proposal, editable
from tracker.models.vocabulary import Role
from tracker.queries.clauses import ProposalLine, proposals_on
from tracker.queries.concordance import LEAST, SHARED, Concordance, clauses_of, compared, concord
from tracker.queries.happenings import list_proposals
from tracker.text import whole_number
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import refuse, row_or_404
from tracker.views.beginnings import begins_with
from tracker.views.choosing import offered_sources, source_of, track_of, tracks_of
from tracker.views.editing import EditForm, form_page
from tracker.views.forms import ChoiceField, CodesField, DayField, TextField
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import (
    PageView,
    address_without,
    back_to,
    negotiation_or_404,
    page,
    page_number,
    save,
    say,
)

blueprint = Blueprint("proposals", __name__, url_prefix="/negotiations/<code>/proposals")


class ProposalForm(EditForm):
    """A proposal as typed; its clauses have forms of their own."""

    title = TextField(_l("Title"))
    tabled_by = CodesField(_l("Tabled by"))
    tabled_on = DayField(_l("Tabled on"))
    track = ChoiceField(_l("For"))
    source = ChoiceField(_l("Source of the text"))
    next = HiddenField(filters=[lambda address: back_to(address, "")])

    def validate_tabled_on(self, field: DayField) -> None:
        """Take a day, not words: a text has one day, or an unknown one."""
        if field.day and field.day.words:
            raise ValidationError(_("Give the exact day, or leave it empty."))

    def offer(self, negotiation: Negotiation) -> None:
        self.tabled_by.choices = [(party.code, party.label) for party in negotiation.parties]
        self.track.choices = tracks_of(negotiation)
        self.source.choices = offered_sources([self.source.data], negotiation, _("Not known"))

    def fill(self, row: Proposal) -> None:
        self.track.data = row.track.code if row.track else ""
        self.source.data = str(row.source_id or "")

    def values(self, negotiation: Negotiation) -> dict[str, Any]:
        """Give the fields that are edited, by attribute.

        Raises: Refused.
        """
        return {
            "title": self.title.text,
            "tabled_by": sorted(set(self.tabled_by.data or [])),
            "tabled_on": self.tabled_on.on,
            "track": track_of(self.track.data, negotiation),
            "source": source_of(self.source.data, negotiation),
        }


@blueprint.get("")
@allow(None)
def index(code: str) -> Response:
    """List the proposals, newest first."""
    negotiation = negotiation_or_404(code)
    view = PageView(negotiation)
    found = list_proposals(db.session(), negotiation, view.seen, access.user(), page=page_number())
    return page(
        "proposals/index.html",
        negotiation=negotiation,
        view=view,
        found=found,
        names=negotiation.names,
        address=address_without("page"),
        may_edit=access.is_editor() and not view.is_past,
        begins="" if found.records else begins_with(negotiation),
    )


@blueprint.get("/<int:id_>")
@allow(None)
def show(code: str, id_: int) -> Response:
    """Show a proposal with its clauses, or clause by clause against another."""
    proposal = row_or_404(Proposal, code, id_)
    negotiation = proposal.negotiation
    view = PageView(negotiation)
    texts = proposals_on(db.session(), negotiation, view.seen, access.user())
    here = next((text for text in texts if text.id == id_), None) or abort(404)
    against = asked_against(texts, here)
    clauses = [] if against else clauses_of(db.session(), negotiation, here, view.seen, access.user())
    return page(
        "proposals/show.html",
        negotiation=negotiation,
        view=view,
        proposal=here,
        track=proposal.track,
        clauses=clauses,
        others=[text for text in texts if text.id != id_],
        against=concordance(negotiation, view, sorted((here, against), key=texts.index)) if against else None,
        shared=SHARED,
        least=LEAST,
        names=negotiation.names,
        may_edit=access.is_editor() and not view.is_past,
    )


def asked_against(texts: Sequence[ProposalLine], here: ProposalLine) -> ProposalLine | None:
    """Read from the address the text that another is compared with."""
    typed = request.args.get("against", "")
    if not typed:
        return None
    number = whole_number(typed)
    found = next((text for text in texts if text.id == number and text.id != here.id), None)
    return found or refuse("against", _("No other proposal “%(id)s” was on the table.", id=typed[:60]))


def concordance(negotiation: Negotiation, view: PageView, texts: Sequence[ProposalLine]) -> Concordance:
    """Set two texts side by side."""
    left, right = (
        clauses_of(db.session(), negotiation, text, view.seen, access.user(), with_answers=False)
        for text in texts
    )
    return Concordance(texts[0], texts[1], concord(left, right), compared(len(left), len(right)))


@blueprint.get("/new")
@allow(Role.EDITOR)
def new(code: str) -> Response:
    """Show the form for a proposal, with the source of the address."""
    form = ProposalForm(source=request.args.get("source", ""), next=request.args.get("next", ""))
    return _page(negotiation_or_404(code), form)(200)


def _page(
    negotiation: Negotiation, form: ProposalForm, proposal: Proposal | None = None
) -> Callable[[int], Response]:
    leave_url = (
        url_for("proposals.show", code=negotiation.code, id_=proposal.id)
        if proposal
        else url_for("proposals.index", code=negotiation.code)
    )
    return form_page(
        "proposals/edit.html",
        form,
        negotiation,
        proposal,
        form.next.data or leave_url,
        proposal=proposal,
    )


@blueprint.post("")
@allow(Role.EDITOR)
def create(code: str) -> Response:
    """Add a proposal; its clauses come next."""
    negotiation = negotiation_or_404(code)
    form = ProposalForm()

    def act() -> str:
        proposal = Proposal(negotiation=negotiation, **form.values(negotiation))
        proposal.add(db.session(), by=access.signed_in())
        db.session.flush()
        say(_("%(name)s was added. Now its clauses.", name=proposal.title))
        return back_to(form.next.data, url_for("clauses.new", code=code, proposal=proposal.id))

    return save(form, act, again=_page(negotiation, form))


@blueprint.get("/<int:id_>/edit")
@allow(Role.EDITOR)
def edit(code: str, id_: int) -> Response:
    """Show the form for a proposal that is there."""
    proposal = row_or_404(Proposal, code, id_)
    form = ProposalForm.of(proposal, proposal.negotiation)
    return _page(proposal.negotiation, form, proposal)(200)


@blueprint.post("/<int:id_>")
@allow(Role.EDITOR)
def update(code: str, id_: int) -> Response:
    """Save a proposal's fields."""
    proposal = row_or_404(Proposal, code, id_)
    form = ProposalForm()

    def act() -> str:
        values = form.values(proposal.negotiation)
        editable.edit(proposal, values, base_version=form.base_version.number)
        say(_("%(name)s was saved.", name=proposal.title))
        return back_to(form.next.data, url_for("proposals.show", code=code, id_=id_))

    return save(form, act, again=_page(proposal.negotiation, form, proposal))
