"""Sources: articles and documents, and the negotiations they are filed under."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Select,
    String,
    bindparam,
    event,
    exists,
    func,
    inspect,
    select,
)
from sqlalchemy.orm import Mapped, Session, UOWTransaction, deferred, mapped_column, relationship, validates

from tracker.dates import latest_day
from tracker.db import TEXT, Base, Id, Moment, Title
from tracker.models.alike import KEY, address_key, is_web_address, text_hash
from tracker.models.audit import moment_of
from tracker.models.audit_body import DERIVED
from tracker.models.filing import Filing
from tracker.models.guard import FIXED, text_faults
from tracker.models.inbox import Inboxed
from tracker.models.negotiation import Negotiation
from tracker.models.recorded import Recorded, Signed, sign
from tracker.models.refused import N_, Fault, Faults, Refused, stale
from tracker.models.user import User
from tracker.models.vocabulary import Handling, Reliability, SourceKind, choice
from tracker.text import clean, paragraphs

if TYPE_CHECKING:
    from tracker.models.citation import Citation
    from tracker.models.entry import Entry
    from tracker.models.event import Event
    from tracker.models.proposal import Proposal
    from tracker.models.quote_check import QuoteCheck

_QUOTED = N_("This text is quoted and can no longer be changed.")
UNFILED = N_("File it under one negotiation at least, else nobody would see it.")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Source(Inboxed, Signed, Base):
    """An article or document. `text` is kept in the form of text.clean, and apart: it may be long."""

    __tablename__ = "sources"
    id: Mapped[Id]
    kind: Mapped[SourceKind] = mapped_column(choice(SourceKind), default=SourceKind.ARTICLE)
    title: Mapped[Title] = mapped_column(index=True)
    publisher: Mapped[Title] = mapped_column(default="")
    origin: Mapped[Title] = mapped_column(default="")
    authors: Mapped[list[str]] = mapped_column(JSON, default=list)
    language: Mapped[str] = mapped_column(String(35), default="")
    url: Mapped[str] = mapped_column(String(2000), default="")
    archived_url: Mapped[str] = mapped_column(String(2000), default="")
    published_on: Mapped[date | None] = mapped_column(index=True, active_history=True)
    accessed_on: Mapped[date | None]
    text: Mapped[str | None] = deferred(mapped_column(String(TEXT), info={"audit": "hash"}))
    #: What the same article is found by: the address without what may differ, and the text's SHA-256.
    url_key: Mapped[str | None] = mapped_column(String(KEY), index=True, info=DERIVED)
    text_hash: Mapped[str | None] = mapped_column(String(64), index=True, info=DERIVED)
    is_free_to_show: Mapped[bool] = mapped_column(default=False)
    reliability: Mapped[Reliability] = mapped_column(choice(Reliability), default=Reliability.F)
    handling: Mapped[Handling] = mapped_column(choice(Handling), default=Handling.CLEAR)
    version: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[Moment] = mapped_column(index=True, info=FIXED)
    filings: Mapped[list[Filing]] = relationship(back_populates="source")
    #: The citations whose quotes were found in the stored text.
    checked: Mapped[list[Citation]] = relationship(
        primaryjoin="and_(Citation.source_id == Source.id, Citation.offset.is_not(None))", viewonly=True
    )
    #: The same of quotes that were looked up when the text was stored after them.
    found_later: Mapped[list[QuoteCheck]] = relationship(
        secondary="citations",
        primaryjoin="Source.id == Citation.source_id",
        secondaryjoin="and_(Citation.id == QuoteCheck.citation_id, QuoteCheck.offset.is_not(None))",
        viewonly=True,
    )
    entries: Mapped[list[Entry]] = relationship(secondary="citations", viewonly=True)
    events: Mapped[list[Event]] = relationship(secondary="citations", viewonly=True)
    proposals: Mapped[list[Proposal]] = relationship(viewonly=True)

    @classmethod
    def visible_to(cls, user: User | None) -> ColumnElement[bool]:
        """Say in SQL which sources a user or a stranger sees: those of a negotiation they see.

        Strangers see only what is clear, and what was known when the record was published.
        """
        return cls.visible_to_id(user.id if user else None)

    @classmethod
    def visible_to_id(cls, user_id: Any) -> ColumnElement[bool]:
        """Say the same of a user's id, which may be a parameter; None: a stranger."""
        filed = (
            exists()
            .where(Filing.source_id == cls.id, Negotiation.id == Filing.negotiation_id)
            .where(Negotiation.visible_to_id(user_id))
        )
        if user_id is not None:
            return filed
        published = func.coalesce(Negotiation.published_at, cls.recorded_at)
        return filed.where(cls.recorded_at <= published) & (cls.handling == Handling.CLEAR)

    @classmethod
    def find(
        cls, session: Session, id_: int, user: User | None, under: Negotiation | None = None
    ) -> Source | None:
        """Find a source by its id, if the user sees it; `under`: and if it is filed there."""
        given = {"id": id_, "user": user and user.id, "under": under and under.id}
        found: Source | None = session.scalar(_numbered(user is None, under is not None), given)
        return found

    @validates("url", "text")
    def _derive(self, field: str, value: str | None) -> str | None:
        if field == "url":
            self.url_key = address_key(value or "")
        else:
            self.text_hash = None if value is None else text_hash(value)
        return value

    @property
    def paragraphs(self) -> list[tuple[int, str]]:
        """Offset and words of each paragraph of the stored text; empty where none is stored."""
        return paragraphs(self.text) if self.text else []

    @property
    def has_text(self) -> bool:
        return self.text is not None

    def is_seen_by(self, user: User) -> bool:
        return Source.find(self.session, self.id, user) is not None

    def shows_text_to(self, user: User | None) -> bool:
        return self.has_text and (user is not None or self.is_free_to_show)

    def set_text(self, text: str | None) -> None:
        """Store the text in its clean form; nothing but blanks counts as none."""
        self.text = clean(text).strip("\n") if text and text.strip() else None

    def file_under(self, negotiation: Negotiation) -> None:
        if all(filing.negotiation is not negotiation for filing in self.filings):
            self.filings.append(Filing(negotiation=negotiation))

    def add(
        self,
        session: Session,
        *,
        filed_under: Iterable[Negotiation],
        by: User | str,
        recorded: Recorded | None = None,
    ) -> None:
        """Check this new source and add it, filed under one negotiation or more.

        Raises: Refused.
        """
        negotiations = sorted(filed_under, key=lambda negotiation: negotiation.code)
        moments = [negotiation.moment for negotiation in negotiations] or [moment_of(session)]
        sign(self, by=by, moment=moments[-1], recorded=recorded)
        for negotiation in negotiations:
            self.file_under(negotiation)
        faults = self.faults()
        faults.extend(self._filing_faults())
        faults.refuse()
        session.add(self)

    def edit(
        self,
        values: Mapping[str, Any],
        *,
        file_under: Iterable[Negotiation] = (),
        withdraw_from: Iterable[Negotiation] = (),
        base_version: int | None = None,
    ) -> None:
        """Change editable fields (by column name), and where it is filed.

        Raises: Conflict, Refused.
        """
        text = values.get("text")
        self.at_version(base_version, holding=bool(text) and text != self.text)
        faults = Faults()
        with self.session.no_autoflush:
            for field, value in values.items():
                if field == "text":
                    self._change_text(value, faults)
                elif getattr(self, field) != value:
                    setattr(self, field, value)
            for negotiation in file_under:
                self.file_under(negotiation)
            for negotiation in withdraw_from:
                self._withdraw_from(negotiation, faults)
            faults.extend(self.faults())
            faults.extend(self._filing_faults())
        faults.refuse()
        if self.session.is_modified(self):
            self.version += 1

    def at_version(self, base_version: int | None, *, holding: bool = False) -> None:
        """Lock this source, and hold that nobody saved since a form was made from `base_version`.

        `holding`: lock before it, as all writers do, the records that may quote it. Raises: Conflict.
        """
        if holding:
            for negotiation in sorted(
                (filing.negotiation for filing in self.filings), key=lambda it: it.code
            ):
                _ = negotiation.moment
        self.session.flush()  # refresh would forget what this transaction has changed already
        self.session.refresh(self, with_for_update={"of": Source})
        if base_version is not None and base_version != self.version:
            raise stale()

    @property
    def is_quoted(self) -> bool:
        """Whether a quote was found in the stored text, which then stays as it is."""
        return self._has(Source.checked.any() | Source.found_later.any())

    def _has(self, rows: ColumnElement[bool]) -> bool:
        return bool(self.session.scalar(select(exists().where(Source.id == self.id, rows))))

    def _change_text(self, text: str | None, faults: Faults) -> None:
        before = self.text
        self.set_text(text)
        if before is not None and self.text != before and self.is_quoted:
            self.text = before
            faults.find("text", _QUOTED)

    def _withdraw_from(self, negotiation: Negotiation, faults: Faults) -> None:
        """Take a wrong filing back, unless records of that negotiation rest on this source."""
        filing = next((each for each in self.filings if each.negotiation is negotiation), None)
        if filing is None:
            return
        rests = (Source.entries, Source.events, Source.proposals)
        if any(self._has(rows.any(negotiation_id=negotiation.id)) for rows in rests):
            faults.find(
                "negotiations",
                N_("Records of %(code)s rest on this source: it stays filed there."),
                code=negotiation.code,
            )
            return
        self.filings.remove(filing)
        self.session.delete(filing)

    def _filing_faults(self) -> Faults:
        faults = Faults()
        if not self.filings:
            faults.find("negotiations", UNFILED)
        return faults

    def faults(self) -> Faults:
        faults = text_faults(self)
        faults.extend(self.inbox_faults())
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
        return faults


@event.listens_for(Session, "before_flush")
def _hold_texts(session: Session, _context: UOWTransaction, _rows: Any) -> None:
    """Refuse to change a text that is quoted, whoever changes it."""
    for row in session.dirty:
        if isinstance(row, Source):
            before = inspect(row).attrs.text.history.deleted
            if before and before[0] is not None and row.is_quoted:
                raise Refused(Fault("text", _QUOTED))


@cache
def _numbered(by_stranger: bool, is_under: bool) -> Select[Any]:
    """Write the statement once: forms that cite ask it again and again."""
    seen = Source.visible_to_id(None if by_stranger else bindparam("user"))
    query = select(Source).where(Source.id == bindparam("id"), seen)
    return query.where(Source.filings.any(negotiation_id=bindparam("under"))) if is_under else query
