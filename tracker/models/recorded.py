"""Signatures: who recorded a row and when."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Moment, Title, Uid
from tracker.models.guard import FIXED
from tracker.models.user import User


@dataclass(frozen=True)
class Recorded:
    """When and by whom something was recorded, where an import keeps what its file says."""

    at: datetime
    by: str
    by_id: int | None = None
    uid: str | None = None
    first_at: datetime | None = None


class Signed:
    """A row with a uid that tells who recorded it and when."""

    uid: Mapped[Uid] = mapped_column(info=FIXED)
    recorded_at: Mapped[Moment] = mapped_column(info=FIXED)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    recorded_by: Mapped[Title]


def sign(row: Signed, *, by: User | str, moment: datetime, recorded: Recorded | None) -> None:
    """Sign a row: as its file says where it is imported, else by the actor at this moment."""
    row.uid = (recorded.uid if recorded else None) or str(uuid.uuid4())
    if recorded:
        row.recorded_at, row.recorded_by, row.recorded_by_id = recorded.at, recorded.by, recorded.by_id
    else:
        row.recorded_at = moment
        row.recorded_by = by if isinstance(by, str) else by.name
        row.recorded_by_id = None if isinstance(by, str) else by.id
