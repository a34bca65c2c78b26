"""Recalling: what somebody cited last, offered again in the next form for a few hours."""

from __future__ import annotations

from datetime import timedelta

from flask import session

from tracker.dates import moment_words
from tracker.db import now
from tracker.models import Issue, Party, Source
from tracker.views.forms import DayField

REMEMBERED = timedelta(hours=4)


def remember(source: str, day: DayField, issue: Issue | None = None, party: Party | None = None) -> None:
    """Keep a source (its id), the day itself, and what the entry was about: "-1" is another day tomorrow."""
    typed = day.day
    session["last_cited"] = {
        "source": source,
        "day": (typed.words or typed.on.isoformat()) if typed else "",
        "issue": issue.key if issue else "",
        "party": party.code if party else last_cited().get("party", ""),
        "at": moment_words(now()),
    }


def last_cited() -> dict[str, str]:
    """Give what was cited last, if that was not long ago: source, day, issue and party."""
    last: dict[str, str] = session.get("last_cited") or {}
    return last if last.get("at", "") > moment_words(now() - REMEMBERED) else {}


def day_of(source: Source | None) -> str:
    """Give the day to begin with: the last one, where the source is the last; else that of publication."""
    last = last_cited()
    if source and str(source.id) == last.get("source"):
        return last.get("day", "")
    return source.published_on.isoformat() if source and source.published_on else ""
