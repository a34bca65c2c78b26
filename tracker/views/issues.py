"""Issues: the list, one issue with everything on its row, and the forms for the issue itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response
from wtforms import SelectField
from wtforms.widgets import TextArea

from tracker.db import db
from tracker.models import Issue, Negotiation, User
from tracker.models.vocabulary import Role, Status
from tracker.queries.dossier import dossier
from tracker.queries.issue_list import Filters, IssueSort, list_issues, topics_of
from tracker.text import whole_number
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import asked_word, asked_words, hold_topic, named
from tracker.views.editing import EditForm, form_page, whole
from tracker.views.forms import CodesField, NumberField, TextField, fresh_token
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import (
    PageView,
    address_without,
    asked_block,
    go,
    issue_or_404,
    negotiation_or_404,
    page,
    page_number,
    part,
    save,
    say,
    stands_on,
)

blueprint = Blueprint("issues", __name__)


class IssueForm(EditForm):
    """The fields of an issue."""

    once = ("number",)
    number = NumberField(_l("Number"))
    title = TextField(_l("Title"))
    question = TextField(_l("Question"), widget=TextArea())
    proposition = TextField(_l("Proposition"))
    description = TextField(_l("Description"), widget=TextArea())
    topic = TextField(_l("Topic"))
    ordering = NumberField(_l("Place in the order"))
    lead = SelectField(_l("Lead"), validate_choice=False)
    deciding_parties = CodesField(_l("Deciding parties"))
    scale_unit = TextField(_l("Unit of the scale"))
    scale_low = TextField(_l("Lower end, in words"))
    scale_high = TextField(_l("Upper end, in words"))
    scale_from = NumberField(_l("Lower end"))
    scale_to = NumberField(_l("Upper end"))

    def offer(self, negotiation: Negotiation) -> None:
        self.deciding_parties.choices = [(party.code, party.label) for party in negotiation.parties]
        users = db.session.scalars(select(User).where(~User.is_disabled).order_by(User.name)).all()
        editors = [user for user in users if user.may(Role.EDITOR)]
        self.lead.choices = [("", _("Nobody")), *((str(user.id), user.name) for user in editors)]

    def fill(self, row: Issue) -> None:
        self.lead.data = str(row.lead_id or "")

    def values(self) -> dict[str, Any]:
        """Give the fields that are edited, by column."""
        texts = ("title", "question", "proposition", "description", "topic", "scale_unit")
        found = {name: self[name].data for name in (*texts, "scale_low", "scale_high")}
        return found | {
            "ordering": whole(self.ordering),
            "lead_id": self._lead(),
            "deciding_parties": sorted(self.deciding_parties.data or []) or None,
            "scale_from": self.scale_from.number,
            "scale_to": self.scale_to.number,
        }

    def _lead(self) -> int | None:
        number = whole_number(self.lead.data)
        user = db.session.get(User, number) if number is not None else None
        return user.id if user else None


@blueprint.get("/negotiations/<code>/issues")
@allow(None)
def index(code: str) -> Response:
    """List the issues, filtered and in an order of choice."""
    negotiation = negotiation_or_404(code)
    view = PageView(negotiation)
    filters, sort = asked_filters(), asked_sort()
    found = list_issues(db.session(), negotiation, view.seen, filters, sort=sort, page=page_number())
    for topic in filters.topics:
        hold_topic(topic, found.topics)
    return page(
        "issues/index.html",
        fragment=asked_block("list"),
        negotiation=negotiation,
        view=view,
        found=found,
        filters=filters,
        sort=sort,
        statuses=Status,
        sorts=IssueSort,
        address=address_without("page"),
        may_edit=access.is_editor() and not view.is_past,
    )


def asked_filters() -> Filters:
    """Read from the address which issues are wanted; what cannot be read is 400."""
    words = asked_words("status", ["none", *Status])
    return Filters(
        statuses=tuple(None if word == "none" else Status(word) for word in words),
        topics=tuple(named("topic")),
        q=request.args.get("q", "").strip()[:200].replace("\x00", ""),
    )


def asked_sort() -> IssueSort:
    """Read from the address in which order issues are wanted."""
    return IssueSort(asked_word("sort", [*IssueSort], IssueSort.ORDER))


@blueprint.get("/negotiations/<code>/issues/new")
@allow(Role.EDITOR)
def new(code: str) -> Response:
    """Show the form for an issue, its number proposed."""
    negotiation = negotiation_or_404(code)
    query = select(func.max(Issue.number), func.max(Issue.ordering))
    number, ordering = db.session.execute(query.where(Issue.negotiation_id == negotiation.id)).one()
    form = IssueForm(number=(number or 0) + 1, ordering=ordering + 1 if ordering else 0)
    form.topic.data = request.args.get("topic", "")
    return _new_page(negotiation, form)(200)


def _new_page(negotiation: Negotiation, form: IssueForm) -> Callable[[int], Response]:
    topics = topics_of(db.session(), negotiation)
    return form_page("issues/edit.html", form, negotiation, issue=None, topics=topics)


@blueprint.post("/negotiations/<code>/issues")
@allow(Role.EDITOR)
def create(code: str) -> Response:
    """Add an issue."""
    negotiation = negotiation_or_404(code)
    form = IssueForm()
    show_again = _new_page(negotiation, form)

    def act() -> str:
        issue = Issue(negotiation=negotiation, number=whole(form.number), **form.values())
        issue.add(db.session())
        say(_("%(key)s was added.", key=issue.key))
        if request.form.get("onward"):
            return url_for("issues.new", code=code, topic=issue.topic or None)
        return url_for("issues.show", key=issue.key)

    return save(form, act, again=show_again)


@blueprint.get("/issues/<key>/edit")
@allow(Role.EDITOR)
def edit(key: str) -> Response:
    """Show the form for an issue that is there."""
    issue = issue_or_404(key)
    return _again(issue, IssueForm.of(issue, issue.negotiation))(200)


def _again(issue: Issue, form: IssueForm) -> Callable[[int], Response]:
    return form_page(
        "issues/edit.html",
        form,
        issue.negotiation,
        issue,
        url_for("issues.show", key=issue.key),
        issue=issue,
        topics=topics_of(db.session(), issue.negotiation),
    )


@blueprint.post("/issues/<key>")
@allow(Role.EDITOR)
def update(key: str) -> Response:
    """Save an issue's fields."""
    issue = issue_or_404(key)
    form = IssueForm()
    show_again = _again(issue, form)

    def act() -> str:
        issue.edit(form.values(), base_version=form.base_version.number)
        say(_("%(key)s was saved.", key=issue.key))
        return url_for("issues.show", key=issue.key)

    return save(form, act, again=show_again)


@blueprint.get("/issues/<key>")
@allow(None)
def show(key: str) -> Response:
    """Show everything on one issue's row."""
    return dossier_page(
        "issues/show.html", key, asked_block("status", "positions", "claims", "notes", "links")
    )


def dossier_page(template: str, key: str, fragment: str | None = None) -> Response:
    """Answer with what stands about an issue, all of it or a part."""
    return page(template, fragment=fragment, **_context(issue_or_404(key)))


def _context(issue: Issue) -> dict[str, Any]:
    view = PageView(issue.negotiation)
    return {
        "issue": issue,
        "negotiation": issue.negotiation,
        "view": view,
        "file": dossier(db.session(), issue, view.seen, access.user()),
        "may_edit": access.is_editor() and not view.is_past,
        "review_token": fresh_token(),
        "link_token": fresh_token(),
    }


def answer(issue: Issue, block: str) -> Response:
    """Answer a saved form: on the issue's page with the block that it changed, else by going there."""
    address = url_for("issues.show", key=issue.key)
    if not stands_on(address):
        return go(f"{address}#{block}")
    return part("issues/show.html", block, beside=["sources"], **_context(issue))
