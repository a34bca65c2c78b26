"""Rendering: pages and their parts, messages, points of view, and saving. Every view answers through here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import abort, current_app, flash, get_flashed_messages, make_response, redirect, request, url_for
from jinja2_fragments import render_block
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError
from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Response

from tracker.dates import Unreadable, View, moment_words, read_as_of, read_moment
from tracker.db import db, now
from tracker.models import Conflict, Fault, FormToken, Issue, Negotiation, Refused
from tracker.models.form_token import RESULT
from tracker.models.refused import N_
from tracker.text import whole_number
from tracker.views import access, freshness
from tracker.views.forms import Form
from tracker.views.languages import gettext as _
from tracker.views.languages import templates

PAGES = 999_999
#: The letters that may follow the path of a page about a negotiation; a saved comparison has no more.
LONGEST_QUERY = 4000


def wants_part() -> bool:
    """Tell whether htmx asks for a part of a page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Request-Type") == "partial"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def page(template: str, *, fragment: str | None = None, status: int = 200, **context: Any) -> Response:
    """Render the page, or the one block of it that htmx asks for.

    Block name = id of its element = `fragment`.
    """
    environment = templates()
    current_app.update_template_context(context)
    if fragment and wants_part():
        body = render_block(environment, template, fragment, **context) + _along(template, context)
    else:
        body = environment.get_template(template).render(context, messages=_messages())
    return make_response(body, status)


def _along(template: str, context: dict[str, Any]) -> str:
    """Hand the menu of what is taken along, beside a part of a page that has another address now."""
    if not context.get("view"):
        return ""
    title = render_block(templates(), template, "title", **context)
    menu = templates().get_template("_taking_along.html").render(context, title=title)
    return f'<hx-partial hx-target="#along" hx-swap="outerMorph">{menu}</hx-partial>'


def say(text: str, kind: str = "good") -> None:
    """Give a message that the next page, or part of a page, reads out."""
    flash(text, kind)


def _messages() -> list[tuple[str, str]]:
    """Take the messages that wait: text and kind."""
    pairs: Any = get_flashed_messages(with_categories=True)
    return [(text, kind) for kind, text in pairs]


def spoken() -> Markup:
    """Hand the messages to the live region, beside a part of a page."""
    told = Markup("").join(
        Markup('<div class="message {}">{}</div>').format(kind, text) for text, kind in _messages()
    )
    return Markup('<hx-partial hx-target="#flash" hx-swap="innerHTML">{}</hx-partial>').format(told)


def part(template: str, fragment: str, *, beside: Sequence[str] = (), **context: Any) -> Response:
    """Answer a saved form with the block that it changed, and the message for the live region.

    The block takes its own place on the page, wherever the form stood; `beside` names other blocks
    that changed with it.
    """
    current_app.update_template_context(context)
    environment = templates()
    body = Markup(render_block(environment, template, fragment, **context))  # noqa: S704 - our own template
    for block in beside:
        other = Markup(render_block(environment, template, block, **context))  # noqa: S704
        body += Markup('<hx-partial hx-target="#{}" hx-swap="outerHTML">{}</hx-partial>').format(block, other)
    response = make_response(body + spoken())
    response.headers["HX-Retarget"] = f"#{fragment}"
    response.headers["HX-Reswap"] = "outerHTML"
    if view := context.get("view"):
        freshness.renew(response, context["negotiation"].code, view.tag)
    return response


def go(address: str) -> Response:
    """Send the browser on to an address of ours, with htmx or without."""
    if request.headers.get("HX-Request") == "true":
        response = make_response("")
        response.headers["HX-Redirect"] = iri_to_uri(address)
        return response
    return redirect(address, 303)


def back_to(address: str | None, otherwise: str) -> str:
    """Give the address to return to, if it is one of ours."""
    return address if address and access.is_here(address) else otherwise


def stands_on(address: str) -> bool:
    """Tell whether htmx asks for a part from the page at an address of ours."""
    return wants_part() and urlsplit(request.headers.get("HX-Current-URL", "")).path == address


def asked_block(*blocks: str) -> str | None:
    """Tell which of these blocks htmx wants replaced; None: the whole page."""
    target = request.headers.get("HX-Target", "").rpartition("#")[2]
    return target if target in blocks else None


def save(
    form: Form,
    act: Callable[[], str],
    *,
    again: Callable[[int], Response],
    done: Callable[[str], Response] = go,
) -> Response:
    """Do what a form asks for, once, in one transaction.

    `act` does it and gives the address of the result; `done` answers with it. What is refused rolls
    back, and `again` shows the form with everything typed: 422 faults, 409 someone else was first.
    A form token already used for the same content answers the first result again.
    """
    if not form.validate():
        return again(422)
    try:
        return done(_once(form, act))
    except Conflict as conflict:
        form.refuse(conflict)
        return again(409)
    except Refused as refused:
        form.refuse(refused)
        return again(422)


