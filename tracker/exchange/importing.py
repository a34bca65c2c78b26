"""Importing a file of the interchange form: all or nothing, every fault with its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db import now
from tracker.exchange.reading import Document
from tracker.exchange.rows import Names, Written, plain
from tracker.exchange.shapes import Row
from tracker.models import Issue, Negotiation, Recorded, User
from tracker.models.refused import N_, Fault, Faults, Refused
from tracker.text import clean

#: Where the form's word for a column is another.
_PLACES = {"from_on": "from", "until_on": "until", "ordering": "order"}
#: Keys that get a value of their own where a file leaves them out.
_UNTOLD = {
    "uid",
    "locator",
    "is_checked",
    "deciding_parties",
    "recorded_at",
    "recorded_by",
    "first_recorded_at",
}


@dataclass(frozen=True)
class Difference:
    """Where a file says something else of what is here already; ours is kept."""

    place: str
    ours: Any
    theirs: Any


@dataclass
class Outcome:
    """What an import added, list by list, how much it skipped, and where the file differs from here."""

    negotiation: Negotiation
    added: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)


class Import:
    """What one import knows while it runs: the file, what its words refer to, and the faults so far.

    `known` holds, for each kind of reference, the rows by what the file calls them; `names` the way back.
    """

    def __init__(
        self, session: Session, document: Document, by: User | str, faults: Faults, code: str
    ) -> None:
        self.session = session
        self.document = document
        self.by = by
        self.faults = faults
        self.known: dict[str, dict[Any, Any]] = {
            kind: {} for kind in ("party", "track", "issue", "source", "event", "clause", "entry")
        }
        self._declared: dict[str, set[Any]] = {kind: set() for kind in self.known}
        self._accounts = {user.email: user for user in session.scalars(select(User))}
        self.names = Names(emails={user.id: email for email, user in self._accounts.items()})
        found = session.scalar(select(Negotiation).where(Negotiation.code == code))
        self.is_new = found is None
        self.negotiation = found or self._add_negotiation(code)
        self.moment = self.negotiation.moment  # every writer's first lock
        issues = select(Issue).where(Issue.negotiation_id == self.negotiation.id)
        for issue in session.scalars(issues.with_for_update(of=Issue)):
            self.known["issue"][issue.number] = issue
        self.outcome = Outcome(self.negotiation)

    def _add_negotiation(self, code: str) -> Negotiation:
        row = self.document.negotiation
        given = {key: value for key, value in row.values.items() if value is not None}
        negotiation = Negotiation(**given | {"code": code, "title": row["title"] or "-"}, recorded_at=now())
        self.session.add(negotiation)
        self.session.flush()
        self.gather(row, negotiation.faults())
        return negotiation

    def declare(self, kind: str, name: Any, row: Any = None) -> None:
        """Make known what a word of the file refers to; without a row: something that has faults."""
        if row is not None:
            self.known[kind][name] = row
        self._declared[kind].add(name)

    def find(self, row: Row, key: str, kind: str = "") -> Any:
        """Find what a key of a row refers to; the row is no longer sound where there is no such thing."""
        name = row[key]
        if isinstance(name, Row):
            name = tuple(name.values.values())
        return None if name is None else self._find(row, row.at(key), kind or key, name)

    def find_all(self, row: Row, key: str, kind: str) -> list[Any]:
        """Find what a list of a row refers to."""
        return [self._find(row, row.at(key), kind, name) for name in row[key] or ()]

    def _find(self, row: Row, place: str, kind: str, name: Any) -> Any:
        found = self.known[kind].get(name)
        if found is None:
            row.is_sound = False
            if name not in self._declared[kind]:
                words = "/".join(name) if isinstance(name, tuple) else name
                self.faults.find(place, N_("“%(name)s” is neither in this file nor here."), name=words)
        return found

    def recorded(self, row: Row, like: Row | None = None) -> Recorded:
        """Tell when and by whom a row was recorded: by its own words, else as another, else now and here."""
        at, words = row["recorded_at"], row["recorded_by"]
        if like is not None:
            at, words = at or like["recorded_at"], words or like["recorded_by"]
        user = self._accounts.get(words.strip().lower(), words.strip()) if words else self.by
        return Recorded(
            at=at or self.moment,
            by=user.name if isinstance(user, User) else user,
            by_id=user.id if isinstance(user, User) else None,
            uid=row["uid"],
        )

    def gather(self, row: Row, faults: Sequence[Fault]) -> None:
        """Keep the faults that the models found in a row, at their place in the file."""
        for fault in faults:
            field = re.sub(r"citations-(\d+)-", r"citations[\1].", fault.field)
            field = re.sub(r"^scale_", "scale.", _PLACES.get(field, field))
            place = row.at(field) if field else row.place
            self.faults.append(Fault(place, fault.message, fault.values))
            row.is_sound = False

    @contextmanager
    def gathering(self, row: Row) -> Iterator[None]:
        """Keep the faults of what is refused inside."""
        try:
            yield
        except Refused as refused:
            self.gather(row, refused.faults)

    def add(self, name: str, row: Row, record: Any) -> bool:
        """Add a checked record of a list, unless the file has faults there."""
        if row.is_sound:
            self.gather(row, record.faults())
        if row.is_sound:
            self.session.add(record)
            self.outcome.added[name] += 1
        return row.is_sound

    def compare(self, name: str, row: Row, ours: Written) -> None:
        """Keep what is here already, and tell where the file says something else of it."""
        self.outcome.skipped[name] += 1
        for key, theirs in row.values.items():
            if key in row.given - {"ref", "recorded_by"} and not agrees(theirs, ours[key]):
                self.outcome.differences.append(Difference(row.at(key), ours[key], plain(theirs)))


def agrees(theirs: Any, ours: Any) -> bool:
    """Tell whether what a file says is what is here already; here there may be more."""
    if isinstance(theirs, Row):
        keys = (key for key in theirs.values if key in theirs.given or key not in _UNTOLD)
        keys = (key for key in keys if key != "recorded_by")
        return isinstance(ours, dict) and all(agrees(theirs[key], ours.get(key)) for key in keys)
    if isinstance(theirs, (list, tuple)) and theirs and isinstance(theirs[0], Row):
        return all(any(agrees(one, other) for other in ours) for one in theirs)
    return bool(_normal(plain(theirs)) == _normal(ours))


def _normal(value: Any) -> Any:
    return clean(value).strip() if isinstance(value, str) else value
