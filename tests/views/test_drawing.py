"""Fields are drawn as WTForms draws them, letter by letter."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    FileField,
    Form,
    HiddenField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from tracker.models.vocabulary import Status
from tracker.views.citing import EntryForm
from tracker.views.drawing import Drawn
from tracker.views.forms import ChoiceField, WordField

HOSTILE = "\"><script>'&amp;\x00é"
PAIRS = [("", "Choose"), ("1", HOSTILE), (HOSTILE, "2")]
RENDERED: tuple[dict[str, Any], ...] = (
    {},
    {"id": False},
    {"id": "f-x", "class": "short", "aria-describedby": "f-x-hint f-x-error", "aria-invalid": "true"},
    {"hx-get": "/passages?q=a&b", "autofocus": True, "disabled": False, "data-x": HOSTILE},
)


class Fields:
    """One field of each kind that forms hold."""

    text = StringField("Text")
    needed = StringField("Needed", [InputRequired()])
    email = EmailField("Mail")
    hidden = HiddenField("Hidden")
    box = BooleanField("Box")
    area = TextAreaField("Area", render_kw={"rows": 3})
    password = PasswordField("Password")
    file = FileField("File")


class Plain(Fields, Form):
    """As the library draws it."""

    choice = SelectField(
        "Choice", choices=[SelectChoice(value, label) for value, label in PAIRS], validate_choice=False
    )


class Ours(Fields, Form):
    """As it is drawn here."""

    Meta = Drawn
    choice = ChoiceField("Choice")


@pytest.mark.parametrize("typed", ["", "1", HOSTILE])
@pytest.mark.parametrize("given", RENDERED)
def test_field_is_drawn_as_the_library_draws_it(app: Flask, typed: str, given: dict[str, Any]) -> None:
    with app.test_request_context():
        sent = MultiDict(dict.fromkeys(("text", "email", "hidden", "box", "area", "choice"), typed))
        plain, ours = Plain(sent), Ours(sent)
        ours.choice.choices = PAIRS
        assert plain.data == ours.data
        for field in plain:
            assert ours[field.name](**given) == field(**given), field.name


def test_word_is_chosen_as_the_library_shows_it(app: Flask) -> None:
    class Words(Form):
        Meta = Drawn
        status = WordField("Status", Status, empty="Choose")

    with app.test_request_context():
        for typed in ("", "open"):
            drawn = Words(MultiDict({"status": typed})).status()
            assert drawn.count(" selected") == 1
            assert f'<option selected value="{typed}">' in drawn
            assert drawn.count("<option") == len(Status) + 1


def test_form_that_cites_is_one_of_them() -> None:
    assert issubclass(EntryForm.Meta, Drawn)
