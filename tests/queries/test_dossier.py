"""The dossier of an issue: everything on its row, as of a day and as known at a moment, on both databases."""

from datetime import date, timedelta

from tests.world import DAY, QUOTE, World, make_source
from tracker.dates import View
from tracker.models import Cite, Correction, Dating, Issue, IssueLink, Position, StatusChange
from tracker.models.editable import add
from tracker.models.retraction import retract
from tracker.models.step import Step
from tracker.models.vocabulary import Handling, IssueLinkKind, Stance, Standing, Status
from tracker.queries.dossier import Dossier, dossier

NOW = View()


def change(world: World, status: Status, day: int, **more: object) -> StatusChange:
    """Change the status of the water in December 2025, and commit."""
    given = {"citing": [world.cite(QUOTE)], "reason": "So."} | more
    made = world.water.change_status(status, dating=Dating(date(2025, 12, day)), by=world.ed, **given)  # type: ignore[arg-type]
    world.water.session.commit()
    return made


def state(world: World, summary: str, day: int, **more: object) -> Position:
    """State what Red holds of the water, and commit."""
    given = {"citing": [world.cite()], "stance": Stance.OPPOSES} | more
    made = world.water.state_position(
        world.red,
        dating=Dating(date(2025, 12, day)),
        by=world.ed,
        summary=summary,
        **given,  # type: ignore[arg-type]
    )
    world.water.session.commit()
    return made


def read(world: World, view: View = NOW, *, stranger: bool = False) -> Dossier:
    """Read the dossier of the water."""
    return dossier(world.water.session, world.water, view, None if stranger else world.ed)


def test_history_is_newest_first_and_names_each_step(world: World) -> None:
    change(world, Status.AGREED_IN_PRINCIPLE, 5, agreed_between=["red", "blue"])
    change(world, Status.BLOCKED, 7)
    change(world, Status.OPEN, 9)
    steps = [(record.entry.status, record.step) for record in read(world).history]
    assert steps == [
        (Status.OPEN, Step.RESUMED),
        (Status.BLOCKED, Step.SLIPPED),
        (Status.AGREED_IN_PRINCIPLE, Step.ADVANCED),
        (Status.OPEN, Step.OPENED),
    ]


def test_tracks_are_told_apart_from_the_whole(world: World) -> None:
    change(world, Status.AGREED, 4, track=world.shuttle, agreed_between=["red", "med"])
    standings = read(world).standings
    assert [(s.track, s.record and s.record.entry.status) for s in standings] == [
        (None, Status.OPEN),
        (world.shuttle.title, Status.AGREED),
    ]
    assert read(world).history[0].step is Step.OPENED


def test_day_and_moment_decide_what_is_in_force(world: World) -> None:
    first = read(world).history[0].entry
    late = change(world, Status.PARKED, 5)
    before = late.recorded_at - timedelta(microseconds=1)
    for view, found in (
        (View(as_of=date(2025, 12, 5)), late),
        (View(as_of=date(2025, 12, 4)), first),
        (View(known_at=late.recorded_at), late),
        (View(known_at=before), first),
    ):
        status = read(world, view).status
        assert status is not None
        assert status.entry.id == found.id
        assert len(read(world, view).history) == (2 if found is late else 1)
    assert read(world, View(as_of=DAY - timedelta(days=1))).status is None


def test_correction_takes_the_place_of_what_it_replaces(world: World) -> None:
    old = world.water.session.get_one(StatusChange, read(world).history[0].entry.id)
    later = change(world, Status.PARKED, 2)
    new = change(world, Status.BLOCKED, 2, corrects=Correction(old, "Not open."))
    file = read(world)
    assert file.status is not None
    assert file.status.entry.id == later.id
    assert [record.entry.id for record in file.history] == [later.id, new.id, old.id]
    gone = file.history[2].retraction
    assert gone is not None
    assert (gone.reason, gone.replaced_by) == ("Not open.", new.uid)
    assert file.history[2].step is None
    before = read(world, View(known_at=later.recorded_at))
    assert [(record.entry.id, record.retraction) for record in before.history] == [
        (later.id, None),
        (old.id, None),
    ]


