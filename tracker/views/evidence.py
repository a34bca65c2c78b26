"""Evidence: what the record of a negotiation rests on."""

from __future__ import annotations

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.models.vocabulary import Credibility, Reliability
from tracker.queries.evidence import EvidenceFilters, evidence
from tracker.queries.weighing import Trait
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import asked_word, asked_words
from tracker.views.rendering import (
    PageView,
    address_without,
    asked_block,
    negotiation_or_404,
    page,
    page_number,
)

blueprint = Blueprint("evidence", __name__, url_prefix="/negotiations/<code>/evidence")


@blueprint.get("")
@allow(None)
def show(code: str) -> Response:
    """List the entries in force, or all that count, with what they rest on."""
    negotiation = negotiation_or_404(code)
    view, filters, number = PageView(negotiation), asked_filters(), page_number()
    found = evidence(db.session(), negotiation, view.seen, access.user(), filters, number)
    if number > found.paging.count:
        abort(404)
    return page(
        "evidence/show.html",
        fragment=asked_block("founded"),
        negotiation=negotiation,
        section="sources",
        view=view,
        found=found,
        filters=filters,
        traits=Trait,
        reliabilities=[each for each in Reliability if each is not Reliability.F],
        credibilities=[each for each in Credibility if each is not Credibility.NOT_JUDGED],
        names=negotiation.names,
        address=address_without("page"),
        may_edit=access.is_editor() and not view.is_past,
    )


def asked_filters() -> EvidenceFilters:
    """Read from the address which entries are wanted; what cannot be read is 400."""
    reliability, credibility = (
        asked_word("reliability", [*Reliability]),
        asked_word("credibility", [*Credibility]),
    )
    return EvidenceFilters(
        every=asked_word("entries", ["all"]) == "all",
        reliability=Reliability(reliability) if reliability else None,
        credibility=Credibility(credibility) if credibility else None,
        traits=tuple(Trait(word) for word in asked_words("trait", [*Trait])),
    )
