"""Citing: the fields that every form for an entry shares: its day, its sources, what it corrects."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar
from zlib import crc32

from flask import abort, request
from sqlalchemy import select
from wtforms import FormField, HiddenField, TextAreaField

from tracker.db import PROSE, db
from tracker.models import (
    Citation,
    Cite,
    Correction,
    Dating,
    Entry,
    Issue,
    Negotiation,
    Party,
    Position,
    Source,
    StatusChange,
)
from tracker.models.refused import N_, Fault, Faults, Refused
from tracker.models.vocabulary import Credibility, DayBasis, Directness, Translator
from tracker.text import find
from tracker.views.choosing import event_of, events_of, offered_sources, source_of
from tracker.views.forms import (
    ChoiceField,
    DayField,
    FieldList,
    Form,
    Part,
    TextField,
    VersionField,
    WordField,
    stripped,
)
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.recalling import day_of, last_cited, remember
from tracker.views.rendering import back_to
from tracker.views.words import day_words, tongue

Kind = TypeVar("Kind", StatusChange, Position)
CITED = 50


class CitationForm(Part):
    """One source of an entry."""

    quote = TextAreaField(_l("Words of the source"), filters=[stripped])
    source = ChoiceField(_l("Source"))
    locator = TextField(_l("Where in it"))
    translation = TextAreaField(_l("Translation of the words"), filters=[stripped])
    translated_by = WordField(_l("Translated by"), Translator, empty="-")
    credibility = WordField(_l("Credibility of the information"), Credibility, default=Credibility.NOT_JUDGED)
    directness = WordField(_l("How the source knows"), Directness, default=Directness.REPORTED)

    @property
    def is_filled(self) -> bool:
        """Whether anything was given in this row."""
        return any(field.data for field in (self.source, self.quote, self.locator, self.translation))

    def cite(self, negotiation: Negotiation, place: str) -> Cite | None:
        """Give the citation asked for; None where this row was left empty."""
        if not self.is_filled:
            return None
        return Cite(
            source=source_of(self.source.data, negotiation),
            quote=self.quote.data,
            translation=self.translation.data,
            translated_by=self.translated_by.data,
            locator=self.locator.data,
            credibility=self.credibility.data or Credibility.NOT_JUDGED,
            directness=self.directness.data or Directness.REPORTED,
            place=place,
        )


class CitingForm(Form):
    """What rests on sources, and where its form was opened from."""

    citations = FieldList(FormField(CitationForm), min_entries=1, max_entries=CITED)
    next = HiddenField(filters=[lambda address: back_to(address, "")])
    #: The source that the address of a fresh form names.
    chosen: Source | None = None

    def refuse(self, refused: Refused) -> None:
        """Put the faults beside their fields, those about all sources beside the first."""
        first = self.citations[0].form.source.name
        faults = [replace(f, field=first) if f.field == "citations" else f for f in refused.faults]
        super().refuse(Refused(*faults))

    def cites(self, negotiation: Negotiation) -> list[Cite]:
        """Give the citations asked for, in order."""
        found = [row.form.cite(negotiation, row.name + "-") for row in self.citations]
        return [cite for cite in found if cite is not None]

    def validate(self, extra_validators: Any = None) -> bool:
        """Read what was typed; a form that asks for the fields of another source is shown again with them."""
        if self.asks_for_more:
            if len(self.citations) < CITED:
                self.citations.append_entry()
            return False
        return bool(super().validate(extra_validators))

    @property
    def asks_for_more(self) -> bool:
        """Whether "Another source" was pressed, and not "Save"."""
        return "another" in request.form

    @property
    def is_unfolded(self) -> bool:
        """Whether a fault, or the fields of another source, stand among those that are folded away."""
        first = self.citations[0].form
        rows = [field for row in self.citations for field in row.form]
        shown = (first.quote, first.source, first.locator, first.directness)
        return self.asks_for_more or any(field.errors for field in rows if field not in shown)

    def offer_sources(self, negotiation: Negotiation) -> None:
        """Fill the choices of sources: the latest, and those that are chosen."""
        if len(self.citations) < 2:
            self.citations.append_entry()
        fields = [row.form.source for row in self.citations]
        offered = offered_sources([field.data for field in fields], negotiation, _("Choose the source"))
        for field in fields:
            field.choices = offered

    @property
    def draft(self) -> str:
        """What tells the draft of this form from others of its kind: the words that it was begun with."""
        quote = self.citations[0].form.quote.data
        return f"-{crc32(quote.encode()):x}" if quote and self.next.data else ""

    def begin_citing(self, negotiation: Negotiation) -> Source | None:
        """Fill in the words and the source of the address, else the source used last; give the source."""
        row = self.citations[0].form
        row.quote.data = request.args.get("quote", "")[:PROSE]
        self.next.data = back_to(request.args.get("next"), "")
        source = source_of(request.args.get("source", last_cited().get("source")), negotiation)
        if source:
            row.source.data = str(source.id)
            self.chosen = source if "source" in request.args else None
            passage = find(row.quote.data, source.text) if row.quote.data and source.text else None
            row.locator.data = f"para {passage.paragraph}" if passage else ""
        return source


class EntryForm(CitingForm):
    """What a form for a status change or a position shares."""

    effective_on = DayField(_l("Day"))
    effective_words = TextField(_l("Day in words"))
    day_basis = WordField(_l("How the day is known"), DayBasis, default=DayBasis.STATED)
    event = ChoiceField(_l("At which event"))
    base_version = VersionField()
    corrects = HiddenField()
    retraction_reason = TextField(_l("Why it is corrected"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Tell all that is missing at once, before the record is asked."""
        is_readable = super().validate(extra_validators)
        if self.asks_for_more:
            return False
        missing = self.missing()
        self.refuse(Refused(*missing))
        return is_readable and not missing

    def missing(self) -> Faults:
        """Find what was left empty and no entry does without."""
        faults = Faults()
        if not self.effective_on.data:
            faults.find("effective_on", N_("Give the day on which it became so."))
        if not any(row.form.is_filled for row in self.citations):
            faults.find("citations", N_("Nothing is recorded without a source: give at least one."))
        return faults

    @property
    def is_unfolded(self) -> bool:
        """Whether a fault, or the fields of another source, stand among those that are folded away."""
        others = (self.day_basis, self.effective_words, self.event)
        return super().is_unfolded or any(field.errors for field in others)

    def dating(self, negotiation: Negotiation) -> Dating:
        """Give the day asked for.

        Raises: Refused.
        """
        typed = self.effective_on.day
        assert typed is not None  # validate() held that
        words = self.effective_words.data or typed.words
        event = event_of(self.event.data, negotiation)
        return Dating(typed.on, words, self.day_basis.data or DayBasis.STATED, event)

    def correction(self, negotiation: Negotiation) -> Correction | None:
        """Give what the entry corrects.

        Raises: Refused.
        """
        if not self.corrects.data:
            return None
        old = db.session.scalar(
            select(Entry).where(Entry.uid == self.corrects.data, Entry.negotiation_id == negotiation.id)
        )
        if old is None:
            raise Refused(Fault("corrects", _("There is no such entry to correct.")))
        return Correction(old, self.retraction_reason.text)

    def offer(self, negotiation: Negotiation) -> None:
        """Fill the choices of sources and events: the latest, and the one that is chosen."""
        self.offer_sources(negotiation)
        events = [*events_of(negotiation)]
        with suppress(Refused):
            happened = event_of(self.event.data, negotiation)
            is_listed = happened is None or any(event.id == happened.id for event in events)
            events += [] if is_listed else [happened]
        self.event.choices = [
            ("", _("None")),
            *((str(event.id), f"{day_words(event.starts_on)}: {event.title}") for event in events),
        ]

    def begin(self, negotiation: Negotiation) -> None:
        """Fill a fresh form: the source of the address, else the one used last, with its day."""
        self.effective_on.process_data(day_of(self.begin_citing(negotiation)))

    def begin_correction(self, old: Entry) -> None:
        """Fill a form with the entry that it will replace."""
        self.corrects.data = old.uid
        self.effective_on.data = old.effective_on.isoformat()
        self.effective_words.data = old.effective_words
        self.day_basis.data = old.day_basis
        self.event.data = str(old.event_id or "")
        self.next.data = back_to(request.args.get("next"), "")
        while self.citations.entries:
            self.citations.pop_entry()
        for citation in old.evidence[:CITED]:
            self.citations.append_entry(_fields_of(citation))

    def rows_beside(self, theirs: Entry) -> list[tuple[str, str, str]]:
        """Set day, words and sources of what someone else saved beside those typed here."""
        day = tongue().on(theirs.effective_on, theirs.effective_words)
        quotes = " / ".join(citation.quote for citation in theirs.citations if citation.quote)
        mine = " / ".join(row.form.quote.data for row in self.citations if row.form.quote.data)
        return [
            (_("Day"), day, self.effective_on.data or ""),
            (_("Words of the source"), quotes, mine),
            (_("Source"), _titles(citation.source for citation in theirs.citations), self._sources(theirs)),
        ]

    def _sources(self, theirs: Entry) -> str:
        return _titles(source_of(row.form.source.data, theirs.negotiation) for row in self.citations)

    def remember(self, issue: Issue | None = None, party: Party | None = None) -> None:
        """Offer source and day, and what the entry was about, again in the next form."""
        remember(self.citations[0].form.source.data or "", self.effective_on, issue, party)


def to_correct(kind: type[Kind], issue: Issue) -> Kind | None:
    """Find the entry that the address asks to correct, or answer 404; None: it asks for none."""
    uid = request.args.get("corrects")
    if not uid:
        return None
    query = select(kind).where(kind.uid == uid, kind.issue_id == issue.id)
    return db.session.scalar(query) or abort(404)


def _titles(sources: Iterable[Source | None]) -> str:
    return " / ".join(source.title for source in sources if source)


def _fields_of(citation: Citation) -> dict[str, Any]:
    names = ("quote", "translation", "translated_by", "locator", "credibility", "directness")
    return {"source": str(citation.source_id), **{name: getattr(citation, name) for name in names}}
