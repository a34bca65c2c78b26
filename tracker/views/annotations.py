"""Annotations: the citations of a source, or of a negotiation, for other programs to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Blueprint, Response, stream_with_context, url_for

from tracker.db import db
from tracker.exchange.annotations import MEDIA_TYPE, Addresses, write
from tracker.queries.annotations import Annotated, Record, annotated, annotated_sources
from tracker.queries.merging import merges_of
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import ID, source_or_404
from tracker.views.languages import gettext as _
from tracker.views.rendering import PageView, asked_view, negotiation_or_404
from tracker.views.words import day_words, signer

blueprint = Blueprint("annotations", __name__)


@blueprint.get(f"/sources/{ID}/annotations")
@allow(None)
def show(id: int) -> Response:  # noqa: A002 - the name in the address
    """Give what rests on a source, and on the copies that it is shown in place of."""
    source, user, view = source_or_404(id), access.user(), asked_view()
    sources = [id, *(copy.id for copy in merges_of(db.session(), source, user).shown)]
    label = f"{source.title}, {_(source.handling.label)}"

    def find() -> Iterator[Annotated]:
        return annotated_sources(db.session(), sources, view, user)

    return _answer(find, label, url_for("annotations.show", id=id, _external=True))


@blueprint.get("/negotiations/<code>/annotations")
@allow(None)
def index(code: str) -> Response:
    """Give all citations of a negotiation."""
    negotiation, user = negotiation_or_404(code), access.user()
    view = PageView(negotiation).seen

    def find() -> Iterator[Annotated]:
        return annotated(db.session(), negotiation, view, user)

    label = f"{negotiation.code} {negotiation.title}, {_(negotiation.handling.label)}"
    return _answer(find, label, url_for("annotations.index", code=negotiation.code, _external=True))


def _answer(find: Callable[[], Iterator[Annotated]], label: str, here: str) -> Response:
    """Answer piece by piece: by then the session of the request is closed, and another one asks."""
    addresses = Addresses(
        collection=here,
        source=lambda id_: url_for("sources.show", id=id_, _external=True),
        annotations=lambda id_: url_for("annotations.show", id=id_, _external=True),
        record=_place,
        label=_phrase,
        signer=signer,
    )

    def pieces() -> Iterator[str]:
        yield from write(find(), label, addresses)

    return Response(stream_with_context(pieces()), content_type=MEDIA_TYPE)


def _place(record: Record) -> str:
    """Give the address of the page on which a record stands."""
    if record.kind == "event":
        return url_for("events.index", code=record.code, _external=True)
    anchor = f"e-{record.uid}"
    if record.issue is None:
        return url_for("claims.index", code=record.code, _anchor=anchor, _external=True)
    return url_for("issues.show", key=f"{record.code}-{record.issue}", _anchor=anchor, _external=True)


def _phrase(record: Record) -> str:
    """Say in a line what rests on the words: "UA-3 Territory: Position, Russia, 24 Dec 2025"."""
    kinds = {
        "status_change": _("Status"),
        "position": _("Position"),
        "claim": _("Claim"),
        "event": _("Event"),
    }
    key = record.code if record.issue is None else f"{record.code}-{record.issue}"
    told = [kinds[record.kind], record.party, day_words(record.on)]
    return f"{key} {record.title}: " + ", ".join(word for word in told if word)
