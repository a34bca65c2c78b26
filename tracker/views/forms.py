"""Forms: parsing and converting what people type; models decide. The only file that meets Flask-WTF."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask import Flask, abort, current_app, request
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.datastructures import MultiDict
from wtforms import Field, FileField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms import FieldList as WTFieldList
from wtforms import Form as PlainForm
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.dates import Day, Unreadable, latest_day, type_day
from tracker.db import now
from tracker.models.refused import Refused
from tracker.models.vocabulary import Word
from tracker.text import whole_number
from tracker.views.drawing import Drawn, Options
from tracker.views.languages import gettext as _
from tracker.views.words import in_words

__all__ = ["CSRFError", "Form"]

csrf = CSRFProtect()

#: So much of a long value is printed beside another.
SHOWN = 400


def install(app: Flask) -> None:
    """Ask for the CSRF token with every request that writes."""
    app.before_request(_hold_count)  # before the token is looked for among the fields
    csrf.init_app(app)


def _hold_count() -> None:
    """Refuse a form of more fields than any of ours has; of those in parts werkzeug counts them itself.

    An error page sends the fields back: of a few bytes each it would make many times what came.
    """
    most = current_app.config["MAX_FORM_PARTS"]
    if request.mimetype == "application/x-www-form-urlencoded" and request.get_data().count(b"&") >= most:
        abort(413)


def exempt(view: Callable[..., Any]) -> None:
    """Leave a view out that no browser uses."""
    csrf.exempt(view)


def fresh_token() -> str:
    """Make a form token."""
    return secrets.token_urlsafe(16)


def say(fault: Any) -> str:
    """Translate a fault of the domain."""
    message = str(_(fault.message))
    return message % fault.values if fault.values else message


class Part(PlainForm):
    """A form inside a form."""

    Meta = Drawn


class Form(FlaskForm):  # type: ignore[misc]
    """What all forms share: the token that is used up by saving once, and the faults of the domain."""

    form_token = HiddenField(default=fresh_token)

    class Meta(Drawn, FlaskForm.Meta):  # type: ignore[misc]
        """Where the values of a form come from."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Take what was typed, and files for the fields of files alone; no JSON."""
            given = super().wrap_formdata(form, formdata)
            if given is None or given is formdata:
                return given
            names = {field.name for field in form if isinstance(field, FileField)}
            typed = [pair for pair in request.form.items(multi=True) if pair[0] not in names]
            files = [pair for pair in request.files.items(multi=True) if pair[0] in names]
            return MultiDict([*typed, *files])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.form_token.data:
            self.form_token.data = fresh_token()

    def refuse(self, refused: Refused) -> None:
        """Put the faults of the domain beside the fields they are about, or on top of the form.

        A token that is used up is replaced: what was typed can still be saved.
        """
        fields = {field.name: field for field in leaves(self)}
        for fault in refused.faults:
            if fault.field == "form_token":
                self.form_token.data = fresh_token()
            field = fields.get(fault.field)
            if field is None or isinstance(field, HiddenField):
                self.form_errors.append(say(fault))
            else:
                field.errors = [*field.errors, say(fault)]


def leaves(form: Any) -> Iterator[Field]:
    """Give all fields that hold a value, through nested forms and lists."""
    for field in form:
        if field.type in ("FormField", "FieldList"):
            yield from leaves(field)
        yield field


def shown(field: Field) -> str:
    """Write what a field holds as a reader would see it."""
    choices = getattr(field, "choices", None)
    if choices is not None and not isinstance(field, WordField):
        chosen = field.data if isinstance(field.data, list) else [field.data]
        return ", ".join(str(choice[1]) for choice in choices if choice[0] in chosen)
    if isinstance(field, DayField) and field.day:
        return field.day.words or field.day.on.isoformat()
    return in_words(field.data)


def differences(theirs: Form, mine: Form) -> list[tuple[str, str, str]]:
    """Set two fillings of one form side by side: label, theirs and mine of each field where they differ."""
    fields = [field for field in mine if not isinstance(field, (HiddenField, FileField, WTFieldList))]
    rows = [(str(field.label.text), shown(theirs[field.name]), shown(field)) for field in fields]
    return [(label, _start(old), _start(new)) for label, old, new in rows if old != new]


