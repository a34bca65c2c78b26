"""The inbox of a negotiation: the sources that nothing rests on, and what the desk does with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.models import Conflict, Fault, Negotiation, Refused, Source, User
from tracker.models.refused import N_
from tracker.models.vocabulary import InboxState, Role, SourceKind
from tracker.queries.inbox import Inbox, InboxFilters, InboxSort, colleagues, inbox
from tracker.text import whole_number
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import asked_word, refuse
from tracker.views.forms import ChoiceField, Form, TextField
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import (
    address_without,
    asked_block,
    go,
    negotiation_or_404,
    page,
    page_number,
    part,
    save,
    say,
    stands_on,
)

blueprint = Blueprint("inboxes", __name__, url_prefix="/negotiations/<code>/inbox")

#: The most that one press may move: more than a page has.
MOST = 100


class InboxForm(Form):
    """What is done with the sources that were chosen."""

    reason = TextField(_l("Why nothing of them is used"))
    assignee = ChoiceField(_l("Who works on them"))

    @property
    def chosen(self) -> list[tuple[int, int]]:
        """The ids and versions of the sources that were ticked; of a button in a row that one alone.

        Raises: Refused.
        """
        mine = request.form.get("mine")
        pairs = []
        for each in [mine] if mine else request.form.getlist("source"):
            id_, version = (whole_number(word) for word in each.partition("-")[::2])
            if id_ is None or version is None:
                raise Refused(Fault("", N_("There is no such source in this inbox.")))
            pairs.append((id_, version))
        if not 0 < len(pairs) <= MOST:
            raise Refused(Fault("", N_("Choose the sources first.")))
        return pairs

    @property
    def ticked(self) -> set[int]:
        """The ids of what was ticked, to be ticked again."""
        return {
            number
            for each in request.form.getlist("source")
            if (number := whole_number(each.partition("-")[0]))
        }


@blueprint.get("")
@allow(Role.VIEWER)
def show(code: str) -> Response:
    """List what waits."""
    return _page(negotiation_or_404(code), InboxForm(formdata=None), 200)


def _page(negotiation: Negotiation, form: InboxForm, status: int) -> Response:
    fragment = "inbox" if status != 200 else asked_block("inbox")
    return page("inboxes/show.html", fragment=fragment, status=status, **_context(negotiation, form))


def _context(negotiation: Negotiation, form: InboxForm) -> dict[str, Any]:
    filters = _asked_filters()
    found = inbox(db.session(), negotiation, access.signed_in(), filters, page_number())
    form.assignee.choices = [("", _("Nobody")), *((str(each.id), each.name) for each in found.people)]
    return {
        "negotiation": negotiation,
        "section": "sources",
        "found": found,
        "filters": filters,
        "form": form,
        "states": InboxState,
        "kinds": SourceKind,
        "sorts": InboxSort,
        "state": request.args.get("state", ""),
        "assignee": request.args.get("assignee", ""),
        "address": address_without("page"),
        "here": access.here(),
        "may_edit": access.is_editor(),
        "ticked": _ticked(found, form),
    }


def _ticked(found: Inbox, form: InboxForm) -> set[int]:
    act = request.form.get("act")
    return {row.id for row in found.rows} if act == "tick" else set() if act == "untick" else form.ticked


def _asked_filters() -> InboxFilters:
    state = asked_word("state", ["new", *InboxState])
    states = (None if state == "new" else InboxState(state),) if state else InboxFilters.states
    assignee = request.args.get("assignee", "")
    kind = asked_word("kind", [*SourceKind])
    language, q = (request.args.get(name, "").strip() for name in ("language", "q"))
    if len(q) > 200:
        refuse("q", _("This cannot be searched for."))
    return InboxFilters(
        states=states,
        assignee=_asked_assignee(assignee),
        is_nobodys=assignee == "nobody",
        kind=SourceKind(kind) if kind else None,
        language=language[:35],
        q=q,
        sort=InboxSort(asked_word("sort", [*InboxSort], InboxSort.NEWEST)),
    )


def _asked_assignee(word: str) -> int | None:
    """Read whose sources are asked for: "me", or a user's id."""
    if word in ("", "nobody"):
        return None
    number = access.signed_in().id if word == "me" else whole_number(word)
    return number or refuse("assignee", _("This is neither “me”, “nobody” nor the number of a user."))


@blueprint.post("")
@allow(Role.EDITOR)
def update(code: str) -> Response:
    """Take up, give, set aside or put back what was ticked, all of it or nothing; or tick the whole page."""
    negotiation, form = negotiation_or_404(code), InboxForm()
    if request.form.get("act") in ("tick", "untick"):
        return _page(negotiation, form, 200)
    act = "take_up" if request.form.get("mine") else request.form.get("act", "")
    done: list[Source] = []

    def move() -> str:
        verb = _verb(act, form, negotiation)
        for id_, version in sorted(form.chosen):  # each is locked: all lock them in one order
            done.append(_moved(negotiation, id_, version, verb))
        return access.here()

    def answer(location: str) -> Response:
        say(_TOLD[act](len(done)))
        if not stands_on(request.path):
            return go(location)
        return part("inboxes/show.html", "inbox", **_context(negotiation, InboxForm(formdata=None)))

    return save(form, move, again=lambda status: _page(negotiation, form, status), done=answer)


def _moved(negotiation: Negotiation, id_: int, version: int, verb: Callable[[Source, int], None]) -> Source:
    source = Source.find(db.session(), id_, access.signed_in(), negotiation)
    if source is None:
        raise Refused(Fault("", N_("There is no such source in this inbox.")))
    try:
        verb(source, version)
    except Conflict:
        message = N_("Someone else has just changed “%(title)s”. Nothing was saved: look, and press again.")
        raise Conflict(Fault("", message, {"title": source.title})) from None
    except Refused as refused:
        raise Refused(
            *(
                Fault(fault.field.removeprefix("inbox_"), fault.message, fault.values)
                for fault in refused.faults
            )
        ) from None
    return source


def _verb(act: str, form: InboxForm, negotiation: Negotiation) -> Callable[[Source, int], None]:
    """Give what is done to each source.

    Raises: Refused.
    """
    who, reason = access.signed_in(), form.reason.text
    to = _assignee(form, negotiation) if act == "assign" else None
    verbs: dict[str, Callable[[Source, int], None]] = {
        "take_up": lambda source, version: source.take_up(by=who, base_version=version),
        "set_aside": lambda source, version: source.set_aside(reason, base_version=version),
        "put_back": lambda source, version: source.put_back(base_version=version),
        "assign": lambda source, version: source.assign(to, base_version=version),
    }
    if act not in verbs:
        raise Refused(Fault("", N_("Say what is to be done with them.")))
    return verbs[act]


def _assignee(form: InboxForm, negotiation: Negotiation) -> User | None:
    chosen = form.assignee.data or ""
    if chosen and chosen not in {str(each.id) for each in colleagues(db.session(), negotiation)}:
        raise Refused(Fault("assignee", N_("This person cannot work on the sources of this negotiation.")))
    return db.session.get(User, int(chosen)) if chosen else None


_TOLD: dict[str, Callable[[int], str]] = {
    "take_up": lambda number: _("%(number)s in work with you.", number=number),
    "set_aside": lambda number: _("%(number)s set aside.", number=number),
    "put_back": lambda number: _("%(number)s put back among the new ones.", number=number),
    "assign": lambda number: _("%(number)s given.", number=number),
}
