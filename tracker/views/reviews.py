"""Reviews: "checked, no change", in one press."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from tracker.db import now
from tracker.models.vocabulary import Role
from tracker.views import access
from tracker.views.access import allow
from tracker.views.forms import DayField, Form, TextField
from tracker.views.issues import answer
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import back_to, go, issue_or_404, page, save, say

blueprint = Blueprint("reviews", __name__, url_prefix="/issues/<key>/reviews")


class ReviewForm(Form):
    """A review as pressed; the day is today, in UTC, where none is given."""

    checked_on = DayField(_l("Day"))
    note = TextField(_l("Note"))


@blueprint.post("")
@allow(Role.EDITOR)
def create(key: str) -> Response:
    """Record that someone looked and found no change."""
    issue = issue_or_404(key)
    form = ReviewForm()

    def act() -> str:
        issue.review(by=access.signed_in(), on=form.checked_on.on or now().date(), note=form.note.text)
        return url_for("issues.show", key=key) + "#status"

    def done(location: str) -> Response:
        say(_("%(key)s: checked, no change.", key=key))
        if request.form.get("next"):
            return go(back_to(request.form["next"], location))
        return answer(issue, "status")

    def again(status: int) -> Response:
        return page(
            "reviews/new.html",
            fragment="review_form",
            status=status,
            issue=issue,
            negotiation=issue.negotiation,
            form=form,
        )

    return save(form, act, again=again, done=done)
