"""Fetching: a page from the web, within limits of time and size, from public addresses alone.

Every name is looked up once and the connection goes to the address that was checked, so that a name that
changes between the two leads nowhere else. TLS still holds the host to its name.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from threading import BoundedSemaphore
from typing import TypeVar
from urllib.parse import urljoin

import httpcore

from tracker.intake.apart import BUSY
from tracker.intake.connecting import Checked, Deadline, Late
from tracker.intake.inflating import Inflating
from tracker.intake.target import NO_ADDRESS, Target, is_open, refuse
from tracker.intake.web import Web
from tracker.models.refused import N_

Answered = TypeVar("Answered")
REDIRECTS = 10
READ_TYPES = {
    "application/octet-stream",  # often said of a PDF; what it is, its first bytes tell
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/xhtml+xml",
    "message/rfc822",
    "text/html",
    "text/plain",
}
_LATE = N_("The site took longer than %(seconds)s seconds to answer.")
_BROKEN = N_("The connection to %(host)s broke off, or what came was no answer of a web server.")
_LARGE = N_("What the site sends is larger than %(limit)s MB.")


#: A process fetches one page at a time: who waits for a slow server shall not keep all others waiting.
_AT_ONCE = BoundedSemaphore(1)


@dataclass(frozen=True)
class Fetched:
    """What came, from the address that it came from in the end, and how the server named its letters."""

    address: str
    content: bytes
    charset: str = ""


@dataclass(frozen=True)
class Looked:
    """How a server answered, at the address that the asked one led to; `headers` by name in small letters."""

    address: str
    status: int
    headers: Mapping[str, str]


def fetch(address: str, web: Web) -> Fetched:
    """Fetch an address, following where it leads.

    Raises: Refused.
    """
    if not _AT_ONCE.acquire(timeout=web.wait):
        raise refuse(BUSY)
    try:
        return _follow(address, web, "GET", lambda target, answer: _fetched(target, answer, web))
    finally:
        _AT_ONCE.release()


def look(address: str, web: Web, method: str = "HEAD") -> Looked:
    """Ask what stands at an address without reading it, following where it leads.

    Raises: Refused where nothing answers, or it may not be asked.
    """
    return _follow(address, web, method, _looked)


def _follow(
    address: str, web: Web, method: str, read: Callable[[Target, httpcore.Response], Answered]
) -> Answered:
    """Ask one server after the other until one does not lead on, and read its answer."""
    deadline = Deadline(web.seconds)
    target = Target.of(address)
    try:
        for _ in range(REDIRECTS + 1):
            with _answer(target, _addresses(target, web, deadline), web, deadline, method) as answer:
                if answer.status not in (301, 302, 303, 307, 308):
                    return read(target, answer)
                target = _onward(target, _header(answer, b"location"))
    except httpcore.TimeoutException:
        raise refuse(_LATE, seconds=f"{web.seconds:g}") from None
    raise refuse(N_("The address leads on more than %(limit)s times."), limit=REDIRECTS)


def _onward(target: Target, location: str) -> Target:
    try:
        return Target.of(urljoin(str(target), location))
    except ValueError:  # such as a bracket that is never closed
        raise refuse(NO_ADDRESS) from None


def _looked(target: Target, answer: httpcore.Response) -> Looked:
    headers = {key.decode().lower(): value.decode(errors="replace") for key, value in answer.headers}
    return Looked(str(target), answer.status, headers)


def _fetched(target: Target, answer: httpcore.Response, web: Web) -> Fetched:
    if answer.status != HTTPStatus.OK:
        raise _no_page(answer.status)
    kind, _, parameters = _header(answer, b"content-type").partition(";")
    if kind.strip().lower() not in READ_TYPES | {""}:
        raise refuse(
            N_("The site sends “%(kind)s”; read are pages, text, PDF, Word (.docx) and e-mail."),
            kind=kind.strip()[:100],
        )
    charset = parameters.lower().partition("charset=")[2].split(";")[0].strip(" \"'")
    return Fetched(str(target), _body(answer, web), charset)


def _addresses(target: Target, web: Web, deadline: Deadline) -> Sequence[str]:
    """Look a host up, and hold that every address of it may be asked."""
    if web.hosts is not None and not web.hosts:
        raise refuse(N_("Fetching is switched off here: give the text or the file."))
    if not web.may_ask(target.host):
        raise refuse(
            N_("Only listed hosts are fetched here, and %(host)s is none of them: give its text or file."),
            host=target.host,
        )
    found = [target.ip] if target.ip else _look_up(target, web, deadline)
    if not all(map(is_open, found)):
        raise refuse(
            N_("%(host)s belongs to this machine or to an inner network; only public sites are fetched."),
            host=target.host,
        )
    return found


def _look_up(target: Target, web: Web, deadline: Deadline) -> Sequence[str]:
    """Look a name up in a thread of its own: the system's resolver cannot be told when to stop."""
    found: list[str] = []

    def ask() -> None:
        try:
            found.extend(web.resolve(target.host, target.port))
        except (OSError, UnicodeError):
            found.clear()

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(deadline.left())
    if thread.is_alive():
        raise Late
    if not found:
        raise refuse(N_("There is no host %(host)s."), host=target.host)
    return found


