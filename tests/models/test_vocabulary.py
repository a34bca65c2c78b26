from enum import Enum

import pytest

import tracker.models.vocabulary as vocabulary
from tracker.models.step import Step, step
from tracker.models.vocabulary import Level, Movement, Role, Status, Word, label

LADDER = [
    [Status.NOT_TABLED],
    [Status.OPEN, Status.CLARIFICATION],
    [Status.AGREED_IN_PRINCIPLE],
    [Status.PROVISIONALLY_AGREED],
    [Status.AGREED],
]
RANK = {status: rank for rank, statuses in enumerate(LADDER) for status in statuses}
STILL = {Status.PARKED, Status.BLOCKED}
ALL = [*Status]


def expected(before: Status, after: Status) -> Step:
    """Name the step by the sentences of the domain, one after the other."""
    if before is after:
        return Step.CHANGED
    if after is Status.DROPPED:
        return Step.DROPPED
    if after is Status.OVERTAKEN:
        return Step.OVERTAKEN
    if after in STILL:
        if before in STILL:
            return Step.CHANGED
        return Step.SLIPPED if RANK.get(before, 0) >= 2 else Step.SIDELINED
    if before not in RANK:
        return Step.RESUMED
    if RANK[before] == RANK[after]:
        return Step.CHANGED
    return Step.ADVANCED if RANK[after] > RANK[before] else Step.SLIPPED


def test_each_status_has_its_rung_or_stands_off_the_ladder() -> None:
    assert {status: status.rank for status in Status if status.rank is not None} == RANK
    assert {status for status in Status if status.is_agreed} == {s for s, rank in RANK.items() if rank >= 2}
    assert {status for status in Status if status.is_standing_still} == STILL


@pytest.mark.parametrize("after", ALL)
def test_the_first_status_opens(after: Status) -> None:
    assert step(None, after) is Step.OPENED


@pytest.mark.parametrize("before", ALL)
@pytest.mark.parametrize("after", ALL)
def test_each_step_has_its_name(before: Status, after: Status) -> None:
    assert step(before, after) is expected(before, after)


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ("open", "clarification", "changed"),
        ("not_tabled", "open", "advanced"),
        ("agreed", "provisionally_agreed", "slipped"),
        ("agreed_in_principle", "parked", "slipped"),
        ("agreed_in_principle", "blocked", "slipped"),
        ("open", "blocked", "sidelined"),
        ("not_tabled", "parked", "sidelined"),
        ("parked", "blocked", "changed"),
        ("parked", "agreed", "resumed"),
        ("blocked", "open", "resumed"),
        ("agreed", "dropped", "dropped"),
        ("blocked", "overtaken", "overtaken"),
        ("dropped", "overtaken", "overtaken"),
        ("agreed", "agreed", "changed"),
    ],
)
def test_steps_that_people_ask_about(before: str, after: str, name: str) -> None:
    assert step(Status(before), Status(after)) is Step(name)


def test_the_last_four_movements_count_as_a_move() -> None:
    assert [movement for movement in Movement if movement.is_move] == [*Movement][-4:]


def test_every_word_has_a_label_of_its_own() -> None:
    kinds = [kind for kind in vars(vocabulary).values() if isinstance(kind, type) and issubclass(kind, Word)]
    assert len(kinds) > 20
    for kind in kinds:
        assert issubclass(kind, Enum)
        labels = [word.label for word in kind]
        assert all(labels)
        assert len(set(labels)) == len(labels), kind


def test_a_word_is_its_stored_value() -> None:
    assert str(Status.AGREED) == "agreed"
    assert f"{Status.AGREED}" == "agreed"
    assert label(Level.LEADERS) == "Leaders’ level"
    assert label(None) == ""


def test_roles_stand_in_the_order_in_which_they_include_one_another() -> None:
    assert [*Role] == [Role.VIEWER, Role.EDITOR, Role.ADMIN]
