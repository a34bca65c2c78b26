"""The client: keep-alive connections over plain sockets, cheap enough not to be what is measured."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

READ = 1 << 18
TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. `size`: all its bytes on the wire, its head among them."""

    status: int
    head: bytes
    body: bytes
    size: int

    def headers(self, name: str) -> list[str]:
        """Give all values of a header."""
        start = name.lower().encode() + b":"
        lines = self.head.split(b"\r\n")[1:]
        return [line[len(start) :].strip().decode() for line in lines if line.lower().startswith(start)]


#: One after the other, requests go out and answers come in; at its end a visit is over.
Visit: TypeAlias = Generator[bytes, Answer, None]


class Wrong(RuntimeError):
    """An answer that is not what the page should give."""


def read_answer(received: bytes | bytearray) -> Answer | None:
    """Read an answer from what has come so far; None: there is more to come.

    Raises: Wrong where this is no answer, or where it says nothing of its length.
    """
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(received[:end])
    if not head.startswith(b"HTTP/1.1 "):
        raise Wrong(f"this is no answer of HTTP/1.1: {head[:80]!r}")
    status, start = int(head[9:12]), end + 4
    if status in (204, 304):  # these have no body, whatever they say
        return Answer(status, head, b"", start)
    low = head.lower()
    if b"\r\ntransfer-encoding: chunked" in low:
        return _chunks(status, head, bytes(received), start)
    at = low.find(b"\r\ncontent-length:")
    if at < 0:
        raise Wrong("an answer does not say how long it is")
    whole = start + int(low[at + 17 :].split(b"\r\n", 1)[0])
    if len(received) < whole:
        return None
    return Answer(status, head, bytes(received[start:whole]), whole)


def _chunks(status: int, head: bytes, received: bytes, start: int) -> Answer | None:
    """Put the chunks together; trailers are not looked for."""
    parts: list[bytes] = []
    while (line := received.find(b"\r\n", start)) >= 0:
        size = int(received[start:line].split(b";")[0], 16)
        start = line + 2
        if len(received) < start + size + 2:
            return None
        if size == 0:
            return Answer(status, head, b"".join(parts), start + 2)
        parts.append(received[start : start + size])
        start += size + 2
    return None


class Connection:
    """A connection that is kept open."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.socket = self._open()
        self.received = bytearray()

    def _open(self) -> socket.socket:
        opened = socket.create_connection(self.address, timeout=TIMEOUT)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def fileno(self) -> int:
        return self.socket.fileno()

    def send(self, request: bytes) -> None:
        self.received.clear()
        self.socket.sendall(request)

    def receive(self) -> Answer | None:
        """Read what has come; None: the answer is not whole yet."""
        piece = self.socket.recv(READ)
        if not piece:
            raise Wrong("the server closed the connection in the middle")
        self.received += piece
        return read_answer(self.received)

    def ask(self, request: bytes) -> Answer:
        """Send a request and wait for its answer."""
        self.send(request)
        while (answer := self.receive()) is None:
            pass
        return answer

    def walk(self, visit: Visit) -> None:
        """Go through a visit alone."""
        try:
            request = next(visit)
            while True:
                request = visit.send(self.ask(request))
        except StopIteration:
            pass

    def close(self) -> None:
        self.socket.close()


def get(path: str, cookies: str = "", **headers: str) -> bytes:
    """Write a GET request."""
    return _head("GET", path, cookies, headers) + b"\r\n"


def post(path: str, body: bytes, cookies: str = "") -> bytes:
    """Write the POST of a form."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    return _head("POST", path, cookies, headers) + b"\r\n" + body


def _head(method: str, path: str, cookies: str, headers: dict[str, str]) -> bytes:
    given = {"Host": "127.0.0.1", **({"Cookie": cookies} if cookies else {}), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in given.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}".encode()


@dataclass
class Timing:
    """How long each visit took, in seconds, and how many ended within `lasted` seconds."""

    times: list[float] = field(default_factory=list)
    ended: int = 0
    lasted: float = 0.0

    @property
    def rate(self) -> float:
        """Visits per second."""
        return self.ended / self.lasted


@dataclass
class _Walker:
    connection: Connection
    begin: Callable[[], Visit]
    visit: Visit | None = None
    began: float = 0.0

    def start(self) -> None:
        self.visit = self.begin()
        self.began = time.perf_counter()
        self.connection.send(next(self.visit))

    def goes_on(self) -> bool:
        """Take what has come; False: the visit is over."""
        assert self.visit is not None
        answer = self.connection.receive()
        if answer is None:
            return True
        try:
            self.connection.send(self.visit.send(answer))
        except StopIteration:
            return False
        return True


def drive(
    connections: Sequence[Connection], begin: Sequence[Callable[[], Visit]], seconds: float, fewest: int = 1
) -> Timing:
    """Repeat a visit on each connection for so many seconds, `fewest` times in all at least."""
    timing, began = Timing(lasted=seconds), time.perf_counter()
    deadline = began + seconds
    with selectors.DefaultSelector() as selector:
        for connection, each in zip(connections, begin, strict=True):
            walker = _Walker(connection, each)
            selector.register(connection, selectors.EVENT_READ, walker)
            walker.start()
        while selector.get_map():
            ready = selector.select(TIMEOUT)
            if not ready:
                raise Wrong(f"no answer came for {TIMEOUT:.0f} seconds")
            for key, _events in ready:
                walker = key.data
                if walker.goes_on():
                    continue
                now = time.perf_counter()
                timing.times.append(now - walker.began)
                timing.ended += now <= deadline
                if now < deadline or len(timing.times) < fewest:
                    walker.start()
                else:
                    selector.unregister(walker.connection)
    if not timing.ended:  # longer than the time given: the rate is that of those few
        timing.ended, timing.lasted = len(timing.times), time.perf_counter() - began
    return timing
