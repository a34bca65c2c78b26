"""Stating a position: the form that begins with the movement, what it takes, refuses and keeps."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, csrf, hidden, post
from tests.views.reading import element, fault, form_on, shows_typed, words
from tests.world import DAY, QUOTE, World
from tracker.models import Cite, Clause, Dating, Position, Proposal
from tracker.models.vocabulary import Firmness, Movement, Stance, Standing

HISTORY = "/issues/TK-1/positions"
FORM = HISTORY + "/new?party=red"
HARM = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"


def typed(world: World, **changes: str) -> dict[str, Any]:
    """What an editor types when Red gives way."""
    return {
        "party": "red",
        "movement": "softened",
        "stance": "accepts",
        "summary": "Red pays for half of the dam.",
        "firmness": "flexible",
        "effective_on": "2025-12-05",
        "citations-0-source": str(world.report.id),
    } | changes


def last(session: Session) -> Position:
    """Read the position that was entered last."""
    session.rollback()
    return session.scalars(select(Position).order_by(Position.id.desc()).limit(1)).one()


def count(session: Session) -> int:
    """Count all positions; the world has three."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(Position)) or 0


def test_history_of_all_parties_stands_on_a_page_of_its_own(client: FlaskClient) -> None:
    page = words(client.get(HISTORY).text)
    assert "Red does not pay for the dam." in page
    assert "On condition that: the mediator keeps the accounts" in page
    assert "Coast Not stated; through Union of the Shore" in page


def test_form_is_a_page_and_a_part_of_it(as_ed: FlaskClient) -> None:
    page, part = as_ed.get(FORM), as_ed.get(FORM, headers=HTMX)
    assert page.status_code == part.status_code == 200
    assert part.text.strip() == element(part.text, "position_form")
    assert words(element(page.text, "position_form")) == words(part.text)


def test_form_begins_from_the_line_in_force(as_ed: FlaskClient) -> None:
    form = form_on(as_ed.get(FORM).text)
    assert form["movement"] == ["unjudged"]
    assert form["stance"] == ["opposes"]
    assert form["firmness"] == ["firm"]
    assert form["summary"] == ["Red does not pay for the dam."]
    assert form["base_version"] == ["1"]
    restated = form_on(as_ed.get(FORM + "&movement=restated").text)
    assert restated["movement"] == ["restated"]


def test_form_of_a_party_without_a_line_begins_empty(as_ed: FlaskClient) -> None:
    page = as_ed.get(HISTORY + "/new?party=coast&movement=restated").text
    form = form_on(page)
    assert (form["movement"], form["stance"], form["summary"]) == (["first"], [""], [""])
    assert form["firmness"] == ["unknown"]
    assert "Not stated yet." in page


def test_form_asks_whose_position_first(as_ed: FlaskClient) -> None:
    page = as_ed.get(HISTORY + "/new?next=/negotiations/TK")
    assert page.status_code == 200
    assert 'href="/issues/TK-1/positions/new?party=union&amp;next=/negotiations/TK"' in page.text


@pytest.mark.parametrize(
    ("name", "address", "code"),
    [
        ("client", FORM, 303),
        ("as_vera", FORM, 403),
        ("as_ed", HISTORY + "/new?party=atlantis", 400),
        ("as_ed", HISTORY + "/new?corrects=none", 404),
    ],
)
def test_form_is_for_editors(request: pytest.FixtureRequest, name: str, address: str, code: int) -> None:
    assert request.getfixturevalue(name).get(address).status_code == code


@pytest.mark.parametrize(("name", "code"), [("client", 401), ("as_vera", 403)])
def test_who_may_not_write_does_not(
    request: pytest.FixtureRequest, name: str, code: int, world: World, session: Session
) -> None:
    client = request.getfixturevalue(name)
    for headers in ({}, HTMX):
        answer = client.post(HISTORY, data=csrf(client) | typed(world), headers=headers)
        assert answer.status_code == code
    assert count(session) == 3


