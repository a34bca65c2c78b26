"""What happens in the made-up record: which acts befall each issue, when, and which sources they rest on.

A plan is made from the seed and an issue's number alone, so that acts can be written in the order of their
moments without holding the record in memory. No words and no database here.
"""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import Any

from bench.record.frame import (
    CORE,
    CORE_PARTIES,
    DAY,
    HOUR,
    LAST_DAY,
    PUBLISHED,
    SMALL,
    Act,
    Frame,
    Size,
    chance,
)
from tracker.models.step import Step, step
from tracker.models.vocabulary import Firmness, Level, Movement, Stance, Standing, Status

EVENTS_HELD, EVENTS_PLANNED, WHOLE_CLAIMS = 29, 2, 4
#: The days on which proposals are tabled.
PROPOSED = (60, 300, 600)
NEXT = {
    None: (Status.OPEN, Status.OPEN, Status.NOT_TABLED),
    Status.NOT_TABLED: (Status.OPEN,),
    Status.OPEN: (
        Status.CLARIFICATION,
        Status.AGREED_IN_PRINCIPLE,
        Status.AGREED_IN_PRINCIPLE,
        Status.PARKED,
        Status.BLOCKED,
    ),
    Status.CLARIFICATION: (Status.OPEN, Status.AGREED_IN_PRINCIPLE, Status.BLOCKED),
    Status.AGREED_IN_PRINCIPLE: (Status.PROVISIONALLY_AGREED, Status.PROVISIONALLY_AGREED, Status.OPEN),
    Status.PROVISIONALLY_AGREED: (Status.AGREED, Status.AGREED_IN_PRINCIPLE, Status.BLOCKED),
    Status.AGREED: (Status.PROVISIONALLY_AGREED, Status.OVERTAKEN),
    Status.PARKED: (Status.OPEN, Status.CLARIFICATION, Status.DROPPED),
    Status.BLOCKED: (Status.OPEN, Status.CLARIFICATION, Status.AGREED_IN_PRINCIPLE),
    Status.DROPPED: (Status.OPEN,),
    Status.OVERTAKEN: (Status.CLARIFICATION,),
}
LEVELS = (None, Level.TECHNICAL, Level.TECHNICAL, Level.POLITICAL, Level.LEADERS)
STANCES, FIRMNESSES = tuple(Stance), tuple(Firmness)
MOVES = {
    Movement.RESTATED: 4,
    Movement.CLARIFIED: 2,
    Movement.HARDENED: 2,
    Movement.SOFTENED: 3,
    Movement.CHANGED: 1,
}


def claims_of(number: int) -> int:
    return {1: 2, 3: 1, 5: 1}.get(number % 6, 0)


def _seconds(size: Size) -> int:
    """Count the citations beyond the first of each entry."""
    claims = WHOLE_CLAIMS + sum(map(claims_of, range(1, size.issues + 1)))
    return size.citations - size.positions - size.status_changes - claims - EVENTS_HELD


class Plans(Frame):
    """The plans of a record of some size."""

    def __init__(self, size: Size, seed: int) -> None:
        super().__init__(size, seed)
        #: The acts of an issue, first to last as they were planned, not as they were recorded.
        self.plan = lru_cache(8192)(self._plan)
        self._extra = (_seconds(SMALL), _seconds(size))

    def _plan(self, issue: int) -> list[Act]:
        luck = chance(self.seed, "plan", issue)
        if issue == 0:
            return _common_acts(self, luck)
        acts: list[Act] = []
        _Changes(self, issue, luck, acts).plan()
        _plan_positions(self, issue, luck, acts)
        _plan_claims(self, issue, luck, acts)
        seconds = self.quota(*self._extra, issue)
        for act in luck.sample([act for act in acts if act.kind in ("change", "position")], seconds):
            act.is_cited_twice = True
        for kind in ["review"] * (issue % 2) + ["note"] * (issue % 3 == 1):
            day = luck.randrange(200, LAST_DAY)
            acts.append(Act(self.within(luck, day), kind, day))
        return acts

    def version_of(self, issue: int) -> int:
        """Tell the version of an issue at the end: its changes of status and their retractions move it."""
        changes = [act for act in self.plan(issue) if "change" in (act.kind, act.values.get("subject"))]
        return 1 + sum(2 if act.kind == "change" and act.of is not None else 1 for act in changes)


class _Changes:
    """Plan the status changes of one issue: each differs from the one before it on its track."""

    def __init__(self, plans: Plans, issue: int, luck: Random, acts: list[Act]) -> None:
        self.plans, self.issue, self.luck, self.acts = plans, issue, luck, acts
        self.before: dict[int | None, tuple[Status | None, Level | None]] = {}

    def plan(self) -> None:
        count = self.plans.quota(SMALL.status_changes, self.plans.size.status_changes, self.issue)
        is_corrected = self.issue % 3 == 1
        steps = count - is_corrected
        for number in range(steps):
            when = (number + self.luck.uniform(0.4, 0.6)) / steps
            if number == 0 and self.issue <= CORE:
                when = 0.0  # the text that opened the talks is cited by each of the first issues
            act = self.plans.act(self.luck, "change", self.issue, when, (0, 0, 0, 0, 1, 1, 2, 9, 16))
            act.values = self._values(number)
            self.acts.append(act)
        if is_corrected:
            self.acts.append(corrected(self.plans, self.luck, self.acts, self.luck.randrange(steps - 1)))
        if self.issue % 8 == 5:
            self.acts.append(withdrawn(self.plans, self.luck, self.acts, steps - 1))

    def _values(self, number: int) -> dict[str, Any]:
        track = 1 + self.issue % 2 if number and self.luck.random() < 0.35 else None
        before, level_before = self.before.get(track, (None, None))
        level = self.luck.choice(LEVELS)
        if before and level != level_before and self.luck.random() < 0.15:
            status = before
        else:
            status = self.luck.choice(NEXT[before])
        self.before[track] = (status, level)
        is_plain = step(before, status) not in (Step.SLIPPED, Step.DROPPED)
        return {"track_id": track, "status": status, "level": level, "is_plain": is_plain}


