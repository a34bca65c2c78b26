"""Quote checks: quotes kept unchecked, looked up in a text that was stored later."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    String,
    event,
    exists,
    func,
    inspect,
    select,
)
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column, relationship

from tracker.db import NEVER_REUSED, Base, Id
from tracker.models.audit import actor_of
from tracker.models.citation import Citation
from tracker.models.guard import AppendOnly
from tracker.models.negotiation import Negotiation
from tracker.models.recorded import Recorded, Signed, sign
from tracker.models.source import Source
from tracker.models.user import User
from tracker.text import CONTEXT, find


class QuoteCheck(AppendOnly, Signed, Base):
    """Says whether, and where, a citation's quote stands in its source's text; None: it does not.

    `offset`, `length`, `prefix` and `suffix` are as on a citation that was checked at once.
    """

    __tablename__ = "quote_checks"
    __table_args__ = (
        CheckConstraint('("offset" IS NULL) = (length IS NULL)', name="one_place"),
        NEVER_REUSED,
    )
    id: Mapped[Id]
    citation_id: Mapped[int] = mapped_column(ForeignKey("citations.id"), index=True)
    offset: Mapped[int | None]
    length: Mapped[int | None]
    prefix: Mapped[str] = mapped_column(String(CONTEXT), default="")
    suffix: Mapped[str] = mapped_column(String(CONTEXT), default="")
    citation: Mapped[Citation] = relationship()

    @property
    def audit_chain(self) -> str:
        return self.citation.audit_chain


def found_later(name: str, citation: Any, *known: ColumnElement[bool]) -> ColumnElement[Any]:
    """Say in SQL what a citation's check found: its offset, length, prefix or suffix; NULL: nothing."""
    there = (QuoteCheck.citation_id == citation.id, QuoteCheck.offset.is_not(None))
    return select(func.max(getattr(QuoteCheck, name))).where(*there, *known).scalar_subquery()


def was_looked_up(citation: Any) -> ColumnElement[bool]:
    """Say in SQL that a citation's quote was looked up later, found or not."""
    return exists().where(QuoteCheck.citation_id == citation.id)


def check(citation: Citation, text: str, *, by: User | str, recorded: Recorded | None = None) -> QuoteCheck:
    """Look a citation's quote up in the text and record what was found."""
    done = QuoteCheck(citation=citation)
    passage = find(citation.quote, text)
    if passage:
        done.offset, done.length = passage.start, passage.end - passage.start
        done.prefix, done.suffix = passage.prefix, passage.suffix
    subject: Any = citation.entry or citation.event
    sign(done, by=by, moment=subject.negotiation.moment, recorded=recorded)
    return done


def check_unchecked(source: Source, *, by: User) -> Sequence[QuoteCheck]:
    """Look up in the text the quotes that were never looked up, in the records that the user sees."""
    source.at_version(None, holding=True)
    seen = source.session.scalars(select(Negotiation.code).where(Negotiation.visible_to(by)))
    return _check(source, ~was_looked_up(Citation), by, {*seen})


def _check(
    source: Source, wanted: ColumnElement[bool], by: User | str, among: Collection[str] | None = None
) -> Sequence[QuoteCheck]:
    """Look quotes up; `among`: of these negotiations alone, by their codes."""
    session, text = source.session, source.text
    if text is None:
        return []
    mine = (Citation.source_id == source.id, Citation.offset.is_(None), Citation.quote != "", wanted)
    found = session.scalars(select(Citation).where(*mine).order_by(Citation.id)).all()
    checks = [check(each, text, by=by) for each in found if among is None or each.audit_chain in among]
    session.add_all(checks)
    return checks


@event.listens_for(Session, "before_flush")
def _check_against_new_text(session: Session, _context: UOWTransaction, _rows: Any) -> None:
    """Look up every quote that was not found yet as soon as a source's text is stored, whoever stores it."""
    found = exists().where(QuoteCheck.citation_id == Citation.id, QuoteCheck.offset.is_not(None))
    for row in [*session.dirty]:
        if isinstance(row, Source) and row.text is not None and inspect(row).attrs.text.history.has_changes():
            _check(row, ~found, actor_of(session))
