"""Annotations: the citations of a source, or of a negotiation, for other programs to read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.exchange.annotations import MEDIA_TYPE, Addresses, write
from tracker.queries.annotations import Annotated, Record, annotated, annotated_sources
from tracker.queries.cited import CitedKind
from tracker.queries.merging import merges_of
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import ID, entry_address, source_or_404
from tracker.views.books import file_name
from tracker.views.files import answer
from tracker.views.languages import gettext as _
from tracker.views.rendering import PageView, asked_view, negotiation_or_404

blueprint = Blueprint("annotations", __name__)


@blueprint.get(f"/sources/{ID}/annotations")
@allow(None)
def show(id: int) -> Response:  # noqa: A002 - the name in the address
    """Give what rests on a source, and on the copies that it is shown in place of."""
    source, user, view = source_or_404(id), access.user(), asked_view()
    sources = [id, *(copy.id for copy in merges_of(db.session(), source, user).shown)]
    label = f"{source.title}, {_(source.handling.label)}"
    name = file_name(f"source-{id}-annotations", source.handling, view)
    return _answer(annotated_sources(db.session(), sources, view, user), label, name)


@blueprint.get("/negotiations/<code>/annotations")
@allow(None)
def index(code: str) -> Response:
    """Give all citations of a negotiation."""
    negotiation, user = negotiation_or_404(code), access.user()
    view = PageView(negotiation).seen
    label = f"{negotiation.code} {negotiation.title}, {_(negotiation.handling.label)}"
    name = file_name(f"{code}-annotations", negotiation.handling, view)
    return _answer(annotated(db.session(), negotiation, view, user), label, name)


def _answer(found: Iterable[Annotated], label: str, name: str) -> Response:
    addresses = _addresses()

    def fill(file: IO[bytes]) -> None:
        file.writelines(piece.encode() for piece in write(found, label, addresses))

    return answer(f"{name}.jsonld", MEDIA_TYPE, fill)


def _addresses() -> Addresses:
    """Take from the request what addresses and words need of it."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    is_known, desk = access.is_known(), _("the desk")
    kinds = {kind.value: _(kind.label) for kind in CitedKind}

    def address(endpoint: str, **values: Any) -> str:
        return adapter.build(endpoint, values, force_external=True)

    def place(record: Record) -> str:
        if record.kind == "event":
            return address("events.show", code=record.code, id_=record.id)
        return entry_address(record.code, record.issue, record.uid, record.on, address)

    def phrase(record: Record) -> str:
        key = record.code if record.issue is None else f"{record.code}-{record.issue}"
        told = [kinds[record.kind], record.party, record.on.isoformat()]
        return f"{key} {record.title}: " + ", ".join(word for word in told if word)

    return Addresses(
        collection=request.base_url,
        source=lambda id_: address("sources.show", id=id_),
        annotations=lambda id_: address("annotations.show", id=id_),
        record=place,
        label=phrase,
        signer=lambda name: name if is_known or "@" not in name else desk,
    )
