"""The inbox: what the desk does with a source as long as nothing rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import PROSE
from tracker.models.guard import text_faults
from tracker.models.refused import N_, Fault, Faults, Refused
from tracker.models.user import User
from tracker.models.vocabulary import InboxState, Role, choice

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Inboxed:
    """What a source has of its place in the inbox, which it leaves by itself when something rests on it."""

    #: None: it is new.
    inbox_state: Mapped[InboxState | None] = mapped_column(choice(InboxState))
    #: Why it was set aside; None otherwise.
    inbox_reason: Mapped[str | None] = mapped_column(String(PROSE))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    if TYPE_CHECKING:
        id: Mapped[int]
        version: Mapped[int]
        session: Session

        def at_version(self, base_version: int | None) -> None: ...
        def is_seen_by(self, user: User) -> bool: ...

    def take_up(self, *, by: User, base_version: int | None = None) -> None:
        """Begin to work on it: from now on it is with the user who took it up.

        Raises: Conflict, Refused.
        """
        self._move(InboxState.IN_WORK, None, base_version)
        self._give_to(by)

    def set_aside(self, reason: str, *, base_version: int | None = None) -> None:
        """Say why nothing will rest on it.

        Raises: Conflict, Refused.
        """
        self._move(InboxState.SET_ASIDE, reason.strip(), base_version)

    def put_back(self, *, base_version: int | None = None) -> None:
        """Put it among the new ones again, and with nobody.

        Raises: Conflict.
        """
        self._move(None, None, base_version)
        self.assignee_id = None

    def assign(self, to: User | None, *, base_version: int | None = None) -> None:
        """Give it to somebody who may record something from it; None: to nobody.

        Raises: Conflict, Refused.
        """
        self.at_version(base_version)
        self._give_to(to)
        self.version += 1

    def _move(self, state: InboxState | None, reason: str | None, base_version: int | None) -> None:
        self.at_version(base_version)
        self.inbox_state, self.inbox_reason = state, reason
        faults = self.inbox_faults()
        faults.extend(Fault("reason", fault.message, fault.values) for fault in text_faults(self))  # type: ignore[arg-type]
        faults.refuse()
        self.version += 1

    def _give_to(self, user: User | None) -> None:
        if user is not None and not (user.may(Role.EDITOR) and self.is_seen_by(user)):
            message = N_("%(name)s cannot work on this: only an editor who sees the negotiation can.")
            raise Refused(Fault("assignee", message, {"name": user.name}))
        self.assignee_id = user.id if user else None

    def inbox_faults(self) -> Faults:
        """Find whether the reason is there where it has to be, and only there."""
        faults = Faults()
        is_set_aside = self.inbox_state is InboxState.SET_ASIDE
        if is_set_aside and not self.inbox_reason:
            faults.find("inbox_reason", N_("Say why nothing of it is used."))
        if self.inbox_reason and not is_set_aside:
            faults.find("inbox_reason", N_("Only what is set aside has a reason."))
        return faults
