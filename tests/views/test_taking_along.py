"""Taking along: what the menu of a page offers; links that show the same for ever, and references."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.views.conftest import HTMX, signed_in
from tests.views.reading import element, words
from tests.views.test_access import address_of, make_state, methods, rules
from tests.world import DAY, World
from tracker import create_app
from tracker.dates import latest_day, moment_words
from tracker.db import db, now, writing
from tracker.models import Dating, Party
from tracker.models.vocabulary import PartyKind, PartyRole, Status
from tracker.views import exports, taking_along

ISSUES = "/negotiations/TK/issues"
COMPARE = "/negotiations/TK/compare"
PAGES = ["/negotiations/TK", COMPARE, "/negotiations/TK/changes", "/negotiations/TK/timeline", "/issues/TK-1"]


def kept(page: str, name: str) -> str:
    """Give what stands in a field of the menu."""
    found = re.search(rf'id="along-{name}"[^>]*(?: value="([^"]*)"|>([^<]*)</textarea)', page)
    assert found
    return unescape(found[1] or found[2])


def frozen(page: str) -> str:
    """Give the frozen link of a page as a path."""
    return kept(page, "frozen").removeprefix("http://localhost")


def block(world: World, status: Status, day: date = DAY) -> None:
    """Let the desk change a status."""
    world.talks.session.rollback()
    with writing():
        dating = Dating(day)
        world.water.change_status(status, dating=dating, by=world.ed, citing=[world.cite()], reason="So.")
        world.talks.session.commit()


def join(world: World) -> None:
    """Take in another party, which is a column of its own where none is asked for."""
    with writing():
        isle = Party(negotiation=world.talks, code="isle", name="Isle", kind=PartyKind.STATE)
        isle.role = PartyRole.PARTY
        world.talks.session.add(isle)
        world.talks.session.commit()


def shown(page: str) -> str:
    """Give the words of a comparison's table; of other pages all, but for the menu."""
    if 'id="compared"' in page:
        return words(element(page, "compared"))
    return words(element(page, "main").replace(element(page, "along"), ""))


@contextmanager
def another(app: Flask, **settings: str) -> Iterator[Flask]:
    """Build the application once more, on the same record."""
    made = create_app({name: app.config[name] for name in ("INSTANCE", "SECRET_KEY")} | settings)
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("address", PAGES)
def test_a_frozen_link_answers_the_same_after_later_changes(
    client: FlaskClient, world: World, address: str
) -> None:
    block(world, Status.CLARIFICATION)
    live = client.get(address).text
    link = frozen(live)
    before = shown(client.get(link).text)
    block(world, Status.BLOCKED)
    if address == COMPARE:
        join(world)
    assert shown(client.get(link).text) == before
    assert shown(client.get(address).text) != shown(live)


def test_it_shows_what_the_page_showed_and_was_saved_a_moment_before(
    client: FlaskClient, world: World
) -> None:
    block(world, Status.BLOCKED)
    page = client.get(COMPARE).text
    later = client.get(frozen(page)).text
    assert "Blocked" in element(later, "compared")
    assert words(element(later, "compared")) == words(element(page, "compared"))


def test_it_shows_what_is_of_tomorrow_already_somewhere(client: FlaskClient, world: World) -> None:
    block(world, Status.BLOCKED, latest_day())
    page = client.get("/issues/TK-1").text
    assert "Blocked" in element(client.get(frozen(page)).text, "status")


def test_it_keeps_what_was_asked_and_fills_in_what_the_page_took(client: FlaskClient) -> None:
    link = frozen(client.get(f"{COMPARE}?q=water&baseline=2025-12-01").text)
    asked = parse_qs(urlsplit(link).query)
    assert {name: asked[name] for name in ("q", "baseline", "party", "as_of")} == {
        "q": ["water"],
        "baseline": ["2025-12-01"],
        "party": ["red", "blue", "med", "union", "coast"],
        "as_of": [now().date().isoformat()],
    }
    assert parse_qs(urlsplit(frozen(client.get(f"{COMPARE}?party=blue").text)).query)["party"] == ["blue"]
    asked = parse_qs(urlsplit(frozen(client.get("/negotiations/TK/changes").text)).query)
    assert {"since", "until", "as_of", "known_at"} == {*asked}


