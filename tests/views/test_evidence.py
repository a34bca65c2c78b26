"""The page of what the record rests on."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, Statements
from tests.views.reading import element, words
from tests.world import DAY, World, make_source
from tracker.dates import moment_words
from tracker.models import Cite, Dating
from tracker.models.vocabulary import (
    Credibility,
    Directness,
    Handling,
    Reliability,
    Stance,
    Standing,
    Visibility,
)

PAGE = "/negotiations/TK/evidence"


def judge(world: World, title: str = "Judged") -> Cite:
    source = make_source(world.talks.session, world.talks, title)
    source.reliability, source.publisher = Reliability.B, "The Shore"
    world.talks.session.flush()
    return Cite(source, credibility=Credibility.PROBABLE, directness=Directness.ON_RECORD)


def second(session: Session, world: World) -> None:
    """Let the line of Red rest on a second, judged source."""
    line = world.water.position_of(world.red)
    assert line is not None
    line.cite(judge(world), by=world.ed)
    session.commit()


def test_the_head_counts_and_each_entry_says_what_it_rests_on(
    client: FlaskClient, session: Session, world: World
) -> None:
    assert "4 of 4 entries in force rest on one source alone." in words(client.get(PAGE).text)
    second(session, world)
    html = client.get(PAGE).text
    assert "3 of 4 entries in force rest on one source alone." in words(html)
    line = world.water.position_of(world.red)
    assert line is not None
    row = words(element(html, f"e-{line.uid}"))
    assert "Red does not pay for the dam." in row
    assert "2 B2 B - usually reliable; 2 - probably true" in row
    assert "not judged" in words(html)


def test_filters_leave_what_was_asked_for(client: FlaskClient, session: Session, world: World) -> None:
    second(session, world)
    graded = words(client.get(f"{PAGE}?reliability=B&credibility=2").text)
    assert "1 entry, issue by issue" in graded
    assert "3 of 4 entries" in graded
    assert "Red does not pay" in graded
    assert "Red does not pay" not in words(client.get(f"{PAGE}?trait=single").text)
    none = words(client.get(f"{PAGE}?reliability=A").text)
    assert "No entry fits what you asked for." in none
    html = client.get(f"{PAGE}?trait=single&trait=reported&reliability=B&entries=all").text
    for chosen in ('value="single" checked', 'value="reported" checked', 'value="B" selected'):
        assert chosen in html


def test_all_that_stand_can_be_chosen(client: FlaskClient, session: Session, world: World) -> None:
    world.water.state_position(
        world.red,
        dating=Dating(DAY),
        by=world.ed,
        citing=[world.cite()],
        stance=Stance.SUPPORTS,
        summary="A deputy is for it.",
        standing=Standing.VOICE,
    )
    session.commit()
    assert "A deputy" not in client.get(PAGE).text
    html = words(client.get(f"{PAGE}?entries=all").text)
    assert "A deputy is for it." in html
    assert "5 of 5 entries rest on one source alone." in html


@pytest.mark.parametrize(
    "asked", ["reliability=G", "credibility=0", "trait=good", "entries=none", "page=x", "as_of=x"]
)
def test_what_cannot_be_read_is_400(client: FlaskClient, asked: str) -> None:
    answer = client.get(f"{PAGE}?{asked}")
    assert answer.status_code == 400
    assert asked.partition("=")[0] in answer.text


def test_a_page_that_is_not_there_is_404(client: FlaskClient) -> None:
    assert client.get(f"{PAGE}?page=2").status_code == 404


def test_the_past_is_shown_as_it_was_known(
    client: FlaskClient, as_ed: FlaskClient, session: Session, world: World
) -> None:
    line = world.water.position_of(world.red)
    assert line is not None
    before = moment_words(line.recorded_at)
    session.commit()
    second(session, world)
    then = as_ed.get(PAGE, query_string={"known_at": before}).text
    assert "4 of 4 entries in force" in words(then)
    assert "/citations/new" not in then
    early = words(client.get(f"{PAGE}?as_of=2025-12-01").text)
    assert "0 of 0 entries in force" in early
    assert "Nothing is recorded yet." in early


def test_strangers_see_what_was_published_and_no_withheld_source(
    client: FlaskClient, as_vera: FlaskClient, session: Session, world: World
) -> None:
    world.talks.publish()
    session.commit()
    line = world.water.position_of(world.red)
    assert line is not None
    secret = judge(world, "For the desk alone")
    assert secret.source is not None
    secret.source.handling = Handling.AMBER
    line.cite(secret, by=world.ed)
    session.commit()
    assert "For the desk alone" not in client.get(PAGE).text
    world.talks.publish()
    session.commit()
    html = client.get(PAGE).text
    assert "For the desk alone" not in html
    assert "source withheld" in words(element(html, f"e-{line.uid}"))
    assert "B2" not in html
    assert "B2" in as_vera.get(PAGE).text
    world.talks.visibility = Visibility.INTERNAL
    session.commit()
    assert client.get(PAGE).status_code == 404


def test_a_part_is_the_part_of_the_page(client: FlaskClient) -> None:
    part = client.get(PAGE, headers=HTMX | {"HX-Target": "section#founded"}).text
    assert element(part, "founded") == element(client.get(PAGE).text, "founded")
    assert part.strip().startswith('<section id="founded"')


def test_it_stands_beside_the_sources_of_the_talks(client: FlaskClient, as_vera: FlaskClient) -> None:
    assert f'href="{PAGE}"' in client.get("/sources?negotiation=TK").text
    assert "/inbox" not in client.get(PAGE).text
    assert "/negotiations/TK/inbox" in as_vera.get(PAGE).text
    assert 'href="/sources?negotiation=TK"' in client.get(PAGE).text


def test_it_takes_as_many_statements_for_many(
    client: FlaskClient, session: Session, world: World, statements: Statements
) -> None:
    with statements() as few:
        client.get(PAGE)
    for number in range(60):
        world.water.state_position(
            world.red,
            dating=Dating(DAY),
            by=world.ed,
            citing=[world.cite(), Cite(world.report)],
            stance=Stance.SUPPORTS,
            summary=f"Yes, {number}",
        )
    session.commit()
    with statements() as many:
        html = client.get(f"{PAGE}?entries=all").text
    assert len(many) == len(few)
    assert "Page 1 of 2" in html
