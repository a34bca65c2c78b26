"""The page of changes in a browser, on the demonstration."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener

DECEMBER = "/negotiations/UA/changes?since=2025-12-02&until=2025-12-24"


def test_december_is_told_with_its_days_and_sources(open_page: Opener) -> None:
    page = open_page(DECEMBER)
    moves = page.locator("#moves table")
    for issue, party, day in (
        ("UA-1", "Ukraine", "24 Dec 2025"),
        ("UA-2", "Ukraine", "14 Dec 2025"),
        ("UA-4", "Ukraine", "9 Dec 2025"),
        ("UA-4", "Russia", "19 Dec 2025"),
        ("UA-5", "EU", "12 Dec 2025"),
        ("UA-5", "EU", "18-19 Dec"),
    ):
        group = moves.locator("tbody").filter(has_text=f"{issue} ").filter(has_text=f"{party} ")
        row = group.locator("tr").filter(has_text=day).first
        expect(row).to_be_visible()
        expect(row.locator("a[href^='/sources/']").first).to_be_visible()
    flow = page.locator("#flow tbody tr")
    for column in (0, 1):
        numbers = [int(row.locator("td").nth(column).inner_text()) for row in flow.all()]
        assert sum(numbers) == 10


def test_two_events_are_chosen_by_keyboard(open_page: Opener) -> None:
    page = open_page(DECEMBER)
    page.get_by_text("Since an event, or between two").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("15 Dec 2025: Berlin")
    page.keyboard.press("Tab")
    page.keyboard.type("24 Dec 2025: The 20-point")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("since=2025-12-15&until=2025-12-24"))
    expect(page.get_by_role("heading", name="Changes")).to_be_visible()


def test_nothing_is_wider_than_a_phone(open_page: Opener) -> None:
    for reading in ("", "&reading=recorded"):
        page = open_page(DECEMBER + reading, width=390)
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_on_paper_stand_the_facts_and_no_form(open_page: Opener) -> None:
    page: Page = open_page(DECEMBER)
    page.emulate_media(media="print")
    expect(page.locator("form.filters").first).to_be_hidden()
    expect(page.locator("#moves table")).to_be_visible()
    expect(page.locator("#summary")).to_contain_text("Nothing slipped back")
