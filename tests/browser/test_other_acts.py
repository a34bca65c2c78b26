"""Claims, notes and links in the browser: recorded in place, by keyboard, and taken back."""

import re

from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser.conftest import Opener, Site
from tests.browser.test_acts import WORDS, Typist, store_text
from tracker.models import StatusClaim


def test_a_claim_on_a_known_source_takes_under_ten_seconds_by_keyboard(open_page: Opener, site: Site) -> None:
    source = store_text(site)
    page = open_page("/issues/UA-6", as_="ed")
    page.locator("#record-claim").focus()
    typist = Typist(page)
    typist.press("Enter")
    typist.wait(lambda: expect(page.locator("[name=citations-0-quote]")).to_be_focused())
    typist.paste(WORDS)
    typist.wait(lambda: expect(page.locator("#citation-source")).to_contain_text("para 2"))
    typist.tab_to("party")
    typist.type("Ukr")
    typist.tab_to("share")
    typist.type("90")
    typist.press("Control+Enter")
    typist.wait(lambda: expect(page.locator("#flash")).to_contain_text("Claim of Ukraine on UA-6: recorded."))
    assert typist.seconds < 10, f"{typist.keys} keys and {typist.waits} waits"
    expect(page.locator("#claims")).to_contain_text("90 % agreed")
    expect(page.locator("#record-claim")).to_be_focused()
    with site.session() as session:
        made = session.scalars(select(StatusClaim).order_by(StatusClaim.id.desc())).first()
        assert made is not None
        assert (made.party.code, made.share, made.effective_on.isoformat()) == ("ua", 90, "2025-12-16")
        assert [(c.source_id, c.locator, c.is_checked) for c in made.citations] == [(source, "para 2", True)]
    page.locator("#flash").get_by_role("button", name="Undo").press("Enter")
    expect(page.locator("#flash")).to_contain_text("Undone.")
    expect(page.locator("#claims tr.retracted").first).to_contain_text("90 % agreed")


def test_of_two_forms_that_cite_the_one_opened_last_stays_and_the_text_of_the_other_waits(
    open_page: Opener,
) -> None:
    page = open_page("/issues/UA-6", as_="ed")
    page.locator("#change-status").click()
    page.get_by_label("Why", exact=True).fill("half a thought")
    page.locator("#record-claim").click()
    expect(page.locator("#claim_form [name=citations-0-quote]")).to_be_focused()
    expect(page.locator("#status_form form")).to_have_count(0)
    expect(page.locator("#change-status")).to_contain_text("(unsaved text)")
    page.locator("#change-status").click()
    expect(page.get_by_label("Why", exact=True)).to_have_value("half a thought")


def test_a_note_and_a_link_are_written_in_place(open_page: Opener) -> None:
    page = open_page("/issues/UA-6", as_="ed")
    page.locator("#write-note").click()
    page.locator("#link-issue").click()
    note, link = page.locator("#note_form"), page.locator("#link_form")
    expect(note.get_by_label("Due")).to_be_hidden()  # an assessment has none
    note.get_by_label("Kind").select_option("action")
    note.get_by_label("Note", exact=True).fill("Ask them.")
    note.get_by_label("Due").fill("+2")
    link.get_by_label("How it hangs together").select_option("part_of")
    link.get_by_label("With which issue").fill("UA-1")
    note.get_by_role("button", name="Save note").click()
    expect(page.locator("#notes .note").first).to_contain_text("Ask them.")
    expect(page.locator("#write-note")).to_be_focused()
    link.get_by_role("button", name="Save link").click()
    expect(page.locator("#links")).to_contain_text("Part of UA-1")
    page.locator("#links").get_by_role("button", name=re.compile("Take away.*UA-1")).click()
    expect(page.locator("#links")).not_to_contain_text("UA-1")
    expect(page.locator("#flash")).to_contain_text("was taken away")
