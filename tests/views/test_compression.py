"""Compression: what browsers take in gzip says the same in fewer bytes, and never in the same number."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.views.conftest import HTMX
from tests.views.test_headers import style_of
from tracker.views.compression import LONGEST_NAME, SHORTEST, zipped

GZIP = {"Accept-Encoding": "gzip, deflate, br, zstd"}
LONG = "words of a record, " * 100
#: Tokens, and the moment up to which a frozen link knows.
TOKEN = re.compile(rb'(name="\w+_token"[^>]* value=)"[^"]+"|known_at=[\d:TZ-]+|\d\d:\d\d UTC')
Give = Callable[[Any], None]


@pytest.fixture
def give(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Give:
    """Let /livez answer what the test wants to see go out."""

    def answer_with(answer: Any) -> None:
        def view() -> Any:
            return answer

        view.allowed = None  # type: ignore[attr-defined]
        monkeypatch.setitem(app.view_functions, "health.livez", view)

    return answer_with


def is_zipped(answer: TestResponse) -> bool:
    """Tell whether an answer says that it is gzip, and is."""
    assert answer.content_length == len(answer.data)
    is_said = answer.headers.get("Content-Encoding") == "gzip"
    assert is_said == answer.data.startswith(b"\x1f\x8b")
    return is_said


def name_length(packed: bytes) -> int:
    """Measure the name in a gzip header."""
    assert packed[3] == 8, "a name and nothing else"
    return packed.index(b"\0", 10) - 10


def untold(page: bytes) -> bytes:
    """Take out of a page what differs each second."""
    return TOKEN.sub(rb"\1", page)


@pytest.mark.parametrize("address", ["/account", "/issues/TK-2", "/negotiations/TK/compare"])
def test_a_page_says_the_same_in_fewer_bytes(as_ed: FlaskClient, address: str) -> None:
    as_ed.get("/account")  # sets the cookie
    plain, packed = as_ed.get(address), as_ed.get(address, headers=GZIP)
    assert not is_zipped(plain)
    assert is_zipped(packed)
    assert len(packed.data) < len(plain.data) * 0.6
    assert untold(gzip.decompress(packed.data)) == untold(plain.data)
    for answer in (plain, packed):
        for name in ("Content-Length", "Content-Encoding"):
            answer.headers.pop(name, None)
    assert plain.headers == packed.headers


@pytest.mark.parametrize(
    "accepted", ["gzip", "GZIP", "br, gzip;q=0.2", "*", "gzip;q=0.5", "identity;q=0.5, *", "gzip, identity"]
)
def test_who_takes_gzip_gets_it(as_ed: FlaskClient, accepted: str) -> None:
    assert is_zipped(as_ed.get("/account", headers={"Accept-Encoding": accepted}))


@pytest.mark.parametrize(
    "accepted",
    [
        "",
        "identity",
        "gzip;q=0",
        "gzip;q=0, *",
        "br, zstd",
        "*;q=0",
        "identity, gzip;q=0.5",
        "gzip;q=x",
        ";;",
    ],
)
def test_who_does_not_take_gzip_or_likes_it_less_gets_plain_text(as_ed: FlaskClient, accepted: str) -> None:
    answer = as_ed.get("/account", headers={"Accept-Encoding": accepted})
    assert answer.status_code == 200
    assert not is_zipped(answer)


def test_a_part_for_htmx_is_compressed_like_a_page(as_ed: FlaskClient) -> None:
    asked = HTMX | {"HX-Target": "positions"}
    plain, packed = (as_ed.get("/issues/TK-2", headers=asked | more) for more in ({}, GZIP))
    assert b"<!DOCTYPE" not in plain.data
    assert is_zipped(packed)
    assert untold(gzip.decompress(packed.data)) == untold(plain.data)


def test_error_pages_are_compressed_too(client: FlaskClient) -> None:
    plain, packed = client.get("/nothing"), client.get("/nothing", headers=GZIP)
    assert packed.status_code == 404
    assert is_zipped(packed)
    assert gzip.decompress(packed.data) == plain.data


def test_head_tells_of_the_page_and_holds_none(as_ed: FlaskClient) -> None:
    answer = as_ed.head("/account", headers=GZIP)
    assert answer.data == b""
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.vary


@pytest.mark.parametrize("kind", ["text/plain", "text/csv", "application/json", "application/geo+json"])
def test_other_text_is_compressed(client: FlaskClient, give: Give, kind: str) -> None:
    give(Response(LONG, mimetype=kind))
    answer = client.get("/livez", headers=GZIP)
    assert is_zipped(answer)
    assert gzip.decompress(answer.data).decode() == LONG


def test_what_is_no_text_goes_out_as_it_is(client: FlaskClient, give: Give) -> None:
    give(Response(LONG, mimetype="application/zip"))
    answer = client.get("/livez", headers=GZIP)
    assert not is_zipped(answer)
    assert "Accept-Encoding" not in answer.vary


def test_short_answers_go_out_as_they_are(client: FlaskClient, give: Give) -> None:
    for length, is_long in ((0, False), (SHORTEST - 1, False), (SHORTEST, True)):
        give(Response("a" * length, mimetype="text/plain"))
        assert is_zipped(client.get("/livez", headers=GZIP)) == is_long, length


@pytest.mark.parametrize("status", [204, 304])
def test_what_has_no_body_is_not_called_compressed(client: FlaskClient, give: Give, status: int) -> None:
    give(Response(LONG, status=status))
    answer = client.get("/livez", headers=GZIP)
    assert answer.data == b""
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.vary


def test_a_stream_is_not_gathered(client: FlaskClient, give: Give) -> None:
    give(Response((line for line in [LONG, LONG]), mimetype="text/csv"))
    answer = client.get("/livez", headers=GZIP)
    assert "Content-Encoding" not in answer.headers
    assert answer.text == LONG + LONG


def test_what_is_compressed_already_is_left_alone(client: FlaskClient, give: Give) -> None:
    packed = gzip.compress(LONG.encode() * 100)
    give(Response(packed, mimetype="text/csv", headers={"Content-Encoding": "gzip"}))
    answer = client.get("/livez", headers={"Accept-Encoding": "gzip"})
    assert answer.data == packed
    assert answer.headers.getlist("Content-Encoding") == ["gzip"]


def test_whoever_asks_caches_are_told_that_it_depends_on_what_is_taken(
    client: FlaskClient, as_ed: FlaskClient
) -> None:
    for address in ("/sign-in", "/account", "/nothing", "/livez", "/issues/TK-2"):
        for who in (client, as_ed):
            for headers in ({}, GZIP, HTMX):
                vary = who.get(address, headers=headers).headers.getlist("Vary")
                assert ", ".join(vary).split(", ").count("Accept-Encoding") == 1, address


def test_the_same_page_has_many_lengths(as_ed: FlaskClient) -> None:
    names = {name_length(as_ed.get("/account", headers=GZIP).data) for _ in range(20)}
    assert len(names) > 1


def test_lengths_differ_by_up_to_a_hundred_bytes() -> None:
    content = LONG.encode()
    packed = [zipped(content) for _ in range(2000)]
    assert {gzip.decompress(one) for one in packed} == {content}
    assert {name_length(one) for one in packed} == set(range(1, LONGEST_NAME + 1))
    assert {len(one) - name_length(one) for one in packed} == {len(packed[0]) - name_length(packed[0])}


def test_static_files_are_not_compressed_on_the_way(app: Flask, client: FlaskClient) -> None:
    """WhiteNoise gives the forms that the wheel holds; a checkout holds none."""
    assert "Content-Encoding" not in client.get(style_of(app), headers=GZIP, buffered=True).headers
