"""A party to take along: its line on every issue, its moves and its claims."""

from __future__ import annotations

from tracker.db import db
from tracker.exchange.citations import Sources
from tracker.exchange.entry_cells import CLAIM, EntryCells
from tracker.exchange.party_sheets import PartySheets
from tracker.exchange.sheets import Book
from tracker.models.refused import N_
from tracker.queries.party_record import every_held, party_moves
from tracker.queries.succession import Happening, Wanted
from tracker.queries.timeline import every_happening
from tracker.views import access
from tracker.views.books import book_of
from tracker.views.languages import gettext as _
from tracker.views.parties import party_or_404
from tracker.views.rendering import PageView, negotiation_or_404
from tracker.views.words import signer, tongue_of


def party_record(code: str, party: str) -> Book:
    """Give what a party wants everywhere, and how its line developed."""
    negotiation = negotiation_or_404(code)
    found = party_or_404(negotiation, party)
    seen, speech, sources = PageView(negotiation).seen, tongue_of(negotiation), Sources(_)
    session, user = db.session(), access.user()
    write = PartySheets(speech, sources)
    wanted = Wanted(kinds=(Happening.CLAIM,), parties=(found,))
    lines = every_happening(session, negotiation, seen, user, wanted)
    claims = EntryCells(negotiation.code, speech, sources, signer, *CLAIM)
    sheets = [
        write.positions(every_held(session, negotiation, found, seen, user)),
        write.moves(party_moves(session, negotiation, found, seen, user)),
        claims.sheet("claims", N_("Claims"), (line.entry for line in lines if line.entry)),
        sources.sheet(),
    ]
    return book_of(negotiation, seen, found.code, found.name, sheets)
