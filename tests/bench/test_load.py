"""The benchmark's client: answers, connections, forms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bench.load import Connection, Wrong, drive, get, post, read_answer
from bench.rounds import parts_of
from bench.visits import Browser, check, form_fields, hidden_fields, plain

FORM = """<form action="/out"><input type="hidden" name="token" value="other"></form>
<form method="post" action="/in"><input type="hidden" name="token" value="a&amp;b">
<input name="day" value="1">
<input type="checkbox" name="off" value="1"><input type="checkbox" name="on" value="1" checked>
<select name="word"><option value="">None</option><option value="x" selected>X</option></select>
<select name="first"><option value="one">1</option><option value="two">2</option></select>
<textarea name="text">so &lt; long</textarea><button name="onward" value="1">Next</button></form>"""


@pytest.mark.parametrize("cut", [0, 5, 20, 40])
def test_an_answer_is_read_when_it_is_whole(cut: int) -> None:
    whole = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"
    answer = read_answer(whole)
    assert answer
    assert (answer.status, answer.body, answer.size) == (200, b"hello", len(whole))
    assert read_answer(whole[:cut]) is None


def test_chunks_are_put_together() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = b"3\r\nabc\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n"
    answer = read_answer(head + body)
    assert answer
    assert (answer.body, answer.size) == (b"abc0123456789", len(head + body))
    for cut in range(len(body)):
        assert read_answer(head + body[:cut]) is None


def test_an_answer_without_a_length_is_wrong() -> None:
    with pytest.raises(Wrong, match="how long"):
        read_answer(b"HTTP/1.1 200 OK\r\nserver: x\r\n\r\n")


def test_a_form_is_sent_as_a_browser_would_send_it() -> None:
    assert hidden_fields(FORM.encode(), "/in") == {"token": "a&b"}
    untouched = {"token": "a&b", "day": "1", "on": "1", "word": "x", "first": "one", "text": "so < long"}
    assert form_fields(FORM, "/in") == untouched


def test_what_a_browser_fetches_beside_the_page() -> None:
    page = (
        '<link rel="icon" href="/i.svg"><link rel="stylesheet" href="/a.css"><link rel="next" href="/2">'
        '<script src="/a.js"></script><script>let x</script><script src="/a.js"></script><a href="/b">b</a>'
    )
    assert parts_of(page) == ["/i.svg", "/a.css", "/a.js"]


class Pages(BaseHTTPRequestHandler):
    """Two pages, one of which is cut off, and a form that tells what came."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.answer(b"<p>all is" if self.path == "/cut" else b"<p>all is well</p></html>")

    def do_POST(self) -> None:
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "kind=plain; Path=/")
        self.end_headers()
        with suppress(BrokenPipeError):  # the test has seen enough
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[tuple[str, int]]:
    """Serve the pages."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield "127.0.0.1", server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def connections(address: tuple[str, int]) -> Iterator[list[Connection]]:
    """Open three connections."""
    found = [Connection(address) for _ in range(3)]
    yield found
    for connection in found:
        connection.close()


def test_a_connection_is_used_again(connections: list[Connection]) -> None:
    [connection, *_] = connections
    browser = Browser()
    for number in range(3):
        answer = connection.ask(post("/in", b"turn=%d" % number, browser.sent))
        browser.take(answer)
        assert answer.body == b"turn=%d" % number
    assert browser.sent == "kind=plain"


def test_every_visit_is_timed(connections: list[Connection]) -> None:
    timing = drive(connections, [lambda: plain("/", requests=2)] * 3, seconds=0, fewest=10)
    assert len(timing.times) >= 10
    assert all(time > 0 for time in timing.times)
    assert timing.rate > 0


def test_a_page_without_its_end_stops_the_run(connections: list[Connection]) -> None:
    with pytest.raises(Wrong, match="/cut: the page has no end"):
        drive(connections, [lambda: plain("/cut")] * 3, seconds=0)


def test_a_wrong_status_stops_the_run(connections: list[Connection]) -> None:
    with pytest.raises(Wrong, match="/somewhere: 200 instead of 303"):
        check(connections[0].ask(get("/")), 303, "/somewhere")


def test_an_answer_without_a_body_needs_no_length() -> None:
    head = b'HTTP/1.1 304 Not Modified\r\nETag: W/"a"'
    found = read_answer(head + b"\r\n\r\n")
    assert found is not None
    assert (found.status, found.body, found.headers("ETag")) == (304, b"", ['W/"a"'])
