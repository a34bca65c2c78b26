"""Open pages ask whether the record has changed: what they are told, at what cost, and what they are not."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.views.conftest import HTMX, Statements, htmx_on, post, signed_in
from tests.views.reading import words
from tests.world import DAY, World
from tracker.db import now, writing
from tracker.models import Dating, Grant, Retraction, UserSession
from tracker.models.retraction import retract
from tracker.models.vocabulary import Status, Visibility
from tracker.views import freshness

PULSE = "/negotiations/TK/pulse"
PAGES = [
    "/negotiations/TK",
    "/negotiations/TK?as_of=2025-12-02",
    "/negotiations/TK/compare",
    "/negotiations/TK/changes",
    "/negotiations/TK/distance",
    "/negotiations/TK/timeline",
    "/negotiations/TK/issues",
    "/issues/TK-1",
]
TYPED = {
    "status": "blocked",
    "effective_on": "2025-12-03",
    "reason": "The envoy said so.",
}


def tag_on(client: FlaskClient, address: str = "/negotiations/TK") -> str:
    """Open a page and give the tag that it carries."""
    found = re.search(r'<main [^>]*data-pulse="([^"]*)" data-tag="([^"]*)"', client.get(address).text)
    assert found
    assert found[1] == PULSE
    return unescape(found[2])


def ask(client: FlaskClient, tag: str) -> TestResponse:
    return client.get(PULSE, headers={"If-None-Match": f'W/"{tag}"'})


def block(world: World, status: Status = Status.BLOCKED, days: int = 1) -> None:
    """Let somebody write to the record."""
    world.talks.session.rollback()  # a page may have noted a visit since this session began to read
    with writing():
        dating = Dating(DAY + timedelta(days=days))
        world.water.change_status(status, dating=dating, by=world.ed, citing=[world.cite()], reason="So.")
        world.talks.session.commit()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_not_told_of_anything_while_nothing_changes(as_vera: FlaskClient, address: str) -> None:
    tag = tag_on(as_vera, address)
    answer = ask(as_vera, tag)
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == f'W/"{tag}"'


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("name", ["client", "as_vera"])
def test_a_page_is_told_of_a_write_and_when(
    request: pytest.FixtureRequest, world: World, name: str, address: str
) -> None:
    reader: FlaskClient = request.getfixturevalue(name)
    tag = tag_on(reader, address)
    block(world)
    answer = ask(reader, tag)
    assert answer.status_code == 200
    assert answer.headers["ETag"] != f'W/"{tag}"'
    text = words(answer.text)
    assert "The record has changed since this page was made: last on" in text
    assert f"{now():%Y, %H}:" in text
    assert "Show it as it is now" in text
    assert ask(reader, tag_on(reader, address)).status_code == 304


def test_users_are_told_how_often_it_was_saved_and_strangers_are_not(
    client: FlaskClient, as_vera: FlaskClient, world: World
) -> None:
    strangers, users = tag_on(client), tag_on(as_vera)
    block(world)
    assert "saved once" in words(ask(as_vera, users).text)
    block(world, Status.OPEN, days=2)
    assert "saved 2 times" in words(ask(as_vera, users).text)
    assert "saved" not in ask(client, strangers).text
    assert "." not in strangers


def test_users_are_led_to_what_was_recorded_since_their_page_was_made(
    client: FlaskClient, as_vera: FlaskClient, world: World
) -> None:
    strangers = tag_on(client)
    block(world)
    users = tag_on(as_vera)
    with writing():
        world.border.change_status(
            Status.PARKED, dating=Dating(DAY), by=world.ed, citing=[world.cite()], reason="Later."
        )
        world.talks.session.commit()
    (address,) = re.findall(r'<a href="([^"]+)"', ask(as_vera, users).text)
    assert "since=2" in address
    told = words(as_vera.get(unescape(address)).text)
    assert "TK-2 Border: Parked by consent" in told
    assert "TK-1" not in told  # that was on the page already
    (plain,) = re.findall(r'<a href="([^"]+)"', ask(client, strangers).text)
    assert plain == "/negotiations/TK/changes?reading=recorded"
    assert client.get(plain).status_code == 200


@pytest.mark.parametrize("query", ["known_at=2026-01-01", "as_of=2025-12-02&known_at=2026-01-01T00:00:00Z"])
def test_a_fixed_past_asks_nothing(client: FlaskClient, query: str) -> None:
    assert "data-pulse" not in client.get(f"/negotiations/TK?{query}").text


@pytest.mark.parametrize("address", ["/", "/sign-in", "/sources", "/no-such-page"])
def test_pages_of_no_negotiation_ask_nothing(client: FlaskClient, address: str) -> None:
    assert "data-pulse" not in client.get(address).text


def test_strangers_of_a_published_record_learn_of_nothing_but_the_next_publication(
    client: FlaskClient, as_vera: FlaskClient, world: World
) -> None:
    world.talks.published_at = now()
    world.talks.session.commit()
    tag, users = tag_on(client), tag_on(as_vera)
    block(world)
    assert ask(client, tag).status_code == 304
    assert ask(as_vera, users).status_code == 200
    assert tag_on(client) == tag
    world.talks.publish()
    world.talks.session.commit()
    assert ask(client, tag).status_code == 200


def test_strangers_do_not_learn_that_the_desk_keeps_notes(
    client: FlaskClient, as_vera: FlaskClient, world: World, session: Session
) -> None:
    tag, users = tag_on(client), tag_on(as_vera)
    session.rollback()  # the page noted a visit
    note = world.water.note("Ask the envoy.", by=world.ed)
    session.commit()
    retract(note, by=world.ed, reason="Asked.").refuse()
    session.commit()
    assert session.query(Retraction).count() == 1
    assert ask(client, tag).status_code == 304
    assert "saved 2 times" in words(ask(as_vera, users).text)


def test_restricted_talks_have_no_pulse_for_others(
    client: FlaskClient, as_vera: FlaskClient, as_ed: FlaskClient, world: World, session: Session
) -> None:
    tags = [(client, tag_on(client)), (as_vera, tag_on(as_vera))]
    session.rollback()  # the page noted a visit
    world.talks.visibility = Visibility.RESTRICTED
    session.add(Grant(negotiation=world.talks, user=world.ed))
    session.commit()
    assert [ask(reader, tag).status_code for reader, tag in tags] == [404, 404]
    assert as_ed.get(PULSE).status_code == 200
    assert client.get("/negotiations/ZZ/pulse").status_code == 404


@pytest.mark.parametrize("tag", ["", "x", "9" * 400, "1.zz-zz", "0.0123456789abcdef-0123456789abcdef\x01"])
def test_tags_that_are_not_ours_are_no_harm(as_vera: FlaskClient, tag: str) -> None:
    assert ask(as_vera, tag).status_code == 200
    assert as_vera.get(PULSE, headers={"If-None-Match": tag}).status_code == 200


def test_a_page_of_another_day_is_told_so_and_not_that_the_record_changed(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = tag_on(client)
    monkeypatch.setitem(app.extensions, "build", "a later build")
    text = words(ask(client, tag).text)
    assert "made on another day, for another reader, or by an earlier version" in text
    assert "has changed" not in text


def test_a_strangers_page_asked_of_by_a_user_is_not_told_that_the_record_changed(
    client: FlaskClient, as_vera: FlaskClient
) -> None:
    assert "has changed" not in ask(as_vera, tag_on(client)).text
    assert "has changed" not in ask(client, tag_on(as_vera)).text


def test_asking_costs_next_to_nothing(
    client: FlaskClient, as_vera: FlaskClient, statements: Statements
) -> None:
    for reader, most in ((client, 1), (as_vera, 2)):
        tag = tag_on(reader)
        with statements() as seen:
            assert ask(reader, tag).status_code == 304
        assert len(seen) == most


def test_asking_does_not_keep_a_session_alive(as_vera: FlaskClient, session: Session) -> None:
    tag = tag_on(as_vera)
    long_ago = now() - timedelta(hours=2)
    session.execute(update(UserSession).values(seen_at=long_ago))
    session.commit()
    ask(as_vera, tag)
    seen = select(UserSession.seen_at).where(UserSession.seen_at > long_ago)
    assert session.scalars(seen).all() == []
    session.rollback()
    as_vera.get("/negotiations/TK")
    assert len(session.scalars(seen).all()) == 1


def test_asking_takes_no_message_that_waits_for_the_next_page(as_ed: FlaskClient, world: World) -> None:
    tag = tag_on(as_ed)
    typed = TYPED | {"citations-0-source": str(world.article.id)}
    assert (
        post(as_ed, "/issues/TK-1/status-changes/new", typed, to="/issues/TK-1/status-changes").status_code
        == 303
    )
    assert ask(as_ed, tag).status_code == 200
    assert "TK-1: Blocked since" in as_ed.get("/issues/TK-1").text


def save(client: FlaskClient, world: World) -> TestResponse:
    """Save a status in place, as htmx does, and give the part that comes back."""
    typed = TYPED | {"citations-0-source": str(world.article.id)}
    return post(client, "/issues/TK-1/status-changes/new", typed, to="/issues/TK-1/status-changes", htmx=True)


def test_a_save_of_ones_own_hands_the_page_its_new_tag(as_ed: FlaskClient, world: World) -> None:
    tag = tag_on(as_ed, "/issues/TK-1")
    part = save(as_ed, world)
    assert part.headers["Record-Tag-Before"] == tag
    assert part.headers["Record-Tag"] == tag_on(as_ed, "/issues/TK-1")
    assert ask(as_ed, part.headers["Record-Tag"]).status_code == 304


def test_what_others_wrote_before_a_save_has_still_to_be_told(as_ed: FlaskClient, world: World) -> None:
    tag = tag_on(as_ed, "/issues/TK-1")
    world.border.review(by=world.ann, on=DAY)
    world.talks.session.commit()
    part = save(as_ed, world)
    assert part.headers["Record-Tag-Before"] != tag
    assert ask(as_ed, tag).status_code == 200


def test_what_is_written_while_a_page_is_made_is_told_to_it(
    as_vera: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = freshness.made_from

    def write_meanwhile(code: str) -> freshness.Tag | None:
        found = made(code)
        block(world)
        return found

    monkeypatch.setattr(freshness, "made_from", write_meanwhile)
    tag = tag_on(as_vera)
    assert ask(as_vera, tag).status_code == 200


def test_a_part_of_a_page_is_no_page(as_vera: FlaskClient) -> None:
    part = as_vera.get("/negotiations/TK/compare", headers=HTMX | htmx_on("/negotiations/TK/compare"))
    assert "data-pulse" not in part.text


def test_two_users_have_tags_of_their_own(app: Flask, as_vera: FlaskClient) -> None:
    assert tag_on(as_vera) != tag_on(signed_in(app, "ed"))