@contextmanager
def _answer(
    target: Target, addresses: Sequence[str], web: Web, deadline: Deadline, method: str = "GET"
) -> Iterator[httpcore.Response]:
    """Send the request and give the answer while it is open."""
    backend = Checked(addresses, web.connection or httpcore.SyncBackend(), deadline)
    url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
    headers: dict[bytes | str, bytes | str] = {
        "Host": target.authority,
        "User-Agent": f"NegotiationTracker/{_version()}",
        "Accept": "text/html, application/xhtml+xml, application/pdf, text/plain;q=0.9, */*;q=0.1",
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }
    try:
        with (
            httpcore.HTTPConnection(url.origin, network_backend=backend) as connection,
            connection.stream(method, url, headers=headers) as answer,
        ):
            yield answer
    except httpcore.ConnectError as error:
        if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            raise refuse(
                N_("The site cannot prove that it is %(host)s: its certificate does not hold."),
                host=target.host,
            ) from None
        raise refuse(N_("No connection to %(host)s could be made."), host=target.host) from None
    except (httpcore.NetworkError, httpcore.ProtocolError):
        raise refuse(_BROKEN, host=target.host) from None


@cache
def _version() -> str:
    try:
        return version("negotiation-tracker")
    except PackageNotFoundError:  # run from its folder alone
        return "0"


def _header(answer: httpcore.Response, name: bytes) -> str:
    """Give a header of the answer; "" where it has none."""
    return next((value.decode(errors="replace") for key, value in answer.headers if key.lower() == name), "")


def _no_page(status: int) -> Exception:
    if status in (401, 402, 403, 429, 451):
        return refuse(
            N_("The site does not give this page to a program (%(status)s): open it, and paste its text."),
            status=status,
        )
    if status in (404, 410):
        return refuse(N_("The site has no such page (%(status)s)."), status=status)
    return refuse(N_("The site answered %(status)s instead of sending a page."), status=status)


def _body(answer: httpcore.Response, web: Web) -> bytes:
    """Read what is sent, compressed or not, up to the limit."""
    codings = [
        value.decode(errors="replace") for key, value in answer.headers if key.lower() == b"content-encoding"
    ]
    coding = ", ".join(codings).strip().lower()
    if coding not in Inflating.KNOWN:
        raise refuse(
            N_("The site compresses its pages in a way that is not read (%(coding)s)."), coding=coding[:100]
        )
    inflating = Inflating(coding, web.size)
    try:
        for chunk in answer.iter_stream():
            inflating.take(chunk)
        return inflating.whole()
    except Inflating.TooLarge:
        raise refuse(_LARGE, limit=f"{web.size / 1024 / 1024:g}") from None
    except Inflating.Broken:
        raise refuse(N_("What the site sent is broken: it cannot be decompressed.")) from None
