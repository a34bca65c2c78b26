"""Users, their sign-in sessions, and the count of failed attempts. Flask-Login is met in views/access.py."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from functools import cache
from typing import Self

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ForeignKey, Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.db import NEVER_REUSED, Base, Id, Moment, Title, now
from tracker.models.refused import N_, Faults
from tracker.models.vocabulary import Role, choice

#: OWASP's first choice of argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
PASSWORD_SHORTEST, PASSWORD_LONGEST = 12, 200
IDLE, ABSOLUTE = timedelta(hours=8), timedelta(days=7)
WINDOW, TRIES = timedelta(minutes=15), 10
_SEEN_EVERY = timedelta(minutes=1)


@cache
def _nobodys_hash() -> str:
    """Make a hash that no password has: checked for unknown accounts, so that they take as long."""
    return _HASHER.hash(secrets.token_hex())


def _fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class User(Base):
    """Someone who works here."""

    __tablename__ = "users"
    id: Mapped[Id]
    email: Mapped[Title] = mapped_column(unique=True)
    name: Mapped[Title]
    role: Mapped[Role] = mapped_column(choice(Role))
    password_hash: Mapped[str] = mapped_column(String(200), info={"audit": "secret"})
    is_disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Moment] = mapped_column(default=now)
    sessions: Mapped[list[UserSession]] = relationship(back_populates="user")

    @classmethod
    def add(cls, session: Session, *, email: str, name: str, role: Role, password: str) -> Self:
        """Open an account.

        Raises: Refused.
        """
        user = cls(email=email.strip().lower(), name=name.strip(), role=role)
        faults = user.faults(session)
        faults.extend(password_faults(password))
        faults.refuse()
        user.password_hash = _HASHER.hash(password)
        session.add(user)
        return user

    def faults(self, session: Session) -> Faults:
        faults = Faults()
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", self.email):
            faults.find("email", N_("Write an e-mail address, as in name@example.org."))
        elif self.find(session, self.email) not in (None, self):
            faults.find("email", N_("There is an account with this address already."))
        if not self.name:
            faults.find("name", N_("Give the name."))
        return faults

    @classmethod
    def find(cls, session: Session, email: str) -> Self | None:
        """Find the account with an address, in whatever case it was typed."""
        with session.no_autoflush:
            return session.scalar(select(cls).where(cls.email == email.strip().lower()))

    def may(self, role: Role) -> bool:
        """Tell whether the user's role includes another."""
        order = list(Role)
        return not self.is_disabled and order.index(self.role) >= order.index(role)

    def has_password(self, password: str) -> bool:
        return _matches(self.password_hash, password)

    def set_password(self, password: str) -> None:
        """Change the password and end all sessions.

        Raises: Refused.
        """
        password_faults(password).refuse()
        self.password_hash = _HASHER.hash(password)
        self.end_sessions()

    def disable(self) -> None:
        """Shut the account; what it recorded stays."""
        self.is_disabled = True
        self.end_sessions()

    def end_sessions(self, but: UserSession | None = None) -> None:
        """Sign out everywhere, or everywhere else."""
        for session in [*self.sessions]:
            if session is not but:
                self.session.delete(session)


def password_faults(password: str, field: str = "password") -> Faults:
    faults = Faults()
    if not PASSWORD_SHORTEST <= len(password) <= PASSWORD_LONGEST:
        faults.find(
            field,
            N_("A password has %(shortest)s to %(longest)s characters."),
            shortest=PASSWORD_SHORTEST,
            longest=PASSWORD_LONGEST,
        )
    return faults


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def sign_in(session: Session, email: str, password: str) -> User | None:
    """Find the user whose e-mail and password these are; unknown accounts take as long as known ones."""
    user = User.find(session, email)
    if user is None:
        _matches(_nobodys_hash(), password)
        return None
    return user if user.has_password(password) and not user.is_disabled else None


class UserSession(Base):
    """A sign-in at one browser. The browser holds an opaque id; here stands its hash only."""

    __tablename__ = "user_sessions"
    is_audited = False
    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    started_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    user: Mapped[User] = relationship(back_populates="sessions")

    @classmethod
    def start(cls, session: Session, user: User) -> str:
        """Begin a session; the opaque id is given once and kept nowhere."""
        token = secrets.token_urlsafe(32)
        moment = now()
        session.execute(delete(cls).where(cls.started_at < moment - ABSOLUTE))
        session.add(cls(token_hash=_fingerprint(token), user=user, started_at=moment, seen_at=moment))
        return token

    @classmethod
    def find(cls, session: Session, token: str) -> Self | None:
        """Find the live session of an opaque id: not idle too long, not too old, account not disabled."""
        found = session.scalar(select(cls).where(cls.token_hash == _fingerprint(token)))
        if found is None or found.user.is_disabled:
            return None
        moment = now()
        if moment - found.seen_at > IDLE or moment - found.started_at > ABSOLUTE:
            return None
        return found

    def is_due(self, moment: datetime) -> bool:
        """Tell whether it is time to note that the session was used."""
        return moment - self.seen_at > _SEEN_EVERY


class SignInAttempt(Base):
    """A failed sign-in, by account and address together and by address alone; hashes only."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_place_at", "place", "at"), NEVER_REUSED)
    is_audited = False
    id: Mapped[Id]
    place: Mapped[str] = mapped_column(String(64))
    at: Mapped[Moment]

    @staticmethod
    def _place(email: str, address: str) -> str:
        return _fingerprint(f"{email.strip().lower()}\n{address}")

    @classmethod
    def is_too_many(cls, session: Session, email: str, address: str) -> bool:
        """Tell whether this account was tried too often from this address, known account or not."""
        query = select(func.count()).where(cls.place == cls._place(email, address), cls.at > now() - WINDOW)
        return (session.scalar(query) or 0) >= TRIES

    @classmethod
    def note(cls, session: Session, email: str, address: str) -> None:
        """Count a failure and forget those past counting."""
        session.execute(delete(cls).where(cls.at < now() - WINDOW))
        session.add(cls(place=cls._place(email, address), at=now()))

    @classmethod
    def clear(cls, session: Session, email: str, address: str) -> None:
        session.execute(delete(cls).where(cls.place == cls._place(email, address)))
