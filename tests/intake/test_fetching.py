"""Fetching from the web: what is asked and followed, and what ends an answer that does not end."""

import gzip
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, repeat

import pytest

from tests.intake.loopback import PUBLIC, Server, StoodIn, answer, resolver, web_of
from tracker.intake.fetching import fetch
from tracker.intake.web import Web
from tracker.models.refused import Refused


def test_a_name_that_changes_between_look_up_and_connection_leads_nowhere_else(server: Server) -> None:
    """Looked up once, connected to what was checked; a second look-up would get loopback."""
    changing = chain([[PUBLIC]], repeat(["127.0.0.1"]))
    web, connection = web_of(server, {"news.example": changing})
    server.answers["/"] = lambda: [answer(b"<p>one")]
    assert fetch("http://news.example/", web).content == b"<p>one"
    assert connection.asked == [(PUBLIC, 80)]
    with pytest.raises(Refused, match="inner network"):
        fetch("http://news.example/", web)
    assert connection.asked == [(PUBLIC, 80)]


def test_each_hop_is_looked_up_anew(server: Server) -> None:
    web, connection = web_of(server, {"news.example": iter([[PUBLIC], ["10.0.0.1"]])})
    server.answers["/"] = lambda: [answer(status="302 Found", Location="/next")]
    with pytest.raises(Refused, match="inner network"):
        fetch("http://news.example/", web)
    assert connection.asked == [(PUBLIC, 80)]


def test_tls_proves_the_name_and_not_the_number(server: Server) -> None:
    web, connection = web_of(server)
    server.answers["/"] = lambda: [answer(b"<p>one")]
    assert fetch("https://news.example/", web).address == "https://news.example/"
    assert (connection.asked, connection.names) == ([(PUBLIC, 443)], ["news.example"])


def test_an_address_that_does_not_answer_gives_way_to_the_next(server: Server) -> None:
    connection = StoodIn(server.server_address[1], unreachable=["2606:2800::1"])
    web = Web(resolve=resolver({"news.example": ["2606:2800::1", PUBLIC]}), connection=connection)
    server.answers["/"] = lambda: [answer(b"<p>one")]
    assert fetch("http://news.example/", web).content == b"<p>one"
    assert [host for host, _ in connection.asked] == ["2606:2800::1", PUBLIC]


def test_redirects_are_followed_and_the_last_address_told(server: Server) -> None:
    web, connection = web_of(server, {"news.example": [PUBLIC], "www.news.example": [PUBLIC]})
    server.answers["/"] = lambda: [
        answer(status="301 Moved", Location="https://www.news.example/новини?a=1#b")
    ]
    path = "/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8?a=1"
    server.answers[path] = lambda: [answer(b"<p>one", Content_Type='Text/HTML; Charset="windows-1251"')]
    found = fetch(" http://news.example ", web)
    assert (found.address, found.charset) == ("https://www.news.example" + path, "windows-1251")
    assert connection.asked == [(PUBLIC, 80), (PUBLIC, 443)]


def test_a_host_in_other_letters_is_asked_for_in_punycode(server: Server) -> None:
    web, _ = web_of(server, {"xn--d1acpjx3f.xn--p1ai": [PUBLIC]})
    server.answers["/"] = lambda: [answer(b"<p>one")]
    assert fetch("http://ЯНДЕКС.рф/", web).address == "http://xn--d1acpjx3f.xn--p1ai/"
    assert "Host: xn--d1acpjx3f.xn--p1ai" in server.requests[0]


def test_the_request_names_the_program_and_carries_no_cookie(server: Server) -> None:
    web, _ = web_of(server)
    server.answers["/"] = lambda: [answer(status="302 Found", Location="/b", Set_Cookie="a=b")]
    server.answers["/b"] = lambda: [answer(b"<p>one")]
    fetch("http://news.example/", web)
    names = [line.split(":")[0] for line in server.requests[1][1:]]
    assert sorted(names) == ["Accept", "Accept-Encoding", "Connection", "Host", "User-Agent"]
    assert any(line.startswith("User-Agent: NegotiationTracker/") for line in server.requests[1])


