"""Changing a status: the form, what it takes, what it refuses and what it keeps."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, csrf, hidden, post, undo_of
from tests.views.reading import element, fault, form_on, shows_typed, words
from tests.world import World, make_source
from tracker.dates import latest_day
from tracker.models import Negotiation, StatusChange
from tracker.models.vocabulary import Level, Status

HISTORY = "/issues/TK-1/status-changes"
FORM = HISTORY + "/new"
HARM = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"


def typed(world: World, **changes: str | list[str]) -> dict[str, Any]:
    """What an editor types to park the water."""
    return {
        "status": "parked",
        "effective_on": "2025-12-05",
        "reason": "Both want to wait.",
        "citations-0-source": str(world.report.id),
    } | changes


def changes_of(session: Session) -> list[StatusChange]:
    """Read the changes of the water's status from the database, in the order of entry."""
    session.rollback()
    query = select(StatusChange).order_by(StatusChange.id)
    return [change for change in session.scalars(query) if change.issue.key == "TK-1"]


def count(session: Session) -> int:
    """Count all changes of status."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(StatusChange)) or 0


def test_history_stands_on_a_page_of_its_own(client: FlaskClient) -> None:
    page = client.get(HISTORY)
    assert page.status_code == 200
    assert "As a whole: Open opened" in words(page.text)
    assert "Talks on the lake go on, The Lake, 2 Dec 2025, para 3" in words(page.text)
    assert "Correct" not in words(page.text)


def test_form_is_a_page_and_a_part_of_it(as_ed: FlaskClient) -> None:
    page, part = as_ed.get(FORM), as_ed.get(FORM, headers=HTMX)
    assert page.status_code == part.status_code == 200
    assert "<html" in page.text
    assert "<html" not in part.text
    assert part.text.strip() == element(part.text, "status_form")
    assert form_on(part.text).keys() == form_on(page.text).keys()
    assert words(element(page.text, "status_form")) == words(part.text)


def test_form_says_what_is_in_force_and_starts_empty(as_ed: FlaskClient) -> None:
    page = as_ed.get(FORM)
    form = form_on(page.text)
    assert "As a whole: Open since 2 Dec 2025" in words(page.text)
    assert form["status"] == [""]
    assert "agreed_between" not in form
    assert form["base_version"] == ["2"]


@pytest.mark.parametrize(
    ("name", "address", "code"),
    [("client", FORM, 303), ("as_vera", FORM, 403), ("as_ed", "/issues/TK-9/status-changes/new", 404)],
)
def test_form_is_for_editors(request: pytest.FixtureRequest, name: str, address: str, code: int) -> None:
    answer = request.getfixturevalue(name).get(address)
    assert answer.status_code == code
    if code == 303:
        assert answer.location == "/sign-in?next=/issues/TK-1/status-changes/new"


@pytest.mark.parametrize(("name", "code"), [("client", 401), ("as_vera", 403)])
def test_who_may_not_write_does_not(
    request: pytest.FixtureRequest, name: str, code: int, world: World, session: Session
) -> None:
    client = request.getfixturevalue(name)
    for headers in ({}, HTMX):
        answer = client.post(HISTORY, data=csrf(client) | typed(world), headers=headers)
        assert answer.status_code == code
    assert count(session) == 1


def test_form_without_the_token_of_this_browser_is_refused(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    old = hidden(as_ed, FORM) | typed(world) | {"csrf_token": "x"}
    page = as_ed.post(HISTORY, data=old, headers={"Sec-Fetch-Site": "same-origin"})
    assert page.status_code == 400
    assert "Both want to wait." in page.text
    assert count(session) == 1


def test_saving_leads_back_to_the_issue_and_says_so(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    answer = post(as_ed, FORM, typed(world), to=HISTORY)
    assert (answer.status_code, answer.location) == (303, "/issues/TK-1#status")
    change = changes_of(session)[-1]
    assert (change.status, change.reason) == (Status.PARKED, "Both want to wait.")
    assert (change.recorded_by, change.effective_on.isoformat()) == ("Ed", "2025-12-05")
    page = as_ed.get("/issues/TK-1").text
    said = element(page, "flash")
    assert "TK-1: Parked by consent since 5 Dec 2025, recorded." in words(said)
    assert undo_of(said)["entry"] == change.uid


def test_a_status_dated_before_the_one_in_force_says_that_it_does_not_take_its_place(
    as_ed: FlaskClient, world: World
) -> None:
    late = typed(world) | {"effective_on": "2025-11-01"}
    answer = post(as_ed, FORM, late, to=HISTORY, htmx=True)
    assert "recorded. A later status stays in force. Undo" in words(answer.text)
    assert "stays in force" not in words(post(as_ed, FORM, typed(world), to=HISTORY, htmx=True).text)


def test_saving_in_place_answers_the_changed_part(as_ed: FlaskClient, world: World, session: Session) -> None:
    answer = post(as_ed, FORM, typed(world), to=HISTORY, htmx=True)
    assert answer.status_code == 200
    assert answer.headers["HX-Retarget"] == "#status"
    status = element(answer.text, "status")
    assert 'data-version="3"' in status
    assert "Parked by consent" in words(status)
    assert "A report without its text" in element(answer.text, "sources")
    assert '<hx-partial hx-target="#flash"' in answer.text
    assert "recorded." in words(answer.text)
    assert words(element(as_ed.get("/issues/TK-1").text, "status")) == words(status)
    assert count(session) == 2


def test_change_on_a_track_says_on_which(as_ed: FlaskClient, world: World, session: Session) -> None:
    agreed = typed(
        world,
        status="agreed_in_principle",
        track="shuttle",
        level="technical",
        agreed_between=["red", "med"],
        subject_to="ad referendum",
    )
    assert post(as_ed, FORM, agreed, to=HISTORY).status_code == 303
    change = changes_of(session)[-1]
    assert change.track is not None
    assert (change.track.code, change.level, change.subject_to) == (
        "shuttle",
        Level.TECHNICAL,
        "ad referendum",
    )
    assert change.agreed_between == ["med", "red"]
    page = as_ed.get("/issues/TK-1").text
    assert "TK-1, Shuttle of the mediator: Agreed in principle since 5 Dec 2025, recorded." in words(page)
    assert "between Red, Mediator, subject to ad referendum since 5 Dec 2025" in words(page)


def test_all_that_is_missing_is_told_at_once(as_ed: FlaskClient, session: Session) -> None:
    page = post(as_ed, FORM, {}, to=HISTORY)
    assert page.status_code == 422
    assert fault(page.text, "status") == "Error: Choose the status."
    assert fault(page.text, "effective_on") == "Error: Give the day on which it became so."
    assert "give at least one" in fault(page.text, "citations-0-source")
    assert 'href="#f-citations-0-source"' in page.text
    assert count(session) == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("status", "nearly", "“nearly” is not one of the choices."),
        ("status", "open", "Nothing differs from the status in force on that day."),
        ("level", "divine", "“divine” is not one of the choices."),
        ("day_basis", "guessed", "“guessed” is not one of the choices."),
        ("citations-0-credibility", "7", "“7” is not one of the choices."),
        ("citations-0-directness", "<b>", "“<b>” is not one of the choices."),
        ("citations-0-translated_by", "me", "“me” is not one of the choices."),
        ("track", "shuttl", "There is no such track in this negotiation."),
        ("event", "99", "There is no such event in this negotiation."),
        ("event", "x", "There is no such event in this negotiation."),
        ("agreed_between", "atlantis", "There is no party “atlantis” in this negotiation."),
        ("agreed_between", "red", "This status names nobody"),
        ("citations-0-source", "", "give at least one"),
        ("citations-0-source", "99", "Choose the source."),
        ("citations-0-source", "1 or 1=1", "Choose the source."),
        ("effective_on", "soon", "Write the day as 2025-12-02"),
        ("effective_on", "2025-02-30", "There is no such day in the calendar."),
        ("effective_on", "", "Give the day on which it became so."),
        ("effective_on", "0999-12-31", "before the year 1000"),
        ("reason", "", "Give a reason, or a quote"),
        ("reason", "nul \x00", "NUL character"),
        ("reason", "x" * 1_000_000, "This text has 1000000 characters; 10000 is the most."),
        ("subject_to", "x" * 10_001, "10000 is the most."),
        ("effective_words", "x" * 301, "300 is the most."),
        ("citations-0-quote", "x" * 10_001, "10000 is the most."),
        ("citations-0-quote", "nul \x00", "NUL character"),
        ("citations-0-translation", "x" * 10_001, "10000 is the most."),
        ("citations-0-locator", "x" * 301, "300 is the most."),
    ],
)
def test_fault_stands_beside_its_field(
    as_ed: FlaskClient, world: World, session: Session, field: str, value: str, message: str
) -> None:
    page = post(as_ed, FORM, typed(world, **{field: value}), to=HISTORY)
    assert page.status_code == 422
    assert message in fault(page.text, field)
    assert count(session) == 1


def test_future_is_refused(as_ed: FlaskClient, world: World) -> None:
    tomorrow = (latest_day() + timedelta(days=1)).isoformat()
    page = post(as_ed, FORM, typed(world, effective_on=tomorrow), to=HISTORY)
    assert page.status_code == 422
    assert "This day lies in the future" in fault(page.text, "effective_on")


def test_source_of_other_talks_is_no_source(as_ed: FlaskClient, world: World, session: Session) -> None:
    other = Negotiation(code="XX", title="Other talks")
    session.add(other)
    other.recorded_at = other.moment
    theirs = make_source(session, other, "Theirs")
    session.commit()
    page = post(as_ed, FORM, typed(world, **{"citations-0-source": str(theirs.id)}), to=HISTORY)
    assert page.status_code == 422
    assert "Choose the source." in fault(page.text, "citations-0-source")
    assert "Theirs" not in page.text


def test_restricted_talks_are_not_there(as_ed: FlaskClient, world: World, session: Session) -> None:
    form = hidden(as_ed, FORM)
    session.rollback()  # the page may have written since the world was read
    world.talks.visibility = type(world.talks.visibility).RESTRICTED
    session.commit()
    assert as_ed.get(FORM).status_code == 404
    assert as_ed.get(HISTORY).status_code == 404
    assert as_ed.post(HISTORY, data=form | typed(world)).status_code == 404
    assert count(session) == 1


def test_everything_typed_is_kept(as_ed: FlaskClient, world: World) -> None:
    full = typed(
        world,
        status="agreed",
        track="shuttle",
        level="leaders",
        agreed_between=["red", "med"],
        subject_to="except the <east>",
        effective_on="2/12",
        effective_words='one "fine" day',
        day_basis="inferred",
        reason=HARM,
    ) | {
        "citations-0-quote": "Words that\r\nare not there",
        "citations-0-source": str(world.article.id),
        "citations-0-locator": "para 9",
        "citations-0-translation": "Words & words",
        "citations-0-translated_by": "machine",
        "citations-0-credibility": "3",
        "citations-0-directness": "anonymous",
        "citations-1-source": str(world.report.id),
        "citations-1-quote": "More",
        "citations-1-translation": "Mehr",
        "next": "/negotiations/TK",
    }
    for headers in ({}, HTMX):
        before = hidden(as_ed, FORM)
        page = as_ed.post(HISTORY, data=before | full, headers=headers)
        assert page.status_code == 422
        kept = full | {"form_token": before["form_token"], "base_version": before["base_version"]}
        assert shows_typed(page.text, kept)
        assert "<img" not in page.text
