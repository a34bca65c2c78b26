from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.models.acts import NOON, at, change, refuses
from tests.world import DAY, QUOTE, World
from tracker.models import Cite, Correction, Dating, Issue, Negotiation, Track
from tracker.models.vocabulary import Level, Status

LATER = DAY + timedelta(days=1)
NEXT_DAY = LATER + timedelta(days=1)
BOTH = ["blue", "red"]


def test_status_change_stands_from_its_day_on(world: World) -> None:
    entered = change(world, Status.OPEN)
    world.talks.session.commit()
    assert world.border.status_on() is entered
    assert world.border.status_on(DAY) is entered
    assert world.border.status_on(DAY - timedelta(days=1)) is None


def test_each_track_has_a_status_of_its_own(world: World) -> None:
    whole = change(world, Status.OPEN)
    on_track = change(world, Status.AGREED, track=world.shuttle, agreed_between=["red", "med"])
    assert world.border.status_on() is whole
    assert world.border.status_on(track=world.shuttle) is on_track


def test_the_same_status_again_is_no_change(world: World) -> None:
    change(world, Status.OPEN)
    with refuses("status"):
        change(world, Status.OPEN, LATER)


@pytest.mark.parametrize(
    "what",
    [
        {"status": Status.AGREED},
        {"level": Level.POLITICAL},
        {"agreed_between": [*BOTH, "med"]},
        {"subject_to": "but for the islands"},
    ],
)
def test_a_change_differs_in_status_level_between_whom_or_subject_to(
    world: World, what: dict[str, object]
) -> None:
    first: dict[str, object] = {"status": Status.PROVISIONALLY_AGREED, "agreed_between": BOTH}
    change(world, **first)  # type: ignore[arg-type]
    with refuses("status"):
        change(world, on=LATER, **first | {"reason": "another"})  # type: ignore[arg-type]
    assert change(world, on=LATER, **first | what)  # type: ignore[arg-type]


def test_a_change_is_compared_with_what_was_in_force_on_its_own_day(world: World) -> None:
    change(world, Status.OPEN)
    change(world, Status.BLOCKED, NEXT_DAY)
    with refuses("status"):
        change(world, Status.OPEN, LATER)
    assert change(world, Status.BLOCKED, LATER)  # what follows may repeat it: history is not rewritten


def test_a_change_is_compared_within_its_track_only(world: World) -> None:
    change(world, Status.OPEN)
    assert change(world, Status.OPEN, track=world.shuttle)
    with refuses("status"):
        change(world, Status.OPEN, track=world.shuttle)


def test_changes_of_one_transaction_are_compared_with_one_another(world: World) -> None:
    change(world, Status.OPEN, recorded=at(0))
    with refuses("status"):
        change(world, Status.OPEN, LATER, recorded=at(0))


def test_a_change_is_compared_with_what_was_known_when_it_was_recorded(world: World) -> None:
    change(world, Status.OPEN, recorded=at(5))
    assert change(world, Status.OPEN, recorded=at(0))  # of an import: at that time nothing was known


def test_a_change_needs_a_reason_or_a_checked_quote(world: World) -> None:
    with refuses("reason"):
        change(world, Status.OPEN, reason="")
    with refuses("reason"):
        change(world, Status.OPEN, reason=" \n")
    with refuses("reason"):  # of the report no text is stored
        change(world, Status.OPEN, reason="", citing=[Cite(world.report, quote="Any words")])
    assert change(world, Status.OPEN, reason="", citing=[world.cite(QUOTE)])
    assert change(world, Status.CLARIFICATION, reason="As the envoy put it.")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Status.AGREED, Status.OPEN),
        (Status.AGREED_IN_PRINCIPLE, Status.BLOCKED),
        (Status.AGREED, Status.PARKED),
        (Status.OPEN, Status.DROPPED),
    ],
)
def test_a_slip_and_a_drop_need_a_reason_whatever_the_quote(
    world: World, before: Status, after: Status
) -> None:
    change(world, before, agreed_between=BOTH if before.is_agreed else [])
    with refuses("reason"):
        change(world, after, LATER, reason="", citing=[world.cite(QUOTE)])
    assert change(world, after, LATER, citing=[world.cite(QUOTE)])


