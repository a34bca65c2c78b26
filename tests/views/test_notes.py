"""The desk's notes: for those who sign in, and marked as such."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX
from tests.views.reading import words
from tests.world import World
from tracker.dates import moment_words
from tracker.models.retraction import retract
from tracker.models.vocabulary import NoteKind, Visibility

ADDRESS = "/issues/TK-1/notes"
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
    for address in ("/issues/TK-1", "/issues/TK-1/status-changes", "/issues/TK-1/positions"):
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
    assert "Retracted: Wrong." in words(as_vera.get(ADDRESS).text)
    then = as_vera.get(ADDRESS, query_string={"known_at": moment_words(written)})
    assert "Gone tomorrow." in words(then.text)
    assert "Retracted" not in words(then.text)
    before = as_vera.get(
        ADDRESS, query_string={"known_at": moment_words(written - timedelta(microseconds=1))}
    )
    assert "Gone tomorrow." not in words(before.text)
