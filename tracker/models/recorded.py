"""Signatures: who recorded a row and when."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tracker.models.user import User


@dataclass(frozen=True)
class Recorded:
    """When and by whom something was recorded, where an import keeps what its file says."""

    at: datetime
    by: str
    by_id: int | None = None
    uid: str | None = None
    first_at: datetime | None = None


class Signed(Protocol):
    """A row with a uid that tells who recorded it and when."""

    uid: str
    recorded_at: datetime
    recorded_by: str
    recorded_by_id: int | None


def sign(row: Signed, *, by: User | str, moment: datetime, recorded: Recorded | None) -> None:
    """Sign a row: as its file says where it is imported, else by the actor at this moment."""
    row.uid = (recorded.uid if recorded else None) or str(uuid.uuid4())
    if recorded:
        row.recorded_at, row.recorded_by, row.recorded_by_id = recorded.at, recorded.by, recorded.by_id
    else:
        row.recorded_at = moment
        row.recorded_by = by if isinstance(by, str) else by.name
        row.recorded_by_id = None if isinstance(by, str) else by.id
