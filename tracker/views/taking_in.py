"""Taking in: a new source, unless it looks like one that is there; or that one itself."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request

from tracker.db import db
from tracker.models import Fault, Negotiation, Refused, Source
from tracker.models.refused import N_
from tracker.queries.duplicates import find_duplicates
from tracker.views import access
from tracker.views.filing import SourceForm, plain_text

_ALIKE = N_("This may be here already. Use what is here, or tick that it is another source.")


def must_be_read(form: SourceForm) -> bool:
    """Tell whether the form brings a file whose words an editor has to see before they are kept."""
    return bool(form.file.data) and "use" not in request.form and plain_text(form.file.data) is None


def add(form: SourceForm, filed_under: Sequence[Negotiation]) -> Source:
    """Add what was typed, unless it looks like a source that is there and nobody said that it is another.

    Raises: Refused; the form then holds what is alike.
    """
    source = Source(**form.values())
    source.set_text(form.text.data)
    if not form.is_another.data:
        (form.alike,) = find_duplicates(db.session(), access.user(), [source])
    source.add(db.session(), filed_under=filed_under, by=access.signed_in())
    if form.alike:
        raise Refused(Fault("is_another", _ALIKE))
    db.session.flush()
    return source


def use(id_: int, filed_under: Sequence[Negotiation]) -> Source:
    """Take a source that is there, and file it where the new one would have been.

    Raises: Refused.
    """
    source = Source.find(db.session(), id_, access.user())
    if source is None:
        raise Refused(Fault("", N_("There is no such source.")))
    here = {filing.negotiation_id for filing in source.filings}
    new = [negotiation for negotiation in filed_under if negotiation.id not in here]
    if new:
        source.edit({}, file_under=new)
    return source
