"""The list of sources to take along, and what rests on one of them."""

from __future__ import annotations

from tracker.dates import View
from tracker.db import db
from tracker.exchange.citations import Sources
from tracker.exchange.sheets import Book, Told
from tracker.exchange.source_sheets import resting_sheet, sources_sheet
from tracker.queries.merging import merges_of
from tracker.queries.paging import EVERY
from tracker.queries.references import SourceLine
from tracker.queries.resting import rests_on
from tracker.queries.sources import every_source, strictest
from tracker.views import access
from tracker.views.addresses import source_or_404
from tracker.views.books import book
from tracker.views.languages import gettext as _
from tracker.views.sources import asked_filters
from tracker.views.words import signer


def source_list() -> Book:
    """Give all sources that fit what was asked for; the strictest of their markings is that of the file."""
    session, user, filters = db.session(), access.user(), asked_filters()
    sheet = sources_sheet(every_source(session, user, filters), _)
    return book("sources", _("Sources"), [sheet], strictest(session, user, filters), View())


def resting(id: int) -> Book:  # noqa: A002 - the name in the address
    """Give what rests on a source, and on the copies that it is shown in place of."""
    source, user, session = source_or_404(id), access.user(), db.session()
    copies = [copy.id for copy in merges_of(session, source, user).shown]
    found = rests_on(session, source, user, 1, EVERY, copies=copies)
    told = [Told("source", _("Source"), source.id), Told("title", _("Title"), source.title)]
    sources = Sources(_)
    sources.source(SourceLine(*(getattr(source, name) for name in SourceLine.__dataclass_fields__)))
    sheets = [resting_sheet(found, _, signer), sources.sheet()]
    title = f"{_('Source %(number)s', number=source.id)}: {source.title}"
    return book(f"source-{source.id}", title, sheets, source.handling, View(), told)
