"""Bibliographies: what a record rests on, a list of sources, or one source, for reference managers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from flask import Blueprint
from werkzeug.wrappers import Response

from tracker.dates import View
from tracker.db import db
from tracker.exchange.bibliography import WRITERS
from tracker.queries.bibliography import Work, cited_works, listed_works, work_of
from tracker.queries.sources import strictest
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import ID, source_or_404
from tracker.views.books import file_name
from tracker.views.files import answer
from tracker.views.rendering import PageView, negotiation_or_404
from tracker.views.sources import asked_filters

blueprint = Blueprint("bibliographies", __name__)

#: Beside a page with tables, whose .json is that of its tables.
_BESIDE = "<any(csl, bib, ris):ending>"


@blueprint.get("/negotiations/<code>/bibliography.json", defaults={"ending": "csl"})
@blueprint.get("/negotiations/<code>/bibliography.<any(bib, ris):ending>")
@blueprint.get(f"/sources.{_BESIDE}")
@allow(None)
def index(ending: str, code: str = "") -> Response:
    """Give what a negotiation rests on; without a code, the list of sources with its filters, unpaged."""
    user = access.user()
    if not code:
        filters = asked_filters()
        name = file_name("sources", strictest(db.session(), user, filters), View())
        return _answer(listed_works(db.session(), user, filters), name, ending)
    negotiation = negotiation_or_404(code)
    view = PageView(negotiation).seen
    name = file_name(f"{code}-bibliography", negotiation.handling, view)
    return _answer(cited_works(db.session(), negotiation.id, view, user), name, ending)


@blueprint.get(f"/sources/{ID}.{_BESIDE}")
@allow(None)
def show(id: int, ending: str) -> Response:  # noqa: A002 - the name in the address
    """Give one source."""
    work = work_of(source_or_404(id))
    return _answer([work], file_name(work.key, work.handling, View()), ending)


def _answer(works: Iterable[Work], name: str, ending: str) -> Response:
    write, media_type, suffix = WRITERS[ending]

    def fill(file: IO[bytes]) -> None:
        file.writelines(piece.encode() for piece in write(works))

    return answer(f"{name}.{suffix}", media_type, fill)