def _start(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def stripped(value: str | None) -> str | None:
    """Take blanks off the ends: a filter for text fields."""
    return value.strip() if isinstance(value, str) else value


class TextField(StringField):
    """One line or more of text without blanks at its ends; "" when empty."""

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        super().__init__(label, filters=[lambda value: stripped(value) or ""], **kwargs)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.data or ""


class VersionField(HiddenField):
    """The version that a form was made from; what is no number, or missing, conflicts with every version."""

    @property
    def number(self) -> int:
        number = whole_number(self.data)
        return -1 if number is None else number


class FieldList(WTFieldList):  # type: ignore[type-arg]
    """Rows of fields; names with a number that no one would count to are passed over."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        for name in formdata:
            found = re.match(rf"{re.escape(prefix)}-(\d{{1,4}})-", name, re.ASCII)
            if found:
                yield int(found[1])


class ChoiceField(SelectField):
    """One of what is on offer; what is chosen beside it is for the model to refuse."""

    widget = Options()

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, validate_choice=False, **kwargs)

    def options(self) -> Iterable[Any]:
        """Give what is on offer: value and label."""
        return self.choices or []

    @property
    def chosen(self) -> str | None:
        """The value that is chosen."""
        value: str | None = self.data
        return value


class WordField(ChoiceField):
    """A choice of a vocabulary; `data` is a member, or None for the empty first choice."""

    def __init__(self, label: str, kind: type[Word], *, empty: str | None = None, **kwargs: Any) -> None:
        self.kind = kind
        self.empty = empty
        super().__init__(label, choices=[], coerce=self._read, **kwargs)

    def _read(self, value: Any) -> Word | None:
        return self.kind(value) if value else None

    def options(self) -> Iterable[Any]:
        empty = [] if self.empty is None else [("", _(self.empty))]
        return [*empty, *((member.value, _(member.label)) for member in self.kind)]

    @property
    def chosen(self) -> str:
        return self.data.value if self.data else ""

    def process_data(self, value: Any) -> None:
        self.data = self.kind(value) if value else None

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not valuelist or (self.empty is None and not valuelist[0].strip()):
            return  # nothing was said: the default stays
        try:
            self.data = self._read(valuelist[0].strip())
        except ValueError:
            self.data = None
            raise ValueError(_("“%(word)s” is not one of the choices.", word=valuelist[0][:60])) from None

    def pre_validate(self, form: Any) -> None:
        """Nothing is left to check: reading took only members."""


class CodesField(SelectMultipleField):
    """Boxes to tick, one for each party; `data` is a list of codes. Models say which are wrong."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
    validate_choice = False

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, **kwargs)


def _day(typed: str) -> Day:
    """Read a day. "Today" is today in UTC; a day without a year may be one that has begun in the east alone.

    Raises: Unreadable.
    """
    is_relative = typed.startswith("-") or typed.lower() in ("0", "today", "yesterday")
    return type_day(typed, now().date() if is_relative else latest_day())


class DayField(StringField):
    """A day as people type it; `day` is what was read, None when empty."""

    day: Day | None = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = (self.data or "").strip()
        if not self.data:
            return
        try:
            self.day = _day(self.data)
        except Unreadable as error:
            raise ValueError(_(str(error))) from None

    def process_data(self, value: Any) -> None:
        self.data = value.isoformat() if hasattr(value, "isoformat") else value
        if value:
            self.day = _day(self.data)

    @property
    def on(self) -> Any:
        """The day itself, a datetime.date or None."""
        return self.day.on if self.day else None


class NumberField(StringField):
    """A number as people type it; `number` is what was read, None when empty."""

    number: float | None = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        text = (self.data or "").replace(" ", "").replace("\u00a0", "")
        if not text:
            return
        try:
            self.number = float(text)
        except ValueError:
            raise ValueError(_("This is not a number.")) from None

    def process_data(self, value: Any) -> None:
        self.number = value
        self.data = "" if value is None else repr(value).removesuffix(".0")  # all digits, to be saved again
