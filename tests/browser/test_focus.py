"""Focus in the browser: it is never lost to the page when what held it is replaced."""

from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.conftest import Opener, Site
from tests.browser.test_acts import WORDS, changes, store_text
from tracker.models import Citation, Source


def focus(page: Page) -> str:
    """Tell what has the focus: its tag and its name or id."""
    held = "document.activeElement"
    return str(page.evaluate(f"{held}.tagName + ' ' + ({held}.name || {held}.id || '')"))


def test_a_source_that_is_found_while_the_editor_goes_on_keeps_the_focus_in_the_form(
    open_page: Opener, site: Site
) -> None:
    source = store_text(site)
    entry = changes(site, 2)[-1]
    page = open_page(f"/entries/{entry.uid}/citations/new", as_="ed")
    expect(page.locator("[name=citations-0-quote]")).to_be_focused()
    page.keyboard.insert_text(WORDS)
    page.keyboard.press("Tab")
    assert focus(page) == "SELECT citations-0-source"
    expect(page.locator("#citation-source")).to_contain_text("para 2")
    expect(page.locator("[name=citations-0-locator]")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#flash")).to_contain_text("The source was added.")
    with site.session() as session:
        made = session.scalars(select(Citation).order_by(Citation.id.desc())).first()
        assert made is not None
        assert (made.entry_id, made.source_id) == (entry.id, source)


def test_the_form_of_a_status_keeps_the_focus_too_and_a_field_that_stays_keeps_it_itself(
    open_page: Opener, site: Site
) -> None:
    store_text(site)
    page = open_page("/issues/UA-6", as_="ed")
    page.locator("#change-status").press("Enter")
    expect(page.locator("[name=citations-0-quote]")).to_be_focused()
    page.keyboard.insert_text(WORDS)
    expect(page.locator("#citation-source")).to_contain_text("para 2")
    expect(page.locator("[name=citations-0-quote]")).to_be_focused()
    page.get_by_role("link", name="Choose another").press("Enter")
    expect(page.locator("#citation-source input[type=search]")).to_be_focused()


def test_a_save_and_its_undo_lead_to_the_heading_of_what_changed(open_page: Opener) -> None:
    page = open_page("/issues/UA-6", as_="ed")
    page.locator("#record-claim").press("Enter")
    page.get_by_label("Whose claim").select_option("ua")
    page.locator("select[name=citations-0-source]").select_option(index=1)
    page.get_by_label("Share agreed").fill("90")
    page.get_by_label("Day", exact=True).fill("20/12/2025")
    page.get_by_role("button", name="Save claim").press("Enter")
    expect(page.locator("#flash")).to_contain_text("recorded.")
    expect(page.locator("#record-claim")).to_be_focused()
    page.locator("#flash").get_by_role("button", name="Undo").press("Enter")
    expect(page.locator("#flash")).to_contain_text("Undone.")
    expect(page.locator("h1")).to_be_focused()
    page.reload()
    assert focus(page) == "BODY "  # nothing was saved just now


def test_a_form_on_a_page_of_its_own_leads_to_the_part_that_changed(open_page: Opener) -> None:
    page = open_page("/issues/UA-6/links/new", as_="ed")
    page.get_by_label("How it hangs together").select_option("part_of")
    page.get_by_label("With which issue").fill("UA-1")
    page.get_by_role("button", name="Save link").press("Enter")
    expect(page.locator("#flash")).to_contain_text("was linked to")
    expect(page.locator("#links-h")).to_be_focused()


def test_a_merge_leads_to_the_heading_of_what_was_kept(open_page: Opener, site: Site) -> None:
    with site.session() as session:
        copy, kept = session.scalars(select(Source.id).order_by(Source.id).limit(2))
    page = open_page(f"/sources/{copy}/merges/new?into={kept}", as_="ed")
    page.get_by_label("Why they are the same").fill("One text, two addresses.")
    page.get_by_role("button", name="Merge").press("Enter")
    expect(page.locator("#flash")).to_contain_text("Merged.")
    expect(page.locator("h1")).to_be_focused()
