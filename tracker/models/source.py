"""Sources: articles and documents, and the negotiations they are filed under."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    String,
    UniqueConstraint,
    exists,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column, relationship

from tracker.dates import latest_day
from tracker.db import NEVER_REUSED, TEXT, Base, Id, Moment, Title, Uid
from tracker.models.negotiation import Negotiation
from tracker.models.refused import N_, Faults
from tracker.models.user import User
from tracker.models.vocabulary import Handling, Reliability, SourceKind, choice
from tracker.text import clean, paragraphs

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Source(Base):
    """An article or document. `text` is kept in the form of text.clean, and apart: it may be long."""

    __tablename__ = "sources"
    id: Mapped[Id]
    uid: Mapped[Uid]
    kind: Mapped[SourceKind] = mapped_column(choice(SourceKind), default=SourceKind.ARTICLE)
    title: Mapped[Title]
    publisher: Mapped[Title] = mapped_column(default="")
    origin: Mapped[Title] = mapped_column(default="")
    authors: Mapped[list[str]] = mapped_column(JSON, default=list)
    language: Mapped[str] = mapped_column(String(35), default="")
    url: Mapped[str] = mapped_column(String(2000), default="")
    archived_url: Mapped[str] = mapped_column(String(2000), default="")
    published_on: Mapped[date | None]
    accessed_on: Mapped[date | None]
    text: Mapped[str | None] = deferred(mapped_column(String(TEXT), info={"audit": "hash"}))
    is_free_to_show: Mapped[bool] = mapped_column(default=False)
    reliability: Mapped[Reliability] = mapped_column(choice(Reliability), default=Reliability.F)
    handling: Mapped[Handling] = mapped_column(choice(Handling), default=Handling.CLEAR)
    version: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[Moment] = mapped_column(index=True)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    recorded_by: Mapped[Title]
    filings: Mapped[list[Filing]] = relationship(back_populates="source")

    @classmethod
    def visible_to(cls, user: User | None) -> ColumnElement[bool]:
        """Say in SQL which sources a user or a stranger sees: those of a negotiation they see.

        Strangers see only what is clear, and what was known when the record was published.
        """
        filed = (
            exists()
            .where(Filing.source_id == cls.id, Negotiation.id == Filing.negotiation_id)
            .where(Negotiation.visible_to(user))
        )
        if user is not None:
            return filed
        published = func.coalesce(Negotiation.published_at, cls.recorded_at)
        return filed.where(cls.recorded_at <= published) & (cls.handling == Handling.CLEAR)

    @classmethod
    def find(cls, session: Session, id_: int, user: User | None) -> Source | None:
        return session.scalar(select(cls).where(cls.id == id_, cls.visible_to(user)))

    @property
    def paragraphs(self) -> list[tuple[int, str]]:
        """Offset and words of each paragraph of the stored text; empty where none is stored."""
        return paragraphs(self.text) if self.text else []

    def shows_text_to(self, user: User | None) -> bool:
        return self.text is not None and (user is not None or self.is_free_to_show)

    def set_text(self, text: str | None) -> None:
        """Store the text in its clean form; nothing but blanks counts as none."""
        self.text = clean(text).strip("\n") if text and text.strip() else None

    def file_under(self, negotiation: Negotiation) -> None:
        if all(filing.negotiation_id != negotiation.id for filing in self.filings):
            self.filings.append(Filing(negotiation=negotiation))

    def faults(self) -> Faults:
        faults = Faults()
        if not self.title:
            faults.find("title", N_("Give a title."))
        for field, address in (("url", self.url), ("archived_url", self.archived_url)):
            if address and not is_web_address(address):
                faults.find(field, N_("An address starts with http:// or https:// and names a host."))
        if self.language and not LANGUAGE.fullmatch(self.language):
            faults.find("language", N_("Write the language as a code: en, uk, zh-Hant."))
        for field, day in (("published_on", self.published_on), ("accessed_on", self.accessed_on)):
            if day and day > latest_day():
                faults.find(field, N_("This day lies in the future."))
        if self.text and len(self.text) > TEXT:
            faults.find(
                "text",
                N_("This text has %(length)s characters; %(limit)s is the most."),
                length=len(self.text),
                limit=TEXT,
            )
        return faults


class Filing(Base):
    """A source filed under a negotiation."""

    __tablename__ = "filings"
    __table_args__ = (UniqueConstraint("source_id", "negotiation_id"), NEVER_REUSED)
    id: Mapped[Id]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    negotiation_id: Mapped[int] = mapped_column(ForeignKey("negotiations.id"), index=True)
    source: Mapped[Source] = relationship(back_populates="filings")
    negotiation: Mapped[Negotiation] = relationship()


def is_web_address(address: str) -> bool:
    """Tell whether an address is one that a reader may safely be sent to."""
    if re.search(r"[\x00-\x20\x7f]", address):
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
