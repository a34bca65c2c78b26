"""Events and tabled texts to take along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from flask import abort

from tracker.db import db
from tracker.exchange.citations import Sources
from tracker.exchange.entry_cells import ABOUT, LINE, SIGNED, EntryCells
from tracker.exchange.sheets import Book, Sheet
from tracker.exchange.text_sheets import Text, TextSheets
from tracker.models import Negotiation, Proposal
from tracker.models.refused import N_
from tracker.queries.clauses import ProposalLine, proposals_on
from tracker.queries.concordance import clauses_of
from tracker.queries.happenings import every_event
from tracker.views import access
from tracker.views.addresses import row_or_404
from tracker.views.books import book_of
from tracker.views.events import asked_filters
from tracker.views.languages import gettext as _
from tracker.views.proposals import asked_against, concordance
from tracker.views.rendering import PageView, negotiation_or_404
from tracker.views.words import signer, tongue_of


def events(code: str) -> Book:
    """Give the events that the page lists."""
    negotiation = negotiation_or_404(code)
    seen, write = PageView(negotiation).seen, _written(negotiation)
    found = every_event(db.session(), negotiation, seen, access.user(), asked_filters())
    return book_of(negotiation, seen, "events", _("Events"), [write.events(found), write.sources.sheet()])


def proposals(code: str) -> Book:
    """Give all texts on the table, the latest first, with their clauses."""
    negotiation = negotiation_or_404(code)
    view, write = PageView(negotiation), _written(negotiation)
    texts = proposals_on(db.session(), negotiation, view.seen, access.user())
    texts.sort(key=lambda text: (text.tabled_on or date.min, text.id), reverse=True)
    sheets = _sheets(negotiation, view, texts, write)
    return book_of(negotiation, view.seen, "proposals", _("Proposals"), sheets)


def proposal(code: str, id_: int) -> Book:
    """Give a text with its clauses, or clause by clause against another."""
    negotiation = row_or_404(Proposal, code, id_).negotiation
    view, write = PageView(negotiation), _written(negotiation)
    texts = proposals_on(db.session(), negotiation, view.seen, access.user())
    here = next((text for text in texts if text.id == id_), None) or abort(404)
    against = asked_against(texts, here)
    both = sorted((here, against), key=texts.index) if against else [here]
    sheets = _sheets(negotiation, view, both, write)
    if against:
        sheets.insert(0, write.pairs(concordance(negotiation, view, both)))
    return book_of(negotiation, view.seen, f"proposal-{id_}", here.title, sheets)


def _written(negotiation: Negotiation) -> TextSheets:
    return TextSheets(tongue_of(negotiation), Sources(_))


def _sheets(
    negotiation: Negotiation, view: PageView, texts: Sequence[ProposalLine], write: TextSheets
) -> list[Sheet]:
    """Give clauses, the positions that answer them, and the sources."""

    def found() -> Iterator[Text]:
        for text in texts:
            yield text, clauses_of(db.session(), negotiation, text, view.seen, access.user())

    names = (*ABOUT, "proposal", "clause", *LINE, *SIGNED)
    cells = EntryCells(negotiation.code, write.speech, write.sources, signer, *names)
    answers = (answer for _text, clauses in found() for each in clauses for answer in each.answers)
    return [
        write.clauses(found()),
        cells.sheet("answers", N_("Answers to clauses"), answers),
        write.sources.sheet(),
    ]