def test_a_correction_needs_a_reason_whatever_the_quote(world: World) -> None:
    wrong = change(world, Status.OPEN)
    with refuses("reason"):
        change(
            world,
            Status.BLOCKED,
            reason="",
            citing=[world.cite(QUOTE)],
            corrects=Correction(wrong, "Misread."),
        )


def test_a_correction_in_the_same_moment_needs_a_reason_too(world: World) -> None:
    wrong = change(world, Status.OPEN, recorded=at(0))
    with refuses("reason"):
        change(
            world,
            Status.BLOCKED,
            reason="",
            citing=[world.cite(QUOTE)],
            corrects=Correction(wrong, "Misread.", at(0)),
            recorded=at(0),
        )


def test_a_correction_may_restate_what_it_corrects(world: World) -> None:
    wrong = change(world, Status.OPEN)
    right = change(world, Status.OPEN, reason="With its source.", corrects=Correction(wrong, "No source."))
    assert world.border.status_on() is right


@pytest.mark.parametrize("status", [Status.AGREED_IN_PRINCIPLE, Status.PROVISIONALLY_AGREED, Status.AGREED])
def test_agreement_on_the_whole_names_all_deciding_parties(world: World, status: Status) -> None:
    for names in ([], ["red"], ["med", "red"]):
        with refuses("agreed_between"):
            change(world, status, agreed_between=names)
    assert change(world, status, agreed_between=["red", "med", "blue", "red"]).agreed_between == [
        "blue",
        "med",
        "red",
    ]


def test_an_issue_may_name_who_decides_it(world: World) -> None:
    world.border.deciding_parties = ["med"]
    assert world.border.deciding_codes == ["med"]
    with refuses("agreed_between"):
        change(world, Status.AGREED, agreed_between=BOTH)
    assert change(world, Status.AGREED, agreed_between=["med"])


def test_nobody_agrees_where_nobody_decides(world: World) -> None:
    world.red.role = world.blue.role = world.med.role
    with refuses("agreed_between"):
        change(world, Status.AGREED)
    assert change(world, Status.AGREED, agreed_between=["med"])


def test_agreement_on_a_track_names_two_of_its_own_parties(world: World) -> None:
    for names in ([], ["red"], ["blue", "red"], ["blue", "med", "red"]):
        with refuses("agreed_between"):
            change(world, Status.AGREED, track=world.shuttle, agreed_between=names)
    assert change(world, Status.AGREED, track=world.shuttle, agreed_between=["red", "med"])


@pytest.mark.parametrize("status", [status for status in Status if not status.is_agreed])
def test_other_statuses_name_nobody(world: World, status: Status) -> None:
    for track in (None, world.shuttle):
        with refuses("agreed_between"):
            change(world, status, agreed_between=["med", "red"], track=track)
    assert change(world, status)


def test_unknown_parties_agree_on_nothing(world: World) -> None:
    with refuses("agreed_between"):
        change(world, Status.AGREED, agreed_between=[*BOTH, "green"])


def test_a_track_of_other_talks_is_refused(world: World, session: Session) -> None:
    other = Negotiation(code="OT", title="Other talks", recorded_at=NOON)
    track = Track(negotiation=other, code="shuttle", title="Shuttle", parties=[])
    session.add(track)
    session.flush()
    with refuses("track"):
        change(world, Status.OPEN, track=track)


def test_a_change_tells_from_which_version_it_was_made(world: World) -> None:
    assert change(world, Status.OPEN, base_version=1).base_version == 1
    assert world.border.version == 2


def test_all_faults_are_told_at_once(world: World) -> None:
    with refuses("citations", "agreed_between", "reason", "effective_on"):
        change(world, Status.AGREED, date(9000, 1, 1), citing=[], reason="")


def test_status_is_asked_for_as_of_a_day(world: World, session: Session) -> None:
    change(world, Status.OPEN)
    change(world, Status.BLOCKED, LATER)
    session.commit()
    issue = session.get_one(Issue, world.border.id)
    found = [issue.status_on(day) for day in (DAY, LATER, NEXT_DAY)]
    assert [entry and entry.status for entry in found] == [Status.OPEN, Status.BLOCKED, Status.BLOCKED]


def test_a_vague_day_keeps_its_words(world: World) -> None:
    entered = change(world, Status.OPEN, dating=Dating(DAY, "  early December "))
    assert entered.effective_words == "early December"
