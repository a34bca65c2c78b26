"""Undo in the message: one press, by who entered it, within ten minutes; and where it is too late."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.views.conftest import hidden_of, htmx_on, post, undo_of
from tests.views.reading import element, words
from tests.views.test_retractions import correction
from tests.views.test_status_changes import FORM, HISTORY, typed
from tests.world import DAY, QUOTE, World
from tracker.db import now
from tracker.models import Dating, Recorded, Retraction, StatusChange
from tracker.models.retraction import UNDONE
from tracker.models.vocabulary import Status


def offered(client: FlaskClient, world: World, **more: Any) -> dict[str, str]:
    """Park the water, and give what the Undo of the message would send."""
    answer = post(client, FORM, typed(world), to=HISTORY, **more)
    page = answer.text if more else client.get(answer.location).text
    return undo_of(page)


def retractions(session: Session) -> int:
    """Count all retractions."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(Retraction)) or 0


def test_undo_in_the_message_is_one_press(as_ed: FlaskClient, world: World, session: Session) -> None:
    form = offered(as_ed, world)
    answer = as_ed.post("/retractions", data=form)
    assert (answer.status_code, answer.location) == (303, "/issues/TK-1")
    page = as_ed.get("/issues/TK-1").text
    assert "Undone. It stays readable, struck through." in words(element(page, "flash"))
    entry = element(page, f"e-{form['entry']}")
    assert 'class="retracted"' in entry
    assert UNDONE in words(entry)
    assert "As a whole Open" in words(element(page, "status"))
    assert as_ed.post("/retractions", data=form).status_code == 303  # the same press again
    assert retractions(session) == 1


def test_undo_after_saving_in_place_leads_back_to_the_page(as_ed: FlaskClient, world: World) -> None:
    form = offered(as_ed, world, htmx=True)
    assert form["next"] == "/issues/TK-1"
    assert as_ed.post("/retractions", data=form).location == "/issues/TK-1"


def test_undo_elsewhere_leads_back_to_where_the_message_stood(as_ed: FlaskClient, world: World) -> None:
    form, back = as_ed.get(f"{FORM}?next=/negotiations/TK/issues"), "/negotiations/TK/issues"
    answer = as_ed.post(HISTORY, data=hidden_of(form.text) | typed(world))
    assert answer.location == back
    offer = undo_of(as_ed.get(back).text)
    assert as_ed.post("/retractions", data=offer).location == back


def test_undo_after_the_form_stayed_on_another_page_leads_back_there(
    as_ed: FlaskClient, world: World
) -> None:
    answer = as_ed.post(
        HISTORY, data=hidden_of(as_ed.get(FORM).text) | typed(world), headers=htmx_on("/sources/1")
    )
    assert answer.headers["HX-Redirect"] == "/issues/TK-1#status"
    assert undo_of(as_ed.get("/issues/TK-1").text)["next"] == "/sources/1"


def test_a_long_way_back_does_not_burst_the_cookie_of_the_message(as_ed: FlaskClient, world: World) -> None:
    long = "/negotiations/TK/compare?" + "&".join(f"issue=TK-{number}" for number in range(150))
    answer = as_ed.post(HISTORY, data=hidden_of(as_ed.get(FORM).text) | typed(world) | {"next": long})
    assert answer.location == long
    assert all(len(cookie) < 4000 for cookie in answer.headers.getlist("Set-Cookie"))
    assert undo_of(as_ed.get("/issues/TK-1").text)["next"] == ""


@pytest.mark.parametrize("next_", ["https://example.com/", "//example.com", "/\\example.com"])
def test_undo_leads_to_no_other_site(as_ed: FlaskClient, world: World, next_: str) -> None:
    assert as_ed.post("/retractions", data=offered(as_ed, world) | {"next": next_}).location == "/issues/TK-1"


def test_undo_is_for_who_entered_it(
    as_ed: FlaskClient, as_ann: FlaskClient, as_vera: FlaskClient, client: FlaskClient, world: World,
    session: Session,
) -> None:  # fmt: skip
    form = offered(as_ed, world)
    for who, code in ((as_ann, 422), (as_vera, 403), (client, 401)):
        mine = hidden_of(who.get("/sign-in", follow_redirects=True).text)
        assert who.post("/retractions", data=form | {"csrf_token": mine["csrf_token"]}).status_code == code
    assert retractions(session) == 0


def test_undo_asks_for_the_token(as_ed: FlaskClient, world: World, session: Session) -> None:
    form = offered(as_ed, world)
    assert as_ed.post("/retractions", data=form | {"csrf_token": "x"}).status_code == 400
    assert retractions(session) == 0


def test_too_late_it_says_so_and_asks_why(as_ed: FlaskClient, world: World, session: Session) -> None:
    ago = Recorded(now() - timedelta(minutes=11), "Ed", world.ed.id)
    change = world.border.change_status(
        Status.OPEN, dating=Dating(DAY), by=world.ed, citing=[world.cite(QUOTE)], recorded=ago
    )
    session.commit()
    page = as_ed.post("/retractions", data=offered(as_ed, world) | {"entry": change.uid})
    assert page.status_code == 422
    assert "More than ten minutes have passed." in words(page.text)
    form = hidden_of(page.text)
    assert (form["entry"], form["undo"]) == (change.uid, "")
    assert as_ed.post("/retractions", data=form | {"retraction_reason": "Misread."}).status_code == 303
    assert retractions(session) == 1


def test_a_correction_offers_to_be_corrected_instead(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    old = world.water.status_on()
    assert old is not None
    form = correction(as_ed, old.uid) | {
        "status": "blocked",
        "reason": "So.",
        "retraction_reason": "Misread.",
    }
    page = as_ed.get(as_ed.post(HISTORY, data=form).location).text
    session.rollback()
    new = session.scalars(select(StatusChange).order_by(StatusChange.id.desc())).first()
    assert new is not None
    said = element(page, "flash")
    assert "recorded. Correct" in words(said)
    assert f'href="{FORM}?corrects={new.uid}"' in said
    assert "Undo" not in said
    forced = hidden_of(as_ed.get(f"/retractions/new?entry={new.uid}").text) | {"undo": "1"}
    page = as_ed.post("/retractions", data=forced).text
    assert "A correction is not undone" in words(page)
    assert f'href="{FORM}?corrects={new.uid}"' in page
    assert retractions(session) == 1
