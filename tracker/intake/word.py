"""Word: the paragraphs and tables of a .docx file, once its parts are known to be of a sound size."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
from docx.document import Document
from docx.table import Table

from tracker.intake.drawn import Drawn
from tracker.intake.pasted import read_plain
from tracker.models.refused import N_, Fault, Refused

MAIN_PART = "word/document.xml"
PARTS = 2000
#: Unpacked: the parts that are read, and all of them with their pictures.
_TEXT_SIZE, _WHOLE_SIZE = 30 * 1024 * 1024, 100 * 1024 * 1024

LARGE = N_("This Word file unfolds to more than it may: it is too large, or made to be.")
BROKEN = N_("This Word file is broken and cannot be read.")
NO_TEXT = N_("This Word file holds no text.")


def read_word(content: bytes) -> Drawn:
    """Read the text of a Word file; its titles are those of its styles, else what stands at its head.

    Raises: Refused, about the field "".
    """
    try:
        _check_parts(content)
        document = docx.Document(BytesIO(content))
        blocks = [block for each in document.iter_inner_content() for block in _words(each)]
    except (Refused, MemoryError):
        raise
    except Exception:  # of a broken file the library, or one below it, makes whatever error it meets
        raise Refused(Fault("", BROKEN)) from None
    if not any(block.strip() for block in blocks):
        raise Refused(Fault("", NO_TEXT))
    return read_plain("\n\n".join(each for each in blocks if each.strip()), _title(document))


def _check_parts(content: bytes) -> None:
    """Hold that no part unfolds beyond its measure; the sizes that are told bound what is unpacked."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        told = parts.infolist()
    text = [each.file_size for each in told if each.filename.endswith((".xml", ".rels"))]
    if len(told) > PARTS or sum(text) > _TEXT_SIZE or sum(each.file_size for each in told) > _WHOLE_SIZE:
        raise Refused(Fault("", LARGE))


def _words(block: object) -> list[str]:
    if isinstance(block, Table):
        return [" | ".join(cell.text.strip() for cell in row.cells) for row in block.rows]
    return [str(getattr(block, "text", ""))]


def _title(document: Document) -> str:
    """Give the one paragraph in the style "Title"; what the file's properties say is often another's."""
    titles = [each.text.strip() for each in document.paragraphs if each.style and each.style.name == "Title"]
    return titles[0] if len(titles) == 1 else ""
