"""Reading: an address, a file or a paste in, what was found out.

Raises everywhere: Refused, about the field "url", "file" or "text".
"""

from __future__ import annotations

import re

from tracker.db import TEXT
from tracker.intake.apart import read_apart
from tracker.intake.found import Found
from tracker.intake.pasted import read_plain
from tracker.intake.web import MEGABYTE, Web
from tracker.models.refused import N_, Fault, Refused

FILE_SIZE = 20 * MEGABYTE
_PASTE_SIZE = 5 * TEXT
_MARKUP = re.compile(r"\s*<(!--|!doctype|[a-z][a-z0-9]*[\s>/])", re.I)
_BLOCK_END = re.compile(r"</(p|div|li|td|h[1-6]|section|article|span|a)>", re.I)


def read_address(address: str, web: Web) -> Found:
    """Fetch an address and read what stands there."""
    from tracker.intake.fetching import fetch  # for those alone who fetch

    fetched = fetch(address, web)
    return read_apart(fetched.content, "url", address=fetched.address, charset=fetched.charset)


def read_file(name: str, content: bytes) -> Found:
    """Read a file; what it holds tells its kind, and its name nothing."""
    if len(content) > FILE_SIZE:
        message = N_("%(name)s is larger than %(limit)s MB: give the part that matters.")
        raise Refused(Fault("file", message, {"name": name, "limit": FILE_SIZE // MEGABYTE}))
    return read_apart(content, "file")


def read_paste(text: str) -> Found:
    """Read what was pasted: HTML, or text as it was copied from a page."""
    if len(text) > _PASTE_SIZE:
        message = N_("This text has more than %(limit)s characters: give the part that matters.")
        raise Refused(Fault("text", message, {"limit": TEXT}))
    if _MARKUP.match(text) and len(_BLOCK_END.findall(text[:100_000])) > 0:
        return read_apart(text.encode(errors="ignore"), "text", is_pasted=True)
    return Found.of(read_plain(text).as_json(), "text")
