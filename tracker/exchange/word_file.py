"""A document as a Word file: A4, upright, with its marking at head and foot, as an office files it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import IO, Any
from unicodedata import bidirectional

from tracker.exchange.document import Block, Bullets, Document, Frame, Line, Table, Words
from tracker.exchange.tongue import Tongue
from tracker.exchange.word_form import INK, MUTED, Form, field, hyperlink
from tracker.models.vocabulary import Status
from tracker.queries.references import SourceLine
from tracker.text import printable

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: The colours in which statuses are written; the word says the same.
HUES = {
    Status.AGREED: "0A5636",
    Status.PROVISIONALLY_AGREED: "205C26",
    Status.AGREED_IN_PRINCIPLE: "475606",
    Status.OPEN: "1C549C",
    Status.CLARIFICATION: "0B5E6B",
    Status.BLOCKED: "A01C17",
    Status.PARKED: "5A3A92",
}
#: Where the numbers of pages stand in the words around them.
PAGE, PAGES = "\ue000", "\ue001"

#: Keeps what follows letters that run from the right, such as a number in brackets, from running with them.
FROM_THE_LEFT = "\u200e"


def write_word(document: Document, frame: Frame, tongue: Tongue, file: IO[bytes]) -> None:
    """Write a document into a file."""
    _Writer(document, frame, tongue).write(file)


def is_from_the_right(text: str) -> bool:
    """Tell whether a text has letters that run from right to left."""
    return any(bidirectional(letter) in ("R", "AL") for letter in text)


class _Writer:
    """Holds the file that is written, and what stands around it."""

    def __init__(self, document: Document, frame: Frame, tongue: Tongue) -> None:
        self.document, self.frame, self.t = document, frame, tongue
        self.form = Form(str(tongue.locale))

    def write(self, file: IO[bytes]) -> None:
        document = self.document
        self._properties()
        self._head_and_foot()
        self._say("Title", document.title)
        self._say("Subtitle", document.subtitle)
        self._say("Lead", document.lead)
        for section in document.sections:
            self._say("Heading 1", section.title)
            for block, above in zip(section.blocks, [None, *section.blocks], strict=False):
                self._block(block, is_under_table=isinstance(above, Table))
        if document.sources:
            self._say("Heading 1", self.t.gettext("Sources"))
            for number, source in enumerate(document.sources, start=1):
                self._source(number, source)
        self.form.file.save(file)

    def _properties(self) -> None:
        about, now = self.form.file.core_properties, datetime.now(UTC).replace(tzinfo=None)
        about.title = printable(f"{self.document.title}: {self.document.subtitle}")[:255]
        about.subject = printable(self.frame.subject)[:255]
        about.category = printable(self.frame.handling)
        about.comments = printable(f"{self.frame.state}: {self.frame.address}")[:255]
        about.language, about.author, about.last_modified_by = self.form.language, "Negotiation Tracker", ""
        about.created = about.modified = now

    def _head_and_foot(self) -> None:
        # The marking stands to the right, in 12 points. Source: FIRST, Traffic Light Protocol 2.0, usage.
        section, frame = self.form.file.sections[0], self.frame
        head = section.header.paragraphs[0]
        self.form.dress(head, "Header")
        self._run(head, frame.subject, MUTED)
        self._run(head, "\t")
        self._run(head, frame.handling, style="Marking")
        foot = section.footer.paragraphs[0]
        self.form.dress(foot, "Footer")
        pages = self.t.gettext("Page %(number)s of %(count)s", number=PAGE, count=PAGES)
        for letters in pages.replace(PAGE, f"\0{PAGE}\0").replace(PAGES, f"\0{PAGES}\0").split("\0"):
            if letters in (PAGE, PAGES):
                field(foot, "PAGE" if letters == PAGE else "NUMPAGES")
            else:
                self._run(foot, letters, MUTED)
        self._run(foot, "\t")
        self._run(foot, frame.handling, style="Marking")
        state = section.footer.add_paragraph(style="Footer")
        self._run(state, f"{frame.state}: {frame.address}", MUTED)

    def _say(self, style: str, text: str) -> None:
        self._run(self.form.paragraph(style), text)

    def _block(self, block: Block, *, is_under_table: bool) -> None:
        before = len(self.form.file.paragraphs)
        if isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Bullets):
            for line in block.lines:
                self._line(self.form.paragraph("List Bullet"), line)
        else:
            self._line(self.form.file.add_paragraph(), block.line)
        if is_under_table:
            self.form.move_off(self.form.file.paragraphs[before])

    def _table(self, block: Table) -> None:
        self._say("Caption", block.caption)
        table = self.form.table(len(block.rows) + 1, block.widths, printable(block.caption))
        for cell, head in zip(table.rows[0].cells, block.heads, strict=True):
            paragraph = cell.paragraphs[0]
            self.form.dress(paragraph, "Table Head")
            self._run(paragraph, head)
        for row, lines in zip(table.rows[1:], block.rows, strict=True):
            for cell, told in zip(row.cells, lines, strict=True):
                for number, line in enumerate(told):
                    paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
                    self._line(paragraph, line)
                for paragraph in cell.paragraphs:
                    self.form.dress(paragraph, "Table Text")

    def _line(self, paragraph: Any, line: Line) -> None:
        for number, words in enumerate(line):
            if number and is_from_the_right(line[number - 1].text):
                self._run(paragraph, FROM_THE_LEFT)
            self._words(paragraph, words)

    def _words(self, paragraph: Any, words: Words) -> None:
        if words.cited:
            self._run(paragraph, f" [{', '.join(map(str, words.cited))}]")
        if not words.text:
            return
        if words.status:
            self._run(paragraph, words.text, HUES.get(words.status, INK), is_strong=True)
        else:
            self._run(paragraph, words.text, MUTED if words.is_muted else "", is_strong=words.is_strong)

    def _run(
        self,
        paragraph: Any,
        text: str,
        colour: str = "",
        *,
        is_strong: bool = False,
        style: str | None = None,
    ) -> None:
        run = paragraph.add_run(printable(text), style)
        if is_strong:
            run.bold = run.font.cs_bold = True
        if colour:
            self.form.paint(run, colour)

    def _source(self, number: int, source: SourceLine) -> None:
        paragraph = self.form.paragraph("Reference")
        about = ", ".join(filter(None, (source.title, source.publisher, self.t.day(source.published_on))))
        self._run(paragraph, f"[{number}]\t{about}")
        if source.url:
            self._run(paragraph, ". ")
            hyperlink(paragraph, printable(source.url))
