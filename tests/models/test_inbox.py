from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.models.acts import refuses
from tests.world import World
from tracker.db import PROSE
from tracker.models import AuditEntry, Conflict
from tracker.models.vocabulary import InboxState, Visibility
from tracker.queries.integrity import verify


def told(session: Session) -> dict[str, Any]:
    """Give what the log told last."""
    session.commit()
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    return {"chain": entry.chain, "table": entry.table_name, "action": entry.action, "body": entry.body}


def test_a_source_is_new_at_first_and_with_nobody(world: World) -> None:
    assert (world.report.inbox_state, world.report.inbox_reason) == (None, None)
    assert world.report.assignee_id is None


def test_who_takes_a_source_up_has_it(world: World, session: Session) -> None:
    before = world.report.version
    world.report.take_up(by=world.ed, base_version=before)
    session.commit()
    assert (world.report.inbox_state, world.report.assignee_id) == (InboxState.IN_WORK, world.ed.id)
    assert world.report.version == before + 1


def test_setting_aside_needs_a_reason_and_leaves_it_with_whom_it_was(world: World, session: Session) -> None:
    world.report.take_up(by=world.ed)
    with refuses("inbox_reason"):
        world.report.set_aside(" \n")
    session.rollback()
    world.report.set_aside(" It repeats the agency. ")
    session.commit()
    assert world.report.inbox_state is InboxState.SET_ASIDE
    assert world.report.inbox_reason == "It repeats the agency."


def test_too_long_a_reason_is_refused(world: World, session: Session) -> None:
    with refuses("reason"):
        world.report.set_aside("a" * (PROSE + 1))
    session.rollback()


def test_taking_up_and_putting_back_take_the_reason_away(world: World, session: Session) -> None:
    world.report.set_aside("Not about the lake.")
    world.report.take_up(by=world.ann)
    session.commit()
    assert (world.report.inbox_state, world.report.inbox_reason) == (InboxState.IN_WORK, None)
    world.report.put_back()
    session.commit()
    assert (world.report.inbox_state, world.report.assignee_id) == (None, None)


def test_it_is_given_to_editors_alone_who_see_the_talks(world: World, session: Session) -> None:
    world.report.assign(world.ann)
    session.commit()
    assert world.report.assignee_id == world.ann.id
    with refuses("assignee"):
        world.report.assign(world.vera)
    session.rollback()
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    with refuses("assignee"):
        world.report.assign(world.ed)
    session.rollback()
    world.report.assign(None)
    session.commit()
    assert world.report.assignee_id is None


def test_the_second_of_two_is_told(world: World, session: Session) -> None:
    base = world.report.version
    world.report.set_aside("Old.", base_version=base)
    session.commit()
    acts: list[Any] = [
        lambda: world.report.take_up(by=world.ed, base_version=base),
        lambda: world.report.set_aside("Older.", base_version=base),
        lambda: world.report.put_back(base_version=base),
        lambda: world.report.assign(world.ed, base_version=base),
        lambda: world.report.edit({"title": "A report"}, base_version=base),
    ]
    for act in acts:
        with pytest.raises(Conflict):
            act()
        session.rollback()


def test_the_log_tells_of_it(world: World, session: Session) -> None:
    world.report.set_aside("Old.")
    last = told(session)
    assert (last["chain"], last["table"], last["action"]) == ("desk", "sources", "update")
    assert '"inbox_reason":"Old."' in last["body"]
    assert '"inbox_state":"set_aside"' in last["body"]


def test_the_record_is_whole_after_it(world: World, session: Session) -> None:
    world.report.take_up(by=world.ed)
    world.article.set_aside("Read.")
    world.report.put_back()
    session.commit()
    assert not [fault for fault in verify(session).faults if "sources" in fault]
