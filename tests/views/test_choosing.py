"""What forms offer to choose from, and how they read what was chosen or typed."""

import re

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.views.conftest import post
from tests.views.reading import fault
from tests.views.test_claims import TALKS, claims, typed
from tests.views.test_events import hold
from tests.world import World, make_source
from tracker.models import Issue, Negotiation


def test_source_outside_the_latest_hundred_is_offered_wherever_one_is_chosen(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    for number in range(101):
        make_source(session, world.talks, f"Later {number}")
    change = world.water.status_on()
    assert change
    event = hold(world)
    session.commit()
    for form, empty in (
        (f"/entries/{change.uid}/citations/new", "Choose the source"),
        ("/negotiations/TK/proposals/new", "Not known"),
        (f"/negotiations/TK/events/{event.id}/record", "Choose the source"),
    ):
        page = as_ed.get(f"{form}?source={world.article.id}").text
        assert re.search(rf'<option [^>]*value=""[^>]*>{empty}</option>', page)
        options = re.findall(r"<option ([^>]*)>Talks on the lake go on", page)
        assert {f'value="{world.article.id}"', "selected"} in [{*option.split()} for option in options]
        assert ">Later 100," in page


def test_the_number_of_an_issue_is_its_key_too(as_ed: FlaskClient, world: World, session: Session) -> None:
    assert post(as_ed, TALKS + "/new", typed(world, issue="2"), to=TALKS).location == "/issues/TK-2#claims"
    assert claims(session)[0].issue == world.border


def test_all_that_is_unknown_is_told_at_once(as_ed: FlaskClient, world: World) -> None:
    page = post(as_ed, TALKS + "/new", typed(world, party="x", track="x", issue="TK-99"), to=TALKS)
    assert page.status_code == 422
    for name, told in (("party", "no such party"), ("track", "no such track"), ("issue", "no such issue")):
        assert told in fault(page.text, name)


def test_an_unknown_issue_is_refused(as_ed: FlaskClient, world: World, session: Session) -> None:
    other = Negotiation(code="OT", title="Other")
    session.add(other)
    other.recorded_at = other.moment
    Issue(negotiation=other, number=1, title="Fish").add(session)
    session.commit()
    for key in ("TK-99", "XX-1", "OT-1", "water", "TK-02", "-2", "0"):
        page = post(as_ed, TALKS + "/new", typed(world, issue=key), to=TALKS)
        assert page.status_code == 422
        assert "There is no such issue." in fault(page.text, "issue")
    assert claims(session) == []
