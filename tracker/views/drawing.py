"""Drawing: how the fields of a form are drawn. Those that forms hold by the dozen are written here.

The letters are those that WTForms writes; it takes ten times as long for them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from babel.support import NullTranslations, Translations
from markupsafe import Markup, escape
from wtforms.i18n import messages_path
from wtforms.widgets import CheckboxInput, HiddenInput, Select, TextArea, TextInput

from tracker.views.languages import locale


class Drawn:
    """How the fields of a form are drawn, and the library's own words in the reader's language: its Meta."""

    def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
        write = _KINDS.get(type(field.widget))
        if write is None:
            return super().render_field(field, render_kw)  # type: ignore[misc]
        given = {"id": field.id, "name": field.name, **(field.render_kw or {}), **render_kw}
        if field.flags.required:
            given.setdefault("required", True)
        return write(field, given)

    def get_translations(self, _form: Any) -> NullTranslations:
        return _library_words(str(locale()))


@cache
def _library_words(language: str) -> NullTranslations:
    """Read the catalogue once: WTForms asks it for the name of each field without a label."""
    return Translations.load(messages_path(), [language], domain="wtforms")


class Options(Select):
    """A list to choose from: a form that cites may offer hundreds of sources and events.

    Its field has `options()`, pairs of value and label, and `chosen`, the value of one of them.
    """


def _attributes(given: dict[str, Any]) -> str:
    """Write attributes in order: what is True stands alone, what is False not at all."""
    return " ".join(
        name if value is True else f'{name}="{escape(value)}"'
        for name, value in sorted(given.items())
        if value is not False
    )


def _input(field: Any, given: dict[str, Any]) -> Markup:
    given = {"type": field.widget.input_type, "value": field._value(), **given}
    return Markup(f"<input {_attributes(given)}>")  # noqa: S704 - escaped above


def _box(field: Any, given: dict[str, Any]) -> Markup:
    return _input(field, {"checked": bool(getattr(field, "checked", field.data)), **given})


def _area(field: Any, given: dict[str, Any]) -> Markup:
    text = escape(field._value())
    return Markup(f"<textarea {_attributes(given)}>\r\n{text}</textarea>")  # noqa: S704 - escaped


def _select(field: Any, given: dict[str, Any]) -> Markup:
    chosen = field.chosen
    options = "".join(
        f'<option{" selected" if value == chosen else ""} value="{escape(value)}">{escape(label)}</option>'
        for value, label in field.options()
    )
    return Markup(f"<select {_attributes(given)}>{options}</select>")  # noqa: S704 - escaped


_KINDS: dict[type, Callable[[Any, dict[str, Any]], Markup]] = {
    TextInput: _input,
    HiddenInput: _input,
    CheckboxInput: _box,
    TextArea: _area,
    Options: _select,
}
