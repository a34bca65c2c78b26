"""Feeds: what they tell, to whom, under which ids; read back by a reader of feeds."""

import re
from datetime import timedelta
from typing import Any

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.models.acts import change, claim, state, withdraw
from tests.views.conftest import Statements, written
from tests.views.reading import element
from tests.world import DAY, QUOTE, World, make_source
from tracker import create_app
from tracker.db import db, now
from tracker.models import Cite, Correction, UserSession
from tracker.models.vocabulary import Handling, Movement, Status, Visibility
from tracker.queries.feed import LATEST

TALKS, WATER, RED = "/negotiations/TK/changes.atom", "/issues/TK-1.atom", "/negotiations/TK/parties/red.atom"
EVERY = (TALKS, WATER, RED)
ATOM = {"a": "http://www.w3.org/2005/Atom"}
HOSTILE = "=<script>alert(1)</script> ]]> & \x0b\x1f\ufffe \r\n<!-- " + "é" * 200


def read(client: FlaskClient, address: str = TALKS) -> Any:
    """Read a feed, which is well-formed."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status
    found = feedparser.parse(answer.data)
    assert not found.bozo, found.get("bozo_exception")
    return found


def titles(client: FlaskClient, address: str = TALKS) -> list[str]:
    return [entry.title for entry in read(client, address).entries]


def test_a_feed_has_what_the_standard_asks_for(client: FlaskClient) -> None:
    for address in EVERY:
        answer = client.get(address)
        assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        root = etree.fromstring(answer.data)
        assert root.tag == "{http://www.w3.org/2005/Atom}feed"
        for name in ("id", "title", "updated", "subtitle", "rights"):  # RFC 4287, 4.1.1
            assert len(root.findall(f"a:{name}", ATOM)) == 1
        links = {(link.get("rel") or "alternate", link.get("href")) for link in root.findall("a:link", ATOM)}
        page = address.removesuffix(".atom")
        assert links == {("self", f"http://localhost{address}"), ("alternate", f"http://localhost{page}")}
        entries = root.findall("a:entry", ATOM)
        assert entries
        for entry in entries:
            for name in ("id", "title", "updated", "published", "author", "content"):  # RFC 4287, 4.1.2
                assert len(entry.findall(f"a:{name}", ATOM)) == 1, name
            assert entry.find("a:author/a:name", ATOM).text == "Ed"
            assert entry.find("a:content", ATOM).get("type") == "html"
        ids = [entry.findtext("a:id", None, ATOM) for entry in entries] + [root.findtext("a:id", None, ATOM)]
        assert len({*ids}) == len(ids)
        assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", id_ or "") for id_ in ids)
        moments = [element.text for element in root.iter("{*}updated")]
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", moment) for moment in moments)
        assert moments[0] == max(moments)


def test_entries_say_what_became_known_and_lead_to_their_place(client: FlaskClient, world: World) -> None:
    with written(world):
        change(world, Status.CLARIFICATION, issue=world.water, reason="Both ask again.")
        on = DAY + timedelta(days=1)
        line = {"summary": "Red pays a third.", "movement": Movement.SOFTENED, "issue": world.water}
        state(world, world.red, on, **line)
        agreed = {"agreed_between": ["blue", "red"], "subject_to": "the accounts", "issue": world.water}
        change(world, Status.AGREED_IN_PRINCIPLE, on, **agreed)
        claim(world, world.blue, share=90, words="All but done.")
    found = read(client).entries
    assert [entry.title for entry in found[:4]] == [
        "TK Talks on the lake: Blue claims: 90 % agreed, All but done.",
        "TK-1 Water: Needs clarification → Agreed in principle, between Red, Blue",
        "TK-1 Water: Red: Supports, softened",
        "TK-1 Water: Open → Needs clarification",
    ]
    moved = found[2].content[0].value
    assert "Red pays a third." in moved
    assert "Line before (2 Dec 2025, Red: Opposes): Red does not pay for the dam." in moved
    assert "3 Dec 2025" in moved
    assert "Talks on the lake go on</a>, The Lake, 2 Dec 2025" in moved
    assert "Subject to the accounts" in found[1].content[0].value
    assert QUOTE.split(" -")[0][1:] in found[-1].content[0].value.replace("&#39;", "'")
    for entry in found:
        path, _, anchor = entry.link.removeprefix("http://localhost").partition("#")
        assert f'id="{anchor}"' in client.get(path).text


def test_corrections_and_withdrawals_are_entries_of_their_own(client: FlaskClient, world: World) -> None:
    with written(world):
        old = change(world, Status.BLOCKED, citing=[world.cite(), Cite(world.report)])
    with written(world):
        new = change(world, Status.OPEN, corrects=Correction(old, "It was misread."), reason="Read again.")
    with written(world):
        withdraw(world, new, reason="Nobody said so.")
    latest, correction, first = read(client).entries[:3]
    assert latest.title == "Retracted: TK-2 Border: Open"
    assert "Nobody said so." in latest.content[0].value
    assert correction.title == "Corrected: TK-2 Border: Open"
    assert "It was misread." in correction.content[0].value
    assert "Before the correction: Blocked" in correction.content[0].value
    assert first.title == "TK-2 Border: Blocked"
    assert [entry.category for entry in (latest, correction, first)] == [
        "retracted",
        "corrected",
        "status_change",
    ]
    assert len({entry.id for entry in (latest, correction, first)}) == 3
    for entry in (latest, correction, first):
        path, _, anchor = entry.link.removeprefix("http://localhost").partition("#")
        assert f'id="{anchor}"' in client.get(path).text


def test_a_claim_on_the_whole_talks_is_found_however_many_came_after(
    client: FlaskClient, world: World
) -> None:
    with written(world):
        first = claim(world, world.red)
        for nth in range(1, 60):
            claim(world, world.red, DAY + timedelta(days=nth))
    with written(world):
        withdraw(world, first)
    address = read(client, RED).entries[0].link
    assert address == f"http://localhost/negotiations/TK/claims?as_of={DAY}#e-{first.uid}"
    assert f'id="e-{first.uid}"' in client.get(address.partition("#")[0]).text


def test_each_feed_tells_of_its_own(client: FlaskClient, world: World) -> None:
    with written(world):
        state(world, world.red)
        state(world, world.blue)
        claim(world, world.red)
    assert {title.split(" ")[0] for title in titles(client)} == {"TK-1", "TK-2", "TK"}
    assert {title.split(" ")[0] for title in titles(client, WATER)} == {"TK-1"}
    assert len(titles(client, RED)) == 3
    assert all("Red" in title for title in titles(client, RED))


def test_ids_and_all_else_stay_after_a_restart_under_another_name_and_key(
    app: Flask, client: FlaskClient, world: World
) -> None:
    with written(world):
        withdraw(world, change(world, Status.BLOCKED))
    settings = {"INSTANCE": app.config["INSTANCE"], "SECRET_KEY": "another key for tests, " * 2}
    other = create_app(settings | {"PUBLIC_URL": "https://desk.example.org"})
    for address in EVERY:
        before = client.get(address).text
        after = other.test_client().get(address, base_url="https://desk.example.org").text
        assert after == before.replace("http://localhost", "https://desk.example.org")
        assert after != before
    with other.app_context():
        db.engine.dispose()


def test_hostile_words_are_inert(client: FlaskClient, world: World) -> None:
    with written(world):
        world.border.title = HOSTILE[:300]
        world.talks.title = HOSTILE[:300]
        world.red.name = HOSTILE[:300]
        state(world, world.red, summary=HOSTILE, stated_by="<b>\x01")
        claim(world, world.red, words=HOSTILE)
    for address in EVERY:
        answer = client.get(address)
        assert b"<script" not in answer.data
        assert not re.search(rb"[\x00-\x08\x0b-\x1f]", answer.data)
        found = read(client, address)
        assert all("\n" not in entry.title for entry in found.entries)
    content = etree.fromstring(client.get(TALKS).data).findtext(".//a:content", "", ATOM)
    assert "&lt;script&gt;" in content
    assert "<script" not in content


def test_strangers_get_what_the_pages_show_them(
    client: FlaskClient, as_vera: FlaskClient, world: World, session: Session
) -> None:
    with written(world):
        memo = make_source(session, world.talks, "A secret memo")
        memo.handling = Handling.AMBER
        change(world, Status.BLOCKED, citing=[world.cite(), Cite(memo, quote="Whisper.")])
        world.border.note("Between us.", by=world.ed)
        world.talks.publish()
    with written(world):
        change(world, Status.PARKED, DAY + timedelta(days=1))
    assert titles(client)[0] == "TK-2 Border: Blocked"
    assert titles(as_vera)[0] == "TK-2 Border: Blocked → Parked by consent"
    for address in (TALKS, "/issues/TK-2.atom"):
        told = client.get(address).text
        assert "source withheld" in told
        assert not re.search("secret|Whisper|Between us|Parked", told)
    assert "A secret memo" in as_vera.get(TALKS).text
    with written(world):
        world.talks.visibility = Visibility.INTERNAL
    assert [client.get(address).status_code for address in EVERY] == [404] * 3
    assert [as_vera.get(address).status_code for address in EVERY] == [200] * 3


def test_an_address_of_an_import_is_no_author_for_strangers(
    client: FlaskClient, as_vera: FlaskClient, world: World
) -> None:
    with written(world):
        change(world, Status.BLOCKED, by="zoe@example.org")
    assert read(client).entries[0].author == "the desk"
    assert read(as_vera).entries[0].author == "zoe@example.org"


def test_what_was_read_already_is_answered_by_304(
    client: FlaskClient, as_vera: FlaskClient, world: World
) -> None:
    for reader in (client, as_vera):
        for address in EVERY:
            tag = {"If-None-Match": reader.get(address).headers["ETag"]}
            answer = reader.get(address, headers=tag)
            assert (answer.status_code, answer.data) == (304, b"")
            assert answer.headers["ETag"] == tag["If-None-Match"]
    tag = {"If-None-Match": client.get(TALKS).headers["ETag"]}
    with written(world):
        change(world, Status.BLOCKED)
    assert client.get(TALKS, headers=tag).status_code == 200
    assert client.get(TALKS).headers["Cache-Control"] == "private, no-cache"
    assert as_vera.get(TALKS).headers["Cache-Control"] == "private, no-store"


def test_a_long_feed_is_compressed(client: FlaskClient) -> None:
    answer = client.get(TALKS, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("address", EVERY)
def test_fifty_entries_take_as_many_statements_as_one(
    client: FlaskClient, world: World, statements: Statements, address: str
) -> None:
    client.get(address)
    with statements() as few:
        client.get(address)
    with written(world):
        for nth in range(LATEST + 10):
            state(world, world.red, issue=world.water, summary=f"Line {nth}.")
    with statements() as many:
        assert len(titles(client, address)) == LATEST
    assert len(many) == len(few) <= 11


def test_a_feed_with_a_point_of_view_stays_where_it_was(client: FlaskClient, world: World) -> None:
    moment = now().isoformat().replace("+00:00", "Z")
    before = read(client, f"{TALKS}?known_at={moment}")
    with written(world):
        change(world, Status.BLOCKED)
    after = read(client, f"{TALKS}?known_at={moment}")
    assert [entry.id for entry in after.entries] == [entry.id for entry in before.entries]
    assert "known_at=" in after.entries[0].link
    assert client.get(f"{TALKS}?known_at=yesterday").status_code == 400


def test_a_record_with_nothing_in_it_has_a_feed(client: FlaskClient) -> None:
    found = read(client, "/issues/TK-2.atom")
    assert (found.entries, found.feed.title) == ([], "TK-2 Border")
    assert found.feed.updated_parsed


def test_pages_name_their_feeds_in_their_heads_and_menus(client: FlaskClient) -> None:
    link = re.compile(r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="([^"]+)"')
    for page, feeds in (
        ("/negotiations/TK", [TALKS]),
        ("/negotiations/TK/changes?since=2025-12-01", [TALKS]),
        ("/issues/TK-1", [WATER, TALKS]),
        ("/negotiations/TK/parties/red", [RED, TALKS]),
    ):
        shown = client.get(page).text
        assert link.findall(shown.partition("</head>")[0]) == feeds
        assert f'href="{feeds[0]}"' in element(shown, "along")
    assert link.findall(client.get("/").text) == []


def test_following_keeps_no_session_alive(as_vera: FlaskClient, session: Session) -> None:
    long_ago = now() - timedelta(hours=2)
    session.execute(update(UserSession).values(seen_at=long_ago))
    session.commit()
    as_vera.get(TALKS)
    seen = select(UserSession.id).where(UserSession.seen_at > long_ago)
    assert session.scalars(seen).all() == []
    session.rollback()
    as_vera.get(TALKS.removesuffix(".atom"))
    assert len(session.scalars(seen).all()) == 1
