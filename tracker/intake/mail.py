"""Mail: a letter as it is saved (.eml): its subject, its sender, its day, and its plain or HTML text."""

from __future__ import annotations

import email
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr

from tracker.intake.days import read_day
from tracker.intake.drawn import Drawn, plain
from tracker.intake.letters import declared, decode
from tracker.intake.page import read_html
from tracker.models.refused import N_, Fault, Refused
from tracker.text import paragraphs

BROKEN = N_("This letter is broken and cannot be read.")
NO_TEXT = N_("This letter holds no text.")


def read_mail(content: bytes) -> Drawn:
    """Read a letter.

    Raises: Refused, about the field "".
    """
    try:
        letter = email.message_from_bytes(content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        drawn = _text(letter)
        drawn.title, sender, day = (str(letter[name] or "") for name in ("subject", "from", "date"))
    except (MessageError, LookupError, ValueError, TypeError, AttributeError, AssertionError, IndexError):
        raise Refused(Fault("", BROKEN)) from None
    if not drawn.paragraphs:
        raise Refused(Fault("", NO_TEXT))
    name, address = parseaddr(plain(sender))
    drawn.authors = [name or address] if "@" in address else []
    drawn.published_on = read_day(day)
    return drawn


def _text(letter: EmailMessage) -> Drawn:
    """Read the plain text of a letter, else its HTML; what is attached is left."""
    part = letter.get_body(("plain", "html"))
    if not isinstance(part, EmailMessage):
        return Drawn()
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return Drawn()
    is_html = part.get_content_type() == "text/html"
    text, remarks = decode(content, str(part.get_content_charset("")), declared(content) if is_html else "")
    parts = read_html(text).paragraphs if is_html else [words for _, words in paragraphs(plain(text))]
    return Drawn(paragraphs=parts, remarks=remarks)
