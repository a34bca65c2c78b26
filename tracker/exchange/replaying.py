"""Importing history: entries, reviews, links, notes and retractions, in the order of their recording.

So each rule is asked of the record as it stood then. At one moment the order of the file counts, and
retractions come last; one that names its replacement is applied with it, as the correction that it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from tracker.exchange.frame import values_of
from tracker.exchange.importing import Import
from tracker.exchange.material import SIGNATURE, cites
from tracker.exchange.present import HISTORY, new_history
from tracker.exchange.reading import ENTRIES
from tracker.exchange.shapes import Row
from tracker.models import (
    Citation,
    Correction,
    Dating,
    Entry,
    EntryLink,
    Note,
    Refused,
    SourceMerge,
)
from tracker.models.citation import is_filed
from tracker.models.claim import claim_status
from tracker.models.quote_check import check
from tracker.models.refused import N_, Fault
from tracker.models.retraction import retract

_DATING = ("effective_on", "effective_words", "day_basis", "event", "first_recorded_at", "citations")
#: So many rows wait to be written together; each status change looks through them.
_BATCH = 200
_SUBJECTS = {"entry": Entry, "citation": Citation, "link": EntryLink, "note": Note, "merge": SourceMerge}
_ABOUT_RETRACTION = {"retraction_reason": "reason", "entry": "entry", "corrects": "replaced_by"}


def replay(work: Import) -> None:
    """Add what is new of the history of a file."""
    with work.session.no_autoflush:  # it flushes where a rule has to see what stands before, and there only
        _Replay(work, new_history(work)).run()


class _Replay:
    """Replays rows of history onto a record, one after the other."""

    def __init__(self, work: Import, new: list[tuple[str, Row]]) -> None:
        self._work = work
        self._session = work.session
        self._new = new
        in_file = [row for name in HISTORY for row in work.document[name]]
        in_file += work.document.citations()
        self._in_file = {row["uid"]: row for row in in_file if row["uid"]}
        self._made: dict[str, Any] = {}
        entries = {row["uid"] for name, row in new if name in ENTRIES} - {None}
        #: By the uid of its replacement, the retraction of what is corrected.
        self._corrections = {
            row["replaced_by"]: row
            for name, row in new
            if name == "retractions" and row["replaced_by"] in entries
        }

    def run(self) -> None:
        add: dict[str, Callable[[Row], None]] = {
            "status_changes": self._status_change,
            "claims": self._claim,
            "positions": self._position,
            "reviews": self._review,
            "quote_checks": self._quote_check,
            "entry_links": self._entry_link,
            "notes": self._note,
            "source_merges": self._source_merge,
            "retractions": self._retraction,
        }
        for number, (name, row) in enumerate(self._new):
            if number % _BATCH == 0:
                self._session.flush()
            if row.is_sound:
                before = len(self._work.faults)
                add[name](row)
                row.is_sound = row.is_sound and len(self._work.faults) == before
                self._work.outcome.added[name] += row.is_sound

    def _status_change(self, row: Row) -> None:
        issue, track = self._work.find(row, "issue"), self._work.find(row, "track")
        for key in ("agreed_between", "deciding_parties"):
            self._work.find_all(row, key, "party")
        values = values_of(row, *SIGNATURE, *_DATING, "issue", "track")
        self._enter(row, lambda **how: issue.change_status(**values, **how, track=track))

    def _claim(self, row: Row) -> None:
        issue, track = self._work.find(row, "issue"), self._work.find(row, "track")
        party = self._work.find(row, "party")
        self._work.find_all(row, "between", "party")

        values = values_of(row, *SIGNATURE, *_DATING, "issue", "track", "party")
        about = {"issue": issue, "track": track}
        self._enter(row, lambda **how: claim_status(self._work.negotiation, party, **values, **how, **about))

    def _position(self, row: Row) -> None:
        issue, party = self._work.find(row, "issue"), self._work.find(row, "party")
        clause = self._work.find(row, "clause")
        values = values_of(row, *SIGNATURE, *_DATING, "issue", "party", "clause")
        self._enter(row, lambda **how: issue.state_position(party, **values, **how, clause=clause))

    def _enter(self, row: Row, make: Callable[..., Entry]) -> None:
        work = self._work
        event, citing = work.find(row, "event"), cites(work, row)
        correction = self._correction(row)
        if not row.is_sound:
            return
        dating = Dating(row["effective_on"], row["effective_words"], row["day_basis"], event)
        try:
            entry = make(
                dating=dating, by=work.by, citing=citing, corrects=correction, recorded=work.recorded(row)
            )
        except Refused as refused:
            self._gather(row, refused.faults)
            return
        self._made[entry.uid] = entry
        if (row["first_recorded_at"] or entry.first_recorded_at) != entry.first_recorded_at:
            work.faults.find(
                row.at("first_recorded_at"),
                N_("Only a correction was first recorded earlier, and at the moment of what it corrects."),
            )

    def _gather(self, row: Row, faults: list[Fault]) -> None:
        """Keep faults at their place; some are about the retraction that a correction brings along."""
        retraction = self._corrections.get(row["uid"])
        for fault in faults:
            if retraction and fault.field in _ABOUT_RETRACTION:
                place = _ABOUT_RETRACTION[fault.field]
                self._work.gather(retraction, [Fault(place, fault.message, fault.values)])
            else:
                self._work.gather(row, [fault])

    def _correction(self, row: Row) -> Correction | None:
        """Find what a row corrects."""
        retraction = self._corrections.get(row["uid"])
        if retraction is None:
            return None
        entry = self._find(retraction, "entry", Entry)
        if (retraction["recorded_at"] or self._work.moment) != (row["recorded_at"] or self._work.moment):
            self._work.faults.find(
                retraction.at("recorded_at"),
                N_("What is corrected is retracted at the very moment at which its correction is recorded."),
            )
            retraction.is_sound = False
        if entry is None or not retraction.is_sound:
            row.is_sound = False
            return None
        self._session.flush()
        return Correction(entry, retraction["reason"], self._work.recorded(retraction))

    def _find(self, row: Row, key: str, model: Any) -> Any:
        """Find what a uid refers to: made by this import, or here already."""
        uid = row[key]
        found = self._made.get(uid)
        if found is None:
            found = self._session.scalar(select(model).where(model.uid == uid))
        if found is not None and self._is_here(found):
            return found
        row.is_sound = False
        there = self._in_file.get(uid)
        if there is None:
            self._work.faults.find(row.at(key), N_("“%(name)s” is neither in this file nor here."), name=uid)
        elif there.is_sound:
            self._work.faults.find(row.at(key), N_("What this refers to was recorded later."))
        return None

    def _is_here(self, found: Any) -> bool:
        if isinstance(found, SourceMerge):
            return is_filed(found.source, self._work.negotiation)
        return bool(found.audit_chain == self._work.negotiation.code)

    def _review(self, row: Row) -> None:
        issue = self._work.find(row, "issue")
        if issue:
            with self._work.gathering(row):
                issue.review(
                    by=self._work.by,
                    on=row["checked_on"],
                    note=row["note"],
                    recorded=self._work.recorded(row),
                )

    def _quote_check(self, row: Row) -> None:
        """Look the quote up again: what the file says must be what is found."""
        self._session.flush()
        citation = self._find(row, "citation", Citation)
        if citation is None:
            return
        done = check(
            citation, citation.source.text or "", by=self._work.by, recorded=self._work.recorded(row)
        )
        if (done.offset is not None) != row["is_found"]:
            self._work.faults.find(row.at("is_found"), N_("The stored text says otherwise."))
        self._session.add(done)

    def _note(self, row: Row) -> None:
        issue = self._work.find(row, "issue")
        if issue:
            values = values_of(row, *SIGNATURE, "issue")
            with self._work.gathering(row):
                note = issue.note(**values, by=self._work.by, recorded=self._work.recorded(row))
                self._made[note.uid] = note

    def _entry_link(self, row: Row) -> None:
        start, end = self._find(row, "from", Entry), self._find(row, "to", Entry)
        if start and end:
            link = EntryLink(from_entry=start, kind=row["kind"], to_entry=end)
            with self._work.gathering(row):
                link.add(self._session, by=self._work.by, recorded=self._work.recorded(row))
                self._made[link.uid] = link

    def _source_merge(self, row: Row) -> None:
        source, into = self._work.find(row, "from", "source"), self._work.find(row, "into", "source")
        if source and into:
            merge = SourceMerge(source=source, into=into, reason=row["reason"])
            with self._work.gathering(row):
                merge.add(self._session, by=self._work.by, recorded=self._work.recorded(row))
                self._made[merge.uid] = merge

    def _retraction(self, row: Row) -> None:
        keys = [key for key in _SUBJECTS if row[key]]
        if len(keys) != 1:
            self._work.faults.find(
                row.at("entry"), N_("Name one thing that is withdrawn: entry, citation, link, note or merge.")
            )
            return
        if row["replaced_by"]:
            self._corrected(row)
            return
        self._session.flush()
        subject = self._find(row, keys[0], _SUBJECTS[keys[0]])
        if subject is not None:
            with self._work.gathering(row):
                faults = retract(
                    subject, reason=row["reason"], by=self._work.by, recorded=self._work.recorded(row)
                )
                places = {"retraction_reason": "reason", "entry": keys[0]}
                renamed = [Fault(places.get(it.field, it.field), it.message, it.values) for it in faults]
                self._work.gather(row, renamed)

    def _corrected(self, row: Row) -> None:
        """Hold that the entry that replaces this one was entered as its correction."""
        place = row.at("replaced_by")
        if row["replaced_by"] in self._corrections:
            if row["replaced_by"] not in self._made:
                row.is_sound = False
        elif row["replaced_by"] in self._in_file:
            self._work.faults.find(place, N_("This is recorded here already, and not as a correction."))
        else:
            self._work.faults.find(
                place, N_("“%(name)s” is neither in this file nor here."), name=row["replaced_by"]
            )
