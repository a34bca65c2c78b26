"""Alike: the forms in which addresses, texts and titles are compared, and what an address is."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl, unquote, urlsplit

from rapidfuzz import fuzz

from tracker.text import clean, one_line

KEY = 300
#: How much of two titles is the same, in hundredths, where they are nearly the same.
NEAR = 90
#: What tells from where a reader came, and nothing of what is read.
_TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid?|mc_[ce]id|_hs(enc|mi)|"
    r"mkt_tok|ref_src|ref_url|cmpid|ocid|smid|xtor|wt\.?mc(_id)?|at_(medium|campaign)|_ga|_gl|amp|outputtype",
    re.IGNORECASE,
)
#: The same page for small screens; only where a whole host name is left without it.
_VARIANT = re.compile(r"^(?:(?:www\d?|m|mobile|amp)\.)+(?=[^.]+\.[^.])")
_DIGITS = re.compile(r"\d+")
_NO_LETTER = re.compile(r"[\W_]+")


def is_web_address(address: str) -> bool:
    """Tell whether an address is one that a reader may safely be sent to."""
    if re.search(r"[\x00-\x20\x7f]", address):
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def address_key(address: str) -> str | None:
    """Give what addresses of the same page share; None where this is no address of the web."""
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    host = _VARIANT.sub("", host)
    if port and port not in (80, 443):
        host = f"{host}:{port}"
    path = re.sub(r"(/amp)?/*$", "", unquote(parts.path))
    kept = [
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0])
    ]
    query = "&".join(f"{name}={value}" for name, value in sorted(kept))
    key = clean(f"{host}{path}" + (f"?{query}" if query else "")).replace("\x00", "")
    return key if len(key) <= KEY else f"sha256:{text_hash(key)}"


def text_hash(text: str) -> str:
    """Give the SHA-256 of a text in hex: of a stored one, what the log tells of it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def title_key(title: str) -> str:
    """Give what is compared of a title: its letters and numbers."""
    return one_line(_NO_LETTER.sub(" ", clean(title).casefold()))


def are_near(key: str, other: str) -> bool:
    """Tell whether two titles, by their keys, are nearly the same: they do not differ in a number."""
    if not key or not other or fuzz.ratio(key, other, score_cutoff=NEAR) == 0:
        return False
    return _DIGITS.findall(key) == _DIGITS.findall(other)
