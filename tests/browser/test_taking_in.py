"""Taking sources in, in the browser: by paste and keyboard, from elsewhere, and a list of references."""

import re

from playwright.sync_api import expect
from sqlalchemy import func, select

from tests.browser.conftest import Opener, Site
from tests.browser.test_accessibility import findings_in_all_looks
from tests.intake.lists import ris_of_five_hundred
from tracker.models import Job, Source

ARTICLE = """Talks on the lake go on

The delegations of both towns met for the fourth time on Tuesday and spoke at length of the dam.

“We shall pay for half of it”, the minister of Blue said after the meeting, and not for more than that."""


def last_source(site: Site) -> Source:
    with site.session() as session:
        return session.scalars(select(Source).order_by(Source.id.desc())).all()[0]


def test_an_article_is_pasted_read_and_saved_by_keyboard(open_page: Opener, site: Site) -> None:
    page = open_page("/sources/new", as_="ed")
    page.locator("[name=text]").focus()
    page.keyboard.insert_text(ARTICLE)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Read it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".found")).to_be_focused()
    expect(page.locator("[name=title]")).to_have_value("Talks on the lake go on")
    expect(page.locator(".preview .text > p")).to_have_count(2)
    page.locator("[name=title]").fill("Another title")
    page.locator("[name=title]").press("Control+Enter")
    page.wait_for_url(re.compile(r"/sources/\d+$"))
    expect(page.locator("#flash")).to_contain_text("The source was added.")
    assert last_source(site).title == "Another title"


def test_enter_reads_where_the_address_stands_and_saves_elsewhere(open_page: Opener, site: Site) -> None:
    before = last_source(site).id
    page = open_page("/sources/new", as_="ed")
    page.locator("[name=url]").fill("http://127.0.0.1/")
    page.locator("[name=url]").press("Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("#f-url-error")).to_be_visible()
    page.locator("[name=url]").fill("")
    page.locator("[name=title]").fill("A title by hand")
    page.locator("[name=title]").press("Enter")
    page.wait_for_url(re.compile(r"/sources/\d+$"))
    assert last_source(site).id > before


def test_what_was_read_outlives_the_page_and_an_older_draft(open_page: Opener) -> None:
    page = open_page("/sources/new", as_="ed")
    page.locator("[name=publisher]").fill("The Shore")
    page.locator("[name=text]").fill(ARTICLE)
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("[name=title]")).to_have_value("Talks on the lake go on")
    page.reload()
    expect(page.locator("[name=title]")).to_have_value("Talks on the lake go on")
    expect(page.locator("[name=publisher]")).to_have_value("The Shore")
    page.goto("/sources/new?url=https%3A%2F%2Fexample.org%2Fshared&title=Shared&quote=Some+words")
    expect(page.locator("[name=title]")).to_have_value("Shared")
    expect(page.get_by_role("button", name="Read it")).to_be_focused()


def test_without_scripts_the_same_form_reads_and_saves(open_page: Opener, site: Site) -> None:
    page = open_page("/sources/new", as_="ed", scripts=False)
    page.locator("[name=text]").fill(ARTICLE)
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("[name=title]")).to_have_value("Talks on the lake go on")
    page.get_by_role("button", name="Save source").click()
    page.wait_for_url(re.compile(r"/sources/\d+$"))
    assert len(last_source(site).title) > 0


def test_a_source_is_read_inside_another_form(open_page: Opener) -> None:
    page = open_page("/issues/UA-2", as_="ed")
    page.get_by_role("link", name="Change status").click()
    page.get_by_role("link", name="add a source", exact=True).click()
    form = page.locator("#compact")
    form.locator("[name=text]").fill(ARTICLE)
    form.get_by_role("button", name="Read it").click()
    expect(form.locator("[name=title]")).to_have_value("Talks on the lake go on")
    form.get_by_role("button", name="Add and use this source").click()
    expect(page.locator("#citation-source")).to_contain_text("Talks on the lake go on")
    expect(page.locator("#compact")).to_have_count(0)


def test_a_list_of_references_is_checked_and_asked_for(open_page: Opener, site: Site) -> None:
    page = open_page("/reference-lists/new", as_="ed")
    page.locator("[name=file]").set_input_files(
        files={"name": "list.ris", "mimeType": "text/plain", "buffer": ris_of_five_hundred().encode()}
    )
    page.get_by_role("button", name="Check the list").click()
    expect(page.get_by_role("heading", name="500 references read as RIS")).to_be_visible()
    page.get_by_role("button", name=re.compile("Add 47. sources")).click()
    page.wait_for_url(re.compile(r"/jobs/\d+$"))
    with site.session() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_axe_finds_nothing_in_what_was_read_doubted_or_checked(open_page: Opener) -> None:
    page = open_page("/sources/new", as_="ed")
    page.locator("[name=text]").fill(ARTICLE)
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".preview .text")).to_be_visible()
    assert findings_in_all_looks(page) == {}
    page.get_by_role("button", name="Save source").click()
    page.wait_for_url(re.compile(r"/sources/\d+$"))
    page.goto("/sources/new")
    page.locator("[name=title]").fill("Talks on the lake go on")
    page.locator("[name=title]").press("Enter")
    expect(page.get_by_role("button", name="Use this one")).to_be_visible()
    assert findings_in_all_looks(page) == {}
    page.goto("/reference-lists/new")
    page.locator("[name=file]").set_input_files(
        files={
            "name": "list.ris",
            "mimeType": "text/plain",
            "buffer": ris_of_five_hundred()[-3_000:].encode(),
        }
    )
    page.get_by_role("button", name="Check the list").click()
    expect(page.get_by_role("heading", name="read as RIS")).to_be_visible()
    assert findings_in_all_looks(page) == {}
