"""The timeline: the drawing, the list beneath it, and what the address may ask for."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.queries.test_courses import after, change
from tests.queries.test_timeline import claim, hold, table
from tests.views.conftest import Statements
from tests.views.reading import element, words
from tests.world import DAY, World, make_source
from tracker.models import Issue
from tracker.models.vocabulary import Handling, Status, Visibility

PAGE = "/negotiations/TK/timeline"


def test_the_list_says_all_that_the_drawing_shows(
    session: Session, world: World, client: FlaskClient
) -> None:
    round_ = hold(world, "Third round", DAY, place="Lakeside", participants=["red", "med"])
    change(world, Status.BLOCKED, after(4), world.water)
    session.commit()
    page = client.get(PAGE).text
    listed = words(element(page, "list"))
    assert "Event Third round Other, Lakeside Red, Mediator" in listed
    assert "TK-1 Water: Open → to Blocked Sidelined So it was said." in listed
    assert f'id="event-{round_.id}"' in page
    drawn = element(page, "drawing")
    assert f'<a href="#event-{round_.id}"><title>2 Dec 2025: Third round</title>' in drawn
    assert "<title>TK-1: Open since 2 Dec 2025 until 6 Dec 2025</title>" in drawn
    assert "<title>TK-1: Blocked since 6 Dec 2025</title>" in drawn
    assert "No status in these days" in drawn


def test_each_mark_leads_to_an_entry_of_this_page_or_to_its_days(
    session: Session, world: World, client: FlaskClient
) -> None:
    blocked = change(world, Status.BLOCKED, after(4), world.water)
    round_ = hold(world, "Third round", DAY)
    session.commit()
    assert f'href="#e-{blocked.uid}"' in client.get(PAGE).text
    drawn = element(client.get(f"{PAGE}?kind=claim&until=2025-12-31&as_of=2025-12-31").text, "drawing")
    change_url = f"kind=status&amp;issue=TK-1&amp;since=2025-12-05&amp;until=2025-12-06#e-{blocked.uid}"
    assert f'href="{PAGE}?as_of=2025-12-31&amp;{change_url}"' in drawn
    address = f"{PAGE}?as_of=2025-12-31&since=2025-12-01&until=2025-12-02"
    assert f'href="{address.replace("&", "&amp;")}#event-{round_.id}"' in drawn
    assert f'id="event-{round_.id}"' in client.get(address).text


def test_what_is_off_the_page_is_not_pointed_at(session: Session, world: World, client: FlaskClient) -> None:
    for number in range(60):
        hold(world, f"Event {number}", after(-number))
    change(world, Status.BLOCKED, after(4), world.water)
    session.commit()
    for address in (PAGE, f"{PAGE}?page=2"):
        page = client.get(address).text
        ids = set(re.findall(r'\bid="([^"]+)"', page))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= ids
    assert "Older" in client.get(PAGE).text
    assert "Newer" in client.get(f"{PAGE}?page=2").text
    assert client.get(f"{PAGE}?page=3").status_code == 404


def test_months_and_days_narrow_the_page_and_keep_its_filters(
    session: Session, world: World, client: FlaskClient
) -> None:
    hold(world, "Long ago", DAY - timedelta(days=200))
    session.commit()
    page = client.get(f"{PAGE}?kind=event&as_of=2025-12-31").text
    narrowed = f"{PAGE}?kind=event&as_of=2025-12-31&since=2025-10-31&until=2025-11-30"
    assert narrowed.replace("&", "&amp;") in page
    answer = client.get(narrowed).text
    assert "Nothing on the record is of this kind, in these days." in answer
    assert '<input id="since" type="date" name="since" value="2025-10-31">' in answer
    assert '<input type="hidden" name="as_of" value="2025-12-31">' in answer


def test_entries_lead_to_issue_party_and_source(session: Session, world: World, client: FlaskClient) -> None:
    nine = table(world, "Nine points", DAY, world.border, tabled_by=["red"], source=world.article)
    claim(world, share=40)
    session.commit()
    listed = element(client.get(f"{PAGE}?as_of=2025-12-31").text, "list")
    for address in (
        "/issues/TK-1?as_of=2025-12-31",
        "/issues/TK-2?as_of=2025-12-31",
        "/negotiations/TK/parties/blue?as_of=2025-12-31",
        f"/negotiations/TK/proposals/{nine.id}?as_of=2025-12-31",
        f"/sources/{world.article.id}",
    ):
        assert f'href="{address}"' in listed
    assert "We will not pay for Blue" in words(listed)
    assert "The whole talks: Blue claims 40 % agreed; Nearly done." in words(listed)


def test_many_issues_are_drawn_in_part_and_it_is_said(
    session: Session, world: World, client: FlaskClient
) -> None:
    for number in range(4, 50):
        Issue(negotiation=world.talks, number=number, title=f"Issue {number}").add(session)
    session.commit()
    page = client.get(PAGE).text
    assert "The first 40 of 49 issues are drawn." in page
    assert page.count('<th scope="row">') == 41
    assert "issues are drawn" not in client.get(f"{PAGE}?topic=Economy").text


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("kind=meeting", "kind"),
        ("kind=event&kind=none", "kind"),
        ("party=green", "party"),
        ("issue=UA-1", "issue"),
        ("issue=TK-9", "issue"),
        ("issue=TK-0", "issue"),
        ("topic=Peace", "topic"),
        ("since=2025-02-30", "since"),
        ("until=soon", "until"),
        ("since=2025-12-03&until=2025-12-02", "since"),
        ("as_of=2999-01-01", "as_of"),
        ("page=0", "page"),
    ],
)
def test_what_cannot_be_read_or_is_not_there_is_400(client: FlaskClient, query: str, name: str) -> None:
    answer = client.get(f"{PAGE}?{query}")
    assert answer.status_code == 400
    assert f"{name}: " in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "since=2999-01-01",
        "since=9999-12-31",
        "until=1000-01-01",
        "since=2025-12-02&until=2025-12-02",
        "page=1",
    ],
)
def test_days_without_anything_are_an_empty_page(client: FlaskClient, query: str) -> None:
    assert client.get(f"{PAGE}?{query}").status_code == 200


def test_restricted_talks_are_not_found(session: Session, world: World, client: FlaskClient) -> None:
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    assert client.get(PAGE).status_code == 404


def test_strangers_see_nothing_that_was_not_published(
    session: Session, world: World, client: FlaskClient, as_vera: FlaskClient
) -> None:
    world.talks.publish()
    session.commit()
    hold(world, "Secret round", DAY)
    change(world, Status.BLOCKED, after(4), world.water)
    session.commit()
    assert "Secret round" in as_vera.get(PAGE).text
    page = client.get(PAGE).text
    assert "Secret round" not in page
    assert "Blocked since" not in page


def test_strangers_see_that_a_source_is_withheld(
    session: Session, world: World, client: FlaskClient, as_vera: FlaskClient
) -> None:
    cable = make_source(session, world.talks, "A cable")
    cable.handling = Handling.AMBER
    table(world, "Nine points", DAY, source=cable)
    session.commit()
    assert "source withheld" in client.get(PAGE).text
    assert "A cable" not in client.get(PAGE).text
    assert "A cable" in as_vera.get(PAGE).text


@pytest.mark.parametrize("asked", ["", "?party=red&topic=Economy"])
def test_the_number_of_statements_does_not_grow_with_rows(
    session: Session, world: World, client: FlaskClient, statements: Statements, asked: str
) -> None:
    def cost() -> int:
        client.get(PAGE + asked)
        with statements() as seen:
            assert client.get(PAGE + asked).status_code == 200
        return len(seen)

    hold(world, "One", DAY, participants=["red"])
    table(world, "One", DAY, world.water, tabled_by=["red"])
    claim(world, party=world.red, issue=world.water)
    session.commit()
    few = cost()
    for number in range(20):
        hold(world, "More", after(-number), participants=["red"])
        table(world, "More", after(-number), world.water, tabled_by=["red"])
        claim(world, after(-number), party=world.red, issue=world.water)
    session.commit()
    assert cost() == few
