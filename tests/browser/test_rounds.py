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


def sources(site: Site) -> list[int]:
    """List the sources that what Ed recorded rests on."""
    with site.session() as session:
        query = select(StatusChange).where(StatusChange.recorded_by == "Ed").order_by(StatusChange.id)
        return [each.citations[0].source_id for each in session.scalars(query)]


def another(page: Page) -> tuple[str, str]:
    """Give another source than the one chosen: its id and its words."""
    options = page.locator("#record-source option:not([value='']):not(:checked)")
    return str(options.first.get_attribute("value")), options.first.inner_text()


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
        expect(page.locator(f"#{key}").get_by_text("Checked by Ed without a change")).to_be_visible()
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


def test_a_source_chosen_counts_at_once_for_every_row_and_keeps_what_is_typed(
    open_page: Opener, site: Site
) -> None:
    page = open_page(PAGE, as_="ed")
    first, second, *_ = keys(page)
    row = page.locator(f"#{first}")
    row.get_by_label("Status", exact=True).select_option("blocked")
    row.get_by_label("Why").fill("No more talks.")
    page.locator(f"#{second} textarea").fill("Words of another row.")
    id_, words = another(page)
    page.get_by_label("Source for every row").focus()
    page.get_by_label("Source for every row").select_option(id_)
    expect(row).to_contain_text(f"Is saved under the source: {words}")
    expect(page.locator(f"#{second}")).to_contain_text(f"Is saved under the source: {words}")
    assert page.url.endswith(f"?source={id_}&topic=")
    expect(page.locator(f"#{second} textarea")).to_have_value("Words of another row.")
    assert page.locator(":focus").get_attribute("id") == "record-source"
    row.get_by_role("button", name="Save status").click()
    expect(page.locator("#flash")).to_contain_text(f"{first}: Blocked")
    expect(page.locator("#flash")).to_contain_text(f"Source: {words}")
    assert sources(site) == [int(id_)]
    page.reload()
    expect(page.locator(f"#{second} textarea")).to_have_value("Words of another row.")
    expect(page.locator(f"#{second} [name=citations-0-source]")).to_have_value(id_)


def test_a_source_chosen_counts_even_where_the_page_cannot_follow(open_page: Opener, site: Site) -> None:
    page = open_page(PAGE, as_="ed")
    row = page.locator(f"#{keys(page)[0]}")
    id_, words = another(page)
    page.route("**/record?*topic=*", lambda route: route.abort())
    page.get_by_label("Source for every row").select_option(id_)
    row.get_by_label("Status", exact=True).select_option("blocked")
    row.get_by_label("Why").fill("No more talks.")
    row.get_by_role("button", name="Save status").click()
    expect(page.locator("#flash")).to_contain_text(f"Source: {words}")
    assert sources(site) == [int(id_)]


def test_a_choice_of_source_does_not_hide_that_somebody_else_saved(open_page: Opener, site: Site) -> None:
    page = open_page(PAGE, as_="ed")
    key = keys(page)[1]
    row = page.locator(f"#{key}")
    row.get_by_label("Status", exact=True).select_option("blocked")
    row.get_by_label("Why").fill("No more talks.")
    with writing(), site.session() as session:
        act_as(session, "tests")
        issue = session.scalars(select(Issue).where(Issue.number == int(key.rpartition("-")[2]))).one()
        issue.edit({"question": "Changed meanwhile?"})
        session.commit()
    id_, words = another(page)
    page.get_by_label("Source for every row").select_option(id_)
    expect(row).to_contain_text(words)
    expect(row.get_by_label("Why")).to_have_value("No more talks.")
    row.get_by_role("button", name="Save status").click()
    expect(row.get_by_role("alert")).to_contain_text("saved while you were writing")
    assert recorded(site) == []


def test_without_scripts_a_row_is_saved_under_the_source_that_it_names(open_page: Opener, site: Site) -> None:
    page = open_page(PAGE, as_="ed", scripts=False)
    key = keys(page)[0]
    row = page.locator(f"#{key}")
    named = page.locator("#record-source option:checked").inner_text()
    page.get_by_label("Source for every row").select_option(another(page)[0])
    expect(row).to_contain_text(f"Is saved under the source: {named}")
    row.get_by_label("Status", exact=True).select_option("blocked")
    row.get_by_label("Why").fill("No more talks.")
    row.get_by_role("button", name="Save status").click()
    expect(page.locator("#flash")).to_contain_text(f"Source: {named}")
    assert sources(site) == [1]


def test_undo_leads_back_to_the_row(open_page: Opener) -> None:
    page = open_page(PAGE, as_="ed")
    key = keys(page)[-1]
    row = page.locator(f"#{key}")
    row.get_by_label("Status", exact=True).select_option("blocked")
    row.get_by_label("Why").fill("No more talks.")
    row.get_by_role("button", name="Save status").click()
    page.locator("#flash").get_by_role("button", name="Undo").click()
    expect(page.locator("#flash")).to_contain_text("Undone.")
    expect(page.locator(f"#{key}-h")).to_be_focused()
    expect(page.locator(f"#{key}-h")).to_be_in_viewport()


def test_between_whom_stands_across_the_row(open_page: Opener) -> None:
    page = open_page(PAGE, as_="ed")
    row = page.locator(f"#{keys(page)[0]}")
    row.get_by_label("Status", exact=True).select_option("agreed_in_principle")
    group, fields = row.locator("fieldset.field").bounding_box(), row.locator(".fields").bounding_box()
    assert group
    assert fields
    assert abs(group["width"] - fields["width"]) < 1
