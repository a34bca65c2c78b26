"""Refused: the one exception of the domain. Its faults are fit to be shown to the one who asked."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


def N_(message: str) -> str:  # noqa: N802 - the name that gettext's extractor looks for
    """Mark a message for translation; the door translates it when it is shown."""
    return message


@dataclass(frozen=True)
class Fault:
    """One thing wrong: the field it is about ("" for the whole), and a message with its values."""

    field: str
    message: str
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


class Refused(Exception):
    """What was asked breaks a rule of the record; nothing of it may be kept."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = list(faults)

    def __str__(self) -> str:
        return " ".join(str(fault) for fault in self.faults)


class Conflict(Refused):
    """Someone else saved since the form was opened."""


def stale() -> Conflict:
    """Make the conflict of a form that was made from an older version."""
    return Conflict(Fault("base_version", N_("Someone else saved since you opened this form.")))


class Faults(list[Fault]):
    """Faults found so far: gathered, so that all are told at once."""

    def find(self, field: str, message: str, **values: Any) -> None:
        self.append(Fault(field, message, values))

    def refuse(self) -> None:
        """Raise Refused if there is any."""
        if self:
            raise Refused(*self)
