"""Open pages learn that the record changed: they say so once, and take it in when they are asked to."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Opener, Windows
from tests.browser.test_accessibility import findings

MINUTE = 61_000
TOLD = "The record has changed since this page was made"


@pytest.fixture
def windows(browser: Browser, served: str) -> Iterator[Windows]:
    """Give windows for one test alone: whose clock was taken in hand keeps it."""
    windows = Windows(browser, served)
    yield windows
    windows.close()


def block(page: Page, status: str = "blocked", label: str = "Blocked") -> None:
    """Change a status in place, as the editor at this browser."""
    page.get_by_role("link", name="Change status").click()
    page.locator("select[name=status]").select_option(status)
    page.locator("select[name=citations-0-source]").select_option(index=1)
    page.get_by_label("Day", exact=True).fill("29/12/2025")
    page.get_by_label("Why", exact=True).fill("The talks broke down")
    page.get_by_role("button", name="Save status").click()
    expect(page.locator("#flash")).to_contain_text(f": {label} since")


def with_clock(page: Page) -> list[str]:
    """Take the page's clock into the test's hands; give the answers to its questions, as they come."""
    asked: list[str] = []
    page.on("response", lambda answer: asked.append(str(answer.status)) if "/pulse" in answer.url else None)
    page.clock.install()
    page.reload()
    return asked


def pass_a_minute(page: Page) -> None:
    with page.expect_response("**/pulse"):
        page.clock.fast_forward(MINUTE)


def test_an_open_page_says_once_that_the_record_changed_and_stays_as_it_is(open_page: Opener) -> None:
    editor = open_page("/issues/UA-6", as_="ed")
    reader = open_page("/issues/UA-6", as_="vera")
    asked = with_clock(reader)
    pass_a_minute(reader)
    expect(reader.locator("#news")).to_be_empty()
    before = reader.locator("#main").inner_html()
    block(editor)
    pass_a_minute(reader)
    expect(reader.locator("#news")).to_contain_text(TOLD)
    expect(reader.locator("#news")).to_contain_text("saved once")
    assert reader.locator("#main").inner_html() == before
    assert findings(reader) == []
    reader.clock.fast_forward(10 * MINUTE)
    reader.wait_for_timeout(200)
    assert asked == ["304", "200"]


def test_what_changed_is_taken_in_on_request_and_the_place_is_kept(open_page: Opener) -> None:
    editor = open_page("/issues/UA-6", as_="ed")
    reader = open_page("/issues/UA-6", as_="vera")
    asked = with_clock(reader)
    link = reader.locator("#p-us th a")
    link.focus()
    reader.evaluate("document.querySelector('#p-us').scrollIntoView({block: 'start'})")
    reader.evaluate("window.mine = document.querySelector('#p-us')")
    place = "document.querySelector('#p-us').getBoundingClientRect().top"
    stood = reader.evaluate(place)
    block(editor)
    pass_a_minute(reader)
    box = reader.get_by_role("link", name="Show it as it is now").bounding_box()
    assert box
    reader.mouse.click(box["x"] + 9, box["y"] + 9)
    expect(reader.locator("#status")).to_contain_text("The talks broke down")
    expect(reader.locator("#news")).to_be_empty()
    expect(link).to_be_focused()
    assert reader.evaluate("window.mine === document.querySelector('#p-us')")
    assert reader.evaluate("scrollY") > 0
    assert abs(reader.evaluate(place) - stood) < 3  # though there is more above it now
    pass_a_minute(reader)
    assert asked == ["200", "304"]
    block(editor, "parked", "Parked by consent")
    pass_a_minute(reader)
    expect(reader.locator("#news")).to_contain_text(TOLD)


def test_nobody_is_told_of_what_they_saved_themselves(open_page: Opener) -> None:
    editor = open_page("/issues/UA-6", as_="ed")
    asked = with_clock(editor)
    block(editor)
    pass_a_minute(editor)
    assert asked == ["304"]
    expect(editor.locator("#news")).to_be_empty()


def test_a_save_hides_nothing_that_another_wrote_before(open_page: Opener) -> None:
    first = open_page("/issues/UA-6", as_="ed")
    second = open_page("/issues/UA-6", as_="ann")
    with_clock(first)
    second.get_by_role("button", name="Checked, no change").click()
    expect(second.locator("#flash")).not_to_be_empty()
    block(first)
    pass_a_minute(first)
    expect(first.locator("#news")).to_contain_text(TOLD)


def test_while_a_form_is_open_the_link_is_a_plain_one_and_the_text_is_kept(open_page: Opener) -> None:
    editor = open_page("/issues/UA-6", as_="ed")
    other = open_page("/issues/UA-6", as_="ann")
    with_clock(editor)
    editor.get_by_role("link", name="Change status").click()
    editor.get_by_label("Why", exact=True).fill("Half a sentence")
    block(other)
    pass_a_minute(editor)
    expect(editor.get_by_label("Why", exact=True)).to_have_value("Half a sentence")
    with editor.expect_navigation():
        editor.get_by_role("link", name="Show it as it is now").click()
    expect(editor.locator("#change-status")).to_contain_text("unsaved text")
    editor.get_by_role("link", name="Change status").click()
    expect(editor.get_by_label("Why", exact=True)).to_have_value("Half a sentence")


def test_a_hidden_page_asks_nothing_and_one_that_is_seen_again_asks_at_once(open_page: Opener) -> None:
    reader = open_page("/negotiations/UA")
    asked = with_clock(reader)
    hide = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true});"
    change = "document.dispatchEvent(new Event('visibilitychange'))"
    reader.evaluate(hide % "true" + change)
    reader.clock.fast_forward(5 * MINUTE)
    reader.wait_for_timeout(200)
    assert asked == []
    with reader.expect_response("**/pulse"):
        reader.evaluate(hide % "false" + change)
        reader.clock.run_for(10)
    assert asked == ["304"]


def test_a_lost_connection_is_borne_in_silence(open_page: Opener) -> None:
    reader = open_page("/negotiations/UA")
    with_clock(reader)
    reader.context.set_offline(True)
    reader.clock.fast_forward(MINUTE)
    reader.wait_for_timeout(200)
    reader.context.set_offline(False)
    expect(reader.locator("#flash")).to_be_empty()
    expect(reader.locator("#news")).to_be_empty()
    with reader.expect_response("**/pulse"):
        reader.clock.fast_forward(2 * MINUTE)


def test_with_the_keyboard_the_notice_comes_before_the_page_and_the_reader_goes_on_where_they_were(
    open_page: Opener,
) -> None:
    editor = open_page("/issues/UA-6", as_="ed")
    reader = open_page("/issues/UA-6", as_="vera")
    with_clock(reader)
    reader.locator("#p-us th a").focus()
    block(editor)
    pass_a_minute(reader)
    notice = reader.get_by_role("link", name="Show it as it is now")
    assert reader.evaluate("document.getElementById('main').previousElementSibling.id") == "news"
    box = notice.bounding_box()
    assert box
    assert 700 < box["y"] < 900  # at the lower edge of the window, wherever the reader is
    reader.locator("nav.nav a").last.focus()
    reader.keyboard.press("Tab")
    expect(reader.get_by_role("link", name="What was recorded since")).to_be_focused()
    reader.keyboard.press("Tab")
    expect(notice).to_be_focused()
    reader.keyboard.press("Enter")
    expect(reader.locator("#news")).to_be_empty()
    expect(reader.locator("#p-us th a")).to_be_focused()
    expect(reader.locator("#p-us th a")).to_be_in_viewport()
    reader.keyboard.press("Tab")
    assert reader.evaluate("document.activeElement.closest('#p-us') !== null")


def test_who_was_nowhere_on_the_page_goes_on_from_its_heading_and_nothing_scrolls(open_page: Opener) -> None:
    editor = open_page("/issues/UA-6", as_="ed")
    reader = open_page("/issues/UA-6", as_="vera")
    with_clock(reader)
    reader.evaluate("scrollTo(0, 400)")
    block(editor)
    pass_a_minute(reader)
    expect(reader.locator("#news")).to_contain_text(TOLD)
    reader.evaluate("document.querySelector('#news [data-take-in]').focus()")
    reader.keyboard.press("Enter")
    expect(reader.locator("#news")).to_be_empty()
    expect(reader.locator("#main h1")).to_be_focused()
    assert reader.evaluate("scrollY") == 400
    reader.keyboard.press("Tab")
    assert reader.evaluate("document.activeElement.closest('#main') !== null")


def test_the_notice_leads_to_what_was_recorded_since(open_page: Opener) -> None:
    editor = open_page("/issues/UA-6", as_="ed")
    reader = open_page("/issues/UA-6", as_="vera")
    with_clock(reader)
    block(editor)
    pass_a_minute(reader)
    reader.get_by_role("link", name="What was recorded since").click()
    expect(reader.get_by_role("row", name="UA-6 Security guarantees")).to_contain_text("since 29 Dec 2025")
