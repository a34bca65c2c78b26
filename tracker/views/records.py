"""Records: after a round, what became of each issue, row by row, each saved alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from flask import Blueprint, abort, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from tracker.dates import latest_day
from tracker.db import db
from tracker.models import Event, Issue, Refused, Source
from tracker.models.vocabulary import Role
from tracker.queries.issue_list import Filters
from tracker.queries.rounds import RoundRow, round_of, round_rows
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import asked_topics, refuse, row_or_404
from tracker.views.choosing import offered_sources, source_of, source_words
from tracker.views.forms import Form
from tracker.views.languages import gettext as _
from tracker.views.recalling import last_cited
from tracker.views.rendering import (
    address_without,
    go,
    issue_or_404,
    page,
    page_number,
    save,
    say,
    spoken,
    wants_part,
)
from tracker.views.reviews import ReviewForm
from tracker.views.status_changes import StatusForm, conflict_of, told

blueprint = Blueprint("records", __name__, url_prefix="/negotiations/<code>/events/<int:id_>/record")


_KEY = re.compile(r"[A-Z0-9]+-\d+", re.ASCII)


class RowForm(StatusForm):
    """A status change as typed in a row: its source, its day and its event are the page's."""

    def refuse(self, refused: Refused) -> None:
        """Put on top of the row what is wrong with a field that the row does not show."""
        of_page = (self.effective_on, self.event, self.citations[0].form.source)
        hidden = {"citations", *(field.name for field in of_page)}
        super().refuse(Refused(*(replace(f, field="") if f.field in hidden else f for f in refused.faults)))


@dataclass(frozen=True)
class Row:
    """A row to print: the issue as it stands, and what is typed about it."""

    line: RoundRow
    form: RowForm
    review: Form
    conflict: dict[str, Any] | None = None


@dataclass(frozen=True)
class Asked:
    """What the address asks for: the source that the rows cite, and which issues are down the page."""

    event: Event
    source: Source | None
    topics: tuple[str, ...]
    page: int

    @property
    def source_words(self) -> str:
        """The source in words; "" where none is chosen."""
        return source_words(self.source) if self.source else ""

    @property
    def url(self) -> str:
        """The page's address, which the rows are posted to as well."""
        source = self.source.id if self.source else None
        return url_for(
            "records.show",
            code=self.event.negotiation.code,
            id_=self.event.id,
            source=source,
            topic=self.topics or None,
            page=self.page if self.page > 1 else None,
        )


def _asked(code: str, id_: int) -> Asked:
    event = row_or_404(Event, code, id_)
    typed = request.args.get("source")
    if typed is None:
        usual = [str(each.source_id) for each in event.evidence]
        typed = next(iter(usual), last_cited().get("source"))
    source = source_of(typed, event.negotiation)
    if request.args.get("source") and source is None:
        refuse("source", _("There is no such source in this negotiation."))
    return Asked(
        event, source, tuple(topic for topic in request.args.getlist("topic") if topic), page_number()
    )


@blueprint.get("")
@allow(Role.EDITOR)
def show(code: str, id_: int) -> Response:
    """Show the issues down the page, each with its form."""
    return _show(_asked(code, id_))


def _show(asked: Asked, status: int = 200, mine: Row | None = None) -> Response:
    event = asked.event
    found = round_of(db.session(), event.negotiation, event, Filters(topics=asked.topics), asked.page)
    for topic in asked.topics:
        if topic not in found.topics:
            asked_topics(found.topics)
    chosen = str(asked.source.id) if asked.source else ""
    rows = [
        mine if mine and mine.line.issue.id == line.issue.id else _fresh(asked, line) for line in found.rows
    ]
    return page(
        "records/show.html",
        status=status,
        rows=rows,
        found=found,
        sources=offered_sources([chosen], event.negotiation, _("Choose the source")),
        chosen=chosen,
        address=address_without("page"),
        following={row.line.issue.key: after.line.issue.key for row, after in pairwise(rows)},
        **_context(asked),
    )


