"""Choosing: the sources and events of a negotiation that forms offer, and what was chosen of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, literal, select, union_all
from sqlalchemy.orm import contains_eager

from tracker.db import db
from tracker.models import Citation, Entry, Event, Filing, Issue, Negotiation, Party, Person, Source, Track
from tracker.models.refused import Fault, Refused
from tracker.models.vocabulary import InboxState
from tracker.queries.merging import is_copy
from tracker.text import whole_number
from tracker.views import access
from tracker.views.languages import gettext as _
from tracker.views.words import day_words

LISTED = 100
_KEY = re.compile(r"(?:([A-Z0-9]+)-)?([1-9]\d{0,4})", re.ASCII)
#: So many filings, the latest, are gone through for those that are in work with somebody.
LOOKED_AT = 1_000
#: Forms are for editors, whoever they are.
EDITOR: Any = bindparam("editor")


def source_of(text: str | None, negotiation: Negotiation) -> Source | None:
    """Find the source of a form by its id, if it is filed under the negotiation."""
    number = whole_number(text)
    return None if number is None else Source.find(db.session(), number, access.user(), negotiation)


def event_of(text: str | None, negotiation: Negotiation) -> Event | None:
    """Find the event of a form by its id.

    Raises: Refused.
    """
    if not text:
        return None
    number = whole_number(text)
    event = db.session.get(Event, number) if number else None
    if event is None or event.negotiation_id != negotiation.id:
        raise Refused(Fault("event", _("There is no such event in this negotiation.")))
    return event


def track_of(code: str | None, negotiation: Negotiation) -> Track | None:
    """Find the track of a form by its code.

    Raises: Refused.
    """
    if not code:
        return None
    track = negotiation.track(code)
    if track is None:
        raise Refused(Fault("track", _("There is no such track in this negotiation.")))
    return track


def issue_key(text: str | None, negotiation: Negotiation) -> tuple[str, int] | None:
    """Read the key of an issue as it is typed: UA-3, or 3, and behind it what it is called."""
    match = _KEY.fullmatch((text or "").partition(" ")[0].upper())
    return (match[1] or negotiation.code, int(match[2])) if match else None


def issue_of(text: str | None, negotiation: Negotiation) -> Issue | None:
    """Find the issue of a form by its key; the caller says whether one of other talks will do."""
    key = issue_key(text, negotiation)
    return Issue.find(db.session(), f"{key[0]}-{key[1]}", access.user()) if key else None


def tracks_of(negotiation: Negotiation) -> list[tuple[str, str]]:
    """List the tracks to choose from, the talks as a whole before them."""
    return [("", _("The talks as a whole")), *((track.code, track.title) for track in negotiation.tracks)]


def source_words(source: Any) -> str:
    """Write a source in one line of a list to choose from."""
    return ", ".join(
        part for part in (source.title[:90], source.publisher, day_words(source.published_on)) if part
    )


def offered_sources(
    chosen: Iterable[str | None], negotiation: Negotiation, empty: str
) -> list[tuple[str, str]]:
    """List the sources to choose from: the likeliest, before them what else is chosen, and first none."""
    listed = {str(source.id): source_words(source) for source in sources_of(negotiation)}
    others = (source_of(id_, negotiation) for id_ in chosen if id_ not in listed)
    before = {str(source.id): source_words(source) for source in others if source}
    return [("", empty), *(before | listed).items()]


def sources_of(negotiation: Negotiation) -> Sequence[Any]:
    """List sources of a negotiation: those cited last, those in work with who asks, those filed last.

    Of each: what a line to choose from says. One statement, which reads no history whole.
    """
    asked = {"negotiation": negotiation.id, "me": access.signed_in().id}
    found = sorted(db.session.execute(_latest_sources(), asked), key=lambda row: (row.rank, -row.place))
    return [*{row.id: row for row in found}.values()][:LISTED]


@cache
def _latest_sources() -> Any:
    under = Filing.negotiation_id == bindparam("negotiation")
    entries, cites = Entry.__table__.c, Citation.__table__.c
    cited = _lines(0, entries.id).join(Citation.__table__, cites.source_id == Source.id)
    cited = cited.join(Entry.__table__, entries.id == cites.entry_id)
    cited = cited.where(entries.negotiation_id == bindparam("negotiation"))
    cited = cited.order_by(entries.recorded_at.desc()).limit(LISTED // 2)
    filed = select(Filing.id, Filing.source_id).where(under).order_by(Filing.id.desc()).limit(LOOKED_AT)
    late = filed.subquery()
    mine = _lines(1, late.c.id).join(late, late.c.source_id == Source.id)
    mine = mine.where(Source.assignee_id == bindparam("me"), Source.inbox_state == InboxState.IN_WORK)
    rest = _lines(2, Filing.id).join(Filing, Filing.source_id == Source.id).where(under)
    rest = rest.order_by(Filing.id.desc()).limit(LISTED)
    return union_all(*(select(each.subquery()) for each in (cited, mine.limit(LISTED // 2), rest)))


def _lines(rank: int, place: Any) -> Select[Any]:
    line = (Source.id, Source.title, Source.publisher, Source.published_on)
    return select(*line, literal(rank).label("rank"), place.label("place")).where(~is_copy(EDITOR))


def people_of(negotiation: Negotiation) -> Sequence[Person]:
    """List the people who speak for the parties of a negotiation."""
    mine = select(Person).join(Person.party).options(contains_eager(Person.party))
    mine = mine.where(Party.negotiation_id == negotiation.id)
    return db.session.scalars(mine.order_by(Party.ordering, Person.id)).all()


def events_of(negotiation: Negotiation) -> Sequence[Any]:
    """List the latest events of a negotiation: what a line to choose from says of each."""
    return db.session.execute(_latest_events(), {"negotiation": negotiation.id}).all()


@cache
def _latest_events() -> Any:
    query = select(Event.id, Event.starts_on, Event.title)
    mine = query.where(Event.negotiation_id == bindparam("negotiation"))
    return mine.order_by(Event.starts_on.desc(), Event.id.desc()).limit(LISTED)
