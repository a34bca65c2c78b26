"""Extracts: words marked in a source's text, on their way to the form of the entry that they carry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from tracker.db import PROSE, db
from tracker.models import Issue, Negotiation, Party, Source
from tracker.models.vocabulary import Role
from tracker.queries.links import link_of
from tracker.queries.merging import merges_of
from tracker.queries.passages import segments
from tracker.queries.resting import rests_on
from tracker.queries.sources import filings, issues_of
from tracker.text import find, nearest, whole_number
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import ID, asked_word, source_or_404
from tracker.views.archived_copies import offered
from tracker.views.citing import CitingForm
from tracker.views.forms import fresh_token
from tracker.views.languages import gettext as _
from tracker.views.recalling import last_cited
from tracker.views.rendering import (
    address_without,
    back_to,
    go,
    page,
    page_number,
    part,
    stands_on,
)

blueprint = Blueprint("extracts", __name__, url_prefix=f"/sources/{ID}/extracts")

#: So many issues are offered in a list; of more, the key is typed.
LISTED = 200
#: The letters of words that travel in an address.
LONGEST = 2000
#: What may be made of the words, and whether it needs an issue and a party.
ACTS = {
    "position": (True, True),
    "status": (True, False),
    "claim": (False, True),
    "event": (False, False),
}
_OF_SOURCE = re.compile(r"(/sources/\d+)(?:[?#].*)?")


@dataclass
class Extract:
    """Words of a text, and what they are about. `problems`: what is wrong, by the name of the field."""

    quote: str = ""
    issue: str = ""
    party: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    #: Where the words were found; or the passage that is most like them.
    locator: str = ""
    nearest: str = ""


@blueprint.get("/new")
@allow(Role.EDITOR)
def new(id: int) -> Response:  # noqa: A002 - the name in the address
    """Lead on to the form for what was marked; where something is missing, show the source and say so."""
    source = source_or_404(id)
    act = asked_word("act", ["paragraph", *ACTS])
    extract = _asked(source)
    if len(extract.quote) > LONGEST:
        extract.problems["quote"] = _("Mark fewer words: %(limit)s letters are the most.", limit=LONGEST)
    if act in ACTS:
        about = _about(source, extract, *ACTS[act])
        if not extract.problems:
            return redirect(_form(act, source, extract, *about), 303)
    response = source_page(source, extract, status=422 if extract.problems else 200, fragment="cite")
    response.headers["HX-Retarget"] = "#cite"
    return response


def _form(act: str, source: Source, extract: Extract, code: str, issue: Issue | None) -> str:
    """Give the address of the form for an act, which comes back to the source."""
    given: dict[str, Any] = {"source": source.id, "quote": extract.quote or None}
    given["next"] = url_for("sources.show", id=source.id)
    if act == "claim":
        given |= {"party": extract.party, "issue": issue.key if issue else None}
        return url_for("claims.new", code=code, **given)
    if act == "event":
        return url_for("events.new", code=code, **given)
    assert issue is not None  # _about() held that
    if act == "position":
        return url_for("positions.new", key=issue.key, party=extract.party, **given)
    return url_for("status_changes.new", key=issue.key, **given)


def _asked(source: Source) -> Extract:
    """Read the words, or those of a chosen paragraph, and what they are about."""
    args = request.args
    last = last_cited()
    extract = Extract(
        args.get("quote", "").strip(),
        args.get("issue", last.get("issue", "")).strip().upper(),
        args.get("party", last.get("party", "")).strip(),
    )
    number = whole_number(args.get("paragraph", ""))
    if number and args.get("act") == "paragraph" and number <= len(source.paragraphs):
        extract.quote = source.paragraphs[number - 1][1]
    if extract.quote and source.text is not None and len(extract.quote) <= PROSE:
        passage = find(extract.quote, source.text)
        extract.locator = f"para {passage.paragraph}" if passage else ""
        extract.nearest = "" if passage else nearest(extract.quote, source.text)
    return extract


def _about(
    source: Source, extract: Extract, needs_issue: bool, needs_party: bool
) -> tuple[str, Issue | None]:
    """Find the negotiation, by its code, and the issue that the words are about; note what is missing."""
    filed = filings(db.session(), [source.id], access.user())[source.id]
    issue = Issue.find(db.session(), extract.issue, access.user()) if extract.issue else None
    if issue is not None and issue.negotiation not in filed:
        issue = None
    negotiation = issue.negotiation if issue else filed[0] if len(filed) == 1 else None
    if issue is None and (extract.issue or needs_issue or negotiation is None):
        extract.problems["issue"] = _("Choose an issue that this source is filed for, such as UA-3.")
    if needs_party and (negotiation is None or negotiation.party(extract.party) is None):
        extract.problems["party"] = _("Choose whose words they are.")
    return negotiation.code if negotiation else "", issue


def source_page(
    source: Source, extract: Extract | None = None, *, status: int = 200, fragment: str | None = None
) -> Response:
    """Show a source, its text with the quoted passages marked, and what rests on it."""
    return page("sources/show.html", status=status, fragment=fragment, **_context(source, extract))


def _context(source: Source, extract: Extract | None = None) -> dict[str, Any]:
    session, user = db.session(), access.user()
    number = page_number()
    filed = filings(session, [source.id], user)[source.id]
    merges = merges_of(session, source, user)
    rests = rests_on(session, source, user, number, copies=[copy.id for copy in merges.shown])
    if number > rests.paging.count:
        abort(404)
    context: dict[str, Any] = {
        "section": "sources",
        "source": source,
        "negotiation": filed[0] if len(filed) == 1 else None,
        "filed": filed,
        "rests": rests,
        "merges": merges,
        "text": segments(source.paragraphs, rests.marks) if source.shows_text_to(user) else None,
        "address": address_without("page"),
        "extract": None,
        "link": link_of(session, source),
        "copy_form": None,
    }
    if access.is_editor():
        context |= offered(source)
        issues = issues_of(session, filed, LISTED)
        context |= {
            "extract": extract or _asked(source),
            "issues": issues if len(issues) <= LISTED else None,
            "parties": _parties(filed),
            "check_token": fresh_token(),
        }
    return context


def _parties(filed: Sequence[Negotiation]) -> list[tuple[str, str]]:
    """Give code and name of every party that the source may speak of, each code once."""
    query = select(Party).where(Party.negotiation_id.in_([each.id for each in filed]))
    ordered = query.order_by(Party.negotiation_id, Party.ordering, Party.id)
    return [*{party.code: (party.code, party.label) for party in db.session.scalars(ordered)}.values()]


def back(form: CitingForm, location: str) -> Response:
    """Answer a saved form that knows where it was opened from; beside a source's text it leaves that open."""
    address = back_to(form.next.data, location)
    beside = _OF_SOURCE.fullmatch(address)
    if beside and stands_on(beside[1]):
        source = source_or_404(int(beside[1].rpartition("/")[2]))
        last = last_cited()
        extract = Extract(issue=last.get("issue", ""), party=last.get("party", ""))
        return part("sources/show.html", "text", beside=("cite", "rests"), **_context(source, extract))
    return go(address)