def test_thirty_redirects_are_too_many(server: Server) -> None:
    web, connection = web_of(server)
    for number in range(30):
        to = f"/{number + 1}"
        server.answers[f"/{number}"] = lambda to=to: [answer(status="302 Found", Location=to)]  # type: ignore[misc]
    with pytest.raises(Refused, match="leads on more than 10 times"):
        fetch("http://news.example/0", web)
    assert len(connection.asked) == 11


def endless(piece: bytes, seconds: float = 0) -> Iterator[bytes]:
    while True:
        yield piece
        time.sleep(seconds)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        lambda: endless(b"", 0.05),
        lambda: chain([b"HTTP/1.1 200 OK\r\n"], endless(b"X", 0.05)),
        lambda: endless(b"HTTP/1.1 100 Continue\r\n\r\n", 0.01),
        lambda: chain([HEAD, b"\r\n"], endless(b"a", 0.05)),
        lambda: chain([HEAD, b"Transfer-Encoding: chunked\r\n\r\n"], endless(b"1\r\na\r\n", 0.05)),
        lambda: chain([HEAD, b"Content-Encoding: gzip\r\n\r\n"], endless(b"\x1f\x8b\x08\x00", 0.05)),
    ],
    ids=["silence", "headers", "continue", "body", "chunks", "gzip"],
)
def test_what_drips_ends_at_the_deadline(pieces, server: Server) -> None:  # type: ignore[no-untyped-def]
    web, _ = web_of(server, seconds=0.5)
    server.answers["/"] = pieces
    before = time.monotonic()
    with pytest.raises(Refused, match=r"longer than 0\.5 seconds|broken"):
        fetch("http://news.example/", web)
    assert time.monotonic() - before < 2


def test_the_look_up_ends_at_the_deadline_too(server: Server) -> None:
    def slow(_host: str, _port: int) -> list[str]:
        time.sleep(1.5)
        return [PUBLIC]

    connection = StoodIn(server.server_address[1])
    before = time.monotonic()
    with pytest.raises(Refused, match=r"longer than 0\.2 seconds"):
        fetch("http://news.example/", Web(resolve=slow, connection=connection, seconds=0.2))
    assert time.monotonic() - before < 1
    assert connection.asked == []


def test_all_hops_share_one_deadline(server: Server) -> None:
    web, connection = web_of(server, seconds=0.6)

    def late() -> Iterator[bytes]:
        time.sleep(0.25)
        yield answer(status="302 Found", Location="/")

    server.answers["/"] = late
    with pytest.raises(Refused, match=r"longer than 0\.6 seconds"):
        fetch("http://news.example/", web)
    assert len(connection.asked) <= 3


@pytest.mark.parametrize(
    "pieces",
    [
        lambda: chain([HEAD, b"\r\n"], endless(b"a" * 65536)),
        lambda: [HEAD, b"Content-Encoding: gzip\r\n\r\n", gzip.compress(bytes(60_000_000))],
        lambda: [HEAD, b"Content-Encoding: deflate\r\n\r\n", zlib.compress(bytes(60_000_000))],
        lambda: [HEAD, b"Content-Encoding: gzip\r\n\r\n", gzip.compress(bytes(1_000_000)) * 60],
    ],
    ids=["endless", "gzip", "deflate", "many members"],
)
def test_what_is_too_large_ends_at_the_limit_and_never_unfolds(pieces, server: Server) -> None:  # type: ignore[no-untyped-def]
    made = list(pieces()) if isinstance(pieces(), list) else None
    server.answers["/"] = (lambda: made) if made else pieces
    web, _ = web_of(server)
    tracemalloc.start()
    with pytest.raises(Refused, match="larger than 5 MB"):
        fetch("http://news.example/", web)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30_000_000


