"""Single keys, their help, the menu of what is taken along, and light or dark: in a real browser."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, Site
from tests.browser.test_accessibility import findings
from tests.browser.test_inbox import fill

#: Lets a key be pressed as on another layout: the letter, and the place it has on the keyboard.
PRESS = """([key, code, more]) => (document.activeElement ?? document.body).dispatchEvent(
    new KeyboardEvent("keydown", {key, code, bubbles: true, cancelable: true, ...more}))"""


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def at(page: Page) -> str:
    """Give the link that has the focus, without its query."""
    return str(page.evaluate("(document.activeElement.getAttribute('href') ?? '').split('?')[0]"))


def path(page: Page) -> str:
    return str(page.evaluate("location.pathname"))


def focus_is_seen(page: Page) -> bool:
    """Tell whether the focus is drawn, and what holds it stands in the window under no sticky head."""
    return bool(
        page.evaluate("""() => {
            const link = document.activeElement, box = link.getClientRects()[0];
            const top = document.elementFromPoint(box.x + 2, box.y + box.height / 2);
            return link.matches(":focus-visible") && (link.contains(top) || top.contains(link));
        }""")
    )


def test_rows_are_walked_and_written_about_from_the_list(open_page: Opener) -> None:
    page = open_page("/negotiations/UA/issues", as_="ed")
    press(page, "k", "j")
    assert at(page) == "/issues/UA-2"
    assert focus_is_seen(page)
    for _ in range(40):
        press(page, "j")
    last = page.locator("#list tbody tr a").last.get_attribute("href")
    assert at(page) == last
    assert focus_is_seen(page)
    press(page, "k")
    assert at(page) != last
    # What is typed, and what is pressed with another key, is no command.
    page.locator("#filter-q").press("j")
    expect(page.locator("#filter-q")).to_have_value("j")
    page.locator("#filter-sort").focus()
    press(page, "s", "n")
    page.locator("tbody a").first.focus()
    press(page, "Control+j", "Alt+j", "Shift+J")
    page.evaluate(PRESS, ["j", "KeyJ", {"isComposing": True}])
    assert at(page) == "/issues/UA-1"
    # On Ukrainian and Russian keyboards the place counts; on a Latin one of another order, the letter.
    page.evaluate(PRESS, ["о", "KeyJ", {}])
    assert at(page) == "/issues/UA-2"
    page.evaluate(PRESS, ["л", "KeyK", {}])
    page.evaluate(PRESS, ["j", "KeyC", {}])
    assert at(page) == "/issues/UA-2"
    press(page, "s")
    page.wait_for_url("**/issues/UA-2/status-changes/new?next=*")
    page.go_back()
    press(page, "j", "n")
    page.wait_for_url("**/issues/UA-1/positions/new?next=*")


def test_the_state_of_play_is_walked_issue_by_issue(open_page: Opener) -> None:
    page = open_page("/negotiations/UA", as_="ed")
    assert page.locator("#claims li a").count()
    told = page.locator("#flash")
    press(page, "s")
    expect(told).to_have_text("Choose an issue first (j)")
    press(page, "j")
    assert at(page) == page.locator("#issues tbody th a").first.get_attribute("href")
    expect(told).to_have_text("")
    walked = []
    for _ in range(page.locator("#issues tbody th .issue-title").count() + 3):
        walked.append(at(page))
        press(page, "j")
    assert [link for link in walked if not link.startswith("/issues/UA-")] == []
    press(page, "k", "g", "z")
    expect(told).to_have_text("There is no such page here.")
    # On the page of an issue the parties are walked, whose lines are stated there.
    page.goto("/issues/UA-6")
    press(page, "j")
    assert at(page) == page.locator("#positions tbody th a").first.get_attribute("href")
    press(page, "n")
    expect(page.locator("#position_form form")).to_have_count(1)


def test_issues_across_are_written_about_each_from_its_own_cell(open_page: Opener) -> None:
    page = open_page("/negotiations/UA/compare?party=ru&party=ua&swap=1", as_="ed")
    press(page, "j", "s")
    expect(page.locator("#flash")).to_have_text("Choose an issue first (j)")
    page.locator("#UA-9-ua .act").focus()
    press(page, "s")
    page.wait_for_url("**/issues/UA-9/status-changes/new?next=*")


def test_where_a_link_leads_is_pointed_out(open_page: Opener) -> None:
    page = open_page("/issues/UA-6")
    bar = """node => {
        const bearer = node.matches("tr") ? node.cells[0] : node, drawn = getComputedStyle(bearer);
        const isTinted = drawn.backgroundColor !== "rgba(0, 0, 0, 0)";
        return [node.matches(":target"), drawn.boxShadow !== "none", isTinted];
    }"""
    for kind in ("td", "tr", "li"):
        target = page.locator(f"{kind}[id^=e-]").last
        assert target.evaluate(bar) == [False, False, False]
        page.evaluate("id => { location.hash = id }", target.get_attribute("id"))
        assert target.evaluate(bar) == [True, True, True]
        expect(target).to_be_in_viewport()
        page.emulate_media(media="print")
        assert target.evaluate(bar) == [True, False, False]
        page.emulate_media(media="screen")
    # Under the heads of a comparison, which stay, it is seen whole.
    page.goto("/negotiations/UA/compare#UA-3-us")
    cell = page.locator("#UA-3-us")
    assert cell.evaluate(bar) == [True, True, True]
    heads = "node => node.closest('table').tHead.rows[0].cells[0].getBoundingClientRect().bottom"
    assert cell.evaluate("node => node.getBoundingClientRect().top") >= cell.evaluate(heads)


def test_cells_of_compare_and_parts_of_an_issue_are_written_about(open_page: Opener) -> None:
    page = open_page("/negotiations/UA/compare?party=ru&party=ua", as_="ed")
    for _ in range(9):
        press(page, "j")
        assert focus_is_seen(page)
    press(page, "k")
    key = at(page).removeprefix("/issues/")
    page.locator(f"#{key}-ua a").first.focus()
    press(page, "n")
    page.wait_for_url(f"**/issues/{key}/positions/new?party=ua&*")
    page.goto("/issues/UA-6")
    press(page, "s")
    expect(page.locator("#status_form [data-autofocus]")).to_be_focused()
    page.locator("#status_form [name=reason]").press("s")
    press(page, "Escape")
    expect(page.locator("#status_form form")).to_have_count(0)
    page.locator("#p-us th a").first.focus()
    press(page, "n")
    expect(page.locator("#position_form form")).to_have_count(1)
    expect(page.locator("#position_form h2, #position_form h3").first).to_contain_text("US")
    # What was saved in place is in the frozen link, though no other page was opened.
    before = page.locator("#along-frozen").input_value()
    page.get_by_role("button", name="Checked, no change").click()
    expect(page.locator("#flash .good")).to_be_visible()
    page.locator("#along > summary").click()
    expect(page.locator("#along-frozen")).not_to_have_value(before)
    expect(page.get_by_role("button", name="Copy")).to_have_count(3)


def test_g_and_a_letter_leads_to_the_pages_of_the_record(open_page: Opener) -> None:
    page = open_page("/issues/UA-6?as_of=2025-12-24")
    places = {"s": "UA", "b": "brief", "c": "compare", "h": "changes", "t": "timeline", "i": "issues"}
    for letter, ends in places.items():
        press(page, "g", letter)
        page.wait_for_url(f"**/{ends}?as_of=2025-12-24")
    press(page, "c")
    page.evaluate(PRESS, ["п", "KeyG", {}])
    page.evaluate(PRESS, ["к", "KeyR", {}])
    page.wait_for_url("**/sources")
    press(page, "g", "c")  # there is no comparison of all
    expect(page.locator("#flash")).to_have_text("There is no such page here.")
    assert path(page) == "/sources"
    press(page, "/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("j/?")
    expect(page.locator("#search")).to_have_value("j/?")


def test_nothing_is_written_where_one_may_not(open_page: Opener) -> None:
    page = open_page("/negotiations/UA/issues?as_of=2025-12-24", as_="ed")
    press(page, "j", "s")
    expect(page.locator("#flash")).to_have_text("Nothing can be changed on a page about the past.")
    press(page, "n")
    assert at(page) == "/issues/UA-1"
    stranger = open_page("/negotiations/UA/issues")
    press(stranger, "j", "s", "n")
    assert path(stranger) == "/negotiations/UA/issues"
    expect(stranger.locator("#flash")).to_have_text("")


def test_help_opens_in_place_and_keys_can_be_switched_off(open_page: Opener) -> None:
    page = open_page("/negotiations/UA/issues", as_="vera")
    help_ = page.get_by_role("dialog", name="Keyboard and colours")
    press(page, "j", "?")
    expect(help_.get_by_role("table")).to_contain_text("next row")
    expect(help_.get_by_role("table")).not_to_contain_text("tick")
    assert help_.evaluate("dialog => [...dialog.children].map(part => part.tagName)")[:2] == ["H2", "BUTTON"]
    assert findings(page) == []
    press(page, "j", "Escape")
    expect(help_).to_be_hidden()
    assert at(page) == "/issues/UA-1"
    page.evaluate(PRESS, [",", "Slash", {"shiftKey": True}])
    expect(help_).to_be_visible()
    press(page, "?")
    expect(help_).to_be_hidden()
    page.get_by_role("link", name="Keyboard").click()
    help_.get_by_role("button", name="Close").click()
    expect(help_).to_be_hidden()
    page.goto("/account")
    page.get_by_label("Single keys do something").uncheck()
    page.get_by_role("button", name="Keep this choice").click()
    page.goto("/negotiations/UA/issues")
    press(page, "j", "?", "g", "c")
    assert at(page) == ""
    assert path(page) == "/negotiations/UA/issues"
    expect(help_).to_have_count(0)
    page.get_by_role("link", name="Keyboard").click()
    expect(help_).to_contain_text("Single keys are switched off.")
    help_.get_by_role("link", name="Light or dark").click()
    expect(page.get_by_label("Single keys do something")).not_to_be_checked()


def test_the_inbox_is_ticked_by_keys(open_page: Opener, site: Site) -> None:
    fill(site)
    page = open_page("/negotiations/UA/inbox", as_="ed")
    press(page, "j", "x")
    expect(page.locator("tbody input").first).to_be_checked()
    press(page, "x")
    expect(page.locator("tbody input").first).not_to_be_checked()
    press(page, "?")
    expect(page.get_by_role("dialog").get_by_role("table")).to_contain_text("tick the row")


def test_the_menu_opens_copies_and_closes(open_page: Opener) -> None:
    page = open_page("/negotiations/UA/compare?party=ru", width=390, scheme="dark")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    menu = page.locator("#along > summary")
    menu.focus()
    press(page, "Enter")
    assert findings(page) == []
    page.get_by_role("button", name="Copy : Frozen link").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#along-frozen").input_value()
    press(page, "Escape")
    expect(page.locator("#along")).not_to_have_attribute("open", "")
    expect(menu).to_be_focused()
    # What is compared changed without a new page: so did the addresses.
    page.get_by_label("Ukraine").check()
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**party=ua*")
    expect(page.locator("#along-here")).to_have_value(page.url)
    # It covers the page of a phone: it can be closed from within, by any touch beside it, and by going on.
    frozen = page.locator("#along-frozen")
    menu.click()
    page.get_by_role("button", name="Close").click()
    expect(frozen).to_be_hidden()
    expect(menu).to_be_focused()
    for event in ("pointerdown", "click"):
        menu.click()
        expect(frozen).to_be_visible()
        page.locator("#main").dispatch_event(event)
        expect(frozen).to_be_hidden()
    menu.click()
    page.locator("#compare-q").focus()
    expect(frozen).to_be_hidden()
    plain = open_page("/negotiations/UA", scripts=False)
    plain.locator("#along > summary").click()
    expect(plain.locator("#along-frozen")).to_be_visible()
    expect(plain.get_by_role("button", name="Copy")).to_have_count(0)


def scheme(page: Page) -> Any:
    """Give the scheme of the page, and whether its paper is dark."""
    return page.evaluate("""() => {
        const of = (node) => getComputedStyle(node);
        return [of(document.documentElement).colorScheme, of(document.body).backgroundColor];
    }""")


def test_light_and_dark_are_kept_for_each_user_and_print_is_light(open_page: Opener) -> None:
    page = open_page("/account", as_="vera", scheme="light")
    light = scheme(page)
    assert light[0] == "light dark"
    page.get_by_label("Colours").select_option("dark")
    page.get_by_role("button", name="Keep this choice").click()
    expect(page.get_by_text("Your choice is kept.")).to_be_visible()
    dark = scheme(page)
    assert (dark[0], dark[1] != light[1]) == ("dark", True)
    assert findings(page) == []
    page.emulate_media(media="print")
    assert scheme(page) == ["light", "rgb(255, 255, 255)"]
    other = open_page("/", scheme="dark")
    assert scheme(other) == ["light dark", dark[1]]
    assert scheme(open_page("/", as_="vera")) == dark
