"""Speech: what a file needs to say things in its reader's language and with the names of the parties."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.exchange.sheets import Say
from tracker.models.refused import N_
from tracker.models.vocabulary import Status


@dataclass(frozen=True)
class Speech:
    """How words, days and numbers are said. `names`: the parties' by code, in column order."""

    say: Say
    day: Callable[[date], str]
    number: Callable[[float], str]
    names: Mapping[str, str]

    def on(self, day: date, words: str) -> str:
        """Say a day; words like “early December” stand in its place."""
        return words or self.day(day)

    def named(self, codes: Collection[str]) -> str:
        """Name parties, in column order."""
        return ", ".join(name for code, name in self.names.items() if code in codes)

    def between(self, codes: Collection[str]) -> str:
        return self.say(N_("between %(whom)s")) % {"whom": self.named(codes)}

    def status(self, status: Status, between: Collection[str], terms: str) -> str:
        """Say a status, between whom and subject to what."""
        told = self.say(status.label)
        if between:
            told += f" {self.between(between)}"
        return f"{told}, {self.say(N_('subject to %(what)s')) % {'what': terms}}" if terms else told
