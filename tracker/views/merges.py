"""Merges: saying that a source is the same article as another, which is shown in its place."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from tracker.db import db
from tracker.models import Fault, Refused, Source, SourceMerge
from tracker.models.refused import N_
from tracker.models.vocabulary import Role
from tracker.queries.cited import entry_counts
from tracker.queries.duplicates import Duplicate, find_duplicates
from tracker.queries.sources import SourceFilters, SourceRow, choices
from tracker.text import whole_number
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import ID, refuse, source_or_404
from tracker.views.forms import Form, TextField
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import go, page, save, say
from tracker.views.retractions import told
from tracker.views.sources import question

blueprint = Blueprint("merges", __name__, url_prefix=f"/sources/{ID}/merges")


class MergeForm(Form):
    """The source that is kept, and why both are the same."""

    into = HiddenField()
    reason = TextField(_l("Why they are the same"))


@blueprint.get("/new")
@allow(Role.EDITOR)
def new(id: int) -> Response:  # noqa: A002 - the name in the address
    """Offer sources to merge this one into; set the chosen one beside it, and ask why."""
    source, typed = source_or_404(id), request.args.get("into", "")
    into = _found(typed)
    if typed and into is None:
        refuse("into", _("There is no source %(number)s, or none that you may see.", number=typed[:20]))
    into = into or _found(request.args.get("q"))
    return _show(source, into, MergeForm(formdata=None, into=str(into.id) if into else ""), 200)


@blueprint.post("")
@allow(Role.EDITOR)
def create(id: int) -> Response:  # noqa: A002
    """Merge them."""
    source, form = source_or_404(id), MergeForm()
    into = _found(form.into.data)
    made: list[SourceMerge] = []

    def act() -> str:
        if into is None:
            raise Refused(Fault("into", N_("Choose the source that is kept.")))
        merge = SourceMerge(source=source, into=into, reason=form.reason.text)
        merge.add(db.session(), by=access.signed_in())
        made.append(merge)
        return url_for("sources.show", id=into.id)

    def done(location: str) -> Response:
        say(told(_("Merged. This source is shown wherever the other one is cited."), made, location))
        return go(location)

    return save(form, act, again=lambda status: _show(source, into, form, status), done=done)


def _found(number: str | None) -> Source | None:
    id_ = whole_number(number)
    return None if id_ is None else Source.find(db.session(), id_, access.user())


def _show(source: Source, into: Source | None, form: MergeForm, status: int) -> Response:
    both = [source, into] if into else [source]
    return page(
        "merges/new.html",
        fragment="merge_form",
        status=status,
        section="sources",
        source=source,
        into=into,
        form=form,
        q=question(),
        counts=entry_counts(db.session(), [each.id for each in both], access.user()),
        is_same_text=bool(into and source.has_text and source.text == into.text),
        lost=_lost(source, into) if into else [],
        likely=[] if into else _likely(source),
        choices=[] if into else _choices(source),
    )


def _lost(source: Source, into: Source) -> list[str]:
    """Name what the source to be merged has and the one that is kept has not."""
    return [
        name
        for name, has, keeps in (
            ("text", source.has_text, into.has_text),
            ("day", source.published_on, into.published_on),
        )
        if has and not keeps
    ]


def _likely(source: Source) -> list[Duplicate]:
    [found] = find_duplicates(db.session(), access.user(), [source])
    return [each for each in found if each.id != source.id]


def _choices(source: Source) -> list[SourceRow]:
    words = question()
    found = choices(db.session(), access.user(), SourceFilters(q=words)) if words else []
    return [row for row in found if row.id != source.id]
