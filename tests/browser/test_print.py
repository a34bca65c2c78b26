"""Pages on paper: each sheet says what it is of, and how it may be handled."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Opener

PAGES = [
    "/negotiations/UA?view=claims",
    "/negotiations/UA/compare",
    "/negotiations/UA/timeline",
    "/negotiations/UA/brief",
    "/negotiations/UA/distance",
    "/negotiations/UA/events",
    "/issues/UA-6",
]


def on_paper(open_page: Opener, address: str) -> Page:
    page = open_page(address)
    page.emulate_media(media="print")
    return page


@pytest.mark.parametrize("address", PAGES)
def test_the_foot_with_marking_and_negotiation_repeats_on_each_sheet(open_page: Opener, address: str) -> None:
    foot = on_paper(open_page, address).locator("body > footer")
    expect(foot).to_contain_text("UA US-Russia-Ukraine talks")
    expect(foot).to_contain_text("TLP:CLEAR")
    # A browser repeats the foot of a table where nothing breaks it, in a place of its own: it covers nothing.
    assert foot.evaluate("node => getComputedStyle(node).display") == "table-footer-group"
    assert foot.evaluate("node => getComputedStyle(node).breakInside") == "avoid"
    assert foot.evaluate("node => getComputedStyle(node.parentNode).display") == "table"


def test_paper_says_as_of_when_it_is_and_when_it_was_made(open_page: Opener) -> None:
    day = f"{datetime.now(UTC):%-d %b %Y}"
    page = open_page("/negotiations/UA/parties/ru")
    expect(page.locator(".printed")).to_be_hidden()
    page = on_paper(open_page, "/negotiations/UA/parties/ru")
    expect(page.locator(".printed")).to_have_text(f"As of {day}. Printed {day}.")
    page = on_paper(open_page, "/negotiations/UA/compare?as_of=2025-12-02&known_at=2025-12-25")
    expect(page.locator(".printed")).to_contain_text("As of 2 Dec 2025, as known on 25 Dec 2025")
    expect(page.locator(".past")).to_be_hidden()


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/negotiations/UA?view=claims&as_of=2025-12-28", "td .cell-foot a[data-address^='http']"),
        ("/negotiations/UA/distance", "td a[data-address^='http']"),
        ("/negotiations/UA/claims", ".cite a[data-address^='http']"),
        ("/negotiations/UA/proposals", ".cite a[data-address^='http']"),
    ],
)
def test_paper_writes_the_address_behind_each_source(open_page: Opener, address: str, link: str) -> None:
    sources = on_paper(open_page, address).locator(f"main {link}")
    written = sources.evaluate_all("all => all.map(each => getComputedStyle(each, '::after').content)")
    assert written
    assert all("http" in each for each in written)


def test_on_paper_no_head_stands_alone_and_the_drawing_is_not_cut(open_page: Opener) -> None:
    page = on_paper(open_page, "/negotiations/UA/timeline")
    assert page.locator(".chart").evaluate("node => getComputedStyle(node).breakInside") == "avoid"
    for head in ("h2", "caption", "thead"):
        kept = page.locator(head).first.evaluate("node => getComputedStyle(node).breakAfter")
        assert kept == "avoid", head
    row = page.locator("thead + tbody > tr").first
    assert row.evaluate("node => getComputedStyle(node).breakBefore") == "avoid"


def test_each_sheet_of_a_brief_has_its_number_and_room_between_head_text_and_foot(open_page: Opener) -> None:
    page = on_paper(open_page, "/negotiations/UA/brief?as_of=2025-12-24&since=2025-12-02")
    sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    texts = [sheet.extract_text() for sheet in sheets]
    assert len(texts) > 2
    for number, text in enumerate(texts, start=1):
        sheet, head, first, *_rest = text.splitlines()
        assert sheet == f"{number} / {len(texts)}"
        assert "TLP:CLEAR" in head
        assert not first.startswith("New since then")
    for group, side in (("header", "::after"), ("footer", "::before")):
        room = (
            "(node, side) => [getComputedStyle(node, side).display, getComputedStyle(node, side).blockSize]"
        )
        assert page.locator(f"body > {group}").evaluate(room, side) == ["block", "12px"]


def test_changes_on_paper_say_their_period(open_page: Opener) -> None:
    page = on_paper(open_page, "/negotiations/UA/changes?since=2025-12-02&until=2025-12-24")
    told = page.locator(".printed")
    expect(told).to_contain_text("After 2 Dec 2025, up to and with 24 Dec 2025. Printed ")


def test_the_brief_is_upright_with_its_marking_at_the_head_and_foot_of_each_sheet(open_page: Opener) -> None:
    page = on_paper(open_page, "/negotiations/UA/brief?as_of=2025-12-24&since=2025-12-02")
    assert page.locator("body").evaluate("node => getComputedStyle(node).page") == "brief"
    head = page.locator("body > header")
    expect(head.locator(".handling")).to_have_text("TLP:CLEAR")
    assert head.evaluate("node => getComputedStyle(node).display") == "table-header-group"
    expect(page.locator("body > footer .state")).to_contain_text("As of 24 Dec 2025, as known on")
    for form in page.locator("form").all():
        expect(form).to_be_hidden()
    written = "all => all.map(each => getComputedStyle(each, '::after').content)"
    assert all("http" in each for each in page.locator(".references a[data-address]").evaluate_all(written))
    # Issues and numbers lead on where there is a screen; on paper they are words.
    assert {*page.locator("table a").evaluate_all(written)} == {"none"}
