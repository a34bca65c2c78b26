"""The page that sets positions side by side: what scripts count on, and what each reader sees."""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX
from tests.views.reading import element, words
from tests.views.reading_sheets import csv_rows, fetch
from tests.views.tables import Table, sources
from tests.world import DAY, World, make_source
from tracker.db import now, writing
from tracker.models import Cite, Dating, Negotiation, Party, act_as
from tracker.models.vocabulary import Handling, Stance, Standing, Status, Visibility

COMPARE = "/negotiations/TK/compare"


def compared(client: FlaskClient, query: str = "") -> Table:
    """Fetch the page and read its table."""
    answer = client.get(f"{COMPARE}?{query}")
    assert answer.status_code == 200
    return Table(answer.text)


def state(world: World, party: Party, summary: str, on: date = DAY, **more: object) -> None:
    """State and commit a position on the water."""
    given: dict[str, Any] = {"stance": Stance.PROPOSES, "citing": [world.cite()]} | more
    with writing():
        world.water.state_position(party, summary=summary, dating=Dating(on), by=world.ed, **given)
        world.talks.session.commit()


def test_each_issue_is_one_row_and_each_stated_cell_leads_to_its_source(
    client: FlaskClient, world: World
) -> None:
    table = compared(client)
    assert [row[0].split()[0] for row in table.rows] == ["TK-1", "TK-2", "TK-3"]
    assert [links[0][0] for links in table.links] == ["/issues/TK-1", "/issues/TK-2", "/issues/TK-3"]
    water = table.links[0]
    assert sources(water[1]) == [f"/sources/{world.article.id}"]
    assert sources(water[2]) == sources(water[4]) == [f"/sources/{world.report.id}"]
    assert sources(water[3]) == []
    assert "Opposes Firm Red does not pay for the dam." in table.rows[0][1]
    assert table.rows[0][3] == "Not stated"
    assert "Condition: the mediator keeps the accounts" in table.rows[0][2]


def test_row_head_tells_the_status(client: FlaskClient) -> None:
    table = compared(client)
    assert "Open" in table.rows[0][0]
    assert "No status yet" in table.rows[1][0]


def test_columns_stand_in_the_order_of_the_address(client: FlaskClient) -> None:
    assert [head.split()[0] for head in compared(client, "party=union&party=red").heads[1:]] == [
        "Union",
        "Red",
    ]
    assert len(compared(client).heads) == 6
    assert len(compared(client, "party=&party=red&party=red").heads) == 2


def test_column_moves_by_a_link(client: FlaskClient) -> None:
    html = client.get(f"{COMPARE}?party=red&party=blue&party=med&as_of=2025-12-02&page=1").text
    link = re.search(r'<a id="left-med" href="([^"]*)"', html)
    assert link is not None
    query = parse_qs(urlsplit(link[1].replace("&amp;", "&")).query)
    assert query == {"party": ["red", "med", "blue"], "as_of": ["2025-12-02"]}
    assert 'id="left-red"' not in html
    assert 'id="right-med"' not in html


def test_member_is_shown_through_its_bloc(client: FlaskClient, world: World) -> None:
    html = client.get(f"{COMPARE}?party=red&party=coast").text
    assert words(element(html, "TK-1-coast")) == (
        "Not stated; through Union of the Shore, 2 Dec 2025 A report without its text"
    )
    assert f"/sources/{world.report.id}" in element(html, "TK-1-coast")
    assert "1 of 6 cells stated, 1 through a bloc." in words(html)


def test_voices_and_leaks_are_counted_beside(client: FlaskClient, world: World) -> None:
    state(world, world.med, "Someone there would pay.", standing=Standing.VOICE)
    state(world, world.med, "A paper says so.", standing=Standing.LEAK)
    cell = element(client.get(COMPARE).text, "TK-1-med")
    assert words(cell) == "Not stated 1 voice, 1 leak"
    assert 'href="/issues/TK-1"' in cell


def test_the_past_is_shown_as_it_was(client: FlaskClient, world: World) -> None:
    before = now()
    later = DAY + timedelta(days=10)
    state(world, world.red, "Red would pay a third.", on=later)
    assert "a third" in compared(client).rows[0][1]
    assert "does not pay" in compared(client, "as_of=2025-12-11").rows[0][1]
    known = before.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert "does not pay" in compared(client, f"known_at={known}").rows[0][1]
    assert compared(client, "as_of=2025-12-01").rows[0][1] == "Not stated"
    html = client.get(f"{COMPARE}?as_of=2025-12-11").text
    assert 'class="past"' in html
    assert 'href="/issues/TK-1?as_of=2025-12-11"' in html


