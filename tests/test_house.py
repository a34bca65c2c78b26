"""The rules of the house that a machine can hold, read off the files."""

import ast
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

import tracker.models  # noqa: F401 - maps the tables
from tracker.db import Base
from tracker.models.search_doc import is_mapped

ROOT = Path(__file__).parents[1]
MODULE_LINES = 300

#: What an answer's Content-Security-Policy would block, or what works around it.
FORBIDDEN_IN_TEMPLATES = {
    "an hx-on attribute": r"\bhx-on\b",
    "a trigger filter": r"""\bhx-trigger\S*\s*=\s*("[^"]*\[|'[^']*\[)""",
    "a js: or javascript: value": r"""["'\s](js|javascript):""",
    "an on... attribute": r"\son[a-z]+\s*=",
    "a style attribute": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline script": r"<script\b(?![^>]*\bsrc\s*=)",
}
COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)


def modules(*folders: str) -> Iterator[Path]:
    """Yield the Python files below these folders."""
    for folder in folders:
        found = sorted((ROOT / folder).rglob("*.py"))
        yield from (path for path in found if not path.is_relative_to(ROOT / "bench/work"))


def place(path: Path) -> str:
    """Return the path as the messages name it."""
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> set[str]:
    """Return the top-level packages that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def faults(html: str) -> list[str]:
    """Return what a template holds that none may hold."""
    html = COMMENT.sub("", html)
    return [name for name, rule in FORBIDDEN_IN_TEMPLATES.items() if re.search(rule, html, re.I)]


def test_no_module_is_longer_than_its_limit() -> None:
    lengths = {
        place(path): len(path.read_text().splitlines())
        for path in modules("tracker", "tests", "bench", ".ci")
    }
    assert {name: n for name, n in lengths.items() if n > MODULE_LINES} == {}


def test_only_doors_commit() -> None:
    doors = re.compile(r"tracker/(views/.*|api/.*|jobs/.*|cli(/.*)?)\.py")
    call = re.compile(r"\.commit\(")
    assert [
        place(path)
        for path in modules("tracker")
        if call.search(path.read_text()) and not doors.fullmatch(place(path))
    ] == []


@pytest.mark.parametrize(
    ("library", "home"),
    [("flask_login", "tracker/views/access.py"), ("flask_wtf", "tracker/views/forms.py")],
)
def test_one_module_alone_meets_the_library(library: str, home: str) -> None:
    users = {place(path) for path in modules("tracker") if library in imported(path)}
    assert users <= {home}


def test_templates_hold_nothing_inline() -> None:
    found = {place(path): faults(path.read_text()) for path in (ROOT / "templates").rglob("*.html")}
    assert {name: names for name, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color: red">',
        "<style>p { color: red }</style>",
        "<script>go()</script>",
        '<button onclick="go()">',
        '<form hx-on:submit="go()">',
        '<div hx-trigger="click[ctrlKey]">',
        """<div hx-trigger='load, keyup[key=="a"] from:body'>""",
        '<div hx-vals="js:{a: 1}">',
        '<a href="javascript:go()">',
    ],
)
def test_what_is_inline_is_found(html: str) -> None:
    assert faults(html)


@pytest.mark.parametrize(
    "html",
    [
        '<script src="/static/app.js" defer></script>',
        '<input name="x[]" hx-trigger="change" placeholder="on = off">',
        "{# <style> #}<!-- style= -->",
        '<link rel="stylesheet" href="/static/app.css">',
    ],
)
def test_what_is_allowed_is_not_found(html: str) -> None:
    assert not faults(html)


def test_migrations_make_the_tables_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        options = {"compare_server_default": True, "include_object": is_mapped}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_a_test_cannot_reach_another_machine() -> None:
    with pytest.raises(pytest.fail.Exception):
        socket.create_connection(("192.0.2.1", 80), timeout=0.1)
    with pytest.raises(pytest.fail.Exception):
        socket.getaddrinfo("example.org", 80)


#: What a template may show without a word of ours in it: names of keys on a keyboard.
BARE = {"Ctrl", "Enter", "Shift"}


def bare_words(template: str) -> list[str]:
    """Return the visible words of a template that do not pass gettext."""
    text = re.sub(r"\{#.*?#\}", " ", template, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", text, flags=re.DOTALL)
    seen = [*re.findall(r"\b(?:alt|aria-label|placeholder|title|data-label)=\"([^\"]*)\"", text)]
    seen.append(re.sub(r"<[^>]*>", " ", text, flags=re.DOTALL))
    words = re.findall(r"[A-Za-z]{2,}", re.sub(r"&\w+;", " ", " ".join(seen)))
    return [word for word in words if word not in BARE]


def test_every_visible_word_passes_gettext() -> None:
    found = {path.name: bare_words(path.read_text()) for path in sorted((ROOT / "templates").rglob("*.html"))}
    assert {name: words for name, words in found.items() if words} == {}


def test_the_gettext_rule_finds_what_it_should() -> None:
    assert bare_words("<p>Hello {{ name }}</p>") == ["Hello"]
    assert bare_words('<p title="Hello">{{ _("Hi") }}</p>{# ours #}') == ["Hello"]


def test_every_setting_and_command_is_documented() -> None:
    from tracker.cli import main
    from tracker.config import SETTINGS

    told = (ROOT / "docs" / "operations.md").read_text()
    names = [f"TRACKER_{setting.name}" for setting in SETTINGS]
    names += [f"tracker {name}" for name in main.commands]
    assert [name for name in names if name not in told] == []
