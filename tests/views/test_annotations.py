"""Citations for other programs: who gets which, and under which type."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.models.acts import change
from tests.views.conftest import Statements
from tests.views.reading import element
from tests.world import DAY, QUOTE, TEXT, World, make_source
from tracker.db import db, now
from tracker.models import Cite, Event, SourceMerge
from tracker.models.vocabulary import Handling, Status, Visibility

TALKS = "/negotiations/TK/annotations"


def items(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    answer = client.get(address)
    assert answer.status_code == 200
    read = json.loads(answer.text)
    found: list[dict[str, Any]] = read["first"]["items"] if read["total"] else []
    assert len(found) == read["total"]
    return found


def test_the_answer_has_the_type_of_the_standard(client: FlaskClient, as_vera: FlaskClient) -> None:
    for reader, kept in ((client, "private, no-cache"), (as_vera, "private, no-store")):
        answer = reader.get("/sources/1/annotations")
        expected = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
        assert answer.headers["Content-Type"] == expected
        assert answer.headers["Cache-Control"] == kept
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert json.loads(answer.text)["id"] == "http://localhost/sources/1/annotations"


def test_the_source_leads_to_its_annotations(client: FlaskClient, world: World) -> None:
    page = client.get(f"/sources/{world.article.id}").text
    address = f"/sources/{world.article.id}/annotations"
    assert f'<link rel="alternate" type="application/ld+json" href="{address}"' in page
    assert f'href="{address}"' in element(page, "rests")
    assert f'href="{TALKS}"' in client.get("/sources?negotiation=TK").text


def test_each_annotation_leads_to_the_entry_it_is_about(as_vera: FlaskClient, world: World) -> None:
    for item in items(as_vera, TALKS):
        address, _, anchor = item["body"]["id"].removeprefix("http://localhost").partition("#")
        assert f'id="{anchor}"' in as_vera.get(address).text
        assert item["body"]["label"].startswith("TK-1 Water: ")
    first = items(as_vera, f"/sources/{world.article.id}/annotations")[0]
    assert first["body"]["label"] == "TK-1 Water: Status, 2025-12-02"
    assert first["creator"] == {"type": "Person", "name": "Ed"}


def test_the_annotation_of_an_event_leads_to_its_page(
    client: FlaskClient, as_vera: FlaskClient, world: World, session: Session
) -> None:
    held = Event(negotiation=world.talks, title="Round three", starts_on=DAY)
    held.add(session, by=world.ed, citing=[world.cite(QUOTE)])
    session.commit()
    for reader in (client, as_vera):
        for asked in (TALKS, f"/sources/{world.article.id}/annotations"):
            body = items(reader, asked)[-1]["body"]
            assert body["id"] == f"http://localhost/negotiations/TK/events/{held.id}"
            assert body["label"] == "TK Round three: Event, 2025-12-02"
        assert reader.get(body["id"].removeprefix("http://localhost")).status_code == 200


def test_nobody_gets_what_they_may_not_see(
    client: FlaskClient, as_vera: FlaskClient, world: World, session: Session
) -> None:
    secret = make_source(session, world.talks, "A secret", TEXT)
    secret.handling = Handling.AMBER
    session.commit()
    change(world, Status.OPEN, citing=[Cite(world.report), Cite(secret, quote=QUOTE)])
    session.commit()
    assert client.get(f"/sources/{secret.id}/annotations").status_code == 404
    assert len(items(as_vera, f"/sources/{secret.id}/annotations")) == 1
    assert "secret" not in client.get(TALKS).text
    assert len(items(client, TALKS)) == len(items(as_vera, TALKS)) - 1
    world.talks.published_at = world.talks.recorded_at - timedelta(days=1)
    session.commit()
    assert items(client, TALKS) == []
    assert client.get(f"/sources/{world.article.id}/annotations").status_code == 404
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    for reader in (client, as_vera):
        assert reader.get(TALKS).status_code == 404
        assert reader.get(f"/sources/{world.article.id}/annotations").status_code == 404


def test_an_imported_address_is_not_told_to_strangers(
    client: FlaskClient, as_vera: FlaskClient, world: World, session: Session
) -> None:
    change(world, Status.OPEN, by="someone@example.org")
    session.commit()
    assert "someone@example.org" in as_vera.get(TALKS).text
    assert 'example.org"}' not in client.get(TALKS).text
    assert "someone@" not in client.get(TALKS).text


@pytest.mark.parametrize("asked", ["as_of=x", "known_at=x", "known_at=2100-01-01T00:00:00Z"])
@pytest.mark.parametrize("address", ["/sources/1/annotations", TALKS])
def test_what_cannot_be_read_is_told(client: FlaskClient, address: str, asked: str) -> None:
    assert client.get(f"{address}?{asked}").status_code == 400


def test_the_past_is_told_as_it_was_known(as_vera: FlaskClient, world: World, session: Session) -> None:
    before = now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    change(world, Status.OPEN, citing=[world.cite(QUOTE)])
    session.commit()
    for address, count in ((TALKS, 5), (f"/sources/{world.article.id}/annotations", 3)):
        assert len(items(as_vera, address)) == count
        assert len(items(as_vera, f"{address}?known_at={before}")) == count - 1
        assert items(as_vera, f"{address}?as_of=2025-12-01") == []


def test_what_is_quoted_from_a_copy_points_at_the_copy(
    as_vera: FlaskClient, world: World, session: Session
) -> None:
    copy = make_source(session, world.talks, "Copy", TEXT)
    copy.url = "https://example.org/copy"
    session.commit()
    change(world, Status.OPEN, citing=[Cite(copy, quote=QUOTE)])
    session.commit()
    SourceMerge(source=copy, into=world.article, reason="The same.").add(session, by=world.ed)
    session.commit()
    found = items(as_vera, f"/sources/{world.article.id}/annotations")
    assert [item["target"]["source"] for item in found] == ["https://example.org/lake"] * 2 + [copy.url]


def test_an_answer_leaves_no_connection_behind(app: Flask, client: FlaskClient) -> None:
    assert client.get(TALKS).text
    with client.get(TALKS, buffered=False):
        pass  # a reader who goes away
    with app.app_context():
        assert "checked out connections: 0" in db.engine.pool.status().lower()


def test_many_citations_take_no_more_statements(
    as_vera: FlaskClient, world: World, session: Session, statements: Statements
) -> None:
    def asked(address: str) -> int:
        as_vera.get(address)
        with statements() as found:
            as_vera.get(address)
        return len(found)

    addresses = (TALKS, f"/sources/{world.article.id}/annotations")
    before = [asked(address) for address in addresses]
    for status in (Status.OPEN, Status.PARKED, Status.BLOCKED):
        change(world, status, citing=[world.cite(QUOTE), Cite(world.report)])
    session.commit()
    assert [asked(address) for address in addresses] == before
