"""Atom: a feed on its way out. Words and addresses come ready made; only what XML asks is done here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.text import printable, printable_line

MEDIA_TYPE = "application/atom+xml"
#: What made the feed.
GENERATOR = "Negotiation Tracker"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One thing that became known. `uid`: a UUID; `category`: what kind of thing; `content`: HTML."""

    uid: str
    title: str
    at: datetime
    author: str
    category: str
    address: str
    content: str


@dataclass(frozen=True)
class Feed:
    """A feed, its entries newest first. `address`: its own; `page`: the one that it follows."""

    uid: str
    title: str
    subtitle: str
    rights: str
    language: str
    address: str
    page: str
    updated: datetime
    entries: Sequence[FeedEntry]


def write_atom(feed: Feed) -> bytes:
    """Write a feed: the same feed gives the same bytes. Source: RFC 4287."""
    from feedgen.feed import FeedGenerator  # heavy: no other page needs it

    made = FeedGenerator()
    made.id(f"urn:uuid:{feed.uid}")
    made.title(printable_line(feed.title))
    made.subtitle(printable_line(feed.subtitle))
    made.rights(printable_line(feed.rights))
    made.language(feed.language)
    made.generator(GENERATOR)
    made.link(href=feed.address, rel="self", type=MEDIA_TYPE)
    made.link(href=feed.page, rel="alternate", type="text/html")
    made.updated(feed.updated)
    for entry in feed.entries:
        told = made.add_entry(order="append")
        told.id(f"urn:uuid:{entry.uid}")
        told.title(printable_line(entry.title))
        told.author(name=printable_line(entry.author))
        told.category(term=entry.category)
        told.link(href=entry.address, rel="alternate", type="text/html")
        told.published(entry.at)
        told.updated(entry.at)
        told.content(printable(entry.content), type="html")
    written: bytes = made.atom_str(pretty=True)
    return written
