"""Reading: an address, a file or a paste in, what was found out.

Raises everywhere: Refused, about the field "url", "file" or "text".
"""

from __future__ import annotations

from tracker.intake.found import Found
from tracker.intake.web import Web
from tracker.models.refused import N_, Fault, Refused


def read_address(address: str, web: Web) -> Found:
    """Fetch an address and read what stands there."""
    raise Refused(Fault("url", N_("Addresses are not fetched yet: paste the text.")))


def read_file(name: str, content: bytes) -> Found:
    """Read a file; its kind is told by what it holds."""
    try:
        return _plain(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused(Fault("file", N_("This file is not text in UTF-8."))) from None


def read_paste(text: str) -> Found:
    """Read what was pasted: HTML, or text as it was copied from a page."""
    return _plain(text)


def _plain(text: str) -> Found:
    first, _, rest = text.strip().partition("\n")
    drawn = dict.fromkeys(("publisher", "language", "url", "published_on", "kind"), "")
    return Found.of(drawn | {"title": first.strip(), "text": rest.strip(), "authors": [], "remarks": []})
