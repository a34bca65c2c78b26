"""Target: an address taken apart into what is asked and whom, and which machines are never asked.

Raises everywhere: Refused, about the field "url".
"""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from tracker.models.refused import N_, Fault, Refused

PORTS = {"http": 80, "https": 443}
LONGEST = 2000
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
#: A last label that every resolver reads as part of a number. Source: WHATWG URL, "ends in a number".
_NUMBER = re.compile(r"(^|\.)(\d+|0x[0-9a-f]*)$")
#: Stay as they are when an address is written in ASCII: they have a meaning, or are escaped already.
_KEPT = "%/:=&?~+!$,;'@()*[]"

#: Beside all that `is_global` leaves out: ranges that it lets through or that differ between versions.
_CLOSED = [
    ipaddress.ip_network(each)
    for each in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # the host below a virtual machine answers here
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",  # Teredo carries an IPv4 address inside
        "2001:db8::/32",
        "2002::/16",  # so does 6to4
        "2620:4f:8000::/48",
        "3fff::/20",
    )
]
#: All public IPv6 addresses. Not ::/8 (mapped, compatible) nor 64:ff9b::/96: an IPv4 address is inside.
_PUBLIC_6 = ipaddress.ip_network("2000::/3")

NO_ADDRESS = N_("An address starts with http:// or https:// and names a host.")


def refuse(message: str, **values: object) -> Refused:
    """Make the refusal of an address."""
    return Refused(Fault("url", message, values))


def is_open(address: str) -> bool:
    """Tell whether an IP address is one of the public network, which may be asked."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if found.version == 6 and (found.scope_id or found not in _PUBLIC_6):
        return False
    return found.is_global and not any(found in each for each in _CLOSED)


@dataclass(frozen=True)
class Target:
    """What is asked of whom: `host` is in ASCII, `ip` stands where the host is written as a number."""

    scheme: str
    host: str
    path: str
    ip: str | None = None

    @classmethod
    def of(cls, address: str) -> Target:
        """Take an address apart, in all the spellings that somebody down the line may understand."""
        address = address.strip()
        if len(address) > LONGEST:
            raise refuse(N_("This address is longer than %(limit)s characters."), limit=LONGEST)
        if re.search(r"[\x00-\x20\x7f\\]", address) or not address.isprintable():
            raise refuse(N_("This address holds blanks or signs that no address has."))
        parts, name, port = _parts(address)
        if "@" in parts.netloc:
            raise refuse(N_("An address with a name or password before the host is not fetched."))
        host = _ascii(name)
        if port not in (None, PORTS[parts.scheme]):
            raise refuse(N_("Only the usual ports are asked: 80 for http, 443 for https."))
        path = quote(parts.path or "/", safe=_KEPT)
        if parts.query:
            path += "?" + quote(parts.query, safe=_KEPT)
        return cls(parts.scheme, host, path, _number(host))

    @property
    def port(self) -> int:
        return PORTS[self.scheme]

    @property
    def authority(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def _parts(address: str) -> tuple[SplitResult, str, int | None]:
    """Give the parts of a web address, its host and its port."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise refuse(NO_ADDRESS) from None
    if parts.scheme not in PORTS or not host:
        raise refuse(NO_ADDRESS)
    return parts, host, port


def _ascii(name: str) -> str:
    """Write a host as the resolver gets it: letters of other scripts in Punycode, wide digits as digits."""
    if ":" in name:
        return name
    name = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).lower()).replace("。", ".")
    name = name.removesuffix(".")
    labels = [
        each if each.isascii() else "xn--" + each.encode("punycode").decode() for each in name.split(".")
    ]
    host = ".".join(labels)
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise refuse(NO_ADDRESS)
    return host


def _number(host: str) -> str | None:
    """Read a host that is an IP address, in every spelling that the system knows: short, octal, hex."""
    try:
        if ":" in host:
            return str(ipaddress.IPv6Address(host))
        if _NUMBER.search(host):
            return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, ValueError):
        raise refuse(NO_ADDRESS) from None
    return None
