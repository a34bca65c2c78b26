"""Proposals and their clauses: added, pasted and split, edited, and one against another."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.conftest import csrf, hidden, post
from tests.views.reading import element, fault, words
from tests.world import DAY, World
from tracker.db import writing
from tracker.models import Clause, Position, Proposal
from tracker.models.proposal import Tabled

LIST = "/negotiations/TK/proposals"
EVIL = '<script>alert("x")</script>'
PASTED = f"As leaked:\n\n1. Red pays\nfor the dam.\n2) Blue counts.\n  (a) twice\n3. {EVIL}"


def clauses(session: Session) -> list[Clause]:
    session.rollback()
    return [*session.scalars(select(Clause).order_by(Clause.id))]


def table(world: World, *tabled: Tabled, **more: Any) -> Proposal:
    given = {"negotiation": world.talks, "title": "The plan", "tabled_on": DAY} | more
    session = world.talks.session
    with writing():
        plan = Proposal(**given)
        plan.add(session, by=world.ed)
        session.flush()
        if tabled:
            plan.add_clauses(tabled)
        session.commit()
    return plan


def typed(*rows: dict[str, str]) -> dict[str, str]:
    return {f"clauses-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


def test_an_editor_adds_a_proposal_and_is_led_to_its_clauses(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    given = {
        "title": "Twenty points",
        "tabled_by": ["red"],
        "tabled_on": "2 Dec 2025",
        "source": str(world.article.id),
    }
    answer = post(as_ed, f"{LIST}/new", given, to=LIST)
    session.rollback()
    plan = session.scalars(select(Proposal)).one()
    assert (answer.status_code, answer.location) == (303, f"{LIST}/{plan.id}/clauses/new")
    assert (plan.tabled_by, plan.tabled_on, plan.source) == (["red"], DAY, world.article)
    assert "Twenty points was added" in as_ed.get(answer.location).text


@pytest.mark.parametrize(
    ("given", "field", "told"),
    [
        ({"title": ""}, "title", "Give a title."),
        ({"tabled_on": "soon"}, "tabled_on", ""),
        ({"tabled_on": "early December"}, "tabled_on", "exact day"),
        ({"tabled_on": (DAY + timedelta(days=9999)).isoformat()}, "tabled_on", "future"),
    ],
)
def test_a_faulty_proposal_is_shown_again(
    as_ed: FlaskClient, given: dict[str, str], field: str, told: str
) -> None:
    answer = post(as_ed, f"{LIST}/new", {"title": "Kept", "tabled_by": ["blue"]} | given, to=LIST)
    assert answer.status_code == 422
    assert told in fault(answer.text, field)


def test_a_pasted_list_is_split_and_nothing_is_saved_until_it_is_confirmed(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    address = f"{LIST}/{table(world).id}/clauses"
    given = hidden(as_ed, f"{address}/new")
    page = as_ed.post(address, data=given | {"paste": PASTED, "split": "1"})
    assert page.status_code == 200
    assert clauses(session) == []
    told = words(element(page.text, "main"))
    assert "4 clauses were read. Nothing is saved yet." in told
    assert "not taken over: As leaked:" in told
    assert "Red pays for the dam." in page.text
    assert EVIL not in page.text
    rows = typed(
        {"number": "1", "text": "Red pays for the dam.", "issues": "TK-1, 2"},
        {"number": "2", "text": "Blue counts."},
        {"number": "", "text": ""},
        {"number": "3", "text": EVIL, "locator": "point 3"},
    )
    answer = as_ed.post(address, data=given | rows)
    assert (answer.status_code, answer.location) == (303, address.removesuffix("/clauses"))
    assert [(each.number, [touch.issue.key for touch in each.touches]) for each in clauses(session)] == [
        ("1", ["TK-1", "TK-2"]), ("2", []), ("3", []),
    ]  # fmt: skip
    shown = as_ed.get(answer.location).text
    assert "3 clauses were added to The plan." in shown
    assert EVIL not in shown
    assert EVIL not in as_ed.get(LIST).text


def test_a_paste_without_numbers_and_one_that_is_too_long(as_ed: FlaskClient, world: World) -> None:
    address = f"{LIST}/{table(world).id}/clauses"
    page = post(as_ed, f"{address}/new", {"paste": "One.\n\nTwo."}, to=address).text
    assert "No numbers were found: each paragraph is a clause." in words(page)
    answer = post(
        as_ed, f"{address}/new", {"paste": "\n".join(f"{n}. Point" for n in range(1, 300))}, to=address
    )
    assert answer.status_code == 422
    assert "more than 200 clauses" in fault(answer.text, "paste")
    assert "299. Point" in answer.text


def test_faults_stand_beside_their_clause_and_nothing_is_saved(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    address = f"{LIST}/{table(world, Tabled('1', 'Red pays.')).id}/clauses"
    rows = typed(
        {"number": "1", "text": "Again."}, {"number": "2", "text": ""}, {"number": "3", "text": "Well."}
    )
    answer = post(as_ed, f"{address}/new", rows, to=address)
    assert answer.status_code == 422
    assert "this number already" in fault(answer.text, "clauses-0-number")
    assert "must be given" in fault(answer.text, "clauses-1-text")
    assert "Well." in answer.text
    rows = typed({"number": "4", "text": "Well.", "issues": "TK-1 TK-99 100%"})
    answer = post(as_ed, f"{address}/new", rows, to=address)
    assert "There is no issue “TK-99, 100%” here." in fault(answer.text, "clauses-0-issues")
    assert post(as_ed, f"{address}/new", {}, to=address).status_code == 422
    assert len(clauses(session)) == 1


def test_a_clause_is_edited_and_a_second_editor_is_told(
    as_ed: FlaskClient, as_ann: FlaskClient, world: World
) -> None:
    plan = table(world, Tabled("1", "Red pays.", issues=[world.water]))
    address = f"{LIST}/{plan.id}/clauses/{plan.clauses[0].id}"
    assert 'value="TK-1"' in as_ed.get(f"{address}/edit").text
    mine = hidden(as_ed, f"{address}/edit")
    given = {"number": "1", "text": "Red pays."}
    answer = post(as_ann, f"{address}/edit", given | {"issues": "TK-1 TK-2"}, to=address)
    assert answer.location == f"{LIST}/{plan.id}#clause-{plan.clauses[0].id}"
    answer = as_ed.post(address, data=mine | given | {"text": "Red pays half.", "issues": "TK-1"})
    assert answer.status_code == 409
    assert "Ann saved" in answer.text
    assert "TK-1, TK-2" in answer.text
    assert "Red pays half." in answer.text
    assert post(as_ed, f"{address}/edit", given | {"issues": "TK-7"}, to=address).status_code == 422


def test_a_clause_is_taken_back_unless_a_position_answers_it(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    plan = table(world, Tabled("1", "Red pays.", issues=[world.water]), Tabled("2", "Blue counts."))
    first, second = (f"{LIST}/{plan.id}/clauses/{clause.id}" for clause in plan.clauses)
    form = {"clause": str(plan.clauses[0].id), "stance": "opposes", "summary": "Not so.", "movement": "first"}
    form |= {"effective_on": "2025-12-02", "citations-0-source": str(world.article.id)}
    asked = f"/issues/TK-1/positions/new?party=red&clause={plan.clauses[0].id}"
    assert "On clause 1 of The plan" in words(as_ed.get(asked).text)
    assert post(as_ed, asked, form, to="/issues/TK-1/positions").status_code == 303
    session.rollback()
    answer = session.scalars(select(Position).where(Position.clause_id == plan.clauses[0].id)).one()
    assert answer.summary == "Not so."
    assert "Not so." in as_ed.get(f"{LIST}/{plan.id}").text
    as_ed.post(f"{first}/delete", data=csrf(as_ed))
    assert len(clauses(session)) == 2
    assert "cannot be deleted" in as_ed.get(f"{first}/edit").text
    assert as_ed.post(f"{second}/delete", data=csrf(as_ed)).status_code == 303
    assert len(clauses(session)) == 1


def test_a_clause_of_another_issue_is_refused(as_ed: FlaskClient, world: World) -> None:
    plan = table(world, Tabled("1", "Red pays.", issues=[world.water]))
    answer = as_ed.get(f"/issues/TK-2/positions/new?party=red&clause={plan.clauses[0].id}")
    assert answer.status_code == 400
    assert "clause:" in answer.text


def test_two_texts_stand_clause_by_clause_with_their_differences_marked(
    client: FlaskClient, world: World
) -> None:
    first = table(
        world, Tabled("6", "The army has 600 men at most.", issues=[world.border]), Tabled("7", EVIL)
    )
    later = table(
        world,
        Tabled("3", "The army has 800 men at most.", issues=[world.border]),
        Tabled("4", "The shore pays."),
        title="The answer",
        tabled_on=DAY + timedelta(days=1),
    )
    address = f"{LIST}/{later.id}?against={first.id}"
    page = client.get(address).text
    assert "<del>600</del>" in page
    assert "<ins>800</ins>" in page
    assert EVIL not in page
    told = words(element(page, "main"))
    assert "Set beside one another: 1, of them word for word the same: 0." in told
    assert told.count("No clause like it") == 2
    assert "Both touch TK-2" in told
    assert "The plan and The answer" in told  # the earlier stands first, whoever asks
    assert client.get(f"{LIST}/{first.id}?against={later.id}").text.count("<del>600</del>") == 1


@pytest.mark.parametrize("against", ["99", "x", "{own}"])
def test_what_is_no_other_proposal_is_refused(client: FlaskClient, world: World, against: str) -> None:
    plan = table(world)
    answer = client.get(f"{LIST}/{plan.id}?against={against.format(own=plan.id)}")
    assert answer.status_code == 400
    assert "against:" in answer.text


def test_a_proposal_is_not_shown_before_its_day(client: FlaskClient, world: World) -> None:
    plan = table(world)
    assert client.get(f"{LIST}/{plan.id}").status_code == 200
    assert client.get(f"{LIST}/{plan.id}?as_of=2025-12-01").status_code == 404
    assert client.get(f"{LIST}/99").status_code == 404


def test_a_proposal_is_edited_and_a_second_editor_is_told(
    as_ed: FlaskClient, as_ann: FlaskClient, world: World
) -> None:
    address = f"{LIST}/{table(world).id}"
    mine = hidden(as_ed, f"{address}/edit")
    assert (
        post(as_ann, f"{address}/edit", {"title": "The plan", "tabled_by": ["blue"]}, to=address).status_code
        == 303
    )
    answer = as_ed.post(address, data=mine | {"title": "My plan"})
    assert answer.status_code == 409
    assert "Ann saved" in answer.text
    assert 'value="My plan"' in answer.text


@pytest.mark.parametrize("path", ["", "/1", "/1/clauses", "/1/clauses/1", "/1/clauses/1/delete"])
def test_only_editors_write(client: FlaskClient, as_vera: FlaskClient, world: World, path: str) -> None:
    table(world, Tabled("1", "Red pays."))
    assert client.post(LIST + path, data=csrf(client)).status_code == 401
    assert as_vera.post(LIST + path, data=csrf(as_vera)).status_code == 403
