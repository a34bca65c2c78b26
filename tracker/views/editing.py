"""Editing rows in place: the version a form was made from, and the panel when someone else was first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

from werkzeug.wrappers import Response

from tracker.db import Base, db
from tracker.models import Negotiation, User
from tracker.models.editable import last_write, version_of
from tracker.views.forms import Form, NumberField, TextField, VersionField, differences
from tracker.views.languages import gettext as _
from tracker.views.rendering import page


class EditForm(Form):
    """A form for a row that may be there already."""

    #: Fields that are asked for when the row is made, and never again.
    once: ClassVar[tuple[str, ...]] = ()
    base_version = VersionField()

    @classmethod
    def of(cls, row: Any, negotiation: Negotiation) -> Self:
        """Fill the form with a row that is there."""
        form = cls(formdata=None, obj=row)
        form.fill(row)
        form.begin(row)
        form.offer(negotiation)
        return form

    def fill(self, row: Any) -> None:
        """Fill what is chosen by a code and stored as a row."""

    def offer(self, negotiation: Negotiation) -> None:
        """Fill the choices that depend on the negotiation."""

    def begin(self, row: Base) -> None:
        """Note the version that this form is made from; what never changes is not asked for."""
        for name in self.once:
            if name in self:
                del self[name]
        self.base_version.data = str(_version(row))


class NamesField(TextField):
    """Several names, a comma between each."""

    @property
    def names(self) -> list[str]:
        found = [" ".join(name.split()) for name in self.text.split(",")]
        return [name for name in dict.fromkeys(found) if name]

    def process_data(self, value: Any) -> None:
        super().process_data(", ".join(value) if isinstance(value, list) else value)


def whole(field: NumberField) -> int:
    """Read a number that counts; what is not whole is cut off."""
    number = field.number or 0
    return int(number) if abs(number) < 1_000_000_000 else 0


def form_page(
    template: str,
    form: EditForm,
    negotiation: Negotiation | None,
    row: Base | None = None,
    leave_url: str = "",
    **context: Any,
) -> Callable[[int], Response]:
    """Make the answer that shows a form: as it is, with what is wrong, or with theirs beside mine.

    `row` is None while it is not there yet; `leave_url` shows it.
    """
    if negotiation:
        form.offer(negotiation)

    def answer(status: int) -> Response:
        conflict = None
        if status == 409 and row is not None and negotiation is not None:
            db.session.refresh(row)
            form.begin(row)
            conflict = conflict_panel(*last_writer(row), differences(form.of(row, negotiation), form))
        context.update(negotiation=negotiation, form=form, conflict=conflict, leave_url=leave_url)
        return page(template, status=status, **context)

    return answer


def conflict_panel(
    who: str | None, at: datetime | None, rows: Sequence[tuple[str, str, str]]
) -> dict[str, Any]:
    """Set what stands in the record beside what was typed; rows: label, theirs, mine."""
    return {"who": who or _("Someone else"), "at": at, "rows": [row for row in rows if row[1] or row[2]]}


def last_writer(row: Base) -> tuple[str | None, datetime | None]:
    """Tell who wrote a row last, by name, and when."""
    written = last_write(row)
    who = db.session.get(User, written.actor_id) if written and written.actor_id else None
    return who.name if who else None, written.at if written else None


def _version(row: Base) -> int:
    version: int | None = getattr(row, "version", None)
    return version_of(row) if version is None else version