def corrected(plans: Plans, luck: Random, acts: list[Act], of: int) -> Act:
    """Plan the correction of an act, recorded within a week of it."""
    old = acts[of]
    old.is_referred = True
    at = plans.within(luck, old.at // DAY + luck.randint(1, 5))
    values = old.values | ({"is_plain": False} if old.kind == "change" else {})
    return Act(at, old.kind, max(0, old.day - 1), old.source, of=of, values=values)


def withdrawn(plans: Plans, luck: Random, acts: list[Act], of: int) -> Act:
    """Plan the retraction of an act, recorded within a week of it."""
    acts[of].is_referred = True
    day = acts[of].at // DAY + luck.randint(1, 6)
    values = {"subject": acts[of].kind, "party_id": acts[of].values.get("party_id")}
    return Act(plans.within(luck, day), "retraction", day, of=of, values=values)


def _plan_positions(plans: Plans, issue: int, luck: Random, acts: list[Act]) -> None:
    """Plan who says what: two thirds of the versions are a party's first, the others follow on them."""
    first = len(acts)
    is_corrected = issue % 2 == 1
    slots = plans.quota(SMALL.positions, plans.size.positions, issue) - is_corrected
    parties = range(1, (CORE_PARTIES if issue <= CORE else plans.size.parties) + 1)
    speaking = luck.sample(parties, min(max(1, round(slots * 2 / 3)), len(parties)))
    lines: dict[int, Stance] = {}
    for slot in range(slots):
        when = (slot + luck.uniform(0.2, 0.8)) / slots
        act = plans.act(luck, "position", issue, when, (0, 0, 0, 0, 1, 2, 5, 12, 28))
        act.values = _position(luck, speaking[slot % len(speaking)], lines)
        if issue <= CORE and issue % 3 == 0 and slot == slots - 1:
            act.values |= {"clause_id": issue, "standing": Standing.LINE}
        acts.append(act)
    if is_corrected:
        acts.append(corrected(plans, luck, acts, first + luck.randrange(slots // 2)))
    if issue % 4 == 1:
        acts.append(withdrawn(plans, luck, acts, first + slots - 1))


def _position(luck: Random, party: int, lines: dict[int, Stance]) -> dict[str, Any]:
    values = {"party_id": party, "firmness": luck.choice(FIRMNESSES), "standing": Standing.LINE}
    stance = luck.choice(STANCES)
    if party not in lines:
        values["movement"] = Movement.FIRST
    elif luck.random() < 0.25:
        values |= {"movement": Movement.UNJUDGED, "standing": luck.choice((Standing.VOICE, Standing.LEAK))}
        return values | {"stance": stance}
    else:
        values["movement"] = luck.choices(list(MOVES), list(MOVES.values()))[0]
        if values["movement"] is not Movement.CHANGED:
            stance = lines[party]
    lines[party] = stance
    return values | {"stance": stance}


def _plan_claims(plans: Plans, issue: int, luck: Random, acts: list[Act]) -> None:
    """Plan what parties say the status is; of two claims the second contradicts the first."""
    count = claims_of(issue)
    parties = luck.sample(range(1, CORE_PARTIES + 1), count)
    for number, party in enumerate(parties):
        act = plans.act(luck, "claim", issue, (number + luck.uniform(0.3, 0.7)) / count, (0, 1, 3))
        act.values = {"party_id": party}
        acts.append(act)
    if count == 2:
        acts[-1].is_referred = acts[-2].is_referred = True
        at = max(act.at for act in acts[-2:]) + 1
        acts.append(Act(at, "link", of=len(acts) - 2))


def _common_acts(plans: Plans, luck: Random) -> list[Act]:
    """Plan what belongs to the talks as a whole: rounds, held and to come, claims and proposals."""
    acts = []
    for number in range(EVENTS_HELD + EVENTS_PLANNED):
        is_held = number < EVENTS_HELD
        day = event_day(number)
        recorded = (day if is_held else PUBLISHED) * DAY + 8 * HOUR - 1
        acts.append(Act(recorded, "event", day, plans.place_on(day), values={"is_held": is_held}))
    for number in range(WHOLE_CLAIMS):
        act = plans.act(luck, "claim", 0, (number + 0.5) / WHOLE_CLAIMS, (0, 1))
        act.values = {"party_id": 1 + number, "share": 40 + 15 * number}
        acts.append(act)
    proposals = (Act(day * DAY + 9 * HOUR, "proposal", day, plans.place_on(day)) for day in PROPOSED)
    return [*acts, *proposals]


def round_on(day: int) -> int | None:
    """Find the round of talks that was held on a day: its id."""
    number, past = divmod(day - event_day(0), 30)
    return number + 1 if 0 <= number < EVENTS_HELD and past < 2 else None


def event_day(number: int) -> int:
    """Tell the day on which a round of talks begins; it lasts two."""
    return 10 + 30 * number + (60 if number >= EVENTS_HELD else 0)
