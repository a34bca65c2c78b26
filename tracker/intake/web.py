"""Web: what may be fetched, and by whom names are looked up and connections made."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from httpcore import NetworkBackend

MEGABYTE = 1024 * 1024


def look_up(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a host.

    Raises: OSError.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True)
class Web:
    """What fetching may do; tests stand in for `resolve` and `connection`.

    `hosts`: None allows all, else these and the hosts under them; `wait`: seconds until it is one's turn.
    """

    hosts: frozenset[str] | None = None
    resolve: Callable[[str, int], Sequence[str]] = look_up
    connection: NetworkBackend | None = None
    seconds: float = 10
    wait: float = 1
    size: int = 5 * MEGABYTE

    @classmethod
    def of(cls, setting: str) -> Web:
        """Read TRACKER_FETCH: "any", "none", or hosts with commas."""
        if setting == "any":
            return cls()
        words = () if setting == "none" else setting.split(",")
        return cls(frozenset(word.strip().lower() for word in words if word.strip()))

    def may_ask(self, host: str) -> bool:
        """Tell whether the setting lets a host be asked."""
        if self.hosts is None:
            return True
        return any(host == each or host.endswith("." + each) for each in self.hosts)
