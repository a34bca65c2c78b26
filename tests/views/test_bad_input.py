"""Bad input: every field of every form takes what no one should type, and answers in plain words.

A view that raises fails the test, since the application of the tests lets exceptions through.
"""

import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import ImmutableMultiDict

from tests.views.conftest import csrf
from tests.views.test_access import address_of, make_state, rules

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
NAMED = re.compile(r"<(?:input|select|textarea|button)\b([^>]*)")
BAD: dict[str, Any] = {
    "nul": "a\0b",
    "long": "x" * 1_000_001,
    "unicode": "\u202e\ufeff\U0001f600\u0301\uffff",
    "number": "9" * 400,
    "markup": "<script>alert(1)</script>\"'><b>",
    "many": ["a", "b", ""],
}


def attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


def forms(html: str, address: str) -> list[tuple[str, dict[str, str]]]:
    """Give the forms of a page that write: where to, and the names of their fields with what stands there."""
    found = []
    for head, body in FORM.findall(html):
        if attribute(head, "method") != "post" or "/sign-out" in head:
            continue
        fields = {attribute(tag, "name"): attribute(tag, "value") for tag in NAMED.findall(body)}
        fields.pop("", None)
        found.append((attribute(head, "action") or address, fields))
    return found


def all_forms(app: Flask, client: FlaskClient) -> dict[str, dict[str, str]]:
    """Find the forms behind all addresses, where each test begins; they are looked for once."""
    filled = make_state(app, "public")
    if "forms" in app.extensions:
        return app.extensions["forms"]  # type: ignore[no-any-return]
    found: dict[str, dict[str, str]] = {}
    for rule in rules(app):
        if "GET" in (rule.methods or ()):
            address = address_of(app, rule, filled)
            answer = client.get(address, query_string={"entry": filled["entry"]})
            page = answer.text if answer.mimetype == "text/html" else ""
            for action, fields in forms(page, address):
                found.setdefault(action.partition("?")[0], {}).update(fields)
    make_state(app, "public")  # looking may write, too: when an issue was last seen
    app.extensions["forms"] = found
    return found


def test_the_forms_are_found(app: Flask, as_ann: FlaskClient) -> None:
    found = all_forms(app, as_ann)
    assert len(found) >= 10
    assert {"/account", "/users", "/issues/TK-1/status-changes", "/sources"} <= set(found)


@pytest.mark.uncounted
@pytest.mark.parametrize("kind", [*BAD, "file", "missing"])
def test_no_field_breaks_the_site(app: Flask, as_ann: FlaskClient, kind: str) -> None:
    failed, tried = [], 0
    found, token = all_forms(app, as_ann), csrf(as_ann)
    for action, fields in found.items():
        for name in fields:
            if name in ("csrf_token", "everywhere") or (kind == "long" and name in ("form_token", "next")):
                continue
            typed: dict[str, Any] = fields | token | {"form_token": f"{kind}{name}"[:60]}
            if kind == "file":
                typed[name] = (BytesIO(b"\x00\xff"), "a\u202e.txt")
            elif kind == "missing":
                typed.pop(name)
            else:
                typed[name] = BAD[kind]
            answer = as_ann.post(action, data=typed)
            tried += 1
            if answer.status_code not in (200, 303, 400, 404, 409, 413, 422):
                failed.append(f"{action} {name}: {answer.status}")
            if kind == "markup" and BAD["markup"] in answer.text:
                failed.append(f"{action} {name}: written unescaped")
            if "This form has expired" in answer.text:
                failed.append(f"{action} {name}: not looked at")
            if answer.status_code in (200, 303):  # taken after all: begin anew, or one would hide the next
                make_state(app, "public")
    assert failed == []
    assert tried > 50


class Noted(ImmutableMultiDict[str, str]):
    """Arguments that note which of them a page looks for."""

    seen: set[str]

    def get(self, key: str, *rest: Any, **more: Any) -> Any:
        self.seen.add(key)
        return super().get(key, *rest, **more)

    def getlist(self, key: str, *rest: Any, **more: Any) -> Any:
        self.seen.add(key)
        return super().getlist(key, *rest, **more)

    def __contains__(self, key: object) -> bool:
        self.seen.add(str(key))
        return super().__contains__(key)


@pytest.mark.uncounted
@pytest.mark.parametrize("value", ["x" * 3000, "9" * 400, "\uffff<b>%"])
def test_no_argument_breaks_the_site(
    app: Flask, as_ann: FlaskClient, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    class Asked(app.request_class):  # type: ignore[name-defined,misc]
        parameter_storage_class = Noted

    filled = make_state(app, "public")
    names = (
        "as_of known_at since until baseline party proposal fold issue status topic q page sort differences"
    )
    names += " swap track source next quote entry kind"
    failed, looked_for = [], set()
    monkeypatch.setattr(app, "request_class", Asked)
    for rule in rules(app):
        if "GET" not in (rule.methods or ()) or rule.endpoint.startswith("health."):
            continue
        address, entry = address_of(app, rule, filled), {"entry": filled["entry"]}
        seen = {"party", "proposal"}  # the columns of Compare, read in the order in which they are typed
        monkeypatch.setattr(Noted, "seen", seen, raising=False)
        as_ann.get(address, query_string=entry)
        looked_for |= seen
        # What a page looks for is given alone: one refusal would hide the next. The rest is given at once.
        given = [{name: value} for name in names.split() if name in seen]
        given.append({name: value[:100] for name in names.split() if name not in seen})
        for query in given:
            answer = as_ann.get(address, query_string=entry | query)
            if answer.status_code not in (200, 303, 400, 404, 422):
                failed.append(f"{rule.endpoint} {[*query]}: {answer.status}")
    assert failed == []
    assert looked_for >= set(names.split())


def test_a_flood_of_fields_is_refused_and_not_sent_back(client: FlaskClient, as_ed: FlaskClient) -> None:
    from_here = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
    for browser in (client, as_ed):
        for address in ("/account", "/sign-in", "/sources"):
            answer = browser.post(address, data=b"a&" * 1000, headers=from_here)
            assert answer.status_code == 413
            assert len(answer.data) < 10_000
    answer = client.post("/account", data=b"a&" * 900, headers=from_here)
    assert answer.status_code == 401  # as before: what was typed is kept
