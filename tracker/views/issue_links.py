"""Links between issues: how one hangs together with another."""

from __future__ import annotations

from flask import Blueprint, abort, url_for
from markupsafe import Markup
from sqlalchemy import or_, select
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.models import Fault, Issue, IssueLink, Refused, editable
from tracker.models.vocabulary import IssueLinkKind, Role
from tracker.views.access import allow
from tracker.views.choosing import issue_of
from tracker.views.forms import Form, TextField, WordField
from tracker.views.issues import answer
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import go, issue_or_404, page, save, say
from tracker.views.retractions import undo_button

blueprint = Blueprint("issue_links", __name__, url_prefix="/issues/<key>/links")


class IssueLinkForm(Form):
    """A link as typed: what this issue is to the other."""

    kind = WordField(_l("How it hangs together"), IssueLinkKind, empty="Choose")
    to = TextField(_l("With which issue"))

    def link_from(self, issue: Issue) -> IssueLink:
        """Give the link asked for.

        Raises: Refused.
        """
        other = issue_of(self.to.text, issue.negotiation)
        wrong = []
        if self.kind.data is None:
            wrong.append(Fault("kind", _("Say how the issues hang together.")))
        if other is None:
            wrong.append(Fault("to", _("There is no such issue. Write its key, as in UA-3.")))
        if self.kind.data is None or other is None:
            raise Refused(*wrong)
        return IssueLink(from_issue=issue, kind=self.kind.data, to_issue=other)


@blueprint.get("/new")
@allow(Role.EDITOR)
def new(key: str) -> Response:
    """Show the form for a link from an issue."""
    return _show(issue_or_404(key), IssueLinkForm(), 200)


@blueprint.post("")
@allow(Role.EDITOR)
def create(key: str) -> Response:
    """Link an issue to another."""
    issue = issue_or_404(key)
    form = IssueLinkForm()
    made: list[IssueLink] = []

    def act() -> str:
        link = form.link_from(issue)
        editable.add(db.session(), link)
        made.append(link)
        return url_for("issues.show", key=key) + "#links"

    def done(_location: str) -> Response:
        other = issue_of(form.to.text, issue.negotiation)
        told = _("%(key)s was linked to %(other)s.", key=key, other=other.key if other else form.to.text)
        say(Markup("{} {}").format(told, _undo(key, made[0])) if made else told)
        return answer(issue, "links")

    return save(form, act, again=lambda status: _show(issue, form, status), done=done)


@blueprint.post("/<int:id_>/delete")
@allow(Role.EDITOR)
def destroy(key: str, id_: int) -> Response:
    """Take a link away, from whichever of its ends."""
    issue = issue_or_404(key)
    ends = or_(IssueLink.from_id == issue.id, IssueLink.to_id == issue.id)
    link = db.session.scalar(select(IssueLink).where(IssueLink.id == id_, ends)) or abort(404)
    form = Form()
    other = link.to_issue if link.from_issue is issue else link.from_issue
    told = _("The link to %(key)s was taken away. The audit log keeps it.", key=other.key)

    def act() -> str:
        editable.remove(link)
        return url_for("issues.show", key=key) + "#links"

    def done(_location: str) -> Response:
        say(told)
        return answer(issue, "links")

    def refused(_status: int) -> Response:
        for message in form.form_errors:
            say(message, "bad")
        return go(url_for("issues.show", key=key) + "#links")

    return save(form, act, again=refused, done=done)


def _undo(key: str, link: IssueLink) -> Markup:
    return undo_button(url_for("issue_links.destroy", key=key, id_=link.id), Form(formdata=None))


def _show(issue: Issue, form: IssueLinkForm, status: int) -> Response:
    return page(
        "issue_links/new.html",
        fragment="link_form",
        status=status,
        issue=issue,
        negotiation=issue.negotiation,
        form=form,
    )
