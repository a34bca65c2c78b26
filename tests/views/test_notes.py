"""The desk's notes: for those who sign in, and marked as such."""

from datetime import timedelta
from html import escape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, csrf, hidden, post, undo_of
from tests.views.reading import element, fault, shows_typed, words
from tests.world import World
from tracker.dates import moment_words
from tracker.db import now
from tracker.models import Note
from tracker.models.retraction import retract
from tracker.models.vocabulary import NoteKind, Visibility

ADDRESS = "/issues/TK-1/notes"
AGENDA = "/negotiations/TK/notes"
HARM = "They bluff <script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def noted(world: World, session: Session) -> World:
    """Write two notes on the water."""
    world.water.note(HARM, by=world.ed, kind=NoteKind.ASSESSMENT)
    world.water.note("Ask the mediator.", by=world.ed, kind=NoteKind.ACTION, owner="Vera")
    session.commit()
    return world


@pytest.mark.usefixtures("noted")
def test_notes_are_shown_to_viewers_newest_first(as_vera: FlaskClient) -> None:
    page = as_vera.get(ADDRESS)
    assert page.status_code == 200
    text = words(page.text)
    assert text.index("Ask the mediator.") < text.index("They bluff")
    assert "owner: Vera" in text
    assert "<img" not in page.text
    assert "alert(1)</script>" not in page.text


@pytest.mark.usefixtures("noted")
def test_notes_stand_on_the_page_of_the_issue_as_assessment(as_vera: FlaskClient) -> None:
    page = as_vera.get("/issues/TK-1")
    assert "The desk’s assessment They bluff" in words(page.text)
    assert "<img" not in page.text


@pytest.mark.usefixtures("noted")
def test_strangers_never_see_notes(client: FlaskClient) -> None:
    assert client.get(ADDRESS).status_code == 303
    assert client.get(ADDRESS, headers=HTMX).status_code == 401
    assert client.get(AGENDA).status_code == 303
    for address in (
        "/negotiations/TK",
        "/issues/TK-1",
        "/issues/TK-1/status-changes",
        "/issues/TK-1/positions",
    ):
        page = client.get(address).text
        assert "bluff" not in page
        assert "mediator." not in words(page)


def test_empty_page_says_so(as_vera: FlaskClient) -> None:
    assert "There are no notes on this issue." in words(as_vera.get(ADDRESS).text)


def test_restricted_talks_are_not_there(as_ann: FlaskClient, noted: World, session: Session) -> None:
    noted.talks.visibility = Visibility.RESTRICTED
    session.commit()
    assert as_ann.get(ADDRESS).status_code == 404


def test_note_withdrawn_stands_as_it_was_known_then(
    as_vera: FlaskClient, noted: World, session: Session
) -> None:
    note = noted.water.note("Gone tomorrow.", by=noted.ed)
    session.commit()
    written = note.recorded_at
    assert not retract(note, reason="Wrong.", by=noted.ed)
    session.commit()
    assert "by Ed: Wrong." in words(as_vera.get(ADDRESS).text)
    then = as_vera.get(ADDRESS, query_string={"known_at": moment_words(written)})
    assert "Gone tomorrow." in words(then.text)
    assert "Withdrawn" not in words(then.text)
    before = as_vera.get(
        ADDRESS, query_string={"known_at": moment_words(written - timedelta(microseconds=1))}
    )
    assert "Gone tomorrow." not in words(before.text)


def written(session: Session) -> list[Note]:
    """Read all notes in the order of entry."""
    session.rollback()
    return [*session.scalars(select(Note).order_by(Note.id))]


def test_form_is_a_page_and_a_part_of_it(as_ed: FlaskClient) -> None:
    page, part = as_ed.get(ADDRESS + "/new"), as_ed.get(ADDRESS + "/new", headers=HTMX)
    assert page.status_code == part.status_code == 200
    assert part.text.strip() == element(part.text, "note_form")
    assert words(element(page.text, "note_form")) == words(part.text)
    assert "not part of the record" in words(part.text)


@pytest.mark.parametrize(("name", "read", "write"), [("client", 303, 401), ("as_vera", 403, 403)])
def test_writing_is_for_editors(
    request: pytest.FixtureRequest, name: str, read: int, write: int, session: Session
) -> None:
    who = request.getfixturevalue(name)
    assert who.get(ADDRESS + "/new").status_code == read
    assert who.post(ADDRESS, data=csrf(who) | {"text": "Mine."}).status_code == write
    assert "Write a note" not in words(who.get("/issues/TK-1").text)
    assert written(session) == []


