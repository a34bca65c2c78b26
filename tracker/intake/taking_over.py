"""Taking over: which references of a list are new, and adding those as sources, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from tracker.intake.references import Reference, read_references
from tracker.models import Fault, Negotiation, Refused, User
from tracker.models.refused import N_
from tracker.queries.duplicates import Compared, Duplicate, Likeness, find_duplicates

#: Called with how many were done, and of how many.
Progress = Callable[[int, int], None]
#: What is told of a list that was added.
ADDED, PASSED_OVER, BROKEN = N_("Added"), N_("Left out, may be the same as others"), N_("Left out, broken")
#: So many are looked up at a time.
_AT_ONCE = 500


@dataclass(frozen=True)
class Earlier:
    """A reference further up in the same list, and why a later one may be the same."""

    number: int
    title: str
    why: tuple[Likeness, ...]


@dataclass(frozen=True)
class Checked:
    """A reference, and what it may be the same as. `is_taken`: it is to be added."""

    reference: Reference
    here: tuple[Duplicate, ...]
    earlier: tuple[Earlier, ...]
    is_taken: bool

    @property
    def is_duplicate(self) -> bool:
        return bool(self.here or self.earlier)


@dataclass(frozen=True)
class CheckedList:
    """A list of references, each in one of three parts."""

    format: str
    rows: tuple[Checked, ...]
    remarks: tuple[Fault, ...] = ()

    @property
    def taken(self) -> list[Checked]:
        return [row for row in self.rows if row.is_taken]

    @property
    def duplicates(self) -> list[Checked]:
        return [row for row in self.rows if row.is_duplicate]

    @property
    def broken(self) -> list[Checked]:
        return [row for row in self.rows if row.reference.broken]


class LeftOut(NamedTuple):
    """A reference that was not added, and why."""

    number: int
    title: str
    why: str


@dataclass(frozen=True)
class TakenOver:
    """What came of a list: how many of what, and what was left out."""

    counts: dict[str, int]
    left_out: list[LeftOut]


def check_references(
    session: Session,
    text: str,
    by: User,
    *,
    also: Collection[int] = (),
    progress: Progress | None = None,
) -> CheckedList:
    """Read a list, and compare its references with what is there, as far as the user sees it, and each other.

    `also`: the numbers of those that are to be added though they look like another.
    Raises: Refused, about the field "text".
    """
    found = read_references(text)
    rows: list[Checked] = []
    above = Compared()
    for start in range(0, len(found.references), _AT_ONCE):
        rows += _check(session, by, found.references[start : start + _AT_ONCE], above, also)
        if progress:
            progress(len(rows), len(found.references))
    return CheckedList(found.format, tuple(rows), found.remarks)


def _check(
    session: Session, by: User, references: Sequence[Reference], above: Compared, also: Collection[int]
) -> list[Checked]:
    """Check a run of references; `above` are those before it, to which they are added."""
    whole = [each for each in references if not each.broken]
    sources = [each.source() for each in whole]
    here = dict(zip((each.number for each in whole), find_duplicates(session, by, sources), strict=True))
    rows = []
    made = iter(sources)
    for reference in references:
        if reference.broken:
            rows.append(Checked(reference, (), (), is_taken=False))
            continue
        row = _Numbered(reference, next(made))
        earlier = tuple(Earlier(other.number, other.title, why) for other, why in above.alike(row))
        above.add(row)
        found = here[reference.number]
        is_taken = not (found or earlier) or reference.number in also
        rows.append(Checked(reference, found, earlier, is_taken))
    return rows


class _Numbered:
    """What is compared of a reference."""

    def __init__(self, reference: Reference, source: Any) -> None:
        self.number, self.title, self.published_on = reference.number, source.title, source.published_on
        self.url_key, self.text_hash = source.url_key, source.text_hash


def add_references(
    session: Session,
    text: str,
    *,
    filed_under: Collection[Negotiation],
    by: User,
    also: Collection[int] = (),
    progress: Progress | None = None,
) -> TakenOver:
    """Check a list anew and add what is new of it as sources, all or nothing; tell what came of it.

    Raises: Refused.
    """
    checked = check_references(session, text, by, also=also, progress=progress)
    if not checked.taken:
        raise Refused(Fault("text", N_("Nothing in this list is new.")))
    for row in checked.taken:
        row.reference.source().add(session, filed_under=filed_under, by=by)
    session.flush()
    left = [row for row in checked.rows if not row.is_taken]
    left_out = [
        LeftOut(row.reference.number, row.reference.title, BROKEN if row.reference.broken else PASSED_OVER)
        for row in left
    ]
    passed_over = len(left) - len(checked.broken)
    counts = {ADDED: len(checked.taken), PASSED_OVER: passed_over, BROKEN: len(checked.broken)}
    return TakenOver(counts, left_out)