def test_headers_without_end_are_cut_off(server: Server) -> None:
    server.answers["/"] = lambda: chain([HEAD], endless(b"X-A: " + b"a" * 8000 + b"\r\n"))
    with pytest.raises(Refused, match="no answer of a web server"):
        fetch("http://news.example/", web_of(server)[0])


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"<p>one")),
        ("x-gzip", gzip.compress(b"<p>") + gzip.compress(b"one")),
        ("deflate", zlib.compress(b"<p>one")),
        ("deflate", zlib.compress(b"<p>one")[2:-4]),
        ("identity", b"<p>one"),
    ],
    ids=["gzip", "two members", "deflate", "raw deflate", "identity"],
)
def test_what_is_compressed_is_read(coding: str, body: bytes, server: Server) -> None:
    server.answers["/"] = lambda: [answer(body, Content_Encoding=coding)]
    assert fetch("http://news.example/", web_of(server)[0]).content == b"<p>one"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (answer(b"x", Content_Encoding="br"), "compresses"),
        (answer(gzip.compress(gzip.compress(b"x")), Content_Encoding="gzip, gzip"), "compresses"),
        (answer(b"x", Content_Encoding="gzip"), "broken"),
        (answer(gzip.compress(b"x" * 999)[:-9], Content_Encoding="gzip"), "broken"),
        (answer(b"x", Content_Type="image/png"), "sends “image/png”"),
        (answer(b"x", status="404 Not Found"), r"no such page \(404\)"),
        (answer(b"x", status="403 Forbidden"), r"not give this page to a program \(403\)"),
        (answer(b"x", status="500 Oops"), "answered 500"),
        (answer(b"x", status="204 No Content"), "answered 204"),
        (answer(b"x", Content_Length="50"), "broke off"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "no answer of a web server"),
        (b"", "broke off"),
    ],
)
def test_what_cannot_be_read_is_told(given: bytes, why: str, server: Server) -> None:
    server.answers["/"] = lambda: [given]
    with pytest.raises(Refused, match=why):
        fetch("http://news.example/", web_of(server)[0])


def test_nobody_is_asked_where_fetching_is_switched_off(server: Server) -> None:
    web, connection = web_of(server, setting="none")
    with pytest.raises(Refused, match="switched off"):
        fetch("http://news.example/", web)
    assert connection.asked == []


def test_only_listed_hosts_are_asked_also_by_redirect(server: Server) -> None:
    web, connection = web_of(
        server, {"news.example": [PUBLIC], "other.example": [PUBLIC]}, setting="news.example"
    )
    with pytest.raises(Refused, match=r"other\.example is none of them"):
        fetch("http://other.example/", web)
    assert connection.asked == []
    server.answers["/"] = lambda: [answer(status="302 Found", Location="http://other.example/")]
    with pytest.raises(Refused, match=r"other\.example is none of them"):
        fetch("http://news.example/", web)
    assert len(connection.asked) == 1


@pytest.mark.parametrize("location", ["http://[::1", "http://[", "//[x]/", "http://a]b/"])
def test_an_address_that_leads_nowhere_is_refused_in_a_sentence(location: str, server: Server) -> None:
    server.answers["/"] = lambda: [answer(status="302 Found", Location=location)]
    with pytest.raises(Refused, match="names a host"):
        fetch("http://news.example/", web_of(server)[0])


def test_one_slow_server_keeps_nobody_waiting_for_long(server: Server) -> None:
    asked = threading.Event()

    def slowly() -> Iterator[bytes]:
        asked.set()
        time.sleep(0.5)
        yield answer(b"<p>one")

    server.answers["/"] = slowly
    patient = replace(web_of(server)[0], seconds=5)
    first = threading.Thread(target=lambda: fetch("http://news.example/", patient))
    first.start()
    assert asked.wait(5)
    with pytest.raises(Refused, match="just now"):
        fetch("http://news.example/", replace(patient, wait=0.01))
    first.join()
