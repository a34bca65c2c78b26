"""Parsing: from the bytes of a file to plain JSON values. Never anything but Refused comes out."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any

from tracker.models.refused import N_, Fault, Refused

#: No number of the form is near this long; Python takes quadratic time to read longer ones.
_LONGEST_NUMBER = 40


class Repeating(dict[str, Any]):
    """An object of a file in which a key stands more than once."""

    def __init__(self, values: dict[str, Any], keys: list[str]) -> None:
        super().__init__(values)
        self.keys_repeated = keys


def parse(document: bytes) -> Any:
    """Read a document as JSON in UTF-8.

    Raises: Refused.
    """
    try:
        return json.loads(
            document.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_int=lambda digits: int(digits) if len(digits) <= _LONGEST_NUMBER else math.inf,
        )
    except UnicodeDecodeError as error:
        raise _refused(N_("This is not text in UTF-8 (byte %(byte)s)."), byte=error.start + 1) from None
    except json.JSONDecodeError as error:
        raise _refused(
            N_("This is not JSON: line %(line)s, column %(column)s."), line=error.lineno, column=error.colno
        ) from None
    except RecursionError:
        raise _refused(N_("This is nested too deeply to be read.")) from None


def _refused(message: str, **values: Any) -> Refused:
    return Refused(Fault("", message, values))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) == len(pairs):
        return values
    times = Counter(key for key, _ in pairs)
    return Repeating(values, sorted(key for key, count in times.items() if count > 1))
