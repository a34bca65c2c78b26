"""Templates in the language of a reader: constant words are compiled in, others said as a page is written."""

from collections.abc import Iterator

import pytest
from babel.support import NullTranslations
from flask import Flask
from jinja2 import DictLoader

from tracker.models.vocabulary import Status
from tracker.views.languages import Templates, gettext, templates


class Backwards(NullTranslations):
    """A language in which every word is read from its end, values aside."""

    def gettext(self, message: str) -> str:
        return message if "%" in message else message[::-1]


@pytest.fixture
def backwards(app: Flask) -> Iterator[Templates]:
    with app.test_request_context():
        made = app.jinja_env.overlay(loader=DictLoader({"_ui.html": ""}))
        assert isinstance(made, Templates)
        made.catalogue = Backwards()
        made.globals = {**made.globals, "_": made.say, "ngettext": made.say_number}
        yield made


def test_constant_words_are_compiled_in_translated(backwards: Templates) -> None:
    assert backwards.from_string("<b>{{ _('Since') }}</b>{{ _('a & b') }}").render() == "<b>ecniS</b>b & a"
    assert backwards.from_string("{{ _('Since') ~ x }}").render(x="<x>") == "ecniS&lt;x&gt;"
    assert backwards.from_string("{{ say('x') if say else _('Since') }}").render() == "ecniS"
    assert "ecniS" in (backwards.compile("{{ _('Since') }}", raw=True))


def test_words_that_come_at_run_time_are_looked_up(backwards: Templates) -> None:
    assert backwards.from_string("{{ _(word) }}").render(word="Since") == "ecniS"
    assert backwards.from_string("{{ _(word.label) }}").render(word=Status.OPEN) == "nepO"
    assert backwards.from_string("{{ _('by %(name)s', name=name) }}").render(name="<ed>") == "by &lt;ed&gt;"
    assert backwards.from_string("{{ ngettext('%(num)s day', '%(num)s days', n) }}").render(n=2) == "2 days"


def test_a_percent_sign_is_itself_where_no_value_comes(backwards: Templates) -> None:
    assert backwards.from_string("{{ _('50 % agreed') }} {{ _(word) }}").render(word="50 % agreed") == (
        "50 % agreed 50 % agreed"
    )
    assert gettext("50 % agreed") == "50 % agreed"


def test_a_widget_is_drawn_once_and_says_the_same(app: Flask) -> None:
    with app.test_request_context():
        ui = templates().widgets
        first, second = (ui.status_tag(Status.AGREED) for _ in range(2))
        assert first is second
        assert "status-agreed" in first
        assert ui.status_tag(Status.OPEN) != first
        assert "tag-large" in ui.status_tag(Status.AGREED, large=True)
