"""Links between issues: made from the page of one, shown on both, and taken away from either."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, csrf, hidden, hidden_of, post
from tests.views.reading import element, fault, shows_typed, words
from tests.world import World
from tracker.models import AuditEntry, Issue, IssueLink, Negotiation
from tracker.models.vocabulary import IssueLinkKind, Visibility

LINKS = "/issues/TK-1/links"
FORM = LINKS + "/new"


def links(session: Session) -> list[IssueLink]:
    """Read all links."""
    session.rollback()
    return [*session.scalars(select(IssueLink).order_by(IssueLink.id))]


def shown(client: FlaskClient, key: str) -> str:
    """Give the words of the links on an issue's page."""
    return words(element(client.get(f"/issues/{key}").text, "links"))


def test_form_is_a_page_and_a_part_of_it(as_ed: FlaskClient) -> None:
    page, part = as_ed.get(FORM), as_ed.get(FORM, headers=HTMX)
    assert page.status_code == part.status_code == 200
    assert part.text.strip() == element(part.text, "link_form")
    assert words(element(page.text, "link_form")) == words(part.text)


@pytest.mark.parametrize(("name", "read", "write"), [("client", 303, 401), ("as_vera", 403, 403)])
def test_linking_is_for_editors(
    request: pytest.FixtureRequest, name: str, read: int, write: int, world: World, session: Session
) -> None:
    session.add(IssueLink(from_issue=world.water, kind=IssueLinkKind.PACKAGE, to_issue=world.border))
    session.commit()
    (link,) = links(session)
    who = request.getfixturevalue(name)
    assert who.get(FORM).status_code == read
    assert who.post(LINKS, data=csrf(who) | {"kind": "part_of", "to": "TK-3"}).status_code == write
    assert who.post(f"{LINKS}/{link.id}/delete", data=csrf(who)).status_code == write
    assert links(session) == [link]
    assert "TK-2 Border" in shown(who, "TK-1")
    assert "Take away" not in shown(who, "TK-1")


def test_the_message_offers_to_take_a_link_away_again(as_ed: FlaskClient, session: Session) -> None:
    for headers in ({}, HTMX | {"HX-Current-URL": "http://localhost/issues/TK-1"}):
        sent = hidden(as_ed, FORM) | {"kind": "part_of", "to": "TK-2"}
        saved = as_ed.post(LINKS, data=sent, headers=headers)
        html = saved.text if headers else as_ed.get("/issues/TK-1").text
        (link,) = links(session)
        offer = re.search(r'<form class="undo".*?</form>', html, re.S)
        assert offer
        assert f'action="{LINKS}/{link.id}/delete"' in offer[0]
        gone = as_ed.post(f"{LINKS}/{link.id}/delete", data=hidden_of(offer[0]))
        assert gone.location == "/issues/TK-1#links"
        assert links(session) == []
        assert "was taken away" in as_ed.get("/issues/TK-1").text


def test_strangers_see_no_empty_place_for_links(client: FlaskClient) -> None:
    assert 'id="links"' not in client.get("/issues/TK-1").text


@pytest.mark.parametrize(
    ("kind", "here", "there"),
    [
        ("part_of", "Part of", "Has as a part"),
        ("split_from", "Split from", "Split into"),
        ("merged_into", "Merged into", "Merged from"),
        ("conditional_on", "Conditional on", "Condition for"),
        ("package", "In one package with", "In one package with"),
    ],
)
def test_a_link_is_told_both_ways_and_taken_away_from_either_end(
    as_ed: FlaskClient, session: Session, kind: str, here: str, there: str
) -> None:
    answer = post(as_ed, FORM, {"kind": kind, "to": "tk-2 Border"}, to=LINKS)
    assert (answer.status_code, answer.location) == (303, "/issues/TK-1#links")
    assert "TK-1 was linked to TK-2." in words(as_ed.get("/issues/TK-1").text)
    assert f"{here} TK-2 Border" in shown(as_ed, "TK-1")
    assert f"{there} TK-1 Water" in shown(as_ed, "TK-2")
    (link,) = links(session)
    gone = hidden(as_ed, FORM)
    answer = as_ed.post(f"/issues/TK-2/links/{link.id}/delete", data=gone)
    assert answer.location == "/issues/TK-2#links"
    page = as_ed.get("/issues/TK-2").text
    assert "The link to TK-1 was taken away." in words(page)
    assert "No other issue yet." in words(element(page, "links"))
    assert links(session) == []
    told = session.scalars(select(AuditEntry).where(AuditEntry.table_name == "issue_links")).all()
    assert len(told) == 2  # that it was made, and that it was taken away


