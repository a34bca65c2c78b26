"""Links between the pages of a negotiation: where they lead, and that the point of view goes with them."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.views.test_distances import code as state
from tests.world import DAY, World
from tracker.db import writing
from tracker.models import Event

PAST = "as_of=2025-12-24&known_at=2025-12-25T00:00:00Z"


def links(client: FlaskClient, address: str) -> dict[str, str]:
    """Give the links of a page's body by their words."""
    answer = client.get(address)
    assert answer.status_code == 200
    body = answer.text.partition("<main")[2]
    found = re.findall(r'<a\b[^>]*href="([^"]*)"[^>]*>(.*?)</a>', body, re.DOTALL)
    return {re.sub(r"<[^>]+>", "", text).strip(): unescape(to) for to, text in found}


@pytest.mark.parametrize("word", ["Events", "Proposals", "Claims", "Distance"])
def test_the_state_of_play_leads_on_into_the_same_past(client: FlaskClient, word: str) -> None:
    to = links(client, f"/negotiations/TK?{PAST}")[word]
    assert "as_of=2025-12-24" in to
    assert "known_at=2025-12-25" in to
    assert client.get(to).status_code == 200


def test_an_issue_leads_on_to_its_timeline_and_to_what_changed(client: FlaskClient) -> None:
    found = links(client, "/issues/TK-3?as_of=2025-12-24")
    assert found["Timeline"] == "/negotiations/TK/timeline?issue=TK-3&as_of=2025-12-24"
    assert found["Changes"] == "/negotiations/TK/changes?as_of=2025-12-24"


def test_a_party_leads_on_to_its_timeline_and_to_its_changes(client: FlaskClient) -> None:
    found = links(client, "/negotiations/TK/parties/red?as_of=2025-12-24")
    for word in ("Timeline", "Changes"):
        assert found[word] == f"/negotiations/TK/{word.lower()}?party=red&as_of=2025-12-24"
        assert client.get(found[word]).status_code == 200


def test_distance_leads_on_to_the_comparison_and_to_the_parties(client: FlaskClient, world: World) -> None:
    state(world, world.red, 100.0)
    found = links(client, "/negotiations/TK/distance?as_of=2025-12-24&since=2025-12-10")
    compared = found["Compare, the widest distance first"]
    assert "sort=distance&baseline=2025-12-10&as_of=2025-12-24" in compared
    assert client.get(compared).status_code == 200
    assert found["Red"] == "/negotiations/TK/parties/red?as_of=2025-12-24"


def test_distance_names_the_negotiation(client: FlaskClient, world: World) -> None:
    main = client.get("/negotiations/TK/distance").text.partition("<main")[2]
    assert f'<span class="key">TK</span> {world.talks.title}' in main.partition("<h1")[0]


def test_an_event_of_the_timeline_leads_to_its_page(client: FlaskClient, world: World) -> None:
    with writing():
        event = Event(negotiation=world.talks, title="Talks on the lake", starts_on=DAY)
        event.add(world.talks.session, by=world.ed)
        world.talks.session.commit()
    to = links(client, "/negotiations/TK/timeline?as_of=2025-12-24")["Talks on the lake"]
    assert to == f"/negotiations/TK/events/{event.id}?as_of=2025-12-24"
    assert "Talks on the lake</h1>" in client.get(to).text
