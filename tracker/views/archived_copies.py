"""Archived copies: asking a web archive to keep what stands at the address of a source."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, url_for
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.models import Source
from tracker.models.archived_copy import ask_for_copy, copy_faults
from tracker.models.vocabulary import Role
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import ID, source_or_404
from tracker.views.forms import Form
from tracker.views.languages import gettext as _
from tracker.views.rendering import page, save, say

blueprint = Blueprint("archived_copies", __name__, url_prefix=f"/sources/{ID}/archived-copies")


@blueprint.post("")
@allow(Role.EDITOR)
def create(id: int) -> Response:  # noqa: A002 - the name in the address
    """Ask for a copy; a job does it, and keeps the copy's address with the source."""
    source, form = source_or_404(id), Form()

    def act() -> str:
        job = ask_for_copy(source, archive=current_app.config["ARCHIVE"], by=access.signed_in())
        db.session.flush()
        say(_("A copy is being asked for. You can leave this page."))
        return url_for("jobs.show", id=job.id)

    def again(status: int) -> Response:
        return page("archived_copies/new.html", status=status, source=source, form=form, section="sources")

    return save(form, act, again=again)


def offered(source: Source) -> dict[str, Any]:
    """Give what the page of a source needs to offer it: the form, or why there is none."""
    if not current_app.config["ARCHIVE"]:
        return {}
    faults = copy_faults(source)
    return {"copy_faults": faults} if faults else {"copy_form": Form()}
