"""Links between the pages of a negotiation: where they lead, and that the point of view goes with them."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

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
