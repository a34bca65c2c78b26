"""Clauses pasted as a list: what was split is corrected, and is not lost on the way."""

from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.conftest import Opener, Site
from tests.browser.test_accessibility import findings
from tracker.models import Clause

NEW = "/negotiations/UA/proposals/1/clauses/new"
PASTED = "901. The dam stays.\n902. The boats go.\n"


def split(page: Page, text: str = PASTED) -> None:
    page.get_by_label("The list, as it stands in the text").fill(text)
    page.get_by_role("button", name="Split into clauses").click()
    expect(page.get_by_role("heading", name="Check the clauses")).to_be_visible()


def saved(site: Site) -> list[str]:
    with site.session() as session:
        query = select(Clause).where(Clause.number.in_(["901", "902"])).order_by(Clause.id)
        return [clause.text for clause in session.scalars(query)]


def test_what_was_split_is_saved_by_the_keyboard_at_once(open_page: Opener, site: Site) -> None:
    page = open_page(NEW, as_="ed")
    split(page)
    expect(page.locator("form :focus")).to_contain_text("2 clauses were read. Nothing is saved yet.")
    assert findings(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.locator("#flash")).to_contain_text("2 clauses were added")
    assert saved(site) == ["The dam stays.", "The boats go."]


def test_corrections_of_what_was_split_outlive_the_page(open_page: Opener, site: Site) -> None:
    page = open_page(NEW, as_="ed")
    split(page)
    page.locator("[name=clauses-1-text]").fill("The boats go by May.")
    page.goto("/")
    page.goto(NEW)
    expect(page.get_by_text("Text you had not saved was put back.")).to_be_visible()
    expect(page.get_by_label("The list, as it stands in the text")).to_have_value(PASTED)
    page.get_by_role("button", name="Split into clauses").click()
    expect(page.locator("[name=clauses-1-text]")).to_have_value("The boats go by May.")
    page.get_by_role("button", name="Save the clauses").click()
    expect(page.locator("#flash")).to_contain_text("2 clauses were added")
    assert saved(site) == ["The dam stays.", "The boats go by May."]
    page.goto(NEW)
    expect(page.get_by_label("The list, as it stands in the text")).to_have_value("")


def test_corrections_of_one_list_do_not_go_over_another(open_page: Opener) -> None:
    page = open_page(NEW, as_="ed")
    split(page)
    page.locator("[name=clauses-1-text]").fill("The boats go by May.")
    page.goto(NEW)
    split(page, PASTED.replace("boats", "trains"))
    expect(page.locator("[name=clauses-1-text]")).to_have_value("The trains go.")


def test_a_list_refused_keeps_its_draft_and_what_is_given_up_goes(open_page: Opener) -> None:
    page = open_page(NEW, as_="ed")
    split(page)
    page.locator("[name=clauses-0-number]").fill("902")
    page.get_by_role("button", name="Save the clauses").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.goto(NEW)
    expect(page.get_by_label("The list, as it stands in the text")).to_have_value(PASTED)
    page.get_by_role("button", name="Split into clauses").click()
    expect(page.locator("[name=clauses-0-number]")).to_have_value("902")
    page.get_by_role("link", name="Cancel").click()
    page.goto(NEW)
    expect(page.get_by_label("The list, as it stands in the text")).to_have_value("")