def _context(asked: Asked) -> dict[str, Any]:
    return {
        "negotiation": asked.event.negotiation,
        "event": asked.event,
        "asked": asked,
        "is_to_come": asked.event.starts_on > latest_day(),
    }


def _fresh(asked: Asked, line: RoundRow) -> Row:
    form = RowForm(formdata=None)
    form.base_version.data = str(line.version)
    form.effective_on.process_data(asked.event.last_day)
    form.event.data = str(asked.event.id)
    form.citations[0].form.source.data = str(asked.source.id) if asked.source else ""
    form.offer_words(asked.event.negotiation)
    return Row(line, form, ReviewForm(formdata=None))


@blueprint.post("")
@allow(Role.EDITOR)
def create(code: str, id_: int) -> Response:
    """Record what became of one issue, or that it was checked and did not change."""
    asked = _posted(_asked(code, id_))
    issue = issue_or_404(request.form.get("issue", ""))
    if issue.negotiation is not asked.event.negotiation:
        abort(404)
    if request.form.get("checked"):
        return _check(asked, issue)
    form = RowForm()
    form.citations[0].form.source.data = _source_posted()
    made: list[Markup] = []

    def act() -> str:
        change = issue.change_status(by=access.signed_in(), **form.values(issue))
        form.remember(issue)
        made.append(told(issue, change, f"{asked.url}#{issue.key}-h", asked.source_words))
        return f"{asked.url}#{issue.key}"

    def again(status: int) -> Response:
        return _answer(asked, issue, form, status)

    def done(location: str) -> Response:
        say(made[0] if made else _("This was saved already."))
        return _done(asked, issue, location)

    return save(form, act, again=again, done=done)


def _source_posted() -> str | None:
    """Give the source to save a row under: the one chosen on top of the page, if that was sent too."""
    return request.form.get("source", request.form.get("citations-0-source"))


def _posted(asked: Asked) -> Asked:
    """Put the source that came with the row in the place of the address's."""
    posted = _source_posted()
    return asked if posted is None else replace(asked, source=source_of(posted, asked.event.negotiation))


def _check(asked: Asked, issue: Issue) -> Response:
    form = ReviewForm()

    def act() -> str:
        issue.review(by=access.signed_in(), on=asked.event.last_day)
        return f"{asked.url}#{issue.key}"

    def done(location: str) -> Response:
        say(_("%(key)s: checked, no change.", key=issue.key))
        return _done(asked, issue, location)

    return save(form, act, again=lambda status: _answer(asked, issue, form, status), done=done)


def _line(asked: Asked, issue: Issue) -> RoundRow:
    return round_rows(db.session(), issue.negotiation, asked.event, [issue.id])[0]


def _done(asked: Asked, issue: Issue, location: str) -> Response:
    """Put the saved row in its place, empty again; without htmx go back to where it stands."""
    if not wants_part():
        return go(location)
    db.session.refresh(issue)
    response = _row(asked, _fresh(asked, _line(asked, issue)), 200)
    response.set_data(response.get_data(as_text=True) + str(spoken()))
    return response


def _answer(asked: Asked, issue: Issue, form: RowForm | ReviewForm, status: int) -> Response:
    """Show the row again with what was typed and what is wrong, or what somebody else saved."""
    row = _fresh(asked, _line(asked, issue))
    if isinstance(form, ReviewForm):
        row = replace(row, review=form)
    else:
        conflict = None
        if status == 409:
            db.session.refresh(issue)
            form.base_version.data = str(issue.version)
            conflict = conflict_of(issue, form)
        form.offer_words(issue.negotiation)
        row = replace(row, form=form, conflict=conflict)
    return _row(asked, row, status) if wants_part() else _show(asked, status, row)


def _row(asked: Asked, row: Row, status: int) -> Response:
    after = request.form.get("following", "")
    following = {row.line.issue.key: after if _KEY.fullmatch(after) else ""}
    return page(
        "records/show.html", fragment="row", status=status, row=row, following=following, **_context(asked)
    )
