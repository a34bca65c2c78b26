"""The columns of a comparison: tabled texts, blocs folded in, and the controls that move and take away."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.queries.comparing import propose
from tests.views.reading import element, words
from tests.views.tables import Table, sources
from tests.world import DAY, World, make_source
from tracker.db import writing
from tracker.models import Dating, Membership, Proposal
from tracker.models.vocabulary import Handling, Stance

COMPARE = "/negotiations/TK/compare"


@pytest.fixture
def plan(world: World) -> Proposal:
    """Table a plan, resting on the article."""
    with writing():
        found = propose(world, source=world.article)
        world.talks.session.commit()
    return found


def heads(html: str) -> list[str]:
    return [re.split(r"[ ←→×]", head)[0] for head in Table(html).heads[1:]]


def control(html: str, id_: str) -> list[tuple[str, str]] | None:
    """Give the arguments of a control's address; None where there is no such control."""
    found = re.search(rf'<a\b[^>]*\bid="{id_}" href="([^"]*)"', html)
    return parse_qsl(urlsplit(unescape(found[1])).query) if found else None


def test_texts_and_parties_stand_in_the_order_of_the_address(client: FlaskClient, plan: Proposal) -> None:
    html = client.get(f"{COMPARE}?party=blue&proposal={plan.id}&party=red").text
    assert heads(html) == ["Blue", "Plan", "Red"]
    assert "tabled 2 Dec 2025 by Red" in Table(html).heads[2]
    start = html.index("<form class=", html.index("<main"))
    form = html[start : html.index("</form>", start)]
    ticked = re.findall(r'name="(\w+)" value="([^"]*)" checked', form)
    assert ticked == [("party", "blue"), ("proposal", str(plan.id)), ("party", "red")]
    assert heads(client.get(f"{COMPARE}?proposal={plan.id}").text) == ["Plan"]


def test_a_text_s_cell_has_its_clauses_and_leads_to_its_source(client: FlaskClient, plan: Proposal) -> None:
    html = client.get(f"{COMPARE}?party=red&proposal={plan.id}").text
    table = Table(html)
    assert table.rows[0][2].startswith("1 Red pays. 2 In gold. point 1 point 2")
    assert sources(table.links[0][2]) == [f"/sources/{plan.source_id}"]
    assert [row[2] for row in table.rows[1:]] == ["No clause recorded"] * 2
    assert "1 of 3 cells stated" in words(html)


def test_a_withheld_source_of_a_text_is_said_to_be(
    client: FlaskClient, as_vera: FlaskClient, world: World
) -> None:
    with writing():
        cable = make_source(world.talks.session, world.talks, "A cable")
        cable.handling = Handling.AMBER
        plan = propose(world, source=cable)
        world.talks.session.commit()
    address = f"{COMPARE}?proposal={plan.id}"
    cell = element(client.get(address).text, f"TK-1-{plan.id}")
    assert words(cell).endswith("source withheld")
    assert "A cable" not in client.get(address).text
    assert "A cable" in element(as_vera.get(address).text, f"TK-1-{plan.id}")


def test_strangers_are_offered_no_text_tabled_after_publication(
    client: FlaskClient, as_vera: FlaskClient, world: World
) -> None:
    with writing():
        world.talks.publish()
        world.talks.session.commit()
    with writing():
        plan = propose(world, "Secret plan")
        world.talks.session.commit()
    assert "Secret plan" not in client.get(COMPARE).text
    assert client.get(f"{COMPARE}?proposal={plan.id}").status_code == 400
    assert as_vera.get(f"{COMPARE}?proposal={plan.id}").status_code == 200


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("proposal=99", "proposal: No proposal “99”"),
        ("proposal=plan", "proposal: No proposal “plan”"),
        ("proposal=1&as_of=2025-12-01", "proposal: No proposal “1”"),
        ("fold=nobody", "fold: There is no bloc “nobody”"),
        ("fold=red", "fold: There is no bloc “red”"),
        ("fold=union&as_of=2025-12-01", "fold: There is no bloc “union”"),
        ("baseline=soon", "baseline: This is not a day"),
        ("baseline=2025-12-03&as_of=2025-12-02", "baseline: This day lies after"),
        ("baseline=2999-01-01", "baseline: This day lies in the future"),
        ("differences=yes", "differences: “yes” is not one of the choices"),
        ("swap=2", "swap: “2” is not one of the choices"),
        ("sort=title", "sort: “title” is not one of the choices"),
    ],
)
@pytest.mark.usefixtures("plan")
def test_what_cannot_be_read_is_refused(client: FlaskClient, world: World, query: str, reason: str) -> None:
    with writing():
        [membership] = world.talks.session.query(Membership)
        membership.from_on = DAY
        world.talks.session.commit()
    answer = client.get(f"{COMPARE}?{query}")
    assert answer.status_code == 400
    assert reason in words(answer.text)


