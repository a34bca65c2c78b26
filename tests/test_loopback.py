"""The tests' own fence: no test reaches another machine."""

import socket

import pytest

ELSEWHERE = "192.0.2.1"  # kept for documents, answered by nobody


@pytest.mark.parametrize("host", [ELSEWHERE, "example.org", b"example.net"])
def test_a_test_that_looks_up_another_machine_fails(host: str | bytes) -> None:
    for ask in (
        lambda: socket.getaddrinfo(host, 80),
        lambda: socket.getaddrinfo(host=host, port=80),
        lambda: socket.create_connection((host, 80), timeout=1),  # type: ignore[arg-type]
    ):
        with pytest.raises(pytest.fail.Exception, match="must not reach"):
            ask()


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_test_that_talks_to_another_machine_fails(kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as door:
        for talk in (
            lambda: door.connect((ELSEWHERE, 9)),
            lambda: door.connect_ex((ELSEWHERE, 9)),
            lambda: door.sendto(b"hello", (ELSEWHERE, 9)),
        ):
            with pytest.raises(pytest.fail.Exception, match=f"must not reach {ELSEWHERE}"):
                talk()


def test_a_test_may_talk_to_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
