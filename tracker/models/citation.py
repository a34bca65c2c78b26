"""Citations: the link from a record to the words of a source that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, inspect
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.db import NEVER_REUSED, PROSE, Base, Id, Prose, Title
from tracker.models.guard import AppendOnly, text_faults
from tracker.models.negotiation import Negotiation
from tracker.models.recorded import Recorded, Signed, sign
from tracker.models.refused import N_, Faults
from tracker.models.source import Source
from tracker.models.vocabulary import (
    Credibility,
    Directness,
    Handling,
    Translator,
    Visibility,
    choice,
)
from tracker.text import CONTEXT, find, nearest

if TYPE_CHECKING:
    from tracker.models.entry import Entry
    from tracker.models.event import Event
    from tracker.models.retraction import Retraction
    from tracker.models.user import User


@dataclass(frozen=True)
class Cite:
    """A citation as asked for.

    An import's file may say of its recording when and by whom it was (`recorded`), and that the quote was
    taken before the text was stored, and so never looked up (`is_unchecked`).
    """

    source: Source | None
    quote: str | None = None
    translation: str | None = None
    translated_by: Translator | None = None
    locator: str | None = None
    credibility: Credibility = Credibility.NOT_JUDGED
    directness: Directness = Directness.REPORTED
    recorded: Recorded | None = None
    is_unchecked: bool = False
    #: The place that faults name, such as a form's row; by default the place in the list.
    place: str = ""


class Citation(AppendOnly, Signed, Base):
    """Where an entry or an event rests.

    `offset` counts characters into the source's stored text and is None for a quote that could not be
    checked because no text is stored; `prefix` and `suffix` are what stands before and behind it.
    """

    __tablename__ = "citations"
    __table_args__ = (
        CheckConstraint("(entry_id IS NULL) <> (event_id IS NULL)", name="one_subject"),
        Index("ix_citations_source", "source_id"),
        Index("ix_citations_entry", "entry_id"),
        Index("ix_citations_event", "event_id"),
        NEVER_REUSED,
    )
    id: Mapped[Id]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"))
    quote: Mapped[Prose] = mapped_column(default="")
    translation: Mapped[Prose] = mapped_column(default="")
    translated_by: Mapped[Translator | None] = mapped_column(choice(Translator))
    locator: Mapped[Title] = mapped_column(default="")
    credibility: Mapped[Credibility] = mapped_column(choice(Credibility), default=Credibility.NOT_JUDGED)
    directness: Mapped[Directness] = mapped_column(choice(Directness), default=Directness.REPORTED)
    prefix: Mapped[str] = mapped_column(String(CONTEXT), default="")
    suffix: Mapped[str] = mapped_column(String(CONTEXT), default="")
    offset: Mapped[int | None]
    length: Mapped[int | None]
    source: Mapped[Source] = relationship(lazy="joined", innerjoin=True)
    entry: Mapped[Entry | None] = relationship(back_populates="citations")
    event: Mapped[Event | None] = relationship(back_populates="citations")
    retraction: Mapped[Retraction | None] = relationship(
        back_populates="citation", uselist=False, foreign_keys="Retraction.citation_id", viewonly=True
    )

    @property
    def audit_chain(self) -> str:
        return (self.entry or self.event).negotiation.code  # type: ignore[union-attr]

    @property
    def is_checked(self) -> bool:
        """Whether the quote was found in the stored text."""
        return self.offset is not None

    @property
    def says(self) -> tuple[Source, str, str]:
        """What no two citations of one entry have in common."""
        return (self.source, self.quote, self.locator)


def make_citations(
    citing: Sequence[Cite], negotiation: Negotiation, subject: Signed, faults: Faults
) -> list[Citation]:
    """Turn what is asked for into citations, each quote looked up in its source's stored text.

    They are signed as their subject is, where their file says nothing else. Faults are named
    `citations-0-quote` and so on, as the forms name their fields.
    """
    made = []
    for number, cite in enumerate(citing):
        place = cite.place or f"citations-{number}-"
        if cite.source is None:
            faults.find(place + "source", N_("Choose the source."))
            continue
        if not is_filed(cite.source, negotiation):
            faults.find(place + "source", N_("This source is not filed under this negotiation."))
            continue
        citation = _make(cite, subject, place, faults)
        faults.extend(replace(fault, field=place + fault.field) for fault in text_faults(citation))
        made.append(citation)
    return made


def cite_more(
    subject: Entry | Event, cite: Cite, *, by: User | str, recorded: Recorded | None = None
) -> Citation:
    """Let an entry or event that is there rest on one more citation, recorded now.

    Raises: Refused.
    """
    negotiation = subject.negotiation
    moment = negotiation.moment  # locked before anything is looked at
    mine = Recorded(moment, by) if isinstance(by, str) else Recorded(moment, by.name, by.id)
    faults = Faults()
    with subject.session.no_autoflush:
        made = make_citations([replace(cite, recorded=recorded or mine)], negotiation, subject, faults)
        if any(citation.says == other.says for citation in made for other in subject.evidence):
            place = cite.place or "citations-0-"
            faults.find(place + "quote", N_("It rests on these words, or this place, of the source already."))
    faults.refuse()
    subject.citations.extend(made)
    return made[0]


def is_filed(source: Source, negotiation: Negotiation) -> bool:
    """Tell whether a source is filed under a negotiation."""
    return any(filing.negotiation is negotiation for filing in source.filings)


def _make(cite: Cite, subject: Signed, place: str, faults: Faults) -> Citation:
    source = cite.source
    assert source is not None
    quote = (cite.quote or "").strip()
    citation = Citation(
        source=source,
        quote=quote,
        translation=(cite.translation or "").strip(),
        translated_by=cite.translated_by if (cite.translation or "").strip() else None,
        locator=(cite.locator or "").strip(),
        credibility=cite.credibility,
        directness=cite.directness,
    )
    signature = cite.recorded or Recorded(subject.recorded_at, subject.recorded_by, subject.recorded_by_id)
    sign(citation, by=signature.by, moment=signature.at, recorded=signature)
    is_looked_up = quote and len(quote) <= PROSE and not cite.is_unchecked
    text = _held_text(source) if is_looked_up else None
    if text is None:
        return citation
    passage = find(quote, text)
    if passage is None:
        _not_found(place, quote, text, faults)
        return citation
    citation.offset, citation.length = passage.start, passage.end - passage.start
    citation.prefix, citation.suffix = passage.prefix, passage.suffix
    if not citation.locator:
        citation.locator = f"para {passage.paragraph}"
    return citation


def held_texts(session: Session) -> set[int]:
    """Give the ids of the sources whose texts nobody else can change before this transaction ends."""
    held: set[int] = session.info.setdefault("held_texts", set())
    return held


def _held_text(source: Source) -> str | None:
    """Read a stored text, and hold it: nobody changes it before the quote that was found in it is saved."""
    if not inspect(source).persistent:
        return source.text
    held = held_texts(source.session)
    if source.id not in held:
        source.session.flush()
        source.session.refresh(source, ["text"], with_for_update={"read": True, "of": Source})
        held.add(source.id)
    return source.text


def _not_found(place: str, quote: str, text: str, faults: Faults) -> None:
    passage = nearest(quote, text)
    if passage:
        faults.find(
            place + "quote",
            N_("These words are not in the source’s stored text. The nearest passage is: “%(passage)s”"),
            passage=passage,
        )
    else:
        faults.find(place + "quote", N_("These words are not in the source’s stored text."))


def evidence_faults(citations: Sequence[Citation], negotiation: Negotiation) -> Faults:
    """Hold that an entry rests on something, and in a public record on something all may see."""
    faults = Faults()
    if not citations:
        faults.find("citations", N_("Nothing is recorded without a source: give at least one."))
    elif negotiation.visibility is Visibility.PUBLIC and all(
        citation.source.handling is not Handling.CLEAR for citation in citations
    ):
        faults.find(
            "citations",
            N_("This negotiation is public: at least one source must be marked TLP:CLEAR."),
        )
    return faults
