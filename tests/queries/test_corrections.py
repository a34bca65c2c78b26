"""What was recorded in between."""

from datetime import timedelta

from sqlalchemy.orm import Session

from tests.models.acts import NOON, at, change, withdraw
from tests.queries.changing import between, recorded
from tests.world import DAY, World
from tracker.dates import View
from tracker.models import Citation, Cite, Correction
from tracker.models.step import Step
from tracker.models.vocabulary import Status
from tracker.queries.corrections import ActKind, steps_between


def test_a_late_entry_is_listed_as_recorded_in_between(world: World) -> None:
    entry = change(world, Status.OPEN, DAY, recorded=at(0))
    before, after = NOON - timedelta(days=5), NOON + timedelta(minutes=1)
    assert between(world, DAY - timedelta(days=1), DAY, known_at=before).steps == []
    done = recorded(world, before, after, unexpected=True)
    assert [(each.kind, each.entry.uid) for each in done] == [(ActKind.LATE, entry.uid)]
    assert recorded(world, after, after + timedelta(minutes=1)) == []


def test_a_correction_is_told_once_with_what_it_replaced_and_why(world: World) -> None:
    old = change(world, Status.OPEN, DAY, recorded=at(0))
    new = change(world, Status.BLOCKED, DAY, corrects=Correction(old, "Misread.", at(2)), recorded=at(2))
    done = recorded(world, NOON + timedelta(minutes=1), NOON + timedelta(minutes=3), unexpected=True)
    assert [(each.kind, each.entry.uid) for each in done] == [(ActKind.CORRECTED, new.uid)]
    replaced = done[0].replaced
    assert replaced is not None
    assert (replaced.uid, replaced.retraction and replaced.retraction.reason) == (old.uid, "Misread.")
    known = [View(known_at=NOON + timedelta(minutes=minute)) for minute in (1, 3)]
    steps = steps_between(world.talks.session, world.talks, *known).steps
    assert [(each.kind, each.issue.key) for each in steps] == [(Step.SIDELINED, "TK-2")]


def test_a_retraction_is_told_with_its_reason(world: World) -> None:
    entry = change(world, Status.OPEN, DAY, recorded=at(0))
    withdraw(world, entry, recorded=at(2), reason="Nobody said so.")
    first, second = (NOON + timedelta(minutes=minute) for minute in (1, 3))
    done = recorded(world, first, second, unexpected=True)
    assert [(each.kind, each.entry.uid, each.reason) for each in done] == [
        (ActKind.RETRACTED, entry.uid, "Nobody said so.")
    ]
    step = steps_between(world.talks.session, world.talks, View(known_at=first), View(known_at=second)).steps[
        0
    ]
    assert (step.before and step.before.status, step.after, step.kind) == (Status.OPEN, None, None)


def test_a_source_that_was_withdrawn_from_an_entry_is_told(world: World, session: Session) -> None:
    entry = change(world, Status.OPEN, DAY, citing=[world.cite(), Cite(world.report)], recorded=at(0))
    session.flush()
    citation = session.get(Citation, entry.citations[1].id)
    assert citation
    withdraw(world, citation, recorded=at(2), reason="Another report.")
    done = recorded(world, NOON + timedelta(minutes=1), NOON + timedelta(minutes=3), unexpected=True)
    assert [(each.kind, each.entry.uid) for each in done] == [(ActKind.SOURCE_WITHDRAWN, entry.uid)]
