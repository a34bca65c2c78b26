"""The timeline in a browser: its drawing leads into the list, and days narrow both, without scripts."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Opener


def test_a_mark_leads_into_the_list_by_keyboard(open_page: Opener) -> None:
    page = open_page("/negotiations/UA/timeline?issue=UA-3", scripts=False)
    mark = page.get_by_role("link", name="UA-3: Blocked since 16 Dec 2025")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("issue=UA-3#e-"))
    expect(page.locator(":target")).to_contain_text("Sidelined")


def test_days_narrow_the_drawing_and_the_list(open_page: Opener) -> None:
    page = open_page("/negotiations/UA/timeline", scripts=False)
    page.get_by_role("link", name="Dec 2025: show only").click()
    expect(page.get_by_label("After", exact=True)).to_have_value("2025-11-30")
    page.get_by_label("Until", exact=True).fill("2025-12-04")
    page.get_by_label("Event", exact=True).check()
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#drawing header")).to_contain_text("1 Dec 2025 to 4 Dec 2025")
    expect(page.locator("#list h3")).to_have_text(["2 Dec 2025", "1 Dec 2025"])
    page.get_by_role("link", name="All days").click()
    expect(page.locator("#list h3").last).to_have_text("2 Jun 2025")


def test_the_drawing_fits_or_scrolls_on_a_phone(open_page: Opener) -> None:
    page = open_page("/negotiations/UA/timeline", width=390)
    region = page.get_by_role("region", name="The drawing")
    assert region.evaluate("element => element.scrollWidth > element.clientWidth")
    region.focus()
    page.keyboard.press("ArrowRight")
    for _ in range(50):
        if region.evaluate("element => element.scrollLeft"):
            break
        page.wait_for_timeout(100)
    assert region.evaluate("element => element.scrollLeft") > 0
