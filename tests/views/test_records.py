"""After a round: what became of the issues, row by row, each saved alone."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.models.acts import change
from tests.views.conftest import Statements, csrf, hidden, htmx_on
from tests.views.reading import element, words
from tests.views.test_events import hold
from tests.world import DAY, World
from tracker.db import writing
from tracker.models import Event, Issue, Review, StatusChange
from tracker.models.vocabulary import Status

OPEN = {"status": "open", "reason": "So it was said."}


@pytest.fixture
def event(world: World) -> Event:
    return hold(world)


def address(event: Event, world: World) -> str:
    return f"/negotiations/TK/events/{event.id}/record?source={world.article.id}"


def send(
    client: FlaskClient, event: Event, world: World, typed: dict[str, Any], *, htmx: bool = False, **more: Any
) -> TestResponse:
    """Post a row as its form has it."""
    page = address(event, world)
    given = hidden(client, page) | {
        "issue": "TK-2", "base_version": str(world.border.version), "effective_on": DAY.isoformat(),
        "event": str(event.id), "citations-0-source": str(world.article.id),
    }  # fmt: skip
    headers = htmx_on(page.partition("?")[0]) if htmx else {}
    return client.post(page, data=given | typed | more, headers=headers)


def changes(session: Session, number: int = 2) -> list[StatusChange]:
    session.rollback()
    query = select(StatusChange).where(StatusChange.issue.has(number=number))
    return [*session.scalars(query.order_by(StatusChange.id))]


def test_the_issues_stand_down_the_page_with_what_is_in_force(
    as_ed: FlaskClient, world: World, event: Event
) -> None:
    page = as_ed.get(address(event, world)).text
    rows = {key: words(element(page, key)) for key in ("TK-1", "TK-2", "TK-3")}
    assert "Open since 2 Dec 2025" in rows["TK-1"]
    assert "No status yet" in rows["TK-2"]
    assert f'name="citations-0-source" value="{world.article.id}"' in element(page, "TK-3")
    narrowed = as_ed.get(address(event, world) + "&topic=People").text
    assert 'id="TK-3"' in narrowed
    assert 'id="TK-1"' not in narrowed


def test_a_row_is_saved_alone_at_the_event_and_comes_back_in_its_place(
    as_ed: FlaskClient, world: World, session: Session, event: Event
) -> None:
    answer = send(as_ed, event, world, OPEN)
    assert (answer.status_code, answer.location) == (303, address(event, world) + "#TK-2")
    change = changes(session)[0]
    assert (change.status, change.event_id, change.effective_on) == (Status.OPEN, event.id, DAY)
    assert change.citations[0].source_id == world.article.id
    assert "Recorded here: Open" in words(element(as_ed.get(answer.location).text, "TK-2"))
    assert len(changes(session, 1)) == 1


def test_a_row_names_the_source_it_is_saved_under_and_so_does_the_message(
    as_ed: FlaskClient, world: World, event: Event
) -> None:
    row = words(element(as_ed.get(address(event, world)).text, "TK-2"))
    assert f"Is saved under the source: {world.article.title}" in row
    answer = send(as_ed, event, world, OPEN, htmx=True)
    assert f"recorded. Source: {world.article.title}" in words(answer.text)
    none = words(element(as_ed.get(f"/negotiations/TK/events/{event.id}/record?source=").text, "TK-2"))
    assert "No source is chosen yet." in none


@pytest.mark.parametrize("field", ["source", "citations-0-source"])
def test_a_row_is_saved_under_the_source_that_came_with_it(
    as_ed: FlaskClient, world: World, session: Session, event: Event, field: str
) -> None:
    answer = send(as_ed, event, world, OPEN | {field: str(world.report.id)}, htmx=True)
    assert changes(session)[0].citations[0].source_id == world.report.id
    assert f"Source: {world.report.title}" in words(answer.text)
    assert f"Is saved under the source: {world.report.title}" in words(answer.text)
    refused = send(as_ed, event, world, {"issue": "TK-3", "status": "blocked", field: ""}, htmx=True)
    assert refused.status_code == 422
    assert "Nothing is recorded without a source" in words(refused.text)
    assert "No source is chosen yet." in words(refused.text)


def test_a_row_shows_what_was_in_force_on_the_day_and_says_what_came_later(
    as_ed: FlaskClient, world: World, session: Session, event: Event
) -> None:
    with writing():
        for status, day in ((Status.OPEN, DAY), (Status.BLOCKED, DAY + timedelta(days=4))):
            change(world, status, day)
        session.commit()
    row = words(element(as_ed.get(address(event, world)).text, "TK-2"))
    assert "Open since 2 Dec 2025" in row
    assert "Later: Blocked since 6 Dec 2025" in row


def test_a_check_before_what_was_recorded_says_so(as_ed: FlaskClient, world: World, event: Event) -> None:
    send(as_ed, event, world, {"checked": "1"})
    send(as_ed, event, world, OPEN)
    row = words(element(as_ed.get(address(event, world)).text, "TK-2"))
    assert "Recorded here: Open Before that, checked by Ed without a change, " in row


def test_htmx_gets_the_row_alone_and_the_message(
    as_ed: FlaskClient, world: World, event: Event, session: Session
) -> None:
    answer = send(as_ed, event, world, OPEN, htmx=True, following="TK-3")
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<li id="TK-2"')
    assert 'data-return-focus="#TK-3 [name=checked]"' in answer.text
    assert 'id="TK-3"' not in answer.text
    assert "TK-2: Open since 2 Dec 2025, recorded." in words(answer.text)
    assert f'name="base_version" type="hidden" value="{changes(session)[0].issue.version}"' in answer.text


def test_checked_no_change_is_one_press_on_the_events_day(
    as_ed: FlaskClient, world: World, session: Session, event: Event
) -> None:
    answer = send(as_ed, event, world, {"checked": "1"}, htmx=True)
    assert answer.status_code == 200
    assert "Checked by Ed without a change, " in words(answer.text)
    assert "TK-2: checked, no change." in words(answer.text)
    assert send(as_ed, event, world, {"checked": "1", "issue": "TK-3"}).location.endswith("#TK-3")
    session.rollback()
    reviews = session.scalars(select(Review).order_by(Review.id))
    assert [(each.issue.key, each.checked_on) for each in reviews] == [("TK-2", DAY), ("TK-3", DAY)]
    assert changes(session) == []


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"status": ""}, "Choose the status."),
        ({"reason": ""}, "Give a reason"),
        ({"citations-0-source": ""}, "Nothing is recorded without a source"),
        ({"status": "agreed"}, "all deciding parties must have agreed; not named: Blue, Red"),
        ({"citations-0-quote": "never said"}, "These words are not in the source"),
        ({"track": "rails"}, "no such track"),
        ({"effective_on": "2099-01-01"}, "future"),
        ({"effective_on": ""}, "Give the day"),
        ({"event": "99"}, "no such event"),
    ],
)
def test_a_refusal_stands_in_its_row_with_what_was_typed(
    as_ed: FlaskClient,
    world: World,
    session: Session,
    event: Event,
    typed: dict[str, str],
    told: str,
    htmx: bool,
) -> None:
    answer = send(as_ed, event, world, OPEN | {"subject_to": "Typed words"} | typed, htmx=htmx)
    assert answer.status_code == 422
    row = element(answer.text, "TK-2")
    assert told in words(row)
    assert 'value="Typed words"' in row
    assert ('id="TK-1"' in answer.text) is not htmx
    if not htmx:
        assert "There is a problem" not in words(element(answer.text, "TK-1"))
    assert changes(session) == []


@pytest.mark.parametrize("htmx", [False, True])
def test_who_comes_second_is_told_in_the_row(
    as_ed: FlaskClient, world: World, session: Session, event: Event, htmx: bool
) -> None:
    old = str(world.border.version)
    with writing():
        world.border.change_status(
            Status.BLOCKED, dating=_dating(), by=world.ann, citing=[world.cite()], reason="No."
        )
        session.commit()
    answer = send(as_ed, event, world, OPEN, htmx=htmx, base_version=old)
    assert answer.status_code == 409
    row = element(answer.text, "TK-2")
    assert "Ann saved while you were writing" in words(row) or "saved while you were writing" in words(row)
    assert "Blocked" in words(row)
    assert 'value="So it was said."' in row
    assert len(changes(session)) == 1


def _dating() -> Any:
    from tracker.models import Dating

    return Dating(DAY)


def test_the_same_press_twice_records_once(
    as_ed: FlaskClient, world: World, session: Session, event: Event
) -> None:
    page = address(event, world)
    given = hidden(as_ed, page) | OPEN | {
        "issue": "TK-2", "base_version": str(world.border.version), "effective_on": DAY.isoformat(),
        "citations-0-source": str(world.article.id),
    }  # fmt: skip
    assert as_ed.post(page, data=given).status_code == 303
    assert as_ed.post(page, data=given).status_code == 303
    assert len(changes(session)) == 1


def test_an_issue_or_source_that_is_not_there(as_ed: FlaskClient, world: World, event: Event) -> None:
    assert send(as_ed, event, world, OPEN | {"issue": "TK-99"}).status_code == 404
    assert send(as_ed, event, world, OPEN | {"issue": ""}).status_code == 404
    page = f"/negotiations/TK/events/{event.id}/record"
    assert as_ed.get(f"{page}?source=99").status_code == 400
    assert as_ed.get(f"{page}?topic=Weather").status_code == 400
    assert as_ed.get(f"{page}?source=").status_code == 200


def test_the_event_s_own_source_is_offered_first(as_ed: FlaskClient, world: World, session: Session) -> None:
    event = hold(world)
    with writing():
        event.edit({}, by=world.ed, citing=[world.cite()])
        session.commit()
    page = as_ed.get(f"/negotiations/TK/events/{event.id}/record").text
    assert f'name="citations-0-source" value="{world.article.id}"' in page


def test_only_editors_see_and_write_it(
    client: FlaskClient, as_vera: FlaskClient, world: World, event: Event
) -> None:
    page = address(event, world)
    assert client.get(page).status_code == 303
    assert as_vera.get(page).status_code == 403
    assert client.post(page, data=csrf(client)).status_code == 401
    assert as_vera.post(page, data=csrf(as_vera)).status_code == 403


def test_a_round_of_many_issues_is_paged_at_the_same_cost(
    as_ed: FlaskClient, world: World, session: Session, event: Event, statements: Statements
) -> None:
    page = address(event, world)
    as_ed.get(page)
    with statements() as few:
        as_ed.get(page)
    with writing():
        for number in range(10, 171):
            Issue(negotiation=world.talks, number=number, title=f"No {number}").add(session)
        session.commit()
    with statements() as many:
        shown = as_ed.get(page).text
    assert len(many) == len(few)
    assert shown.count('<li id="TK-') == 50
    assert "Page 1 of 4" in words(shown)
    assert as_ed.get(page + "&page=4").text.count('<li id="TK-') == 14
