"""The page on distance: what it draws, says and refuses, and for whom."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.views.conftest import Statements, post
from tests.views.reading import element, words
from tests.world import DAY, World, make_source
from tracker.db import now, writing
from tracker.models import Cite, Dating, Issue, Party
from tracker.models.vocabulary import Handling, Stance, Visibility

DISTANCE = "/negotiations/TK/distance"
LATER = DAY + timedelta(days=10)


def code(world: World, party: Party, value: float | None, on: date = DAY, **more: Any) -> None:
    """State and commit a line on the prisoners, with or without a number."""
    given: dict[str, Any] = {"stance": Stance.PROPOSES, "citing": [world.cite()]} | more
    summary = f"{party.name} names {value}."
    with writing():
        world.prisoners.state_position(
            party, summary=summary, dating=Dating(on), by=world.ed, value=value, **given
        )
        world.talks.session.commit()


def test_a_scale_of_any_length_that_is_stored_is_shown(
    client: FlaskClient, as_ed: FlaskClient, world: World
) -> None:
    world.prisoners.scale_to = 1e30  # as a record may hold from before ends were bounded
    world.talks.session.commit()
    code(world, world.red, 3.0)
    assert client.get(DISTANCE).status_code == client.get("/issues/TK-3").status_code == 200
    typed = {"title": "Prisoners", "scale_unit": "prisoners", "scale_to": "1e16"}
    refused = post(as_ed, "/issues/TK-2/edit", typed, to="/issues/TK-2")
    assert refused.status_code == 422
    assert "within 15 digits" in refused.text


def shown(client: FlaskClient, query: str = "") -> str:
    answer = client.get(f"{DISTANCE}?{query}")
    assert answer.status_code == 200
    return answer.text


def section(client: FlaskClient, query: str = "") -> str:
    """Give what the page says of the prisoners."""
    return words(element(shown(client, query), "TK-3"))


def test_where_nothing_is_coded_words_say_what_would_have_to_be_recorded(client: FlaskClient) -> None:
    html = shown(client)
    assert "0 of 5 parties coded" in words(html)
    assert "A position is coded when its value is entered with it" in words(html)
    assert "<svg" not in html
    assert "TK-1" not in element(html, "main")


def test_values_stand_in_a_drawing_and_in_a_table_with_their_sources(
    client: FlaskClient, world: World
) -> None:
    code(world, world.red, 100.0)
    code(world, world.blue, 400.5)
    code(world, world.med, None)
    html = shown(client)
    [drawing] = re.findall(r'<svg role="img".*?</figure>', html, re.DOTALL)
    assert 'x="20.0%"' in drawing
    assert 'x="80.1%"' in drawing
    assert "0 prisoners: none" in words(drawing)
    assert "500 prisoners: all" in words(drawing)
    text = section(client)
    assert "Spread 300.5 prisoners, 2 of 5 parties coded." in text
    assert "Red 100 prisoners 2 Dec 2025 The Lake" in text
    assert "Mediator Not coded Mediator names None." in text
    assert "Not stated: Union of the Shore, Coast." in text
    assert "Between each two parties, in prisoners Party Red Blue Red 0 300.5 Blue 300.5 0" in text
    assert f'href="/sources/{world.article.id}"' in html


def test_movement_is_told_since_the_day_of_the_address(client: FlaskClient, world: World) -> None:
    code(world, world.red, 100.0)
    code(world, world.red, 150.0, on=LATER)
    code(world, world.blue, 400.0)
    code(world, world.blue, 380.0, on=LATER)
    code(world, world.med, 250.0, on=LATER)
    text = section(client, f"since={DAY}")
    assert "On 2 Dec 2025: Spread 300 prisoners, 2 of 5 parties coded." in text
    assert "+50 prisoners toward “all”" in text
    assert "-20 prisoners toward “none”" in text
    assert "Mediator 250 prisoners 12 Dec 2025 The Lake Not stated Cannot be told" in text
    assert "Red 150, before 100" in text
    assert "No movement" in section(client, f"since={LATER}")
    assert "Movement" not in words(element(shown(client), "TK-3"))


def test_a_value_outside_of_the_scale_is_shown_as_such(client: FlaskClient, world: World) -> None:
    code(world, world.red, 900.0)
    text = section(client)
    assert "Red 900 (beyond the upper end)" in text
    assert "900 prisoners, beyond the upper end" in text


def test_small_numbers_keep_their_digits(client: FlaskClient, world: World) -> None:
    code(world, world.red, 0.0004)
    assert "0.0004 prisoners" in section(client)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("since=yesterday", "since: This is not a day of the form 2025-12-02."),
        ("since=2025-13-01", "since: This is not a day"),
        ("since=2999-01-01", "since: This day lies after the day that is looked from."),
        ("since=2025-12-03&as_of=2025-12-02", "since: This day lies after"),
        ("as_of=soon", "as_of: This is not a day"),
        ("known_at=soon", "known_at: This is not a moment"),
        ("party=green", "party: There is no party “green” in this negotiation."),
        ("issue=TK-9", "issue: There is no issue TK-9."),
        ("issue=UA-3", "issue: “UA-3” is not the key of an issue here."),
        ("issue=TK-003", "issue: “TK-003” is not the key"),
        ("page=0", "page: This is not the number of a page."),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(client: FlaskClient, query: str, reason: str) -> None:
    answer = client.get(f"{DISTANCE}?{query}")
    assert answer.status_code == 400
    assert reason in words(answer.text)


def test_a_page_that_is_not_there_is_404(client: FlaskClient) -> None:
    assert client.get(f"{DISTANCE}?page=2").status_code == 404


def test_parties_and_issues_of_the_address_are_measured_alone(client: FlaskClient, world: World) -> None:
    code(world, world.red, 100.0)
    code(world, world.blue, 300.0)
    assert "1 of 2 parties coded (a spread needs two)" in section(client, "party=blue&party=med")
    text = words(shown(client, "issue=TK-1"))
    assert "TK-1 has no scale" in text
    assert "None of these issues has a scale." in text


def test_strangers_see_no_further_than_what_was_published(
    client: FlaskClient, as_vera: FlaskClient, world: World, session: Session
) -> None:
    code(world, world.red, 100.0)
    with writing():
        world.talks.published_at = now()
        session.commit()
    code(world, world.red, 200.0, on=LATER)
    assert "Red 100 prisoners" in section(client)
    assert "Red 200 prisoners" in section(as_vera)


def test_withheld_sources_stay_withheld(client: FlaskClient, world: World, session: Session) -> None:
    with writing():
        secret = make_source(session, world.talks, "A cable")
        secret.handling = Handling.AMBER
        session.commit()
    code(world, world.red, 100.0, citing=[world.cite(), Cite(secret)])
    html = shown(client)
    assert "source withheld" in html
    assert "A cable" not in html


def test_restricted_talks_are_not_there_for_others(
    as_vera: FlaskClient, world: World, session: Session
) -> None:
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    assert as_vera.get(DISTANCE).status_code == 404


def test_the_issue_shows_its_distance_only_where_it_has_a_scale(client: FlaskClient, world: World) -> None:
    code(world, world.red, 100.0)
    code(world, world.blue, 300.0)
    text = words(element(client.get("/issues/TK-3?as_of=2025-12-02").text, "positions"))
    assert "Distance Spread 200 prisoners, 2 of 5 parties coded. Distance and movement Red 100" in text
    assert f"{DISTANCE}?issue=TK-3&amp;as_of=2025-12-02" in client.get("/issues/TK-3?as_of=2025-12-02").text
    assert 'id="distance"' not in client.get("/issues/TK-1").text


def test_saving_a_position_draws_the_issue_anew(as_ed: FlaskClient, world: World) -> None:
    typed = {
        "movement": "first",
        "stance": "proposes",
        "summary": "Red wants a hundred.",
        "value": "100",
        "effective_on": "2025-12-02",
        "citations-0-source": str(world.article.id),
    }
    saved = post(as_ed, "/issues/TK-3/positions/new?party=red", typed, to="/issues/TK-3/positions", htmx=True)
    assert saved.status_code == 200
    assert "1 of 5 parties coded" in words(element(saved.text, "positions"))


def test_state_of_play_leads_to_the_distances_of_its_day(client: FlaskClient) -> None:
    assert f'href="{DISTANCE}?as_of=2025-12-02"' in client.get("/negotiations/TK?as_of=2025-12-02").text


def test_statements_do_not_grow_with_rows(
    client: FlaskClient, world: World, session: Session, statements: Statements
) -> None:
    code(world, world.red, 100.0)
    client.get(DISTANCE)
    with statements() as few:
        client.get(f"{DISTANCE}?since={DAY}")
    with writing():
        for number in range(4, 54):
            Issue(negotiation=world.talks, number=number, title="More", scale_unit="days").add(session)
        session.commit()
    code(world, world.blue, 200.0)
    with statements() as many:
        client.get(f"{DISTANCE}?since={DAY}")
    assert len(few) == len(many) <= 12


def test_days_to_look_back_to_are_offered_with_the_reason(client: FlaskClient) -> None:
    assert f"{DISTANCE}?since=2025-11-25" in shown(client)
    assert "(a week and a month before the last entry)" in words(shown(client))
    assert f"{DISTANCE}?as_of=2025-12-20&amp;since=2025-11-20" in shown(client, "as_of=2025-12-20")
    assert "before the day that the page looks from" in words(shown(client, "as_of=2025-12-20"))


def test_a_member_without_a_line_is_not_stated_but_through_its_bloc(
    client: FlaskClient, world: World
) -> None:
    code(world, world.union, 100.0)
    assert "Not stated: Red, Blue, Mediator, Coast (through Union of the Shore)." in section(client)
    code(world, world.coast, 50.0, on=LATER)
    text = section(client, f"since={DAY}")
    assert "Not stated; through Union of the Shore Cannot be told" in text
    assert "through" not in section(client)


def test_sources_that_stand_side_by_side_are_set_apart(
    client: FlaskClient, world: World, session: Session
) -> None:
    with writing():
        other = make_source(session, world.talks, "Another")
        session.commit()
    code(world, world.red, 100.0, citing=[world.cite(), Cite(other)])
    assert re.search(r"The Lake, \w+", section(client))
