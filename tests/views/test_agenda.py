"""What is still to be done: open questions and actions of a negotiation by the day they are due."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.views.conftest import Statements, post
from tests.views.reading import element, words
from tests.views.test_notes import AGENDA, written
from tests.world import World
from tracker.dates import moment_words
from tracker.db import now
from tracker.models.retraction import retract
from tracker.models.vocabulary import NoteKind, Visibility


@pytest.fixture
def busy(world: World, session: Session) -> World:
    """Write what is to be done on two issues: overdue, due, without a day, and what is none of these."""
    today = now().date()
    for issue, text, kind, owner, days in (
        (world.water, "Without a day.", NoteKind.QUESTION, "", None),
        (world.border, "Next week.", NoteKind.ACTION, "Vera", 7),
        (world.water, "Last week.", NoteKind.QUESTION, "Ed", -7),
        (world.water, "A view.", NoteKind.ASSESSMENT, "", None),
        (world.water, "Settled.", NoteKind.ACTION, "Zoe", 1),
    ):
        due = None if days is None else today + timedelta(days=days)
        issue.note(text, by=world.ed, kind=kind, owner=owner, due_on=due)
    session.commit()
    settled = written(session)[-1]
    assert not retract(settled, reason="done: yesterday.", by=world.ed)
    session.commit()
    return world


def told(client: FlaskClient, query: str = "") -> list[str]:
    """Give the notes of the list, in its order."""
    text = words(element(client.get(AGENDA + query).text, "main"))
    names = ["Without a day.", "Next week.", "Last week.", "A view.", "Settled."]
    return sorted((name for name in names if name in text), key=text.index)


@pytest.mark.usefixtures("busy")
def test_what_is_open_stands_by_its_day_overdue_first(as_vera: FlaskClient) -> None:
    assert told(as_vera) == ["Last week.", "Next week.", "Without a day."]
    page = as_vera.get(AGENDA).text
    assert words(page).count(", overdue") == 1
    assert "Settle" not in words(element(page, "main")).replace("settled", "")
    assert 'href="/issues/TK-2"' in page


@pytest.mark.usefixtures("busy")
def test_what_is_open_is_filtered_by_kind_and_owner(as_ed: FlaskClient) -> None:
    assert told(as_ed, "?kind=action") == ["Next week."]
    assert told(as_ed, "?kind=assessment&kind=question") == ["Last week.", "Without a day.", "A view."]
    assert told(as_ed, "?owner=Ed") == ["Last week."]
    assert told(as_ed, "?owner=Nobody") == []
    assert '<option value="Ed" selected>' in as_ed.get(AGENDA + "?owner=Ed").text
    assert "Zoe" not in as_ed.get(AGENDA).text  # nothing of hers is open
    assert as_ed.get(AGENDA + "?kind=rumour").status_code == 400
    assert as_ed.get(AGENDA + "?page=0").status_code == 400


@pytest.mark.usefixtures("busy")
def test_settling_from_the_list_leads_back_to_it(as_ed: FlaskClient) -> None:
    page = as_ed.get(AGENDA + "?owner=Ed").text
    form = unescape(re.findall(r'href="(/retractions/new[^"]*settle=1[^"]*)"', page)[0])
    answer = post(as_ed, form, {"retraction_reason": "done: they told."}, to="/retractions")
    assert answer.location == AGENDA + "?owner=Ed"
    assert told(as_ed) == ["Next week.", "Without a day."]


@pytest.mark.usefixtures("busy")
def test_the_state_of_play_tells_what_is_due_to_those_who_sign_in(
    as_vera: FlaskClient, client: FlaskClient
) -> None:
    due = words(element(as_vera.get("/negotiations/TK").text, "due"))
    assert due.index("overdue Last week.") < due.index("Next week.")
    assert "Without a day." not in due
    assert "Vera" in due
    page = client.get("/negotiations/TK").text
    assert 'id="due"' not in page
    assert "Last week." not in page


@pytest.mark.usefixtures("busy")
def test_notes_of_talks_one_may_not_see_are_not_there(
    as_vera: FlaskClient, world: World, session: Session
) -> None:
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    assert as_vera.get(AGENDA).status_code == 404


def test_as_known_before_nothing_was_to_be_done(as_vera: FlaskClient, busy: World) -> None:
    before = moment_words(busy.talks.recorded_at)
    assert told(as_vera, f"?known_at={before}") == []


def test_the_list_takes_the_same_statements_for_one_note_as_for_fifty(
    as_ed: FlaskClient, busy: World, session: Session, statements: Statements
) -> None:
    as_ed.get(AGENDA)
    with statements() as few:
        as_ed.get(AGENDA)
    for number in range(50):
        busy.water.note(f"Note {number}", by=busy.ed, kind=NoteKind.ACTION, owner=f"Owner {number}")
    session.commit()
    with statements() as many:
        page = as_ed.get(AGENDA).text
    assert "Page 1 of 2" in words(page)
    assert len(many) == len(few)


@pytest.mark.usefixtures("busy")
def test_notes_are_left_out_on_paper(as_ed: FlaskClient) -> None:
    assert 'class="section noprint" id="notes"' in as_ed.get("/issues/TK-1").text
    assert 'class="section noprint" id="due"' in as_ed.get("/negotiations/TK").text