def test_empty_arguments_ask_for_nothing(client: FlaskClient) -> None:
    empty = "party=&proposal=&fold=&baseline=&differences=&swap=&sort="
    assert Table(client.get(f"{COMPARE}?{empty}").text).rows == Table(client.get(COMPARE).text).rows


def test_columns_of_both_kinds_move_by_links(client: FlaskClient, plan: Proposal) -> None:
    text = ("proposal", str(plan.id))
    html = client.get(f"{COMPARE}?party=red&proposal={plan.id}&party=blue&baseline=2025-12-01&page=1").text
    day = ("baseline", "2025-12-01")
    assert control(html, "right-red") == [day, text, ("party", "red"), ("party", "blue")]
    assert control(html, f"right-{plan.id}") == [day, ("party", "red"), ("party", "blue"), text]
    assert control(html, "left-red") is None
    assert control(html, "right-blue") is None
    assert control(html, f"remove-{plan.id}") == [day, ("party", "red"), ("party", "blue")]
    assert control(client.get(f"{COMPARE}?party=red").text, "remove-red") is None


def test_the_focus_goes_where_a_control_still_is(client: FlaskClient) -> None:
    html = client.get(f"{COMPARE}?party=red&party=blue&party=med").text
    beside = dict(
        re.findall(r'id="((?:left|right|remove)-\w+)" href="[^"]*" data-return-focus="#([\w-]+)"', html)
    )
    assert beside["left-blue"] == "right-blue"
    assert beside["right-blue"] == "left-blue"
    assert (beside["remove-red"], beside["remove-med"]) == ("remove-blue", "remove-blue")
    html = client.get(f"{COMPARE}?party=red&party=blue").text
    assert 'id="remove-red" href="/negotiations/TK/compare?party=blue" data-return-focus="#compared"' in html


def test_a_folded_bloc_tells_of_its_members(client: FlaskClient, world: World) -> None:
    html = client.get(f"{COMPARE}?fold=union").text
    assert heads(html) == ["Red", "Blue", "Mediator", "Union"]
    assert "No member has a line of its own." in words(element(html, "TK-1-union"))
    with writing():
        given: dict[str, Any] = {"stance": Stance.OPPOSES, "citing": [world.cite()], "by": world.ed}
        world.water.state_position(world.coast, summary="Not a cent.", dating=Dating(DAY), **given)
        world.talks.session.commit()
    cell = element(client.get(f"{COMPARE}?fold=union").text, "TK-1-union")
    assert "1 of 1 members have a line of their own; 1 of 1 members differ." in words(cell)
    assert "Coast: Opposes differs Not a cent. 2 Dec 2025 The Lake" in words(cell)
    assert f"/sources/{world.article.id}" in cell


def test_blocs_are_folded_in_and_out_by_links(client: FlaskClient) -> None:
    whole = client.get(COMPARE).text
    assert control(whole, "fold-union") == [("fold", "union")]
    assert control(client.get(f"{COMPARE}?fold=union").text, "fold-union") == []
    alone = client.get(f"{COMPARE}?party=union&party=red&fold=union").text
    parties = [("party", "union"), ("party", "coast"), ("party", "red")]
    assert control(alone, "fold-union") == parties
    chosen = client.get(f"{COMPARE}?party=coast&party=red&party=union&fold=union").text
    assert heads(chosen) == ["Red", "Union"]
    back = [("party", "red"), ("party", "union"), ("party", "coast")]
    assert control(chosen, "fold-union") == back
    assert control(chosen, "left-union") == [
        ("party", "union"),
        ("party", "red"),
        ("party", "coast"),
        ("fold", "union"),
    ]
    assert control(chosen, "remove-union") == [("party", "red")]


def test_swapped_parties_are_rows_and_issues_stand_across(client: FlaskClient, plan: Proposal) -> None:
    query = f"party=red&party=union&proposal={plan.id}&swap=1"
    html = client.get(f"{COMPARE}?{query}").text
    table = Table(html)
    assert [head.split()[0] for head in table.heads] == ["Party", "TK-1", "TK-2", "TK-3"]
    assert [row[0].split()[0] for row in table.rows] == ["Red", "Union", "Plan"]
    straight = Table(client.get(f"{COMPARE}?{query.removesuffix('&swap=1')}").text)
    assert [row[1:] for row in table.rows] == [[row[index] for row in straight.rows] for index in range(1, 4)]
    assert "rowgroup" not in html
    assert 'data-party="TK-1 Water"' in html
