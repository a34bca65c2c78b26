"""Comparing in the browser: columns moved and taken away by keyboard, nothing shifts, and what is printed."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener

COMPARE = "/negotiations/UA/compare"
FIVE = f"{COMPARE}?party=ru&party=ua&party=us&proposal=1&proposal=3&baseline=2025-11-24"


def heads(page: Page) -> list[str]:
    """Give the names at the heads of the columns."""
    return page.locator("thead th .cell-head > a").all_inner_texts()


def focused(page: Page) -> str:
    """Give the id of what has the focus."""
    return str(page.evaluate("document.activeElement.id"))


def test_a_column_moves_by_keyboard_and_keeps_the_focus(open_page: Opener) -> None:
    page = open_page(FIVE)
    assert heads(page) == ["Russia", "Ukraine", "US", "28-point plan", "20-point draft"]
    page.evaluate("document.getElementById('compared').kept = true")
    page.locator("#left-3").focus()
    for place in (4, 3, 2):
        page.keyboard.press("Enter")
        expect(page.locator("thead th").nth(place)).to_contain_text("20-point draft")
        assert focused(page) == "left-3"
    page.keyboard.press("Enter")  # to the edge, where nothing is left to press
    expect(page.locator("thead th").nth(1)).to_contain_text("20-point draft")
    expect(page.locator("#right-3")).to_be_focused()
    assert heads(page) == ["20-point draft", "Russia", "Ukraine", "US", "28-point plan"]
    assert page.evaluate("document.getElementById('compared').kept")  # the same element, put in order
    expect(page).to_have_url(re.compile(r"proposal=3&party=ru&party=ua&party=us&proposal=1$"))
    page.go_back()
    expect(page.locator("thead th").nth(2)).to_contain_text("20-point draft")


def test_a_column_is_taken_away_and_the_focus_stays_in_the_head(open_page: Opener) -> None:
    page = open_page(FIVE)
    page.locator("#remove-ua").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#remove-ua")).to_have_count(0)
    expect(page.locator("#remove-us")).to_be_focused()
    assert heads(page) == ["Russia", "US", "28-point plan", "20-point draft"]


def test_a_column_is_added_without_losing_the_place(open_page: Opener) -> None:
    page = open_page(FIVE)
    region = page.locator("#compared")
    region.evaluate("node => node.scrollTo(60, 300)")
    page.locator('input[name="party"][value="eu"]').check()
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#remove-eu")).to_have_count(1)
    assert heads(page)[-1] == "EU"
    assert region.evaluate("node => [node.scrollLeft, node.scrollTop]") == [60, 300]
    assert focused(page) == "compare-show"
    expect(page).to_have_url(re.compile(r"party=eu\b"))


def ticked(page: Page) -> list[str]:
    """Give the columns whose boxes are ticked, in the order of the form."""
    boxes = page.locator("form.comparing :is([name=party], [name=proposal]):checked")
    return [str(each) for each in boxes.evaluate_all("all => all.map(box => `${box.name}-${box.value}`)")]


def test_the_form_says_what_the_table_shows_after_every_change(open_page: Opener) -> None:
    page = open_page(COMPARE)
    show = page.get_by_role("button", name="Show")
    boxes = page.locator("form.comparing [name=party]")
    codes = boxes.evaluate_all("all => all.map(box => box.value)")
    for code in codes:
        if code not in ("ru", "ua", "us"):
            page.locator(f"form.comparing [name=party][value={code}]").uncheck()
    page.get_by_label("28-point plan").check()
    page.get_by_label("20-point draft").check()
    page.get_by_label("Changes since").fill("2025-11-24")
    show.click()
    expect(page.locator("thead th")).to_have_count(6)
    five = ["party-ru", "party-ua", "party-us", "proposal-1", "proposal-3"]
    assert ticked(page) == five
    page.get_by_label("Differences only").check()
    show.click()
    expect(page).to_have_url(re.compile(r"differences=1"))
    expect(page.locator("form.comparing")).to_contain_text("Clear the filters")
    assert re.findall(r"(?:party|proposal)=\w+", page.url) == [each.replace("-", "=") for each in five]
    assert ticked(page) == five
    page.locator("#remove-ua").click()
    expect(page.locator("thead th")).to_have_count(5)
    assert ticked(page) == [each for each in five if each != "party-ua"]
    page.locator("#left-3").click()
    expect(page.locator("thead th").nth(3)).to_contain_text("20-point draft")
    assert ticked(page) == ["party-ru", "party-us", "proposal-3", "proposal-1"]
    page.go_back()
    expect(page.locator("thead th").nth(4)).to_contain_text("20-point draft")
    assert ticked(page) == ["party-ru", "party-us", "proposal-1", "proposal-3"]
    expect(page.get_by_label("Differences only")).to_be_checked()


def test_what_cannot_be_shown_is_said_and_the_table_stays(open_page: Opener) -> None:
    page = open_page(f"{COMPARE}?party=ru&party=ua&baseline=2025-11-24")
    page.get_by_label("As of").fill("2025-11-20")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#flash")).to_contain_text("This day lies after the one that the page shows.")
    assert heads(page) == ["Russia", "Ukraine"]
    expect(page).to_have_url(re.compile(r"party=ua&baseline=2025-11-24$"))
    expect(page.get_by_label("As of")).to_have_value("2025-11-20")


def test_a_bloc_is_folded_and_unfolded_by_keyboard(open_page: Opener) -> None:
    page = open_page(f"{COMPARE}?party=ua&party=e3&party=fr")
    page.locator("#fold-e3").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#remove-fr")).to_have_count(0)
    expect(page.locator("#fold-e3")).to_be_focused()
    expect(page.locator("#fold-e3")).to_contain_text("unfold")
    page.keyboard.press("Enter")
    expect(page.locator("#remove-fr")).to_have_count(1)
    assert heads(page) == ["Ukraine", "E3", "France", "Germany", "UK"]


def test_nothing_shifts_when_columns_change(open_page: Opener) -> None:
    page = open_page(FIVE)
    page.evaluate(
        """() => { window.shift = 0; new PerformanceObserver(list => {
            for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
        }).observe({type: "layout-shift", buffered: true}); }"""
    )
    top = page.locator("#compared").bounding_box()
    page.locator("#right-ru").focus()
    page.keyboard.press("Enter")
    expect(page.locator("thead th").nth(2)).to_contain_text("Russia")
    assert page.locator("#compared").bounding_box() == top
    assert page.evaluate("window.shift") == 0


def test_heads_stay_in_sight_in_both_directions(open_page: Opener) -> None:
    for address in (FIVE, f"{FIVE}&swap=1"):
        page = open_page(address)
        page.locator("#compared").evaluate("node => node.scrollTo(400, 600)")
        box = page.locator("#compared").bounding_box()
        head = page.locator("thead th").nth(2).bounding_box()
        row = page.locator("tbody th[scope=row]").nth(2).bounding_box()
        assert box
        assert head
        assert row
        assert abs(head["y"] - box["y"]) <= 1
        assert abs(row["x"] - box["x"]) <= 1


def test_on_a_phone_the_page_is_not_wider_than_the_window(open_page: Opener) -> None:
    for address in (FIVE, f"{FIVE}&swap=1", f"{COMPARE}?fold=e3&fold=ep&baseline=2025-12-15"):
        page = open_page(address, width=390)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
        label = page.locator("td").first.evaluate("node => getComputedStyle(node, '::before').content")
        assert label not in ("none", '""')


def test_on_a_phone_nothing_hidden_takes_the_focus_and_columns_are_put_in_order_in_a_list(
    open_page: Opener,
) -> None:
    links = "[...document.querySelectorAll('thead a')]"
    inside = f"{links}.filter(link => (link.focus(), document.activeElement === link)).length"
    for address in (FIVE, f"{FIVE}&swap=1", f"{COMPARE}?fold=e3"):
        assert open_page(address, width=390).evaluate(inside) == 0
    wide = open_page(FIVE)
    assert wide.evaluate(inside) > 0
    expect(wide.locator("#order")).to_be_hidden()
    page = open_page(FIVE, width=390)
    page.get_by_text("Order of the columns").click()
    page.locator("#order-left-3").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#order li").nth(3)).to_contain_text("20-point draft")
    expect(page.locator("#order-left-3")).to_be_focused()
    expect(page.locator("#order-left-3")).to_be_visible()  # the list stays open
    page.locator("#order-remove-ua").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#order-remove-ua")).to_have_count(0)
    expect(page.locator("#order-remove-us")).to_be_focused()
    assert [text.split("\n")[0] for text in page.locator("#order li > a").all_inner_texts()] == [
        "Russia",
        "US",
        "20-point draft",
        "28-point plan",
    ]


def test_on_paper_the_words_stay_and_the_controls_go(open_page: Opener) -> None:
    page = open_page(f"{FIVE}&sort=latest", as_="ed")
    page.emulate_media(media="print")
    for gone in (".moves", ".filters", ".cell-foot .act"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator("td.changed .changed-since").first).to_be_visible()
    assert page.locator("#compared").evaluate("node => getComputedStyle(node).overflow") == "visible"
    assert (
        page.locator("td.changed").first.evaluate("node => getComputedStyle(node).borderLeftWidth") == "3px"
    )


def test_it_works_without_javascript(open_page: Opener) -> None:
    page = open_page(FIVE, scripts=False)
    page.locator("#left-3").click()
    assert heads(page)[-2:] == ["20-point draft", "28-point plan"]
    page.locator("#remove-ua").click()
    page.get_by_label("Issues across").check()
    page.get_by_role("button", name="Show").click()
    expect(page.locator("thead th").first).to_have_text("Party or text")
    assert page.locator("tbody th .cell-head > a").all_inner_texts() == [
        "Russia",
        "US",
        "20-point draft",
        "28-point plan",
    ]


def test_a_view_is_saved_shared_and_found_again(open_page: Opener) -> None:
    page = open_page(FIVE, as_="ed")
    page.get_by_role("link", name="Save this view").click()
    page.get_by_label("Name", exact=True).fill("Plans")
    page.get_by_label("Share it with all who see this negotiation").check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**{FIVE}")
    expect(page.locator("#flash")).to_contain_text("The view “Plans” was saved.")
    expect(page.get_by_role("link", name="Plans")).to_have_attribute("aria-current", "true")
    other = open_page(COMPARE, as_="vera")
    other.get_by_role("link", name="Plans").click()
    assert heads(other) == ["Russia", "Ukraine", "US", "28-point plan", "20-point draft"]
