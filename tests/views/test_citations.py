"""A second source for an entry, through its form."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, csrf, hidden, htmx_on, post, undo_of
from tests.views.reading import element, fault, shows_typed, words
from tests.world import DAY, QUOTE, World
from tracker.models import Cite, Position, StatusClaim
from tracker.models.citation import Citation
from tracker.models.entry import Dating
from tracker.models.retraction import retract
from tracker.models.vocabulary import Credibility, Reliability, Visibility

HARM = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def line(world: World) -> Position:
    found = world.water.position_of(world.blue)
    assert found is not None
    return found


def at(world: World, rest: str = "/new") -> str:
    return f"/entries/{line(world).uid}/citations{rest}"


def typed(world: World, **more: Any) -> dict[str, Any]:
    given = {"source": str(world.article.id), "quote": QUOTE, "credibility": "2", "directness": "on_record"}
    return {f"citations-0-{name}": value for name, value in (given | more).items()}


def cited(session: Session, world: World) -> list[Citation]:
    session.rollback()
    session.expire(line(world), ["citations"])
    return line(world).evidence


def test_an_editor_adds_a_source(as_ed: FlaskClient, session: Session, world: World) -> None:
    page = as_ed.get(at(world)).text
    assert "Blue would share the cost." in words(element(page, "entry"))
    assert "A report without its text" in words(element(page, "entry"))
    answer = post(as_ed, at(world), typed(world), to=at(world, ""))
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/issues/TK-1#e-{line(world).uid}"
    first, second = cited(session, world)
    assert (second.quote, second.is_checked, second.locator) == (QUOTE, True, "para 3")
    assert (second.credibility, second.recorded_by) == (Credibility.PROBABLE, "Ed")
    assert second.recorded_at > first.recorded_at
    html = as_ed.get("/issues/TK-1").text
    assert "The source was added. The entry rests on it from now on. Undo" in words(html)
    row = element(html, "p-blue")
    assert f"/retractions/new?entry={second.uid}" in row
    assert '<abbr title="F - not judged, or cannot be judged; 2 - probably true">F2</abbr>' in row


def test_a_source_just_added_is_undone_in_one_press(
    as_ed: FlaskClient, session: Session, world: World
) -> None:
    post(as_ed, at(world), typed(world), to=at(world, ""))
    assert len(cited(session, world)) == 2
    assert as_ed.post("/retractions", data=undo_of(as_ed.get("/issues/TK-1").text)).status_code == 303
    assert len(cited(session, world)) == 1


def test_one_of_two_is_withdrawn_with_a_reason(as_ed: FlaskClient, session: Session, world: World) -> None:
    post(as_ed, at(world), typed(world), to=at(world, ""))
    first, second = cited(session, world)
    reason = {"retraction_reason": "It said something else."}
    answer = post(as_ed, f"/retractions/new?entry={first.uid}", reason, to="/retractions")
    assert answer.status_code == 303
    assert [citation.uid for citation in cited(session, world)] == [second.uid]
    answer = post(as_ed, f"/retractions/new?entry={second.uid}", reason, to="/retractions")
    assert answer.status_code == 422  # the last one


def test_each_entry_offers_it_to_editors(
    as_ed: FlaskClient, as_vera: FlaskClient, session: Session, world: World
) -> None:
    claim = StatusClaim(negotiation=world.talks, party=world.red, share=90)
    claim.enter(session, dating=Dating(DAY), by=world.ed, citing=[world.cite()])
    session.commit()
    for address in ("/issues/TK-1", "/negotiations/TK/claims", "/negotiations/TK/evidence"):
        offered = re.findall(r'href="(/entries/[^"]*/citations/new)"', as_ed.get(address).text)
        assert offered
        assert as_ed.get(offered[0]).status_code == 200
        assert "/citations/new" not in as_vera.get(address).text
    past = as_ed.get("/issues/TK-1?as_of=2025-12-03").text
    assert "/citations/new" not in past


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"quote": "Words that are not there."}, "quote"),
        ({"source": ""}, "source"),
        ({"source": "999"}, "source"),
        ({"source": HARM}, "source"),
        ({"locator": "a" * 301}, "locator"),
        ({"credibility": "9"}, "credibility"),
        ({"source": "", "quote": ""}, "source"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    as_ed: FlaskClient, session: Session, world: World, given: dict[str, str], field: str
) -> None:
    sent = typed(world, translation="Wir zahlen nicht.", **given)
    answer = post(as_ed, at(world), sent, to=at(world, ""))
    assert answer.status_code == 422
    assert fault(answer.text, f"citations-0-{field}")
    assert "<img" not in answer.text
    kept = {name: value for name, value in sent.items() if not name.endswith(("source", "credibility"))}
    assert shows_typed(answer.text, kept)
    assert len(cited(session, world)) == 1


def test_a_part_is_the_part_of_the_page(as_ed: FlaskClient, world: World) -> None:
    part = as_ed.get(at(world), headers=HTMX).text
    assert part.lstrip().startswith('<div class="form" id="citation_form">')
    sent = hidden(as_ed, at(world)) | typed(world, quote="Words that are not there.")
    bad = as_ed.post(at(world, ""), data=sent, headers=htmx_on(at(world)))
    assert (bad.status_code, bad.text.lstrip()[:31]) == (422, '<div class="form" id="citation_')
    good = as_ed.post(at(world, ""), data=sent | typed(world), headers=htmx_on(at(world)))
    assert good.headers["HX-Redirect"] == f"/issues/TK-1#e-{line(world).uid}"


def test_one_press_adds_one(as_ed: FlaskClient, session: Session, world: World) -> None:
    sent = hidden(as_ed, at(world)) | typed(world)
    assert [as_ed.post(at(world, ""), data=sent).status_code for _ in range(2)] == [303, 303]
    assert len(cited(session, world)) == 2
    other = as_ed.post(at(world, ""), data=sent | typed(world, quote="The mediator spoke of progress."))
    assert other.status_code == 409
    assert len(cited(session, world)) == 2


def test_it_comes_back_to_where_it_was_asked_for(as_ed: FlaskClient, world: World) -> None:
    address = f"{at(world)}?next=/negotiations/TK/evidence&source={world.article.id}&quote=progress"
    page = as_ed.get(address).text
    assert f'value="{world.article.id}" selected' in page or f'selected value="{world.article.id}"' in page
    assert "progress</textarea>" in page
    answer = post(as_ed, address, typed(world), to=at(world, ""))
    assert answer.headers["Location"] == "/negotiations/TK/evidence"
    assert hidden(as_ed, f"{at(world)}?next=//evil.example")["next"] == ""


def test_it_is_for_editors_who_see_the_talks(
    client: FlaskClient, as_vera: FlaskClient, as_ed: FlaskClient, session: Session, world: World
) -> None:
    assert client.get(at(world)).status_code == 303
    assert client.post(at(world, ""), data=csrf(client)).status_code == 401
    assert as_vera.get(at(world)).status_code == 403
    assert as_vera.post(at(world, ""), data=csrf(as_vera)).status_code == 403
    assert as_ed.get("/entries/no-such-entry/citations/new").status_code == 404
    address = at(world)
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    assert as_ed.get(address).status_code == 404


def test_nothing_is_added_to_what_was_retracted(as_ed: FlaskClient, session: Session, world: World) -> None:
    form = hidden(as_ed, at(world))
    address = at(world, "")
    session.rollback()
    assert not retract(line(world), reason="Misread.", by=world.ed)
    session.commit()
    answer = as_ed.post(address, data=form | typed(world))
    assert answer.status_code == 422
    assert "This entry was retracted" in words(answer.text)


def test_grades_stand_beside_each_source_and_are_withheld_with_it(
    client: FlaskClient, session: Session, world: World
) -> None:
    assert "<abbr" not in client.get("/issues/TK-1").text  # nobody judged anything
    world.article.reliability = Reliability.B
    session.flush()
    world.border.state_position(
        world.red,
        dating=Dating(DAY),
        by=world.ed,
        citing=[Cite(world.article, credibility=Credibility.PROBABLE)],
        summary="Red is for it.",
        stance=line(world).stance,
        condition="something",
    )
    session.commit()
    html = client.get("/issues/TK-2").text
    assert '<abbr title="B - usually reliable; 2 - probably true">B2</abbr>' in html
