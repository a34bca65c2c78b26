"""Proposing: what an address, a file or a paste says, put into the form for its editor to check."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import current_app
from wtforms import Field

from tracker.db import db, now
from tracker.intake.found import Found
from tracker.intake.reading import read_address, read_file, read_paste
from tracker.intake.web import Web
from tracker.models.refused import N_, Fault, Refused
from tracker.models.vocabulary import SourceKind
from tracker.text import clean
from tracker.views.filing import SourceForm, bytes_of
from tracker.views.languages import gettext as _

#: A paste of more letters is not sent back a second time, as it was.
PASTED = 100_000
_NOTHING = N_("Give an address, choose a file or paste the text: then it can be read.")
_CLOSED = N_("Addresses are not fetched here: choose a file or paste the text.")
_BOTH = N_("Paste the text or choose a file, not both.")
_TAKEN = N_("From what was read: check it.")
_MISSING = N_("Looked for, and not found.")
_KEPT = N_("What was read says “%(words)s”; what you typed was kept.")
_INSTEAD = N_("From what was read: check it. You gave “%(words)s”.")


def propose(form: SourceForm) -> int:
    """Read what the form names, and fill in what was found; gives the status to answer with.

    What was typed stays. Nothing is saved.
    """
    try:
        found, origin = _read(form)
    except Refused as refused:
        form.refuse(refused)
        remind(form)
        return 422
    form.is_read = True
    form.remarks = [str(_(remark)) for remark in found.remarks]
    before = form.text.data or ""
    for name, value in _values(found, origin).items():
        _fill(form, name, value, is_instead=name == origin)
        if not value and name in found.missing and not _typed(form, name):
            form.notes[name] = str(_(_MISSING))
    is_other = clean(before).strip() != clean(form.text.data or "").strip()
    if origin == "text" and is_other and len(before) <= PASTED:
        form.pasted.data = before
    remind(form)
    return 200


def may_fetch() -> bool:
    """Tell whether the settings let any address be read."""
    hosts = _web().hosts
    return hosts is None or bool(hosts)


def _web() -> Web:
    """Give what fetching may do, by the setting; tests stand in for it."""
    stood_in: Web | None = current_app.extensions.get("web")
    return stood_in or Web.of(current_app.config["FETCH"])


def _read(form: SourceForm) -> tuple[Found, str]:
    """Read the file that was chosen, else what was pasted, else the address; tell which it was.

    Raises: Refused.
    """
    has_text = bool(_typed(form, "text").strip()) and not _is_proposed(form, "text")
    if form.file.data:
        if has_text:
            raise Refused(Fault("file", _BOTH))
        return read_file(form.file.data.filename or "", bytes_of(form.file.data)), "file"
    if has_text:
        return read_paste(form.text.data or ""), "text"
    if not form.url.data:
        raise Refused(Fault("url", _NOTHING))
    if not may_fetch():
        raise Refused(Fault("url", _CLOSED))
    db.session.rollback()  # no transaction stays open while another site is waited for
    return read_address(form.url.data, _web()), "url"


def _values(found: Found, origin: str) -> dict[str, Any]:
    """Give what was found, by the fields of the form."""
    values = {
        name: getattr(found, name) for name in ("title", "publisher", "language", "url", "text", "kind")
    }
    values |= {"authors": [*found.authors], "published_on": found.published_on}
    return values | ({"accessed_on": now().date()} if origin == "url" else {})


def _fill(form: SourceForm, name: str, value: Any, *, is_instead: bool) -> None:
    """Take one proposal over where nothing was typed, and say of each what was done with it."""
    if not value:
        return
    typed = _typed(form, name)
    field: Field = form[name]
    words = _words(value)
    if typed and not is_instead and not _is_proposed(form, name):
        if words != typed and name not in ("text", "accessed_on"):
            form.notes[name] = str(_(_KEPT, words=words[:200]))
        return
    field.process_data(value)
    form.proposed.data = f"{form.proposed.data or ''} {_token(name, words)}".strip()
    if is_instead and name == "url" and typed != words:
        form.notes[name] = str(_(_INSTEAD, words=typed[:200]))


def remind(form: SourceForm) -> None:
    """Mark what stands in the form as it was proposed."""
    for name in (
        "title",
        "publisher",
        "language",
        "url",
        "text",
        "kind",
        "authors",
        "published_on",
        "accessed_on",
    ):
        if name not in form.notes and _is_proposed(form, name):
            form.notes[name] = str(_(_TAKEN))


def _typed(form: SourceForm, name: str) -> str:
    """Give what a field holds; the kind that every form begins with is not typed."""
    value = form[name].data
    return "" if name == "kind" and value is SourceKind.ARTICLE else _words(value)


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    return clean(value.isoformat() if hasattr(value, "isoformat") else str(value or ""))


def _is_proposed(form: SourceForm, name: str) -> bool:
    return _token(name, _words(form[name].data)) in (form.proposed.data or "").split()


def _token(name: str, words: str) -> str:
    return f"{name}:{hashlib.sha256(words.strip().encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