def test_saving_leads_back_to_the_issue_and_says_so(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    answer = post(as_ed, FORM, typed(world, stated_by="R. Reed"), to=HISTORY)
    assert (answer.status_code, answer.location) == (303, "/issues/TK-1#positions")
    position = last(session)
    assert (position.movement, position.stance, position.stated_by, position.recorded_by) == (
        Movement.SOFTENED,
        Stance.ACCEPTS,
        "R. Reed",
        "Ed",
    )
    page = as_ed.get("/issues/TK-1").text
    assert "Red on TK-1: recorded. Undo" in words(element(page, "flash"))
    assert "Red pays for half of the dam." in words(element(page, "p-red"))


def test_a_line_dated_before_the_one_in_force_says_that_it_does_not_take_its_place(
    as_ed: FlaskClient, world: World
) -> None:
    late = typed(world, effective_on="2025-11-01", movement="first")
    answer = post(as_ed, FORM, late, to=HISTORY, htmx=True)
    assert "recorded. A later line stays in force. Undo" in words(answer.text)


def test_saving_in_place_answers_the_changed_part(as_ed: FlaskClient, world: World) -> None:
    answer = post(as_ed, FORM, typed(world), to=HISTORY, htmx=True)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (200, "#positions")
    positions = element(answer.text, "positions")
    assert "Red pays for half of the dam." in words(positions)
    assert words(positions) == words(element(as_ed.get("/issues/TK-1").text, "positions"))
    assert "Red on TK-1: recorded." in words(answer.text)
    assert hidden(as_ed, FORM)["base_version"] == "2"


def test_restating_asks_for_the_day_and_the_source_alone(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    given = {
        "party": "red",
        "movement": "restated",
        "effective_on": "2025-12-05",
        "citations-0-quote": QUOTE,
        "citations-0-source": str(world.article.id),
    }
    assert post(as_ed, FORM, given, to=HISTORY).status_code == 303
    position = last(session)
    assert (position.movement, position.stance, position.firmness, position.summary) == (
        Movement.RESTATED,
        Stance.OPPOSES,
        Firmness.FIRM,
        "Red does not pay for the dam.",
    )
    blue = given | {"party": "blue", "citations-0-quote": ""}
    assert post(as_ed, HISTORY + "/new?party=blue", blue, to=HISTORY).status_code == 303
    assert last(session).condition == "the mediator keeps the accounts"


def test_what_was_not_said_before_cannot_be_restated(as_ed: FlaskClient, world: World) -> None:
    given = {"party": "coast", "movement": "restated", "effective_on": "2025-12-05",
             "citations-0-source": str(world.report.id)}  # fmt: skip
    page = post(as_ed, HISTORY + "/new?party=coast", given, to=HISTORY)
    assert page.status_code == 422
    assert "no line in force on that day" in fault(page.text, "movement")
    early = given | {"party": "red", "effective_on": "2025-12-01"}
    assert post(as_ed, FORM, early, to=HISTORY).status_code == 422


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("movement", "sideways", "“sideways” is not one of the choices."),
        ("stance", "maybe", "“maybe” is not one of the choices."),
        ("stance", "", "Choose the stance."),
        ("stance", "conditional", ""),
        ("firmness", "soft", "“soft” is not one of the choices."),
        ("standing", "crowd", "“crowd” is not one of the choices."),
        ("summary", "", "Say in a sentence what the party holds."),
        ("summary", "x" * 1_000_000, "10000 is the most."),
        ("summary", "nul \x00", "NUL character"),
        ("condition", "if", "Only “Accepts on a condition” takes a condition."),
        ("stated_by", "x" * 301, "300 is the most."),
        ("event", "1", "There is no such event"),
        ("effective_on", "", "Give the day on which it became so."),
        ("citations-0-directness", "analysis", ""),
    ],
)
def test_fault_stands_beside_its_field(
    as_ed: FlaskClient, world: World, session: Session, field: str, value: str, message: str
) -> None:
    page = post(as_ed, FORM, typed(world, **{field: value}), to=HISTORY)
    assert page.status_code == 422
    beside = {("stance", "conditional"): "condition", (field, "analysis"): "citations-0-source"}
    assert message in fault(page.text, beside.get((field, value), field))
    assert fault(page.text, beside.get((field, value), field))
    assert count(session) == 3


