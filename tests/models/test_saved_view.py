"""Saved views: whose they are, how they are named, and who may share and delete them."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.models.acts import refuses
from tests.world import World
from tracker.models import AuditEntry, Conflict, SavedView, User, editable
from tracker.models.editable import version_of
from tracker.models.vocabulary import Role


def save(world: World, owner: User, name: str = "Mine", **more: object) -> SavedView:
    view = SavedView(negotiation=world.talks, owner=owner, name=name, **({"query": "party=red"} | more))
    view.add(world.talks.session)
    world.talks.session.commit()
    return view


def test_a_name_is_given_once_by_each(world: World, session: Session) -> None:
    save(world, world.vera)
    save(world, world.ed)
    save(world, world.vera, "Another")
    with refuses("name"):
        save(world, world.vera)
    with refuses("name"):
        save(world, world.vera, "")
    session.add(
        SavedView(
            negotiation=world.talks,
            owner=world.vera,
            name="Mine",
            query="",
            recorded_at=world.talks.recorded_at,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_what_is_kept_has_an_end(world: World) -> None:
    with refuses("name"):
        save(world, world.vera, "a" * 301)
    with refuses("query"):
        save(world, world.vera, query="q=" + "a" * 4000)


def test_editors_alone_share(world: World) -> None:
    with refuses("is_shared"):
        save(world, world.vera, is_shared=True)
    for user in (world.ed, world.ann):
        assert save(world, user, is_shared=True).is_shared


def test_one_s_own_is_found_and_what_is_shared(world: World, session: Session) -> None:
    mine, shared = save(world, world.vera), save(world, world.ed, is_shared=True)
    for user, found in ((world.vera, {mine, shared}), (world.ed, {shared}), (world.ann, {shared})):
        seen = {SavedView.find(session, view.id, world.talks, user) for view in (mine, shared)}
        assert seen - {None} == found
    assert SavedView.find(session, shared.id + 1, world.talks, world.ed) is None
    assert SavedView.named(session, "Mine", world.talks, world.vera) is mine
    assert SavedView.named(session, "Mine", world.talks, world.ann) is None


def test_who_may_delete(world: World) -> None:
    mine, shared = save(world, world.vera), save(world, world.ed, is_shared=True)
    assert [mine.may_be_deleted_by(user) for user in (world.vera, world.ed, world.ann)] == [
        True,
        False,
        False,
    ]
    assert [shared.may_be_deleted_by(user) for user in (world.vera, world.ed, world.ann)] == [
        False,
        True,
        True,
    ]


def test_a_change_is_held_to_the_same_rules_and_dated_anew(world: World, session: Session) -> None:
    view, other = save(world, world.vera), save(world, world.vera, "Other")
    first, version = view.recorded_at, version_of(view)
    view.change({"name": "Ours", "query": "party=blue"}, base_version=version)
    session.commit()
    assert (view.name, view.query) == ("Ours", "party=blue")
    assert view.recorded_at > first
    with pytest.raises(Conflict):
        view.change({"name": "Late"}, base_version=version)
    session.rollback()
    with refuses("name"):
        other.change({"name": "Ours"})
    session.rollback()
    world.vera.role = Role.EDITOR
    view.change({"is_shared": True})
    assert view.is_shared


def test_the_desk_s_log_tells_of_it(world: World, session: Session) -> None:
    view = save(world, world.vera)
    id_ = view.id
    editable.remove(view)
    session.commit()
    told = select(func.count()).where(AuditEntry.table_name == "saved_views", AuditEntry.row_id == id_)
    assert session.scalar(told.where(AuditEntry.chain == "desk")) == 2
    assert SavedView.find(session, id_, world.talks, world.vera) is None
