"""Negotiations: the list, the state of play, and the form for their own fields."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.conftest import Statements, hidden, post
from tests.world import DAY, World
from tracker.models import Dating, Event, Issue, Negotiation, StatusClaim
from tracker.models.vocabulary import EventState, Handling, Status, Visibility

TYPED = {"code": "new", "title": "New talks", "visibility": "internal", "handling": "green"}


def restrict(session: Session, world: World) -> None:
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()


def test_stranger_sees_public_talks_in_the_list(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert '<a class="issue-title" href="/negotiations/TK">Talks on the lake</a>' in page.text
    assert "New negotiation" not in page.text


def test_an_empty_list_says_what_to_do_next(
    session: Session, world: World, client: FlaskClient, as_ann: FlaskClient
) -> None:
    restrict(session, world)
    assert "Sign in to see those that are open to you" in client.get("/").text
    assert "tracker demo" in as_ann.get("/").text


@pytest.mark.parametrize(
    "address",
    [
        "/negotiations/TK",
        "/negotiations/TK/issues",
        "/negotiations/TK/parties",
        "/negotiations/TK/parties/red",
        "/negotiations/TK/events",
        "/negotiations/TK/proposals",
        "/negotiations/TK/claims",
        "/issues/TK-1/claims",
    ],
)
def test_restricted_talks_are_not_found(
    session: Session, world: World, client: FlaskClient, as_ann: FlaskClient, address: str
) -> None:
    assert client.get(address).status_code == 200
    restrict(session, world)
    assert client.get(address).status_code == 404
    assert as_ann.get(address).status_code == 404


def test_the_state_of_play_shows_where_issues_stand(client: FlaskClient) -> None:
    page = client.get("/negotiations/TK").text
    assert '<a class="issue-title" href="/issues/TK-1">Water</a>' in page
    assert 'class="tag status-open"' in page
    assert "No status yet" in page
    assert "3 of 5" in page
    assert "+ 1 through a bloc" in page
    assert "The Union wants Red to pay." in page
    assert "Add an issue" not in page


def test_an_old_record_offers_its_last_day(client: FlaskClient) -> None:
    assert 'href="/negotiations/TK?as_of=2025-12-02"' in client.get("/negotiations/TK").text
    then = client.get("/negotiations/TK?as_of=2025-12-02").text
    assert "View as of that day" not in then
    assert "Back to today" in then


def test_a_fresh_record_offers_no_other_day(session: Session, world: World, client: FlaskClient) -> None:
    today = datetime.now(UTC).date()
    world.water.change_status(
        Status.PARKED, reason="so", dating=Dating(today), by=world.ed, citing=[world.cite()]
    )
    session.commit()
    assert "View as of that day" not in client.get("/negotiations/TK").text


def test_nothing_can_be_changed_on_a_page_about_the_past(as_ed: FlaskClient) -> None:
    assert "Add an issue" in as_ed.get("/negotiations/TK").text
    then = as_ed.get("/negotiations/TK?as_of=2025-12-01").text
    assert "Add an issue" not in then
    assert "/issues/TK-1?as_of=2025-12-01" in then
    assert "No entry counts on this day." in then


@pytest.mark.parametrize("query", ["as_of=2025-02-30", "as_of=2999-01-01", "known_at=soon", "page=0"])
def test_what_cannot_be_read_is_400(client: FlaskClient, query: str) -> None:
    assert client.get(f"/negotiations/TK?{query}").status_code == 400


def test_claims_and_what_comes_next_are_shown(session: Session, world: World, client: FlaskClient) -> None:
    for issue, share in ((None, 90), (world.water, 40)):
        claim = StatusClaim(
            negotiation=world.talks, party=world.red, issue=issue, share=share, between=[], words=""
        )
        claim.enter(session, dating=Dating(DAY), by=world.ed, citing=[world.cite()])
    soon = datetime.now(UTC).date() + timedelta(days=5)
    event = Event(negotiation=world.talks, title="Fourth round", starts_on=soon, state=EventState.PLANNED)
    event.add(session, by=world.ed)
    session.commit()
    page = client.get("/negotiations/TK").text
    assert "90 % agreed" in page
    assert "40 % agreed" in page
    assert "Fourth round" in page
    assert "Fourth round" in client.get("/negotiations/TK/events").text
    assert "90 % agreed" in client.get("/negotiations/TK/claims").text
    assert "90 % agreed" not in client.get("/issues/TK-1/claims").text


def test_strangers_see_no_address_of_who_entered(session: Session, world: World, client: FlaskClient) -> None:
    world.ed.name = "ed@example.org"
    world.border.change_status(
        Status.OPEN, reason="so", dating=Dating(DAY), by=world.ed, citing=[world.cite()]
    )
    session.commit()
    assert "ed@example.org" not in client.get("/negotiations/TK").text


def test_editor_begins_a_negotiation(as_ed: FlaskClient, session: Session) -> None:
    answer = post(as_ed, "/negotiations/new", TYPED, to="/negotiations")
    assert (answer.status_code, answer.location) == (303, "/negotiations/NEW")
    made = session.scalars(select(Negotiation).where(Negotiation.code == "NEW")).one()
    assert (made.title, made.handling, made.single_undertaking) == ("New talks", Handling.GREEN, False)
    page = as_ed.get("/negotiations/NEW").text
    assert "Add the parties" in page
    assert "Nothing is recorded yet" in page


def test_who_begins_restricted_talks_alone_sees_them(as_ed: FlaskClient, as_ann: FlaskClient) -> None:
    post(as_ed, "/negotiations/new", TYPED | {"visibility": "restricted"}, to="/negotiations")
    assert as_ed.get("/negotiations/NEW").status_code == 200
    assert as_ann.get("/negotiations/NEW").status_code == 404


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"code": "tk"}, "There is a negotiation with this code already."),
        ({"code": "1"}, "A code has 2 to 12 capital letters"),
        ({"title": ""}, "Give a title."),
        ({"started_on": "2025-02-30"}, "There is no such day in the calendar."),
        ({"started_on": "2025-05-02", "ended_on": "2025-05-01"}, "cannot end before they start"),
        ({"visibility": "secret"}, "is not one of the choices"),
        ({"summary": "x" * 10_001}, "10000 is the most"),
        ({"title": "a\x00b"}, "NUL"),
    ],
)
def test_what_is_wrong_is_said_and_kept(as_ed: FlaskClient, typed: dict[str, str], told: str) -> None:
    answer = post(as_ed, "/negotiations/new", TYPED | {"summary": "kept"} | typed, to="/negotiations")
    assert answer.status_code == 422
    assert told in answer.text
    assert "kept" in answer.text or "summary" in typed


def test_viewer_and_stranger_begin_nothing(as_vera: FlaskClient, client: FlaskClient) -> None:
    assert as_vera.get("/negotiations/new").status_code == 403
    assert client.get("/negotiations/new").status_code == 303
    assert as_vera.get("/negotiations/TK/edit").status_code == 403


def test_editor_edits_and_closes_a_negotiation(as_ed: FlaskClient, session: Session) -> None:
    typed = {"title": "Lake", "visibility": "public", "handling": "clear", "ended_on": "2025-12-05"}
    answer = post(as_ed, "/negotiations/TK/edit", typed, to="/negotiations/TK")
    assert answer.status_code == 303
    found = session.scalars(select(Negotiation).where(Negotiation.code == "TK")).one()
    assert (found.title, found.ended_on) == ("Lake", date(2025, 12, 5))
    assert "closed on" in as_ed.get("/").text


def test_the_second_editor_sees_both_and_puts_theirs_on_top(
    as_ed: FlaskClient, as_ann: FlaskClient, session: Session
) -> None:
    typed = {"title": "Ed’s title", "visibility": "public", "handling": "clear"}
    form = hidden(as_ed, "/negotiations/TK/edit")
    post(as_ann, "/negotiations/TK/edit", typed | {"title": "Ann’s title"}, to="/negotiations/TK")
    answer = as_ed.post("/negotiations/TK", data=form | typed)
    assert answer.status_code == 409
    assert "Ann saved while you were writing" in answer.text
    assert "Ann’s title" in answer.text
    assert 'value="Ed’s title"' in answer.text
    again = form | typed | {"base_version": str(int(form["base_version"]) + 1)}
    assert f'name="base_version" type="hidden" value="{again["base_version"]}"' in answer.text
    assert as_ed.post("/negotiations/TK", data=again).status_code == 303
    assert session.scalars(select(Negotiation.title)).one() == "Ed’s title"


def test_a_record_is_published_up_to_now_and_live_again(
    as_ed: FlaskClient, client: FlaskClient, session: Session, world: World
) -> None:
    answer = post(as_ed, "/negotiations/TK/edit", {}, to="/negotiations/TK/publications")
    assert answer.status_code == 303
    session.rollback()
    world.water.change_status(
        Status.PARKED, reason="so", dating=Dating(DAY), by=world.ed, citing=[world.cite()]
    )
    session.commit()
    assert "Parked by consent" not in client.get("/negotiations/TK").text
    assert "Published as it was known on" in client.get("/negotiations/TK").text
    desk = as_ed.get("/negotiations/TK").text
    assert "Parked by consent" in desk
    assert "Strangers see the record as it was known on" in desk
    post(as_ed, "/negotiations/TK/edit", {"live": "1"}, to="/negotiations/TK/publications")
    assert "Parked by consent" in client.get("/negotiations/TK").text


@pytest.mark.parametrize("address", ["/", "/negotiations/TK", "/negotiations/TK/issues"])
def test_statements_do_not_grow_with_the_issues(
    address: str, session: Session, world: World, as_ed: FlaskClient, statements: Statements
) -> None:
    as_ed.get(address)  # notes the visit
    with statements() as few:
        as_ed.get(address)
    session.rollback()
    for number in range(10, 60):
        Issue(negotiation=world.talks, number=number, title=f"Issue {number}").add(session)
        session.flush()
    session.commit()
    with statements() as many:
        as_ed.get(address)
    assert len(many) == len(few)
