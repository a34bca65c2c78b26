"""The page of search."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import quote_from_bytes

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.models.acts import change, claim
from tests.views.conftest import HTMX
from tests.views.reading import element, words
from tests.world import DAY, World
from tracker.db import writing
from tracker.models import Event, Proposal
from tracker.models.proposal import Tabled
from tracker.models.vocabulary import Status
from tracker.queries.search import LOOKED_AT


def links(html: str) -> list[str]:
    results = html.partition('id="results"')[2]
    return re.findall(r'<p><a href="([^"]+)"', results)


def test_results_lead_to_where_they_stand_with_their_words_marked(world: World, as_ed: FlaskClient) -> None:
    with writing():
        world.water.note("The dam again.", by=world.ed)
        claim(world, world.red, words="The dam is settled.", issue=world.water)
        claim(world, world.blue, words="No dam, no talks.")
        change(world, Status.BLOCKED, reason="The dam.", issue=world.water)
        Event(negotiation=world.talks, title="Dam day", starts_on=DAY).add(world.talks.session, by=world.ed)
        proposal = Proposal(negotiation=world.talks, title="Dam draft", tabled_by=["red"])
        proposal.add(world.talks.session, by=world.ed)
        world.talks.session.flush()
        proposal.add_clauses([Tabled("1", "The dam is shared.")])
        world.talks.session.commit()
    page = as_ed.get("/search?q=dam").text
    assert page.count("<mark>") >= 9
    assert len(re.findall(r'<section class="section" id="found-', page)) == 9
    for address in links(page):
        path, _, anchor = address.partition("#")
        answer = as_ed.get(path)
        assert answer.status_code == 200
        assert not anchor or f'id="{anchor}"' in answer.text, address


def test_the_field_stands_on_every_page_and_keeps_negotiation_and_point_of_view(client: FlaskClient) -> None:
    page = client.get("/negotiations/TK/issues?as_of=2025-12-03").text
    form = page.partition('<form class="search"')[2].partition("</form>")[0]
    assert 'id="search"' in form
    assert 'name="negotiation" value="TK"' in form
    assert 'name="as_of" value="2025-12-03"' in form
    found = client.get("/search?q=pays&negotiation=TK&as_of=2025-12-03")
    assert found.text.count('id="search"') == 1
    assert "/issues/TK-1?as_of=2025-12-03" in found.text
    assert client.get("/search").text.count('id="search"') == 1


@pytest.mark.parametrize("page", ["issues/TK-1", "negotiations/TK/parties/red", "sources?negotiation=TK"])
def test_every_page_of_a_negotiation_looks_in_it_first(client: FlaskClient, page: str) -> None:
    form = client.get(f"/{page}").text.partition('<form class="search"')[2].partition("</form>")[0]
    assert 'name="negotiation" value="TK"' in form


def test_the_results_keep_the_head_of_their_negotiation_and_lead_on_to_all_others(
    client: FlaskClient,
) -> None:
    page = client.get("/search?q=pay&negotiation=TK&as_of=2025-12-03&sort=newest").text
    head, _, results = page.partition('<main id="main"')
    for address in ("/negotiations/TK", "/negotiations/TK/compare", "/negotiations/TK/issues"):
        assert f'href="{address}?as_of=2025-12-03"' in head
    (everywhere,) = re.findall(r'href="([^"]*)">In all negotiations</a>', results)
    assert everywhere == "/search?q=pay&amp;as_of=2025-12-03&amp;sort=newest"
    page = client.get(everywhere.replace("&amp;", "&")).text
    assert "In all negotiations" not in page
    assert "As of 3 Dec 2025" in words(element(page, "results"))
    assert 'name="as_of" value="2025-12-03"' in page
    assert {*links(page)}
    assert all("as_of=2025-12-03" in address for address in links(page) if "/issues/" in address)


def test_the_results_say_how_many_there_are_and_in_which_order(world: World, as_ed: FlaskClient) -> None:
    with writing():
        for nth in range(LOOKED_AT + 2):
            claim(world, world.blue, DAY + timedelta(days=nth), words="No dam, no talks.")
        world.water.note("The dam again.", by=world.ed)
        world.talks.session.commit()
    page = as_ed.get("/search?q=dam").text
    results = words(element(page, "results"))
    assert "of each kind the best first" in results
    assert f"Claims at least {LOOKED_AT} found" in results
    assert "Notes 1 found" in results
    assert ";" not in words(element(page, "found-note"))
    assert f"Best first {LOOKED_AT + 2} found" in words(as_ed.get("/search?q=dam+kind:claim").text)
    assert "Newest first" in words(as_ed.get("/search?q=dam+kind:claim&sort=newest").text)
    assert f"{LOOKED_AT + 2} found" in words(as_ed.get("/search?q=dam+kind:claim&sort=newest&page=2").text)


def test_the_past_and_one_negotiation_narrow(client: FlaskClient) -> None:
    asked = "/search?q=pay+kind:position"
    assert links(client.get(asked).text)
    assert links(client.get(f"{asked}&negotiation=TK").text)
    assert not links(client.get(f"{asked}&as_of=2025-11-01").text)
    assert not links(client.get(f"{asked}&known_at=2025-11-01").text)


@pytest.mark.parametrize(
    "named",
    [
        "as_of=soon",
        "known_at=x",
        "sort=odd",
        "page=0",
        "page=x",
        "negotiation=ZZ",
        "negotiation=%00",
        "as_of=2999-01-01",
    ],
)
def test_an_argument_that_cannot_be_read_is_told(client: FlaskClient, named: str) -> None:
    answer = client.get(f"/search?q=dam&{named}")
    assert answer.status_code == 400
    assert named.partition("=")[0] in answer.text or "NUL" in answer.text


def test_a_page_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/search?q=dam&page=2").status_code == 404
    assert client.get("/search?q=dam&page=2&sort=newest").status_code == 404


def test_a_filter_that_cannot_be_read_is_told_beside_the_results(client: FlaskClient) -> None:
    answer = client.get("/search?q=dam+before:yesterday")
    assert answer.status_code == 200
    assert "“yesterday” is no day" in answer.text
    assert "<mark>dam</mark>" in answer.text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("status:foo", "“foo” is no status"),
        ("zzyzx status:foo", "“foo” is no status"),
        ("party:foo", "There is no party “foo”; known are blue, coast, med, red, union"),
    ],
)
def test_where_a_filter_is_at_fault_one_block_says_so_and_what_there_is(
    client: FlaskClient, asked: str, told: str
) -> None:
    results = client.get("/search", query_string={"q": asked}).text.partition('id="results"')[2]
    block = results.partition('<div class="error-summary" role="status">')[2].partition("</div>")[0]
    assert told in block
    assert "Nothing was found." in block
    assert "fewer words" not in results
    assert "fewer words" in client.get("/search?q=zzyzx").text


def test_what_is_found_stands_in_no_markup_of_its_own(world: World, as_ed: FlaskClient) -> None:
    with writing():
        world.border.edit({"title": "<b>Heron</b> & co"})
        world.talks.session.commit()
    page = as_ed.get("/search?q=<b>heron").text
    assert "&lt;<mark>b&gt;Heron</mark>&lt;/b&gt; &amp; co" in page
    assert "<b>" not in page


@pytest.mark.parametrize("q", ["kingfi", '"kingfisher', "kingfisher " + "a" * 485, "kingfisher kingf"])
def test_show_them_all_leads_to_all_of_them(world: World, as_ed: FlaskClient, q: str) -> None:
    with writing():
        for number in range(7):
            world.water.note(f"Kingfisher {number}, of {'a' * 485}.", by=world.ed)
        world.talks.session.commit()
    (every,) = re.findall(
        r'<p class="acts"><a href="([^"]+)">', as_ed.get("/search", query_string={"q": q}).text
    )
    assert len(links(as_ed.get(unescape(every)).text)) == 7


def test_htmx_gets_the_results_alone(client: FlaskClient) -> None:
    part = client.get("/search?q=dam", headers=HTMX).text
    assert part.strip().startswith('<div id="results"')


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00",
        b"\xed\xa0\x80",
        b"\xff\xfe",
        b'"',
        b'"""',
        b"***",
        b"(a AND b) OR NEAR(",
        b"title:x",
        b"-dam",
        b"' OR 1=1 --",
        b"a" * 3000,
        b"d " * 1000,
        b"\xd0\x8c" * 600,
        b"kind:",
        b"party:*",
        b"issue:TK-99999",
        b"topic:%",
        b"x\\y",
    ],
)
def test_any_bytes_give_results_or_a_plain_word(client: FlaskClient, raw: bytes) -> None:
    assert client.get(f"/search?q={quote_from_bytes(raw)}").status_code == 200


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=40))
def test_bytes_by_chance_do_too(as_ed: FlaskClient, raw: bytes) -> None:
    assert as_ed.get(f"/search?q={quote_from_bytes(raw)}").status_code == 200
