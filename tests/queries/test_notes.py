"""What is to be done, on both databases: in the order of the days, and as it was known."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from tests.world import World
from tracker.dates import View
from tracker.models.retraction import retract
from tracker.models.vocabulary import NoteKind
from tracker.queries.notes import NoteFilters, agenda, due_next, notes_on

SOON = date(2026, 1, 10)


def test_what_is_due_first_stands_first_and_what_has_no_day_last(world: World, session: Session) -> None:
    for text, days, owner in (
        ("last", None, "Ed"),
        ("second", 1, "Vera"),
        ("first", 0, "Ed"),
        ("third", 1, ""),
    ):
        due = None if days is None else SOON + timedelta(days=days)
        world.water.note(text, by=world.ed, kind=NoteKind.ACTION, owner=owner, due_on=due)
    world.border.note("A view.", by=world.ed)
    session.flush()
    found = agenda(session, world.talks, View(as_of=SOON + timedelta(days=1)), NoteFilters())
    assert [note.text for note in found.notes] == ["first", "second", "third", "last"]
    assert [note.is_overdue for note in found.notes] == [True, False, False, False]
    assert (found.owners, found.paging.total) == (["Ed", "Vera"], 4)
    mine = agenda(session, world.talks, View(), NoteFilters(owner="Ed"))
    assert [note.text for note in mine.notes] == ["first", "last"]
    views = agenda(session, world.talks, View(), NoteFilters([NoteKind.ASSESSMENT]))
    assert [(note.text, note.issue, note.is_open) for note in views.notes] == [("A view.", 2, False)]
    assert [note.text for note in due_next(session, world.talks, View())] == ["first", "second", "third"]


def test_what_is_settled_is_open_no_more_but_was_as_known_before(world: World, session: Session) -> None:
    note = world.water.note("Ask.", by=world.ed, kind=NoteKind.QUESTION, due_on=SOON)
    session.commit()
    before = View(known_at=note.recorded_at)
    assert not retract(note, reason="done: asked.", by=world.ed)
    session.commit()
    assert agenda(session, world.talks, View(), NoteFilters()).notes == []
    assert due_next(session, world.talks, View()) == []
    assert [line.text for line in due_next(session, world.talks, before)] == ["Ask."]
    (now_,), (then,) = notes_on(session, world.water, View()), notes_on(session, world.water, before)
    assert (now_.is_settled, now_.is_open, now_.is_overdue) == (True, False, False)
    assert (then.is_settled, then.is_open, then.retraction) == (False, True, None)
