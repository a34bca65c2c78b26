"""The interchange form at work: a negotiation out to a file and in again, inverse of each other."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tracker.db import now
from tracker.exchange.frame import add_frame
from tracker.exchange.importing import Import, Outcome
from tracker.exchange.material import add_material
from tracker.exchange.reading import read_document
from tracker.exchange.replaying import replay
from tracker.exchange.writing import export
from tracker.models import User
from tracker.models.refused import Faults, Refused

__all__ = ["Outcome", "export", "import_"]


def import_(session: Session, data: bytes, *, by: User | str, code: str | None = None) -> Outcome:
    """Add what a file holds and is not here, under the file's code or another; flush, and leave the commit.

    Raises: Refused with every fault and its place; the door then rolls back.
    """
    faults = Faults()
    document = read_document(data, now(), faults)
    if document is None:
        raise Refused(*faults)
    work = Import(session, document, by, faults, code or document.negotiation["code"] or "UNREADABLE")
    add_frame(work)
    add_material(work)
    replay(work)
    session.flush()
    faults.refuse()
    return work.outcome