def _once(form: Form, act: Callable[[], str]) -> str:
    token = str(form.form_token.data)[:64]
    who = access.signed_in().id
    fingerprint = FormToken.fingerprint(request.path, _content())
    try:
        with access.transaction() as session:
            used = FormToken.find(session, token, who, fingerprint)
            if used is None:
                used = FormToken.use(session, token, who, fingerprint)
                used.result = act()[:RESULT]
            result = used.result
    except IntegrityError:  # the same press, or the same thing, was being saved by another worker
        found = FormToken.find(db.session(), token, who, fingerprint)
        if found is None:
            raise Conflict(Fault("", N_("Someone else has just saved the same thing."))) from None
        return found.result
    return result


def _content() -> list[tuple[str, str]]:
    """Give what was posted, but for the tokens; a file by its hash."""
    content = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in ("csrf_token", "form_token")
    ]
    for name, file in request.files.items(multi=True):
        file.seek(0)
        content.append((name, hashlib.sha256(file.read()).hexdigest()))
    return content


def negotiation_or_404(code: str) -> Negotiation:
    """Find the negotiation of an address, as far as the one who asks may see it."""
    freshness.begin(code)
    return Negotiation.find(db.session(), code, access.user()) or abort(404)


def issue_or_404(key: str) -> Issue:
    """Find the issue of an address, as far as the one who asks may see it."""
    freshness.begin(key.rpartition("-")[0])
    return Issue.find(db.session(), key, access.user()) or abort(404)


def asked_view() -> View:
    """Read the point of view from the address; what cannot be read is 400."""
    day, moment = request.args.get("as_of", ""), request.args.get("known_at", "")
    try:
        as_of = read_as_of(day) if day else None
    except Unreadable as error:
        abort(400, f"as_of: {_(str(error))}")
    try:
        known_at = read_moment(moment) if moment else None
    except Unreadable as error:
        abort(400, f"known_at: {_(str(error))}")
    if known_at and known_at > now() + timedelta(days=2):
        abort(400, "known_at: " + _("This moment lies in the future."))
    return View(as_of, known_at)


class PageView:
    """The point of view of a page, as its template asks: `asked` by the reader, `seen` what applies.

    `tag`: what the page is made from; None where the reader asked for a fixed past. `taken`: arguments that
    the address left open, as the page took them; on another day it might take others.
    """

    def __init__(self, negotiation: Negotiation) -> None:
        if len(request.query_string) > LONGEST_QUERY:
            abort(414)  # a page repeats its arguments in hundreds of links
        self.asked = asked_view()
        self.seen = negotiation.view_for(access.user(), self.asked)
        self.tag = freshness.made_from(negotiation.code)
        self.taken: dict[str, list[str]] = {}

    @property
    def as_of(self) -> date | None:
        return self.asked.as_of

    @property
    def known_at(self) -> datetime | None:
        return self.asked.known_at

    @property
    def is_past(self) -> bool:
        return self.asked.is_past

    @cached_property
    def args(self) -> dict[str, str]:
        """What an address needs to keep this point of view."""
        moment = self.known_at and moment_words(self.known_at)
        args = {"as_of": self.as_of and self.as_of.isoformat(), "known_at": moment}
        return {name: words for name, words in args.items() if words}

    @cached_property
    def query(self) -> str:
        """What follows the path of an address to keep this point of view, where nothing else does."""
        return "?" + urlencode(self.args) if self.args else ""

    @property
    def today_url(self) -> str:
        return address_without("as_of", "known_at")


@lru_cache(4096)
def _built(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


def address_of(endpoint: str, **values: Any) -> str:
    """Write the address of a view for a template: built once, since a page holds hundreds of the same.

    Long values, which somebody typed, are not kept, nor what depends on more than the values.
    """
    for name, value in values.items():
        is_short = len(value) <= 100 if isinstance(value, str) else value is None or isinstance(value, int)
        if name[0] == "_" or not is_short:
            return url_for(endpoint, **values)
    return _built(request.script_root, endpoint, tuple(values.items()))


def address_without(*names: str) -> str:
    """Give this address without some of its arguments."""
    kept = [pair for pair in access.arguments() if pair[0] not in names]
    return request.path + ("?" + urlencode(kept) if kept else "")


def address_with(address: str, **args: str) -> str:
    """Give an address of ours with these arguments instead of its own of the same names."""
    parts = urlsplit(address)
    kept = [pair for pair in parse_qsl(parts.query) if pair[0] not in args]
    return parts._replace(query=urlencode([*kept, *args.items()])).geturl()


def page_number() -> int:
    """Read `page=` from the address; what cannot be read is 400."""
    number = whole_number(request.args.get("page", "1"))
    if not number or number > PAGES:
        abort(400, "page: " + _("This is not the number of a page."))
    return number
