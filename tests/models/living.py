"""Random histories of entries, corrections and retractions, beside a model that is plainly right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypothesis import strategies as st
from sqlalchemy import select

from tests.models.acts import NOON, at, change, state, withdraw
from tests.world import DAY, World
from tracker.models import Correction, Entry, Party, Track
from tracker.models.position import position_in_force
from tracker.models.status import status_in_force
from tracker.models.vocabulary import Stance, Standing, Status

STATUSES = [Status.OPEN, Status.CLARIFICATION, Status.BLOCKED, Status.PARKED, Status.DROPPED]
days = st.sampled_from([0, 0, 0, 1, 2]).map(lambda number: DAY + timedelta(days=number))


@dataclass(frozen=True)
class Act:
    """What is done: on which cell, with which word, for which day, so many minutes after the act before.

    `on` takes up an earlier entry by its number, to correct it ("correct") or to withdraw it ("retract").
    """

    what: str
    cell: str
    day: date
    word: int
    on: int
    minutes: int


acts = st.builds(
    Act,
    what=st.sampled_from(["enter", "enter", "correct", "retract"]),
    cell=st.sampled_from(["whole", "whole", "shuttle", "red", "red", "blue"]),
    day=days,
    word=st.integers(0, 4),
    on=st.integers(0, 30),
    minutes=st.integers(0, 2),
)
#: From where it is looked: a day, and a minute; None: now.
views = st.tuples(days, st.one_of(st.none(), st.integers(-1, 30)))


@dataclass
class Line:
    """What the model keeps of an entry."""

    id: int
    cell: str
    day: date
    counts: bool
    recorded: datetime
    first_recorded: datetime
    retracted: datetime | None = None


def in_force(lines: Sequence[Line], cell: str, day: date, known: datetime | None) -> int | None:
    """Say by the sentence of the rule which entry is in force."""
    standing = [
        line
        for line in lines
        if line.cell == cell
        and line.counts
        and line.day <= day
        and (known is None or line.recorded <= known)
        and (line.retracted is None or (known is not None and line.retracted > known))
    ]
    last = max(standing, key=lambda line: (line.day, line.first_recorded, line.id), default=None)
    return last.id if last else None


class History:
    """Does each act in the database and in the model."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tracks: dict[str, Track | None] = {"whole": None, "shuttle": world.shuttle}
        self.parties: dict[str, Party] = {"red": world.red, "blue": world.blue}
        self.entries: list[Entry] = []
        self.lines: list[Line] = []
        self.minute = 0

    def do(self, act: Act) -> None:
        self.minute += act.minutes
        if act.what == "enter":
            self.enter(act, act.cell)
            return
        standing = [number for number, line in enumerate(self.lines) if line.retracted is None]
        if not standing:
            return
        number = standing[act.on % len(standing)]
        entry, line = self.entries[number], self.lines[number]
        if act.what == "correct":
            self.enter(act, line.cell, Correction(entry, "Misread.", at(self.minute)))
            self.lines[-1].first_recorded = line.first_recorded
        else:
            withdraw(self.world, entry, recorded=at(self.minute))
        line.retracted = at(self.minute).at

    def enter(self, act: Act, cell: str, corrects: Correction | None = None) -> None:
        standing = [*Standing][max(act.word - 2, 0)]
        words = f"entry {len(self.entries)}"  # so that none repeats another
        entry: Entry
        if cell in self.tracks:
            entry = change(
                self.world,
                STATUSES[act.word],
                act.day,
                track=self.tracks[cell],
                subject_to=words,
                corrects=corrects,
                recorded=at(self.minute),
            )
        else:
            entry = state(
                self.world,
                self.parties[cell],
                act.day,
                stance=Stance.SUPPORTS,
                summary=words,
                standing=standing,
                corrects=corrects,
                recorded=at(self.minute),
            )
        self.world.talks.session.flush()
        moment = at(self.minute).at
        is_line = cell in self.tracks or standing is Standing.LINE
        self.entries.append(entry)
        self.lines.append(Line(entry.id, cell, act.day, is_line, moment, moment))

    def check(self, day: date, minute: int | None) -> None:
        session, issue = self.world.talks.session, self.world.border.id
        known = None if minute is None else NOON + timedelta(minutes=minute)
        found = {
            cell: status_in_force(issue, track.id if track else None, day, known)
            for cell, track in self.tracks.items()
        } | {cell: position_in_force(issue, party.id, day, known) for cell, party in self.parties.items()}
        row = session.execute(select(*(query.label(cell) for cell, query in found.items()))).one()
        assert row._asdict() == {cell: in_force(self.lines, cell, day, known) for cell in found}
        if known is None:
            whole = self.world.border.status_on(day)
            assert (whole and whole.id) == row.whole
