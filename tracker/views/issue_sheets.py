"""The list of issues to take along: a row for each, with its statuses in force and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tracker.db import db
from tracker.exchange.citations import Sources
from tracker.exchange.sheets import Book, Cells, Column, Sheet, spoken
from tracker.models.refused import N_
from tracker.models.vocabulary import Level, Status
from tracker.queries.cells import StatusLine
from tracker.queries.issue_list import IssueLine, every_issue, topics_of
from tracker.queries.references import Reference
from tracker.views import access
from tracker.views.addresses import hold_topic
from tracker.views.books import book_of
from tracker.views.issues import asked_filters, asked_sort
from tracker.views.languages import gettext as _
from tracker.views.rendering import PageView, negotiation_or_404
from tracker.views.words import day_words, named

COLUMNS = (
    Column("key", N_("Issue"), 10),
    Column("title", N_("Title"), 40, is_long=True),
    Column("question", N_("Question"), 40, is_long=True),
    Column("topic", N_("Topic"), 16),
    Column("status", N_("Status"), 24, words=Status),
    Column("level", N_("Level"), 16, words=Level),
    Column("agreed_between", N_("Between whom"), 24, is_long=True),
    Column("subject_to", N_("Subject to"), 30, is_long=True),
    Column("since", N_("Since"), 12),
    Column("since_words", N_("Since, in words"), 16),
    Column("tracks", N_("On tracks"), 40, is_long=True),
)


def issue_list(code: str) -> Book:
    """Give the issues that the page lists, all of them."""
    negotiation = negotiation_or_404(code)
    seen = PageView(negotiation).seen
    filters, sort = asked_filters(), asked_sort()
    if filters.topics:
        topics = topics_of(db.session(), negotiation)
        for topic in filters.topics:
            hold_topic(topic, topics)
    found = every_issue(db.session(), negotiation, seen, access.user(), filters, sort)
    sources, names = Sources(_), negotiation.names
    columns = spoken(
        COLUMNS,
        _,
        agreed_between=lambda codes: named(codes, names),
        tracks=lambda tracks: _on_tracks(tracks, names),
    )
    issues = Sheet("issues", _("Issues"), [*columns, sources.column()], _rows(found, sources))
    return book_of(negotiation, seen, "issues", _("Issues"), [issues, sources.sheet()])


def _rows(
    found: Iterable[tuple[IssueLine, Mapping[int, Sequence[Reference]]]], sources: Sources
) -> Iterator[Cells]:
    for issue, cited in found:
        resting = [each for status in issue.statuses for each in cited[status.entry_id]]
        yield [
            issue.key,
            issue.title,
            issue.question,
            issue.topic,
            *_status(issue.status),
            [_track(line) for line in issue.tracks],
            sources.cited(resting),
        ]


def _status(line: StatusLine | None) -> Sequence[Any]:
    if line is None:
        return (None,) * 6
    return (line.status, line.level, line.agreed_between, line.subject_to, line.since, line.since_words)


def _track(line: StatusLine) -> dict[str, Any]:
    names = ("status", "level", "agreed_between", "subject_to", "since", "since_words")
    return {"track": line.track_code, "title": line.track, **dict(zip(names, _status(line), strict=True))}


def _on_tracks(tracks: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    return "; ".join(track_words(track, names) for track in tracks)


def track_words(track: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Say a status on a track in a line."""
    since = track["since_words"] or day_words(track["since"])
    told = f"{track['title']}: {_(track['status'].label)}"
    if track["agreed_between"]:
        told += " " + _("between %(whom)s", whom=named(track["agreed_between"], names))
    if track["subject_to"]:
        told += ", " + _("subject to %(what)s", what=track["subject_to"])
    return f"{told} ({since})"
