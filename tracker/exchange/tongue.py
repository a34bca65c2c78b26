"""Tongue: how things are said to a reader, in a language and with the names of the parties."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from tracker.models.vocabulary import Movement, Standing, Status
from tracker.queries.entries import EntryLine

#: What is not worth a word of a line.
_USUAL = (Movement.UNJUDGED, Standing.LINE)


@dataclass(frozen=True)
class Tongue:
    """The reader's language and the project's words in it. `names`: the parties' by code, in column order."""

    locale: Locale
    gettext: Callable[..., str]
    ngettext: Callable[..., str]
    names: Mapping[str, str] = field(default_factory=dict)

    def say(self, text: str) -> str:
        """Say the project's own words as they are."""
        return self.gettext(text)

    def day(self, day: date | None) -> str:
        """Write a day as "2 Dec 2025"."""
        return _day(day, self.locale) if day else self.gettext("date unknown")

    def on(self, day: date | None, words: str) -> str:
        """Say a day; words like “early December” stand in its place."""
        return words or self.day(day)

    def moment(self, moment: datetime) -> str:
        """Write a moment as "2 Dec 2025, 14:05 UTC"."""
        return _moment(moment, self.locale) + " UTC"

    def number(self, number: float) -> str:
        """Write a number as people of the locale do, with all the digits it was recorded with: 600,000."""
        return _number(number, self.locale)

    def named(self, codes: Collection[str]) -> str:
        """Name parties, in column order."""
        return ", ".join(in_order(codes, self.names))

    def between(self, codes: Collection[str]) -> str:
        """Say between whom."""
        return self.gettext("between %(whom)s", whom=self.named(codes))

    def status(self, status: Status, between: Collection[str], terms: str) -> str:
        """Say a status, between whom and subject to what."""
        told = self.say(status.label)
        if between:
            told += f" {self.between(between)}"
        return f"{told}, {self.gettext('subject to %(what)s', what=terms)}" if terms else told

    def gist(self, entry: EntryLine) -> str:
        """Say what an entry says in one line, but for the words of a party's line and of terms."""
        if entry.stance:
            judged = (word for word in (entry.movement, entry.standing) if word and word not in _USUAL)
            told = [self.say(entry.stance.label), *(self.say(word.label).lower() for word in judged)]
            return f"{entry.party}: {', '.join(told)}"
        between = entry.agreed_between or entry.between
        told = [
            self.gettext("%(share)s %% agreed", share=entry.share) if entry.share is not None else "",
            self.say(entry.status.label) if entry.status else "",
            self.between(between) if between else "",
            entry.words or "",
        ]
        said = ", ".join(filter(None, told))
        if entry.kind == "claim":
            return f"{self.gettext('%(party)s claims', party=entry.party)}: {said}"
        return said

    def series(self, parts: Iterable[str]) -> str:
        """Write parts one after the other, the last two joined by a word."""
        *first, last = [*parts] or [""]
        if not first:
            return last
        return self.gettext("%(first)s and %(last)s", first=", ".join(first), last=last)


def in_order(codes: Collection[str], names: Mapping[str, str]) -> list[str]:
    """Give the names of parties, in the order of these."""
    return [name for code, name in names.items() if code in codes]


@lru_cache(4096)
def _day(day: date, locale: Locale) -> str:
    return format_date(day, "d MMM y", locale=locale)


@lru_cache(4096)
def _moment(moment: datetime, locale: Locale) -> str:
    return format_datetime(moment, "d MMM y, HH:mm", locale=locale)


@lru_cache(4096)
def _number(number: float, locale: Locale) -> str:
    with localcontext(prec=400):  # more digits than any number that a column holds
        return format_decimal(Decimal(repr(number)), locale=locale, decimal_quantization=False)


def _gettext(text: str, /, **values: Any) -> str:
    return text % values if values else text


def _ngettext(one: str, many: str, number: int, /, **values: Any) -> str:
    return (one if number == 1 else many) % {"num": number, **values}


#: The language of the shell.
ENGLISH = Tongue(Locale("en"), _gettext, _ngettext)
