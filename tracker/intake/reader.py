"""Reader: what runs in the process of its own. Bytes in on stdin, what was drawn out as JSON on stdout.

It is started with `tracker` and `tracker.models` as bare names, so that nothing of the application is loaded.
"""

from __future__ import annotations

import json
import os
import re
import sys
import traceback
from contextlib import suppress
from typing import Any

from tracker.intake.drawn import Drawn
from tracker.models.refused import N_, Fault, Refused

_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|frameset|title|meta|article)\b", re.I)
_OLD_WORD, _RICH, _ZIP, _PDF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf", b"PK\x03\x04", b"%PDF-"

_HEAD = re.compile(rb"(?:[!-9;-~]{1,60}:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\r?\n")
_NAMED = re.compile(rb"^(from|date|subject|mime-version|message-id|received|return-path):", re.I | re.M)

UNKNOWN = N_("Files of this kind are not read: give HTML, plain text, PDF, Word (.docx) or e-mail (.eml).")
OLD = N_("Files of old Word (.doc) and RTF are not read: save it as .docx.")
EMPTY = N_("This is empty.")
HEAVY = N_("This is too large to be read.")


def draw(content: bytes, address: str = "", charset: str = "") -> Drawn:
    """Read what a file or an answer of the web holds, by its first bytes and not by its name.

    Raises: Refused, about the field "".
    """
    start = content[:2048].lstrip()
    if start.startswith((_OLD_WORD, _RICH)):
        raise Refused(Fault("", OLD))
    if start.startswith(_ZIP):
        drawn = _draw_packed(content)
    elif is_mail(content):
        from tracker.intake.mail import read_mail

        drawn = read_mail(content)
    elif _PDF in content[:1024]:
        from tracker.intake.pdf import read_pdf

        drawn = read_pdf(content)
    elif _HTML.search(content[:4096].replace(b"\0", b"")) or (address and not content.strip()):
        from tracker.intake.page import read_page

        return read_page(content, address, charset)
    else:
        drawn = _draw_text(content, charset)
    drawn.url = address or drawn.url
    return drawn


def is_mail(content: bytes) -> bool:
    """Tell a letter by its head: nothing but named lines, three of them those of letters."""
    found = _HEAD.match(content[:65536].replace(b"\r\n", b"\n"))
    return found is not None and len({each.lower() for each in _NAMED.findall(found[0])}) >= 3


def _draw_packed(content: bytes) -> Drawn:
    from tracker.intake.word import MAIN_PART, read_word

    if MAIN_PART.encode() not in content:
        raise Refused(Fault("", UNKNOWN))
    return read_word(content)


def _draw_text(content: bytes, charset: str) -> Drawn:
    from tracker.intake.letters import decode
    from tracker.intake.pasted import read_plain

    if not content.strip():
        raise Refused(Fault("", EMPTY))
    text, remarks = decode(content, charset)
    if text.lstrip().startswith(("<?xml", "<svg", "<rss")):
        raise Refused(Fault("", UNKNOWN))
    drawn = read_plain(text)
    if not drawn.paragraphs:
        raise Refused(Fault("", EMPTY))
    drawn.remarks[:0] = remarks
    return drawn


def main() -> None:
    """Read one thing and end."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no answer
    asked = json.loads(sys.stdin.buffer.readline())
    _limit(**asked.pop("limits"))
    json.dump(_answer(asked), answer)
    answer.close()
    os._exit(0)  # taking apart what was read takes time, and serves nobody


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    try:
        content = sys.stdin.buffer.read()
        if asked.pop("is_pasted", False):
            from tracker.intake.page import read_html

            return read_html(content.decode()).as_json()
        return draw(content, **asked).as_json()
    except Refused as refused:
        return {"refused": [[fault.message, dict(fault.values)] for fault in refused.faults]}
    except MemoryError:
        return {"refused": [[HEAVY, {}]]}
    except Exception:  # whatever a library makes of what nobody has foreseen
        return {"broken": traceback.format_exc()[-2000:]}


def _limit(seconds: int, memory: int) -> None:
    """Bound what this process may take; a system that knows no such limit is left at that."""
    import resource

    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
