"""Positions: their history, and the form that begins with the movement."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, abort, request, url_for
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField

from tracker.db import db
from tracker.models import Clause, Fault, Issue, Party, Position, Refused, Retraction
from tracker.models.position import position_version
from tracker.models.vocabulary import Firmness, Movement, Role, Stance, Standing
from tracker.text import whole_number
from tracker.views import access
from tracker.views.access import allow
from tracker.views.addresses import refuse
from tracker.views.citing import EntryForm, to_correct
from tracker.views.editing import conflict_panel
from tracker.views.extracts import back
from tracker.views.forms import NumberField, TextField, WordField, stripped
from tracker.views.issues import answer, dossier_page
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import issue_or_404, page, save, say
from tracker.views.retractions import undo_offer
from tracker.views.words import in_words

blueprint = Blueprint("positions", __name__, url_prefix="/issues/<key>/positions")


class PositionForm(EntryForm):
    """A position as typed."""

    party = HiddenField()
    clause = HiddenField()
    movement = WordField(_l("Movement"), Movement, default=Movement.UNJUDGED)
    stance = WordField(_l("Stance"), Stance, empty="Choose the stance")
    condition = TextField(_l("On condition that"))
    firmness = WordField(_l("Firmness"), Firmness)
    standing = WordField(_l("Standing"), Standing, default=Standing.LINE)
    summary = TextAreaField(_l("What the party holds"), filters=[stripped])
    stated_by = TextField(_l("Said by"))
    value = NumberField(_l("Value on the scale"))

    def take(self, position: Position) -> None:
        """Fill in what an earlier position says."""
        for name in ("stance", "condition", "firmness", "summary"):
            self[name].data = getattr(position, name)
        self.value.process_data(position.value)


@blueprint.get("")
@allow(None)
def index(key: str) -> Response:
    """Show the history of all parties' positions on an issue."""
    return dossier_page("positions/index.html", key)


@blueprint.get("/new")
@allow(Role.EDITOR)
def new(key: str) -> Response:
    """Show the form for one party, begun from its line in force, or from the entry to correct."""
    issue = issue_or_404(key)
    old = to_correct(Position, issue)
    code = request.args.get("party")
    if old is None and not code:
        return page("positions/choose.html", issue=issue, negotiation=issue.negotiation)
    party = old.party if old else _party_or(400, issue, code)
    form = PositionForm()
    form.party.data = party.code
    form.base_version.data = str(position_version(db.session(), issue.id, party.id))
    if old is None and (clause := _asked_clause(issue)):
        form.begin(issue.negotiation)
        form.clause.data = str(clause.id)
        form.summary.data = form.citations[0].form.quote.data
    elif old is None:
        form.begin(issue.negotiation)
        line = issue.position_of(party, form.effective_on.on)
        form.movement.data = Movement.UNJUDGED if line else Movement.FIRST
        if request.args.get("movement") == "restated" and line:
            form.movement.data = Movement.RESTATED
        if line:
            form.take(line)
        else:
            form.summary.data = form.citations[0].form.quote.data
    else:
        form.begin_correction(old)
        form.take(old)
        for name in ("movement", "standing", "stated_by"):
            form[name].data = getattr(old, name)
    return _show(issue, party, form, 200)


