"""Preferences: kept for each user, outside the log; what a browser holds is read with care."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.world import World
from tracker.models import AuditEntry, Preference
from tracker.models.preference import Wishes
from tracker.models.vocabulary import Theme

DARK = Wishes(Theme.DARK, has_keys=False)


def test_the_last_choice_of_each_user_is_kept_and_the_log_says_nothing(
    world: World, session: Session
) -> None:
    told = session.scalar(select(func.count()).select_from(AuditEntry))
    Preference.keep(session, world.vera, Wishes(Theme.LIGHT))
    Preference.keep(session, world.vera, DARK)
    Preference.keep(session, world.ed, Wishes(Theme.LIGHT, has_keys=False))
    session.commit()
    assert world.vera.preference is not None
    assert world.vera.preference.wishes == DARK
    assert world.ann.preference is None
    assert len(session.scalars(select(Preference)).all()) == 2
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == told


@pytest.mark.parametrize("wishes", [Wishes(), DARK, Wishes(Theme.LIGHT)])
def test_what_a_browser_keeps_is_read_back(wishes: Wishes) -> None:
    assert Wishes.read(str(wishes)) == wishes


@pytest.mark.parametrize("kept", ["", "dark", "dark-2", "red-1", "dark-1\n", "-1", "dark-١", "x" * 5000])
def test_what_is_none_of_ours_is_nothing_chosen(kept: str) -> None:
    assert Wishes.read(kept) == Wishes()
