"""Events for calendar programs: read back by one, whole, inert, and for those who see the talks."""

import re
from datetime import date, timedelta
from typing import Any

import icalendar
from flask import Flask
from flask.testing import FlaskClient

from tests.models.acts import at
from tests.views.conftest import Statements, written
from tests.world import DAY, World
from tracker import create_app
from tracker.db import db
from tracker.models import Event
from tracker.models.vocabulary import EventKind, EventState, Visibility

TALKS = "/negotiations/TK/events.ics"
HOSTILE = "Round; of, talks: \\n <script>\r\nEND:VEVENT\r\nBEGIN:VALARM\x0b\u2028" + "щ" * 200


def add(world: World, title: str = "Round three", on: date = DAY, **more: Any) -> Event:
    """Add an event of the talks."""
    recorded = more.pop("recorded", None)
    event = Event(negotiation=world.talks, title=title, starts_on=on, **more)
    event.add(world.talks.session, by=world.ed, recorded=recorded)
    world.talks.session.flush()
    return event


def read(client: FlaskClient, address: str = TALKS) -> tuple[Any, list[Any]]:
    """Read a calendar and its events."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status
    found = icalendar.Calendar.from_ical(answer.data)
    return found, found.walk("VEVENT")


def test_events_come_as_whole_days_with_all_that_a_calendar_shows(client: FlaskClient, world: World) -> None:
    with written(world):
        round_ = add(
            world,
            kind=EventKind.ROUND,
            ends_on=DAY + timedelta(days=2),
            place="The Lake, Hall 2",
            participants=["blue", "red"],
            track=world.shuttle,
        )
        plan = {"state": EventState.PLANNED, "kind": EventKind.DEADLINE}
        ahead = add(world, "Answer due", date(2030, 1, 31), **plan)
        off = add(world, "Visit", DAY - timedelta(days=1), state=EventState.CANCELLED)
    calendar, events = read(client)
    assert calendar["PRODID"] == "-//Negotiation Tracker//Events//EN"
    assert (calendar["VERSION"], calendar["X-WR-CALNAME"]) == ("2.0", "TK Talks on the lake")
    assert "TLP:CLEAR" in calendar["X-WR-CALDESC"]
    assert [event["UID"] for event in events] == [off.uid, round_.uid, ahead.uid]
    assert [event["STATUS"] for event in events] == ["CANCELLED", "CONFIRMED", "TENTATIVE"]
    first = events[1]
    assert (first["DTSTART"].dt, first["DTEND"].dt) == (DAY, DAY + timedelta(days=3))
    assert (first["SUMMARY"], first["LOCATION"]) == ("Round three", "The Lake, Hall 2")
    assert first["CATEGORIES"].cats == ["Round of talks"]
    assert "Who takes part: Red, Blue\nTrack: Shuttle of the mediator" in first["DESCRIPTION"]
    assert first["URL"] == f"http://localhost/negotiations/TK/events/{round_.id}"
    assert client.get(first["URL"]).status_code == 200
    assert first["LAST-MODIFIED"].dt == first["DTSTAMP"].dt == round_.recorded_at.replace(microsecond=0)
    last = events[2]
    assert (last["CATEGORIES"].cats, last["DTEND"].dt) == (["Deadline"], date(2030, 2, 1))
    _, alone = read(client, f"/negotiations/TK/events/{ahead.id}.ics?when=past")
    assert [event["UID"] for event in alone] == [ahead.uid]
    assert client.get("/negotiations/TK/events/999.ics").status_code == 404


def test_a_calendar_holds_what_the_page_with_its_filters_lists(client: FlaskClient, world: World) -> None:
    with written(world):
        round_ = add(world, kind=EventKind.ROUND)
        due = add(world, "Answer due", date(2030, 1, 31), kind=EventKind.DEADLINE, state=EventState.PLANNED)
    for query, uid in (("kind=round", round_.uid), ("when=coming", due.uid)):
        assert [event["UID"] for event in read(client, f"{TALKS}?{query}")[1]] == [uid]
    assert client.get(f"{TALKS}?kind=feast").status_code == 400


def test_an_edit_is_told_by_its_moment_and_number_and_the_same_record_gives_the_same_bytes(
    client: FlaskClient, world: World
) -> None:
    with written(world):
        event = add(world)
    before = client.get(TALKS)
    assert client.get(TALKS).data == before.data
    tag = {"If-None-Match": before.headers["ETag"]}
    assert client.get(TALKS, headers=tag).status_code == 304
    with written(world):
        event.edit({"state": EventState.CANCELLED}, by=world.ed)
    assert client.get(TALKS, headers=tag).status_code == 200
    _, (told,) = read(client)
    assert (told["SEQUENCE"], told["STATUS"], told["UID"]) == (1, "CANCELLED", event.uid)
    assert told["LAST-MODIFIED"].dt >= event.recorded_at.replace(microsecond=0)


def test_the_form_is_that_of_the_standard_whatever_the_words_are(client: FlaskClient, world: World) -> None:
    with written(world):
        world.talks.title = HOSTILE[:300]
        given = HOSTILE[:300]
        add(world, given, place=given, kind=EventKind.ROUND, participants=["red"])
        add(world, "The last day", date(9999, 12, 31), state=EventState.PLANNED)
    answer = client.get(TALKS)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    lines = answer.data.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert max(map(len, lines)) <= 75  # octets: RFC 5545, 3.1
    assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", b"".join(lines))
    unfolded = answer.data.replace(b"\r\n ", b"").decode().split("\r\n")
    assert [line for line in unfolded if line.startswith(("BEGIN:", "END:"))] == [
        "BEGIN:VCALENDAR",
        *["BEGIN:VEVENT", "END:VEVENT"] * 2,
        "END:VCALENDAR",
    ]
    for name in ("UID:", "DTSTAMP:", "DTSTART;VALUE=DATE:", "SUMMARY:"):  # RFC 5545, 3.6.1
        assert sum(line.startswith(name) for line in unfolded) == 2
    _, (hostile, last) = read(client)
    assert str(hostile["SUMMARY"]).startswith("Round; of, talks: \\n <script> END:VEVENT BEGIN:VALARM")
    assert last["DTSTART"].dt == date(9999, 12, 31)
    assert "DTEND" not in last


def test_a_calendar_is_seen_by_those_who_see_the_talks_as_known_to_them(
    client: FlaskClient, as_vera: FlaskClient, world: World
) -> None:
    with written(world):
        add(world, recorded=at(0))
        world.talks.publish()
    with written(world):
        add(world, "Round four", DAY + timedelta(days=1))
    assert len(read(client)[1]) == 1
    assert len(read(as_vera)[1]) == 2
    assert len(read(as_vera, f"{TALKS}?known_at=2025-12-10")[1]) == 1
    assert len(read(as_vera, f"{TALKS}?known_at=2025-12-09")[1]) == 0
    assert client.get(f"{TALKS}?as_of=yesterday").status_code == 400
    with written(world):
        world.talks.visibility = Visibility.INTERNAL
    assert client.get(TALKS).status_code == 404
    assert as_vera.get(TALKS).headers["Cache-Control"] == "private, no-store"


def test_uids_stay_after_a_restart_under_another_name_and_key(
    app: Flask, client: FlaskClient, world: World
) -> None:
    with written(world):
        add(world)
    settings = {"INSTANCE": app.config["INSTANCE"], "SECRET_KEY": "another key for tests, " * 2}
    other = create_app(settings | {"PUBLIC_URL": "https://desk.example.org"})
    after = other.test_client().get(TALKS, base_url="https://127.0.0.1").text
    assert after == client.get(TALKS).text.replace("http://localhost", "https://desk.example.org")
    with other.app_context():
        db.engine.dispose()


def test_fifty_events_take_as_many_statements_as_one(
    client: FlaskClient, world: World, statements: Statements
) -> None:
    with written(world):
        add(world)
    client.get(TALKS)
    with statements() as few:
        read(client)
    with written(world):
        for nth in range(60):
            add(world, f"Round {nth}")
    with statements() as many:
        assert len(read(client)[1]) == 61
    assert len(many) == len(few) <= 6


def test_one_event_is_asked_for_alone(client: FlaskClient, world: World, statements: Statements) -> None:
    with written(world):
        event = add(world)
    with statements() as asked:
        read(client, f"/negotiations/TK/events/{event.id}.ics")
    found = [each for each in asked if "FROM events" in each]
    assert len(found) == 2
    assert all("events.id = " in each for each in found)


def test_pages_of_events_name_their_calendars_in_their_heads(client: FlaskClient, world: World) -> None:
    with written(world):
        event = add(world)
    for page, address in (
        ("/negotiations/TK/events", TALKS),
        (f"/negotiations/TK/events/{event.id}", f"/negotiations/TK/events/{event.id}.ics"),
    ):
        head = client.get(page).text.partition("</head>")[0]
        assert re.findall(
            r'<link rel="alternate" type="text/calendar" title="[^"]+" href="([^"]+)"', head
        ) == [address]