def test_line_in_force_stands_above_earlier_lines_and_voices(world: World) -> None:
    new = state(world, "Red does not pay for half of the dam.", 5)
    voice = state(world, "Red may pay.", 6, standing=Standing.VOICE)
    line = read(world).lines[0]
    assert line.record is not None
    assert line.record.entry.id == new.id
    assert [(piece.kind, piece.words) for piece in line.record.changes] == [
        ("same", "Red does not pay for"),
        ("ins", "half of"),
        ("same", "the dam."),
    ]
    assert line.beneath[0].entry.id == voice.id
    assert line.beneath[0].changes == []
    assert len(line.beneath) == 2


def test_words_are_compared_with_the_line_that_stands_before(world: World) -> None:
    wrong = state(world, "Red pays it all.", 5)
    assert not retract(wrong, reason="Misread.", by=world.ed)
    world.water.session.commit()
    state(world, "Red does not pay for the dam.", 6)
    line = read(world).lines[0]
    assert line.record is not None
    assert line.record.changes == []
    assert [record.retraction is not None for record in line.beneath] == [True, False]


def test_member_without_a_line_is_shown_through_its_bloc(world: World) -> None:
    coast = read(world).lines[4]
    assert coast.record is None
    assert coast.through is not None
    assert (coast.through[0].code, coast.through[1].entry.stance) == ("union", Stance.SUPPORTS)
    mediator = read(world).lines[2]
    assert (mediator.record, mediator.through) == (None, None)


def test_strangers_get_no_notes_and_no_withheld_source(world: World) -> None:
    session = world.water.session
    cable = make_source(session, world.talks, "Cable")
    cable.handling = Handling.RED
    session.flush()
    change(world, Status.PARKED, 5, citing=[world.cite(QUOTE), Cite(cable, quote="Psst")])
    world.water.note("They bluff.", by=world.ed)
    session.commit()
    mine, theirs = read(world), read(world, stranger=True)
    assert [note.text for note in mine.notes] == ["They bluff."]
    assert theirs.notes == []
    assert cable.id in {source.id for source in mine.sources}
    assert cable.id not in {source.id for source in theirs.sources}
    withheld = theirs.history[0].references[1]
    assert (withheld.source, withheld.quote) == (None, "")


def test_note_withdrawn_is_whole_where_it_was_not_known_yet(world: World) -> None:
    note = world.water.note("They bluff.", by=world.ed)
    world.water.session.commit()
    moment = note.recorded_at
    assert not retract(note, reason="No.", by=world.ed)
    world.water.session.commit()
    assert read(world).notes[0].retraction is not None
    assert read(world, View(known_at=moment)).notes[0].retraction is None
    assert read(world, View(known_at=moment - timedelta(microseconds=1))).notes == []


def test_latest_review_is_by_the_day_that_was_checked(world: World) -> None:
    assert read(world).review is None
    late = world.water.review(by=world.ed, on=date(2025, 12, 9))
    world.water.review(by=world.ed, on=date(2025, 12, 8))
    world.water.session.commit()
    assert read(world).review is late
    found = read(world, View(as_of=date(2025, 12, 8))).review
    assert found is not None
    assert found.checked_on == date(2025, 12, 8)
    assert read(world, View(as_of=date(2025, 12, 7))).review is None


def test_sources_are_listed_once_and_neighbours_by_order(world: World) -> None:
    session = world.water.session
    world.prisoners.ordering = -1
    add(session, IssueLink(from_issue=world.border, kind=IssueLinkKind.CONDITIONAL_ON, to_issue=world.water))
    session.commit()
    file = read(world)
    assert [source.title for source in file.sources] == [
        "Talks on the lake go on",
        "A report without its text",
    ]
    assert file.neighbours == (world.prisoners.key, world.border.key)
    assert [link.key for link in file.links] == ["TK-2"]


def test_empty_issue_has_an_empty_dossier(world: World) -> None:
    border = world.water.session.get_one(Issue, world.border.id)
    file = dossier(world.water.session, border, NOW, world.vera)
    assert (file.status, file.history, file.claims, file.notes, file.sources) == (None, [], [], [], [])
    assert [line.record for line in file.lines] == [None] * 5
