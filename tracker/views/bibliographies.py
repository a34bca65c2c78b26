"""Bibliographies: what a record rests on, a list of sources, or one source, for reference managers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from tracker.dates import View
from tracker.db import db
from tracker.exchange.bibliography import WRITERS
from tracker.queries.bibliography import Work, cited_works, listed_works, work_of
from tracker.queries.sources import strictest
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import ID, source_or_404
from tracker.views.books import file_name
from tracker.views.rendering import PageView, negotiation_or_404
from tracker.views.sources import asked_filters

blueprint = Blueprint("bibliographies", __name__)

Find: TypeAlias = Callable[[Session], Iterable[Work]]
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
        return _answer(lambda session: listed_works(session, user, filters), name, ending)
    negotiation = negotiation_or_404(code)
    id_, view = negotiation.id, PageView(negotiation).seen
    name = file_name(f"{code}-bibliography", negotiation.handling, view)
    return _answer(lambda session: cited_works(session, id_, view, user), name, ending)


@blueprint.get(f"/sources/{ID}.{_BESIDE}")
@allow(None)
def show(id: int, ending: str) -> Response:  # noqa: A002 - the name in the address
    """Give one source."""
    work = work_of(source_or_404(id))
    return _answer(lambda _session: [work], file_name(work.key, work.handling, View()), ending)


def _answer(find: Find, name: str, ending: str) -> Response:
    """Answer piece by piece. The request has ended by then, so the pieces ask in a session of their own."""
    write, media_type, suffix = WRITERS[ending]
    engine = db.engine

    def pieces() -> Iterator[str]:
        with Session(engine) as session:
            yield from write(find(session))

    response = Response(pieces(), content_type=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{suffix}")
    return response
