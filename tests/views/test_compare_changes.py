"""A comparison against a baseline day: the words that mark it, and the rows that are left."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.views.conftest import HTMX, Statements
from tests.views.reading import element, words
from tests.views.tables import Table
from tests.world import DAY, World
from tracker.db import writing
from tracker.models import Clause, ClauseIssue, Dating, Issue, Party, Proposal
from tracker.models.vocabulary import Firmness, Movement, Stance, Status

COMPARE = "/negotiations/TK/compare"
LATER = DAY + timedelta(days=10)
SINCE = f"{COMPARE}?baseline={DAY}"


def state(world: World, party: Party, summary: str, on: date = LATER, **more: Any) -> None:
    """State and commit a position on the water."""
    given: dict[str, Any] = {"stance": Stance.OPPOSES, "issue": world.water} | more
    issue: Issue = given.pop("issue")
    with writing():
        issue.state_position(
            party, summary=summary, dating=Dating(on), by=world.ed, citing=[world.cite()], **given
        )
        world.talks.session.commit()


def change(world: World, status: Status, on: date = LATER, **more: Any) -> None:
    """Change and commit the status of the water."""
    with writing():
        world.water.change_status(
            status, dating=Dating(on), by=world.ed, citing=[world.cite()], reason="So it is.", **more
        )
        world.talks.session.commit()


def block(world: World) -> None:
    change(world, Status.BLOCKED)


def test_a_changed_cell_says_so_and_has_its_old_words_struck(client: FlaskClient, world: World) -> None:
    firm: dict[str, Any] = {"firmness": Firmness.RED_LINE}
    state(world, world.red, "Red does not pay for any dam.", stance=Stance.RESERVES, **firm)
    cell = element(client.get(SINCE).text, "TK-1-red")
    assert words(cell).startswith(
        "Changed since 2 Dec 2025 Opposes Reserves Firm Red line Red does not pay for any the dam."
    )
    assert 'class="changed swatch-0"' in cell
    assert "<ins>any</ins> <del>the</del>" in cell
    assert '<del><span class="tag stance-opposes">Opposes</span></del>' in cell
    assert '<del><span class="firmness-firm">Firm</span></del>' in cell
    assert f'href="/sources/{world.article.id}"' in cell
    assert "1 cell changed since 2 Dec 2025, and the statuses of 0 issues." in words(client.get(SINCE).text)


def test_cells_of_texts_are_counted_as_such(client: FlaskClient, world: World) -> None:
    with writing():
        plan = Proposal(negotiation=world.talks, title="The plan", tabled_on=LATER)
        plan.recorded_at, plan.recorded_by = world.talks.moment, "Ed"
        for number, issue in enumerate((world.water, world.border)):
            clause = Clause(proposal=plan, number=str(number), text="Red pays.")
            clause.touches = [ClauseIssue(issue=issue)]
        world.talks.session.add(plan)
        world.talks.session.commit()
    told = words(client.get(f"{SINCE}&party=med&proposal={plan.id}").text)
    assert "0 of 3 cells stated" in told
    assert "2 cells of parties and texts changed since 2 Dec 2025" in told


def test_all_that_changed_in_the_same_days_is_a_link_away(client: FlaskClient, world: World) -> None:
    block(world)
    for more in ("", f"&as_of={LATER}"):
        html = client.get(SINCE + more).text
        (link,) = re.findall(r'<a class="noprint" href="([^"]+)">All that changed since that day', html)
        assert unescape(link).startswith("/negotiations/TK/changes?since=2025-12-02")
        assert (f"as_of={LATER}" in link) is bool(more)
        assert "Blocked" in words(client.get(unescape(link)).text)


def test_a_condition_and_a_value_that_changed_are_marked(client: FlaskClient, world: World) -> None:
    state(
        world, world.blue, "Blue would share the cost.", stance=Stance.CONDITIONAL, condition="there is peace"
    )
    cell = words(element(client.get(SINCE).text, "TK-1-blue"))
    assert "Condition: the mediator keeps the accounts there is peace Blue would share the cost." in cell
    for day, value in ((DAY, 100.0), (LATER, 50.0)):
        state(world, world.red, "So many.", on=day, issue=world.prisoners, value=value)
    assert "<del>100 prisoners</del> 50 prisoners" in element(client.get(SINCE).text, "TK-3-red")
    state(world, world.red, "So many.", on=LATER + timedelta(days=1), issue=world.prisoners)
    assert "<del>100 prisoners</del> no value" in element(client.get(SINCE).text, "TK-3-red")


def test_a_new_cell_is_called_new_and_a_restated_one_restated(client: FlaskClient, world: World) -> None:
    state(world, world.med, "Let them talk.")
    said = "Red does not pay for the dam."
    state(world, world.red, said, firmness=Firmness.FIRM, movement=Movement.RESTATED)
    html = client.get(SINCE).text
    assert words(element(html, "TK-1-med")).startswith("New since 2 Dec 2025 Opposes Let them talk.")
    restated = element(html, "TK-1-red")
    assert words(restated).startswith("Restated 12 Dec 2025 Opposes Firm Red does not pay")
    assert "<del>" not in restated
    assert 'class="changed' not in restated
    assert "changed" not in element(client.get(COMPARE).text, "TK-1-red")


def test_the_row_s_head_tells_what_became_of_the_status(client: FlaskClient, world: World) -> None:
    block(world)
    table = Table(client.get(SINCE).text)
    assert "Sidelined since 2 Dec 2025; was Open" in table.rows[0][0]
    assert "Sidelined" not in Table(client.get(COMPARE).text).rows[0][0]
    across = Table(client.get(f"{SINCE}&swap=1").text)
    assert "Sidelined since 2 Dec 2025; was Open" in across.heads[1]
    change(world, Status.AGREED_IN_PRINCIPLE, DAY, track=world.shuttle, agreed_between=["red", "med"])
    change(world, Status.OPEN, track=world.shuttle)
    told = "Slipped back since 2 Dec 2025; was Agreed in principle between Red, Mediator"
    assert told in Table(client.get(SINCE).text).rows[0][0]


def test_differences_alone_say_which_they_are(client: FlaskClient, world: World) -> None:
    html = client.get(f"{COMPARE}?differences=1").text
    assert [row[0].split()[0] for row in Table(html).rows] == ["TK-1"]
    assert "Only issues on which at least two of these parties state different stances or values." in words(
        html
    )
    empty = client.get(f"{SINCE}&differences=1&party=red").text
    assert "No issue matches these filters." in words(empty)
    assert f'href="{SINCE}&amp;party=red"' in empty
    state(world, world.med, "Let them talk.", issue=world.border)
    html = client.get(f"{SINCE}&differences=1").text
    assert [row[0].split()[0] for row in Table(html).rows] == ["TK-2"]
    assert "Only issues on which a line, a status or a tabled text changed since then." in words(html)


@pytest.mark.parametrize(
    ("sort", "keys"),
    [
        ("order", ["TK-1", "TK-2", "TK-3"]),
        ("status", ["TK-1", "TK-2", "TK-3"]),
        ("latest", ["TK-2", "TK-1", "TK-3"]),
        ("distance", ["TK-3", "TK-1", "TK-2"]),
    ],
)
def test_the_order_is_the_address_s(client: FlaskClient, world: World, sort: str, keys: list[str]) -> None:
    state(world, world.med, "Let them talk.", issue=world.border)
    for party, value in ((world.red, 0), (world.blue, 500)):
        state(world, party, "So many.", on=DAY, issue=world.prisoners, value=value)
    html = client.get(f"{COMPARE}?sort={sort}").text
    assert "Spread 500 prisoners, 2 of 5 parties coded" in words(html)
    assert [row[0].split()[0] for row in Table(html).rows] == keys
    assert ("rowgroup" in html) is (sort == "order")
    if sort != "order":
        assert f'<option value="{sort}" selected>' in html
        assert "Territory" in Table(html).rows[keys.index("TK-2")][0]


def test_the_pager_keeps_what_was_asked_for_in_its_order(client: FlaskClient, world: World) -> None:
    with writing():
        for number in range(4, 64):
            Issue(negotiation=world.talks, number=number, title="More").add(world.talks.session)
        world.talks.session.commit()
    query = f"party=red&baseline={DAY}&party=blue&sort=latest"
    html = client.get(f"{COMPARE}?{query}").text
    assert f'href="{COMPARE}?{query.replace("&", "&amp;")}&amp;page=2"' in html
    across = client.get(f"{COMPARE}?{query}&swap=1").text
    assert "Page 1 of 6" in words(across)
    assert len(Table(across).heads) == 13


def test_htmx_gets_the_same_block_with_all_of_it(client: FlaskClient, world: World) -> None:
    block(world)
    address = f"{SINCE}&fold=union&swap=1"
    whole, part = client.get(address).text, client.get(address, headers=HTMX).text
    assert part.strip().startswith('<div id="table">')
    assert words(element(whole, "table")) == words(element(part, "table"))


def test_statements_are_counted(client: FlaskClient, world: World, statements: Statements) -> None:
    address = f"{SINCE}&fold=union&differences=1&sort=latest"
    client.get(address)
    with statements() as few:
        client.get(address)
    for party in (world.red, world.blue, world.med, world.union, world.coast):
        for issue in (world.water, world.border, world.prisoners):
            state(world, party, f"{party.name} moved.", issue=issue)
    with statements() as many:
        client.get(address)
    assert len(few) <= len(many) <= 17


def test_what_htmx_cannot_be_shown_leaves_the_page_and_its_address(client: FlaskClient) -> None:
    answer = client.get(f"{COMPARE}?swap=2", headers=HTMX)
    assert answer.status_code == 400
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Push-Url"]) == ("#flash", "false")
    assert "swap: “2” is not one of the choices" in words(answer.text)
