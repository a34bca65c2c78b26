"""Words: days, moments, numbers and values of the record as a reader sees them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from babel import Locale
from babel.dates import format_date
from markupsafe import Markup

from tracker.exchange.tongue import Tongue, in_order
from tracker.models import Negotiation
from tracker.models.vocabulary import Word
from tracker.views import access
from tracker.views.languages import gettext as _
from tracker.views.languages import locale, ngettext


def in_words(value: Any) -> str:
    """Write a value of the record in words."""
    if isinstance(value, Word):
        return str(_(value.label))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return ", ".join(value) if isinstance(value, list) else str(value or "").replace("\r\n", "\n").strip()


@cache
def _in(locale: Locale) -> Tongue:
    return Tongue(locale, _, ngettext)


def tongue() -> Tongue:
    """Say things in the reader's language."""
    return _in(locale())


def tongue_of(negotiation: Negotiation) -> Tongue:
    """Say things in the reader's language, with the parties' names."""
    return replace(tongue(), names=negotiation.names)


def today() -> date:
    """Give the day on which a page is made, in UTC."""
    return datetime.now(UTC).date()


def day_words(day: date | None) -> str:
    return tongue().day(day)


def tick_words(day: date, unit: str) -> str:
    """Write where a day or week begins as "2 Dec", where a month does as "Dec 2025"."""
    return format_date(day, "MMM y" if unit == "month" else "d MMM", locale=locale())


def moment_of_day(moment: datetime) -> str:
    return tongue().moment(moment)


def number_words(number: float) -> str:
    return tongue().number(number)


def named(codes: Collection[str], names: Mapping[str, str]) -> str:
    """Write parties by their names, in the order of these."""
    return ", ".join(in_order(codes, names))


def joined(parts: Iterable[str | None]) -> Markup:
    """Write in a row what there is of these."""
    return Markup("; ").join(part for part in parts if part)


def capitalize_first(text: str) -> str:
    """Begin a sentence, and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def signer(name: str) -> str:
    """Write who recorded something. Imports may bring an e-mail address for a name: not for strangers."""
    return name if "@" not in name or access.is_known() else _("the desk")