def test_a_view_of_the_past_is_frozen_as_it_was_asked_for(client: FlaskClient) -> None:
    past = f"{COMPARE}?party=red&as_of=2025-12-02&known_at=2025-12-03T10:00:00Z"
    page = client.get(past).text
    assert kept(page, "frozen") == kept(page, "here") == f"http://localhost{past}"


@pytest.mark.parametrize("ends", ["until=2025-12-02", "since=2025-12-02&until=2099-01-01T00:00:00Z"])
def test_a_frozen_link_can_always_be_opened(client: FlaskClient, ends: str) -> None:
    page = client.get(f"/negotiations/TK/changes?reading=recorded&{ends}").text
    assert client.get(frozen(page)).status_code == 200


def test_strangers_freeze_what_was_published(client: FlaskClient, as_vera: FlaskClient, world: World) -> None:
    with writing():
        world.talks.publish()
        world.talks.session.commit()
    assert world.talks.published_at
    published = moment_words(world.talks.published_at)
    block(world, Status.BLOCKED)
    assert f"known_at={published}" in frozen(client.get(COMPARE).text)
    assert f"known_at={published}" not in frozen(as_vera.get(COMPARE).text)


def test_a_reference_names_page_record_days_and_address(client: FlaskClient) -> None:
    address = (
        "/negotiations/TK/changes?since=2025-11-01&until=2025-12-02&as_of=2025-12-02&known_at=2025-12-03"
    )
    page = client.get(address).text
    today = f"{now():%-d %b %Y}"
    assert kept(page, "cite") == (
        "Changes. Talks on the lake. Negotiation Tracker. "
        "As of 2 Dec 2025, as known on 3 Dec 2025, 23:59 UTC. "
        f"{kept(page, 'frozen')} (accessed {today})"
    )


def test_titles_are_cited_as_they_are_written(client: FlaskClient, world: World) -> None:
    with writing():
        world.water.title = 'Water & "power" <b>'
        world.talks.session.commit()
    assert kept(client.get("/issues/TK-1").text, "cite").startswith(
        'TK-1 Water & "power" <b>. Talks on the lake. '
    )


def test_links_bear_the_public_address_where_there_is_one(app: Flask) -> None:
    with another(app, PUBLIC_URL="https://talks.example.org") as public:
        page = public.test_client().get(COMPARE, base_url="https://talks.example.org").text
    assert kept(page, "here") == f"https://talks.example.org{COMPARE}"


def test_the_menu_comes_with_a_part_that_has_another_address(client: FlaskClient) -> None:
    part = client.get(f"{COMPARE}?party=blue", headers=HTMX).text
    assert '<hx-partial hx-target="#along" hx-swap="outerMorph">' in part
    assert kept(part, "here") == f"http://localhost{COMPARE}?party=blue"
    assert kept(part, "cite").startswith("Compare. Talks on the lake. ")
    assert "party=blue&" in frozen(part)


@pytest.mark.parametrize("asked", ["sort=odd", "as_of=soon", "page=x"])
def test_what_cannot_be_read_offers_no_files_that_could_not_either(client: FlaskClient, asked: str) -> None:
    answer = client.get(f"{COMPARE}?{asked}")
    assert answer.status_code == 400
    assert 'id="along"' not in answer.text
    assert f"{asked}" not in answer.text


def test_what_has_no_view_has_no_menu(as_ed: FlaskClient) -> None:
    for address in ("/account", "/keyboard", "/issues/TK-1/status-changes/new", "/no-such-page"):
        assert 'id="along"' not in as_ed.get(address).text


def menus(app: Flask, client: FlaskClient) -> list[tuple[str, str]]:
    """Open all pages, and give those that have the menu, with their endpoints."""
    filled = make_state(app, "public")
    pages = [
        rule for rule in rules(app) if methods(rule) == ["GET"] and not rule.endpoint.startswith("exports.")
    ]
    answers = [(rule.endpoint, client.get(address_of(app, rule, filled))) for rule in pages]
    html = [(page, answer.text) for page, answer in answers if answer.mimetype == "text/html"]
    return [(page, text) for page, text in html if 'id="along"' in text]


