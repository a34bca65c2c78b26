"""Citing from the text: words marked by mouse or keyboard become entries beside the text."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.conftest import Opener, Site
from tests.browser.test_acts import Typist
from tracker.db import writing
from tracker.models import Citation, Event, Negotiation, Position, Source, StatusChange, StatusClaim, act_as
from tracker.models.vocabulary import Directness

#: Written for the tests: what a day's article on the talks may say.
TEXT = """Envoys meet again while much stays open

The envoy went to Moscow on Tuesday. Officials at home ask what he may promise there. Nobody would say.

Kyiv says that most points are agreed. It warns that the other side may still walk away.

The money frozen in Europe divides the allies. Two officials in Washington said that Russia could have it back
after the war. The Europeans, on whose soil it lies, do not want to hear of it.

Russia speaks of a security zone along the northern border. It gives no line for it.

No real guarantee of security has been agreed. The texts on language, NATO and elections were not shown
to parliament.

The Netherlands give more weapons. They have said so in Kyiv."""


@pytest.fixture
def article(site: Site) -> int:
    """File the article; its day is not known."""
    with writing(), site.session() as session:
        act_as(session, "tests")
        source = Source(title="Envoys meet again", language="en")
        source.set_text(TEXT)
        negotiation = session.scalars(select(Negotiation).where(Negotiation.code == "UA")).one()
        source.add(session, filed_under=[negotiation], by="tests")
        session.commit()
        return source.id


def saved(site: Site, article: int) -> list[Citation]:
    with site.session() as session:
        query = select(Citation).where(Citation.source_id == article).order_by(Citation.id)
        return [*session.scalars(query)]


class Reader(Typist):
    """Reads an article and cites from it by keyboard alone."""

    def mark(self, words: str) -> None:
        """Go on from sentence to sentence, by paragraphs where they are far, until these words are marked."""
        self.page.locator("#words").focus()
        marked = self.page.locator("#extract-quote")
        for _ in range(60):
            quote = " ".join(marked.input_value().split())
            if quote == words:
                return
            paragraphs = self.page.locator("#words > p").all_inner_texts()
            here = next((n for n, text in enumerate(paragraphs) if quote and quote in text), -1)
            there = next(n for n, text in enumerate(paragraphs) if words in " ".join(text.split()))
            if here < there:
                self.press("Control+ArrowRight")
            elif here > there:
                self.press("Control+ArrowLeft")
            else:
                self.press("ArrowRight")
        raise AssertionError(f"never marked: {words}")

    def go_on(self, act: str, issue: str = "", party: str = "") -> None:
        """Say what the words are about, and what they are."""
        self.press("Enter")
        assert self.page.evaluate("document.activeElement.id") == "extract-issue"
        chosen = self.page.locator("#extract-issue")
        if chosen.input_value() != issue:
            self.type(issue or "No")
        if party and self.page.locator("#extract-party").input_value() != party:
            self.press("Tab")
            self.type({"us": "US", "ua": "Ukr", "ru": "Rus", "ep": "Euro"}[party])
        for _ in range(8):
            if self.page.evaluate("document.activeElement.value") == act:
                break
            self.press("Tab")
        self.press("Enter")
        self.wait(lambda: expect(self.page.locator("#cited form")).to_be_visible())

    def save(self, site: Site, article: int, count: int) -> None:
        self.press("Control+Enter")
        self.wait(lambda: expect(self.page.locator("#text mark a")).to_have_count(count))
        assert self.page.evaluate("document.activeElement.id") == "words"
        assert len(saved(site, article)) == count
        assert self.seconds < 10, f"{self.keys} keys and {self.waits} waits"


def choose(reader: Reader, name: str, typed: str) -> None:
    reader.tab_to(name)
    reader.type(typed)


def test_an_article_becomes_entries_by_keyboard_alone_each_in_under_ten_seconds(
    open_page: Opener, site: Site, article: int
) -> None:
    page = open_page(f"/sources/{article}", as_="ed")

    one = Reader(page)
    one.mark("No real guarantee of security has been agreed.")
    one.go_on("status", "UA-6")
    choose(one, "status", "Needs")
    one.tab_to("effective_on")
    one.paste("2/12/2025")
    one.tab_to("reason")
    one.paste("Nothing is agreed")
    one.save(site, article, 1)

    two = Reader(page)
    two.mark("Two officials in Washington said that Russia could have it back after the war.")
    two.go_on("position", "UA-5", "us")
    choose(two, "movement", "Ch")
    choose(two, "citations-0-directness", "Ano")
    choose(two, "stance", "Prop")
    take(two)
    two.save(site, article, 2)

    three = Reader(page)
    three.mark("The Europeans, on whose soil it lies, do not want to hear of it.")
    three.go_on("position", "UA-5", "ep")
    choose(three, "stance", "Opp")
    take(three)
    three.save(site, article, 3)

    four = Reader(page)
    four.mark("Kyiv says that most points are agreed.")
    four.go_on("claim", "", "ua")
    four.save(site, article, 4)

    five = Reader(page)
    five.mark("Russia speaks of a security zone along the northern border.")
    five.go_on("position", "UA-3", "ru")
    choose(five, "stance", "Prop")
    take(five)
    five.save(site, article, 5)

    six = Reader(page)
    six.mark("The Netherlands give more weapons.")
    six.go_on("event")
    six.tab_to("title")
    six.paste("The Netherlands give more weapons")
    choose(six, "kind", "Dec")
    six.save(site, article, 6)

    with site.session() as session:
        event = session.scalars(select(Event).order_by(Event.id.desc())).first()
        assert event is not None
        assert (event.title, event.starts_on.isoformat()) == (
            "The Netherlands give more weapons",
            "2025-12-02",
        )
        change = session.scalars(select(StatusChange).order_by(StatusChange.id.desc())).first()
        claim = session.scalars(select(StatusClaim).order_by(StatusClaim.id.desc())).first()
        stated = session.scalars(select(Position).order_by(Position.id.desc()).limit(3)).all()
        assert change is not None
        assert claim is not None
        assert (change.status.value, change.issue.key) == ("clarification", "UA-6")
        assert (claim.party.code, claim.issue, claim.words) == (
            "ua",
            None,
            "Kyiv says that most points are agreed.",
        )
        assert [position.party.code for position in reversed(stated)] == ["us", "ep", "ru"]
        assert stated[2].evidence[0].directness is Directness.ANONYMOUS
        cited = [entry.evidence[0] for entry in (change, claim, *stated)]
        assert all(citation.offset is not None and citation.credibility.value == "6" for citation in cited)
        assert {citation.locator for citation in cited} == {"para 3", "para 4", "para 5", "para 6"}
        assert {entry.effective_on.isoformat() for entry in (change, claim, *stated)} == {"2025-12-02"}


def take(reader: Reader) -> None:
    """Where a line is in force, its words stand in the summary: take those of the source instead."""
    button = reader.page.locator("[data-copies]")
    if button.count() and button.is_visible():
        for _ in range(20):
            if reader.page.evaluate("'copies' in document.activeElement.dataset"):
                break
            reader.press("Tab")
        reader.press("Enter")


def drag(page: Page, words: str) -> None:
    """Select words with the mouse, from their first letter to their last."""
    box = page.evaluate(
        """words => {
            const walker = document.createTreeWalker(document.getElementById("words"), NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const at = walker.currentNode.data.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(walker.currentNode, at);
                range.setEnd(walker.currentNode, at + words.length);
                walker.currentNode.parentElement.scrollIntoView({ block: "center" });
                const boxes = [...range.getClientRects()];
                const [first, last] = [boxes[0], boxes.at(-1)];
                return [first.left, first.top + first.height / 2, last.right, last.top + last.height / 2];
            }
        }""",
        words,
    )
    page.mouse.move(box[0] + 0.5, box[1])
    page.mouse.down()
    page.mouse.move(box[2] - 0.5, box[3], steps=5)
    page.mouse.up()


def test_words_marked_with_the_mouse_open_a_menu_beside_them(open_page: Opener, article: int) -> None:
    page = open_page(f"/sources/{article}", as_="ed")
    drag(page, "It gives no line for it.")
    menu = page.get_by_role("toolbar", name="What do these words say?")
    expect(menu).to_be_visible()
    expect(page.locator("#extract-quote")).to_have_value("It gives no line for it.")
    page.locator("#extract-issue").select_option("UA-3")
    page.locator("#extract-party").select_option("ru")
    page.locator("#words > p").first.click()
    expect(menu).to_be_hidden()
    drag(page, "It gives no line")
    menu.get_by_role("button", name="Position").click()
    form = page.locator("#position_form")
    expect(form.locator("[name=citations-0-quote]")).to_have_value("It gives no line")
    expect(form.locator("[name=citations-0-locator]")).to_have_value("para 5")


def test_without_scripts_a_paragraph_is_chosen_and_its_words_cited(
    open_page: Opener, site: Site, article: int
) -> None:
    page = open_page(f"/sources/{article}", as_="ed", scripts=False)
    page.get_by_label("Paragraph").select_option("5")
    page.get_by_role("button", name="Show its words").click()
    words = page.get_by_label("Words of the source")
    expect(words).to_have_value(
        "Russia speaks of a security zone along the northern border. It gives no line for it."
    )
    words.fill("It gives no line for it.")
    page.get_by_label("About").select_option("UA-3")
    page.get_by_role("button", name="Change status").click()
    page.get_by_label("Status", exact=True).select_option("clarification")
    page.get_by_label("Day", exact=True).fill("2/12/2025")
    page.get_by_label("Why", exact=True).fill("It is not clear where")
    page.get_by_role("button", name="Save status").click()
    expect(page).to_have_url(f"{site.url}/sources/{article}")
    expect(page.locator("#text mark")).to_contain_text("It gives no line for it.")


def test_words_that_need_an_issue_say_so_and_stay(open_page: Opener, article: int) -> None:
    page = open_page(f"/sources/{article}", as_="ed")
    reader = Reader(page)
    reader.mark("They have said so in Kyiv.")
    page.locator("#cite").get_by_role("button", name="State a position").click()
    expect(page.locator("#cite [data-error-summary]")).to_be_focused()
    expect(page.locator("#extract-quote")).to_have_value("They have said so in Kyiv.")


def test_a_form_that_was_typed_in_is_not_taken_away_by_the_next_words(
    open_page: Opener, article: int
) -> None:
    page = open_page(f"/sources/{article}", as_="ed")
    reader = Reader(page)
    reader.mark("They have said so in Kyiv.")
    reader.go_on("event")
    page.locator("#event_form [name=title]").fill("A long thought")
    drag(page, "It gives no line for it.")
    page.get_by_role("toolbar").get_by_role("button", name="Event").click()
    expect(page.locator("#flash")).to_contain_text("is not saved yet")
    expect(page.locator("#event_form [name=title]")).to_have_value("A long thought")
    page.locator("#event_form [data-cancel]").click()
    expect(page.locator("#cited form")).to_have_count(0)


def test_the_beginning_of_what_is_marked_is_moved_by_keyboard(open_page: Opener, article: int) -> None:
    page = open_page(f"/sources/{article}", as_="ed")
    reader = Reader(page)
    reader.mark("It gives no line for it.")
    reader.press("Control+Shift+ArrowRight", 2)
    expect(page.locator("#extract-quote")).to_have_value("no line for it.")
    reader.press("Control+Shift+ArrowLeft")
    reader.press("Shift+ArrowLeft")
    expect(page.locator("#extract-quote")).to_have_value("gives no line for")
