"""Sources: the list, one source with what rests on it, and the forms to add and to edit one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from flask import Blueprint, abort, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.intake.taking_in import add_source, use_source
from tracker.models import Negotiation, Source
from tracker.models.vocabulary import Role, SourceKind, Word
from tracker.queries.duplicates import find_duplicates
from tracker.queries.inbox import new_counts
from tracker.queries.sources import SourceFilters, SourceSort, choices, filings, list_sources
from tracker.text import whole_number
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import ID, asked_negotiation, asked_word, source_or_404
from tracker.views.editing import conflict_panel, last_writer
from tracker.views.extracts import source_page
from tracker.views.filing import SourceForm, plain_text
from tracker.views.forms import differences
from tracker.views.languages import gettext as _
from tracker.views.proposing import may_fetch, propose, remind
from tracker.views.rendering import (
    address_with,
    address_without,
    back_to,
    go,
    page,
    page_number,
    part,
    save,
    say,
    wants_part,
)

blueprint = Blueprint("sources", __name__, url_prefix="/sources")

LONGEST_QUESTION = 200
Kind = TypeVar("Kind", bound=Word)


@blueprint.get("")
@allow(None)
def index() -> Response:
    """List the sources that one may see; with `choose`, the first few to choose from."""
    number, filters = page_number(), asked_filters()
    context: dict[str, Any] = {
        "filters": filters,
        "negotiation": filters.negotiation,
        "code": filters.negotiation.code if filters.negotiation else None,
        "section": "sources",
    }
    if request.args.get("choose") == "1":
        found = choices(db.session(), access.user(), filters)
        fragment = "choices" if "q" in request.args else "picker"
        return page("sources/index.html", fragment=fragment, choices=found, **context)
    seen = db.session.execute(
        select(Negotiation.code, Negotiation.title).where(Negotiation.visible_to(access.user()))
    )
    listed = list_sources(db.session(), access.user(), filters, number)
    if number > listed.paging.count:
        abort(404)
    return page(
        "sources/index.html",
        listed=listed,
        negotiations=sorted(seen),
        kinds=SourceKind,
        sorts=SourceSort,
        inboxes=new_counts(db.session(), user) if (user := access.user()) else {},
        address=address_without("page"),
        **context,
    )


@blueprint.get(f"/{ID}")
@allow(None)
def show(id: int) -> Response:  # noqa: A002 - the name in the address
    """Show a source, its text with the quoted passages marked, and what rests on it."""
    return source_page(source_or_404(id))


@blueprint.get("/new")
@allow(Role.EDITOR)
def new() -> Response:
    """Show the form, with what the address brings; `compact`: the short one for use inside another."""
    negotiation = asked_negotiation()
    given = {name: request.args.get(name, "").strip() for name in ("url", "title", "quote")}
    form = SourceForm(
        next=back_to(request.args.get("next"), ""),
        compact=request.args.get("compact", ""),
        elsewhere=" ".join(filter(None, given.values()))[:200],
        **given,
    )
    form.offer([negotiation.code] if negotiation else None)
    return _show_new(form, 200)


@blueprint.post("")
@allow(Role.EDITOR)
def create() -> Response:
    """Add the source; or read what the form names, and propose; or use one that is there."""
    form = SourceForm()
    seen = form.offer()
    if "read" in request.form or _must_be_read(form):
        status = propose(form)
        if status == 200 and not form.is_another.data:
            # What may be here already is said before the rest is typed.
            (form.alike,) = find_duplicates(db.session(), access.signed_in(), [_typed(form)])
        return _show_new(form, status if "read" in request.form else 422)
    used = whole_number(request.form.get("use"))

    def act() -> str:
        source = _used(used, form.filed_under(seen)) if used else _added(form, form.filed_under(seen))
        return url_for("sources.show", id=source.id)

    def done(location: str) -> Response:
        id_ = int(location.rpartition("/")[2])
        say(_("This source was here already, and is used.") if used else _("The source was added."))
        if form.compact.data and wants_part():
            return _chosen(id_)
        marked = {"quote": form.quote.data} if form.quote.data else {}
        return go(_back(form.next.data, id_, **marked) or address_with(location, **marked))

    return save(form, act, again=lambda status: _show_new(form, status), done=done)


def _must_be_read(form: SourceForm) -> bool:
    """Tell whether the form brings a file whose words an editor has to see before they are kept."""
    return bool(form.file.data) and "use" not in request.form and plain_text(form.file.data) is None


def _typed(form: SourceForm) -> Source:
    """Give the source as it stands in the form, not added."""
    source = Source(**form.values())
    source.set_text(form.text.data)
    return source


def _added(form: SourceForm, filed_under: Sequence[Negotiation]) -> Source:
    source = _typed(form)
    is_another = bool(form.is_another.data)
    by = access.signed_in()
    add_source(db.session(), source, filed_under=filed_under, by=by, is_another=is_another)
    return source


def _used(id_: int, filed_under: Sequence[Negotiation]) -> Source:
    return use_source(db.session(), id_, filed_under=filed_under, by=access.signed_in())


def _show_new(form: SourceForm, status: int) -> Response:
    remind(form)
    return page(
        "sources/new.html",
        fragment="compact" if form.compact.data else "fields",
        status=status,
        form=form,
        may_fetch=may_fetch(),
        section="sources",
    )


def _chosen(id_: int) -> Response:
    """Answer with the source as it stands in the citation it was added for."""
    negotiation = request.form.get("negotiations", "")
    response = part("sources/_chosen.html", "chosen", chosen=source_or_404(id_), code=negotiation)
    response.headers["HX-Retarget"] = "#citation-source"
    gone = '<hx-partial hx-target="#compact" hx-swap="delete"></hx-partial>'
    response.set_data(response.get_data(as_text=True) + gone)
    return response


@blueprint.get(f"/{ID}/edit")
@allow(Role.EDITOR)
def edit(id: int) -> Response:  # noqa: A002
    """Show the form."""
    source = source_or_404(id)
    form = _filled(source)
    form.next.data = back_to(request.args.get("next"), "")
    return _show_edit(source, form, 200)


def _filled(source: Source) -> SourceForm:
    form = SourceForm(formdata=None, obj=source, base_version=str(source.version))
    filed = filings(db.session(), [source.id], access.user())[source.id]
    form.offer([negotiation.code for negotiation in filed])
    return form


@blueprint.post(f"/{ID}")
@allow(Role.EDITOR)
def update(id: int) -> Response:  # noqa: A002
    """Change the source."""
    source = source_or_404(id)
    form = SourceForm(obj=source)
    form.stored = source.text or ""
    seen = form.offer()

    def act() -> str:
        chosen = form.filed_under(seen)
        source.edit(
            form.values() | {"text": form.text.data},
            file_under=chosen,
            withdraw_from=[negotiation for negotiation in seen if negotiation not in chosen],
            base_version=form.base_version.number,
        )
        return url_for("sources.show", id=id)

    def done(location: str) -> Response:
        say(_("The source was saved."))
        return go(_back(form.next.data, id) or location)

    return save(form, act, again=lambda status: _show_edit(source, form, status), done=done)


def _show_edit(source: Source, form: SourceForm, status: int) -> Response:
    conflict = None
    if status == 409:
        db.session.refresh(source)
        form.base_version.data = str(source.version)
        conflict = conflict_panel(*last_writer(source), differences(_filled(source), form))
    is_quoted = source.is_quoted
    if is_quoted:
        form.text.data = source.text
    return page(
        "sources/edit.html",
        section="sources",
        status=status,
        source=source,
        form=form,
        conflict=conflict,
        leave_url=url_for("sources.show", id=source.id),
        is_quoted=is_quoted,
    )


def asked_filters() -> SourceFilters:
    """Read from the address which sources are asked for."""
    return SourceFilters(
        q=question(),
        negotiation=asked_negotiation(),
        kind=_asked("kind", SourceKind),
        sort=_asked("sort", SourceSort) or SourceSort.NEWEST,
        is_dead=asked_word("link", ["dead"]) == "dead",
        copies=asked_word("copies", ["only"]) == "only",
    )


def question() -> str:
    """Read the words to look for from the address."""
    q = request.args.get("q", "").strip()
    if len(q) > LONGEST_QUESTION or "\x00" in q:
        abort(400, "q: " + _("This cannot be searched for."))
    return q


def _asked(name: str, kind: type[Kind]) -> Kind | None:
    """Read a word of a vocabulary from the address; what is none of them is 400."""
    value = request.args.get(name, "")
    try:
        return kind(value) if value else None
    except ValueError:
        abort(400, f"{name}: " + _("“%(word)s” is not one of the choices.", word=value[:60]))


def _back(address: str | None, id_: int, **marked: str) -> str | None:
    """Give the form that a source was added for, with the source and the words marked in it."""
    back = back_to(address, "")
    return address_with(back, source=str(id_), **marked) if back else None
