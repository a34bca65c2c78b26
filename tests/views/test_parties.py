"""Parties, tracks, people, memberships and members: shown to all, changed by editors."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.conftest import Statements, csrf, hidden, post
from tests.world import DAY, World
from tracker.models import Cite, Dating, Grant, Issue, Membership, Party, Person, Track
from tracker.models.vocabulary import Stance, Standing, Visibility
from tracker.views import memberships
from tracker.views.rendering import save

HOME = "/negotiations/TK"
PARTIES = f"{HOME}/parties"


def members(session: Session) -> list[str]:
    session.rollback()
    return [grant.user.name for grant in session.scalars(select(Grant).order_by(Grant.id))]


def restrict(session: Session, world: World) -> None:
    world.talks.visibility = Visibility.RESTRICTED
    session.add(Grant(negotiation=world.talks, user=world.ed))
    session.commit()


def test_everyone_sees_who_takes_part(client: FlaskClient) -> None:
    page = client.get(PARTIES).text
    for words in ("Union of the Shore", "Members: Coast", "Shuttle of the mediator", "R. Reed"):
        assert words in page
    assert "Add a party" not in page


def test_a_party_shows_what_it_wants_everywhere(client: FlaskClient) -> None:
    page = client.get(f"{PARTIES}/red").text
    assert "Red does not pay for the dam." in page
    assert "stated on 1 of 3" in page
    assert page.count("Not stated") == 2
    assert "State a position" not in page


def test_a_member_without_a_line_is_shown_through_its_bloc(client: FlaskClient) -> None:
    page = client.get(f"{PARTIES}/coast").text
    assert "through Union of the Shore" in page
    assert "stated on 0 of 3" in page


def test_the_past_of_a_party_can_be_asked_for(as_ed: FlaskClient) -> None:
    assert "State a position" in as_ed.get(f"{PARTIES}/red").text
    page = as_ed.get(f"{PARTIES}/red?as_of=2025-12-01").text
    assert page.count("Not stated") == 3
    assert "State a position" not in page
    assert as_ed.get(f"{PARTIES}/red?as_of=never").status_code == 400
    assert as_ed.get(f"{PARTIES}/green").status_code == 404


def test_statements_do_not_grow_with_the_issues(
    session: Session, world: World, as_ed: FlaskClient, statements: Statements
) -> None:
    with statements() as few:
        as_ed.get(f"{PARTIES}/red")
    for number in range(10, 60):
        issue = Issue(negotiation=world.talks, number=number, title=f"Issue {number}")
        issue.add(session)
        session.flush()
        for standing in (Standing.LINE, Standing.VOICE):
            issue.state_position(
                world.red,
                stance=Stance.OPPOSES,
                summary="No.",
                standing=standing,
                dating=Dating(DAY),
                by=world.ed,
                citing=[Cite(world.report)],
            )
    session.commit()
    with statements() as many:
        page = as_ed.get(f"{PARTIES}/red").text
    assert "1 other voice" in page
    # One more: voices have sources to load now.
    assert len(many) <= len(few) + 1


CREATED = [
    ("parties", {"code": "Green", "name": "Green", "aliases": "Verde, Grün,, Verde"}, Party),
    ("tracks", {"code": "hill", "title": "Hill", "parties": ["red", "blue"]}, Track),
    ("people", {"name": "Bo Berg", "party": "blue", "aliases": "Berg"}, Person),
    ("memberships", {"member": "med", "bloc": "union", "from_on": "2025-12-01"}, Membership),
]


@pytest.mark.parametrize(("noun", "typed", "kind"), CREATED)
def test_editor_adds(
    as_ed: FlaskClient, session: Session, noun: str, typed: dict[str, Any], kind: Any
) -> None:
    answer = post(as_ed, f"{HOME}/{noun}/new", typed, to=f"{HOME}/{noun}")
    assert answer.status_code == 303
    made: Any = session.scalars(select(kind).order_by(kind.id.desc())).first()
    if kind is Party:
        assert (made.code, made.aliases, made.ordering) == ("green", ["Verde", "Grün"], 0)
    page = as_ed.get(PARTIES).text
    assert str(typed.get("name") or typed.get("title") or "in Union of the Shore") in page


def test_one_party_after_the_other_is_added(as_ed: FlaskClient) -> None:
    typed = {"code": "green", "name": "Green", "onward": "1"}
    answer = post(as_ed, f"{PARTIES}/new", typed, to=PARTIES)
    assert (answer.status_code, answer.location) == (303, f"{PARTIES}/new")
    assert "Green was added." in as_ed.get(answer.location).text


@pytest.mark.parametrize(("noun", "typed", "_kind"), CREATED)
def test_viewer_adds_nothing(as_vera: FlaskClient, noun: str, typed: dict[str, Any], _kind: Any) -> None:
    assert as_vera.get(f"{HOME}/{noun}/new").status_code == 403
    assert as_vera.post(f"{HOME}/{noun}", data=csrf(as_vera) | typed).status_code == 403


@pytest.mark.parametrize(
    ("noun", "typed", "told"),
    [
        ("parties", {"code": "red", "name": "Red"}, "There is a party with this code already."),
        ("parties", {"code": "ü", "name": ""}, "Give the name."),
        ("parties", {"code": "x", "name": "X", "from_on": "3/2025", "until_on": ""}, "Write the day as"),
        ("tracks", {"code": "hill", "title": "Hill", "parties": ["red"]}, "at least two parties"),
        ("tracks", {"code": "shuttle", "title": "H", "parties": ["red", "med"]}, "this code already"),
        ("people", {"name": "Bo", "party": ""}, "Choose the party."),
        ("people", {"name": "", "party": "red"}, "Give the name."),
        ("memberships", {"member": "coast", "bloc": ""}, "Choose the party."),
        ("memberships", {"member": "coast", "bloc": "red"}, "is not a bloc"),
        ("memberships", {"member": "coast", "bloc": "union"}, "on the record already"),
    ],
)
def test_what_is_wrong_is_said(as_ed: FlaskClient, noun: str, typed: dict[str, Any], told: str) -> None:
    answer = post(as_ed, f"{HOME}/{noun}/new", typed, to=f"{HOME}/{noun}")
    assert answer.status_code == 422
    assert told in answer.text


@pytest.mark.parametrize(
    ("form", "to", "typed"),
    [
        ("parties/red/edit", "parties/red", {"name": "Redland", "kind": "state", "role": "party"}),
        ("tracks/shuttle/edit", "tracks/shuttle", {"title": "Boat", "parties": ["med", "red", "blue"]}),
        ("people/1/edit", "people/1", {"name": "Rosa R. Reed", "party": "red", "aliases": "R. Reed"}),
        (
            "memberships/1/edit",
            "memberships/1",
            {"member": "coast", "bloc": "union", "until_on": "2025-12-01"},
        ),
    ],
)
def test_the_second_editor_sees_both(
    as_ed: FlaskClient, as_ann: FlaskClient, form: str, to: str, typed: dict[str, Any]
) -> None:
    begun = hidden(as_ann, f"{HOME}/{form}")
    assert post(as_ed, f"{HOME}/{form}", typed, to=f"{HOME}/{to}").status_code == 303
    late = as_ann.post(f"{HOME}/{to}", data=begun | typed)
    assert late.status_code == 409
    assert "Ed saved while you were writing" in late.text
    assert '<th scope="row">Code</th>' not in late.text
    again = begun | typed | {"base_version": str(int(begun["base_version"]) + 1)}
    assert as_ann.post(f"{HOME}/{to}", data=again).status_code == 303


def test_what_an_edit_gets_wrong_is_said(as_ed: FlaskClient) -> None:
    answer = post(as_ed, f"{PARTIES}/red/edit", {"name": ""}, to=f"{PARTIES}/red")
    assert answer.status_code == 422
    assert "Give the name." in answer.text


def test_a_membership_entered_by_mistake_is_taken_back(as_ed: FlaskClient, session: Session) -> None:
    address = f"{HOME}/memberships/1"
    assert post(as_ed, f"{address}/edit", {}, to=f"{address}/delete").status_code == 303
    assert session.scalars(select(Membership)).all() == []
    assert as_ed.get(f"{address}/edit").status_code == 404


def test_rows_of_other_talks_are_not_found(as_ed: FlaskClient) -> None:
    for address in ("people/99/edit", "memberships/99/edit", "tracks/none/edit", "parties/none/edit"):
        assert as_ed.get(f"{HOME}/{address}").status_code == 404


def test_members_are_named_by_e_mail(
    as_ed: FlaskClient, as_vera: FlaskClient, session: Session, world: World
) -> None:
    restrict(session, world)
    assert as_vera.get(PARTIES).status_code == 404
    typed = {"email": "vera@example.org"}
    answer = post(as_ed, f"{HOME}/grants/new", typed, to=f"{HOME}/grants")
    assert answer.status_code == 303
    page = as_vera.get(PARTIES)
    assert page.status_code == 200
    assert "vera@example.org" not in page.text
    assert "vera@example.org" in as_ed.get(PARTIES).text
    answer = post(as_ed, f"{HOME}/grants/new", {"email": "who@example.org"}, to=f"{HOME}/grants")
    assert (answer.status_code, "There is no account" in answer.text) == (422, True)


def test_members_are_removed_but_for_the_last(as_ed: FlaskClient, session: Session, world: World) -> None:
    restrict(session, world)
    post(as_ed, f"{HOME}/grants/new", {"email": "ann@example.org"}, to=f"{HOME}/grants")
    first, second = session.scalars(select(Grant.id).order_by(Grant.id)).all()
    assert members(session) == ["Ed", "Ann"]
    assert post(as_ed, PARTIES, {}, to=f"{HOME}/grants/{second}/delete").status_code == 303
    assert members(session) == ["Ed"]
    answer = post(as_ed, PARTIES, {}, to=f"{HOME}/grants/{first}/delete")
    assert answer.status_code == 303
    assert members(session) == ["Ed"]
    assert "Somebody must be able to see" in as_ed.get(PARTIES).text
    assert as_ed.post(f"{HOME}/grants/99/delete", data=csrf(as_ed)).status_code == 404


def test_a_place_without_parties_says_what_to_do(as_ed: FlaskClient) -> None:
    post(as_ed, "/negotiations/new", {"code": "NEW", "title": "New"}, to="/negotiations")
    page = as_ed.get("/negotiations/NEW/parties").text
    assert "Add the first party" in page


@pytest.mark.parametrize("act", ["delete", ""])
def test_what_another_took_away_meanwhile_is_not_found(
    as_ed: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    row = session.scalars(select(Membership)).one()
    address = f"{HOME}/memberships/{row.id}"
    typed = hidden(as_ed, f"{address}/edit") | {"member": "coast", "bloc": "union"}

    def late(*args: Any, **kwargs: Any) -> Any:
        session.delete(row)
        session.commit()
        return save(*args, **kwargs)

    monkeypatch.setattr(memberships, "save", late)
    assert as_ed.post(f"{address}/{act}".rstrip("/"), data=typed).status_code == 404
