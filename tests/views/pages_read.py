"""What tests of taking sources in share: a page to read, pressing “Read it”, and what the form then holds."""

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.views.conftest import post
from tracker.models import Source

XSS = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>"


def read(client: FlaskClient, typed: dict[str, Any], *, htmx: bool = False, form: str = "") -> TestResponse:
    """Press “Read it”."""
    return post(client, form or "/sources/new", typed | {"read": "1"}, to="/sources", htmx=htmx)


def value(html: str, name: str) -> str:
    """Give what a field of the form holds."""
    found = re.search(rf'<(?:input|textarea)\b[^>]*\bname="{name}"[^>]*>(?:([^<]*)</textarea>)?', html)
    assert found, name
    held = re.search(r'\bvalue="([^"]*)"', found[0])
    return unescape(found[1] if found[1] is not None else held[1] if held else "").strip("\r\n")


def hint(html: str, name: str) -> str:
    found = re.search(rf'id="(?:f|new-source)-{name}-hint">([^<]*)<', html)
    return unescape(found[1]) if found else ""


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Source)) or 0
