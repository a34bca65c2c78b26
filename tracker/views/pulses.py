"""Pulses: an open page asks whether the record has changed since it was made."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, make_response, request, url_for
from werkzeug.wrappers import Response

from tracker.dates import moment_words
from tracker.db import db
from tracker.queries.pulse import Since, pulse, writes_since
from tracker.views import access
from tracker.views.access import allow
from tracker.views.changes import RECORDED
from tracker.views.freshness import Tag, tag_of
from tracker.views.languages import templates

blueprint = Blueprint("pulses", __name__, url_prefix="/negotiations/<code>/pulse")


@blueprint.get("")
@allow(None)
def show(code: str) -> Response:
    """Answer 304 while the page's tag holds; else a line that says what became different."""
    found = pulse(db.session(), code, access.user()) or abort(404)
    tag = tag_of(code, found)
    if request.if_none_match.contains_weak(str(tag)):
        response = make_response("", 304)
    else:
        sent = (Tag.read(text or "") for text in request.if_none_match.as_set(include_weak=True))
        held = next(filter(None, sent), None)
        written = held is not None and _is_written(held, tag)
        since = _since(code, held) if written else Since(0, None)
        context = {"at": found.at, "is_written": written, "times": since.times, "told": _told(code, since)}
        current_app.update_template_context(context)
        # Not by `page`, which would take the messages that wait for the reader's next page.
        response = make_response(templates().get_template("pulses/show.html").render(context))
    response.set_etag(str(tag), weak=True)
    return response


def _is_written(held: Tag, tag: Tag) -> bool:
    """Tell whether the record itself changed; of a page that was made for a stranger, no user can be told."""
    return (held.sequence is None) is (tag.sequence is None) and held.record != tag.record


def _since(code: str, held: Tag | None) -> Since:
    """Tell how often it was saved since; strangers are not told."""
    if held is None or held.sequence is None:
        return Since(0, None)
    return writes_since(db.session(), code, held.sequence)


def _told(code: str, since: Since) -> str:
    """Give the address that tells what was recorded, for users from the page's moment on."""
    moment = moment_words(since.moment) if since.moment else None
    return url_for("changes.show", code=code, reading=RECORDED, since=moment)
