"""The headline of the brief: where it stands and what changed, in a sentence or two of plain words."""

from __future__ import annotations

from tracker.exchange.tongue import Tongue
from tracker.models.refused import N_
from tracker.models.step import Step
from tracker.models.vocabulary import Status
from tracker.queries.brief import Brief

NUMBERS = (
    N_("none"),
    N_("one"),
    N_("two"),
    N_("three"),
    N_("four"),
    N_("five"),
    N_("six"),
    N_("seven"),
    N_("eight"),
    N_("nine"),
    N_("ten"),
    N_("eleven"),
    N_("twelve"),
)
#: The order in which statuses are named: agreement first, the most settled on top.
ORDER = (
    Status.AGREED,
    Status.PROVISIONALLY_AGREED,
    Status.AGREED_IN_PRINCIPLE,
    Status.OPEN,
    Status.CLARIFICATION,
    Status.BLOCKED,
    Status.PARKED,
    Status.NOT_TABLED,
    Status.DROPPED,
    Status.OVERTAKEN,
    None,
)
#: So many statuses, steps, parties and issues that slipped back are named at most.
STATUSES, STEPS, NAMED = 5, 4, 3


def headline(brief: Brief, t: Tongue) -> str:
    """Say it."""
    if not brief.issues:
        return t.gettext("Nothing is on the table yet.")
    return f"{_state(brief, t)} {_change(brief, t)}"


def _number(number: int, t: Tongue) -> str:
    return t.gettext(NUMBERS[number]) if number < len(NUMBERS) else t.number(number)


def _state(brief: Brief, t: Tongue) -> str:
    special = {
        Status.CLARIFICATION: t.gettext("in need of clarification"),
        None: t.gettext("without a status"),
    }
    counts = dict(brief.counts)
    parts = []
    for status in ORDER:
        number = counts.get(status, 0)
        if number:
            word = special.get(status) or t.gettext(status.label if status else "").lower()
            told = {"number": _number(number, t), "status": word}
            parts.append(t.ngettext("%(number)s is %(status)s", "%(number)s are %(status)s", number, **told))
    if len(parts) > STATUSES:
        named = [counts.get(status, 0) for status in ORDER if counts.get(status)][: STATUSES - 1]
        others = _number(brief.issues - sum(named), t)
        parts[STATUSES - 1 :] = [t.gettext("%(number)s have another status", number=others)]
    return t.ngettext(
        "Of one issue %(what)s.",
        "Of %(number)s issues %(what)s.",
        brief.issues,
        number=_number(brief.issues, t),
        what=t.series(parts),
    )


def _change(brief: Brief, t: Tongue) -> str:
    found, since = brief.changes, t.day(brief.since)
    steps = _steps(brief, t)
    if not steps and all(tally.is_silent for tally in found.tallies):
        return t.gettext("Nothing changed since %(day)s.", day=since)
    told = t.gettext(
        "%(steps)s; %(moves)s",
        steps=t.series(steps) or t.gettext("no status changed"),
        moves=_moves(brief, t),
    )
    return t.gettext("Since %(day)s %(what)s.", day=since, what=told)


def _moves(brief: Brief, t: Tongue) -> str:
    moved = sorted((tally for tally in brief.changes.tallies if tally.moved), key=lambda tally: -tally.moved)
    parts = [
        t.ngettext(
            "%(party)s moved on %(number)s issue",
            "%(party)s moved on %(number)s issues",
            tally.moved,
            party=tally.party.label,
            number=_number(tally.moved, t),
        )
        for tally in moved[:NAMED]
    ]
    if len(moved) > NAMED:
        others = _number(len(moved) - NAMED, t)
        parts.append(
            t.ngettext("%(number)s other moved", "%(number)s others moved", len(moved) - NAMED, number=others)
        )
    return t.series(parts) or t.gettext("no party moved")


def _steps(brief: Brief, t: Tongue) -> list[str]:
    """Say how many statuses took which step; the first names what is counted, what slipped back is named."""
    parts: list[str] = []
    for kind, count in brief.changes.counts:
        number = _number(count, t)
        if not parts:
            number = t.ngettext("%(number)s status", "%(number)s statuses", count, number=number)
        said = {
            Step.SLIPPED: t.ngettext(
                "%(number)s slipped back", "%(number)s slipped back", count, number=number
            ),
            Step.ADVANCED: t.ngettext("%(number)s advanced", "%(number)s advanced", count, number=number),
            Step.OPENED: t.ngettext("%(number)s was opened", "%(number)s were opened", count, number=number),
            Step.RESUMED: t.ngettext(
                "%(number)s was resumed", "%(number)s were resumed", count, number=number
            ),
            Step.SIDELINED: t.ngettext(
                "%(number)s was sidelined", "%(number)s were sidelined", count, number=number
            ),
            Step.DROPPED: t.ngettext(
                "%(number)s was dropped", "%(number)s were dropped", count, number=number
            ),
            Step.OVERTAKEN: t.ngettext(
                "%(number)s was overtaken", "%(number)s were overtaken", count, number=number
            ),
            Step.CHANGED: t.ngettext(
                "%(number)s changed in its terms", "%(number)s changed in their terms", count, number=number
            ),
            None: t.ngettext(
                "%(number)s is back where it was", "%(number)s are back where they were", count, number=number
            ),
        }[kind]
        if kind is Step.SLIPPED:
            keys = dict.fromkeys(step.issue.key for step in brief.changes.slipped if step.kind is kind)
            said += f" ({', '.join([*keys][:NAMED])}{'…' if len(keys) > NAMED else ''})"
        parts.append(said)
    if len(parts) > STEPS:
        others = sum(count for _kind, count in brief.changes.counts[STEPS - 1 :])
        parts[STEPS - 1 :] = [t.gettext("%(number)s took other steps", number=_number(others, t))]
    return parts
