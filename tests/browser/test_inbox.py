"""The inbox by keyboard alone, and a second source found by its words."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.conftest import Opener, Site
from tests.browser.test_accessibility import findings_in_all_looks
from tracker.db import writing
from tracker.models import Negotiation, Source, act_as
from tracker.models.vocabulary import InboxState

TITLES = ["Envoys to meet again", "Переговори тривають", "مفاوضات جنيف"]


def fill(site: Site) -> None:
    """Put three sources into the inbox."""
    with writing(), site.session() as session:
        act_as(session, "tests")
        talks = session.scalars(select(Negotiation)).one()
        for title, language in zip(TITLES, ("en", "uk", "ar"), strict=True):
            source = Source(title=title, language=language, text=f"{title}. It rained on both banks all day.")
            source.add(session, filed_under=[talks], by="tests")
            session.flush()
        session.commit()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there."""
    for _ in range(80):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not lead to {selector}")


def test_sources_are_set_aside_and_taken_up_by_keyboard_alone(open_page: Opener, site: Site) -> None:
    fill(site)
    page = open_page("/negotiations/UA/inbox", as_="ed")
    tab_to(page, "#f-reason")
    page.keyboard.type("Not about the talks.")
    for number in range(2):
        tab_to(page, "[name=source]:not(:checked)")
        page.keyboard.press("Space")
        assert page.locator("[name=source]:checked").count() == number + 1
    page.locator("#f-reason").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the button beside it
    expect(page.locator("#flash")).to_contain_text("2 set aside.")
    expect(page.locator("#inbox tbody tr")).to_have_count(1)
    assert page.evaluate("document.activeElement.id") == "inbox-h"  # and on from there
    tab_to(page, "[name=mine]")
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("1 in work with you.")
    expect(page.locator("#inbox tbody")).to_contain_text("In work")
    with site.session() as session:
        states = session.scalars(select(Source.inbox_state).where(Source.title.in_(TITLES))).all()
    assert sorted(states, key=str) == [InboxState.IN_WORK, InboxState.SET_ASIDE, InboxState.SET_ASIDE]


def test_a_reason_that_is_missing_keeps_ticks_and_moves_to_what_is_wrong(
    open_page: Opener, site: Site
) -> None:
    fill(site)
    page = open_page("/negotiations/UA/inbox", as_="ed")
    page.locator("[name=source]").nth(1).check()
    page.get_by_role("button", name="Set aside").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("[name=source]:checked")).to_have_count(1)


def test_all_of_it_works_without_a_script(open_page: Opener, site: Site) -> None:
    fill(site)
    page = open_page("/negotiations/UA/inbox", as_="ed", scripts=False)
    page.locator("[name=source]").first.check()
    page.get_by_role("button", name="Take up myself").click()
    assert "1 in work with you." in page.inner_text("#flash")


def test_axe_finds_nothing_in_a_full_inbox(open_page: Opener, site: Site) -> None:
    fill(site)
    page = open_page("/negotiations/UA/inbox", as_="ed")
    assert findings_in_all_looks(page) == {}
    page.get_by_role("button", name="Set aside").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    assert findings_in_all_looks(page) == {}


def test_a_second_source_is_found_by_its_words_and_added(open_page: Opener, site: Site) -> None:
    fill(site)
    page = open_page("/issues/UA-6", as_="ed")
    page.locator("#status").get_by_role("link", name="Add a source").first.click()
    page.get_by_label("Words of the source").fill("It rained on both banks all day.")
    expect(page.locator("#passages")).to_contain_text("Found in 3 texts")
    hit = page.locator("#passages li").filter(has_text=TITLES[0])
    hit.get_by_role("link", name="Use this passage").click()
    expect(page.locator("#citation-source")).to_contain_text(TITLES[0])
    expect(page.get_by_label("Where in it")).to_have_value("para 1")
    page.get_by_role("button", name="Add the source").click()
    expect(page.locator("#flash")).to_contain_text("The source was added.")
    expect(page.locator("#status")).to_contain_text("It rained on both banks all day.")
    page.goto("/negotiations/UA/inbox")
    expect(page.locator("#inbox tbody tr")).to_have_count(2)  # it has left by itself


def test_all_on_the_page_are_ticked_in_one_press(open_page: Opener, site: Site) -> None:
    fill(site)
    page = open_page("/negotiations/UA/inbox", as_="ed")
    page.locator("#f-reason").fill("Not about the talks.")
    page.locator("[name=source]").first.check()
    page.get_by_role("button", name="Tick all 3 on this page").press("Enter")
    expect(page.locator("[name=source]:checked")).to_have_count(3)
    expect(page.locator("#f-reason")).to_have_value("Not about the talks.")
    page.get_by_role("button", name="Set aside").press("Enter")
    expect(page.locator("#flash")).to_contain_text("3 set aside.")
