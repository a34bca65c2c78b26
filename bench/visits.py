"""Visits: what a browser sends for a page, a sign-in and a change of status. Every answer is looked at."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlencode

from bench.load import Answer, Connection, Visit, Wrong, get, post

_HIDDEN = re.compile(rb'<input\b[^>]*\btype="hidden"[^>]*>')
_NAME, _VALUE = re.compile(rb'\bname="([^"]*)"'), re.compile(rb'\bvalue="([^"]*)"')


def check(answer: Answer, status: int, page: str, *, is_whole: bool = True) -> None:
    """Hold that an answer has its status and, where it is a whole page, its end.

    Raises: Wrong.
    """
    if answer.status != status:
        raise Wrong(
            f"{page}: {answer.status} instead of {status}: {answer.body[:300].decode(errors='replace')}"
        )
    if status == 200 and is_whole and not answer.body.rstrip().endswith(b"</html>"):
        raise Wrong(f"{page}: the page has no end ({len(answer.body)} bytes)")


def plain(path: str, requests: int = 1) -> Visit:
    """Ask for a page, as a stranger."""
    request = get(path)
    for _ in range(requests):
        check((yield request), 200, path)


def least(path: str) -> Visit:
    """Ask for an answer that is no page."""
    check((yield get(path)), 200, path, is_whole=False)


@dataclass
class Again:
    """A page that is asked for again and again, by the tag that it had at first."""

    path: str
    tag: str = ""

    def ask(self) -> Visit:
        """Ask once; what has not changed is answered with 304."""
        if not self.tag:
            first = yield get(self.path)
            check(first, 200, self.path, is_whole=False)
            self.tag = first.headers("ETag")[0]
        check((yield get(self.path, If_None_Match=self.tag)), 304, self.path)


@dataclass
class Browser:
    """What one browser keeps: its cookies."""

    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def sent(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def take(self, answer: Answer) -> None:
        for line in answer.headers("Set-Cookie"):
            name, _equals, value = line.split(";")[0].partition("=")
            self.cookies[name] = value


@dataclass(frozen=True)
class Account:
    """Who signs in."""

    email: str
    password: str


def sign_in(browser: Browser, account: Account) -> Visit:
    """Fetch the form and send it; the browser is somebody's afterwards."""
    page = yield get("/sign-in", browser.sent)
    check(page, 200, "/sign-in")
    browser.take(page)
    fields = hidden_fields(page.body, "/sign-in") | {"email": account.email, "password": account.password}
    done = yield post("/sign-in", urlencode(fields).encode(), browser.sent)
    check(done, 303, "/sign-in, sent")
    browser.take(done)


class Desk:
    """An editor's browser, which changes the status of one issue after the other."""

    def __init__(self, browser: Browser, keys: Iterator[str], typed: dict[str, str]) -> None:
        self.browser, self.keys, self.typed = browser, keys, typed
        self.fields: dict[str, str] = {}

    def prepare(self, connection: Connection) -> None:
        """Read once what the form holds before anything is typed; its hidden fields are read each time."""
        address = _changes(next(self.keys))
        page = connection.ask(get(address + "/new", self.browser.sent))
        check(page, 200, address + "/new")
        self.fields = form_fields(page.body.decode(), address)
        missing = self.typed.keys() - self.fields.keys()
        if missing:
            raise Wrong(f"{address}: the form has no field {', '.join(sorted(missing))}")

    def change(self) -> Visit:
        """Fetch the form, send it, and follow to the issue's page. No two changes are subject to the same."""
        address = _changes(next(self.keys))
        page = yield get(address + "/new", self.browser.sent)
        check(page, 200, address + "/new")
        self.browser.take(page)
        mark = f"annex {secrets.token_hex(4)}"
        fields = self.fields | hidden_fields(page.body, address) | self.typed | {"subject_to": mark}
        saved = yield post(address, urlencode(fields).encode(), self.browser.sent)
        check(saved, 303, address)
        self.browser.take(saved)
        issue = yield get(saved.headers("Location")[0].partition("#")[0], self.browser.sent)
        check(issue, 200, f"the page after {address}")
        self.browser.take(issue)
        if mark.encode() not in issue.body:
            raise Wrong(f"{address}: what was saved does not stand on the issue's page")


def _changes(key: str) -> str:
    return f"/issues/{key}/status-changes"


def _form(body: bytes, action: str) -> bytes:
    at = body.find(b'action="%s"' % action.encode())
    if at < 0:
        raise Wrong(f"there is no form for {action}")
    return body[at : body.index(b"</form>", at)]


def hidden_fields(body: bytes, action: str) -> dict[str, str]:
    """Read the hidden fields of one form, fast: only they change from one time to the next."""
    found = {}
    for written in _HIDDEN.findall(_form(body, action)):
        name, value = _NAME.search(written), _VALUE.search(written)
        if name:
            found[name[1].decode()] = unescape(value[1].decode()) if value else ""
    return found


class _Fields(HTMLParser):
    """Collects what a browser would send of one form, were it sent untouched."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        self.found: dict[str, str] = {}
        self.is_inside = False
        self.choice = self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.is_inside = given.get("action") == self.action
        if not self.is_inside:
            return
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.found[name] = value
        elif tag == "select":
            self.choice = name
        elif tag == "textarea":
            self.text = name
            self.found[name] = ""
        elif tag == "option" and (self.choice not in self.found or "selected" in given):
            self.found[self.choice] = value

    def handle_data(self, data: str) -> None:
        if self.text:
            self.found[self.text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        elif tag == "textarea":
            self.text = ""


def form_fields(page: str, action: str) -> dict[str, str]:
    """Read what a browser would send of the form with this action, untouched, by names."""
    fields = _Fields(action)
    fields.feed(page)
    return fields.found
