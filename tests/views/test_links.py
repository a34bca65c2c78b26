"""Links: how the page and the list of sources tell that an address is dead, and the hash of the text."""

import hashlib

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.reading import words
from tests.world import TEXT, World
from tracker.db import now
from tracker.models import LinkCheck, Source
from tracker.text import clean

COPY = "https://archive.example/web/2025/lake"


def note(session: Session, source: Source, *, failures: int, status: int | None = 404) -> None:
    """Note a look at the address of a source."""
    check = LinkCheck(source_id=source.id, url=source.url, checked_at=now(), status=status)
    check.failures, check.reason = failures, "The site has no such page." if failures else ""
    session.add(check)
    session.commit()


def test_an_address_that_nobody_looked_at_is_not_judged(client: FlaskClient) -> None:
    assert "Dead link" not in client.get("/sources/1").text
    assert "Reachable" not in client.get("/sources/1").text


def test_what_a_site_said_is_shown_as_words(client: FlaskClient, session: Session, world: World) -> None:
    note(session, world.article, failures=1)
    check = session.scalars(select(LinkCheck)).one()
    check.reason = "There is no host <b>x</b>."
    session.commit()
    assert "There is no host &lt;b&gt;x&lt;/b&gt;." in client.get("/sources/1").text


@pytest.mark.parametrize(
    ("failures", "status", "told"),
    [
        (0, 200, "Reachable, looked at on"),
        (1, 404, "Not reached lately: failed on 1 day, last on"),
        (3, 404, "Dead link: failed on 3 days in a row, last on"),
    ],
)
def test_the_page_says_how_the_address_answered(
    client: FlaskClient, session: Session, world: World, failures: int, status: int, told: str
) -> None:
    note(session, world.article, failures=failures, status=status)
    page = words(client.get("/sources/1").text)
    assert told in page
    assert ("The site has no such page. (404)" in page) == (failures > 0)


def test_a_dead_link_points_to_the_copy(client: FlaskClient, session: Session, world: World) -> None:
    world.article.archived_url = COPY
    note(session, world.article, failures=3)
    page = client.get("/sources/1").text
    assert f'<a href="{COPY}" rel="noopener noreferrer">Read the archived copy</a>' in page
    assert f'<a href="{COPY}"' in client.get("/sources").text


def test_of_an_address_that_was_changed_nothing_is_told(
    client: FlaskClient, session: Session, world: World
) -> None:
    note(session, world.article, failures=3)
    world.article.url = "https://example.org/elsewhere"
    session.commit()
    assert "Dead link:" not in words(client.get("/sources/1").text)
    assert "No source fits" in words(client.get("/sources?link=dead").text)


def test_the_list_can_be_narrowed_to_dead_links(client: FlaskClient, session: Session, world: World) -> None:
    note(session, world.article, failures=3)
    page = client.get("/sources?link=dead").text
    assert "1 source" in words(page)
    assert "Talks on the lake go on" in words(page)
    assert "A report without its text" not in words(page)
    assert 'value="dead" checked' in page
    everything = words(client.get("/sources").text)
    assert "The Lake Dead link" in everything
    assert "A report without its text" in everything
    assert client.get("/sources?link=alive").status_code == 400
    assert client.get("/sources?link=x").status_code == 400


def test_who_may_read_the_text_sees_its_hash(client: FlaskClient, as_ed: FlaskClient) -> None:
    expected = hashlib.sha256(clean(TEXT).strip("\n").encode()).hexdigest()
    page = as_ed.get("/sources/1").text
    assert expected in page
    assert "SHA-256 of the stored text" in page
    assert expected not in client.get("/sources/1").text
    assert "SHA-256" not in as_ed.get("/sources/2").text
