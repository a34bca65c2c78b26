"""Users, their sign-in sessions, and the count of failed attempts. Flask-Login is met in views/access.py."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ForeignKey, Index, Select, String, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from tracker.db import NEVER_REUSED, Base, Id, Moment, Title, now
from tracker.models.audit import moment_of
from tracker.models.refused import N_, Faults
from tracker.models.vocabulary import Role, choice

if TYPE_CHECKING:
    from tracker.models.preference import Preference

#: OWASP's first choice of argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
PASSWORD_SHORTEST, PASSWORD_LONGEST = 12, 200
IDLE, ABSOLUTE = timedelta(hours=8), timedelta(days=7)
WINDOW = timedelta(minutes=15)
#: Tries in a window: at one account from one address, and at any from one address, where many may sit.
TRIES, TRIES_OF_ADDRESS = 10, 100
_SEEN_EVERY = timedelta(minutes=1)


@cache
def nobodys_hash() -> str:
    """Make a hash that no password has: checked for unknown accounts, so that they take as long."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (_HASHER.salt_len, _HASHER.hash_len)
    )
    cost = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"


def matches(password_hash: str, password: str) -> bool:
    """Tell whether a password has this hash. Takes its time: hold no lock."""
    try:
        return _HASHER.verify(password_hash, _as_typed_anywhere(password))
    except (VerificationError, InvalidHashError):
        return False


def _as_typed_anywhere(password: str) -> str:
    """Make one of the ways in which keyboards write the same letters."""
    return unicodedata.normalize("NFKC", password)


def _as_address(email: str) -> str:
    return unicodedata.normalize("NFC", email.strip()).lower()


def _fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def password_faults(password: str, field: str = "password") -> Faults:
    """Find what is wrong with a new password."""
    faults = Faults()
    if not PASSWORD_SHORTEST <= len(_as_typed_anywhere(password)) <= PASSWORD_LONGEST:
        faults.find(
            field,
            N_("A password has %(shortest)s to %(longest)s characters."),
            shortest=PASSWORD_SHORTEST,
            longest=PASSWORD_LONGEST,
        )
    return faults


class User(Base):
    """Someone who works here."""

    __tablename__ = "users"
    is_kept = True
    id: Mapped[Id]
    email: Mapped[Title] = mapped_column(unique=True)
    name: Mapped[Title]
    role: Mapped[Role] = mapped_column(choice(Role))
    password_hash: Mapped[str] = mapped_column(String(200), info={"audit": "secret"})
    is_disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Moment] = mapped_column(default=now)
    preference: Mapped[Preference | None] = relationship(viewonly=True)

    @classmethod
    def add(cls, session: Session, *, email: str, name: str, role: Role, password: str) -> Self:
        """Open an account.

        Raises: Refused.
        """
        user = cls(email=_as_address(email), name=name.strip(), role=role)
        faults = user.faults(session)
        faults.extend(password_faults(password))
        faults.refuse()
        user.password_hash = _HASHER.hash(_as_typed_anywhere(password))
        session.add(user)
        return user

    def faults(self, session: Session) -> Faults:
        faults = Faults()
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", self.email) or not self.email.isprintable():
            faults.find("email", N_("Write an e-mail address, as in name@example.org."))
        elif self.find(session, self.email) not in (None, self):
            faults.find("email", N_("There is an account with this address already."))
        faults.extend(_name_faults(self.name))
        return faults

    @classmethod
    def find(cls, session: Session, email: str) -> Self | None:
        """Find the account with an address, in whatever case it was typed."""
        email = _as_address(email)
        if not email.isprintable():  # PostgreSQL cannot be asked for all that can be typed
            return None
        with session.no_autoflush:
            return session.scalar(select(cls).where(cls.email == email))

    def may(self, role: Role) -> bool:
        """Tell whether the user's role includes another."""
        order = list(Role)
        return not self.is_disabled and order.index(self.role) >= order.index(role)

    def edit(self, *, name: str, role: Role, is_disabled: bool) -> None:
        """Change what an administrator may change; who is disabled is signed out everywhere.

        Raises: Refused.
        """
        faults = _name_faults(name.strip())
        if (role is not Role.ADMIN or is_disabled) and self._is_last_administrator():
            faults.find(
                "is_disabled" if is_disabled else "role",
                N_("This is the last administrator: make another one first."),
            )
        faults.refuse()
        self.name, self.role, self.is_disabled = name.strip(), role, is_disabled
        if is_disabled:
            self.end_sessions()

    def disable(self) -> None:
        """Shut the account; what it recorded stays.

        Raises: Refused.
        """
        self.edit(name=self.name, role=self.role, is_disabled=True)

    def _is_last_administrator(self) -> bool:
        if self.role is not Role.ADMIN or self.is_disabled:
            return False
        moment_of(self.session)  # two administrators who shut each other out come one after the other
        query = select(func.count()).where(User.role == Role.ADMIN, ~User.is_disabled, User.id != self.id)
        return not self.session.scalar(query)

    def has_password(self, password: str) -> bool:
        return matches(self.password_hash, password)

    def set_password(self, password: str) -> None:
        """Change the password and end all sessions.

        Raises: Refused.
        """
        password_faults(password).refuse()
        self.password_hash = _HASHER.hash(_as_typed_anywhere(password))
        self.end_sessions()

    def end_sessions(self) -> None:
        """Sign out everywhere."""
        self.session.execute(delete(UserSession).where(UserSession.user_id == self.id))

    def live_sessions(self) -> Sequence[UserSession]:
        """List where the user is signed in, the last used first."""
        query = select(UserSession).where(UserSession.user_id == self.id)
        found = self.session.scalars(query.order_by(UserSession.seen_at.desc(), UserSession.id.desc()))
        return [one for one in found if one.is_live(now())]


