"""Addresses that are never asked: no connection is made, and a sentence says why."""

import pytest

from tests.intake.loopback import PUBLIC, Server, answer, web_of
from tracker.intake.fetching import fetch
from tracker.intake.target import is_open
from tracker.intake.web import Web
from tracker.models.refused import Refused

NAMES = {
    "news.example": [PUBLIC],
    "localhost": ["127.0.0.1", "::1"],
    "loops.example": ["127.0.0.1"],
    "loops6.example": ["::1"],
    "both.example": [PUBLIC, "10.0.0.7"],
    "inner.example": ["192.168.1.10"],
    "zone.example": ["fe80::1%eth0"],
    "nat.example": ["64:ff9b::7f00:1"],
}

LOOPBACK_SPELT = [
    "http://127.0.0.1/",
    "http://127.0.0.1./",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.255.255.254/",
    "http://0/",
    "http://0.0.0.0/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::]/",
    "http://[::127.0.0.1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://１２７.０.０.１/",
    "http://127。0。0。1/",
    "http://localhost/",
    "http://LOCALHOST./",
]
INNER = [
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://168.63.129.16/",
    "http://100.100.100.200/",
    "http://192.0.0.192/",
    "http://198.18.0.1/",
    "http://224.0.0.251/",
    "http://255.255.255.255/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fd00:ec2::254]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b:1::a00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "http://[ff02::1]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://loops.example/",
    "http://loops6.example/",
    "http://both.example/",
    "http://inner.example/",
    "http://zone.example/",
    "http://nat.example/",
]
UNREAD = [
    "file:///etc/passwd",
    "gopher://news.example/",
    "ftp://news.example/",
    "javascript:alert(1)",
    "//news.example/",
    "news.example",
    "",
    "http://",
    "http:///path",
    "http://[::1",
    "http://[v1.x]/",
    "http://user@news.example/",
    "http://user:word@news.example/",
    "http://news.example@127.0.0.1/",
    "http://news.example\\@127.0.0.1/",
    "http://news.example:22#@127.0.0.1/",
    "http://news.example:22/",
    "http://news.example:8080/",
    "http://news.example:443/",
    "https://news.example:80/",
    "http://news.example:99999/",
    "http://news.example:x/",
    "http://news.example/a b",
    "http://news.example/\r\nHost: other",
    "http://news%2eexample/",
    "http://-news.example/",
    "http://999.1.1.1/",
    "http://1.2.3.4.5/",
    "http://nowhere.example/",
    "http://news.example/" + "a" * 2000,
]


@pytest.mark.parametrize("address", LOOPBACK_SPELT + INNER + UNREAD)
def test_a_hostile_address_is_refused_in_a_sentence_and_nothing_connects(
    address: str, server: Server
) -> None:
    web, connection = web_of(server, NAMES)
    with pytest.raises(Refused) as refused:
        fetch(address, web)
    assert [fault.field for fault in refused.value.faults] == ["url"]
    assert str(refused.value).endswith((".", ": give the text or the file."))
    assert connection.asked == []
    assert server.requests == []


@pytest.mark.parametrize("address", LOOPBACK_SPELT + INNER)
def test_a_redirect_to_a_machine_of_the_house_is_not_followed(address: str, server: Server) -> None:
    web, connection = web_of(server, NAMES)
    server.answers["/"] = lambda: [answer(status="302 Found", Location=address)]
    with pytest.raises(Refused):
        fetch("http://news.example/", web)
    assert connection.asked == [(PUBLIC, 80)]


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "gopher://x/",
        "http://news.example:22/",
        "//u@news.example/",
        "//loops.example/",
        "",
    ],
)
def test_a_redirect_is_read_as_sharply_as_what_is_typed(location: str, server: Server) -> None:
    web, connection = web_of(server, NAMES)
    server.answers["/a"] = lambda: [answer(status="301 Moved", Location=location)]
    with pytest.raises(Refused):
        fetch("http://news.example/a", web)
    assert {host for host, _ in connection.asked} == {PUBLIC}


def test_addresses_of_the_public_network_are_open() -> None:
    assert all(map(is_open, [PUBLIC, "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]))
    assert not is_open("no address")


def test_the_system_itself_resolves_localhost_to_what_is_refused() -> None:
    """The one live try: looked up by the system, refused before anything connects."""
    with pytest.raises(Refused, match="inner network"):
        fetch("http://localhost/", Web.of("any"))
