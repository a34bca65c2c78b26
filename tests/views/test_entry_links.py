"""Links between entries, through their form."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, Statements, csrf, hidden, htmx_on, post, undo_of
from tests.views.reading import element, fault, words
from tests.world import DAY, World
from tracker.models import Dating, Entry, EntryLink, StatusClaim
from tracker.models.vocabulary import Status, Visibility

HARM = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def red(world: World) -> Entry:
    found = world.water.position_of(world.red)
    assert found is not None
    return found


def blue(world: World) -> Entry:
    found = world.water.position_of(world.blue)
    assert found is not None
    return found


def at(world: World, rest: str = "/new") -> str:
    return f"/entries/{red(world).uid}/links{rest}"


def links(session: Session) -> list[EntryLink]:
    session.rollback()
    return [*session.scalars(select(EntryLink))]


def test_two_entries_are_linked_and_name_each_other(
    as_ed: FlaskClient, client: FlaskClient, session: Session, world: World
) -> None:
    typed = {"kind": "denies", "to": blue(world).uid}
    answer = post(as_ed, at(world), typed, to=at(world, ""))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/issues/TK-1#e-{red(world).uid}")
    (link,) = links(session)
    assert (link.from_entry, link.to_entry, link.recorded_by) == (red(world), blue(world), "Ed")
    html = client.get("/issues/TK-1").text
    assert "Denies: Blue, 2 Dec 2025 (position)" in words(element(html, "p-red"))
    assert f'href="/issues/TK-1#e-{blue(world).uid}"' in element(html, "p-red")
    assert "Denied by: Red, 2 Dec 2025 (position)" in words(element(html, "p-blue"))
    assert "Retract this link" not in html


def test_a_link_is_withdrawn_with_a_reason(as_ed: FlaskClient, session: Session, world: World) -> None:
    post(as_ed, at(world), {"kind": "contradicts", "to": blue(world).uid}, to=at(world, ""))
    html = as_ed.get("/issues/TK-1").text
    (address,) = {*re.findall(r'href="(/retractions/new\?entry=[^"]*)">Retract this link', html)}
    page = words(as_ed.get(address).text)
    assert "Red does not pay for the dam." in page
    assert "Blue would share the cost." in page
    assert post(as_ed, address, {"retraction_reason": "Misread."}, to="/retractions").status_code == 303
    assert "Contradict" not in as_ed.get("/issues/TK-1").text
    assert links(session)[0].retraction


def test_a_link_just_made_is_undone_in_one_press(as_ed: FlaskClient, session: Session, world: World) -> None:
    post(as_ed, at(world), {"kind": "contradicts", "to": blue(world).uid}, to=at(world, ""))
    assert as_ed.post("/retractions", data=undo_of(as_ed.get("/issues/TK-1").text)).status_code == 303
    assert links(session)[0].retraction
    assert "Undone." in words(as_ed.get("/issues/TK-1").text)


def test_the_address_of_the_other_entry_will_do(as_ed: FlaskClient, session: Session, world: World) -> None:
    address = f" http://localhost/issues/TK-1?as_of=2025-12-03#e-{blue(world).uid.upper()} "
    answer = post(as_ed, at(world), {"kind": "confirms", "address": address}, to=at(world, ""))
    assert answer.status_code == 303
    assert links(session)[0].to_entry == blue(world)


def test_the_other_entry_is_found_by_issue_party_and_words(
    as_ed: FlaskClient, session: Session, world: World
) -> None:
    claim = StatusClaim(negotiation=world.talks, party=world.med, words="Nearly THERE", share=90)
    claim.enter(session, dating=Dating(DAY), by=world.ed, citing=[world.cite()])
    session.commit()

    def found(asked: str) -> str:
        return words(element(as_ed.get(f"{at(world)}?{asked}").text, "candidates"))

    every = found("")
    for said in ("Blue would share the cost.", "The Union wants Red to pay.", "Nearly THERE", "Open"):
        assert said in every
    assert "Red does not pay" not in every  # it does not speak to itself
    assert "Blue would share" in found("party=blue")
    assert "The Union" not in found("party=blue")
    assert "Nearly THERE" in found("q=nearly+there")
    assert "Blue would" not in found("q=nearly+there")
    assert "Nearly THERE" not in found("issue=TK-1")
    assert "No other entry fits" in found("q=xyz")


@pytest.mark.parametrize("asked", ["issue=TK-99", "issue=x", "party=nobody"])
def test_what_cannot_be_read_is_400(as_ed: FlaskClient, world: World, asked: str) -> None:
    assert as_ed.get(f"{at(world)}?{asked}").status_code == 400


def test_more_than_are_shown_are_told_of(
    as_ed: FlaskClient, session: Session, world: World, statements: Statements
) -> None:
    with statements() as few:
        as_ed.get(at(world))
    for number in range(25):
        world.border.state_position(
            world.red,
            dating=Dating(DAY),
            by=world.ed,
            citing=[world.cite()],
            stance=world.water.position_of(world.union).stance,  # type: ignore[union-attr]
            summary=f"Red, {number}",
        )
    session.commit()
    with statements() as many:
        html = as_ed.get(at(world)).text
    assert len(many) == len(few)
    assert html.count('type="radio"') == 20
    assert "there are more" in html


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": "", "to": "blue"}, "kind"),
        ({"kind": "loves", "to": "blue"}, "kind"),
        ({"kind": "denies"}, "address"),
        ({"kind": "denies", "to": HARM}, "address"),
        ({"kind": "denies", "address": HARM}, "address"),
        ({"kind": "denies", "to": "red"}, "address"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    as_ed: FlaskClient, session: Session, world: World, typed: dict[str, Any], field: str
) -> None:
    uids = {"red": red(world).uid, "blue": blue(world).uid}
    sent = {name: uids.get(value, value) for name, value in typed.items()}
    answer = post(as_ed, at(world), sent, to=at(world, "?q=blue"))
    assert answer.status_code == 422
    assert fault(answer.text, field)
    assert "<img" not in answer.text
    if typed.get("to") == "blue":
        assert re.search(rf'value="{uids["blue"]}"[^>]* checked', answer.text)
    assert links(session) == []


def test_entries_are_linked_in_one_way_once(as_ed: FlaskClient, session: Session, world: World) -> None:
    typed = {"kind": "denies", "to": blue(world).uid}
    post(as_ed, at(world), typed, to=at(world, ""))
    answer = post(as_ed, at(world), typed, to=at(world, ""))
    assert answer.status_code == 422
    assert "linked in this way already" in fault(answer.text, "address")
    assert len(links(session)) == 1


def test_a_choice_outside_of_what_is_listed_is_kept(
    as_ed: FlaskClient, session: Session, world: World
) -> None:
    """The kind is missing, and the filter of the address leaves the chosen entry out."""
    answer = post(as_ed, at(world), {"to": blue(world).uid}, to=at(world, "?party=union"))
    assert answer.status_code == 422
    assert blue(world).uid in answer.text
    assert links(session) == []


def test_a_part_is_the_part_of_the_page(as_ed: FlaskClient, world: World) -> None:
    assert as_ed.get(at(world), headers=HTMX).text.lstrip().startswith('<div id="entry_link_form">')
    sent = hidden(as_ed, at(world)) | {"kind": "denies"}
    bad = as_ed.post(at(world, ""), data=sent, headers=htmx_on(at(world)))
    assert (bad.status_code, bad.text.lstrip()[:26]) == (422, '<div id="entry_link_form">')
    good = as_ed.post(at(world, ""), data=sent | {"to": blue(world).uid}, headers=htmx_on(at(world)))
    assert good.headers["HX-Redirect"] == f"/issues/TK-1#e-{red(world).uid}"


def test_it_is_for_editors_who_see_the_talks(
    client: FlaskClient, as_vera: FlaskClient, as_ed: FlaskClient, session: Session, world: World
) -> None:
    assert client.get(at(world)).status_code == 303
    assert client.post(at(world, ""), data=csrf(client)).status_code == 401
    assert as_vera.get(at(world)).status_code == 403
    assert as_vera.post(at(world, ""), data=csrf(as_vera)).status_code == 403
    address = at(world)
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    assert as_ed.get(address).status_code == 404


def test_the_desks_status_is_named_as_such(as_ed: FlaskClient, session: Session, world: World) -> None:
    status = world.water.status_on()
    assert status is not None
    assert status.status is Status.OPEN
    post(as_ed, at(world), {"kind": "contradicts", "to": status.uid}, to=at(world, ""))
    html = words(as_ed.get("/issues/TK-1").text)
    assert "Contradicts: the desk’s status Open, 2 Dec 2025" in html
    assert "Contradicted by: Red, 2 Dec 2025 (position)" in html
    assert len(links(session)) == 1
