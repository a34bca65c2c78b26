"""Issues on their way out: a row for each, with its statuses in force and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.exchange.citations import CITATIONS, Sources
from tracker.exchange.entry_cells import COLUMNS, columns_of, renamed
from tracker.exchange.sheets import Cells, Column, Sheet
from tracker.exchange.tongue import Tongue
from tracker.models.refused import N_
from tracker.queries.cells import StatusLine
from tracker.queries.issue_list import IssueLine
from tracker.queries.references import Reference

_IN_FORCE = ("status", "level", "agreed_between", "subject_to", "since", "since_words")
_ABOUT = (
    renamed("key", N_("Issue"), COLUMNS["issue"]),
    COLUMNS["title"],
    Column("question", N_("Question"), 40, is_long=True),
    COLUMNS["topic"],
    COLUMNS["status"],
    COLUMNS["level"],
    COLUMNS["agreed_between"],
    COLUMNS["subject_to"],
    renamed("since", N_("Since"), COLUMNS["effective_on"]),
    renamed("since_words", N_("Since, in words"), COLUMNS["effective_words"]),
)


@dataclass(frozen=True)
class IssueSheet:
    """Writes issues."""

    speech: Tongue
    sources: Sources

    def sheet(self, found: Iterable[tuple[IssueLine, Mapping[int, Sequence[Reference]]]]) -> Sheet:
        """Give a row for each; `found`: issues with the citations of their statuses, by the ids of these."""
        tracks = Column("tracks", N_("On tracks"), 40, is_long=True, said=self._on_tracks)
        columns = columns_of(self.speech, self.sources, *_ABOUT, tracks, CITATIONS)
        rows = (self._row(issue, cited) for issue, cited in found)
        return Sheet("issues", self.speech.say(N_("Issues")), columns, rows)

    def _row(self, issue: IssueLine, cited: Mapping[int, Sequence[Reference]]) -> Cells:
        about = (issue.key, issue.title, issue.question, issue.topic)
        in_force = status_told(issue.status).values() if issue.status else [None] * len(_IN_FORCE)
        resting = [each for status in issue.statuses for each in cited[status.entry_id]]
        return (*about, *in_force, [*map(_track_told, issue.tracks)], self.sources.cited(resting))

    def _on_tracks(self, tracks: Iterable[Mapping[str, Any]]) -> str:
        return "; ".join(map(self._on_track, tracks))

    def _on_track(self, track: Mapping[str, Any]) -> str:
        told = self.speech.status(track["status"], track["agreed_between"], track["subject_to"])
        return f"{track['title']}: {told} ({self.speech.on(track['since'], track['since_words'])})"


def _track_told(line: StatusLine) -> dict[str, Any]:
    return {"track": line.track_code, "title": line.track, **status_told(line)}


def status_told(line: StatusLine) -> dict[str, Any]:
    """Give a status in force as programs read it."""
    return {name: getattr(line, name) for name in _IN_FORCE}