def test_a_note_is_written_and_undone(as_ed: FlaskClient, session: Session) -> None:
    due = now().date() + timedelta(days=3)
    typed = {"kind": "action", "text": f"Ask {HARM}", "owner": "Vera", "due_on": "+3"}
    answer = post(as_ed, ADDRESS + "/new", typed, to=ADDRESS)
    assert (answer.status_code, answer.location) == (303, "/issues/TK-1#notes")
    (note,) = written(session)
    assert (note.kind, note.owner, note.due_on, note.recorded_by) == (NoteKind.ACTION, "Vera", due, "Ed")
    page = as_ed.get("/issues/TK-1").text
    assert "The note on TK-1 was written. Undo" in words(element(page, "flash"))
    shown = element(page, f"n-{note.uid}")
    assert "owner: Vera" in words(shown)
    assert "<img" not in page
    assert as_ed.post("/retractions", data=undo_of(page)).status_code == 303
    shown = words(element(as_ed.get("/issues/TK-1").text, f"n-{note.uid}"))
    assert "Withdrawn" in shown
    assert "Undone by its author" in shown


def test_writing_in_place_answers_the_notes(as_ed: FlaskClient) -> None:
    answer = post(as_ed, ADDRESS + "/new", {"text": "They bluff."}, to=ADDRESS, htmx=True)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (200, "#notes")
    assert "The desk’s assessment They bluff." in words(element(answer.text, "notes"))


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"text": ""}, "text", "Write the note."),
        ({"text": "x" * 10_001}, "text", "10000 is the most"),
        ({"kind": "rumour"}, "kind", "is not one of the choices"),
        ({"owner": "x" * 301}, "owner", "300 is the most"),
        ({"due_on": "soon"}, "due_on", "Write the exact day"),
        ({"due_on": "early December"}, "due_on", "Write the exact day"),
        ({"due_on": "-1"}, "due_on", "Write the exact day"),
        ({"due_on": "31/2/2027"}, "due_on", "no such day"),
        ({"due_on": "+99999"}, "due_on", "Write"),
    ],
)
def test_what_is_wrong_is_said_and_all_is_kept(
    as_ed: FlaskClient, session: Session, wrong: dict[str, str], field: str, message: str
) -> None:
    given = {"kind": "action", "text": "Ask.", "owner": "Vera", "due_on": "+3"} | wrong
    page = post(as_ed, ADDRESS + "/new", given, to=ADDRESS)
    assert page.status_code == 422
    assert message in fault(page.text, field, "note")
    assert shows_typed(page.text, {name: text for name, text in given.items() if text != "rumour"})
    assert written(session) == []


def test_written_twice_by_one_press_it_stands_once(as_ed: FlaskClient, session: Session) -> None:
    given = hidden(as_ed, ADDRESS + "/new") | {"text": "Once."}
    assert [as_ed.post(ADDRESS, data=given).status_code for _ in range(2)] == [303, 303]
    assert as_ed.post(ADDRESS, data=given | {"text": "Twice."}).status_code == 409
    assert len(written(session)) == 1


@pytest.mark.parametrize(
    ("kind", "reason", "told"),
    [
        (NoteKind.ACTION, "done: she answered.", "Settled"),
        (NoteKind.QUESTION, "Done: it is the price.", "Settled"),
        (NoteKind.QUESTION, "Asked twice.", "Withdrawn"),
        (NoteKind.ASSESSMENT, "done: no more.", "Withdrawn"),
    ],
)
def test_a_note_is_settled_or_withdrawn_by_the_reason(
    as_ed: FlaskClient, world: World, session: Session, kind: NoteKind, reason: str, told: str
) -> None:
    note = world.water.note("Who pays?", by=world.ed, kind=kind)
    session.commit()
    form = f"/retractions/new?entry={note.uid}&settle=1"
    can_settle = kind is not NoteKind.ASSESSMENT
    assert (escape(form) in as_ed.get("/issues/TK-1").text) is can_settle
    page = as_ed.get(form).text
    assert "Withdraw or settle a note" in words(page)
    assert "Who pays?" in words(page)
    assert "done:" in page
    assert post(as_ed, form, {"retraction_reason": reason}, to="/retractions").location == "/issues/TK-1"
    shown = words(element(as_ed.get("/issues/TK-1").text, f"n-{note.uid}"))
    assert f"{told} " in shown
    assert reason in shown
    assert "Who pays?" not in words(as_ed.get(AGENDA).text)
