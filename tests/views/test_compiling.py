"""Templates compiled plainly say what Jinja itself makes of them."""

import pytest
from flask import Flask
from jinja2 import Environment
from jinja2.meta import find_undeclared_variables
from markupsafe import Markup, escape

from tracker.models.vocabulary import Status
from tracker.views.compiling import written
from tracker.views.languages import Templates, templates


class Html:
    """Something that writes itself."""

    def __repr__(self) -> str:
        return "Html()"

    def __html__(self) -> str:
        return "<i>&</i>"


def told(*args: object, **kwargs: object) -> str:
    return f"{args} {kwargs} <&>"


VALUES = ["<a & 'b'> \"c\"", Markup("<b>"), None, 0, 1.5, Status.OPEN, Html(), ["<"], ""]
TEMPLATES = {
    "values": "{% for each in values %}{{ each }},{% endfor %}{{ missing }}{{ values|join('<') }}",
    "calls": "{{ told() }}{{ told(1, *values[:2], a=values[0], **{'b': 2}) }}"
    "{{ (told if x else told)('x') }}",
    "reserved word": "{{ told(class='c', a=1) }}",
    "macros": "{% macro m(a, b='<', c=none) %}<b>{{ a }}{{ b }}{{ c }}</b>{% endmacro %}"
    "{% set kept %}{{ m(values[0], c=m(1)) }}{% endset %}{{ kept }}{{ m('x') ~ '<' }}",
    "caller": "{% macro m(a) %}<b>{{ caller(a) }}</b>{% endmacro %}"
    "{% call(y) m('<') %}{{ y }}{{ told(y) }}{% endcall %}",
    "loops": "{% for a in values recursive %}{{ told(loop.index) }}{{ loop([]) }}{% endfor %}",
    "blocks": "{% block one %}{{ told() }}{% endblock %}{{ self.one() }}",
    "odd": "{{ caption.missing|default('<') }}"
    "{{ values[0]|upper|replace('A', '<') }}{{ 'a'.join(['<', '>']) }}",
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_says_what_it_said(app: Flask, name: str) -> None:
    given = {"values": VALUES, "told": told, "caption": {}}
    both = Templates(app, autoescape=True), Environment(autoescape=True)
    plain, usual = (environment.from_string(TEMPLATES[name]) for environment in both)
    assert plain.render(given) == usual.render(given)
    assert "&lt;" in plain.render(given)


def test_no_template_uses_a_function_that_wants_the_context(app: Flask) -> None:
    with app.test_request_context():
        environment = templates()
        wanting = {name for name, value in environment.globals.items() if hasattr(value, "jinja_pass_arg")}
        assert wanting
        for name in environment.list_templates():
            source, *_ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
            assert not find_undeclared_variables(environment.parse(source)) & wanting, name


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_is_written_as_it_is_escaped(value: object) -> None:
    assert str(written(value)) == str(escape(value))
