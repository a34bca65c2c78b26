"""What a comparison's address asks for, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from tracker.dates import Unreadable, read_day, read_moment
from tracker.models.refused import N_
from tracker.models.vocabulary import Status
from tracker.queries.comparison_rows import RowSort
from tracker.views.languages import gettext as _
from tracker.views.words import day_words, moment_of_day

SORTS = {
    RowSort.ORDER: N_("Topics, in order"),
    RowSort.STATUS: N_("Status"),
    RowSort.LATEST: N_("Latest change"),
    RowSort.DISTANCE: N_("Distance"),
}


def comparison_words(query: str, parties: Mapping[str, str], texts: Mapping[str, str]) -> list[str]:
    """Tell what a query string of Compare asks for.

    `parties`, `texts`: names by code. What has none, or cannot be read, stands as it was typed.
    """
    pairs = parse_qsl(query)
    if not pairs:
        return [_("all parties, all issues, as of today")]
    named = {"party": parties, "proposal": texts}
    columns = [named[kind].get(code, code) for kind, code in pairs if kind in named]
    told = [", ".join(columns) or _("all parties")]
    for name, say in _ARGUMENTS.items():
        values = [value for kind, value in pairs if kind == name]
        if values:
            told.append(say([parties.get(value, value) for value in values] if name == "fold" else values))
    return told


def _folded(names: list[str]) -> str:
    return _("members folded into %(names)s", names=", ".join(names))


def _as_of(values: list[str]) -> str:
    return _("as of %(day)s", day=_day(values[0]))


def _known_at(values: list[str]) -> str:
    typed = values[0]
    try:
        known = moment_of_day(read_moment(typed)) if "T" in typed else _day(typed)
    except Unreadable:
        known = typed
    return _("as known on %(moment)s", moment=known)


def _baseline(values: list[str]) -> str:
    return _("changes since %(day)s", day=_day(values[0]))


def _topics(values: list[str]) -> str:
    return _("topic: %(topics)s", topics=", ".join(values))


def _statuses(values: list[str]) -> str:
    labels = {each.value: _(each.label) for each in Status} | {"none": _("No status yet")}
    return _("status: %(statuses)s", statuses=", ".join(labels.get(value, value) for value in values))


def _issues(values: list[str]) -> str:
    return _("issues: %(keys)s", keys=", ".join(values))


def _sought(values: list[str]) -> str:
    return _("words or key: “%(words)s”", words=values[0])


def _sorted(values: list[str]) -> str:
    labels = {each.value: _(label) for each, label in SORTS.items()}
    return _("order: %(order)s", order=labels.get(values[0], values[0]))


def _day(typed: str) -> str:
    try:
        return day_words(read_day(typed))
    except Unreadable:
        return typed


_ARGUMENTS: dict[str, Callable[[list[str]], str]] = {
    "fold": _folded,
    "as_of": _as_of,
    "known_at": _known_at,
    "baseline": _baseline,
    "topic": _topics,
    "status": _statuses,
    "issue": _issues,
    "q": _sought,
    "sort": _sorted,
    "differences": lambda _values: _("differences only"),
    "swap": lambda _values: _("issues across"),
}
