"""PDF: the layer of text of a PDF, within a number of pages."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import islice, zip_longest
from statistics import quantiles

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from tracker.intake.declared import fold
from tracker.intake.drawn import Drawn, plain
from tracker.models.refused import N_, Fault, Refused

PAGES = 500
_SENTENCE_END = re.compile(r"[.!?:…][\"'”’»)\]]*$")

LOCKED = N_("This PDF is locked with a password.")
NO_TEXT = N_("No text was found in this PDF: it may hold only pictures of its pages.")
MANY = N_("This PDF has more than %(limit)s pages: give the part that matters.")
BROKEN = N_("This PDF is broken and cannot be read.")
JOINED = N_("The lines of the PDF were joined into paragraphs: compare what you quote with the file.")
OTHER_TITLE = N_("The file names a title that does not stand on its first page; it was not taken.")


def read_pdf(content: bytes) -> Drawn:
    """Read the text of a PDF.

    Raises: Refused, about the field "".
    """
    try:
        return _read(PdfReader(BytesIO(content)))
    except (Refused, MemoryError):
        raise
    except Exception:  # of a broken file the library makes whatever error it meets
        raise Refused(Fault("", BROKEN)) from None


def _read(reader: PdfReader) -> Drawn:
    if reader.is_encrypted and not _opens(reader):
        raise Refused(Fault("", LOCKED))
    if _pages_told(reader) > PAGES:
        raise Refused(Fault("", MANY, {"limit": PAGES}))
    pages = [plain(page.extract_text()) for page in islice(reader.pages, PAGES + 1)]
    if len(pages) > PAGES:
        raise Refused(Fault("", MANY, {"limit": PAGES}))
    drawn = Drawn(paragraphs=_paragraphs(pages))
    if not drawn.paragraphs:
        raise Refused(Fault("", NO_TEXT))
    drawn.remark(JOINED)
    _take_title(reader, pages[0], drawn)
    return drawn


def _opens(reader: PdfReader) -> bool:
    try:
        return bool(reader.decrypt(""))
    except (PyPdfError, NotImplementedError, ImportError):
        return False


def _pages_told(reader: PdfReader) -> int:
    """Give the number of pages that the file names, without walking through them."""
    tree = reader.root_object.get("/Pages")
    found = tree.get_object() if tree is not None else None
    count = found.get("/Count", 0) if isinstance(found, DictionaryObject) else 0
    return int(count)


def _take_title(reader: PdfReader, first_page: str, drawn: Drawn) -> None:
    """Take the title that the file names where its first page shows it: many carry another's."""
    told = reader.metadata
    title = " ".join(plain(str(told.title)).split()) if told and told.title else ""
    if title and fold(title) in fold(first_page):
        drawn.title = title
        drawn.authors = [author] if told and (author := plain(str(told.author or "")).strip()) else []
    elif title:
        drawn.remark(OTHER_TITLE)


def _paragraphs(pages: list[str]) -> list[str]:
    """Join lines into paragraphs: a line ends one where the first word of the next would have found room."""
    found: list[str] = []
    for page in pages:
        lines = [" ".join(line.split()) for line in page.split("\n")]
        width = quantiles([len(line) for line in lines if line] * 2 or [0, 0], n=20)[-1]
        current = ""
        for line, following in zip_longest(lines, lines[1:], fillvalue=""):
            current = _joined(current, line)
            needed = len(line) + 1 + len(following.partition(" ")[0])
            if not following or needed < width * (0.97 if _SENTENCE_END.search(line) else 0.7):
                found.append(current)
                current = ""
    return [each for each in found if each]


def _joined(text: str, line: str) -> str:
    if text.endswith("-") and line[:1].islower():
        return text[:-1] + line
    return f"{text} {line}".strip()