def test_editor_states_from_a_cell_and_comes_back_to_it(as_ed: FlaskClient) -> None:
    html = as_ed.get(f"{COMPARE}?party=red&party=med").text
    stated, unstated = element(html, "TK-1-red"), element(html, "TK-1-med")
    assert words(stated).endswith("Restate or move Red, TK-1")
    assert words(unstated) == "Not stated State a position Mediator, TK-1"
    link = re.search(r'class="act" href="([^"]*)"', unstated)
    assert link is not None
    address = urlsplit(link[1].replace("&amp;", "&"))
    assert address.path == "/issues/TK-1/positions/new"
    back = "/negotiations/TK/compare?party=red&party=med#TK-1-med"
    assert parse_qs(address.query) == {"party": ["med"], "next": [back]}


def test_nothing_is_stated_on_pages_about_the_past_nor_by_others(
    as_ed: FlaskClient, as_vera: FlaskClient, client: FlaskClient
) -> None:
    for html in (
        as_ed.get(f"{COMPARE}?as_of=2025-12-02").text,
        as_vera.get(COMPARE).text,
        client.get(COMPARE).text,
    ):
        assert "positions/new" not in html


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("party=nobody", "party: There is no party “nobody”"),
        ("topic=Weather", "topic: There is no topic “Weather”"),
        ("status=fine", "status: “fine”"),
        ("issue=TK-99", "issue: There is no issue TK-99."),
        ("issue=UA-1", "issue: “UA-1” is not the key"),
        ("issue=TK-0", "issue: “TK-0” is not the key"),
        ("as_of=2025-02-30", "as_of: "),
        ("as_of=2999-01-01", "as_of: "),
        ("known_at=yesterday", "known_at: "),
        ("page=0", "page: "),
        ("page=two", "page: "),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(client: FlaskClient, query: str, reason: str) -> None:
    answer = client.get(f"{COMPARE}?{query}")
    assert answer.status_code == 400
    assert reason in words(answer.text)


def test_there_is_no_page_behind_the_last(client: FlaskClient) -> None:
    assert client.get(f"{COMPARE}?page=2").status_code == 404


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("topic=Territory&topic=People", ["TK-2", "TK-3"]),
        ("status=open", ["TK-1"]),
        ("status=none&status=open", ["TK-1", "TK-2", "TK-3"]),
        ("issue=TK-3&issue=TK-1", ["TK-1", "TK-3"]),
        ("q=border", ["TK-2"]),
        ("topic=&status=&issue=&q=&as_of=&known_at=", ["TK-1", "TK-2", "TK-3"]),
    ],
)
def test_filters_of_the_address_choose_rows(client: FlaskClient, query: str, keys: list[str]) -> None:
    assert [row[0].split()[0] for row in compared(client, query).rows] == keys


def test_the_form_holds_what_the_address_says(client: FlaskClient) -> None:
    query = (
        "party=blue&party=red&as_of=2025-12-03&known_at=2025-12-04&topic=Economy&status=open&issue=TK-1&q=w"
    )
    html = client.get(f"{COMPARE}?{query}").text
    form = html.partition('<form class="filters')[2].partition("</form>")[0]
    chosen = re.findall(r'name="(\w+)" value="([^"]*)"(?: checked|>)', form)
    ticked = re.findall(r'name="(\w+)" value="([^"]*)" checked', form)
    assert ticked == [("party", "blue"), ("party", "red"), ("topic", "Economy"), ("status", "open")]
    for field in (("as_of", "2025-12-03"), ("known_at", "2025-12-04"), ("issue", "TK-1"), ("q", "w")):
        assert field in chosen
    exact = client.get(f"{COMPARE}?known_at=2025-12-04T10:00:00Z").text
    assert 'type="text" name="known_at" value="2025-12-04T10:00:00Z"' in exact


def test_where_nothing_fits_the_way_back_is_shown(client: FlaskClient) -> None:
    html = client.get(f"{COMPARE}?q=weather&party=red").text
    assert "No issue matches these filters." in html
    assert f'href="{COMPARE}?party=red"' in html
    assert "<table" not in html


