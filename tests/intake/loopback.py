"""A web on loopback: a server that misbehaves as told, and a resolver and connections that lead to it."""

from __future__ import annotations

import socketserver
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, TypeAlias

import httpcore

from tracker.intake.web import Web

#: A public address that stands for the server; nothing ever connects to it.
PUBLIC = "93.184.215.14"

#: What the server writes, piece by piece, when it is asked for a path.
Answers: TypeAlias = dict[str, Callable[[], Iterable[bytes]]]


def answer(body: bytes = b"", *, status: str = "200 OK", **headers: str) -> bytes:
    """Write a whole answer; `Content_Type` and the like become headers."""
    given = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


class _Handler(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        with suppress(OSError):
            lines = [self.rfile.readline().decode().strip()]
            while line := self.rfile.readline().decode().strip():
                lines.append(line)
            self.server.requests.append(lines)
            pieces = self.server.answers.get(lines[0].split(" ")[1], lambda: [answer(status="404 Not Found")])
            for piece in pieces():
                self.wfile.write(piece)


class Server(socketserver.ThreadingTCPServer):
    """A server on a free port of loopback; `requests` holds the lines of each request."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: Answers = {}
        self.requests: list[list[str]] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Leave what the one who asked broke off."""


class StoodIn(httpcore.NetworkBackend):
    """Connections that are noted, and all lead to the server on loopback."""

    def __init__(self, port: int, unreachable: Iterable[str] = ()) -> None:
        self.port = port
        self.unreachable = set(unreachable)
        self.asked: list[tuple[str, int]] = []
        self.names: list[str | None] = []

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        self.asked.append((host, port))
        if host in self.unreachable:
            raise httpcore.ConnectError("unreachable")
        stream = httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout)
        return _Plain(stream, self.names)


class _Plain(httpcore.NetworkStream):
    """A connection that notes which name TLS shall prove, and goes on without it."""

    def __init__(self, stream: httpcore.NetworkStream, names: list[str | None]) -> None:
        self.stream = stream
        self.names = names
        self.read, self.write, self.close = stream.read, stream.write, stream.close  # type: ignore[method-assign]

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        assert ssl_context.check_hostname
        assert ssl_context.verify_mode is ssl.CERT_REQUIRED
        self.names.append(server_hostname)
        return self


def resolver(names: Mapping[str, list[str] | Iterator[list[str]]]) -> Callable[[str, int], list[str]]:
    """Answer from a list of names; an iterator answers differently each time."""

    def resolve(host: str, _port: int) -> list[str]:
        found = names.get(host)
        if found is None:
            raise OSError("no such host")
        return found if isinstance(found, list) else next(found)

    return resolve


def web_of(
    server: Server,
    names: Mapping[str, list[str] | Iterator[list[str]]] | None = None,
    *,
    seconds: float = 5,
    setting: str = "any",
) -> tuple[Web, StoodIn]:
    """Make the web that leads to the server under the given names."""
    stood_in = StoodIn(server.server_address[1])
    known = names or {"news.example": [PUBLIC]}
    return Web(Web.of(setting).hosts, resolver(known), stood_in, seconds), stood_in