def offers(page: str) -> list[tuple[str, str]]:
    """Give what the menu of a page offers: address and words."""
    links = re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', element(page, "along"))
    return [(unescape(address), words(link)) for address, link in links]


@pytest.mark.parametrize("name", ["stranger", "vera"])
def test_what_a_page_offers_is_there_for_who_sees_the_page(app: Flask, name: str) -> None:
    client = app.test_client() if name == "stranger" else signed_in(app, name)
    found = menus(app, client)
    assert {*exports.PAGES, *taking_along.OF_PAGE, *taking_along.BESIDE} <= {page for page, _ in found}
    for address in {address for _, html in found for address, _ in offers(html)}:
        assert client.get(address).status_code == 200, address


def test_a_reference_reads_well_on_every_page(app: Flask) -> None:
    cited = {
        html: kept(html, "cite") for _, html in menus(app, signed_in(app, "vera")) if "along-cite" in html
    }
    assert len(cited) >= 20
    for html, reference in cited.items():
        told = reference.partition(". Negotiation Tracker. As of ")[0]
        title = told.removesuffix(". Talks on the lake")
        assert f"<title>{title}, Talks on the lake - Negotiation Tracker</title>" in unescape(html)
        assert title == title.strip() != ""
        assert told.count("Talks on the lake") == 1


def test_what_ends_like_the_name_of_the_talks_is_cited_whole(client: FlaskClient, world: World) -> None:
    with writing():
        world.water.title = "Water, Talks on the lake"
        world.talks.session.commit()
    told = kept(client.get("/issues/TK-1").text, "cite")
    assert told.startswith("TK-1 Water, Talks on the lake. Talks on the lake. Negotiation Tracker. ")


def test_tables_are_offered_with_all_that_the_page_was_asked(client: FlaskClient) -> None:
    for page in (ISSUES, COMPARE, "/negotiations/TK/changes"):
        found = offers(client.get(f"{page}?as_of=2025-12-02&q=&page=1").text)
        assert [(address, told) for address, told in found if told in ("Excel", "CSV", "JSON")] == [
            (f"{page}.{ending}?as_of=2025-12-02&q=", told)
            for ending, told in (("xlsx", "Excel"), ("csv", "CSV"), ("json", "JSON"))
        ]


def test_histories_are_offered_on_the_state_of_play_and_on_the_issue(client: FlaskClient) -> None:
    for page in ("/negotiations/TK", "/issues/TK-1"):
        found = offers(client.get(f"{page}?as_of=2025-12-02&stale=9").text)
        for ending, form in (("xlsx", "Excel"), ("csv", "CSV"), ("json", "JSON")):
            assert [pair for pair in found if pair[1].endswith(f"({form})")] == [
                (f"{page}/{noun}.{ending}?as_of=2025-12-02", f"all {noun.replace('-', ' ')} ({form})")
                for noun in ("status-changes", "positions", "claims")
            ]


def test_forms_stand_in_one_order_each_with_its_purpose(client: FlaskClient) -> None:
    menu = element(client.get("/negotiations/TK").text, "along")
    told = [words(each) for each in re.findall(r"<li>(.*?)</li>", menu)]
    histories = "{0}: all status changes ({0}), all positions ({0}), all claims ({0})"
    assert told == [
        "Brief for a superior, to print",
        "Word the brief, for the dossier",
        f"{histories.format('Excel')} to work on in a spreadsheet",
        f"{histories.format('CSV')} for a script or another program",
        f"{histories.format('JSON')} for a program",
        "Feed (Atom) to follow in a feed reader",
        "Calendar for your calendar",
        *(f"{form} the sources, for Zotero, EndNote and the like" for form in ("RIS", "BibTeX", "CSL-JSON")),
    ]


def test_a_feed_is_offered_without_the_view_of_the_past(client: FlaskClient) -> None:
    for page in ("/negotiations/TK", "/negotiations/TK/changes", "/issues/TK-1"):
        menu = element(client.get(f"{page}?as_of={DAY}").text, "along")
        [feed] = re.findall(r'href="([^"]*\.atom[^"]*)"', menu)
        assert feed.endswith(".atom")
        assert f"as_of={DAY}" in menu
