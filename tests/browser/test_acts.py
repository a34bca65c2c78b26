"""The day's work in the browser: what an editor does by keyboard, and what may go wrong meanwhile."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.conftest import Opener, Site
from tests.world import PASSWORD
from tracker.db import writing
from tracker.models import Source, StatusChange, act_as

WORDS = "There is no agreement on real security guarantees for the country."
TEXT = f"The talks go on.\n\nMuch is open. {WORDS}\n\nThe author stresses this."


def store_text(site: Site, title: str = "US offers Ukraine NATO-like guarantee") -> int:
    """Store a text for one of the demonstration's sources; give the source's id."""
    with writing(), site.session() as session:
        act_as(session, "tests")
        source = session.scalars(select(Source).where(Source.title == title)).one()
        source.set_text(TEXT)
        session.commit()
        return source.id


def changes(site: Site, key: int) -> list[StatusChange]:
    """Give the status changes of an issue in the order of recording."""
    with site.session() as session:
        query = select(StatusChange).join(StatusChange.issue).where(StatusChange.issue.has(number=key))
        return list(session.scalars(query.order_by(StatusChange.id)))


class Typist:
    """Someone fast at a keyboard: counts the keys pressed and the times the page was waited for."""

    KEY, WAIT = 0.15, 0.5  # seconds; a paste is one chord of two keys

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0
        self.waits = 0

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
            self.keys += key.count("+") + 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def paste(self, text: str) -> None:
        self.page.keyboard.insert_text(text)
        self.keys += 2

    def wait(self, seen: Callable[[], None]) -> None:
        seen()
        self.waits += 1

    def tab_to(self, name: str) -> None:
        """Press Tab until the field of that name has the focus."""
        for _ in range(30):
            if self.page.evaluate("document.activeElement.name || document.activeElement.id") == name:
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not reach {name}")

    @property
    def seconds(self) -> float:
        return self.keys * self.KEY + self.waits * self.WAIT


def test_a_status_change_on_a_known_source_takes_under_ten_seconds_by_keyboard(
    open_page: Opener, site: Site
) -> None:
    source = store_text(site)
    page = open_page("/issues/UA-6", as_="ed")
    page.locator("#change-status").focus()
    typist = Typist(page)
    typist.press("Enter")
    typist.wait(lambda: expect(page.locator("[name=citations-0-quote]")).to_be_focused())
    typist.paste(WORDS)
    typist.wait(lambda: expect(page.locator("#citation-source")).to_contain_text("para 2"))
    typist.tab_to("status")
    typist.type("Blo")
    typist.press("Control+Enter")
    typist.wait(lambda: expect(page.locator("#flash")).to_contain_text("UA-6: Blocked since 16 Dec 2025"))
    assert typist.seconds < 10, f"{typist.keys} keys and {typist.waits} waits"
    made = changes(site, 6)[-1]
    with site.session() as session:
        made = session.merge(made)
        assert made.status.value == "blocked"
        assert made.effective_on.isoformat() == "2025-12-16"  # the day of the source
        assert [(c.source_id, c.locator, c.is_checked) for c in made.citations] == [(source, "para 2", True)]
    expect(page.locator("#change-status")).to_be_focused()
    expect(page.locator("#status")).to_contain_text("Blocked")


def test_a_status_change_with_a_new_source_stays_on_the_page(open_page: Opener, site: Site) -> None:
    page = open_page("/issues/UA-2", as_="ed")
    page.get_by_role("link", name="Change status").click()
    page.get_by_role("link", name="add a source", exact=True).click()
    form = page.locator("#new_source")
    form.get_by_label("Title").fill("A new article")
    form.get_by_role("button", name=re.compile("Add|Save")).click()
    expect(page.locator("#citation-source")).to_contain_text("A new article")
    page.locator("select[name=status]").select_option("parked")
    page.get_by_label("Day", exact=True).fill("1/12/2025")
    page.get_by_label("Why", exact=True).fill("Set aside by consent")
    page.get_by_role("button", name="Save status").click()
    expect(page.locator("#flash")).to_contain_text("UA-2: Parked by consent since")
    assert changes(site, 2)[-1].reason == "Set aside by consent"


def test_the_second_of_two_tabs_is_told_and_loses_nothing(open_page: Opener, site: Site) -> None:
    first = open_page("/issues/UA-1", as_="ed")
    second = open_page("/issues/UA-1", as_="ann")
    for page, status in ((first, "blocked"), (second, "parked")):
        page.get_by_role("link", name="Change status").click()
        page.locator("select[name=status]").select_option(status)
        page.locator("select[name=citations-0-source]").select_option(index=1)
        page.get_by_label("Day", exact=True).fill("20/12/2025")
        page.get_by_label("Why", exact=True).fill(f"so says {status}")
    first.get_by_role("button", name="Save status").click()
    expect(first.locator("#flash")).to_contain_text(": Blocked since")
    second.get_by_role("button", name="Save status").click()
    panel = second.locator("[data-conflict]")
    expect(panel).to_contain_text("Ed saved while you were writing")
    expect(panel).to_contain_text("Blocked")
    expect(second.get_by_label("Why", exact=True)).to_have_value("so says parked")
    panel.get_by_role("button", name="Save mine on top of theirs").click()
    expect(second.locator("#flash")).to_contain_text(": Parked by consent since")
    assert [change.status.value for change in changes(site, 1)][-2:] == ["blocked", "parked"]


def test_a_session_that_ends_while_typing_costs_nothing(open_page: Opener, site: Site) -> None:
    page = open_page("/issues/UA-1", as_="ed")
    page.get_by_role("link", name="Change status").click()
    page.get_by_label("Why", exact=True).fill("a long thought")
    page.locator("select[name=status]").select_option("blocked")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save status").click()
    expect(page.locator("#flash")).to_contain_text("session has ended")
    expect(page.get_by_label("Why", exact=True)).to_have_value("a long thought")
    page.locator("#flash").get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail").fill("ed@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/issues/UA-1")  # where the form opens again by itself
    expect(page.get_by_label("Why", exact=True)).to_have_value("a long thought")
    expect(page.locator("select[name=status]")).to_have_value("blocked")
    assert len(changes(site, 1)) == 1


def test_text_that_waits_is_announced_where_its_form_opens(open_page: Opener) -> None:
    page = open_page("/issues/UA-1", as_="ed")
    link = page.get_by_role("link", name="Change status")
    link.click()
    page.get_by_label("Why", exact=True).fill("a long thought")
    page.reload()
    expect(link).to_contain_text("(unsaved text)")
    link.click()
    expect(page.get_by_label("Why", exact=True)).to_have_value("a long thought")
    page.get_by_role("link", name="Cancel").click()
    expect(link).not_to_contain_text("unsaved")


def test_a_lost_connection_costs_nothing(open_page: Opener) -> None:
    page = open_page("/issues/UA-1", as_="ed")
    page.get_by_role("link", name="Change status").click()
    page.get_by_label("Why", exact=True).fill("a long thought")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save status").click()
    expect(page.locator("#flash")).to_contain_text("connection was lost")
    expect(page.get_by_label("Why", exact=True)).to_have_value("a long thought")


def test_a_double_press_enters_once(open_page: Opener, site: Site) -> None:
    page = open_page("/issues/UA-1", as_="ed")
    page.get_by_role("link", name="Change status").click()
    page.locator("select[name=status]").select_option("blocked")
    page.locator("select[name=citations-0-source]").select_option(index=1)
    page.get_by_label("Day", exact=True).fill("20/12/2025")
    page.get_by_label("Why", exact=True).fill("twice")
    page.get_by_role("button", name="Save status").dblclick()
    expect(page.locator("#flash")).to_contain_text(": Blocked since")
    assert [change.reason for change in changes(site, 1)].count("twice") == 1


def test_restating_a_position_asks_for_three_fields_only(open_page: Opener, site: Site) -> None:
    store_text(site)
    page = open_page("/issues/UA-6", as_="ed")
    page.locator("#state-ru").click()
    page.get_by_label("Movement").select_option("restated")
    expect(page.get_by_label("Stance")).to_be_hidden()
    expect(page.get_by_label("What the party holds")).to_be_hidden()
    page.get_by_label("Words of the source").first.fill(WORDS)
    expect(page.locator("#citation-source")).to_contain_text("para 2")
    page.get_by_role("button", name="Save position").click()
    expect(page.locator("#flash")).to_contain_text("Russia on UA-6: recorded")
    expect(page.locator("#p-ru")).to_contain_text("Restated")


def test_a_position_is_stated_from_its_cell_and_leads_back_there(open_page: Opener) -> None:
    address = "/negotiations/UA/compare?party=ua&party=ru&topic=Security"
    page = open_page(address, as_="ed")
    cell = page.locator("#UA-2-ru")
    expect(cell).to_contain_text("Not stated")
    cell.get_by_role("link", name=re.compile("State")).click()
    page.get_by_label("Stance").select_option("supports")
    page.get_by_label("What the party holds").fill("Wants it written down.")
    page.locator("select[name=citations-0-source]").select_option(index=1)
    page.get_by_label("Day", exact=True).fill("20/12/2025")
    page.get_by_role("button", name="Save position").click()
    page.wait_for_url("**/compare?party=ua&party=ru&topic=Security#UA-2-ru")
    expect(page.locator("#UA-2-ru")).to_contain_text("Wants it written down.")


def test_compare_shows_other_cells_as_of_another_day(open_page: Opener) -> None:
    page = open_page("/negotiations/UA/compare?party=ru&party=ua&party=us&as_of=2025-12-02")
    early = page.locator("table").first.inner_text()
    page.goto("/negotiations/UA/compare?party=ru&party=ua&party=us&as_of=2025-12-24")
    assert page.locator("table").first.inner_text() != early
    expect(page.locator(".past")).to_contain_text("As of 24 Dec 2025")
    page.get_by_role("link", name="Back to today").click()
    expect(page).to_have_url(re.compile(r"compare\?party=ru&party=ua&party=us$"))


def test_everything_works_without_javascript(open_page: Opener, site: Site) -> None:
    page = open_page("/issues/UA-1", as_="ed", scripts=False)
    page.get_by_role("link", name="Change status").click()
    page.get_by_role("button", name="Another source").click()
    expect(page.locator("fieldset.further").last).to_contain_text("Source 3")
    page.get_by_role("button", name="Save status").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("Choose the status")
    page.locator("select[name=status]").select_option("blocked")
    page.locator("select[name=citations-0-source]").select_option(index=1)
    page.get_by_label("Day", exact=True).fill("20/12/2025")
    page.get_by_label("Why", exact=True).fill("plainly")
    page.get_by_role("button", name="Save status").click()
    expect(page.locator("#flash")).to_contain_text(": Blocked since")
    page.get_by_role("button", name="Checked, no change").click()
    expect(page.locator("#flash")).to_contain_text("checked, no change")
    page.get_by_role("link", name="Retract", exact=True).first.click()
    page.get_by_label("Why").fill("Entered by mistake")
    page.get_by_role("button", name="Retract").click()
    expect(page.locator("#status .retracted").first).to_contain_text("Entered by mistake")
    page.goto("/negotiations/UA/compare?party=ru&party=ua&as_of=2025-12-02")
    expect(page.locator("table").first).to_contain_text("Not stated")
    assert changes(site, 1)[-1].reason == "plainly"
