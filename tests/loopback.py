"""Tests talk to this machine alone.

An audit hook would see more, but below Python 3.12 it makes threads fail that start at once while
coverage counts: each installs its tracer, and the hook lets them take turns half-way.
"""

import socket
from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest

LOOPBACK = {"", "127.0.0.1", "::1", "localhost"}


def stay_here() -> None:
    """Fail from now on each test that looks up or talks to another machine."""
    for name in ("connect", "connect_ex", "sendto"):
        _guard(socket.socket, name, lambda args: args[-1])
    for name in ("getaddrinfo", "gethostbyname"):
        _guard(socket, name, lambda args: args[:1])


def _guard(holder: Any, name: str, address_of: Callable[[tuple[Any, ...]], Any]) -> None:
    call = getattr(holder, name)

    @wraps(call)
    def guarded(*args: Any, **named: Any) -> Any:
        address = address_of(args or (named["host"],))
        if isinstance(address, tuple):  # else a socket of the file system
            host = address[0] or ""
            if isinstance(host, bytes):
                host = host.decode()
            if host not in LOOPBACK:
                pytest.fail(f"a test must not reach {host}")
        return call(*args, **named)

    setattr(holder, name, guarded)
