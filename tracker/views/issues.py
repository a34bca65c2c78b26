"""Issues: the list, one issue with everything on its row, and the forms for the issue itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.models import Entry, Issue, Negotiation
from tracker.queries.dossier import dossier
from tracker.views import access
from tracker.views.access import allow
from tracker.views.rendering import PageView, asked_block, issue_or_404, page, part

blueprint = Blueprint("issues", __name__)


@blueprint.get("/issues/<key>")
@allow(None)
def show(key: str) -> Response:
    """Show everything on one issue's row."""
    issue = issue_or_404(key)
    return page("issues/show.html", fragment=asked_block("status", "positions"), **_context(issue))


def _context(issue: Issue) -> dict[str, Any]:
    view = PageView(issue.negotiation)
    return {
        "issue": issue,
        "negotiation": issue.negotiation,
        "view": view,
        "file": dossier(db.session(), issue, view.seen, access.user()),
        "may_edit": access.is_editor() and not view.is_past,
    }


def answer(issue: Issue, block: str) -> Response:
    """Answer a saved form that stood on the issue's page with the block that it changed."""
    return part("issues/show.html", block, beside="sources", **_context(issue))


def party_names(negotiation: Negotiation, codes: Sequence[str]) -> str:
    """Write parties by their short names, in column order."""
    return ", ".join(party.label for party in negotiation.parties if party.code in codes)


def conflict_of(theirs: Entry | None, rows: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    """Set what someone else saved beside what was typed; rows: label, theirs, mine."""
    return {
        "who": theirs.recorded_by if theirs else _("Someone else"),
        "at": theirs.recorded_at if theirs else None,
        "rows": [row for row in rows if row[1] or row[2]],
    }
