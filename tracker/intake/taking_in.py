"""Taking in: a new source, unless it looks like one that is there; or that one itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from tracker.models import Fault, Negotiation, Refused, Source, User
from tracker.models.refused import N_
from tracker.queries.duplicates import Duplicate, find_duplicates

_ALIKE = N_("This may be here already. Use what is here, or tick that it is another source.")


class Alike(Refused):
    """A new source looks like some that are there; `others` is what else is wrong with it."""

    def __init__(self, found: Sequence[Duplicate], others: Sequence[Fault]) -> None:
        super().__init__(*(others or [Fault("is_another", _ALIKE)]))
        self.found, self.others = tuple(found), tuple(others)


def add_source(
    session: Session,
    source: Source,
    *,
    filed_under: Collection[Negotiation],
    by: User | str,
    is_another: bool,
) -> None:
    """Add a new source, unless it looks like one that is there and nobody said that it is another.

    Raises: Alike, Refused.
    """
    found = () if is_another else find_duplicates(session, by, [source])[0]
    others: Sequence[Fault] = ()
    try:
        source.add(session, filed_under=filed_under, by=by)
    except Refused as refused:
        if not found:
            raise
        others = refused.faults
    if found:
        raise Alike(found, others)
    session.flush()


def use_source(session: Session, id_: int, *, filed_under: Collection[Negotiation], by: User) -> Source:
    """Take a source that is there, and file it where the new one would have been.

    Raises: Refused.
    """
    source = Source.find(session, id_, by)
    if source is None:
        raise Refused(Fault("", N_("There is no such source.")))
    here = {filing.negotiation_id for filing in source.filings}
    new = [negotiation for negotiation in filed_under if negotiation.id not in here]
    if new:
        source.edit({}, file_under=new)
    return source
