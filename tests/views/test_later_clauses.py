"""A clause that was added after publication is on no page that a stranger reads."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.queries.comparing import propose
from tests.views.reading import element, words
from tests.world import DAY, World
from tracker.db import writing
from tracker.models.proposal import Tabled

LATER = "Red pays in gold."
LIST = "/negotiations/TK/proposals"
#: Pages on which clauses are printed; the other text is tabled first.
PAGES = [
    LIST,
    f"{LIST}/2",
    f"{LIST}/2?against=1",
    f"{LIST}/1?against=2",
    "/negotiations/TK/compare?proposal=2",
    "/negotiations/TK/compare?proposal=2&swap=1",
    "/negotiations/TK/compare?proposal=2&baseline=2025-12-01&differences=1",
    "/issues/TK-1",
    "/issues/TK-2",
]


@pytest.fixture(autouse=True)
def published(world: World, session: Session) -> None:
    """Publish the record with two texts, and add a clause on the water and the border to the second."""
    with writing():
        propose(world, "The old plan", clauses=[("1", "Red pays in silver.", [world.water])])
        plan = propose(
            world,
            "The plan",
            DAY.replace(day=3),
            source=world.article,
            clauses=[("1", "Red pays.", [world.water])],
        )
        session.commit()
        world.talks.publish()
        session.commit()
        plan.add_clauses([Tabled("2", LATER, "para 4", [world.water, world.border])])
        session.commit()


@pytest.mark.parametrize("address", PAGES)
def test_strangers_do_not_read_it(client: FlaskClient, as_vera: FlaskClient, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 200
    assert "gold" not in page.text
    assert "para 4" not in page.text
    assert "gold" in as_vera.get(address).text  # against the old plan its words are marked


@pytest.mark.parametrize("address", PAGES)
def test_it_is_not_read_as_known_before(as_vera: FlaskClient, world: World, address: str) -> None:
    assert world.talks.published_at
    moment = world.talks.published_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    page = as_vera.get(f"{address}{'&' if '?' in address else '?'}known_at={moment}")
    assert page.status_code == 200
    assert "gold" not in page.text


def test_it_is_not_counted_or_named_for_strangers(
    client: FlaskClient, as_vera: FlaskClient, world: World
) -> None:
    source = f"/sources/{world.article.id}"
    assert "1 clause" in words(client.get(source).text)
    assert "1 clauses" not in words(client.get(source).text)
    assert "2 clauses" in words(as_vera.get(source).text)
    timeline = "/negotiations/TK/timeline?kind=proposal"
    assert "TK-2" not in words(element(client.get(timeline).text, "proposal-2"))
    assert "TK-2" in words(element(as_vera.get(timeline).text, "proposal-2"))
    narrowed = f"{timeline}&issue=TK-2"
    assert "The plan" not in words(element(client.get(narrowed).text, "main"))
    assert "The plan" in words(element(as_vera.get(narrowed).text, "main"))


def test_it_is_read_once_it_is_published(client: FlaskClient, world: World, session: Session) -> None:
    with writing():
        world.talks.publish()
        session.commit()
    for address in (LIST, f"{LIST}/2", "/issues/TK-2"):
        assert LATER in words(client.get(address).text)