@blueprint.post("")
@allow(Role.EDITOR)
def create(key: str) -> Response:
    """Record the position."""
    issue = issue_or_404(key)
    form = PositionForm()
    party = _party_or(422, issue, form.party.data)
    made: list[Position] = []

    def act() -> str:
        corrects = form.correction(issue.negotiation)
        position = issue.state_position(
            party,
            movement=form.movement.data or Movement.UNJUDGED,
            stance=form.stance.data,
            condition=form.condition.text,
            firmness=form.firmness.data,
            standing=form.standing.data or Standing.LINE,
            summary=form.summary.data or "",
            stated_by=form.stated_by.text,
            value=form.value.number,
            dating=form.dating(issue.negotiation),
            by=access.signed_in(),
            citing=form.cites(issue.negotiation),
            base_version=form.base_version.number,
            clause=_clause(form.clause.data, issue)
            or (corrects.of.clause if corrects and isinstance(corrects.of, Position) else None),
            corrects=corrects,
        )
        form.remember(issue, party)
        made.append(position)
        return url_for("issues.show", key=key) + "#positions"

    def done(location: str) -> Response:
        if not made:
            say(_("This was saved already."))
        for position in made:
            text = _("%(party)s on %(key)s: recorded.", party=position.party.label, key=key)
            if position.standing is Standing.LINE and issue.position_of(party) is not position:
                text = f"{text} {_('A later line stays in force.')}"
            say(Markup("{} {}").format(text, undo_offer(position, form.next.data or "")))
        if form.next.data:
            return back(form, location)
        return answer(issue, "positions")

    return save(form, act, again=lambda status: _show(issue, party, form, status), done=done)


def _party_or(status: int, issue: Issue, code: str | None) -> Party:
    found = issue.negotiation.party(code or "")
    return found or abort(status, "party: " + _("There is no such party in this negotiation."))


def _clause(typed: str | None, issue: Issue) -> Clause | None:
    """Find the clause of the issue that a position answers.

    Raises: Refused.
    """
    number = whole_number(typed)
    clause = db.session.get(Clause, number) if number is not None else None
    if typed and (clause is None or all(touch.issue is not issue for touch in clause.touches)):
        raise Refused(Fault("clause", _("No clause of this number touches this issue any more.")))
    return clause


def _asked_clause(issue: Issue) -> Clause | None:
    try:
        return _clause(request.args.get("clause"), issue)
    except Refused as refused:
        refuse("clause", str(refused))


def _show(issue: Issue, party: Party, form: PositionForm, status: int) -> Response:
    conflict, clause = None, None
    with suppress(Refused):
        clause = _clause(form.clause.data, issue)
    if status == 409:
        form.base_version.data = str(position_version(db.session(), issue.id, party.id))
        conflict = _conflict(issue, party, form)
    form.offer(issue.negotiation)
    line, last = issue.position_of(party, form.effective_on.on), issue.position_of(party)
    return page(
        "positions/new.html",
        fragment="position_form",
        status=status,
        issue=issue,
        negotiation=issue.negotiation,
        party=party,
        form=form,
        line=line,
        later=None if last is line else last,
        clause=clause,
        conflict=conflict,
    )


def _conflict(issue: Issue, party: Party, form: PositionForm) -> dict[str, object]:
    """Set what was saved last for this party beside what was typed, field by field."""
    query = select(Position).where(Position.issue_id == issue.id, Position.party_id == party.id)
    theirs = db.session.scalar(query.order_by(Position.id.desc()).limit(1))
    gone = db.session.scalar(
        select(Retraction)
        .join(Position, Position.id == Retraction.entry_id)
        .where(Position.issue_id == issue.id, Position.party_id == party.id)
        .order_by(Retraction.id.desc())
        .limit(1)
    )
    last: Position | Retraction | None = theirs
    if theirs and gone and gone.recorded_at > theirs.recorded_at:
        theirs, last = issue.position_of(party), gone
    who, at = (last.recorded_by, last.recorded_at) if last else (None, None)
    if theirs is None:
        return conflict_panel(who, at, [])
    names = ("movement", "stance", "condition", "firmness", "standing", "summary", "stated_by")
    rows = [
        (str(form[name].label.text), in_words(getattr(theirs, name)), in_words(form[name].data))
        for name in names
    ]
    value = "" if theirs.value is None else f"{theirs.value:g}"
    rows.append((str(form.value.label.text), value, form.value.data or ""))
    return conflict_panel(who, at, [*rows, *form.rows_beside(theirs)])
