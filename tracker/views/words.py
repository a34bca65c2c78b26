"""Words: days, moments, numbers and values of the record as a reader sees them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from tracker.models.vocabulary import Word
from tracker.views import access
from tracker.views.languages import gettext as _
from tracker.views.languages import locale


def in_words(value: Any) -> str:
    """Write a value of the record in words."""
    if isinstance(value, Word):
        return str(_(value.label))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return ", ".join(value) if isinstance(value, list) else str(value or "").replace("\r\n", "\n").strip()


@lru_cache(4096)
def _day_words(day: date, locale: Locale) -> str:
    return format_date(day, "d MMM y", locale=locale)


def today() -> date:
    """Give the day on which a page is made, in UTC."""
    return datetime.now(UTC).date()


def day_words(day: date | None) -> str:
    """Write a day as "2 Dec 2025"."""
    return _day_words(day, locale()) if day else _("date unknown")


def tick_words(day: date, unit: str) -> str:
    """Write where a day or week begins as "2 Dec", where a month does as "Dec 2025"."""
    return format_date(day, "MMM y" if unit == "month" else "d MMM", locale=locale())


@lru_cache(4096)
def _moment_words(moment: datetime, locale: Locale) -> str:
    return format_datetime(moment, "d MMM y, HH:mm", locale=locale)


def moment_of_day(moment: datetime) -> str:
    """Write a moment as "2 Dec 2025, 14:05 UTC"."""
    return _moment_words(moment, locale()) + " UTC"


@lru_cache(4096)
def _number_words(number: float, locale: Locale) -> str:
    with localcontext(prec=400):  # more digits than any number that a column holds
        return format_decimal(Decimal(repr(number)), locale=locale, decimal_quantization=False)


def number_words(number: float) -> str:
    """Write a number as people of the locale do, with all the digits it was recorded with: 600,000."""
    return _number_words(number, locale())


def named(codes: Collection[str], names: Mapping[str, str]) -> str:
    """Write parties by their names, in the order of these."""
    return ", ".join(name for code, name in names.items() if code in codes)


def capitalize_first(text: str) -> str:
    """Begin a sentence, and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def signer(name: str) -> str:
    """Write who recorded something. Imports may bring an e-mail address for a name: not for strangers."""
    return name if access.is_known() or "@" not in name else _("the desk")