def test_empty_negotiation_says_what_to_do_next(
    as_ed: FlaskClient, client: FlaskClient, session: Session
) -> None:
    with writing():
        act_as(session, "tests")
        talks = Negotiation(code="NEW", title="New talks", visibility=Visibility.PUBLIC)
        session.add(talks)
        talks.recorded_at = talks.moment
        session.commit()
    assert "Add the first party" in as_ed.get("/negotiations/NEW/compare").text
    assert "has no parties yet" in client.get("/negotiations/NEW/compare").text
    with writing():
        session.add(Party(negotiation=talks, code="red", name="Red"))
        session.commit()
    assert "Add the first issue" in as_ed.get("/negotiations/NEW/compare").text


def test_stranger_reads_that_a_source_is_withheld(
    client: FlaskClient, as_vera: FlaskClient, world: World
) -> None:
    with writing():
        cable = make_source(world.talks.session, world.talks, "A cable")
        cable.handling = Handling.AMBER
        world.talks.session.flush()
        state(world, world.med, "The mediator pays.", citing=[world.cite(), Cite(cable)])
    address = f"/sources/{cable.id}"
    cell = element(client.get(COMPARE).text, "TK-1-med")
    assert words(cell).endswith("source withheld")
    assert address not in cell
    assert address in element(as_vera.get(COMPARE).text, "TK-1-med")


def test_stranger_sees_nothing_later_than_what_was_published(
    client: FlaskClient, as_vera: FlaskClient, world: World
) -> None:
    with writing():
        world.talks.publish()
        world.talks.session.commit()
    state(world, world.med, "The mediator pays.")
    assert compared(client).rows[0][3] == "Not stated"
    assert "The mediator pays." in compared(as_vera).rows[0][3]


def test_restricted_negotiation_is_not_there_for_others(
    client: FlaskClient, as_vera: FlaskClient, world: World
) -> None:
    with writing():
        world.talks.visibility = Visibility.RESTRICTED
        world.talks.session.commit()
    assert client.get(COMPARE).status_code == as_vera.get(COMPARE).status_code == 404


def test_htmx_gets_the_block_that_the_page_holds(client: FlaskClient) -> None:
    whole, part = client.get(COMPARE).text, client.get(COMPARE, headers=HTMX).text
    assert part.strip().startswith('<div id="table">')
    assert words(element(whole, "table")) == words(element(part, "table"))


def test_summary_is_escaped(client: FlaskClient, world: World) -> None:
    state(world, world.med, "<script>alert(1)</script>", stated_by='"><b>')
    cell = element(client.get(COMPARE).text, "TK-1-med")
    assert ("<script>" in cell, "<b>" in cell) == (False, False)


def test_status_of_a_track_stands_beneath_and_says_between_whom(client: FlaskClient, world: World) -> None:
    with writing():
        world.water.change_status(
            Status.AGREED_IN_PRINCIPLE,
            dating=Dating(DAY),
            by=world.ed,
            citing=[world.cite()],
            track=world.shuttle,
            agreed_between=["red", "med"],
            subject_to="a vote",
            reason="Both said so.",
        )
        world.talks.session.commit()
    told = "Shuttle of the mediator: Agreed in principle between Red, Mediator, subject to a vote"
    assert told in compared(client).rows[0][0]
    (line, *_others) = csv_rows(client, f"{COMPARE}.csv")
    assert (line["Status"], line["Between whom"]) == (f"Open; {told}", "")
    found: Any = fetch(client, f"{COMPARE}.json").json
    (track,) = found["rows"][0]["tracks"]
    assert (track["track"], track["status"]) == ("shuttle", "agreed_in_principle")
    assert (track["agreed_between"], track["subject_to"]) == (["med", "red"], "a vote")


def test_the_order_by_distance_says_where_nothing_can_be_measured(client: FlaskClient, world: World) -> None:
    nothing, widest = "Nothing can be measured here", "The widest spread of these parties’ values first"
    told = words(client.get(f"{COMPARE}?sort=distance").text)
    assert nothing in told
    assert widest not in told
    with writing():
        for party, value in ((world.red, 1.0), (world.blue, 5.0)):
            world.prisoners.state_position(
                party, summary="A number.", dating=Dating(DAY), by=world.ed, value=value,
                stance=Stance.PROPOSES, citing=[world.cite()],
            )  # fmt: skip
        world.talks.session.commit()
    told = words(client.get(f"{COMPARE}?sort=distance").text)
    assert nothing not in told
    assert widest in told
    assert nothing in words(client.get(f"{COMPARE}?sort=distance&party=red&party=med").text)
    assert nothing not in words(client.get(COMPARE).text)
