"""Undoing: by who recorded it, within ten minutes, and for good."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.models.acts import change, refuses, state
from tests.models.test_retraction import KINDS, subject
from tests.world import World
from tracker.db import now
from tracker.models import Correction, Entry, Recorded, Retraction
from tracker.models.retraction import UNDONE, is_correction, undo
from tracker.models.vocabulary import Status


def recorded(world: World, **ago: int) -> Recorded:
    """Say that Ed recorded something so long ago."""
    return Recorded(now() - timedelta(**ago), "Ed", world.ed.id)


@pytest.mark.parametrize("kind", KINDS)
def test_what_one_has_just_recorded_is_undone_without_a_reason(
    world: World, session: Session, kind: str
) -> None:
    row = subject(world, kind)
    undo(row, by=world.ed).refuse()
    session.commit()
    assert row.retraction
    assert (row.retraction.reason, row.retraction.recorded_by) == (UNDONE, "Ed")
    with refuses("entry"):
        undo(row, by=world.ed).refuse()


def test_what_someone_else_recorded_is_not_undone(world: World, session: Session) -> None:
    with refuses("entry"):
        undo(change(world, Status.OPEN), by=world.ann).refuse()
    with refuses("entry"):
        undo(change(world, Status.PARKED, by="shell"), by=world.ann).refuse()
    assert session.scalars(select(Retraction)).all() == []


def test_ten_minutes_are_the_most(world: World) -> None:
    late = state(world, world.red, recorded=recorded(world, minutes=10, seconds=5))
    in_time = state(world, world.blue, recorded=recorded(world, minutes=9, seconds=50))
    with refuses("entry"):
        undo(late, by=world.ed).refuse()
    undo(in_time, by=world.ed).refuse()
    assert in_time.retraction
    assert late.retraction is None


def test_a_correction_is_not_undone_since_nothing_would_come_back(world: World, session: Session) -> None:
    wrong = change(world, Status.OPEN)
    right = change(world, Status.PARKED, corrects=Correction(wrong, "Misread."))
    session.commit()
    assert (is_correction(wrong), is_correction(right)) == (False, True)
    with refuses("entry"):
        undo(right, by=world.ed).refuse()
    assert world.border.status_on() is right
    again = change(world, Status.BLOCKED, corrects=Correction(right, "Misread again."))
    assert world.border.status_on() is again


def test_undoing_a_status_moves_the_version_and_leaves_the_one_before_in_force(world: World) -> None:
    before = world.water.status_on()
    parked = change(world, Status.PARKED, issue=world.water)
    version = world.water.version
    undo(parked, by=world.ed).refuse()
    assert world.water.version == version + 1
    assert world.water.status_on() is before
    assert isinstance(before, Entry)
