"""Filing: the form for a source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from sqlalchemy import select
from wtforms import BooleanField, Field, FileField, HiddenField, TextAreaField, ValidationError
from wtforms.widgets import TextArea

from tracker.db import db
from tracker.models import Negotiation, Refused
from tracker.models.refused import Fault
from tracker.models.vocabulary import Handling, Reliability, SourceKind
from tracker.text import clean
from tracker.views import access
from tracker.views.forms import CodesField, DayField, Form, TextField, VersionField, WordField
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l


class LinesField(Field):
    """A list of texts, one on each line."""

    widget: Any = TextArea()

    def _value(self) -> str:
        return "\n".join(self.data or [])

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:
            self.data = [line.strip() for line in valuelist[0].splitlines() if line.strip()]


class SourceForm(Form):
    """A source as typed."""

    title = TextField(_l("Title"))
    publisher = TextField(_l("Publisher"))
    origin = TextField(_l("Taken over from"))
    authors = LinesField(_l("Authors"))
    language = TextField(_l("Language"))
    url = TextField(_l("Address"))
    archived_url = TextField(_l("Address of an archived copy"))
    published_on = DayField(_l("Published on"))
    accessed_on = DayField(_l("Read on"))
    kind = WordField(_l("Kind"), SourceKind, default=SourceKind.ARTICLE)
    reliability = WordField(_l("Reliability of the source"), Reliability, default=Reliability.F)
    handling = WordField(_l("Handling"), Handling, default=Handling.CLEAR)
    negotiations = CodesField(_l("Filed under"))
    text = TextAreaField(_l("Text"))
    file = FileField(_l("Or its text from a file"))
    is_free_to_show = BooleanField(_l("The text is free to show to everyone"))
    base_version = VersionField()
    next = HiddenField()
    compact = HiddenField()
    #: The text that is stored already, which a file may take the place of.
    stored = ""

    def validate_published_on(self, field: DayField) -> None:
        """Take a day, not words: a source has one day of publication or an unknown one."""
        if field.day and field.day.words:
            raise ValidationError(_("Give the exact day, or leave it empty."))

    validate_accessed_on = validate_published_on

    def validate_file(self, field: FileField) -> None:
        """Take the text of the file over into the text field, where it stays when something else is wrong."""
        if not field.data:
            return
        try:
            text = field.data.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(
                _("This file is not plain text in UTF-8. Save it as UTF-8 text, or paste the text.")
            ) from None
        typed = clean(self.text.data or "").strip()
        if typed and typed != self.stored.strip():
            raise ValidationError(_("Paste the text or choose a file, not both."))
        self.text.data = text

    def offer(self, chosen: list[str] | None = None) -> list[Negotiation]:
        """Fill the boxes of negotiations: those that the editor sees."""
        query = select(Negotiation).where(Negotiation.visible_to(access.user())).order_by(Negotiation.code)
        seen = [*db.session.scalars(query)]
        self.negotiations.choices = [(each.code, f"{each.code} {each.title}") for each in seen]
        if chosen is not None:
            self.negotiations.data = chosen
        elif len(seen) == 1 and request.method == "GET":
            self.negotiations.data = [seen[0].code]
        return seen

    def values(self) -> dict[str, Any]:
        """Give what was typed, by the names of the columns, but for the text."""
        names = ("title", "publisher", "origin", "language", "url", "archived_url")
        values = {name: getattr(self, name).data or "" for name in names}
        values |= {name: getattr(self, name).on for name in ("published_on", "accessed_on")}
        values |= {name: getattr(self, name).data for name in ("kind", "reliability", "handling")}
        return values | {"authors": self.authors.data or [], "is_free_to_show": self.is_free_to_show.data}

    def chosen(self, seen: Sequence[Negotiation]) -> list[Negotiation]:
        """Give the negotiations that were ticked.

        Raises: Refused.
        """
        known = {negotiation.code: negotiation for negotiation in seen}
        codes = self.negotiations.data or []
        for code in codes:
            if code not in known:
                message = _("There is no negotiation “%(code)s”.", code=code[:60])
                raise Refused(Fault("negotiations", message))
        return [known[code] for code in codes]
