"""What the forms for entries share: the words of a source, its day, the fields filled in, the way on."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, hidden, post
from tests.views.reading import element, fault, form_on, shows_typed, words
from tests.world import DAY, QUOTE, World, make_source
from tracker.dates import latest_day
from tracker.db import now
from tracker.models import Event, StatusChange
from tracker.models.vocabulary import EventKind

HISTORY = "/issues/TK-2/status-changes"
FORM = HISTORY + "/new"
OTHER_SITES = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil",
]


def typed(world: World, **changes: str) -> dict[str, Any]:
    """What an editor types to open the border."""
    return {
        "status": "open",
        "effective_on": "2025-12-02",
        "reason": "They speak of it.",
        "citations-0-source": str(world.article.id),
    } | changes


def last(session: Session) -> StatusChange:
    """Read the change that was entered last."""
    session.rollback()
    query = select(StatusChange).order_by(StatusChange.id.desc()).limit(1)
    return session.scalars(query).one()


def test_words_that_are_found_need_no_reason(as_ed: FlaskClient, world: World, session: Session) -> None:
    found = typed(world, reason="") | {"citations-0-quote": f"  {QUOTE}\r\n"}
    assert post(as_ed, FORM, found, to=HISTORY).status_code == 303
    citation = last(session).citations[0]
    assert (citation.quote, citation.locator, citation.is_checked) == (QUOTE, "para 3", True)


def test_way_to_a_new_source_leads_back_to_the_form_after_a_refusal(as_ed: FlaskClient, world: World) -> None:
    answer = post(as_ed, FORM + "?next=/negotiations/TK", typed(world, effective_on="30/2"), to=HISTORY)
    assert answer.status_code == 422
    assert "next=/issues/TK-2/status-changes/new?next%3D/negotiations/TK" in answer.text


def test_locator_that_was_given_stays(as_ed: FlaskClient, world: World, session: Session) -> None:
    found = typed(world) | {"citations-0-quote": QUOTE, "citations-0-locator": "p. 1"}
    assert post(as_ed, FORM, found, to=HISTORY).status_code == 303
    assert last(session).citations[0].locator == "p. 1"


def test_one_word_that_differs_is_refused_with_the_nearest_passage(as_ed: FlaskClient, world: World) -> None:
    changed = typed(world) | {"citations-0-quote": QUOTE.replace("not", "now")}
    page = post(as_ed, FORM, changed, to=HISTORY)
    assert page.status_code == 422
    message = fault(page.text, "citations-0-quote")
    assert "These words are not in the source’s stored text. The nearest passage is:" in message
    assert "We will not pay for Blue’s dam" in message
    assert shows_typed(page.text, changed)


def test_words_of_a_text_that_is_not_stored_stay_unchecked(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    blind = typed(world) | {"citations-0-quote": "Hearsay", "citations-0-source": str(world.report.id)}
    assert post(as_ed, FORM, blind, to=HISTORY).status_code == 303
    assert not last(session).citations[0].is_checked
    assert "quote unchecked" in words(as_ed.get(HISTORY).text)


def test_second_source_that_is_wrong_stands_open(as_ed: FlaskClient, world: World) -> None:
    wrong = typed(world) | {"citations-1-source": str(world.article.id), "citations-1-quote": "Not there"}
    for headers in ({}, HTMX):
        page = as_ed.post(HISTORY, data=hidden(as_ed, FORM) | wrong, headers=headers)
        assert page.status_code == 422
        assert "not in the source’s stored text" in fault(page.text, "citations-1-quote")
        assert "<details open>" in page.text
    assert "<details open>" not in as_ed.get(FORM).text


def test_sources_are_recorded_in_their_order(as_ed: FlaskClient, world: World, session: Session) -> None:
    two = typed(world) | {"citations-1-source": str(world.report.id), "citations-1-credibility": "2"}
    assert post(as_ed, FORM, two, to=HISTORY).status_code == 303
    assert [citation.source_id for citation in last(session).citations] == [
        world.article.id,
        world.report.id,
    ]


def test_words_without_a_source_are_not_dropped(as_ed: FlaskClient, world: World) -> None:
    for field in ("quote", "locator", "translation"):
        alone = typed(world) | {f"citations-1-{field}": "Words"}
        page = post(as_ed, FORM, alone, to=HISTORY)
        assert page.status_code == 422, field
        assert "Choose the source." in fault(page.text, "citations-1-source")
        assert shows_typed(page.text, alone)


@pytest.mark.parametrize("number", ["²", "9" * 5000, "-1", "x", "0-0"])
def test_row_with_a_strange_number_is_passed_over(as_ed: FlaskClient, world: World, number: str) -> None:
    strange = typed(world) | {f"citations-{number}-source": "1"}
    assert post(as_ed, FORM, strange, to=HISTORY).status_code == 303


@pytest.mark.parametrize(
    ("day", "on", "printed"),
    [
        ("2025-12-02", DAY, ""),
        ("2.12.2025", DAY, ""),
        ("2 Dec 2025", DAY, ""),
        ("early December 2025", date(2025, 12, 10), "early December 2025"),
    ],
)
def test_day_is_read_as_people_write_it(
    as_ed: FlaskClient, world: World, session: Session, day: str, on: date, printed: str
) -> None:
    assert post(as_ed, FORM, typed(world, effective_on=day), to=HISTORY).status_code == 303
    assert (last(session).effective_on, last(session).effective_words) == (on, printed)
    assert f"since {printed or '2 Dec 2025'}" in words(element(as_ed.get("/issues/TK-2").text, "status"))


def test_day_without_a_year_is_the_latest_one(as_ed: FlaskClient, world: World, session: Session) -> None:
    assert post(as_ed, FORM, typed(world, effective_on="2/12"), to=HISTORY).status_code == 303
    found = last(session).effective_on
    assert (found.day, found.month) == (2, 12)
    assert latest_day() - timedelta(days=366) <= found <= latest_day()


@pytest.mark.parametrize(("day", "back"), [("today", 0), ("0", 0), ("-1", 1), ("yesterday", 1), ("-30", 30)])
def test_today_is_today_in_utc_whatever_the_day_in_the_east(
    as_ed: FlaskClient, world: World, session: Session, day: str, back: int
) -> None:
    assert post(as_ed, FORM, typed(world, effective_on=day), to=HISTORY).status_code == 303
    assert last(session).effective_on == datetime.now(UTC).date() - timedelta(days=back)


def test_words_for_the_day_are_printed_instead_of_it(as_ed: FlaskClient, world: World) -> None:
    vague = typed(world, effective_words="around the feast", day_basis="inferred")
    assert post(as_ed, FORM, vague, to=HISTORY).status_code == 303
    page = words(as_ed.get(HISTORY).text)
    assert "around the feast As a whole: Open" in page
    assert "Day: inferred" in page


def test_source_and_day_used_last_are_offered_again(as_ed: FlaskClient, world: World) -> None:
    assert form_on(as_ed.get(FORM).text)["citations-0-source"] == [""]
    post(as_ed, FORM, typed(world, effective_on="-1"), to=HISTORY)
    form = form_on(as_ed.get("/issues/TK-3/status-changes/new").text)
    assert form["citations-0-source"] == [str(world.article.id)]
    assert form["effective_on"] == [(datetime.now(UTC).date() - timedelta(days=1)).isoformat()]


def test_source_of_the_address_brings_its_day(as_ed: FlaskClient, world: World) -> None:
    form = form_on(as_ed.get(f"{FORM}?source={world.article.id}&quote=Some+words").text)
    assert form["citations-0-source"] == [str(world.article.id)]
    assert form["citations-0-quote"] == ["Some words"]
    assert form["effective_on"] == ["2025-12-02"]
    assert form_on(as_ed.get(f"{FORM}?source=x").text)["citations-0-source"] == [""]


def test_choice_outside_the_latest_hundred_is_kept(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    for number in range(101):
        make_source(session, world.talks, f"Later {number}")
    days = [date(2025, 1, 1) + timedelta(days=number) for number in range(101)]
    events = [
        Event(negotiation=world.talks, kind=EventKind.CALL, title="Call", starts_on=day, recorded_by="Ed")
        for day in days
    ]
    for event in events:
        event.recorded_at = now()
    session.add_all(events)
    session.commit()
    chosen = typed(world, status="", event=str(events[0].id))
    page = post(as_ed, FORM, chosen, to=HISTORY)
    assert page.status_code == 422
    assert shows_typed(page.text, chosen)


def test_onward_goes_to_the_next_issue_with_the_same_source(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    world.prisoners.ordering = -1  # the order of the pages, not of the keys
    session.commit()
    at_last = post(as_ed, FORM, typed(world, onward="1"), to=HISTORY)
    assert at_last.location == "/issues/TK-2#status"
    first = "/issues/TK-3/status-changes"
    answer = post(as_ed, first + "/new", typed(world, onward="1"), to=first)
    assert answer.status_code == 303
    assert answer.location == f"/issues/TK-1/status-changes/new?source={world.article.id}"
    page = as_ed.get(answer.location).text
    assert "TK-3: Open since 2 Dec 2025, recorded." in words(element(page, "flash"))
    assert form_on(page)["citations-0-source"] == [str(world.article.id)]


def test_onward_in_place_is_told_to_the_browser(as_ed: FlaskClient, world: World) -> None:
    answer = post(as_ed, "/issues/TK-1/status-changes/new", typed(world, status="parked", onward="1"),
                  to="/issues/TK-1/status-changes", htmx=True)  # fmt: skip
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == f"/issues/TK-2/status-changes/new?source={world.article.id}"


def test_saving_returns_to_where_it_began(as_ed: FlaskClient, world: World) -> None:
    back = "/negotiations/TK/compare?party=red&party=blue"
    page = as_ed.get(FORM, query_string={"next": back})
    assert form_on(page.text)["next"] == [back]
    assert post(as_ed, FORM, typed(world, next=back), to=HISTORY).location == back


@pytest.mark.parametrize("elsewhere", OTHER_SITES)
def test_the_way_back_never_leaves_this_site(as_ed: FlaskClient, world: World, elsewhere: str) -> None:
    positions = "/issues/TK-2/positions"
    asked = {"party": "red", "entry": uid_of(world), "next": elsewhere}
    for form in (FORM, positions + "/new", "/retractions/new"):
        page = as_ed.get(form, query_string=asked)
        assert page.status_code == 200
        assert form_on(page.text)["next"] == [""]
        assert_stays_here(page.text)
    assert post(as_ed, FORM, typed(world, next=elsewhere), to=HISTORY).location == "/issues/TK-2#status"
    refused = post(as_ed, positions + "/new?party=red", {"next": elsewhere}, to=positions)
    assert refused.status_code == 422
    assert_stays_here(refused.text)


def uid_of(world: World) -> str:
    """Name an entry of the world."""
    change = world.water.status_on()
    assert change is not None
    return change.uid


def assert_stays_here(html: str) -> None:
    """Hold that every link is a path of this site or a place on the page."""
    links = re.findall(r"\shref=[\"']([^\"']*)", html)
    assert links
    assert [link for link in links if not re.match(r"/[\w?#-]|/$|#", link)] == []


def test_another_source_is_asked_for_without_a_script_and_keeps_what_was_typed(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    form = form_on(as_ed.get(FORM).text) | {"status": "parked", "reason": "half a thought", "another": "1"}
    page = as_ed.post(HISTORY, data=form)
    assert page.status_code == 422
    assert page.text.count('<fieldset class="wide further">') == 2
    assert "<legend>Source 3</legend>" in page.text
    assert "There is a problem" not in page.text
    assert shows_typed(page.text, {"status": "parked", "reason": "half a thought"})
    third = re.search(r"<select[^>]*citations-2-source[^>]*>", page.text)
    assert third
    assert "data-autofocus" in third[0]
    assert page.text.count("data-autofocus") == 1
    again = as_ed.post(HISTORY, data=form_on(page.text) | {"another": "1"}, headers=HTMX)
    assert "<legend>Source 4</legend>" in again.text
    saved = dict(form_on(again.text)) | {
        "effective_on": "2025-12-05",
        "citations-0-source": str(world.article.id),
        "citations-3-source": str(world.report.id),
    }
    assert as_ed.post(HISTORY, data=saved).status_code == 303
    session.rollback()
    found = world.border.status_on()
    assert found is not None
    assert [citation.source_id for citation in found.citations] == [world.article.id, world.report.id]


def test_sources_are_no_more_than_can_be_shown(as_ed: FlaskClient) -> None:
    form = dict(form_on(as_ed.get(FORM).text)) | {f"citations-{number}-locator": "x" for number in range(50)}
    page = as_ed.post(HISTORY, data=form | {"another": "1"})
    assert page.status_code == 422
    assert page.text.count('<fieldset class="wide further">') == 49