def _name_faults(name: str) -> Faults:
    faults = Faults()
    if not name:
        faults.find("name", N_("Give the name."))
    elif not name.isprintable():
        faults.find("name", N_("A name is written in letters, on one line."))
    return faults


class UserSession(Base):
    """A sign-in at one browser. The browser holds an opaque id; here stands its hash only."""

    __tablename__ = "user_sessions"
    is_audited = False
    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    started_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    user: Mapped[User] = relationship()

    @classmethod
    def start(cls, session: Session, user: User) -> tuple[str, Self]:
        """Begin a session; the opaque id is given once and kept nowhere."""
        token = secrets.token_urlsafe(32)
        moment = now()
        session.execute(delete(cls).where(cls.started_at < moment - ABSOLUTE))
        started = cls(token_hash=_fingerprint(token), user=user, started_at=moment, seen_at=moment)
        session.add(started)
        session.flush()
        return token, started

    @classmethod
    def find(cls, session: Session, token: str) -> Self | None:
        """Find the live session of an opaque id: not idle too long, not too old, account not disabled."""
        found: Self | None = session.scalar(_hashed(), {"hash": _fingerprint(token)})
        return found if found and found.is_live(now()) and not found.user.is_disabled else None

    @classmethod
    def end(cls, session: Session, token: str) -> None:
        """End the session of an opaque id, if there is one."""
        session.execute(delete(cls).where(cls.token_hash == _fingerprint(token)))

    def is_live(self, moment: datetime) -> bool:
        return moment - self.seen_at <= IDLE and moment - self.started_at <= ABSOLUTE

    def is_due(self, moment: datetime) -> bool:
        """Tell whether it is time to note that the session was used."""
        return moment - self.seen_at > _SEEN_EVERY


@cache
def _hashed() -> Select[Any]:
    """Write the statement once: every page for a user asks it."""
    query = select(UserSession).where(UserSession.token_hash == bindparam("hash"))
    return query.options(joinedload(UserSession.user, innerjoin=True).joinedload(User.preference))


class SignInAttempt(Base):
    """A failed sign-in: a row by account and address together, and one by address alone; hashes only."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_place_at", "place", "at"), NEVER_REUSED)
    is_audited = False
    id: Mapped[Id]
    place: Mapped[str] = mapped_column(String(64))
    at: Mapped[Moment]

    @staticmethod
    def _places(email: str, address: str) -> tuple[str, str]:
        network = _network(address)
        return _fingerprint(f"{_as_address(email)}\n{network}"), _fingerprint(network)

    @classmethod
    def begin(cls, session: Session, email: str, address: str) -> bool:
        """Count a try, before its password is looked at; False: there were too many, known account or not.

        Commit before looking, so that many tries at once cannot outrun the count. Those refused do not
        count: who waits a quarter of an hour may always try again.
        """
        moment = now()
        both, alone = cls._places(email, address)
        if session.get_bind().dialect.name == "postgresql":  # SQLite's writers wait for each other anyway
            session.execute(select(func.pg_advisory_xact_lock(func.hashtext(alone))))
        session.execute(delete(cls).where(cls.at <= moment - WINDOW))
        query = select(cls.place, func.count()).where(cls.place.in_([both, alone])).group_by(cls.place)
        counts: dict[str, int] = dict(session.execute(query).all())
        if counts.get(both, 0) >= TRIES or counts.get(alone, 0) >= TRIES_OF_ADDRESS:
            return False
        session.add_all([cls(place=both, at=moment), cls(place=alone, at=moment)])
        return True

    @classmethod
    def clear(cls, session: Session, email: str, address: str) -> None:
        """Forget the tries at an account from an address: the right password was given."""
        both, alone = cls._places(email, address)
        ids = select(cls.id).where(cls.place == both)
        count = len(session.scalars(ids).all())
        latest = select(cls.id).where(cls.place == alone).order_by(cls.id.desc()).limit(count)
        found = [*session.scalars(ids), *session.scalars(latest)]
        session.execute(delete(cls).where(cls.id.in_(found)))


def _network(address: str) -> str:
    """Give what one attacker holds: an IPv4 address, or the 64 bits of an IPv6 network."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped or ipaddress.ip_network((int(parsed), 64), strict=False))
