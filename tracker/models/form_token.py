"""Form tokens: what keeps one press of a button from being entered twice."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from functools import cache
from typing import Any, Self

from sqlalchemy import Delete, ForeignKey, Select, String, bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.db import Base, Id, Moment, now
from tracker.models.refused import N_, Conflict, Fault

KEPT = timedelta(days=7)
#: The longest address that a form can lead to.
RESULT = 500


class FormToken(Base):
    """A token used up by a saved form: whose, for what address and content, and what it led to."""

    __tablename__ = "form_tokens"
    is_audited = False
    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    content_hash: Mapped[str] = mapped_column(String(64))
    result: Mapped[str] = mapped_column(String(RESULT))
    used_at: Mapped[Moment] = mapped_column(index=True)

    @staticmethod
    def fingerprint(address: str, content: list[tuple[str, str]]) -> str:
        """Hash what was posted and where."""
        return hashlib.sha256(repr((address, sorted(content))).encode()).hexdigest()

    @classmethod
    def find(cls, session: Session, token: str, user_id: int, content_hash: str) -> Self | None:
        """Find the use of a token by the same person for the same content.

        Raises: Conflict where it was used for something else.
        """
        found: Self | None = session.scalar(_tokened(), {"token": token})
        if found and (found.user_id, found.content_hash) != (user_id, content_hash):
            raise Conflict(Fault("form_token", N_("This form was saved already, with other content.")))
        return found

    @classmethod
    def use(cls, session: Session, token: str, user_id: int, content_hash: str) -> Self:
        """Use a token up, before what it saves; who presses twice at once waits here for the first.

        Raises: IntegrityError where the other press won.
        """
        session.execute(_used_long_ago(), {"by": now() - KEPT})
        used = cls(token=token, user_id=user_id, content_hash=content_hash, result="", used_at=now())
        session.add(used)
        session.flush()
        return used


@cache
def _tokened() -> Select[Any]:
    return select(FormToken).where(FormToken.token == bindparam("token"))


@cache
def _used_long_ago() -> Delete:
    return delete(FormToken).where(FormToken.used_at < bindparam("by"))
