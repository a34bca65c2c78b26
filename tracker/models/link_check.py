"""Link checks: whether the address of a source still leads to it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import NEVER_REUSED, Base, Id, Moment, Title
from tracker.models.refused import N_
from tracker.models.vocabulary import Word

#: On so many days an address has to fail, one after the other, before it is called dead.
DEAD_AFTER = 3


class LinkState(Word):
    """Whether an address still leads to its source; derived from the days on which it failed."""

    ALIVE = "alive", N_("Reachable")
    UNREACHABLE = "unreachable", N_("Not reached lately")
    DEAD = "dead", N_("Dead link")


class LinkCheck(Base):
    """The last look at a source's address. No part of the record: a look changes nothing that was recorded.

    `url`: the address that was looked at; of a source that has another one by now, nothing is known.
    `failures`: the days in a row on which it failed; `reason`: how the last one failed, in a sentence.
    """

    __tablename__ = "link_checks"
    __table_args__ = (Index("ix_link_checks_failures", "failures"), NEVER_REUSED)
    is_audited = False
    id: Mapped[Id]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), unique=True)
    url: Mapped[str] = mapped_column(String(2000))
    checked_at: Mapped[Moment] = mapped_column(index=True)
    status: Mapped[int | None]
    reason: Mapped[Title] = mapped_column(default="")
    failures: Mapped[int] = mapped_column(default=0)
    failed_on: Mapped[date | None]

    @property
    def state(self) -> LinkState:
        return state_of(self.failures)

    def note(self, url: str, moment: datetime, status: int | None, reason: str) -> None:
        """Note a look at an address; `reason`: why it failed, empty where it did not."""
        if url != self.url:
            self.url, self.failures, self.failed_on = url, 0, None
        self.checked_at, self.status, self.reason = moment, status, reason
        if not reason:
            self.failures, self.failed_on = 0, None
        elif self.failed_on != moment.date():  # a bad hour is one failure, however often it is looked at
            self.failures, self.failed_on = (self.failures or 0) + 1, moment.date()


def state_of(failures: int) -> LinkState:
    """Name the state of an address that failed on so many days."""
    if not failures:
        return LinkState.ALIVE
    return LinkState.DEAD if failures >= DEAD_AFTER else LinkState.UNREACHABLE