def test_in_place_the_links_are_answered(as_ed: FlaskClient, session: Session) -> None:
    answer = post(as_ed, FORM, {"kind": "part_of", "to": "TK-2"}, to=LINKS, htmx=True)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (200, "#links")
    assert "Part of TK-2 Border" in words(element(answer.text, "links"))
    assert "TK-1 was linked to TK-2." in words(answer.text)
    (link,) = links(session)
    answer = as_ed.post(
        f"{LINKS}/{link.id}/delete",
        data=hidden(as_ed, FORM),
        headers=HTMX | {"HX-Current-URL": "http://localhost/issues/TK-1"},
    )
    assert "No other issue yet." in words(element(answer.text, "links"))


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"to": "TK-2"}, "kind", "Say how the issues hang together."),
        ({"kind": "friends", "to": "TK-2"}, "kind", "is not one of the choices"),
        ({"kind": "package"}, "to", "There is no such issue."),
        ({"kind": "package", "to": "XX-1"}, "to", "There is no such issue."),
        ({"kind": "package", "to": "<img src=x>"}, "to", "There is no such issue."),
        ({"kind": "package", "to": "TK-1"}, "to", "An issue is not linked to itself."),
    ],
)
def test_what_is_wrong_is_said_and_kept(
    as_ed: FlaskClient, session: Session, typed: dict[str, str], field: str, message: str
) -> None:
    answer = post(as_ed, FORM, typed, to=LINKS)
    assert answer.status_code == 422
    assert message in fault(answer.text, field, "link")
    assert "<img" not in answer.text
    assert shows_typed(answer.text, {"to": typed.get("to", "")})
    assert links(session) == []


def test_an_issue_of_other_talks_is_refused_as_such(as_ed: FlaskClient, session: Session) -> None:
    other = Negotiation(code="OT", title="Other")
    session.add(other)
    other.recorded_at = other.moment
    Issue(negotiation=other, number=1, title="Fish").add(session)
    session.commit()
    answer = post(as_ed, FORM, {"kind": "part_of", "to": "ot-1 Fish"}, to=LINKS)
    assert "These issues belong to different negotiations." in fault(answer.text, "to", "link")
    assert links(session) == []


def test_the_same_link_and_a_circle_are_refused(as_ed: FlaskClient, session: Session) -> None:
    for key, other in (("TK-1", "TK-2"), ("TK-2", "TK-3")):
        here = f"/issues/{key}/links"
        assert post(as_ed, here + "/new", {"kind": "part_of", "to": other}, to=here).status_code == 303
    again = post(as_ed, FORM, {"kind": "part_of", "to": "TK-2"}, to=LINKS)
    assert "linked in this way already" in fault(again.text, "to", "link")
    here = "/issues/TK-3/links"
    round_ = post(as_ed, here + "/new", {"kind": "part_of", "to": "TK-1"}, to=here)
    assert round_.status_code == 422
    assert "a part of itself" in fault(round_.text, "to", "link")
    assert len(links(session)) == 2


def test_pressed_twice_it_is_linked_and_taken_away_once(as_ed: FlaskClient, session: Session) -> None:
    given = hidden(as_ed, FORM) | {"kind": "part_of", "to": "TK-2"}
    assert [as_ed.post(LINKS, data=given).status_code for _ in range(2)] == [303, 303]
    assert as_ed.post(LINKS, data=given | {"to": "TK-3"}).status_code == 409
    (link,) = links(session)
    gone = hidden(as_ed, FORM)
    assert as_ed.post(f"{LINKS}/{link.id}/delete", data=gone).status_code == 303
    assert as_ed.post(f"{LINKS}/{link.id}/delete", data=gone).status_code == 404
    assert as_ed.post(f"/issues/TK-3/links/{link.id}/delete", data=gone).status_code == 404


def test_restricted_talks_are_not_there(as_ed: FlaskClient, world: World, session: Session) -> None:
    form = hidden(as_ed, FORM)
    session.rollback()
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    assert as_ed.get(FORM).status_code == 404
    assert as_ed.post(LINKS, data=form | {"kind": "part_of", "to": "TK-2"}).status_code == 404
