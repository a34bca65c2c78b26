"""Languages: the reader's locale, and the templates with the project's own words in that language."""

from __future__ import annotations

from functools import cache, cached_property, lru_cache
from types import SimpleNamespace
from typing import Any

from babel import Locale
from babel.support import NullTranslations
from flask import current_app, g
from flask.templating import Environment
from flask_babel import get_locale, get_translations
from flask_babel.speaklater import LazyString
from jinja2 import nodes
from markupsafe import Markup

from tracker.views.compiling import Folding, Plain, written

#: Widgets that look at nothing but values which never change: a page holds hundreds of the same.
DRAWN_ONCE = ("status_tag", "stance_tag", "firmness", "movement", "day", "moment")


def locale() -> Locale:
    """Give the reader's locale, looked up once in a request: a page prints hundreds of words and days."""
    try:
        found: Locale = g.locale
    except AttributeError:
        found = g.locale = _only(get_locale() or Locale("en"))
    return found


@cache
def _only(locale: Locale) -> Locale:
    """Give the one object for all equal locales: many words are kept by locale, and equality takes long."""
    return locale


class Templates(Environment):
    """The templates in one language: words that stand in them as constants are compiled in, translated.

    A page says hundreds of them. Words that come with values, or from the vocabulary, are looked up as it is
    written.
    """

    catalogue = NullTranslations()
    code_generator_class = Plain
    written = staticmethod(written)

    @cached_property
    def widgets(self) -> SimpleNamespace:
        """The macros of `_ui.html`, by name. Those of a single word or day are drawn once for all pages."""
        macros = vars(self.get_template("_ui.html").module)
        return SimpleNamespace(**macros | {name: lru_cache(4096)(macros[name]) for name in DRAWN_ONCE})

    def _generate(self, source: nodes.Template, *given: Any, **more: Any) -> str:
        return super()._generate(Folding(self.say).visit(source), *given, **more)

    def say(self, text: str, /, **values: Any) -> Markup:
        """Write the project's own words, values put in and escaped."""
        said = _said(self.catalogue, str(text))
        return said % values if values else said

    def say_number(self, one: str, many: str, num: int, /, **values: Any) -> Markup:
        """Write the project's own words for so many."""
        said = Markup(self.catalogue.ngettext(one, many, num))  # noqa: S704 - the project's own words
        return said % {"num": num, **values}


@lru_cache(4096)
def _said(catalogue: NullTranslations, text: str) -> Markup:
    return Markup(catalogue.gettext(text))  # noqa: S704 - the project's own words


def templates() -> Templates:
    """Give the templates in the reader's language, looked up once in a request."""
    try:
        found: Templates = g.templates
    except AttributeError:
        found = g.templates = _templates_in(str(locale()))
    return found


def _templates_in(language: str) -> Templates:
    kept: dict[str, Templates] = current_app.extensions.setdefault("templates", {})
    if language not in kept:
        made: Any = current_app.jinja_env.overlay()
        made.catalogue = get_translations()
        made.globals = {**made.globals, "_": made.say, "ngettext": made.say_number}
        kept[language] = made
    return kept[language]


def gettext(text: str, /, **values: Any) -> str:
    """Say the project's own words in the reader's language, values put in as they are."""
    said: str = templates().catalogue.gettext(text)
    return said % values if values else said


def ngettext(one: str, many: str, num: int, /, **values: Any) -> str:
    """Say the project's own words for so many."""
    said: str = templates().catalogue.ngettext(one, many, num)
    return said % {"num": num, **values}


def lazy_gettext(text: str, /) -> Any:
    """Say them once somebody reads: for what is written before a reader is known, such as labels."""
    return LazyString(gettext, text)
