"""Editing rows in place: the version a form was made from, and the panel when someone else was first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.db import Base, db
from tracker.models import User
from tracker.models.editable import last_write, version_of
from tracker.views.forms import Form, NumberField, TextField, VersionField, differences
from tracker.views.rendering import page


class EditForm(Form):
    """A form for a row that may be there already."""

    #: Fields that are asked for when the row is made, and never again.
    once: ClassVar[tuple[str, ...]] = ()
    base_version = VersionField()

    def begin(self, row: Base) -> Self:
        """Note the version that this form is made from; what never changes is not asked for."""
        for name in self.once:
            if name in self:
                del self[name]
        self.base_version.data = str(_version(row))
        return self


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


def again(
    template: str, form: EditForm, row: Base, filled: Callable[[], EditForm], url: str, **context: Any
) -> Callable[[int], Response]:
    """Make the answer that shows a form once more: with what is wrong, or with theirs beside mine.

    `filled` gives the same form with what the record holds; `url` shows it.
    """

    def answer(status: int) -> Response:
        conflict = None
        if status == 409:
            db.session.refresh(row)
            form.begin(row)
            conflict = conflict_panel(row, filled(), form)
        return page(template, status=status, form=form, conflict=conflict, leave_url=url, **context)

    return answer


def conflict_panel(row: Base, theirs: Form, mine: Form) -> dict[str, Any]:
    """Set what stands in the record beside what was typed."""
    who, at = last_writer(row)
    return {"who": who or _("Someone else"), "at": at, "rows": differences(theirs, mine)}


def last_writer(row: Base) -> tuple[str | None, datetime | None]:
    """Tell who wrote a row last, by name, and when."""
    written = last_write(row)
    who = db.session.get(User, written.actor_id) if written and written.actor_id else None
    return who.name if who else None, written.at if written else None


def _version(row: Base) -> int:
    version: int | None = getattr(row, "version", None)
    return version_of(row) if version is None else version
