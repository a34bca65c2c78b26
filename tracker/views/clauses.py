"""Clauses: entered one by one, or pasted as a list and split, and edited one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zlib import crc32

from flask import Blueprint, abort, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import FormField, HiddenField, TextAreaField

from tracker.db import db
from tracker.models import Clause, Fault, Issue, Negotiation, Proposal, Refused
from tracker.models.proposal import Tabled
from tracker.models.refused import N_
from tracker.models.vocabulary import Role
from tracker.points import Points, split
from tracker.queries.sources import issues_of
from tracker.views.access import allow
from tracker.views.addresses import row_or_404
from tracker.views.choosing import issue_key
from tracker.views.editing import EditForm, form_page
from tracker.views.forms import FieldList, Form, Part, TextField, stripped
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import go, page, save, say

blueprint = Blueprint("clauses", __name__, url_prefix="/negotiations/<code>/proposals/<int:proposal>/clauses")

#: So many clauses are added at once: each has four fields, and a form has a thousand at most.
MOST = 200
LONGEST = 400_000
LISTED = 500
_PARTS = re.compile(r"[,;\s]+")


class ClauseFields(Part):
    """A clause as typed."""

    number = TextField(_l("Number"))
    text = TextAreaField(_l("What it says"), filters=[stripped])
    issues = TextField(_l("Issues it touches"))
    locator = TextField(_l("Where in the source"))

    @property
    def is_filled(self) -> bool:
        """Whether anything was typed that a clause is made of."""
        return bool(self.number.data or self.text.data)


class ClausesForm(Form):
    """Clauses to add, and a list to split into clauses."""

    paste = TextAreaField(_l("The list, as it stands in the text"))
    #: What tells the draft of what was split from that of another paste.
    read = HiddenField()
    clauses = FieldList(FormField(ClauseFields), min_entries=1)

    def take(self) -> Points:
        """Put the points of what was pasted behind what was typed, in place of the paste; give them.

        Raises: Refused.
        """
        pasted = self.paste.data or ""
        if len(pasted) > LONGEST:
            message = N_("This text has %(length)s letters; %(limit)s are the most.")
            raise Refused(Fault("paste", message, {"length": len(pasted), "limit": LONGEST}))
        points = split(pasted)
        typed = [
            {name: row.form[name].data for name in ("number", "text", "issues", "locator")}
            for row in self.clauses
            if row.form.is_filled
        ]
        if len(typed) + len(points.points) > MOST:
            raise Refused(
                Fault("paste", _("These are more than %(most)s clauses: paste a part of them.", most=MOST))
            )
        self.read.data = f"{crc32(repr((pasted, typed)).encode()):x}"
        while self.clauses.entries:
            self.clauses.pop_entry()
        for row in typed:
            self.clauses.append_entry(row)
        for point in points.points:
            self.clauses.append_entry({"number": point.number, "text": point.text})
        self.paste.data = ""
        return points

    def tabled(self, negotiation: Negotiation) -> list[Tabled]:
        """Give the clauses asked for, in order; rows that were left empty are passed over.

        Raises: Refused.
        """
        rows = [row for row in self.clauses if row.form.is_filled]
        numbers = {row.name: typed_numbers(row.form.issues.data, negotiation) for row in rows}
        known = _issues(negotiation, [n for each in numbers.values() for n in each if n])
        faults = [
            fault
            for row in rows
            for fault in unknown(row.name + "-issues", row.form.issues.data, numbers[row.name], known)
        ]
        if faults:
            raise Refused(*faults)
        return [
            Tabled(
                row.form.number.text,
                row.form.text.data or "",
                row.form.locator.text,
                [known[n] for n in numbers[row.name] if n],
                f"{row.name}-",
            )
            for row in rows
        ]


class ClauseForm(EditForm):
    """A clause that is there, as typed."""

    number = TextField(_l("Number"))
    text = TextAreaField(_l("What it says"), filters=[stripped])
    issues = TextField(_l("Issues it touches"))
    locator = TextField(_l("Where in the source"))

    def fill(self, row: Clause) -> None:
        self.issues.data = ", ".join(touch.issue.key for touch in row.touches)

    def values(self) -> dict[str, Any]:
        """Give the fields that are edited, by column."""
        return {"number": self.number.text, "text": self.text.data or "", "locator": self.locator.text}

    def chosen(self, negotiation: Negotiation) -> list[Issue]:
        """Give the issues that were named.

        Raises: Refused.
        """
        numbers = typed_numbers(self.issues.data, negotiation)
        known = _issues(negotiation, [number for number in numbers if number])
        faults = unknown("issues", self.issues.data, numbers, known)
        if faults:
            raise Refused(*faults)
        return [known[number] for number in numbers if number]


def typed_numbers(typed: str | None, negotiation: Negotiation) -> list[int | None]:
    """Read keys of issues, as UA-3 or 3; None stands for what is none."""
    found: list[int | None] = []
    for part in filter(None, _PARTS.split(typed or "")):
        key = issue_key(part, negotiation)
        found.append(key[1] if key and key[0] == negotiation.code else None)
    return found


def _issues(negotiation: Negotiation, numbers: Sequence[int]) -> dict[int, Issue]:
    query = select(Issue).where(Issue.negotiation_id == negotiation.id, Issue.number.in_(set(numbers)))
    return {issue.number: issue for issue in db.session.scalars(query)} if numbers else {}


def unknown(
    field: str, typed: str | None, numbers: Sequence[int | None], known: Mapping[int, Issue]
) -> list[Fault]:
    """Find the keys that name no issue."""
    parts = [part for part in _PARTS.split(typed or "") if part]
    wrong = [part for part, number in zip(parts, numbers, strict=True) if number not in known]
    if not wrong:
        return []
    message = N_("There is no issue “%(key)s” here. Write keys, as in UA-3, UA-7.")
    return [Fault(field, message, {"key": ", ".join(wrong)[:100]})]


@blueprint.get("/new")
@allow(Role.EDITOR)
def new(code: str, proposal: int) -> Response:
    """Show the form: one clause, or a list to paste."""
    return _page(row_or_404(Proposal, code, proposal), ClausesForm())(200)


def _page(proposal: Proposal, form: ClausesForm, points: Points | None = None) -> Callable[[int], Response]:
    def answer(status: int) -> Response:
        return page(
            "clauses/new.html",
            status=status,
            negotiation=proposal.negotiation,
            proposal=proposal,
            form=form,
            points=points,
            issues=issues_of(db.session(), [proposal.negotiation], LISTED),
        )

    return answer


@blueprint.post("")
@allow(Role.EDITOR)
def create(code: str, proposal: int) -> Response:
    """Add clauses, all or none; what was pasted is split first and shown, and nothing is saved."""
    found = row_or_404(Proposal, code, proposal)
    form = ClausesForm()
    if (form.paste.data or "").strip() and form.validate():
        try:
            points = form.take()
        except Refused as refused:
            form.refuse(refused)
            return _page(found, form)(422)
        return _page(found, form, points)(200)

    def act() -> str:
        made = found.add_clauses(form.tabled(found.negotiation))
        say(_("%(count)s clauses were added to %(name)s.", count=len(made), name=found.title))
        return url_for("proposals.show", code=code, id_=found.id)

    return save(form, act, again=_page(found, form))


def _clause_or_404(code: str, proposal: int, id_: int) -> Clause:
    clause = db.session.get(Clause, id_)
    return clause if clause and clause.proposal is row_or_404(Proposal, code, proposal) else abort(404)


def _edit_page(clause: Clause, form: ClauseForm) -> Callable[[int], Response]:
    proposal = clause.proposal
    url = url_for("proposals.show", code=proposal.negotiation.code, id_=proposal.id) + f"#clause-{clause.id}"
    return form_page(
        "clauses/edit.html",
        form,
        proposal.negotiation,
        clause,
        url,
        clause=clause,
        proposal=proposal,
        issues=issues_of(db.session(), [proposal.negotiation], LISTED),
        removal=Form(formdata=None),
    )


@blueprint.get("/<int:id_>/edit")
@allow(Role.EDITOR)
def edit(code: str, proposal: int, id_: int) -> Response:
    """Show the form for a clause that is there."""
    clause = _clause_or_404(code, proposal, id_)
    return _edit_page(clause, ClauseForm.of(clause, clause.proposal.negotiation))(200)


@blueprint.post("/<int:id_>")
@allow(Role.EDITOR)
def update(code: str, proposal: int, id_: int) -> Response:
    """Save a clause, and which issues it touches."""
    clause = _clause_or_404(code, proposal, id_)
    form = ClauseForm()

    def act() -> str:
        chosen = form.chosen(clause.proposal.negotiation)
        clause.edit(form.values(), chosen, base_version=form.base_version.number)
        say(_("Clause %(number)s was saved.", number=clause.number))
        return url_for("proposals.show", code=code, id_=proposal) + f"#clause-{id_}"

    return save(form, act, again=_edit_page(clause, form))


@blueprint.post("/<int:id_>/delete")
@allow(Role.EDITOR)
def destroy(code: str, proposal: int, id_: int) -> Response:
    """Take back a clause that was entered by mistake and that no position answers."""
    clause = _clause_or_404(code, proposal, id_)
    form = Form()

    def act() -> str:
        number = clause.number
        clause.remove()
        say(_("Clause %(number)s was taken back.", number=number))
        return url_for("proposals.show", code=code, id_=proposal)

    def again(_status: int) -> Response:
        say(" ".join(form.form_errors) or _("This was not saved."), "bad")
        return go(url_for("clauses.edit", code=code, proposal=proposal, id_=id_))

    return save(form, act, again=again)
