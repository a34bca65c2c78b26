"""After a round, at the keyboard: the issues down the page, row after row."""

from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.conftest import Opener, Site
from tests.browser.test_accessibility import findings
from tracker.db import writing
from tracker.models import Issue, Review, StatusChange, act_as

PAGE = "/negotiations/UA/events/1/record?source=1"


def reviewed(site: Site) -> list[str]:
    with site.session() as session:
        query = select(Review).join(Review.issue).where(Review.recorded_by == "Ed").order_by(Review.id)
        return [review.issue.key for review in session.scalars(query)]


def recorded(site: Site) -> list[tuple[str, str, int | None]]:
    with site.session() as session:
        query = select(StatusChange).where(StatusChange.recorded_by == "Ed").order_by(StatusChange.id)
        return [(each.issue.key, each.status.value, each.event_id) for each in session.scalars(query)]


def keys(page: Page) -> list[str]:
    return [str(row.get_attribute("id")) for row in page.locator(".rows > li").all()]


def in_row(page: Page) -> str:
    """Tell in which row the focus is, and on what."""
    focus = page.locator(":focus")
    row = focus.evaluate("node => node.closest('li')?.id")
    return f"{row} {focus.get_attribute('name')}"


def test_space_goes_down_the_page(open_page: Opener, site: Site) -> None:
    page = open_page(PAGE, as_="ed")
    first, second, third, *_ = keys(page)
    page.locator(f"#{first} [name=checked]").focus()
    for key, following in ((first, second), (second, third)):
        page.keyboard.press("Space")
        expect(page.locator(f"#{key}").get_by_text("Checked, no change").first).to_be_visible()
        expect(page.locator("#flash")).to_contain_text(f"{key}: checked, no change.")
        assert in_row(page) == f"{following} checked"
    assert reviewed(site) == [first, second]
    assert page.url.endswith(PAGE)
    assert findings(page) == []


def test_a_row_is_typed_saved_and_left_for_the_next(open_page: Opener, site: Site) -> None:
    page = open_page(PAGE, as_="ed")
    first, second, *_ = keys(page)
    page.locator(f"#{second} textarea").fill("Words of another row.")
    page.locator(f"#{first} [name=checked]").focus()
    page.keyboard.press("Tab")  # past the button: the status
    assert in_row(page) == f"{first} status"
    page.keyboard.type("Parked")
    page.locator(f"#{first}").get_by_label("Why").focus()
    page.keyboard.type("Both asked for a pause.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(f"#{first}")).to_contain_text("Recorded here: Open; Parked by consent")
    assert in_row(page) == f"{second} checked"
    expect(page.locator(f"#{second} textarea")).to_have_value("Words of another row.")
    assert recorded(site) == [(first, "parked", 1)]


def test_a_refusal_and_a_conflict_stay_in_the_row(open_page: Opener, site: Site) -> None:
    page = open_page(PAGE, as_="ed")
    key = keys(page)[1]
    row = page.locator(f"#{key}")
    row.get_by_label("Status", exact=True).select_option("blocked")
    row.get_by_role("button", name="Save status").click()
    expect(row.get_by_role("alert")).to_contain_text("Give a reason")
    expect(row.get_by_label("Status", exact=True)).to_have_value("blocked")
    assert findings(page) == []
    with writing(), site.session() as session:
        act_as(session, "tests")
        issue = session.scalars(select(Issue).where(Issue.number == int(key.rpartition("-")[2]))).one()
        issue.edit({"question": "Changed meanwhile?"})
        session.commit()
    row.get_by_label("Why").fill("No more talks.")
    row.get_by_role("button", name="Save status").click()
    expect(row.get_by_role("alert")).to_contain_text("saved while you were writing")
    expect(row.get_by_label("Why")).to_have_value("No more talks.")
    row.get_by_role("button", name="Save mine on top").click()
    expect(page.locator("#flash")).to_contain_text(f"{key}: Blocked")
    assert recorded(site) == [(key, "blocked", 1)]


def test_between_whom_is_asked_where_something_is_agreed(open_page: Opener) -> None:
    page = open_page(PAGE, as_="ed")
    row = page.locator(f"#{keys(page)[0]}")
    expect(row.get_by_text("Between whom")).to_be_hidden()
    row.get_by_label("Status", exact=True).select_option("agreed_in_principle")
    expect(row.get_by_text("Between whom")).to_be_visible()
    assert findings(page) == []


def test_without_scripts_each_row_is_a_form_of_its_own(open_page: Opener, site: Site) -> None:
    page = open_page(PAGE, as_="ed", scripts=False)
    key = keys(page)[2]
    row = page.locator(f"#{key}")
    row.get_by_label("Status", exact=True).select_option("blocked")
    row.get_by_label("Why").fill("No more talks.")
    row.get_by_role("button", name="Save status").click()
    assert page.url.endswith(f"{PAGE}#{key}")
    expect(page.locator(f"#{key}")).to_contain_text("Recorded here: Blocked")
    page.locator(f"#{key}").get_by_role("button", name="Checked, no change").click()
    assert reviewed(site) == [key]
