"""Preferences: how somebody wants pages to look and to be used. Nothing of the record, and not in the log."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.db import Base, Id
from tracker.models.user import User
from tracker.models.vocabulary import Theme, choice

_KEPT = re.compile(r"([a-z]{1,20})-([01])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was chosen. `has_keys`: single keys do something."""

    theme: Theme = Theme.SYSTEM
    has_keys: bool = True

    def __str__(self) -> str:
        return f"{self.theme.value}-{int(self.has_keys)}"

    @classmethod
    def read(cls, kept: str) -> Self:
        """Read what a browser kept; what is none of ours is nothing chosen."""
        found = _KEPT.fullmatch(kept)
        if not found or found[1] not in {theme.value for theme in Theme}:
            return cls()
        return cls(Theme(found[1]), found[2] == "1")


class Preference(Base):
    """What a user chose; who never chose has none."""

    __tablename__ = "preferences"
    is_audited = False
    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    theme: Mapped[Theme] = mapped_column(choice(Theme))
    has_keys: Mapped[bool]

    @property
    def wishes(self) -> Wishes:
        return Wishes(self.theme, self.has_keys)

    @classmethod
    def keep(cls, session: Session, user: User, wishes: Wishes) -> None:
        """Keep what a user chose in the place of what they chose before."""
        # Two presses at once come one after the other.
        session.execute(select(User.id).where(User.id == user.id).with_for_update())
        kept = session.scalar(select(cls).where(cls.user_id == user.id)) or cls(user_id=user.id)
        kept.theme, kept.has_keys = wishes.theme, wishes.has_keys
        session.add(kept)
