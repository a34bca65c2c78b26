"""The list of issues, and the forms for an issue itself."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, hidden, hidden_of, post
from tests.world import DAY, World
from tracker.models import Dating, Issue
from tracker.models.vocabulary import Status

NEW, ALL = "/negotiations/TK/issues/new", "/negotiations/TK/issues"


def issue(session: Session, number: int) -> Issue:
    session.rollback()
    return session.scalars(select(Issue).where(Issue.number == number)).one()


def fields(**typed: str) -> dict[str, str]:
    """Give what the form of TK-1 holds, and what is typed over it."""
    held = {"title": "Water", "question": "Who pays for the dam?", "proposition": "Red pays for the dam"}
    return held | {"topic": "Economy", "lead": "", "ordering": "0"} | typed


def test_a_title_is_the_text_of_a_plain_link(client: FlaskClient) -> None:
    page = client.get(ALL).text
    assert '<a class="issue-title" href="/issues/TK-1">Water</a>' in page
    assert "3 issues" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("status=open", ["Water"]),
        ("status=none", ["Border", "Prisoners"]),
        ("status=open&status=none", ["Water", "Border", "Prisoners"]),
        ("topic=People", ["Prisoners"]),
        ("q=dam", ["Water"]),
        ("q=tk-2", ["Border"]),
        ("status=agreed", []),
        ("page=2", []),
        ("status=&topic=&q=&sort=title", ["Border", "Prisoners", "Water"]),
    ],
)
def test_filters_stand_in_the_address(client: FlaskClient, query: str, shown: list[str]) -> None:
    page = client.get(f"{ALL}?{query}").text
    places = [page.find(f">{title}</a>") for title in shown]
    assert -1 not in places
    assert places == sorted(places)
    assert page.count('class="issue-title"') == len(shown)
    assert bool(shown) != ("No issue matches" in page)


@pytest.mark.parametrize("query", ["status=odd", "sort=odd", "page=x", "as_of=odd"])
def test_what_cannot_be_read_is_400(client: FlaskClient, query: str) -> None:
    assert client.get(f"{ALL}?{query}").status_code == 400


def test_the_list_alone_is_given_to_htmx(client: FlaskClient) -> None:
    part = client.get(ALL, headers=HTMX | {"HX-Target": "div#list"}).text
    assert part.strip().startswith('<div id="list">')
    assert "<html" not in part


def test_the_list_shows_the_day_asked_for(client: FlaskClient) -> None:
    page = client.get(f"{ALL}?as_of=2025-12-01").text
    assert page.count("No status yet</span>") == 3
    assert "/issues/TK-1?as_of=2025-12-01" in page


def test_editor_adds_an_issue_with_the_next_number(as_ed: FlaskClient, session: Session) -> None:
    assert 'value="4"' in as_ed.get(NEW).text
    typed = {"number": "4", "title": "Fishing", "topic": "Economy", "deciding_parties": ["red", "blue"]}
    answer = post(as_ed, NEW, typed, to=ALL)
    assert (answer.status_code, answer.location) == (303, "/issues/TK-4")
    made = issue(session, 4)
    assert (made.title, made.topic, made.deciding_parties) == ("Fishing", "Economy", ["blue", "red"])


def test_one_issue_after_the_other_is_added(as_ed: FlaskClient) -> None:
    typed = {"number": "4", "title": "Fishing", "topic": "Economy", "onward": "1"}
    answer = post(as_ed, NEW, typed, to=ALL)
    assert (answer.status_code, answer.location) == (303, f"{NEW}?topic=Economy")
    page = as_ed.get(answer.location).text
    assert "TK-4 was added." in page
    assert 'value="5"' in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"number": "1"}, "There is an issue with this number already."),
        ({"number": "0"}, "between 1 and 99,999"),
        ({"number": "x"}, "This is not a number."),
        ({"number": "1e300"}, "between 1 and 99,999"),
        ({"title": ""}, "Give a title."),
        ({"deciding_parties": "nobody"}, "There is no party “nobody”"),
        ({"scale_low": "none"}, "A scale needs its unit."),
        ({"scale_unit": "men", "scale_from": "5", "scale_to": "1"}, "must end above where it begins"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(as_ed: FlaskClient, typed: dict[str, str], told: str) -> None:
    answer = post(as_ed, NEW, {"number": "9", "title": "T", "description": "kept"} | typed, to=ALL)
    assert answer.status_code == 422
    assert told in answer.text
    assert ">kept</textarea>" in answer.text.replace("\r\n", "").replace("\n", "")


def test_viewer_adds_and_edits_nothing(as_vera: FlaskClient, client: FlaskClient) -> None:
    assert as_vera.get(NEW).status_code == 403
    assert as_vera.get("/issues/TK-1/edit").status_code == 403
    assert client.get("/issues/TK-1/edit").status_code == 303
    assert "Add an issue" not in as_vera.get(ALL).text


def test_editor_edits_an_issue(as_ed: FlaskClient, session: Session, world: World) -> None:
    before = world.water.version
    typed = fields(title="Water and dam", lead=str(world.ed.id), ordering="3")
    answer = post(as_ed, "/issues/TK-1/edit", typed, to="/issues/TK-1")
    assert (answer.status_code, answer.location) == (303, "/issues/TK-1")
    found = issue(session, 1)
    assert (found.title, found.lead_id, found.ordering) == ("Water and dam", world.ed.id, 3)
    assert found.version == before + 1
    assert f'<option selected value="{world.ed.id}">Ed</option>' in as_ed.get("/issues/TK-1/edit").text


def test_a_status_change_meanwhile_conflicts_with_an_edit(
    as_ed: FlaskClient, session: Session, world: World
) -> None:
    form = hidden(as_ed, "/issues/TK-1/edit")
    world.water.edit({"title": "Their water", "topic": "Lakes"})
    world.water.change_status(
        Status.PARKED, reason="so", dating=Dating(DAY), by=world.ed, citing=[world.cite()]
    )
    session.commit()
    mine = fields(title="My water", topic="Lakes")
    answer = as_ed.post("/issues/TK-1", data=form | mine)
    assert answer.status_code == 409
    assert "Ed saved while you were writing" in answer.text
    assert "Their water" in answer.text
    assert 'value="My water"' in answer.text
    assert re.findall(r'<tr class="differs"><th scope="row">([^<]*)', answer.text) == ["Title"]
    assert issue(session, 1).title == "Their water"
    form["base_version"] = str(issue(session, 1).version)
    assert as_ed.post("/issues/TK-1", data=form | mine).status_code == 303
    assert issue(session, 1).title == "My water"


@pytest.mark.parametrize("version", ["x", "", None])
def test_an_unreadable_version_conflicts(as_ed: FlaskClient, version: str | None) -> None:
    form = hidden(as_ed, "/issues/TK-1/edit") | {"base_version": version}
    assert as_ed.post("/issues/TK-1", data=form | fields()).status_code == 409


def test_going_back_and_saving_something_else_ends_in_a_conflict_that_can_be_solved(
    as_ed: FlaskClient, session: Session
) -> None:
    form = hidden(as_ed, "/issues/TK-1/edit")
    assert as_ed.post("/issues/TK-1", data=form | fields(title="One")).status_code == 303
    assert as_ed.post("/issues/TK-1", data=form | fields(title="One")).status_code == 303
    late = as_ed.post("/issues/TK-1", data=form | fields(title="Two"))
    assert late.status_code == 409
    again = as_ed.post("/issues/TK-1", data=hidden_of(late.text) | fields(title="Two"))
    assert again.status_code == 303
    assert issue(session, 1).title == "Two"


@pytest.mark.parametrize(
    ("typed", "shown"), [("123456.7", "123456.7"), ("800 000", "800000"), ("0.5", "0.5")]
)
def test_a_number_stands_in_the_form_again_with_all_its_digits(
    as_ed: FlaskClient, typed: str, shown: str
) -> None:
    scale = fields(scale_unit="men", scale_to=typed)
    assert post(as_ed, "/issues/TK-1/edit", scale, to="/issues/TK-1").status_code == 303
    assert f'name="scale_to" type="text" value="{shown}"' in as_ed.get("/issues/TK-1/edit").text
