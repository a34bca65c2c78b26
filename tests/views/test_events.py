"""Events: the list and its filters, one with what was recorded at it, and the form."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, Statements, csrf, hidden, post
from tests.views.reading import element, fault, words
from tests.world import DAY, QUOTE, World
from tracker.dates import View, latest_day
from tracker.db import writing
from tracker.models import Dating, Event
from tracker.models.vocabulary import EventKind, EventState, Status

LIST = "/negotiations/TK/events"
ROUND = {"title": "Round three", "kind": "round", "state": "held", "starts_on": "2025-12-02"}
EVIL = '<script>alert("x")</script>'


def events(session: Session) -> list[Event]:
    session.rollback()
    return [*session.scalars(select(Event).order_by(Event.id))]


def hold(world: World, **more: Any) -> Event:
    event = Event(**{"negotiation": world.talks, "title": "Round three", "starts_on": DAY} | more)
    with writing():
        event.add(world.talks.session, by=world.ed)
        world.talks.session.commit()
    return event


def test_an_editor_adds_an_event_with_its_source(as_ed: FlaskClient, world: World, session: Session) -> None:
    source = {"citations-0-source": str(world.article.id), "citations-0-quote": QUOTE}
    more = {"ends_on": "3 Dec 2025", "place": "The lake", "participants": ["red", "blue"], "track": "shuttle"}
    answer = post(as_ed, f"{LIST}/new", ROUND | more | source, to=LIST)
    event = events(session)[0]
    assert (answer.status_code, answer.location) == (303, f"{LIST}/{event.id}")
    assert (event.kind, event.participants, event.last_day) == (
        EventKind.ROUND,
        ["blue", "red"],
        DAY + timedelta(days=1),
    )
    assert event.track
    assert event.citations[0].is_checked
    page = as_ed.get(answer.location).text
    assert "Round three was added." in words(element(page, "flash"))
    assert "Shuttle of the mediator" in page
    assert QUOTE[1:20] in words(element(page, "sources"))


def test_a_planned_event_needs_no_source_and_stands_in_what_comes_next(
    as_ed: FlaskClient, client: FlaskClient
) -> None:
    soon = View().today + timedelta(days=5)
    typed = ROUND | {
        "title": "Exchange by noon",
        "kind": "deadline",
        "state": "planned",
        "starts_on": soon.isoformat(),
    }
    form = f"{LIST}/new?state=planned&next=/negotiations/TK"
    assert 'selected value="planned"' in as_ed.get(form).text
    answer = post(as_ed, form, typed, to=LIST)
    assert answer.location == "/negotiations/TK"
    told = words(element(client.get("/negotiations/TK").text, "next"))
    assert "in 5 days" in told
    assert "Exchange by noon" in told
    assert "in 5 days" in words(client.get(f"{LIST}?when=coming").text)
    assert "Exchange by noon" not in element(client.get(f"{LIST}?when=past").text, "main")


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"title": ""}, "title", "Give a title."),
        ({"kind": ""}, "kind", "Choose the kind."),
        ({"starts_on": ""}, "starts_on", "Give the day."),
        ({"starts_on": "early December"}, "starts_on", "Give the exact day."),
        ({"starts_on": (latest_day() + timedelta(days=9)).isoformat()}, "state", "planned, not held"),
        ({"ends_on": "2025-12-01"}, "ends_on", "before the beginning"),
        ({"track": "rails"}, "track", "no such track"),
        ({"citations-0-quote": "never said"}, "citations-0-source", "Choose the source."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    as_ed: FlaskClient, session: Session, typed: dict[str, str], field: str, told: str
) -> None:
    answer = post(as_ed, f"{LIST}/new", ROUND | {"place": "Typed place"} | typed, to=LIST)
    assert answer.status_code == 422
    assert told in fault(answer.text, field)
    assert 'value="Typed place"' in answer.text
    assert events(session) == []


def test_htmx_gets_the_form_alone_and_is_sent_on_after_saving(as_ed: FlaskClient, session: Session) -> None:
    part = as_ed.get(f"{LIST}/new", headers=HTMX).text
    assert part.lstrip().startswith('<div class="inplace form" id="event_form"')
    given = hidden(as_ed, f"{LIST}/new")
    assert as_ed.post(LIST, data=given | ROUND | {"title": ""}, headers=HTMX).status_code == 422
    answer = as_ed.post(LIST, data=given | ROUND, headers=HTMX)
    assert answer.headers["HX-Redirect"] == f"{LIST}/{events(session)[0].id}"


def test_the_form_begins_with_the_source_and_words_of_the_address(as_ed: FlaskClient, world: World) -> None:
    asked = f"{LIST}/new?{urlencode({'source': world.article.id, 'quote': QUOTE})}"
    page = as_ed.get(asked).text
    assert hidden(as_ed, asked)["citations-0-source"] == str(world.article.id)
    assert "We will not pay" in element(page, "f-citations-0-quote")
    assert f'value="{DAY}"' in page
    assert (
        " selected"
        not in element(as_ed.get(f"{LIST}/new").text, "f-citations-0-source").partition("</option>")[2]
    )


def test_an_event_is_edited_and_a_second_editor_is_told(
    as_ed: FlaskClient, as_ann: FlaskClient, world: World, session: Session
) -> None:
    event = hold(world, state=EventState.PLANNED, kind=EventKind.ROUND)
    address = f"{LIST}/{event.id}"
    mine = hidden(as_ed, f"{address}/edit")
    answer = post(as_ann, f"{address}/edit", ROUND | {"place": "The bay"}, to=address)
    assert (answer.status_code, answer.location) == (303, address)
    answer = as_ed.post(address, data=mine | ROUND | {"place": "The lake", "state": "cancelled"})
    assert answer.status_code == 409
    panel = element(answer.text, "event_form")
    assert "Ann saved while you were writing" in panel
    assert "The bay" in panel
    assert 'value="The lake"' in panel
    assert post(as_ed, f"{address}/edit", ROUND | {"state": "cancelled"}, to=address).status_code == 303
    assert events(session)[0].state is EventState.CANCELLED


def test_editing_adds_a_source_and_repeats_none(as_ed: FlaskClient, world: World, session: Session) -> None:
    event = hold(world)
    address = f"{LIST}/{event.id}"
    source = {"citations-0-source": str(world.article.id)}
    assert post(as_ed, f"{address}/edit", ROUND | source, to=address).status_code == 303
    assert post(as_ed, f"{address}/edit", ROUND, to=address).status_code == 303
    assert len(events(session)[0].citations) == 1


def test_the_page_tells_what_was_recorded_and_the_issue_leads_back(
    client: FlaskClient, world: World, session: Session
) -> None:
    event = hold(world)
    with writing():
        world.border.change_status(
            Status.OPEN,
            dating=Dating(DAY, event=event),
            by=world.ed,
            citing=[world.cite(QUOTE)],
            reason="So.",
        )
        session.commit()
    told = words(element(client.get(f"{LIST}/{event.id}").text, "recorded"))
    assert "TK-2 Border" in told
    assert "Open" in told
    assert f'href="{LIST}/{event.id}">Round three' in client.get("/issues/TK-2").text


def test_what_is_not_known_or_not_there_is_not_found(client: FlaskClient, world: World) -> None:
    event = hold(world)
    assert client.get(f"{LIST}/{event.id}").status_code == 200
    assert client.get(f"{LIST}/{event.id}?known_at=2020-01-01").status_code == 404
    assert client.get(f"{LIST}/999").status_code == 404
    assert client.get(f"{LIST}?when=soon").status_code == 400
    assert "kind:" in client.get(f"{LIST}?kind=picnic").text


def test_what_was_typed_is_shown_as_text(as_ed: FlaskClient, session: Session) -> None:
    post(as_ed, f"{LIST}/new", ROUND | {"title": EVIL, "place": EVIL}, to=LIST)
    id_ = events(session)[0].id
    for address in (
        LIST,
        f"{LIST}/{id_}",
        f"{LIST}/{id_}/edit",
        f"{LIST}/{id_}/record",
        "/negotiations/TK/timeline",
    ):
        assert EVIL not in as_ed.get(address).text


@pytest.mark.parametrize("path", ["", "/1"])
def test_only_editors_write(client: FlaskClient, as_vera: FlaskClient, world: World, path: str) -> None:
    hold(world)
    assert client.post(LIST + path, data=ROUND | csrf(client)).status_code == 401
    assert as_vera.post(LIST + path, data=ROUND | csrf(as_vera)).status_code == 403
    assert "Add an event" not in as_vera.get(LIST).text


def test_statements_stay_as_many_for_many_events(
    as_ed: FlaskClient, world: World, statements: Statements
) -> None:
    hold(world)
    as_ed.get(LIST)
    with statements() as few:
        as_ed.get(LIST)
    for number in range(20):
        hold(world, title=f"Round {number}")
    with statements() as many:
        as_ed.get(LIST)
    assert len(many) == len(few)
