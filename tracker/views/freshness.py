"""Freshness: the tag by which a page, a feed or a calendar asks later whether the record has changed."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from flask import Flask, current_app, g, make_response, request
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.models.audit import head_before
from tracker.queries.pulse import Pulse, pulse
from tracker.views import access

_TAG = re.compile(r"(?:(\d{1,15})\.)?([0-9a-f]{16})-([0-9a-f]{16})", re.ASCII)
READING = (".index", ".show")


@dataclass(frozen=True)
class Tag:
    """What a page was made from. `frame`: the build, the reader and the day.

    `sequence`: how far the chain had come; strangers' tags have none.
    """

    sequence: int | None
    record: str
    frame: str

    def __str__(self) -> str:
        return f"{'' if self.sequence is None else f'{self.sequence}.'}{self.record}-{self.frame}"

    @classmethod
    def read(cls, text: str) -> Tag | None:
        """Read a tag that a browser sent back; None: it is none of ours."""
        found = _TAG.fullmatch(text)
        return cls(int(found[1]) if found[1] else None, found[2], found[3]) if found else None


def install(app: Flask, build: str) -> None:
    """Keep what tells this build from others."""
    app.extensions["build"] = build


def begin(code: str) -> None:
    """Note how far the record has come before a reading page asks anything of it.

    What is written while the page is made is then told to it later, and not lost.
    """
    if request.method == "GET" and (request.endpoint or "").endswith(READING):
        g.tag = None if request.args.get("known_at") else now(code)


def made_from(code: str) -> Tag | None:
    """Give the tag of the page that is being made; None where it shows a fixed past."""
    found: Tag | None = g.tag if "tag" in g else now(code)
    return found


def now(code: str) -> Tag | None:
    """Give the tag of a page that would be made now; None: there is no such negotiation for the reader."""
    g.pulse = found = pulse(db.session(), code, access.user())
    return tag_of(code, found) if found else None


def felt() -> Pulse | None:
    """Give the last write that the page which is being made may know of; None where it shows a fixed past."""
    found: Pulse | None = g.get("pulse")
    return found


def tag_of(code: str, found: Pulse) -> Tag:
    """Make the tag from the last write."""
    user, day = access.user(), datetime.now(UTC).date().isoformat()
    frame = _digest(current_app.extensions["build"], str(user.id if user else ""), day)
    return Tag(found.sequence, _digest(code, found.mark), frame)


def renew(response: Response, code: str, tag: Tag) -> None:
    """Hand the page that a part belongs to its new tag, and the one it must have had before this write.

    A page with another tag keeps that: others wrote too, of which it has still to be told.
    """
    before = head_before(db.session(), code)
    if before:
        sequence, mark = before
        response.headers["Record-Tag"] = str(tag)
        response.headers["Record-Tag-Before"] = str(tag_of(code, Pulse(mark, None, sequence)))


def fresh(content: bytes, media_type: str) -> Response:
    """Answer what programs ask for again and again: 304 where it is as it was.

    The tag is made of what is answered alone, so that it tells strangers of no other write.
    """
    response = make_response(content)
    response.content_type = f"{media_type}; charset=utf-8"
    response.set_etag(hashlib.sha256(content).hexdigest()[:32], weak=True)
    return response.make_conditional(request)


@lru_cache(256)
def _digest(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]