@pytest.mark.parametrize("value", ["half", "nan", "inf", "-1e400", "1e16"])
def test_value_that_is_no_number_is_refused(as_ed: FlaskClient, world: World, value: str) -> None:
    issue = "/issues/TK-3/positions"
    page = post(as_ed, issue + "/new?party=red", typed(world, value=value), to=issue)
    assert page.status_code == 422
    assert fault(page.text, "value")
    assert shows_typed(page.text, {"value": value})


def test_value_is_read_as_people_write_it(as_ed: FlaskClient, world: World, session: Session) -> None:
    issue = "/issues/TK-3/positions"
    assert post(as_ed, issue + "/new?party=red", typed(world, value="1 200"), to=issue).status_code == 303
    assert last(session).value == 1200
    assert "Value: 1,200 prisoners" in words(as_ed.get("/issues/TK-3").text)
    assert "1 of 5 parties" in words(as_ed.get("/issues/TK-3").text)


def test_party_that_is_not_there_is_refused(as_ed: FlaskClient, world: World, session: Session) -> None:
    for party in ("atlantis", "", HARM):
        page = post(as_ed, FORM, typed(world, party=party), to=HISTORY)
        assert page.status_code == 422
        assert "There is no such party in this negotiation." in words(page.text)
    assert count(session) == 3


def test_everything_typed_is_kept(as_ed: FlaskClient, world: World) -> None:
    full = typed(
        world,
        movement="changed",
        stance="conditional",
        condition=f"if {HARM}",
        summary=f"Red\r\n{HARM}",
        firmness="red_line",
        standing="leak",
        stated_by=HARM,
        effective_on="soon",
        effective_words=HARM,
        day_basis="published",
        next="/negotiations/TK",
    ) | {
        "citations-0-quote": HARM,
        "citations-0-translation": HARM,
        "citations-0-locator": HARM,
        "citations-1-quote": HARM,
    }
    for headers in ({}, HTMX):
        before = hidden(as_ed, FORM)
        page = as_ed.post(HISTORY, data=before | full, headers=headers)
        assert page.status_code == 422
        assert shows_typed(page.text, before | full | {"csrf_token": form_on(page.text)["csrf_token"]})
        assert "<img" not in page.text
        assert "alert(1)</script>" not in page.text


def test_voices_and_leaks_stand_beneath_the_line(as_ed: FlaskClient, world: World) -> None:
    post(as_ed, FORM, typed(world, standing="voice", stated_by="A deputy"), to=HISTORY)
    row = words(element(as_ed.get("/issues/TK-1").text, "p-red"))
    assert row.index("Red does not pay for the dam.") < row.index("A deputy Can accept")


def test_what_changed_in_the_words_is_marked(as_ed: FlaskClient, world: World) -> None:
    post(as_ed, FORM, typed(world, summary="Red does not pay for half of the dam."), to=HISTORY)
    row = element(as_ed.get("/issues/TK-1").text, "p-red")
    assert "<ins>half of</ins>" in row
    assert "<del>" not in row


def test_answer_to_a_clause_is_no_line(as_ed: FlaskClient, world: World, session: Session) -> None:
    plan = Proposal(negotiation=world.talks, title="The plan", tabled_by=["med"], source=world.report)
    plan.recorded_at, plan.recorded_by = world.talks.moment, "Ed"
    clause = Clause(proposal=plan, number="7", text="Red pays.")
    session.add_all([plan, clause])
    answer = world.water.state_position(
        world.coast, dating=Dating(DAY), by=world.ed, citing=[Cite(world.report)],
        stance=Stance.SUPPORTS, summary="Coast likes it.", clause=clause,
    )  # fmt: skip
    session.commit()
    row = words(element(as_ed.get("/issues/TK-1").text, "p-coast"))
    assert "Not stated" in row
    assert "On clause 7 of The plan" in row
    address = f"{HISTORY}/new?corrects={answer.uid}"
    fields = {name: values[0] for name, values in form_on(as_ed.get(address).text).items()}
    fields |= {"summary": "Coast rather likes it.", "retraction_reason": "Too strong."}
    assert as_ed.post(HISTORY, data=fields).status_code == 303
    corrected = last(session)
    assert (corrected.summary, corrected.standing) == ("Coast rather likes it.", Standing.LINE)
    assert corrected.clause is not None
    assert corrected.clause.number == "7"
