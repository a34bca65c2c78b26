"""Filing: the form for a source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from sqlalchemy import select
from wtforms import BooleanField, Field, FileField, HiddenField, TextAreaField, ValidationError
from wtforms.widgets import TextArea

from tracker.db import db
from tracker.intake.reading import read_file
from tracker.intake.taking_in import Alike
from tracker.models import Negotiation, Refused
from tracker.models.refused import Fault
from tracker.models.vocabulary import Handling, Reliability, SourceKind
from tracker.queries.duplicates import Duplicate
from tracker.text import clean, paragraphs
from tracker.views import access
from tracker.views.forms import CodesField, DayField, Form, TextField, VersionField, WordField, say
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import back_to


class LinesField(Field):
    """A list of texts, one on each line."""

    widget: Any = TextArea()

    def _value(self) -> str:
        return "\n".join(self.data or [])

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:
            self.data = [line.strip() for line in valuelist[0].splitlines() if line.strip()]


class Filed(Form):
    """What every form shares that files sources under negotiations."""

    negotiations = CodesField(_l("Filed under"))

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

    def filed_under(self, seen: Sequence[Negotiation]) -> list[Negotiation]:
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


#: So many paragraphs of a text are shown before it is saved.
PREVIEWED = 40


class SourceForm(Filed):
    """A source as typed, or as it was read and proposed."""

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
    text = TextAreaField(_l("Text"))
    file = FileField(_l("Or a file"))
    is_free_to_show = BooleanField(_l("The text is free to show to everyone"))
    base_version = VersionField()
    is_another = BooleanField(_l("It is another source: save it all the same"))
    pasted = TextAreaField(_l("What you pasted"))
    next = HiddenField(filters=[lambda address: back_to(address, "")])
    compact = HiddenField()
    #: The words that an editor marked elsewhere, to go on with once the source is saved.
    quote = HiddenField()
    #: From where the form was filled, so that a draft of another source is not put over it.
    elsewhere = HiddenField()
    #: What was proposed, by name and hash: of all else the editor typed it.
    proposed = HiddenField()
    #: The text that is stored already, which a file may take the place of.
    stored = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: What is to be said of each field, and of the whole, after it was read.
        self.notes: dict[str, str] = {}
        self.remarks: list[str] = []
        self.is_read = False
        #: What is there already and may be the same.
        self.alike: tuple[Duplicate, ...] = ()

    def refuse(self, refused: Refused) -> None:
        """Put the faults beside their fields, and keep what is there already and may be the same."""
        self.alike = refused.found if isinstance(refused, Alike) else ()
        super().refuse(refused)

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
            text = plain_text(field.data) or read_file(field.data.filename or "", bytes_of(field.data)).text
        except Refused as refused:
            raise ValidationError(" ".join(map(say, refused.faults))) from None
        typed = clean(self.text.data or "").strip()
        if typed and typed != self.stored.strip():
            raise ValidationError(_("Paste the text or choose a file, not both."))
        self.text.data = text

    @property
    def preview(self) -> tuple[list[str], int]:
        """The first paragraphs of the text as it will be kept, and how many more there are."""
        words = [words for _, words in paragraphs(clean(self.text.data or ""))]
        return words[:PREVIEWED], len(words[PREVIEWED:])

    def values(self) -> dict[str, Any]:
        """Give what was typed, by the names of the columns, but for the text."""
        names = ("title", "publisher", "origin", "language", "url", "archived_url")
        values = {name: getattr(self, name).data or "" for name in names}
        values |= {name: getattr(self, name).on for name in ("published_on", "accessed_on")}
        values |= {name: getattr(self, name).data for name in ("kind", "reliability", "handling")}
        return values | {"authors": self.authors.data or [], "is_free_to_show": self.is_free_to_show.data}


def bytes_of(file: Any) -> bytes:
    """Read a file that was sent, from its beginning."""
    file.seek(0)
    content: bytes = file.read()
    return content


def plain_text(file: Any) -> str | None:
    """Give the text of a file of nothing but text; None: what it says has to be read out of it."""
    name = (file.filename or "").lower()
    try:
        text = bytes_of(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    is_marked_up = name.endswith((".html", ".htm", ".xhtml", ".eml", ".mht")) or text.lstrip().startswith("<")
    return None if is_marked_up or "\x00" in text else text
