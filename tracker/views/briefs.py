"""Briefs: where a negotiation stands and what changed, as a page and as a Word file."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.exchange.brief_text import write
from tracker.exchange.document import Frame
from tracker.exchange.word_file import MEDIA_TYPE, write_word
from tracker.models import Negotiation
from tracker.queries.brief import Brief, brief
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import asked_since
from tracker.views.books import file_name
from tracker.views.files import answer, take_turn
from tracker.views.languages import gettext as _
from tracker.views.negotiations import OLD
from tracker.views.rendering import PageView, address_of, negotiation_or_404, page
from tracker.views.taking_along import frozen_state
from tracker.views.words import day_words, moment_of_day, today, tongue, tongue_of

blueprint = Blueprint("briefs", __name__, url_prefix="/negotiations/<code>")


@blueprint.get("/brief")
@blueprint.get("/brief.<any(docx):ending>")
@allow(None)
def show(code: str, ending: str = "") -> Response:
    """Tell where it stands and what changed since a day, on a page or in a file."""
    if ending:
        take_turn()
    negotiation = negotiation_or_404(code)
    view = PageView(negotiation)
    since = asked_since(view.seen)
    found = brief(db.session(), negotiation, view.seen, access.user(), since)
    view.taken = {"since": [found.since.isoformat()]}
    document, frame = write(found, tongue_of(negotiation)), _frame(negotiation, view)
    if ending:
        name = file_name(f"{negotiation.code}-brief", negotiation.handling, view.seen)
        return answer(f"{name}.{ending}", MEDIA_TYPE, partial(write_word, document, frame, tongue()))
    at = view.args
    period = {"since": found.since.isoformat(), "until": found.day.isoformat()}
    return page(
        "briefs/show.html",
        negotiation=negotiation,
        section="state",
        view=view,
        found=found,
        document=document,
        frame=frame,
        is_chosen=since is not None,
        onward={
            "issues": address_of("issues.index", code=code, **at),
            "changes": address_of("changes.show", code=code, **period, **at),
        },
        offered_day=found.last_day if _is_old(found, view) else None,
    )


def _is_old(found: Brief, view: PageView) -> bool:
    """Tell whether the last entry is so old that the page offers the view as of its day."""
    return not view.is_past and found.last_day is not None and today() - found.last_day > OLD


def _frame(negotiation: Negotiation, view: PageView) -> Frame:
    """Name the exact state, and the address of the page that always shows it."""
    day, moment, address = frozen_state(view, url_for("briefs.show", code=negotiation.code))
    state = _("As of %(day)s, as known on %(moment)s", day=day_words(day), moment=moment_of_day(moment))
    return Frame(f"{negotiation.code} {negotiation.title}", _(negotiation.handling.label), state, address)
